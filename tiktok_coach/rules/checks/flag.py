"""flag: a yes-or-no fact is as it should be."""

from __future__ import annotations

from tiktok_coach.core.facts import known_mask
from tiktok_coach.rules.kind import NUMBERS, CheckKind, Params
from tiktok_coach.rules.outcome import Outcome, all_unknown, statuses
from tiktok_coach.rules.subjects import Subjects


class Flag(Params):
    """`expected` is the value that passes."""

    expected: bool


def evaluate(subjects: Subjects, field: str, params: Flag) -> Outcome:
    """Pass where the fact has the expected value; unknown where it is missing."""
    values = subjects.column(field)
    if values is None:
        return all_unknown(len(subjects))
    return Outcome(statuses(values == float(params.expected), known_mask(values)), values == 1)


KIND = CheckKind(name="flag", params=Flag, evaluate=evaluate, fields=NUMBERS, terms=frozenset({"value", "expected"}))
