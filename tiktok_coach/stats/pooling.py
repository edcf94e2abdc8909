"""Several accounts together: what a tip does among them, and how far they differ in it (random effects)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from tiktok_coach.ranking.scoring import NORMAL_90

# Accounts may differ by as much as this before they have been looked at; fewer than so many tell nothing of how they
# differ.
BETWEEN, FEWEST_ACCOUNTS = 0.3, 3


@dataclass(frozen=True)
class PooledEffects:
    """Of every question over all accounts: `log`, `p`, posterior `middle`, `low` and `high` (90%).

    `expected` and `doubt` are the mean and standard deviation for one more account.
    """

    log: np.ndarray
    p: np.ndarray
    middle: np.ndarray
    low: np.ndarray
    high: np.ndarray
    expected: np.ndarray
    doubt: np.ndarray


def pool_effects(log: np.ndarray, se: np.ndarray, prior: np.ndarray, doubt: np.ndarray) -> PooledEffects:
    """Random-effects pooling of `log` effects (accounts x questions) with standard errors `se`, NaN for none.

    `prior` and `doubt` are each question's prior; the variance between accounts is that of Paule and Mandel (1982).
    """
    from statsmodels.stats.meta_analysis import combine_effects

    questions = log.shape[1]
    mean, error, between = (np.full(questions, np.nan) for _ in range(3))
    for place in range(questions):
        known_mask = np.isfinite(log[:, place]) & (se[:, place] > 0)
        if not known_mask.any():
            continue
        if known_mask.sum() < FEWEST_ACCOUNTS:
            weight = 1 / (se[known_mask, place] ** 2 + BETWEEN**2)
            mean[place], error[place] = weight @ log[known_mask, place] / weight.sum(), np.sqrt(1 / weight.sum())
            between[place] = BETWEEN**2
            continue
        combined = combine_effects(log[known_mask, place], se[known_mask, place] ** 2, method_re="iterated")
        between[place] = max(float(combined.tau2), 0.0)
        mean[place], error[place] = float(combined.mean_effect_re), float(combined.sd_eff_w_re)
    with np.errstate(invalid="ignore"):
        precision = 1 / error**2 + 1 / doubt**2
        middle = (mean / error**2 + prior / doubt**2) / precision
        step = NORMAL_90 / np.sqrt(precision)
        p = 2 * ndtr(-np.abs(mean) / error)
    nothing = np.isnan(mean)
    expected = np.where(nothing, prior, middle)
    sd = np.where(nothing, doubt, np.sqrt(1 / precision + np.nan_to_num(between)))
    return PooledEffects(mean, p, middle, middle - step, middle + step, expected, sd)
