"""Several accounts together: what a tip does among them, and how far they differ in it (random effects)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from tiktok_coach.ranking.scoring import NORMAL_90

# Accounts may differ by as much as this before they have been looked at; fewer than so many tell nothing of how they
# differ.
BETWEEN, FEWEST_ACCOUNTS = 0.3, 3
# The iteration for the variance between accounts ends when its equation is met so closely, or after so many rounds.
CLOSE, ROUNDS = 1e-5, 50


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
    known_mask = np.isfinite(log) & (se > 0)
    few = known_mask.sum(axis=0) < FEWEST_ACCOUNTS
    between = np.where(few, BETWEEN**2, paule_mandel(log, se**2, known_mask))
    mean, error = weighted_mean(log, se**2 + between, known_mask)
    between[~known_mask.any(axis=0)] = np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = 1 / error**2 + 1 / doubt**2
        middle = (mean / error**2 + prior / doubt**2) / precision
        step = NORMAL_90 / np.sqrt(precision)
        p = 2 * ndtr(-np.abs(mean) / error)
    nothing = np.isnan(mean)
    expected = np.where(nothing, prior, middle)
    sd = np.where(nothing, doubt, np.sqrt(1 / precision + np.nan_to_num(between)))
    return PooledEffects(mean, p, middle, middle - step, middle + step, expected, sd)


def paule_mandel(effect: np.ndarray, variance: np.ndarray, known_mask: np.ndarray) -> np.ndarray:
    """The variance between accounts (>= 0) in each column of effects with sampling variances, over those known.

    The method of Paule and Mandel (1982) as DerSimonian and Kacker (2007, appendix 8) iterate it. statsmodels has it
    too, for one column, and takes half a second to import.
    """
    between = np.zeros(effect.shape[1])
    degrees = np.maximum(known_mask.sum(axis=0) - 1, 0)
    for _round in range(ROUNDS):
        weight = np.where(known_mask, 1 / np.where(known_mask, variance + between, 1), 0)
        mean, _error = weighted_mean(effect, variance + between, known_mask)
        squares = np.where(known_mask, (effect - mean) ** 2, 0)
        excess = (weight * squares).sum(axis=0) - degrees
        steep = excess > CLOSE
        if not steep.any():
            break
        between[steep] += excess[steep] / (weight**2 * squares).sum(axis=0)[steep]
    return between


def weighted_mean(effect: np.ndarray, variance: np.ndarray, known_mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By column the mean weighted by precision and its standard error; NaN where nothing is known."""
    weight = np.where(known_mask, 1 / np.where(known_mask, variance, 1), 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        total = np.where(known_mask.any(axis=0), weight.sum(axis=0), np.nan)
        return np.where(known_mask, weight * effect, 0).sum(axis=0) / total, np.sqrt(1 / total)
