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

    Hours need the times of both posts; days need only their days. Unknown where those are not known, and where posts
    may have gone out since those that are known.
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
    if params.max_days is not None:
        is_stale = is_wrong & _follows_old_history(subjects, times, rows, starts, params.max_days)
        status[rows[is_stale]] = UNKNOWN
        is_wrong &= ~is_stale
    value[rows] = _shown_distance(distance, params)
    earlier[rows[is_wrong]] = rows[is_wrong.nonzero()[0] - 1]
    has_hour = params.min_hours is not None
    terms = {"first": lambda row: _post_at(subjects, field, int(earlier[row]), has_hour=has_hour)}
    return Outcome(status, value, terms, related=earlier)


def _shown_distance(distance: np.ndarray, params: Spacing) -> np.ndarray:
    """Distances with one decimal, which lie beyond the bound where the distances themselves do."""
    rounded = distance.round(1)
    if params.max_days is not None:
        contradicts = (distance > params.max_days) & (rounded <= params.max_days)
        return np.where(contradicts, np.ceil(distance * 10) / 10, rounded)
    contradicts = (distance < (params.min_hours or 0)) & (rounded >= (params.min_hours or 0))
    return np.where(contradicts, np.floor(distance * 10) / 10, rounded)


def _follows_old_history(
    subjects: Subjects, times: np.ndarray, rows: np.ndarray, starts: np.ndarray, max_days: float
) -> np.ndarray:
    """Which of the ordered rows are planned posts right after an account's newest published one, which is old.

    It is where more than `max_days` have passed since: whether a post went out in between is not known then.
    """
    now = subjects.context.now
    if now is None or not len(rows):
        return np.zeros(len(rows), dtype=bool)
    is_planned = text_equals(subjects.column_or_null("status"), "planned")[rows]
    account = np.zeros(len(rows), dtype=np.int64)
    account[starts] = 1
    account = account.cumsum() - 1
    newest = np.full(len(starts), -2, dtype=np.int64)
    published = np.flatnonzero(~is_planned)
    np.maximum.at(newest, account[published], published)
    follows = is_planned & (np.arange(len(rows)) == newest[account] + 1)
    today = np.datetime64(now.astimezone(dt.UTC).replace(tzinfo=None), "us")
    age = np.full(len(rows), np.nan)
    age[1:] = (today - times[rows[:-1]]) / DAY
    return np.asarray(follows & (age > max_days))


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


def missing_input(subjects: Subjects, field: str, params: Spacing) -> str | None:
    """The hours, where the rule needs them; else newer posts, where all planned ones say when they go out."""
    if params.min_hours is not None:
        return N_("a publish time with its hour, and the timezone")
    return N_("an export with your newest posts") if known_mask(subjects.column_or_null(field)).all() else None


def min_distance(params: Iterable[Params]) -> dt.timedelta:
    """How far apart posts must be to pass every one of these checks that speaks of hours; nothing where none does."""
    hours = (p.min_hours for p in params if isinstance(p, Spacing) and p.min_hours is not None)
    return dt.timedelta(hours=max(hours, default=0))


KIND = CheckKind("spacing", Spacing, evaluate, fields=TIMES, terms={"value", "first"}, missing_input=missing_input)
