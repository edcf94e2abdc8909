"""What is usual at a post's reach, length and age, so that a post is not compared with a raw average.

Rates fall with reach and change with age and length. An account with enough posts tells its own curve, drawn from the
assumed one as far as its posts say so; else the assumed curve holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tiktok_coach.posts.schema import column
from tiktok_coach.signals.catalogue import Catalogue, Curve

ENOUGH_POSTS = 12
# How far an account's own curve may lie from the assumed one before its posts have been seen: level, reach, length, age.
PRIOR_SD = np.array([2.0, 0.15, 0.3, 0.15])
SPREAD_PRIOR_POSTS = 20
ROUNDS = 8
LOWEST, HIGHEST = 1e-7, 0.97


@dataclass(frozen=True)
class Baseline:
    """The curve of every measured action, and of a fitted one the covariance (4 x 4) of its level and slopes."""

    curves: Mapping[str, Curve]
    covariance: Mapping[str, np.ndarray] = field(default_factory=dict)

    def expected(self, action: str, posts: pd.DataFrame) -> np.ndarray:
        """The usual rate of an action for each post, 0-1."""
        curve = self.curves[action]
        slopes = np.array([np.log(curve.rate), curve.reach, curve.length, curve.age])
        return np.asarray(np.clip(np.exp(circumstances(posts) @ slopes), LOWEST, HIGHEST))

    def doubt(self, action: str, posts: pd.DataFrame) -> np.ndarray:
        """For each post the variance of the logarithm of what is usual; 0 for an assumed curve, which is not estimated."""
        cov = self.covariance.get(action)
        if cov is None:
            return np.zeros(len(posts))
        where = circumstances(posts)
        return np.asarray(np.einsum("ij,jk,ik->i", where, cov, where))


def reference(catalogue: Catalogue) -> Baseline:
    """The assumed curves."""
    return Baseline({c.action: c for c in catalogue.baselines})


def circumstances(posts: pd.DataFrame) -> np.ndarray:
    """For each post 1 and the logarithms of its reach, length and age; 0, which is the usual, where one is not known."""
    views = column(posts, "views").astype("float64").to_numpy(na_value=np.nan)
    seconds = column(posts, "duration_s").astype("float64").to_numpy()
    days = (column(posts, "metrics_at") - column(posts, "posted_at")).dt.total_seconds().to_numpy() / 86_400
    known = np.column_stack(
        [
            np.log(np.maximum(views, 1) / 1000),
            np.log(np.maximum(seconds, 1) / 15),
            np.log1p(np.maximum(days, 0) / 30),
        ]
    )
    return np.column_stack([np.ones(len(posts)), np.nan_to_num(known)])


def observed(posts: pd.DataFrame, action: str, source: str) -> tuple[np.ndarray, np.ndarray]:
    """What was counted of an action, and out of how many views; NaN and 0 where it was not measured.

    A completion rate counts as so many of the views; average watch time as a share of the length, view by view.
    """
    views = column(posts, "views").astype("float64").to_numpy(na_value=np.nan)
    values = column(posts, source).astype("float64").to_numpy(na_value=np.nan)
    if action == "completion":
        counted = values * views
    elif action == "playtime":
        counted = np.minimum(values / column(posts, "duration_s").to_numpy(), 1.0) * views
    else:
        counted = np.minimum(values, views)
    known = ~np.isnan(counted) & (views > 0)
    return np.where(known, counted, np.nan), np.where(known, views, 0.0)


def fitted(posts: pd.DataFrame, catalogue: Catalogue) -> Baseline:
    """The account's own curve of every action that enough of its posts measure, the assumed one of the others."""
    assumed = reference(catalogue)
    measured = catalogue.measured()
    found = {name: _fit(posts, curve, measured[name][1]) for name, curve in assumed.curves.items()}
    covariance = {name: cov for name, (_, cov) in found.items() if cov is not None}
    return Baseline({name: curve for name, (curve, _) in found.items()}, covariance)


def _fit(posts: pd.DataFrame, curve: Curve, source: str) -> tuple[Curve, np.ndarray | None]:
    """A quasi-likelihood fit of the log-linear curve, held to the assumed one by a normal prior on each slope."""
    counted, views = observed(posts, curve.action, source)
    known = views > 0
    if known.sum() < ENOUGH_POSTS:
        return curve, None
    design, rate, views = circumstances(posts)[known], counted[known] / views[known], views[known]
    prior = np.array([np.log(curve.rate), curve.reach, curve.length, curve.age])
    slopes, spread = prior.copy(), curve.spread
    for _ in range(ROUNDS):
        usual = np.clip(np.exp(design @ slopes), LOWEST, HIGHEST)
        chance = (1 - usual) / (views * usual)
        ratio = rate / usual
        weight = np.sqrt(1 / (spread**2 + chance))
        # A step of Gauss and Newton, the prior as four rows more; bounded, so that one odd post cannot throw it.
        rows = np.vstack([design * weight[:, None], np.diag(1 / PRIOR_SD)])
        wanted = np.concatenate([np.clip(ratio - 1, -0.9, 5) * weight, (prior - slopes) / PRIOR_SD])
        step, *_ = np.linalg.lstsq(rows, wanted, rcond=None)
        slopes = slopes + np.clip(step, -1, 1)
        spread = _spread(ratio, chance, weight, curve.spread)
    own = curve.model_copy(
        update={
            "rate": float(np.clip(np.exp(slopes[0]), LOWEST, HIGHEST)),
            "reach": float(slopes[1]),
            "length": float(slopes[2]),
            "age": float(slopes[3]),
            "spread": spread,
            "posts": int(known.sum()),
        }
    )
    return own, np.linalg.inv(rows.T @ rows)


def _spread(ratio: np.ndarray, chance: np.ndarray, weight: np.ndarray, assumed: float) -> float:
    """How far posts lie from the curve beyond chance, by moments, drawn to what is assumed where posts are few."""
    weights = weight**2
    variance = float(np.sum(weights * ((ratio - 1) ** 2 - chance)) / np.sum(weights))
    count = len(ratio)
    pooled = (SPREAD_PRIOR_POSTS * assumed**2 + count * max(variance, 0.0)) / (SPREAD_PRIOR_POSTS + count)
    return float(np.clip(np.sqrt(pooled), 0.05, 5))
