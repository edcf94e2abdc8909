"""Differences between two sets of posts, tested one by one and corrected for how many there are."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.core.translation import N_
from tiktok_coach.stats.effects import last_coefficient, t_test_p_value, winsorize_residuals
from tiktok_coach.stats.multiple_testing import FALSE_SHARE, false_discovery
from tiktok_coach.stats.outcomes import Covariates

# Posts on each side, below which nothing is said of a quantity.
FEWEST = 5
CONFIDENCE = 0.90
COLUMNS = ["what", "kind", "unit", "before", "after", "difference", "low", "high", "p", "posts_before", "posts_after"]
NOTHING = (float("nan"),) * 4
POINTS, SHARE, FACTOR, NUMBER = "points", "share", "factor", "number"


@dataclass(frozen=True)
class Quantity:
    """Something of every post, NaN for nothing; of a FACTOR the logarithm, compared at like age, with `reach` at
    like views.
    """

    what: str
    kind: str
    values: np.ndarray
    reach: bool = False
    unit: str = ""


def weekly(posted: np.ndarray) -> np.ndarray:
    """Posts in each week (7 days from the first post on; the last one only if whole), from times in days."""
    days = np.floor(posted[np.isfinite(posted)])
    if not len(days):
        return np.zeros(0)
    week = ((days - days.min()) // 7).astype(np.int64)
    whole = int((days.max() - days.min() + 1) // 7)
    return np.bincount(week, minlength=whole)[:whole].astype("float64")


def difference_table(quantities: Sequence[Quantity], later: np.ndarray, at: Covariates) -> pd.DataFrame:
    """A row a quantity: what, kind, unit, before, after, difference, low, high (90%), p, q, beyond_chance, posts.

    Of a factor, `before` and `after` are medians as counted, and `difference` is the factor at like age. One in ten of
    the differences that are called significant may be chance (Benjamini and Hochberg, 1995).
    """
    rows = [row for quantity in quantities if (row := _row(quantity, later, at)) is not None]
    one, other = (weekly(at.posted[side]) for side in (~later, later))
    if len(one) and len(other):
        # Of posts a week, what is counted on each side is weeks.
        gap = _welch(one, other) if min(len(one), len(other)) >= FEWEST else NOTHING
        rows.append((N_("posts a week"), NUMBER, "", one.mean(), other.mean(), *gap, len(one), len(other)))
    table = pd.DataFrame(rows, columns=pd.Index(COLUMNS))
    table["q"] = np.nan
    tested = table["p"].notna().to_numpy()
    if tested.any():
        table.loc[tested, "q"] = false_discovery(table.loc[tested, "p"].to_numpy(dtype="float64"))
    return table.assign(beyond_chance=(table["q"] <= FALSE_SHARE).to_numpy())


def _row(quantity: Quantity, later: np.ndarray, at: Covariates) -> tuple[object, ...] | None:
    """The values of COLUMNS; None where neither side has any."""
    known = np.isfinite(quantity.values)
    if quantity.kind == FACTOR:
        known &= np.isfinite(at.days)
    one, other = quantity.values[known & ~later], quantity.values[known & later]
    if not len(one) and not len(other):
        return None
    middle = np.median if quantity.kind == FACTOR else np.mean
    before, after = (float(middle(side)) if len(side) else float("nan") for side in (one, other))
    if quantity.kind == FACTOR:
        inverse = np.exp if quantity.reach else np.expm1
        before, after = float(inverse(before)), float(inverse(after))
    gap = NOTHING
    if min(len(one), len(other)) >= FEWEST:
        gap = _welch(one, other) if quantity.kind != FACTOR else _at_like_age(quantity, known, later, at)
    return quantity.what, quantity.kind, quantity.unit, before, after, *gap, len(one), len(other)


def _welch(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float, float]:
    """The difference of two means with its interval; NaN where no post differs from another."""
    from scipy.stats import ttest_ind

    gap = float(other.mean() - one.mean())
    if float(np.ptp(one)) < 1e-12 and float(np.ptp(other)) < 1e-12:
        return gap, *NOTHING[1:]
    with warnings.catch_warnings():
        # That one side hardly varies is no loss: its spread is as good as none, and the other side's counts.
        warnings.filterwarnings("ignore", message="Precision loss", category=RuntimeWarning)
        tested = ttest_ind(other, one, equal_var=False)
    low, high = tested.confidence_interval(CONFIDENCE)
    return gap, float(low), float(high), float(tested.pvalue)


def _at_like_age(
    quantity: Quantity, known: np.ndarray, later: np.ndarray, at: Covariates
) -> tuple[float, float, float, float]:
    """The factor at like age (and reach), by least squares on the logarithm."""
    from scipy.special import stdtrit

    rows = known.nonzero()[0]
    age = np.log1p(np.maximum(at.days[rows], 0))
    # Views level off, so that a straight line in age would make a difference of it.
    beside = [np.ones(len(rows)), age, np.square(age - age.mean())]
    if quantity.reach:
        beside.append(np.log1p(np.nan_to_num(at.views[rows])))
    side = later[rows].astype("float64")
    design = np.column_stack([*beside, side])
    value = winsorize_residuals(quantity.values[rows], np.ones(len(rows)), design[:, 1:])
    log, se, freedom = last_coefficient(design, value)
    step = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * se if np.isfinite(se) else float("nan")
    factor, low, high = (float(np.exp(value)) for value in (log, log - step, log + step))
    return factor, low, high, t_test_p_value(log, se, freedom)
