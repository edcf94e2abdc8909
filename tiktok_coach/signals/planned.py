"""What an account's history lets expect of a planned post: its views after a week, and which of its facts move its score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from tiktok_coach.posts.schema import column
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.signals.lifts import Effects, answers

DAYS = 7
ENOUGH_POSTS = 12
DAY = 86_400.0
# Views of the first hours tell little of those of a week.
YOUNGEST_DAYS = 1.0
HIGH = 0.95
# Facts that move an action by less than a fiftieth are not named.
LEAST = 0.02


@dataclass(frozen=True)
class Move:
    """A rule that a planned post passes or fails, and the factor by which that moves an action against the account's usual post."""

    code: str
    action: str
    passes: bool
    factor: float


def expected_views(posts: pd.DataFrame, account: np.ndarray, planned: np.ndarray) -> pd.DataFrame:
    """For each planned post the `views` that its account's posts had at seven days of age (the median), with `low` and `high` (90%, of one
    post) and on how many `posts` that rests; missing for other posts, and for accounts with too few.

    The logarithm of views is taken as linear in that of age; what is known of a post before it goes out moves it too little to be told.
    """
    table = pd.DataFrame({name: np.full(len(posts), np.nan) for name in ("views", "low", "high")})
    table["posts"] = 0
    views = column(posts, "views").to_numpy(dtype="float64", na_value=np.nan)
    age = (column(posts, "metrics_at") - column(posts, "posted_at")).dt.total_seconds().to_numpy() / DAY
    with np.errstate(invalid="ignore"):
        usable = ~planned & (views > 0) & (age >= YOUNGEST_DAYS)
    for number in np.unique(account[planned]).tolist():
        rows = (usable & (account == number)).nonzero()[0]
        due = planned & (account == number)
        table.loc[due, "posts"] = len(rows)
        if len(rows) < ENOUGH_POSTS:
            continue
        away = np.log1p(age[rows]) - np.log1p(DAYS)
        level, low, high = _at_origin(away, np.log(views[rows]))
        table.loc[due, ["views", "low", "high"]] = np.exp([level, low, high])
    return table


def _at_origin(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """The line through points at x = 0, with the 90% prediction interval of one more point there (Student's t)."""
    count, centre = len(x), float(x.mean())
    spread = float(((x - centre) ** 2).sum())
    slope = float(((x - centre) * y).sum()) / spread if spread > 1e-9 else 0.0
    level = float(y.mean()) - slope * centre
    left = count - (2 if spread > 1e-9 else 1)
    error = float(np.sqrt(((y - level - slope * x) ** 2).sum() / left))
    wide = error * float(np.sqrt(1 + 1 / count + (centre**2 / spread if spread > 1e-9 else 0.0)))
    step = float(stdtrit(left, HIGH)) * wide
    return level, level - step, level + step


def moves(effects: Mapping[str, Effects], evaluations: Sequence[Evaluation], row: int, count: int) -> list[Move]:
    """Which rules move what is expected of the post in a row, the strongest first."""
    found = []
    for action, effect in effects.items():
        held = answers(evaluations, effect.rules, count)[row]
        for place, code in enumerate(effect.rules):
            if np.isnan(held[place]):
                continue
            log = float((held[place] - effect.centre[place]) * effect.mean[place])
            if abs(log) >= LEAST:
                found.append(Move(code, action, bool(held[place]), float(np.exp(log))))
    return sorted(found, key=lambda m: (-abs(np.log(m.factor)), m.code))
