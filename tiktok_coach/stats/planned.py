"""What an account's history lets expect of planned posts: their views after a week."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tiktok_coach.ranking.ageing import ENOUGH_POSTS, ages
from tiktok_coach.stats.account import Posts
from tiktok_coach.stats.outcomes import numbers
from tiktok_coach.stats.views_model import Features, ViewsModel, features_of, fit_log_views

DAYS = 7


def post_features(posts: Posts, *, followers: bool = False) -> Features:
    """What is known of posts before they are out."""
    table = posts.table
    count = numbers(table, "followers") if followers else None
    return features_of(posts.at, posts.values, numbers(table, "sound_original"), count)


def fit_views_model(
    posts: Posts, facts: Features, rows: np.ndarray, age: np.ndarray | None = None
) -> ViewsModel | None:
    """The fit to the posts in these rows, as far as they are out and their age (`age`, or as the table tells) and views
    are known, in order of time; None where too few are.
    """
    age = ages(posts.table) if age is None else age
    views = numbers(posts.table, "views")
    with np.errstate(invalid="ignore"):
        usable = posts.out[rows] & (views[rows] > 0) & ~np.isnan(age[rows])
    kept = rows[usable]
    kept = kept[np.argsort(posts.subjects.column_or_null("posted_at")[kept], kind="stable")]
    return fit_log_views(np.log1p(views[kept]), age[kept], facts.rows(kept), posts.account[kept], len(posts.names))


def expected_views(posts: Posts, planned: np.ndarray, due: np.ndarray) -> pd.DataFrame:
    """For the planned posts that are `due` (a row each, by their place) the `views` that are expected at seven days of age (the median),
    with `low` and `high` (90%, of one post), on how many `posts` of its account that rests, and whether its facts `moved` it; missing for
    accounts with fewer than 12 posts of known age and views.
    """
    due_rows = (planned & due).nonzero()[0]
    table = pd.DataFrame(np.nan, index=due_rows, columns=pd.Index(["views", "low", "high"]))
    table["posts"], table["moved"] = 0, False
    if not len(due_rows):
        return table
    facts, account = post_features(posts), posts.account
    model = fit_views_model(posts, facts, (~planned).nonzero()[0])
    if model is None:
        return table
    table["posts"] = model.posts[account[due_rows]]
    enough = (table["posts"] >= ENOUGH_POSTS).to_numpy()
    rows = due_rows[enough]
    for name, values in zip(
        ("views", "low", "high"), model.predict(np.full(len(rows), DAYS), facts.rows(rows), account[rows]), strict=True
    ):
        table.loc[rows, name] = values
    table.loc[rows, "moved"] = bool(np.isfinite(model.ridge))
    return table
