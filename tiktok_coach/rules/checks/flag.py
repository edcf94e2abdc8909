"""flag: a yes-or-no fact is as it should be, or words of the post say what it would."""

from __future__ import annotations

from typing import Literal

from tiktok_coach.core.translation import N_
from tiktok_coach.rules.kind import FAIL, NUMBERS, PASS, CheckKind, Outcome, Params, Subjects, known_mask, statuses
from tiktok_coach.rules.promotion import says_ai


class Flag(Params):
    """`expected` is the value that passes; with `or_said: ai`, so do words that say that AI was used."""

    expected: bool
    or_said: Literal["ai"] | None = None

    @property
    def condition(self) -> str:
        """When a subject passes."""
        if self.or_said:
            return N_("{field} must be {expected}, or the caption or opening_text must say that AI was used")
        return N_("{field} must be {expected}")


def evaluate(subjects: Subjects, field: str, params: Flag) -> Outcome:
    """Pass where the fact has the expected value, or words say it; unknown where the fact is missing."""
    values = subjects.column_or_null(field)
    status = statuses(values == float(params.expected), known_mask(values))
    if params.or_said and (status == FAIL).any():
        status[(status == FAIL) & says_ai(subjects)] = PASS
    return Outcome(status, values == 1)


KIND = CheckKind("flag", Flag, evaluate, fields=NUMBERS, terms={"value", "expected"})
