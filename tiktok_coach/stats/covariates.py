"""What moves a post's results beside a tip: age, trend, weekday, hour, length, reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.schema import column
from tiktok_coach.ranking.ageing import ages
from tiktok_coach.rules.checks.active_hours import hour_of
from tiktok_coach.rules.subjects import Subjects

REACH, AGE, TREND, HOUR, WEEKDAY, LENGTH = "reach", "age", "trend", "hour", "weekday", "length"
# An account's posts carry one control to so many of them.
POSTS_PER_CONTROL = 8
# A rule on a fact is not held against posts of the same fact.
OF_FIELD = {"posted_at": (HOUR,), "duration_s": (LENGTH,)}


@dataclass(frozen=True)
class Covariates:
    """For every post (n each; NaN where not known) its age, when it was posted, its length and its views.

    `posted` is days since the epoch; `weekday` (0 Monday) and `hour` are local, the hour NaN with day precision.
    """

    days: np.ndarray
    posted: np.ndarray
    weekday: np.ndarray
    hour: np.ndarray
    seconds: np.ndarray
    views: np.ndarray

    def rows(self, rows: np.ndarray) -> Covariates:
        """Those of some posts."""
        return Covariates(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def covariates_of(posts: pd.DataFrame, subjects: Subjects) -> Covariates:
    """The covariates of every post, hour and weekday on its account's clock (without a timezone, of UTC's day)."""
    local = subjects.local_times()
    hour = np.full(len(posts), np.nan)
    posted = subjects.column_or_null("posted_at")
    day = posted.copy()
    if local is not None:
        has_time = known_mask(local)
        hour[has_time] = hour_of(local[has_time])
        day[has_time] = local[has_time]
    since = (day - np.datetime64("1970-01-01", "us")) / np.timedelta64(1, "D")
    return Covariates(
        ages(posts),
        since,
        np.where(np.isnan(since), np.nan, (np.floor(np.nan_to_num(since)) + 3) % 7),
        hour,
        column(posts, "duration_s").to_numpy(dtype="float64", na_value=np.nan),
        column(posts, "views").to_numpy(dtype="float64", na_value=np.nan),
    )


def covariate_columns(at: Covariates, *, reach: bool, most: int | None = None) -> tuple[np.ndarray, list[str]]:
    """The controls of one account's posts as columns about 0, and the group of each.

    There are no more than one to eight posts (or `most`), the weightiest first: reach (of a rate), age, weekend, trend,
    hour, length, then the finer shape of each. What is not known of a post stands at the account's mean.
    """
    remaining = len(at.days) // POSTS_PER_CONTROL if most is None else most
    columns: list[np.ndarray] = []
    groups: list[str] = []
    for group, values in _candidates(at, reach=reach):
        varying = [_centred(value) for value in values]
        varying = [value for value in varying if np.abs(value).max(initial=0.0) > 1e-9]
        if not varying or len(varying) > remaining:
            continue
        remaining -= len(varying)
        columns += varying
        groups += [group] * len(varying)
    return (np.column_stack(columns) if columns else np.zeros((len(at.days), 0))), groups


def _candidates(at: Covariates, *, reach: bool) -> Iterator[tuple[str, Sequence[np.ndarray]]]:
    age = np.log1p(np.maximum(at.days, 0))
    length = np.log(np.maximum(at.seconds, 0.5))
    turn = at.hour * (2 * np.pi / 24)
    weekday = [np.where(np.isnan(at.weekday), np.nan, at.weekday == day) for day in range(7)]
    if reach:
        yield REACH, [np.log1p(at.views)]
    yield AGE, [age]
    yield WEEKDAY, [np.where(np.isnan(at.weekday), np.nan, at.weekday >= 5)]
    yield TREND, [at.posted]
    yield HOUR, [np.sin(turn), np.cos(turn)]
    yield LENGTH, [length]
    yield AGE, [_centred(age) ** 2]
    yield LENGTH, [_centred(length) ** 2]
    yield WEEKDAY, [weekday[day] for day in (0, 1, 2, 3, 5)]
    yield HOUR, [np.sin(2 * turn), np.cos(2 * turn)]


def _centred(values: np.ndarray) -> np.ndarray:
    known_mask = np.isfinite(values)
    if not known_mask.any():
        return np.zeros(len(values))
    away = np.where(known_mask, values - values[known_mask].mean(), 0.0)
    spread = float(np.sqrt(np.square(away).mean()))
    return away / spread if spread > 1e-9 else np.zeros(len(values))
