"""range: a number lies between two bounds, both included."""

from __future__ import annotations

import numpy as np
from pydantic import field_validator

from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import N_, _, format_value
from tiktok_coach.rules.kind import (
    NOT_APPLICABLE,
    NUMBERS,
    UNKNOWN,
    CheckKind,
    Outcome,
    Params,
    Subjects,
    known_mask,
    same_status,
    statuses,
)


class Range(Params):
    """At least `min` and at most `max`; a value that cannot be computed because a whole is 0 does not apply."""

    min: float | None = None
    max: float | None = None
    of: str | None = None

    @field_validator("of")
    @classmethod
    def _is_number(cls, of: str | None) -> str | None:
        if of is not None and (of not in COLUMNS or COLUMNS[of].kind not in NUMBERS):
            raise ValueError(_("the posts table has no number {name!r}", name=of))
        return of

    @property
    def condition(self) -> str:
        """When a subject passes."""
        if self.min is None:
            return N_("{field} must be given") if self.max is None else N_("{field} must be {max} at most")
        return N_("{field} must be {min} at least") if self.max is None else N_("{field} must be {min} to {max}")


def evaluate(subjects: Subjects, field: str, params: Range) -> Outcome:
    """Pass where the number lies in the range; not applicable where the column named by `of` is 0."""
    values = subjects.column_or_null(field)
    if subjects.column(field) is None and params.of is None:
        status = same_status(UNKNOWN, len(subjects))
    else:
        is_known = known_mask(values)
        is_within = is_known.copy()
        if params.min is not None:
            is_within &= values >= params.min
        if params.max is not None:
            is_within &= values <= params.max
        status = statuses(is_within, is_known)
    if params.of is not None:
        status[subjects.column_or_null(params.of) == 0] = NOT_APPLICABLE
    bounds = {"min_percent": params.min, "max_percent": params.max}
    terms = {name: "" if bound is None else format_value(bound, ".0%") for name, bound in bounds.items()}

    def adjust(row: int) -> str:
        """By how much a value outside is to be changed, to a tenth that is surely enough."""
        if params.max is not None and values[row] > params.max:
            return _("Cut {by}", by=format_value(np.ceil((values[row] - params.max) * 10) / 10, ",g"))
        return _("Add {by}", by=format_value(np.ceil(((params.min or 0) - values[row]) * 10) / 10, ",g"))

    return Outcome(status, values, {"percent": lambda row: format_value(values[row], ".0%"), **terms, "adjust": adjust})


TERMS = {"value", "percent", "min_percent", "max_percent", "adjust"}
KIND = CheckKind("range", Range, evaluate, fields=NUMBERS, terms=TERMS, needs_field=False)
