"""pattern: a text matches, or does not match, an RE2 pattern, whose time is linear in the text."""

from __future__ import annotations

from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator

from tiktok_coach.core import captions
from tiktok_coach.core.arrays import text_array
from tiktok_coach.core.translation import N_, _
from tiktok_coach.rules.kind import TEXTS, CheckKind, Outcome, Params, Subjects, known_mask, statuses


class Pattern(Params):
    """`pattern` in RE2's syntax; `expect` says whether a match passes."""

    pattern: str = Field(max_length=4000)
    expect: Literal["match", "no_match"] = "match"

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            pc.match_substring_regex(text_array([""]), pattern)
        except pa.ArrowInvalid as error:
            raise ValueError(_("not a pattern that RE2 knows: {error}", error=error)) from None
        return pattern

    @property
    def condition(self) -> str:
        """When a subject passes."""
        if self.expect == "match":
            return N_("{field} must have a part of the pattern {pattern}")
        return N_("{field} must have no part of the pattern {pattern}")


def evaluate(subjects: Subjects, field: str, params: Pattern) -> Outcome:
    """Pass where the text matches (or does not); unknown where it is missing."""
    texts = subjects.column_or_null(field)
    matches = captions.match_pattern(texts, params.pattern)
    return Outcome(statuses(matches == (params.expect == "match"), known_mask(texts)))


KIND = CheckKind("pattern", Pattern, evaluate, fields=TEXTS, terms={"value"})
