"""What the Creator Rewards Program is reported to ask for, and how many views of a post it may count at most.

The programme counts a view that is one person's first, comes from For You, lasts five seconds, and is neither paid for
nor disliked. A capture has the share of views from For You and that of viewers who still watch at five seconds; whose
first a view is, what was paid for and what was disliked it has not, and each of these only takes views away.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import Field

from tiktok_coach.core.documents.document import read_model
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, numbers, planned_mask
from tiktok_coach.rules.model import Claim, Date, Strict

FILE = "rewards.yaml"
# A share has at least two decimals and at most four, and so is known to half a unit of its last one.
DECIMALS = (2, 3, 4)
# TikTok writes 12.3K and 1.2M.
THOUSAND, MILLION = 1e3, 1e6


class Programme(Strict):
    """What the programme asks of an account and of a post, as reported at `as_of`, with the sources."""

    as_of: Date
    account_types: tuple[str, ...]
    least_age: int
    followers: int
    views: int
    days: int
    least_length_s: float
    watched_s: float
    kinds: tuple[str, ...]
    countries: tuple[str, ...]
    sources: tuple[Claim, ...] = Field(min_length=1)


@cache
def load_programme(folder: Path) -> Programme:
    """The programme in a folder of rules."""
    return read_model(Programme, folder / FILE)


@dataclass(frozen=True)
class QualifiedViews:
    """At most how many views of each post (n) count; NaN where views, or one of the shares, are not known.

    `value` is views times the share from For You times the share that watches at five seconds, which takes viewers from
    For You to stay as long as all do; `low` to `high` is what rounding leaves open. `ceiling` needs no such assumption:
    no more views can be both than are either, nor more people than were reached.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    ceiling: np.ndarray


def qualified_views(posts: pd.DataFrame) -> QualifiedViews:
    """At most how many views of each post the programme counts."""
    views, for_you, staying = (numbers(posts, name) for name in ("views", "traffic_for_you", "retention_5s"))
    reach = numbers(posts, "reach")
    # A flag that is missing is no sign of rounding.
    is_rounded = column(posts, "counts_rounded").to_numpy(dtype=bool, na_value=False)
    of_views = np.where(is_rounded, count_rounding(views), 0.0)
    most_views = views + of_views
    most_for_you, most_staying = (np.minimum(share + share_rounding(share), 1.0) for share in (for_you, staying))
    least = [np.maximum(share - share_rounding(share), 0.0) for share in (for_you, staying)]
    ceiling = np.fmin(most_views * np.minimum(most_for_you, most_staying), reach)
    ceiling[np.isnan(views * for_you * staying)] = np.nan
    value = np.minimum(views * for_you * staying, ceiling)
    low = np.minimum(np.maximum(views - of_views, 0.0) * least[0] * least[1], value)
    high = np.maximum(np.minimum(most_views * most_for_you * most_staying, ceiling), value)
    return QualifiedViews(value, low, high, ceiling)


def share_rounding(shares: np.ndarray) -> np.ndarray:
    """How far each share may lie from the true one, by its decimals.

    >>> share_rounding(np.array([0.84, 0.8, 0.8431]))
    array([5.e-03, 5.e-03, 5.e-05])
    """
    exact = [np.abs(np.round(shares, digits) - shares) < 1e-9 for digits in DECIMALS[:-1]]
    return np.select(exact, [0.5 * 10.0**-digits for digits in DECIMALS[:-1]], 0.5 * 10.0 ** -DECIMALS[-1])


def count_rounding(counts: np.ndarray) -> np.ndarray:
    """How far a count that is written as 12.3K or 1.2M may lie from the true one.

    >>> count_rounding(np.array([950.0, 12_300.0, 1_200_000.0]))
    array([    0.,    50., 50000.])
    """
    return np.select([counts >= MILLION, counts >= THOUSAND], [0.05 * MILLION, 0.05 * THOUSAND], 0.0)


def counting_mask(posts: pd.DataFrame, programme: Programme) -> np.ndarray:
    """Which posts the programme may count: 1 or 0, NaN for a published one whose length is not known.

    A post is left out where it is known to be another kind than asked for, a repost, paid for or an ad. Where that is
    not known it stays in, so that what is counted remains an upper bound.
    """
    seconds, kind, disclosure = numbers(posts, "duration_s"), column(posts, "kind"), column(posts, "disclosure")
    is_out = planned_mask(posts) | (kind.notna() & ~kind.isin(programme.kinds)).to_numpy(dtype=bool)
    is_out |= (disclosure == "paid").to_numpy(dtype=bool, na_value=False)
    for flag in ("ad", "repost"):
        is_out |= column(posts, flag).to_numpy(dtype=bool, na_value=False)
    with np.errstate(invalid="ignore"):
        is_long = np.where(np.isnan(seconds), np.nan, seconds >= programme.least_length_s)
    return np.where(is_out, 0.0, is_long)
