"""How an account's likes, comments, shares and saves per view compare with those of public posts of like reach.

The percentiles are fitted by benchmarks/percentiles.py, accounts weighed alike, and ship with the rules as
benchmarks.yaml. They hold aggregates alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import Field

from tiktok_coach.core.documents.document import read_model
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, numbers
from tiktok_coach.core.special_functions import ndtr, ndtri
from tiktok_coach.rules.model import Date, Origin, Strict
from tiktok_coach.stats.outcomes import published_mask
from tiktok_coach.stats.public_record import SetOfPosts

FILE = "benchmarks.yaml"
# Fewer views tell no rate, and fewer posts no account's place.
FEWEST_VIEWS, FEWEST_POSTS = 100, 5


class RateCurve(Strict):
    """Percentiles of a rate along reach, for posts at the reference, and the factors on them.

    `shares` has a row for each of `reach` (views), with the rate at each percentile; `factors` has by fact the factor
    on each of these a year later, at twice the length or at ten times the followers.
    """

    rate: str
    accounts: int
    posts: int
    sets: tuple[str, ...]
    reach: tuple[float, ...] = Field(min_length=2)
    shares: tuple[tuple[float, ...], ...]
    factors: dict[str, tuple[float, ...]] = Field(default_factory=dict)


class Benchmarks(Strict):
    """The curves of every rate that could be fitted, from which sets, and how these were picked.

    `reference` is the year, the length (s) and the followers at which the curves stand; a post of which one of these is
    not known counts as one at it. `years` are those that the posts are from.
    """

    source: Origin
    fitted: Date
    sets: tuple[SetOfPosts, ...]
    limits: str
    percentiles: tuple[float, ...]
    reference: dict[str, float]
    years: tuple[float, float]
    rates: tuple[RateCurve, ...]


@cache
def load_benchmarks(folder: Path) -> Benchmarks:
    """The benchmarks in a folder of rules."""
    return read_model(Benchmarks, folder / FILE)


@dataclass(frozen=True)
class RatePlace:
    """An account's median `rate` per view (0-1), and the share of public posts of like reach that it lies `above`."""

    rate: str
    value: float
    above: float
    posts: int


def log_rate(posts: pd.DataFrame, rate: str) -> np.ndarray:
    """The logarithm of a rate per view (n); NaN where it is not known, and for posts of few views."""
    views, counts = numbers(posts, "views"), numbers(posts, rate)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((views >= FEWEST_VIEWS) & (counts <= views), np.log((counts + 0.5) / (views + 1)), np.nan)


def reach_weights(views: np.ndarray, reach: Sequence[float]) -> np.ndarray:
    """How much each of the reaches counts for each post (n x reaches): linear between two in log views."""
    place = np.interp(np.log(np.maximum(views, 1)), np.log(reach), np.arange(len(reach)))
    return np.asarray(np.maximum(0.0, 1 - np.abs(place[:, None] - np.arange(len(reach)))))


def deviations(posts: pd.DataFrame, reference: dict[str, float], years: tuple[float, float]) -> dict[str, np.ndarray]:
    """How far posts (n) lie from the reference, in years, doublings of length, tenfolds of followers; 0 if unknown."""
    posted = column(posts, "posted_at")
    year = (posted.dt.year + posted.dt.day_of_year / 366).to_numpy(dtype="float64", na_value=np.nan)
    length, followers = np.maximum(numbers(posts, "duration_s"), 1.0), np.maximum(numbers(posts, "followers"), 100.0)
    away = {
        "year": np.clip(year, *years) - reference["year"],
        "length": np.log2(length / reference["length"]),
        "followers": np.log10(followers / reference["followers"]),
    }
    return {name: np.nan_to_num(values) for name, values in away.items()}


def percentile_rates(curve: RateCurve, benchmarks: Benchmarks, posts: pd.DataFrame) -> np.ndarray:
    """The logarithms of the rates at the percentiles for posts of like reach (n x percentiles), ascending."""
    log_shares = reach_weights(numbers(posts, "views"), curve.reach) @ np.log(curve.shares)
    for name, away in deviations(posts, benchmarks.reference, benchmarks.years).items():
        if name in curve.factors:
            log_shares += np.outer(away, np.log(curve.factors[name]))
    return np.asarray(np.maximum.accumulate(log_shares, axis=1))


def share_below(log_value: np.ndarray, log_rates: np.ndarray, percentiles: Sequence[float]) -> np.ndarray:
    """The share (0-1) of posts below each value (n): a normal curve between percentiles, and beyond the outer ones."""
    normal, rows = ndtri(np.array(percentiles) / 100), np.arange(len(log_value))
    segment = np.clip((log_value[:, None] > log_rates).sum(axis=1) - 1, 0, len(normal) - 2)
    low, high = log_rates[rows, segment], log_rates[rows, segment + 1]
    step = (log_value - low) / np.maximum(high - low, 1e-9)
    return np.asarray(ndtr(normal[segment] + step * (normal[segment + 1] - normal[segment])))


def rate_places(
    posts: pd.DataFrame, account: np.ndarray, count: int, benchmarks: Benchmarks
) -> list[tuple[RatePlace, ...]]:
    """By account (its number in `account`, of `count`) the place of each rate that FEWEST_POSTS of its posts tell."""
    places: list[list[RatePlace]] = [[] for _ in range(count)]
    usable = published_mask(posts) & (account >= 0)
    for curve in benchmarks.rates:
        value = log_rate(posts, curve.rate)
        rows = (usable & np.isfinite(value)).nonzero()[0]
        if not len(rows):
            continue
        log_rates = percentile_rates(curve, benchmarks, posts.iloc[rows])
        below = share_below(value[rows], log_rates, benchmarks.percentiles)
        rate = np.minimum(numbers(posts, curve.rate)[rows] / numbers(posts, "views")[rows], 1.0)
        known = pd.DataFrame({"rate": rate, "below": below}).groupby(account[rows])
        medians = known.median().assign(posts=known.size())
        for number, *own in medians[medians["posts"] >= FEWEST_POSTS].itertuples(name=None):
            places[number].append(RatePlace(curve.rate, *own))
    return [tuple(of_account) for of_account in places]
