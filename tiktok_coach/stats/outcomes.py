"""What a post achieved (views, completion, engagement) and what moves that beside a tip (age, hour, length, ...)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import numbers, planned_mask
from tiktok_coach.ranking.baseline import YOUNGEST_DAYS, ages
from tiktok_coach.rules.checks.active_hours import hour_of
from tiktok_coach.rules.subjects import Subjects

VIEWS, COMPLETION, ENGAGEMENT = "views", "completion", "engagement"
OUTCOMES = (VIEWS, COMPLETION, ENGAGEMENT)
INTERACTIONS = ("likes", "comments", "shares", "saves")
# How far rates of posts usually lie from each other, as the standard deviation of their logarithm, beside the chance of
# few views.
SPREAD = {COMPLETION: 0.35, ENGAGEMENT: 0.5} | dict.fromkeys(INTERACTIONS, 0.7)
REACH, LEVEL, AGE, TREND, HOUR, WEEKDAY, LENGTH = "reach", "level", "age", "trend", "hour", "weekday", "length"
# A post tells half as much of its account's recent level as one that is so many posts newer.
HALF_LIFE = 5.0
# An account's posts carry one control to so many of them.
POSTS_PER_CONTROL = 8
# A rule on a fact is not held against posts of the same fact.
OF_FIELD = {"posted_at": (HOUR,), "hour": (HOUR,), "weekday": (WEEKDAY,), "duration_s": (LENGTH,)}


@dataclass(frozen=True)
class Outcome:
    """The logarithm of an outcome (n; NaN where not measured), and the weight of its error: below 1 for few views."""

    name: str
    value: np.ndarray
    weight: np.ndarray

    def rows(self, rows: np.ndarray) -> Outcome:
        """That of some posts."""
        return Outcome(self.name, self.value[rows], self.weight[rows])


def published_mask(posts: pd.DataFrame) -> np.ndarray:
    """Which posts (n, bool) are published, and a day old or more, or of unknown age."""
    age = ages(posts)
    with np.errstate(invalid="ignore"):
        return np.asarray(~planned_mask(posts) & ~(age < YOUNGEST_DAYS))


def outcome_of(name: str, posts: pd.DataFrame, account: np.ndarray) -> Outcome:
    """An outcome of every post; posts that are planned or younger than a day have none.

    Completion is the share that watched to the end, or where that is unknown the average watch time as a share of the
    length. Engagement is likes, comments, shares and saves per view, of those that all posts of the account (its number
    in `account`) tell; any of these four alone is an outcome too.
    """
    usable, views = published_mask(posts), numbers(posts, "views")
    if name == VIEWS:
        return Outcome(name, np.where(usable, np.log1p(views), np.nan), np.ones(len(posts)))
    actions = (name,) if name in INTERACTIONS else INTERACTIONS
    rate = _completion(posts, account) if name == COMPLETION else _engagement(posts, views, account, actions)
    with np.errstate(invalid="ignore", divide="ignore"):
        measured = usable & (views > 0) & ~np.isnan(rate)
        floor = np.clip(rate, 0.5 / np.maximum(views, 1), 1.0)
        value = np.where(measured, np.log(floor), np.nan)
        chance = (1 - np.minimum(floor, 0.999)) / (np.maximum(views, 1) * floor)
    weight = SPREAD[name] / np.sqrt(SPREAD[name] ** 2 + np.nan_to_num(chance))
    return Outcome(name, value, np.where(measured, weight, 1.0))


def _completion(posts: pd.DataFrame, account: np.ndarray) -> np.ndarray:
    whole, share = _watched_shares(posts)
    return np.where(counts_whole(posts, account), whole, share)


def counts_whole(posts: pd.DataFrame, account: np.ndarray) -> np.ndarray:
    """By post whether its account's completion is the share that watched to the end, rather than that of the length.

    One account's posts are all measured one way, so that no post is compared by another measure.
    """
    accounts = int(account.max(initial=0)) + 1
    counts = (np.bincount(account[np.isfinite(rate)], minlength=accounts) for rate in _watched_shares(posts))
    return np.asarray(np.greater_equal(*counts)[account])


def _watched_shares(posts: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """By post the share that watched to the end, and the average watch time as a share of the length."""
    whole, watched, length = (numbers(posts, n) for n in ("completion_rate", "average_watch_time_s", "duration_s"))
    with np.errstate(invalid="ignore", divide="ignore"):
        return whole, np.where(length > 0, np.minimum(watched / length, 1.0), np.nan)


def _engagement(posts: pd.DataFrame, views: np.ndarray, account: np.ndarray, actions: Sequence[str]) -> np.ndarray:
    total = np.zeros(len(posts))
    any_known = np.zeros(len(posts), dtype=bool)
    counted = np.isfinite(views)
    each = np.bincount(account[counted], minlength=int(account.max(initial=0)) + 1)
    for name in actions:
        counts = numbers(posts, name)
        known = counted & np.isfinite(counts)
        full = np.bincount(account[known], minlength=len(each)) == each
        full_rows = full[account] & counted
        total[full_rows] += counts[full_rows]
        any_known |= full_rows
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(any_known & (views > 0), np.minimum((total + 0.5) / (views + 1), 1.0), np.nan)


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


def days_posted(subjects: Subjects) -> np.ndarray:
    """When each post (n) went out on its account's clock, in days since 1970-01-01; NaN where not known."""
    day, local = subjects.column_or_null("posted_at").copy(), subjects.local_times()
    if local is not None:
        has_time = known_mask(local)
        day[has_time] = local[has_time]
    return np.asarray((day - np.datetime64("1970-01-01", "us")) / np.timedelta64(1, "D"))


