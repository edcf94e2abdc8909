"""The response model: what viewers do with a post that they are shown. It knows nothing of why it was shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.posterior import Ratios

# What no post counts: rates per view, assumed.
FOLLOW_RATE, HIDE_RATE = 0.003, 0.0005
MOST = 0.97


@dataclass(frozen=True)
class Rates:
    """How often a usual viewer does each action on each post: mean and variance, a row a post, a column an action."""

    actions: tuple[str, ...]
    mean: np.ndarray
    variance: np.ndarray

    def sample(self, rng: np.random.Generator) -> np.ndarray:
        """One draw of every rate from its posterior, so that what is not known stays uncertain in the reach."""
        shape = np.square(self.mean) / np.maximum(self.variance, 1e-18)
        sample = rng.standard_gamma(np.maximum(shape, 1e-3)) * self.mean / np.maximum(shape, 1e-3)
        return np.asarray(np.minimum(sample, MOST))


def rates(ratios: Ratios, catalogue: Catalogue) -> Rates:
    """Rates at usual circumstances: a post's ratio to the usual times the usual rate; beside them follow and hide."""
    usual = catalogue.usual()
    level = np.array([usual[a] for a in ratios.actions])
    count = len(ratios.mean)
    extra = np.tile([FOLLOW_RATE, HIDE_RATE], (count, 1))
    return Rates(
        (*ratios.actions, "follow", "hide"),
        np.hstack([ratios.mean * level, extra]),
        np.hstack([ratios.variance * level**2, np.square(extra * 0.5)]),
    )


def respond(rate: np.ndarray, viewers: np.ndarray, warmth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How many of the `viewers` (n) of each post do each action; `warmth` is how fond of it they are, 1 is usual."""
    chance = np.clip(rate * warmth[:, None], 0, MOST)
    return np.asarray(rng.binomial(viewers[:, None], chance))
