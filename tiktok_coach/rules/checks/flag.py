"""flag: a yes-or-no fact is as it should be."""

from __future__ import annotations

from tiktok_coach.core.translation import N_
from tiktok_coach.rules.kind import NUMBERS, CheckKind, Outcome, Params, Subjects, known_mask, statuses


class Flag(Params):
    """`expected` is the value that passes."""

    expected: bool

    @property
    def condition(self) -> str:
        """When a subject passes."""
        return N_("{field} must be {expected}")


def evaluate(subjects: Subjects, field: str, params: Flag) -> Outcome:
    """Pass where the fact has the expected value; unknown where it is missing."""
    values = subjects.column_or_null(field)
    return Outcome(statuses(values == float(params.expected), known_mask(values)), values == 1)


KIND = CheckKind("flag", Flag, evaluate, fields=NUMBERS, terms={"value", "expected"})
