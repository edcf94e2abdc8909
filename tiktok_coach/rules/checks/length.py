"""length: a text is within a number of UTF-16 code units, the measure of TikTok's own limits, or of characters."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tiktok_coach.core import captions
from tiktok_coach.core.facts import known_mask
from tiktok_coach.rules.kind import TEXTS, CheckKind, Params
from tiktok_coach.rules.outcome import Outcome, all_unknown, statuses
from tiktok_coach.rules.subjects import Subjects


class Length(Params):
    """At least `min` and at most `max`, in `unit`."""

    min: int = Field(0, ge=0)
    max: int | None = Field(None, ge=0)
    unit: Literal["utf16", "characters"] = "utf16"


def evaluate(subjects: Subjects, field: str, params: Length) -> Outcome:
    """Pass where the text's length is within the bounds; unknown where there is no text."""
    texts = subjects.column(field)
    if texts is None:
        return all_unknown(len(subjects))
    measure = captions.utf16_length if params.unit == "utf16" else captions.character_length
    length = subjects.cached(f"{params.unit} length of {field}", lambda: measure(texts))
    ok = length >= params.min
    if params.max is not None:
        ok &= length <= params.max
    return Outcome(statuses(ok, known_mask(length)), length, {"over": lambda row: length[row] - (params.max or 0)})


KIND = CheckKind(
    name="length", params=Length, evaluate=evaluate, fields=TEXTS, terms=frozenset({"value", "min", "max", "over"})
)
