"""What a post achieved, on a logarithm: views, completion and engagement, with how much few views tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.core.schema import column
from tiktok_coach.ranking.ageing import YOUNGEST_DAYS, ages

VIEWS, COMPLETION, ENGAGEMENT = "views", "completion", "engagement"
OUTCOMES = (VIEWS, COMPLETION, ENGAGEMENT)
INTERACTIONS = ("likes", "comments", "shares", "saves")
# How far rates of posts usually lie from each other, as the standard deviation of their logarithm, beside the chance of
# few views.
SPREAD = {COMPLETION: 0.35, ENGAGEMENT: 0.5}


@dataclass(frozen=True)
class Outcome:
    """The logarithm of an outcome (n; NaN where not measured), and the weight of its error: below 1 for few views."""

    name: str
    value: np.ndarray
    weight: np.ndarray

    def rows(self, rows: np.ndarray) -> Outcome:
        """That of some posts."""
        return Outcome(self.name, self.value[rows], self.weight[rows])


def numbers(posts: pd.DataFrame, name: str) -> np.ndarray:
    """A column as numbers, NaN where it is missing."""
    return column(posts, name).to_numpy(dtype="float64", na_value=np.nan)


def published_mask(posts: pd.DataFrame) -> np.ndarray:
    """Which posts (n, bool) are published, and a day old or more, or of unknown age."""
    out = (column(posts, "status").fillna("published") != "planned").to_numpy(dtype=bool)
    age = ages(posts)
    with np.errstate(invalid="ignore"):
        return np.asarray(out & ~(age < YOUNGEST_DAYS))


def outcome_of(name: str, posts: pd.DataFrame, account: np.ndarray) -> Outcome:
    """An outcome of every post; posts that are planned or younger than a day have none.

    Completion is the share that watched to the end, or where that is unknown the average watch time as a share of the
    length. Engagement is likes, comments, shares and saves per view, of those that all posts of the account (its number
    in `account`) tell.
    """
    usable, views = published_mask(posts), numbers(posts, "views")
    if name == VIEWS:
        return Outcome(name, np.where(usable, np.log1p(views), np.nan), np.ones(len(posts)))
    rate = _completion(posts, account) if name == COMPLETION else _engagement(posts, views, account)
    with np.errstate(invalid="ignore", divide="ignore"):
        measured = usable & (views > 0) & ~np.isnan(rate)
        floor = np.clip(rate, 0.5 / np.maximum(views, 1), 1.0)
        value = np.where(measured, np.log(floor), np.nan)
        chance = (1 - np.minimum(floor, 0.999)) / (np.maximum(views, 1) * floor)
    weight = SPREAD[name] / np.sqrt(SPREAD[name] ** 2 + np.nan_to_num(chance))
    return Outcome(name, value, np.where(measured, weight, 1.0))


def _completion(posts: pd.DataFrame, account: np.ndarray) -> np.ndarray:
    whole, watched, length = (numbers(posts, n) for n in ("completion_rate", "average_watch_time_s", "duration_s"))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(length > 0, np.minimum(watched / length, 1.0), np.nan)
    # One account's posts are all measured one way, so that no post is compared by another measure.
    accounts = int(account.max(initial=0)) + 1
    counts = (np.bincount(account[np.isfinite(rate)], minlength=accounts) for rate in (whole, share))
    use_whole = np.greater_equal(*counts)
    return np.where(use_whole[account], whole, share)


def _engagement(posts: pd.DataFrame, views: np.ndarray, account: np.ndarray) -> np.ndarray:
    total = np.zeros(len(posts))
    any_known = np.zeros(len(posts), dtype=bool)
    counted = np.isfinite(views)
    each = np.bincount(account[counted], minlength=int(account.max(initial=0)) + 1)
    for name in INTERACTIONS:
        counts = numbers(posts, name)
        known = counted & np.isfinite(counts)
        full = np.bincount(account[known], minlength=len(each)) == each
        full_rows = full[account] & counted
        total[full_rows] += counts[full_rows]
        any_known |= full_rows
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(any_known & (views > 0), np.minimum((total + 0.5) / (views + 1), 1.0), np.nan)
