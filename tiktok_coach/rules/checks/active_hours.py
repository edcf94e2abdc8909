"""active_hours: a post went out in the hours in which the account's audience is most active.

The hours come from FollowerActivity where it has rows, else from the account's own results; the finding says which.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field

from tiktok_coach.posts import column
from tiktok_coach.rules.kind import CheckKind, Params
from tiktok_coach.rules.outcome import UNKNOWN, Outcome, all_unknown, answers
from tiktok_coach.rules.subjects import Subjects

LACKING = "FollowerActivity.csv with rows, or enough posts with their hour and views; and the account's timezone"


class ActiveHours(Params):
    """The `top` hours of the 24 count as most active.

    From own results, an hour is judged by the median views of its posts, only with `min_posts` posts in all and
    `min_posts_per_hour` in each of at least `top` + 1 hours.
    """

    top: int = Field(8, ge=1, le=23)
    min_posts: int = Field(40, ge=1)
    min_posts_per_hour: int = Field(3, ge=1)


def evaluate(subjects: Subjects, field: str, params: ActiveHours) -> Outcome:  # noqa: ARG001 - the kind's signature
    """Pass where the local hour is among the most active; unknown where the hour, or the audience's hours, are not."""
    local = subjects.local_times()
    if local is None:
        return all_unknown(len(subjects), "the hour of the post, and the account's timezone")
    handles = column(subjects.table, "account")
    status = np.full(len(subjects), UNKNOWN, dtype=np.int8)
    told: list[tuple[np.ndarray, str, str, list[int]]] = []
    only = len(subjects.context.accounts) == 1
    for account in subjects.context.accounts:
        mine = local.notna().to_numpy() & (True if only else (handles == account.handle).to_numpy(dtype=bool))
        hours, learnt = hours_of(subjects, account.handle, local[mine], params)
        if hours is None:
            continue
        status[mine] = answers(local[mine].dt.hour.isin(hours), np.ones(int(mine.sum()), dtype=bool))
        told.append((mine, spans(hours), learnt, hours))
    terms = {"hours": _of_row(told, 1, ""), "basis": _of_row(told, 2, ""), "active": _of_row(told, 3, [])}
    return Outcome(status, local, terms, lacking=LACKING)


def _of_row(told: list[tuple[np.ndarray, str, str, list[int]]], part: int, nothing: Any) -> Callable[[int], Any]:
    return lambda row: next((entry[part] for entry in told if entry[0][row]), nothing)


def hours_of(
    subjects: Subjects, handle: str | None, local: pd.Series, params: ActiveHours
) -> tuple[list[int] | None, str]:
    """The hours (0-23, the account's own time) in which an audience is most active, and what tells so; None where nothing does.

    `local` are the account's posts on its own clock, without those whose hour is not known.
    """
    activity = subjects.context.audience(handle).activity
    if activity is not None and len(activity):
        mean = activity.groupby("hour")["active_followers"].mean().dropna()
        if len(mean) >= params.top + 1 and mean.max() > mean.min():
            return _best(mean, params.top), "the followers' activity"
    views = subjects.column("views")
    known = views.loc[local.index].astype("float64").dropna() if views is not None else None
    if known is None or len(known) < params.min_posts:
        return None, ""
    by_hour = known.groupby(local.loc[known.index].dt.hour)
    enough = by_hour.count() >= params.min_posts_per_hour
    median = by_hour.median()[enough]
    if len(median) < params.top + 1:
        return None, ""
    return _best(median, params.top), "the views of the account's own posts"


def _best(by_hour: pd.Series, top: int) -> list[int]:
    ranked = by_hour.sort_index().sort_values(ascending=False, kind="stable")
    return sorted(int(hour) for hour in ranked.index[:top])


def spans(hours: list[int]) -> str:
    """Hours as spans of the clock.

    >>> spans([7, 8, 18, 19, 20])
    '07-09, 18-21'
    """
    runs: list[list[int]] = []
    for hour in hours:
        if runs and runs[-1][1] == hour:
            runs[-1][1] = hour + 1
        else:
            runs.append([hour, hour + 1])
    return ", ".join(f"{start:02d}-{end:02d}" for start, end in runs)


KIND = CheckKind("active_hours", ActiveHours, evaluate, frozenset({"value", "hours", "basis"}))