def covariates_of(posts: pd.DataFrame, subjects: Subjects) -> Covariates:
    """The covariates of every post, hour and weekday on its account's clock (without a timezone, of UTC's day)."""
    local = subjects.local_times()
    hour = np.full(len(posts), np.nan)
    if local is not None:
        has_time = known_mask(local)
        hour[has_time] = hour_of(local[has_time])
    since = days_posted(subjects)
    weekday = np.where(np.isnan(since), np.nan, (np.floor(np.nan_to_num(since)) + 3) % 7)
    return Covariates(ages(posts), since, weekday, hour, numbers(posts, "duration_s"), numbers(posts, "views"))


def recent_level(value: np.ndarray, posted: np.ndarray) -> np.ndarray:
    """By post of one account (n) the mean of its earlier ones' results, newer ones weighing more; NaN for the first.

    `value` is the logarithm of the result, `posted` days since the epoch; NaN where not known.
    """
    order = np.argsort(posted, kind="stable")
    means = pd.Series(value[order]).ewm(halflife=HALF_LIFE, ignore_na=True).mean().shift()
    level = np.full(len(value), np.nan)
    level[order] = means.to_numpy()
    return np.where(np.isnan(posted), np.nan, level)


def covariate_columns(at: Covariates, *, reach: bool, level: np.ndarray | None = None) -> tuple[np.ndarray, list[str]]:
    """The controls of one account's posts as columns about 0, and the group of each.

    There are no more than one to eight posts, the weightiest first: reach (of a rate), the recent `level` where it is
    given, age, weekend, trend, hour, length, then the finer shape of each. What is not known of a post stands at the
    account's mean.
    """
    remaining = len(at.days) // POSTS_PER_CONTROL
    columns: list[np.ndarray] = []
    groups: list[str] = []
    for group, values in _candidates(at, reach=reach, level=level):
        varying = [_centred(value) for value in values]
        varying = [value for value in varying if np.abs(value).max(initial=0.0) > 1e-9]
        if not varying or len(varying) > remaining:
            continue
        remaining -= len(varying)
        columns += varying
        groups += [group] * len(varying)
    return (np.column_stack(columns) if columns else np.zeros((len(at.days), 0))), groups


def _candidates(at: Covariates, *, reach: bool, level: np.ndarray | None) -> Iterator[tuple[str, Sequence[np.ndarray]]]:
    age = np.log1p(np.maximum(at.days, 0))
    length = np.log(np.maximum(at.seconds, 0.5))
    turn = at.hour * (2 * np.pi / 24)
    weekday = [np.where(np.isnan(at.weekday), np.nan, at.weekday == day) for day in range(7)]
    if reach:
        yield REACH, [np.log1p(at.views)]
    if level is not None:
        yield LEVEL, [level]
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
