"""Views at one age of posts of one account, by a line through the logarithms of both."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tiktok_coach.core.schema import column

DAY = 86_400.0
# From so many posts on an account's own tell what is usual for it.
ENOUGH_POSTS = 12
# Views of the first hours tell little of those of a week.
YOUNGEST_DAYS = 1.0


def ages(posts: pd.DataFrame) -> np.ndarray:
    """The age of each post when it was counted, in days; NaN where it is not known."""
    return np.asarray((column(posts, "metrics_at") - column(posts, "posted_at")).dt.total_seconds().to_numpy() / DAY)


def slope(x: np.ndarray, y: np.ndarray) -> float:
    """The slope of the line through points; 0 where all have one x."""
    away = x - x.mean()
    spread = float((away**2).sum())
    return float((away * y).sum()) / spread if spread > 1e-9 else 0.0


def age_adjusted_views(age: np.ndarray, views: np.ndarray) -> tuple[np.ndarray, float | None]:
    """Views (above 0) at the median age of one account's posts, and that (days); unchanged where an age is unknown."""
    if not len(age) or np.isnan(age).any():
        return views, None
    days = float(np.median(age))
    away = np.log1p(age) - np.log1p(days)
    return np.exp(np.log(views) - slope(away, np.log(views)) * away), days
