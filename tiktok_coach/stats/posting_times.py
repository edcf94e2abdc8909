"""When to post: what the followers' activity and the own posts' results say of each hour of the week.

Results are residuals of log views after age, trend and length. Over the week they are a Gaussian process (near hours
alike, weekdays alike, weekends alike) whose spreads the posts choose (type-II maximum likelihood; Rasmussen and
Williams, 2006, chapters 2 and 5): few or noisy posts shrink every slot to the usual.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tiktok_coach.core.records import dataclass
from tiktok_coach.ranking.scoring import NORMAL_90
from tiktok_coach.stats.account import NO_NUMBER
from tiktok_coach.stats.effects import estimate_effects, posterior, residuals, winsorize_residuals
from tiktok_coach.stats.outcomes import HOUR, WEEKDAY, Covariates, Outcome, covariate_columns

DAYS, HOURS = 7, 24
# Days with as many posts or more are taken together.
MOST = 4
SLOTS = DAYS * HOURS
# Fewer posts with their hour tell nothing of hours.
FEWEST = 16
# An hour is called better or worse by no fewer posts of its own.
TRIED = 2
# How near hours are alike, as a share of the turn of a day: three hours apart are about half alike.
ALIKE = 0.6
# Two working days, or two days of a weekend, are so much alike as one day is with itself.
SAME_KIND = 0.5
# Before any post is looked at, hours, weekdays and slots are taken to lie apart by about so much on the logarithm.
LIKELY = 0.3


@dataclass(frozen=True)
class Slots:
    """For each hour of the week (168, Monday 0 first) the effect on views against the usual post with its 90% interval.

    NaN where nothing tells; `best` is the chance of each slot to be the best of all. `known_mask` has the hours with
    posts or the followers' activity: any other is estimated from its neighbours alone.
    """

    effect: np.ndarray
    low: np.ndarray
    high: np.ndarray
    posts: np.ndarray
    best: np.ndarray
    known_mask: np.ndarray

    @property
    def is_better(self) -> np.ndarray:
        """Which hours are clearly better than the usual post: tried ones whose interval lies above no difference."""
        return np.asarray(self.is_tried & (self.low > 1))

    @property
    def is_worse(self) -> np.ndarray:
        """Which hours are clearly worse than the usual post: tried ones whose interval lies below no difference."""
        return np.asarray(self.is_tried & (self.high < 1))

    @property
    def is_tried(self) -> np.ndarray:
        """Which hours the account tried often enough to be named for its own posts, and not for those near them."""
        return np.asarray(self.posts >= TRIED)

    @property
    def is_clear(self) -> bool:
        """Whether the interval of any hour leaves "no difference" out; if not, all that differs may be noise."""
        return bool((self.is_better | self.is_worse).any())

    def best_hours(self, least: int, posts: int) -> list[int]:
        """The hours of the day that are clearly better on any day, the best first; none where no hour is.

        Where they are fewer than `least`, the best of the other hours with so many `posts` follow.
        """
        is_better = np.asarray(self.is_better.reshape(DAYS, HOURS).any(axis=0))
        is_used = self.posts.reshape(DAYS, HOURS).sum(axis=0) >= posts
        order = np.lexsort((-by_hour(np.log(self.effect)), ~is_better))
        others = order[is_used[order] & ~is_better[order]]
        better = order[: is_better.sum()]
        return [*better.tolist(), *others[: max(least - len(better), 0)].tolist()] if len(better) else []

    def best_slots(self, count: int) -> list[int]:
        """At most `count` of the hours that are clearly better, the best first."""
        order = np.argsort(-self.effect, kind="stable")
        return [int(slot) for slot in order[self.is_better[order]][:count]]


def slot_of(at: Covariates) -> np.ndarray:
    """The hour of the week of each post; -1 where it is not known."""
    known_mask = np.isfinite(at.hour) & np.isfinite(at.weekday)
    return np.where(known_mask, np.nan_to_num(at.weekday) * HOURS + np.nan_to_num(at.hour), -1).astype(np.int64)


def activity_of(activity: pd.DataFrame | None, timezone: str | None, written_in: str | None) -> np.ndarray:
    """The share of the most active hour's followers in each hour of the week (0-1), NaN where it is not known.

    `activity` has date, hour and active_followers; its hours are in `written_in`, which TikTok does not state, or else
    taken as the account's own.
    """
    share_by_slot = np.full(SLOTS, np.nan)
    if activity is None or not len(activity):
        return share_by_slot
    known_rows = activity.dropna(subset=["hour", "active_followers"])
    days = pd.to_datetime(known_rows["date"]).dt.normalize()
    moments = days + pd.to_timedelta(known_rows["hour"].astype("int64"), unit="h")
    if written_in is not None and timezone is not None and written_in != timezone:
        there, here = ZoneInfo(written_in), ZoneInfo(timezone)
        moments = moments.map(lambda m: m.to_pydatetime().replace(tzinfo=there).astimezone(here).replace(tzinfo=None))
    slot = moments.dt.day_of_week * HOURS + moments.dt.hour
    by_slot = known_rows["active_followers"].astype("float64").groupby(slot.to_numpy()).mean()
    if len(by_slot) < SLOTS:
        # Where a day of the week is missing, the hour is taken from the days that there are.
        by_hour = known_rows["active_followers"].astype("float64").groupby(moments.dt.hour.to_numpy()).mean()
        hours = pd.Series([by_hour.get(s % HOURS, np.nan) for s in range(SLOTS)])
        by_slot = by_slot.reindex(range(SLOTS)).fillna(hours)
    most = float(by_slot.max())
    if most > 0:
        share_by_slot[by_slot.index.to_numpy()] = by_slot.to_numpy() / most
    return share_by_slot


def slot_residuals(outcome: Outcome, at: Covariates) -> tuple[np.ndarray, np.ndarray]:
    """Residuals of posts with a known hour after all but hour and weekday, and the slot of each."""
    slot = slot_of(at)
    rows = (np.isfinite(outcome.value) & (slot >= 0)).nonzero()[0]
    if len(rows) < FEWEST:
        return np.zeros(0), slot[rows]
    covariates, groups = covariate_columns(at.rows(rows), reach=False)
    beside = covariates[:, ~np.isin(np.array(groups), (HOUR, WEEKDAY))] if groups else covariates
    value = winsorize_residuals(outcome.value[rows], np.ones(len(rows)), covariates)
    return residuals(value, beside), slot[rows]


def fit_week(
    residual: np.ndarray, slot: np.ndarray, active: np.ndarray | None, rng: np.random.Generator
) -> Slots | None:
    """The hours of the week by residuals, and with `active` (0-1) by activity too; None for too few posts."""
    if len(residual) < FEWEST or float(np.var(residual)) < 1e-9:
        return None
    # Slow to import, and asked for by nothing else.
    from scipy.linalg import cho_factor, cho_solve
    from scipy.optimize import minimize

    posts = np.bincount(slot, minlength=SLOTS)
    used = posts.nonzero()[0]
    mean = np.bincount(slot, residual, SLOTS)[used] / posts[used]
    within = float(np.square(residual - np.bincount(slot, residual, SLOTS)[slot] / posts[slot]).sum())
    parts = _kernels(active)
    used_parts = [part[np.ix_(used, used)] for part in parts]

    def likelihood(logs: np.ndarray) -> float:
        spreads, noise = np.exp(logs[:-1]), float(np.exp(logs[-1]))
        matrix = _sum(used_parts, spreads) + np.diag(noise**2 / posts[used])
        factor = cho_factor(matrix, lower=True)
        fit = float(mean @ cho_solve(factor, mean)) / 2 + float(np.log(np.diag(factor[0])).sum())
        spare = len(residual) - len(used)
        inside = within / (2 * noise**2) + spare * float(np.log(noise))
        # Half-normal priors keep a spread from running off where the posts say nothing of it.
        return fit + inside + float(np.square(spreads / LIKELY).sum()) / 2 - float(logs[:-1].sum()) * 0.1

    start = np.log([*([0.15] * len(parts)), float(np.std(residual))])
    bounds = [(np.log(0.005), np.log(2.0))] * len(parts) + [(np.log(1e-3), np.log(10.0))]
    optimum = minimize(likelihood, start, method="L-BFGS-B", bounds=bounds)
    spreads, noise = np.exp(optimum.x[:-1]), float(np.exp(optimum.x[-1]))
    whole = _sum(parts, spreads)
    factor = cho_factor(whole[np.ix_(used, used)] + np.diag(noise**2 / posts[used]), lower=True)
    gain = cho_solve(factor, whole[used]).T
    middle = gain @ mean
    covariance = whole - gain @ whole[used]
    # Against the account's usual post: the mean over the slots in which its posts went out.
    against = np.eye(SLOTS) - np.tile(posts / posts.sum(), (SLOTS, 1))
    effect = against @ middle
    spread = against @ covariance @ against.T
    step = NORMAL_90 * np.sqrt(np.maximum(np.diag(spread), 0.0))
    samples = rng.multivariate_normal(effect, spread, 1000, method="eigh")
    best = np.bincount(np.argmax(samples, axis=1), minlength=SLOTS) / 1000
    known_mask = posts > 0 if active is None else (posts > 0) | np.isfinite(active)
    return Slots(np.exp(effect), np.exp(effect - step), np.exp(effect + step), posts, best, known_mask)


def by_hour(of_slots: np.ndarray) -> np.ndarray:
    """What is told of the hours of the week, of each hour of the day."""
    return np.asarray(of_slots.reshape(DAYS, HOURS).mean(axis=0))


def _kernels(active: np.ndarray | None) -> list[np.ndarray]:
    """How far slots are alike by hour, by weekday, by both, and by the followers' activity."""
    day, hour = np.divmod(np.arange(SLOTS), HOURS)
    turn = (hour[:, None] - hour[None, :]) * np.pi / HOURS
    hours = np.exp(-2 * np.square(np.sin(turn)) / ALIKE**2)
    weekend = day >= 5
    days = np.where(day[:, None] == day[None, :], 1.0, np.where(weekend[:, None] == weekend[None, :], SAME_KIND, 0.0))
    parts = [hours, days, hours * days]
    if active is not None and np.isfinite(active).any():
        level = np.nan_to_num(active, nan=float(np.nanmean(active)))
        away = (level - level.mean()) / (float(level.std()) or 1.0)
        parts.append(np.outer(away, away))
    return parts


