"""How the published signals would score each post: expected value per impression, in the form of the published formula.

"TikTok Algo 101", described by the New York Times on 2021-12-05 and confirmed as genuine, gives a video's score as a sum
over actions of probability times value. The values were never published; those here are assumptions (see signals.yaml).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, gammaincinv

from tiktok_coach.signals.baseline import Baseline
from tiktok_coach.signals.catalogue import Catalogue
from tiktok_coach.signals.posterior import Ratios, ratios

LOW, HIGH = 0.05, 0.95
NORMAL_90 = 1.6448536269514722
NEUTRAL = 50.0
BASE = "base"


@dataclass(frozen=True)
class Scores:
    """Scores of posts, a row each in their order.

    `table` has signal_score (0-100), low and high (90% interval), coverage (0-1), eligible and reasons (codes, `;` between).
    `contributions` has a column a signal's code, and `base`; its rows add up to signal_score.
    """

    table: pd.DataFrame
    contributions: pd.DataFrame
    ratios: Ratios


def weights(catalogue: Catalogue, values: Mapping[str, float] | None = None) -> np.ndarray:
    """For each measured action, its value times how often it usually happens: what it usually brings per impression."""
    usual = catalogue.usual()
    held = values or catalogue.values()
    return np.array([held[action] * usual[action] for action in catalogue.measured()])


def score(
    posts: pd.DataFrame,
    catalogue: Catalogue,
    baseline: Baseline,
    excluded: Mapping[str, np.ndarray] | None = None,
    shifts: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None,
) -> Scores:
    """Score every post against `baseline`.

    `excluded` takes a code of what is never recommended to the posts it holds for: those score 0. `shifts` are factors on
    actions, as mean and variance of their logarithm, from what a plan or a change is expected to do.
    """
    found = ratios(posts, catalogue, baseline)
    if shifts:
        found = found.shifted(shifts)
    share = weights(catalogue)
    usual = share.sum()
    scale = catalogue.scale * usual
    terms = share * (found.mean - 1) / scale
    total = terms.sum(axis=1)
    # Sums run along rows, not through BLAS, whose last digit depends on where in the table a post stands.
    value = usual + (share * (found.mean - 1)).sum(axis=1)
    low, high = _interval(value, (found.variance * share**2).sum(axis=1))
    points = 100 * expit(total)
    table = pd.DataFrame(
        {
            "signal_score": points,
            "low": 100 * expit((low - usual) / scale),
            "high": 100 * expit((high - usual) / scale),
            "coverage": (found.known * np.abs(share)).sum(axis=1) / np.abs(share).sum(),
        },
        index=posts.index,
    )
    contributions = _contributions(terms, total, points, catalogue, posts.index)
    return _without_excluded(Scores(table, contributions, found), excluded or {})


def _interval(mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A 90% interval of the value: of the gamma distribution with these moments, which is skewed as rates of few views are."""
    variance = np.maximum(variance, 1e-300)
    shape = np.square(mean) / variance
    usable = (mean > 0) & (shape > 0.05) & (shape < 1e6)
    spread = NORMAL_90 * np.sqrt(variance)
    low, high = mean - spread, mean + spread
    rate = np.where(usable, mean / variance, 1.0)
    bounded = np.where(usable, shape, 1.0)
    return (
        np.where(usable, gammaincinv(bounded, LOW) / rate, low),
        np.where(usable, gammaincinv(bounded, HIGH) / rate, high),
    )


def _contributions(
    terms: np.ndarray, total: np.ndarray, points: np.ndarray, catalogue: Catalogue, index: pd.Index
) -> pd.DataFrame:
    """Points of each signal: the score's distance from neutral, parted along the straight way from a usual post to this one.

    Each signal gets its term times the mean slope on that way (Aumann and Shapley's rule), so that the points add up.
    """
    slope = np.where(np.abs(total) > 1e-9, (points - NEUTRAL) / np.where(total == 0, 1, total), 25.0)
    table = pd.DataFrame({BASE: np.full(len(points), NEUTRAL)}, index=index)
    for column, (code, _) in enumerate(catalogue.measured().values()):
        table[code] = table.get(code, 0.0) + terms[:, column] * slope
    # What rounding leaves goes to the base, so that the sum is the score itself.
    table[BASE] += points - table.sum(axis=1)
    return table


def _without_excluded(scores: Scores, excluded: Mapping[str, np.ndarray]) -> Scores:
    """Excluded posts score 0: what is never recommended has no score to speak of."""
    table, contributions = scores.table.copy(), scores.contributions.copy()
    out = np.zeros(len(table), dtype=bool)
    reasons = np.full(len(table), "", dtype=object)
    for code, mask in excluded.items():
        fresh = mask & ~out
        contributions[code] = np.where(fresh, -table["signal_score"], 0.0)
        reasons[mask] = [f"{held}; {code}" if held else code for held in reasons[mask]]
        out |= mask
    for name in ("signal_score", "low", "high"):
        table[name] = table[name].mask(out, 0.0)
    table["eligible"] = ~out
    table["reasons"] = pd.Series(reasons, index=table.index, dtype="str")
    return Scores(table, contributions, scores.ratios)
