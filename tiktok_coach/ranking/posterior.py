"""What a post's counts say of the chance of each action: empirical Bayes, so that 3 likes of 10 views prove little.

A rate has a beta prior round what is usual for the post; the posterior of beta and binomial is a beta again. It is
given as a ratio to the usual rate, so that posts of any reach, length and age can be set side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.ranking.baseline import Baseline, action_counts
from tiktok_coach.ranking.catalogue import Catalogue

# Factors on actions: mean and variance of the logarithm, of each post.
Shifts = Mapping[str, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Ratios:
    """For each action (column) and post (row): mean and variance of rate / usual rate, and whether it was measured."""

    actions: tuple[str, ...]
    mean: np.ndarray
    variance: np.ndarray
    known: np.ndarray

    def scored_mask(self) -> np.ndarray:
        """The actions by which each post is scored: those measured, or all where none is, as of a planned post."""
        return self.known | ~self.known.any(axis=1, keepdims=True)

    def rows(self, rows: np.ndarray) -> Ratios:
        """Those of some posts, by their places or as a mask."""
        return Ratios(self.actions, self.mean[rows], self.variance[rows], self.known[rows])

    def shifted(self, shifts: Shifts) -> Ratios:
        """The ratios times a factor, given as mean and variance of its logarithm for each post."""
        mean, variance = self.mean.copy(), self.variance.copy()
        for action, (log_mean, log_variance) in shifts.items():
            column = self.actions.index(action)
            factor = np.exp(log_mean + log_variance / 2)
            spread = np.expm1(log_variance)
            square = mean[:, column] ** 2
            mean[:, column] = mean[:, column] * factor
            variance[:, column] = factor**2 * (variance[:, column] * (1 + spread) + square * spread)
        return Ratios(self.actions, mean, variance, self.known)


def ratios(posts: pd.DataFrame, catalogue: Catalogue, baseline: Baseline) -> Ratios:
    """The posterior of every measured action of every post; where it was not measured, the prior."""
    measured = catalogue.measured()
    usual = baseline.at(posts)
    shape = (len(posts), len(measured))
    means, variances, known = np.empty(shape), np.empty(shape), np.empty(shape, dtype=bool)
    for place, (action, (_, source)) in enumerate(measured.items()):
        counted, views = action_counts(posts, action, source)
        mean, variance = beta_ratio(np.nan_to_num(counted), views, usual.expected(action), usual.spread(action))
        means[:, place] = mean
        variances[:, place] = variance + mean**2 * usual.doubt(action)
        known[:, place] = views > 0
    return Ratios(tuple(measured), means, variances, known)


def beta_ratio(
    counted: np.ndarray, views: np.ndarray, usual: np.ndarray, spread: np.ndarray | float
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of rate / usual after `counted` of `views`, under a beta prior of that relative spread.

    The prior weighs as much as (1 - usual) / (usual * spread**2) - 1 views.
    """
    weight = np.maximum((1 - usual) / (usual * spread**2) - 1, 0.5)
    hits, misses = usual * weight + counted, (1 - usual) * weight + (views - counted)
    total = hits + misses
    rate = hits / total
    return rate / usual, rate * (1 - rate) / (total + 1) / usual**2
