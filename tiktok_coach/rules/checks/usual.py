"""usual: a share of a post against what is usual for its account at that length, each with its own uncertainty.

What is usual is a line of the share's log-odds on the logarithm of the length, over the account's own posts.
"""

from __future__ import annotations

import numpy as np
from pydantic import Field

from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.translation import _
from tiktok_coach.rules.kind import NUMBERS, CheckKind, Params
from tiktok_coach.rules.outcome import UNKNOWN, Outcome, all_unknown, statuses
from tiktok_coach.rules.subjects import Subjects

NORMAL_90 = 1.6448536269514722
USUAL_LENGTH_S = 15.0
# How far the slope on the logarithm of the length may lie from none before the posts have been seen.
SLOPE_SD = 0.5
EDGE = 0.005


class Usual(Params):
    """At least `below` times what is usual. A post fails where it lies under that, and where chance alone can hardly be why:
    outside 90% of what is usual and of its own count of views. Needs `min_posts` posts of the account.
    """

    below: float = Field(0.9, gt=0, le=1)
    min_posts: int = Field(8, ge=4)


def evaluate(subjects: Subjects, field: str, params: Usual) -> Outcome:
    """Pass where the share is as usual or above; unknown where too few of the account's posts tell what is usual."""
    shares = subjects.column(field)
    if shares is None:
        return all_unknown(len(subjects))
    seconds, views = subjects.column_or_null("duration_s"), subjects.column_or_null("views")
    lengths = np.where(known_mask(seconds) & (seconds > 0), np.log(np.maximum(seconds, 0.1) / USUAL_LENGTH_S), 0.0)
    index, told = subjects.account_index(), known_mask(shares)
    usual, low, high = (np.full(len(subjects), np.nan) for _ in range(3))
    beyond = np.zeros(len(subjects))
    for position in range(len(subjects.context.accounts)):
        mine = told & (index == position)
        if mine.sum() < params.min_posts:
            continue
        odds = _log_odds(shares[mine])
        middle, doubt = _line(odds, lengths[mine])
        own = 1 / np.sqrt(np.maximum(np.nan_to_num(views[mine], nan=np.inf) * _chance(odds) * (1 - _chance(odds)), 1.0))
        beyond[mine] = (middle - odds) / np.sqrt(doubt**2 + own**2)
        usual[mine] = _chance(middle)
        low[mine], high[mine] = _chance(middle - NORMAL_90 * doubt), _chance(middle + NORMAL_90 * doubt)
    judged = known_mask(usual)
    ok = ~((shares < params.below * usual) & (beyond > NORMAL_90))
    status = statuses(ok, judged)
    status[~judged] = UNKNOWN
    terms = {
        "shown": lambda row: f"{shares[row]:.0%}",
        "usual": lambda row: f"{usual[row]:.0%}",
        "low": lambda row: f"{low[row]:.0%}",
        "high": lambda row: f"{high[row]:.0%}",
    }
    return Outcome(status, shares, terms)


def missing_input(subjects: Subjects, field: str, params: Usual) -> str | None:
    """More posts, where the share is known of some and of no account of enough."""
    shares = subjects.column(field)
    if shares is None:
        return None
    index = subjects.account_index()[known_mask(shares)]
    few = bool(np.bincount(index + 1)[1:].max(initial=0) < params.min_posts)
    return _("the pages of at least {min_posts} posts", min_posts=params.min_posts) if few else None


def _log_odds(shares: np.ndarray) -> np.ndarray:
    bounded = np.clip(shares, EDGE, 1 - EDGE)
    return np.asarray(np.log(bounded / (1 - bounded)))


def _chance(odds: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-odds)))


def _line(odds: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is usual at each post's length, and the standard error of that; posts are taken to scatter evenly about the line."""
    design = np.column_stack([np.ones(len(odds)), lengths])
    prior = np.array([[0.0, 1 / SLOPE_SD]])
    spread = max(float(np.std(odds, ddof=1)), 0.05)
    rows = np.vstack([design / spread, prior])
    slopes, *_other = np.linalg.lstsq(rows, np.append(odds / spread, 0.0), rcond=None)
    covariance = np.linalg.inv(rows.T @ rows)
    return design @ slopes, np.sqrt(np.einsum("ij,jk,ik->i", design, covariance, design))


KIND = CheckKind(
    name="usual",
    params=Usual,
    evaluate=evaluate,
    fields=NUMBERS,
    terms=frozenset({"value", "shown", "usual", "low", "high"}),
    missing_input=missing_input,
    reads_results=True,
)
