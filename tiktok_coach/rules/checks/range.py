"""range: a number lies between two bounds, both included."""

from __future__ import annotations

import numpy as np
from pydantic import field_validator

from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import _
from tiktok_coach.rules.kind import NUMBERS, CheckKind, Params
from tiktok_coach.rules.outcome import NOT_APPLICABLE, Outcome, all_unknown, statuses
from tiktok_coach.rules.subjects import Subjects


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


def evaluate(subjects: Subjects, field: str, params: Range) -> Outcome:
    """Pass where the number lies in the range; not applicable where the column named by `of` is 0."""
    values = subjects.column(field)
    whole = subjects.column(params.of) if params.of else None
    if values is None and whole is None:
        return all_unknown(len(subjects))
    if values is None:
        values = np.full(len(subjects), np.nan)
    held = known_mask(values)
    ok = held.copy()
    if params.min is not None:
        ok &= values >= params.min
    if params.max is not None:
        ok &= values <= params.max
    status = statuses(ok, held)
    if whole is not None:
        status[whole == 0] = NOT_APPLICABLE
    terms = {
        "percent": lambda row: f"{values[row]:.0%}",
        "min_percent": _percent(params.min),
        "max_percent": _percent(params.max),
    }
    return Outcome(status, values, terms)


def _percent(bound: float | None) -> str:
    return "" if bound is None else f"{bound:.0%}"


KIND = CheckKind(
    name="range",
    params=Range,
    evaluate=evaluate,
    fields=NUMBERS,
    terms=frozenset({"value", "min", "max", "percent", "min_percent", "max_percent"}),
)
