"""What became of advice: the views of an account's posts that followed it, beside those of its others since."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.special_functions import stdtrit
from tiktok_coach.ranking.scoring import NORMAL_90
from tiktok_coach.stats.account import Posts
from tiktok_coach.stats.effects import FALSE_SHARE, false_discovery, residuals, t_test_p_value
from tiktok_coach.stats.outcomes import Outcome, recent_level

HELPED, HURT, NO_CLEAR_EFFECT, CANNOT_TELL = "helped", "hurt", "no clear effect", "cannot tell yet"
# Fewer posts on either side say nothing: a single one that went round the world would decide.
FEWEST_A_SIDE = 5
# Posts are enough once an effect as large as this would show.
WORTH = 1.3
# Posts that differ in following by less than this, beside level and age, tell nothing of it.
LEAST_INFORMATION = 1e-3


@dataclass(frozen=True)
class FollowingEffect:
    """The log effect of following on views, its standard error and degrees of freedom, and the posts it is based on.

    `log` and `se` are NaN where posts do not tell. `information` is how much they tell of the effect: the inverse of
    its variance where residuals have that of 1. `followed` and `others` are the posts that are compared.
    """

    log: float
    se: float
    freedom: int
    information: float
    followed: int
    others: int


@dataclass(frozen=True)
class Verdict:
    """What posts since say of advice: the effect with its 90% interval, NaN where they are too few.

    `missing_followed` and `missing_others` are how many more posts that follow it, and that do not, it takes to tell.
    """

    word: str
    effect: float
    low: float
    high: float
    missing_followed: int
    missing_others: int


def effect_of_following(posts: Posts, outcome: Outcome, rows: np.ndarray, follows: np.ndarray) -> FollowingEffect:
    """The effect of following on some of one account's posts, by least squares beside recent level and age.

    Parameters
    ----------
    posts
        All posts of the account; those before the advice tell its recent level too.
    outcome
        The logarithm of each post's views.
    rows
        The row numbers of the posts that are compared.
    follows
        By post of `posts` 1 where it follows, 0 where not, NaN where that is not known.
    """
    level = recent_level(outcome.value, posts.at.posted)
    age = np.log1p(np.maximum(np.nan_to_num(posts.at.days), 0))
    table = np.column_stack([level, age, follows, outcome.value])[rows]
    table = table[np.isfinite(table).all(axis=1)]
    followed = int((table[:, 2] == 1).sum())
    counts = followed, len(table) - followed
    covariates = table[:, :2][:, np.ptp(table[:, :2], axis=0) > 1e-9] if len(table) else table[:, :0]
    freedom = len(table) - covariates.shape[1] - 2
    if freedom < 1:
        return FollowingEffect(math.nan, math.nan, 0, 0.0, *counts)
    # Of both what level and age do not tell (Frisch and Waugh, 1933).
    follow, result = (residuals(column, covariates) for column in table[:, 2:].T)
    information = float(follow @ follow)
    if information < LEAST_INFORMATION:
        return FollowingEffect(math.nan, math.nan, 0, 0.0, *counts)
    log = float(follow @ result) / information
    rest = result - log * follow
    se = math.sqrt(float(rest @ rest) / freedom / information)
    return FollowingEffect(log, se, freedom, information, *counts)


def judge(effects: Sequence[FollowingEffect]) -> list[Verdict]:
    """What the effects of following say of each of an account's advice, or how many posts lack.

    One in ten of those that are said to have helped or hurt may be chance (Benjamini and Hochberg, 1995).
    """
    p = np.array([t_test_p_value(one.log, one.se, one.freedom) if _is_enough(one) else math.nan for one in effects])
    q, tested = np.full(len(p), math.nan), ~np.isnan(p)
    if tested.any():
        q[tested] = false_discovery(p[tested])
    return [_verdict(one, is_clear=bool(chance <= FALSE_SHARE)) for one, chance in zip(effects, q, strict=True)]


def _is_enough(one: FollowingEffect) -> bool:
    return min(one.followed, one.others) >= FEWEST_A_SIDE and not math.isnan(one.log)


def _verdict(one: FollowingEffect, *, is_clear: bool) -> Verdict:
    if not _is_enough(one):
        missing = max(FEWEST_A_SIDE - one.followed, 0), max(FEWEST_A_SIDE - one.others, 0)
        return Verdict(CANNOT_TELL, math.nan, math.nan, math.nan, *missing)
    step = one.se * float(stdtrit(one.freedom, 0.95))
    effect, low, high = (math.exp(log) for log in (one.log, one.log - step, one.log + step))
    if is_clear:
        return Verdict(HELPED if one.log > 0 else HURT, effect, low, high, 0, 0)
    # As many on each side as an interval takes that is no wider than the effect worth finding.
    spread = one.se * math.sqrt(one.information)
    enough = math.ceil(2 * (NORMAL_90 * spread / math.log(WORTH)) ** 2)
    missing = max(enough - one.followed, 0), max(enough - one.others, 0)
    return Verdict(CANNOT_TELL if any(missing) else NO_CLEAR_EFFECT, effect, low, high, *missing)
