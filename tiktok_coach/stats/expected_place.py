"""The place of a post among what was to be expected of it, at its age and from its account's recent level.

What posts lie off the expected logarithm of views is skewed: most get a little less, and a few far more. So each side
of the median has its own spread, of Student's form: that of public posts, updated by the account's own.
"""

from __future__ import annotations

import numpy as np

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.special_functions import stdtr, stdtrit
from tiktok_coach.stats.views_model import START, ViewsDesign, ViewsModel, ViewsRecord, fit_views_model

# Public posts: median, lower and upper spread of what they lie off (in the account's spread), and the form's degrees of
# freedom; benchmarks/why.py prints them. They count as much as so many of the account's own posts.
MEDIAN, LOWER, UPPER, FREEDOM, PUBLIC_POSTS = -0.28, 0.86, 1.28, 8.0, 16.0
# A post counts as no further off than so many spreads where these are fitted.
FARTHEST = 3.0


@dataclass(frozen=True)
class ExpectedPlaces:
    """By post (n; NaN where too little is known) the views expected, with 90% from `low` to `high`.

    `below` is the share (0-1) of such posts that get fewer views than the post got, `value` the logarithm of 1 + views
    over that expected, in the account's spreads.
    """

    views: np.ndarray
    low: np.ndarray
    high: np.ndarray
    below: np.ndarray
    value: np.ndarray


def place_posts(
    design: ViewsDesign, rows: np.ndarray, record: ViewsRecord, *, fewest: int
) -> tuple[ExpectedPlaces, ViewsModel]:
    """The places of one account's posts, and the model of its views that is fitted without those in `rows`.

    Nothing is to be expected where fewer than `fewest` other posts have views.
    """
    count = len(design.value)
    others = np.ones(count, dtype=bool)
    others[rows] = False
    model = fit_views_model(design, others.nonzero()[0], record)
    middle, variance = model.log_views(design, np.arange(count)), model.log_variance(design, np.arange(count))
    spread = float(model.spread[0])
    # What a post is missed by if it is left out, for those to which the model is fitted.
    missed = (design.value - middle) / np.maximum(1 - variance / spread**2, 0.1)
    width = np.where(others, spread, np.sqrt(spread**2 + variance))
    value = np.where(others, missed, design.value - middle) / width
    if model.posts[0] < fewest:
        nothing = np.full(count, np.nan)
        return ExpectedPlaces(nothing, nothing, nothing, nothing, nothing), model
    own = value[others & np.isfinite(value) & (design.earlier >= START)]
    median, lower, upper = _two_sided(own)
    step = stdtrit(FREEDOM, 0.95) * np.sqrt((FREEDOM - 2) / FREEDOM)
    log = [middle + width * place for place in (median, median - step * lower, median + step * upper)]
    views, low, high = (np.maximum(np.expm1(one), 0.0) for one in log)
    away = value - median
    below = stdtr(FREEDOM, away / np.where(away < 0, lower, upper) * np.sqrt(FREEDOM / (FREEDOM - 2)))
    return ExpectedPlaces(views, low, high, below, value), model


def _two_sided(own: np.ndarray) -> tuple[float, float, float]:
    """Median, lower and upper spread of an account's posts, with the public ones."""
    weight = PUBLIC_POSTS / (PUBLIC_POSTS + len(own))
    median = weight * MEDIAN + (1 - weight) * (float(np.median(own)) if len(own) else 0.0)
    away = np.clip(own - median, -FARTHEST, FARTHEST)
    sides = []
    for side, public in ((away[away < 0], LOWER), (away[away >= 0], UPPER)):
        half = PUBLIC_POSTS / 2
        sides.append(float(np.sqrt((half * public**2 + np.square(side).sum()) / (half + len(side)))))
    return median, sides[0], sides[1]
