"""present: a text is there. `none`, which a creator writes to say that there is nothing, is a fact and fails."""

from __future__ import annotations

import pyarrow.compute as pc

from tiktok_coach.core.arrays import is_in
from tiktok_coach.core.translation import N_
from tiktok_coach.rules.kind import TEXTS, CheckKind, Outcome, Params, Subjects, known_mask, statuses


class Present(Params):
    """No parameters."""

    @property
    def condition(self) -> str:
        """When a subject passes."""
        return N_("{field} must be given")


def evaluate(subjects: Subjects, field: str, params: Present) -> Outcome:  # noqa: ARG001 - the kind's signature
    """Pass where the text says something, fail where it is empty or `none`, unknown where it is missing."""
    texts = subjects.column_or_null(field)
    empty = is_in(pc.utf8_lower(pc.utf8_trim_whitespace(texts)), ["", "none"])
    return Outcome(statuses(~empty, known_mask(texts)), texts)


KIND = CheckKind("present", Present, evaluate, fields=TEXTS, terms={"value"})
