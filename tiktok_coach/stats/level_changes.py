"""Whether an account's usual views moved from one post to the next, since when and how far.

The logarithm of views, at like age and with like facts, is a level that wanders from post to post and what one post
lies off it (a local level model: Harvey 1989, Forecasting, Structural Time Series Models, 2.2). A step is compared
with such wandering alone, by the ratio of the marginal likelihoods over every post at which it can begin and every
speed of wandering; where there is no step, the ratio reaches k in one account of k at most. A level that wanders faster
than WANDERING has it is named as a step too: it did move, if not at once. Libraries that look for changes of a mean
take any wandering for a row of steps, and give no interval.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.linalg import solve_triangular
from scipy.special import expit, logsumexp

from tiktok_coach.core.records import dataclass
from tiktok_coach.ranking.scoring import NORMAL_90
from tiktok_coach.stats.account import Posts
from tiktok_coach.stats.outcomes import HALF_LIFE
from tiktok_coach.stats.views_model import AGE_SLOPE, DAYS, FACTS, ViewsDesign, ViewsModel, log_age, post_facts

# No more than so many of the newest posts are looked at, and so many must lie before a step and after it.
WINDOW, FEWEST_BEFORE, FEWEST_AFTER = 100, 8, 5
# The variance by which the level wanders from post to post, as shares of that of single posts: not at all, or as that
# of calm public accounts.
WANDERING = (0.0, 0.005)
# A step moves the logarithm of views so far (standard deviation), and the level may lie anywhere.
STEP_SD, LEVEL_SD = 1.5, 10.0
# A step is one where it is so likely, with and without being as likely beforehand; benchmarks/why.py says how often
# that is wrong.
SURE = 0.7
# Posts lie less far from their level than from the one foretold, which is not known as well.
NOISE = 2 ** (-0.5 / HALF_LIFE)
# A post counts as no further off its neighbours than so many standard deviations, so that one alone is no step.
FARTHEST, NEIGHBOURS = 2.0, 11
MOST_STEPS = 3


@dataclass(frozen=True)
class LevelChange:
    """A step of an account's level that begins at the post in `row`, by 90% at one from `first_row` to `last_row`.

    `effect` is the factor on the views of a post from then on, with its 90% interval; `chance` how likely a step is
    (0-1), and `posts` how many came since.
    """

    row: int
    first_row: int
    last_row: int
    effect: float
    low: float
    high: float
    chance: float
    posts: int


@dataclass(frozen=True)
class LevelSeries:
    """The newest posts of one account in order (n), at most WINDOW, by their `rows` in the table.

    `values` is the logarithm of 1 + views, at like age and with like facts; `posted` is days since the epoch, `away`
    the logarithm of 1 + age in days about its mean, and `age_sd` how far views may otherwise go with that; `spread` is
    how far a post lies from what is expected (standard deviation).
    """

    rows: np.ndarray
    values: np.ndarray
    posted: np.ndarray
    away: np.ndarray
    age_sd: float
    spread: float


def level_series(posts: Posts, design: ViewsDesign, model: ViewsModel, days: np.ndarray) -> LevelSeries:
    """The series of one account's posts, whose ages are `days`."""
    [slopes], [covariance], [spread] = model.slopes, model.covariance, model.spread
    facts = post_facts(posts)
    known = np.isfinite(facts)
    usual = np.where(known, facts, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    age = log_age(days) - np.log1p(DAYS)
    values = design.value - (AGE_SLOPE + slopes[0]) * age
    values = values - np.where(known, facts - usual, 0.0) @ slopes[-len(FACTS) :]
    usable = np.flatnonzero(np.isfinite(values) & np.isfinite(posts.at.posted))
    rows = usable[np.argsort(posts.at.posted[usable], kind="stable")][-WINDOW:]
    away = age[rows] - (age[rows].mean() if len(rows) else 0.0)
    return LevelSeries(rows, values[rows], posts.at.posted[rows], away, float(np.sqrt(covariance[0, 0])), float(spread))


def find_level_changes(series: LevelSeries) -> list[LevelChange]:
    """The steps of an account's level whose direction is known (90%), the oldest first."""
    if len(series.rows) < FEWEST_BEFORE + FEWEST_AFTER:
        return []
    search, starts = _Search(series), list[int]()
    while len(starts) < MOST_STEPS and (best := search.next_step(starts)) is not None:
        starts.append(best)
    changes = [search.change(start, starts) for start in sorted(starts)]
    return [change for change in changes if change.low > 1 or change.high < 1]


def step_on(series: LevelSeries, day: float) -> tuple[float, float] | None:
    """How far the level stepped on a day (since the epoch): mean and standard deviation of the logarithm of the factor.

    None where too few posts came before or since.
    """
    start = int(np.searchsorted(series.posted, day))
    if start < FEWEST_BEFORE or len(series.rows) - start < FEWEST_AFTER:
        return None
    return _Search(series).fit([], np.array([start])).moments


@dataclass(frozen=True)
class _Fit:
    """Where a step can begin; by speed of wandering and start its weight, mean and standard deviation; its chance."""

    starts: np.ndarray
    weight: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    chance: float

    @property
    def moments(self) -> tuple[float, float]:
        """Mean and standard deviation of the step over all starts."""
        mean = float((self.weight * self.mean).sum())
        return mean, float(np.sqrt((self.weight * (np.square(self.sd) + np.square(self.mean - mean))).sum()))

    @property
    def by_start(self) -> np.ndarray:
        """The probability of each start."""
        return np.asarray(self.weight.sum(axis=0))


class _Search:
    """Steps of a series, with posts that lie far off their neighbours drawn in."""

    def __init__(self, series: LevelSeries) -> None:
        self.series = series
        values, spread = pd.Series(series.values), FARTHEST * series.spread
        near = values.rolling(NEIGHBOURS, center=True, min_periods=1).median()
        values = values.clip(near - spread, near + spread)
        self.values = (values - values.mean()).to_numpy()
        self.order = np.arange(len(values))

    def starts(self, others: list[int]) -> np.ndarray:
        """Where a step beside `others` can begin."""
        starts = np.arange(FEWEST_BEFORE, len(self.order) - FEWEST_AFTER + 1)
        apart = np.abs(starts[:, None] - np.array(others, dtype=np.int64)) >= FEWEST_AFTER
        return np.asarray(starts[apart.all(axis=1)])

    def fit(self, others: list[int], starts: np.ndarray) -> _Fit:
        """A step at one of `starts` beside those at `others`."""
        series, shared = self.series, np.full((len(self.order),) * 2, LEVEL_SD**2)
        shared += series.age_sd**2 * np.outer(series.away, series.away)
        for other in others:
            shared += STEP_SD**2 * np.outer(self.order >= other, self.order >= other)
        columns = np.column_stack([self.values, self.order[:, None] >= starts])
        without, fits = [], []
        for share in WANDERING:
            own = np.eye(len(self.order)) + share * np.minimum.outer(self.order + 1.0, self.order + 1.0)
            root = np.linalg.cholesky((NOISE * series.spread) ** 2 * own + shared)
            white = solve_triangular(root, columns, lower=True)
            values, steps = white[:, 0], white[:, 1:]
            precision = 1 / STEP_SD**2 + np.square(steps).sum(axis=0)
            mean = steps.T @ values / precision
            without.append(-0.5 * float(values @ values) - float(np.log(np.diag(root)).sum()))
            gain = 0.5 * (np.square(mean) * precision - np.log(STEP_SD**2 * precision))
            fits.append((without[-1] + gain - np.log(len(starts)), mean, 1 / np.sqrt(precision)))
        log, mean, sd = (np.array(part) for part in zip(*fits, strict=True))
        whole = logsumexp(log)
        return _Fit(starts, np.exp(log - whole), mean, sd, float(expit(whole - logsumexp(without))))

    def next_step(self, others: list[int]) -> int | None:
        """Where the likeliest step beside `others` begins; None where there is likely none."""
        if not len(starts := self.starts(others)):
            return None
        fit = self.fit(others, starts)
        return int(starts[fit.by_start.argmax()]) if fit.chance >= SURE else None

    def change(self, start: int, every: list[int]) -> LevelChange:
        """The step at `start` beside the others in `every`."""
        others = [one for one in every if one != start]
        fit = self.fit(others, self.starts(others))
        below = np.cumsum(fit.by_start)
        first, last = (int(fit.starts[min(int((below < q).sum()), len(below) - 1)]) for q in (0.05, 0.95))
        mean, sd = fit.moments
        low, effect, high = (math.exp(mean + step * sd) for step in (-NORMAL_90, 0, NORMAL_90))
        row, first_row, last_row = (int(self.series.rows[at]) for at in (start, min(first, start), max(last, start)))
        return LevelChange(row, first_row, last_row, effect, low, high, fit.chance, len(self.order) - start)
