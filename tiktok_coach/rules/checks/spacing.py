"""spacing: a post is neither too close to the account's post before it nor too long after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
from pydantic import Field, model_validator

from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.translation import N_, _
from tiktok_coach.rules.kind import TIMES, CheckKind, Params
from tiktok_coach.rules.outcome import PASS, UNKNOWN, Outcome, all_unknown
from tiktok_coach.rules.subjects import DAY, Subjects, text_equals

HOUR = np.timedelta64(1, "h")


class Spacing(Params):
    """At least `min_hours` after the post before, or at most `max_days` after it."""

    min_hours: float | None = Field(None, gt=0)
    max_days: float | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _one_bound(self) -> Spacing:
        if (self.min_hours is None) == (self.max_days is None):
            raise ValueError(_("name either min_hours or max_days"))
        return self


def evaluate(subjects: Subjects, field: str, params: Spacing) -> Outcome:
    """Pass where the distance to the post before is within the bound, and for an account's first post.

    Hours need the times of both posts; days need only their days. Unknown where those are not known.
    """
    times = subjects.column(field)
    if times is None:
        return all_unknown(len(subjects))
    usable = known_mask(times)
    if params.min_hours is not None:
        usable &= text_equals(subjects.column_or_null("posted_at_precision"), "second")
    accounts = subjects.account_index()
    rows = usable.nonzero()[0]
    rows = rows[np.lexsort((rows, times[rows], accounts[rows]))]
    before = rows[:-1]
    unit = HOUR if params.min_hours is not None else DAY
    apart = np.full(len(rows), np.nan)
    apart[1:] = np.where(accounts[rows[1:]] == accounts[before], (times[rows[1:]] - times[before]) / unit, np.nan)
    wrong = apart < params.min_hours if params.min_hours is not None else apart > (params.max_days or 0)
    status = np.full(len(subjects), UNKNOWN, dtype=np.int8)
    status[rows] = PASS + wrong
    earlier = np.full(len(subjects), -1, dtype=np.int64)
    earlier[rows[wrong]] = rows[wrong.nonzero()[0] - 1]
    value = np.full(len(subjects), np.nan)
    value[rows] = apart.round(1)
    return Outcome(
        status,
        value,
        {"first": lambda row: subjects.label(int(earlier[row])) if earlier[row] >= 0 else ""},
        related=earlier,
    )


def min_distance(params: Iterable[Params]) -> dt.timedelta:
    """How far apart posts must be to pass every one of these checks that speaks of hours; nothing where none does."""
    hours = (p.min_hours for p in params if isinstance(p, Spacing) and p.min_hours is not None)
    return dt.timedelta(hours=max(hours, default=0))


def missing_input(subjects: Subjects, field: str, params: Spacing) -> str | None:
    """The hours, where the rule needs them and only days are known."""
    needs_hours = params.min_hours is not None and subjects.column(field) is not None
    return N_("a publish time with its hour, and the timezone") if needs_hours else None


KIND = CheckKind(
    name="spacing",
    params=Spacing,
    evaluate=evaluate,
    fields=TIMES,
    terms=frozenset({"value", "first"}),
    missing_input=missing_input,
)
