"""usual: a share of a post against what is usual for its account at that length, each with its own uncertainty.

What is usual is a line of the share's log-odds on the logarithm of the length, over the account's own posts.
"""

from __future__ import annotations

import numpy as np
from pydantic import ConfigDict, Field

from tiktok_coach.core.translation import N_, _
from tiktok_coach.rules.kind import NUMBERS, CheckKind, Outcome, Params, Subjects, known_mask, statuses

NORMAL_90 = 1.6448536269514722
USUAL_LENGTH_S = 15.0
# How far the slope on the logarithm of the length may lie from none before the posts have been seen.
SLOPE_SD = 0.5
EDGE = 0.005


class UsualShare(Params):
    """At least `below` times what is usual. A post fails where it lies under that, and where chance alone can hardly be
    why: outside 90% of what is usual and of its own count of views. Needs `min_posts` posts of the account.
    """

    model_config = ConfigDict(title="Usual")
    below: float = Field(0.9, gt=0, le=1)
    min_posts: int = Field(8, ge=4)

    @property
    def condition(self) -> str:
        """When a subject passes."""
        return N_("{field} must not be clearly less than {below} times your usual")


def evaluate(subjects: Subjects, field: str, params: UsualShare) -> Outcome:
    """Pass where the share is as usual or above; unknown where too few of the account's posts tell what is usual."""
    shares = subjects.column_or_null(field)
    seconds, views = subjects.column_or_null("duration_s"), subjects.column_or_null("views")
    log_lengths = np.zeros(len(subjects))
    is_long = known_mask(seconds) & (seconds > 0)
    log_lengths[is_long] = np.log(np.maximum(seconds[is_long], 0.1) / USUAL_LENGTH_S)
    usual, low, high, below = (np.full(len(subjects), np.nan) for _name in range(4))
    for rows in subjects.account_rows(known_mask(shares)):
        if len(rows) < params.min_posts:
            continue
        bounded = np.clip(shares[rows], EDGE, 1 - EDGE)
        odds = np.log(bounded / (1 - bounded))
        middle, error = _fit_line(odds, log_lengths[rows])
        share = _share(odds)
        own_error = 1 / np.sqrt(np.maximum(np.nan_to_num(views[rows], nan=np.inf) * share * (1 - share), 1.0))
        below[rows] = (middle - odds) / np.hypot(error, own_error)
        usual[rows], low[rows], high[rows] = (_share(middle + sign * NORMAL_90 * error) for sign in (0, -1, 1))
    is_low = (shares < params.below * usual) & (below > NORMAL_90)
    columns = {"shown": shares, "usual": usual, "low": low, "high": high}
    terms = {name: lambda row, values=values: f"{values[row]:.0%}" for name, values in columns.items()}
    return Outcome(statuses(~is_low, known_mask(usual)), shares, terms)


def missing_input(subjects: Subjects, field: str, params: UsualShare) -> str | None:
    """More posts, where no account has enough."""
    index = subjects.account_index()[known_mask(subjects.column_or_null(field))]
    is_few = bool(np.bincount(index + 1)[1:].max(initial=0) < params.min_posts)
    return _("the pages of at least {min_posts} posts", min_posts=params.min_posts) if is_few else None


def _share(odds: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-odds)))


def _fit_line(odds: np.ndarray, log_lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is usual at each post's length, and its standard error; posts are taken to scatter evenly about the line."""
    design = np.column_stack([np.ones(len(odds)), log_lengths])
    prior = np.array([[0.0, 1 / SLOPE_SD]])
    spread = max(float(np.std(odds, ddof=1)), 0.05)
    rows = np.vstack([design / spread, prior])
    slopes, *_other = np.linalg.lstsq(rows, np.append(odds / spread, 0.0), rcond=None)
    covariance = np.linalg.inv(rows.T @ rows)
    return design @ slopes, np.sqrt(np.einsum("ij,jk,ik->i", design, covariance, design))


KIND = CheckKind(
    "usual",
    UsualShare,
    evaluate,
    fields=NUMBERS,
    terms={"value", "shown", "usual", "low", "high"},
    reads_results=True,
    missing_input=missing_input,
)
