"""What an account's history lets expect of a planned post: its views after a week, and which of its facts move its score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from tiktok_coach.posts.schema import column
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.signals.ageing import ENOUGH_POSTS, YOUNGEST_DAYS, ages, slope
from tiktok_coach.signals.lifts import Effects, answers

DAYS = 7
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


def expected_views(posts: pd.DataFrame, account: np.ndarray, planned: np.ndarray, due: np.ndarray) -> pd.DataFrame:
    """For the planned posts that are `due` (a row each, by their place) the `views` that their account's posts had at seven days of age
    (the median), with `low` and `high` (90%, of one post) and on how many `posts` that rests; missing for accounts with too few.

    The logarithm of views is taken as linear in that of age; what is known of a post before it goes out moves it too little to be told.
    """
    asked = (planned & due).nonzero()[0]
    table = pd.DataFrame(np.nan, index=asked, columns=pd.Index(["views", "low", "high"]))
    table["posts"] = 0
    if not len(asked):
        return table
    views = column(posts, "views").to_numpy(dtype="float64", na_value=np.nan)
    age = ages(posts)
    with np.errstate(invalid="ignore"):
        usable = ~planned & (views > 0) & (age >= YOUNGEST_DAYS)
    for number in np.unique(account[asked]).tolist():
        rows = (usable & (account == number)).nonzero()[0]
        mine = asked[account[asked] == number]
        table.loc[mine, "posts"] = len(rows)
        if len(rows) < ENOUGH_POSTS:
            continue
        away = np.log1p(age[rows]) - np.log1p(DAYS)
        table.loc[mine, ["views", "low", "high"]] = np.exp(_at_origin(away, np.log(views[rows])))
    return table


def _at_origin(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """The line through points at x = 0, with the 90% prediction interval of one more point there (Student's t)."""
    count, centre = len(x), float(x.mean())
    spread = float(((x - centre) ** 2).sum())
    steep = slope(x, y)
    level = float(y.mean()) - steep * centre
    left = count - (2 if spread > 1e-9 else 1)
    error = float(np.sqrt(((y - level - steep * x) ** 2).sum() / left))
    wide = error * float(np.sqrt(1 + 1 / count + (centre**2 / spread if spread > 1e-9 else 0.0)))
    step = float(stdtrit(left, HIGH)) * wide
    return level, level - step, level + step


def moves(
    found: Mapping[int, Mapping[str, Effects]], account: np.ndarray, evaluations: Sequence[Evaluation], rows: np.ndarray
) -> dict[int, list[Move]]:
    """By row, which rules move what is expected of the posts in these rows, the strongest first; `found` has the effects of each
    account, by the number that `account` gives its posts.
    """
    moved: dict[int, list[Move]] = {row: [] for row in rows.tolist()}
    for number, effects in found.items():
        mine = rows[account[rows] == number]
        for action, effect in effects.items() if len(mine) else ():
            held = answers(evaluations, effect.rules, len(account))[mine]
            logs = (held - effect.centre) * effect.mean
            for at, place in np.argwhere(np.abs(logs) >= LEAST).tolist():
                told = Move(effect.rules[place], action, bool(held[at, place]), float(np.exp(logs[at, place])))
                moved[int(mine[at])].append(told)
    return {row: sorted(held, key=lambda m: (-abs(np.log(m.factor)), m.code)) for row, held in moved.items()}
