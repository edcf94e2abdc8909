"""What an account's history lets expect of planned posts: their views after a week."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tiktok_coach.core.facts import facts_from_frame
from tiktok_coach.ranking.ageing import ENOUGH_POSTS, ages
from tiktok_coach.rules.subjects import Context
from tiktok_coach.stats.covariates import covariates_of
from tiktok_coach.stats.curves import values_of
from tiktok_coach.stats.outcomes import numbers, published_mask
from tiktok_coach.stats.views_model import Features, ViewsModel, features_of, fit_log_views

DAYS = 7


def post_features(posts: pd.DataFrame, context: Context, *, followers: bool = False) -> Features:
    """What is known of posts before they are out."""
    at = covariates_of(posts, context)
    held = values_of(facts_from_frame(posts), context, at)
    return features_of(at, held, numbers(posts, "sound_original"), numbers(posts, "followers") if followers else None)


def fit_views_model(
    posts: pd.DataFrame,
    facts: Features,
    account: np.ndarray,
    rows: np.ndarray,
    count: int,
    age: np.ndarray | None = None,
) -> ViewsModel | None:
    """The fit to the posts in these rows, as far as they are out and their age (`age`, or as the table tells) and views are known, in order
    of time.
    """
    age = ages(posts) if age is None else age
    views = numbers(posts, "views")
    with np.errstate(invalid="ignore"):
        usable = published_mask(posts)[rows] & (views[rows] > 0) & ~np.isnan(age[rows])
    kept = rows[usable]
    posted = facts_from_frame(posts).column_or_null("posted_at")
    kept = kept[np.argsort(posted[kept], kind="stable")]
    return fit_log_views(np.log1p(views[kept]), age[kept], facts.rows(kept), account[kept], count)


def expected_views(
    posts: pd.DataFrame, context: Context, account: np.ndarray, planned: np.ndarray, due: np.ndarray
) -> pd.DataFrame:
    """For the planned posts that are `due` (a row each, by their place) the `views` that are expected at seven days of age (the median),
    with `low` and `high` (90%, of one post), on how many `posts` of its account that rests, and whether its facts `moved` it; missing for
    accounts with fewer than 12 posts of known age and views.
    """
    asked = (planned & due).nonzero()[0]
    table = pd.DataFrame(np.nan, index=asked, columns=pd.Index(["views", "low", "high"]))
    table["posts"], table["moved"] = 0, False
    if not len(asked):
        return table
    facts = post_features(posts, context)
    count = int(account.max(initial=0)) + 1
    found = fit_views_model(posts, facts, account, (~planned).nonzero()[0], count)
    if found is None:
        return table
    table["posts"] = found.posts[account[asked]]
    enough = (table["posts"] >= ENOUGH_POSTS).to_numpy()
    rows = asked[enough]
    for name, values in zip(
        ("views", "low", "high"), found.at(np.full(len(rows), DAYS), facts.rows(rows), account[rows]), strict=True
    ):
        table.loc[rows, name] = values
    table.loc[rows, "moved"] = bool(np.isfinite(found.ridge))
    return table
