"""length: a text is within a number of UTF-16 code units, the measure of TikTok's own limits, or of characters."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tiktok_coach.core import captions
from tiktok_coach.core.translation import N_
from tiktok_coach.rules.kind import TEXTS, CheckKind, Outcome, Params, Subjects, known_mask, statuses


class Length(Params):
    """At least `min` and at most `max`, in `unit`."""

    min: int = Field(0, ge=0)
    max: int | None = Field(None, ge=0)
    unit: Literal["utf16", "characters"] = "utf16"

    @property
    def condition(self) -> str:
        """When a subject passes."""
        if self.max is None:
            return N_("{field} must have {min} characters at least")
        if self.min:
            return N_("{field} must have {min} to {max} characters")
        return N_("{field} must have {max} characters at most")


def evaluate(subjects: Subjects, field: str, params: Length) -> Outcome:
    """Pass where the text's length is within the bounds; unknown where there is no text."""
    texts = subjects.column_or_null(field)
    measure = captions.utf16_length if params.unit == "utf16" else captions.character_length
    length = subjects.cached(f"{params.unit} length of {field}", lambda: measure(texts))
    is_within = length >= params.min
    if params.max is not None:
        is_within &= length <= params.max
    status = statuses(is_within, known_mask(length))
    return Outcome(status, length, {"over": lambda row: length[row] - (params.max or 0)})


KIND = CheckKind("length", Length, evaluate, fields=TEXTS, terms={"value", "over"})
