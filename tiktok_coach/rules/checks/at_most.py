"""at_most: a number is at most another fact of the same post, such as what its account may do."""

from __future__ import annotations

import numpy as np
from pydantic import field_validator

from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.translation import N_, _, format_value
from tiktok_coach.rules.kind import NUMBERS, CheckKind, Outcome, Params, Subjects, all_unknown, statuses
from tiktok_coach.rules.subjects import ACCOUNT_FACTS

ACCOUNT = "account."


class AtMost(Params):
    """`of` is the fact of the account that the number may reach, as `account.` and its name."""

    of: str

    @field_validator("of")
    @classmethod
    def _is_number(cls, of: str) -> str:
        if ACCOUNT_FACTS.get(of.removeprefix(ACCOUNT), ("",))[0] not in NUMBERS or not of.startswith(ACCOUNT):
            raise ValueError(_("no account has a number {name!r}", name=of))
        return of

    @property
    def condition(self) -> str:
        """When a subject passes."""
        return N_("{field} must be {of} at most")


def evaluate(subjects: Subjects, field: str, params: AtMost) -> Outcome:
    """Pass where the number is at most the other; unknown where either is missing."""
    values, most = subjects.column_or_null(field), subjects.column(params.of)
    if most is None:
        return all_unknown(len(subjects))

    def over(row: int) -> str:
        """By how much a value is too large, to a tenth that is surely enough."""
        return format_value(np.ceil((values[row] - most[row]) * 10) / 10, ",g")

    status = statuses(values <= most, known_mask(values) & known_mask(most))
    return Outcome(status, values, {"most": lambda row: float(most[row]), "over": over})


def missing_input(subjects: Subjects, field: str, params: AtMost) -> str | None:  # noqa: ARG001 - the kind's signature
    """What gives the other number, where it is not known."""
    return ACCOUNT_FACTS[params.of.removeprefix(ACCOUNT)][1] if subjects.column(params.of) is None else None


KIND = CheckKind(
    "at_most", AtMost, evaluate, fields=NUMBERS, terms={"value", "most", "over"}, missing_input=missing_input
)
