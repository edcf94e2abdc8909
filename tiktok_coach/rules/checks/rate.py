"""rate: an account sends no more than so many posts within some hours, of those that the rule's conditions keep."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from pydantic import Field, field_validator

from tiktok_coach.core.arrays import text_codes
from tiktok_coach.core.facts import Array, known_mask
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import N_, _
from tiktok_coach.rules.kind import TIMES, CheckKind, Outcome, Params, Subjects, statuses
from tiktok_coach.rules.subjects import text_equals


class Rate(Params):
    """At most `max` posts within any `hours`, of those alone that have the same values in the columns of `same`."""

    max: int = Field(gt=0)
    hours: float = Field(gt=0)
    same: list[str] = []

    @field_validator("same")
    @classmethod
    def _are_columns(cls, same: list[str]) -> list[str]:
        for name in same:
            if name not in COLUMNS:
                raise ValueError(_("the posts table has no column {fact!r}", fact=name))
        return same

    @property
    def condition(self) -> str:
        """When a subject passes."""
        if not self.same:
            return N_("at most {max:post|posts} within any {hours:hour|hours} by {field}")
        return N_("at most {max:post|posts} within any {hours:hour|hours} by {field}, of those with the same {same}")


def evaluate(subjects: Subjects, field: str, params: Rate) -> Outcome:
    """Fail for a post that is one too many, with those before it; unknown where its hour is not known."""
    times = subjects.column_or_null(field)
    is_known = known_mask(times) & text_equals(subjects.column_or_null("posted_at_precision"), "second")
    groups = [subjects.account_index(), *(_codes(subjects.column_or_null(name)) for name in params.same)]
    rows = is_known.nonzero()[0]
    order = rows[np.lexsort((rows, times[rows], *(group[rows] for group in reversed(groups))))]
    counts = np.zeros(len(subjects))
    window, hours = np.timedelta64(round(params.hours * 3600), "s"), times[order]
    changes = np.logical_or.reduce([np.diff(group[order], prepend=-2) != 0 for group in groups])
    first = 0
    for position, row in enumerate(order.tolist()):
        if changes[position]:
            first = position
        while hours[position] - hours[first] >= window:
            first += 1
        counts[row] = position - first + 1
    return Outcome(statuses(counts <= params.max, is_known), counts)


def _codes(array: Array) -> np.ndarray:
    """Equal values as equal numbers."""
    if isinstance(array, pa.Array):
        return text_codes(array)
    return np.asarray(np.unique(array, return_inverse=True)[1], dtype=np.int64)


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
