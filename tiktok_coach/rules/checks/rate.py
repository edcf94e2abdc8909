"""rate: an account sends no more than so many posts within some hours, of those that the rule's conditions keep."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.translation import N_
from tiktok_coach.rules.kind import TIMES, CheckKind, Outcome, Params, Subjects, statuses
from tiktok_coach.rules.subjects import text_equals


class Rate(Params):
    """At most `max` posts within any `hours`."""

    max: int = Field(gt=0)
    hours: float = Field(gt=0)

    @property
    def condition(self) -> str:
        """When a subject passes."""
        return N_("at most {max:post|posts} within any {hours:hour|hours} by {field}")


def evaluate(subjects: Subjects, field: str, params: Rate) -> Outcome:
    """Fail for a post that is one too many, with those before it; unknown where its hour is not known."""
    times = subjects.column_or_null(field)
    is_known = known_mask(times) & text_equals(subjects.column_or_null("posted_at_precision"), "second")
    accounts, rows = subjects.account_index(), is_known.nonzero()[0]
    order = rows[np.lexsort((rows, times[rows], accounts[rows]))]
    counts = np.zeros(len(subjects))
    window, hours = np.timedelta64(round(params.hours * 3600), "s"), times[order]
    changes = np.diff(accounts[order], prepend=-2) != 0
    first = 0
    for position, row in enumerate(order.tolist()):
        if changes[position]:
            first = position
        while hours[position] - hours[first] >= window:
            first += 1
        counts[row] = position - first + 1
    return Outcome(statuses(counts <= params.max, is_known), counts)


def missing_input(subjects: Subjects, field: str, params: Rate) -> str | None:  # noqa: ARG001 - the kind's signature
    """The hours."""
    return N_("a publish time with its hour, and the timezone")


KIND = CheckKind(
    "rate",
    Rate,
    evaluate,
    fields=TIMES,
    terms={"value"},
    compares=True,
    counts_subjects=True,
    missing_input=missing_input,
)
