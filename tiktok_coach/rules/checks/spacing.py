"""spacing: a post is neither too close to the account's post before it nor too long after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
from pydantic import Field, model_validator

from tiktok_coach.core.translation import N_, _
from tiktok_coach.rules.kind import PASS, TIMES, UNKNOWN, CheckKind, Outcome, Params, Subjects, known_mask
from tiktok_coach.rules.subjects import DAY, text_equals

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

    @property
    def condition(self) -> str:
        """When a subject passes."""
        if self.min_hours is not None:
            return N_("{field} must be at least {min_hours:hour|hours} after that of the post before")
        return N_("{field} must be at most {max_days:day|days} after that of the post before")


def evaluate(subjects: Subjects, field: str, params: Spacing) -> Outcome:
    """Pass where the distance to the post before is within the bound, and for an account's first post.

    Hours need the times of both posts; days need only their days. Unknown where those are not known.
    """
    times = subjects.column_or_null(field)
    is_usable = known_mask(times)
    if params.min_hours is not None:
        is_usable &= text_equals(subjects.column_or_null("posted_at_precision"), "second")
    rows, starts = subjects.in_order(is_usable.nonzero()[0], times)
    distance = np.full(len(rows), np.nan)
    distance[1:] = np.diff(times[rows]) / (HOUR if params.min_hours is not None else DAY)
    distance[starts] = np.nan
    is_wrong = distance < params.min_hours if params.min_hours is not None else distance > (params.max_days or 0)
    status, earlier = np.full(len(subjects), UNKNOWN, dtype=np.int8), np.full(len(subjects), -1, dtype=np.int64)
    value = np.full(len(subjects), np.nan)
    status[rows] = PASS + is_wrong
    value[rows] = distance.round(1)
    earlier[rows[is_wrong]] = rows[is_wrong.nonzero()[0] - 1]
    has_hour = params.min_hours is not None
    terms = {"first": lambda row: _post_at(subjects, field, int(earlier[row]), has_hour=has_hour)}
    return Outcome(status, value, terms, related=earlier)


def _post_at(subjects: Subjects, field: str, row: int, *, has_hour: bool) -> str:
    """A post by when it goes out, since the distance is from then: on its account's clock, where that is known.

    A text without any letters for a row below 0, where no post came too soon.
    """
    if row < 0:
        return ""
    at = subjects.column_or_null(field)[row]
    clock = subjects.clock_times()[row] if field == "posted_at" else at
    text = N_("the post of {at:%Y-%m-%d %H:%M}") if has_hour else N_("the post of {at:%Y-%m-%d}")
    return _(text, at=(at if np.isnat(clock) else clock).astype("datetime64[us]").item())


def missing_input(subjects: Subjects, field: str, params: Spacing) -> str | None:  # noqa: ARG001 - the kind's signature
    """The hours, where the rule needs them."""
    return None if params.min_hours is None else N_("a publish time with its hour, and the timezone")


def min_distance(params: Iterable[Params]) -> dt.timedelta:
    """How far apart posts must be to pass every one of these checks that speaks of hours; nothing where none does."""
    hours = (p.min_hours for p in params if isinstance(p, Spacing) and p.min_hours is not None)
    return dt.timedelta(hours=max(hours, default=0))


KIND = CheckKind("spacing", Spacing, evaluate, fields=TIMES, terms={"value", "first"}, missing_input=missing_input)
