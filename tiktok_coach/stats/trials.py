"""Experiments: posts in pairs at one hour of the week, a coin for which of two follows a tip, and the result.

The exact test flips the coins anew (Fisher). The one that may be looked at at any time is a test martingale: for
differences symmetric about no effect, sqrt(1 / (1 + r V)) exp(r S^2 / (2 (1 + r V))), with S their sum and V that of
their squares, is expected to be 1 or less (de la Pena, 1999; Robbins' mixture): it passes 20 once in twenty times.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tiktok_coach.core.records import dataclass
from tiktok_coach.io.dates.parse import is_unambiguous

FOLLOW, LEAVE = "follow", "leave"
# Flips of the coins, beyond which not all ways they may fall are gone through.
ALL_WAYS, DRAWN = 13, 9999
FEWEST_PAIRS = 5
CONFIDENCE = 0.90
# Where an effect's interval at any time is looked for, on the logarithm.
GRID = np.linspace(-3.0, 3.0, 1201)
LARGEST = 5000
# A trial that takes longer is not feasible: half a year.
MOST_WEEKS = 26


def t_test_power(effect: float, pairs: int, alpha: float) -> float:
    """The power of a two-sided t test within pairs whose mean difference is `effect` standard deviations."""
    from tiktok_coach.core.special_functions import nctdtr, stdtrit

    freedom, shift, low = pairs - 1, effect * math.sqrt(pairs), stdtrit(pairs - 1, alpha / 2)
    return float(1 - nctdtr(freedom, shift, -low) + nctdtr(freedom, shift, low))


def sample_size(effect: float, spread: float, *, power: float, alpha: float) -> int:
    """The pairs that a two-sided t test within pairs needs: at least FEWEST_PAIRS, at most LARGEST."""
    relative = abs(math.log(effect)) / (math.sqrt(2) * spread)
    enough = bisect_left(range(LARGEST), power, lo=2, key=lambda pairs: t_test_power(relative, pairs, alpha))
    return max(enough, FEWEST_PAIRS)


def weeks_of(pairs: int, per_day: int) -> int:
    """The weeks that so many pairs take: a pair needs two, in which there are seven for each of `per_day` posts."""
    return 2 * math.ceil(pairs / (7 * per_day))


def smallest_effect(spread: float, *, per_day: int, power: float, alpha: float) -> float:
    """The smallest factor above 1 on views that a trial of `MOST_WEEKS` finds, rounded up to a tenth."""
    pairs = MOST_WEEKS // 2 * 7 * per_day

    def power_at(tenths: int) -> float:
        return t_test_power(math.log(tenths / 10) / (math.sqrt(2) * spread), pairs, alpha)

    return bisect_left(range(LARGEST), power, lo=11, key=power_at) / 10


@dataclass(frozen=True)
class Slot:
    """A post of the experiment: when, in which pair, and whether it is to follow the rule."""

    at: dt.datetime
    pair: int
    arm: str


def calendar(
    pairs: int, hours: Sequence[int], per_day: int, start: dt.date, timezone: str, rng: np.random.Generator
) -> list[Slot]:
    """At least `2 * pairs` posts from `start` on, `per_day` a day at `hours`, in whole weeks.

    The two of a pair are a week apart at one hour of the week, and a coin says which of them follows. A local time that
    the clocks skip, or that comes twice, takes no pair.
    """
    zone = ZoneInfo(timezone)
    slots: list[Slot] = []
    week, pair = 0, 0
    while pair < pairs:
        for day in range(7):
            for hour in sorted(hours[:per_day]):
                dates = (start + dt.timedelta(days=7 * (week + late) + day) for late in (0, 1))
                both = [dt.datetime.combine(date, dt.time(hour), zone) for date in dates]
                if not all(map(is_unambiguous, both)):
                    continue
                pair += 1
                first = FOLLOW if rng.random() < 0.5 else LEAVE
                arms = (first, LEAVE if first == FOLLOW else FOLLOW)
                slots += [Slot(at, pair, arm) for at, arm in zip(both, arms, strict=True)]
        week += 2
    return sorted(slots, key=lambda slot: slot.at)


@dataclass(frozen=True)
class TrialResult:
    """What an experiment shows: `effect` (a factor) with its 90% interval, `p` of the exact test, over `pairs`.

    `evidence` is the martingale, `p_anytime` its p-value, `anytime` the interval of effects not excluded by it (95%).
    """

    effect: float
    low: float
    high: float
    p: float
    pairs: int
    evidence: float
    p_anytime: float
    anytime: tuple[float, float]


def analyze_trial(
    differences: np.ndarray, effect: float, spread: float, rng: np.random.Generator
) -> TrialResult | None:
    """The result of differences within pairs (of logarithms, by time) drawn for `effect` and `spread`; None for few."""
    from scipy.stats import permutation_test, ttest_1samp

    if len(differences) < FEWEST_PAIRS:
        return None
    if float(np.ptp(differences)) < 1e-12:
        mean = low = high = float(differences[0])
    else:
        tested = ttest_1samp(differences, 0.0)
        low, high = (float(v) for v in tested.confidence_interval(CONFIDENCE))
        mean = float(differences.mean())
    ways = 2 ** len(differences) if len(differences) <= ALL_WAYS else DRAWN
    sides = (differences, np.zeros(len(differences)))
    exact = permutation_test(sides, _gap, permutation_type="samples", n_resamples=ways, vectorized=True, rng=rng)
    rate = (math.log(effect) / (2 * spread**2)) ** 2
    evidence = martingale(differences, rate)
    reach = np.array([martingale(differences - theta, rate).max() for theta in GRID])
    not_excluded = GRID[reach < 20.0]
    ends = (not_excluded[0], not_excluded[-1]) if len(not_excluded) else (mean, mean)
    return TrialResult(
        effect=math.exp(mean),
        low=math.exp(low),
        high=math.exp(high),
        p=float(exact.pvalue),
        pairs=len(differences),
        evidence=float(evidence[-1]),
        p_anytime=float(min(1.0, 1 / evidence.max())),
        anytime=(math.exp(ends[0]), math.exp(ends[1])),
    )


def _gap(one: np.ndarray, other: np.ndarray, axis: int = -1) -> np.ndarray:
    return np.asarray(np.mean(one, axis=axis) - np.mean(other, axis=axis))


def martingale(differences: np.ndarray, rate: float) -> np.ndarray:
    """The test martingale after each difference; chance gets to 20 once in twenty experiments."""
    total, square = np.cumsum(differences), np.cumsum(np.square(differences))
    wide = 1 + rate * square
    return np.asarray(np.exp(np.minimum(rate * np.square(total) / (2 * wide), 700.0)) / np.sqrt(wide))


def match_posts(planned: pd.DataFrame, out: pd.DataFrame, hours: float) -> np.ndarray:
    """By planned post the place of the published one by id, else caption, else nearest in `hours`; -1 for none."""
    matches = np.full(len(planned), -1, dtype=np.int64)
    used: set[int] = set()

    def match(row: int, at: int | None) -> None:
        if at is not None and matches[row] < 0 and at not in used:
            matches[row] = at
            used.add(at)

    for name in ("post_id", "caption"):
        if name in planned and name in out:
            texts = [(value, at) for at, value in enumerate(out[name]) if isinstance(value, str) and value.strip()]
            # Of several alike the first.
            place = dict(reversed(texts))
            for row, value in enumerate(planned[name]):
                match(row, place.get(value) if isinstance(value, str) else None)
    if "posted_at" not in planned or "posted_at" not in out:
        return matches
    due, went = (table["posted_at"].to_numpy(dtype="datetime64[us]") for table in (planned, out))
    away = np.abs((due[:, None] - went[None, :]) / np.timedelta64(1, "h"))
    away = np.where(np.isnan(away), np.inf, away)
    for row, at in sorted(np.argwhere(away <= hours).tolist(), key=lambda pair: (away[pair[0], pair[1]], pair)):
        match(row, at)
    return matches
