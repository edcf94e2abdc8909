"""one_of: a text is one of those named, or none of those named."""

from __future__ import annotations

import pyarrow.compute as pc
from pydantic import model_validator

from tiktok_coach.core.arrays import is_in
from tiktok_coach.core.translation import N_, _
from tiktok_coach.rules.kind import TEXTS, CheckKind, Outcome, Params, Subjects, known_mask, statuses


class OneOf(Params):
    """`values` pass, or with `none_of` those named there fail; case does not matter."""

    values: list[str] = []
    none_of: list[str] = []

    @model_validator(mode="after")
    def _one_list(self) -> OneOf:
        if bool(self.values) == bool(self.none_of):
            raise ValueError(_("name either values or none_of"))
        return self

    @property
    def condition(self) -> str:
        """When a subject passes."""
        return N_("{field} must be one of {values}") if self.values else N_("{field} must be none of {none_of}")


def evaluate(subjects: Subjects, field: str, params: OneOf) -> Outcome:
    """Pass where the text is in the list (or not in none_of); unknown where it is missing."""
    texts = subjects.column_or_null(field)
    names = params.values or params.none_of
    is_listed = is_in(pc.utf8_lower(texts), [name.lower() for name in names])
    status = statuses(is_listed == bool(params.values), known_mask(texts))
    return Outcome(status, texts, {"list": ", ".join(names)})


KIND = CheckKind("one_of", OneOf, evaluate, fields=TEXTS, terms={"value", "list"})