def _sum(parts: list[np.ndarray], spreads: np.ndarray) -> np.ndarray:
    whole = sum(spread**2 * part for spread, part in zip(spreads, parts, strict=True))
    return np.asarray(whole + 1e-9 * np.eye(len(parts[0])))


def per_day(outcome: Outcome, at: Covariates, published: np.ndarray) -> pd.DataFrame:
    """For 2, 3 and `MOST` or more `posts` a day, against one: the effect on the views of each, with its 90% interval.

    `total` is the effect on the views of the day, `days` how many days that rests on; NaN where there is too little
    data.
    """
    day = np.floor(at.posted)
    counted = published & np.isfinite(day)
    number = np.full(len(day), np.nan)
    _, where, counts = np.unique(day[counted], return_inverse=True, return_counts=True)
    number[counted] = np.minimum(counts[where], MOST)
    rows = (np.isfinite(outcome.value) & np.isfinite(number)).nonzero()[0]
    table = pd.DataFrame({"posts": range(2, MOST + 1)})
    days = np.bincount(np.minimum(counts, MOST), minlength=MOST + 1) if len(counts) else np.zeros(MOST + 1, dtype=int)
    table["days"] = days[2:]
    for name in ("effect", "low", "high", "total"):
        table[name] = np.nan
    if not len(rows):
        return table
    covariates, groups = covariate_columns(at.rows(rows), reach=False)
    posts_of_day = number[rows]
    against_one = np.where(posts_of_day == 1, 0.0, np.nan)
    answers = np.column_stack([np.where(posts_of_day == n, 1.0, against_one) for n in table["posts"]])
    fields, family = [""] * len(table), np.arange(len(table))
    effects = estimate_effects(outcome.value[rows], np.ones(len(rows)), covariates, groups, answers, fields, family)
    nothing, doubt = np.zeros(len(table)), np.full(len(table), NO_NUMBER)
    middle, low, high = posterior(effects.log, effects.se, effects.freedom, nothing, doubt)
    table["effect"], table["low"], table["high"] = np.exp(middle), np.exp(low), np.exp(high)
    return table.assign(total=table["posts"] * table["effect"])
