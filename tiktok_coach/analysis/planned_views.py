"""The views that planned posts let expect beside what is published, as a simulation with a history says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tiktok_coach.core.account import Account
from tiktok_coach.core.facts import Facts, concat_facts, facts_from_frame, frame_from_facts
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import conform, planned_mask
from tiktok_coach.io.reading import Export
from tiktok_coach.rules.subjects import Context, post_subjects
from tiktok_coach.stats.account import Posts
from tiktok_coach.stats.views_model import expected_views

# The newest posts of a history that are looked at: older ones hardly weigh, and an editor asks at every stop of the
# keys.
MOST = 2_000
# What of a post the expectation rests on.
_ALWAYS = ("post_id", "account", "status", "posted_at", "posted_at_precision", "metrics_at", "views")
COLUMNS = (*_ALWAYS, "kind", "caption", "hashtags", "duration_s", "sound_original")


@dataclass(frozen=True)
class PlannedViews:
    """The `views` that a planned post lets expect, nine of ten posts between `low` and `high`, by so many `posts`."""

    views: float
    low: float
    high: float
    posts: int


def planned_views(history: Export, planned: Facts, accounts: Sequence[Account]) -> dict[int, PlannedViews]:
    """By row of `planned` the views expected of it a week after it goes out; without those that too few posts tell.

    `accounts` are those of the planned posts: what they say of themselves holds before what the history says.
    """
    own = frame_from_facts(_some(planned))
    own_handles = {account.handle or "" for account in accounts}
    earlier = history.posts[[name for name in COLUMNS if name in history.posts.columns]]
    is_own = earlier["account"].fillna("").isin(own_handles) if "account" in earlier else "" in own_handles
    earlier = earlier[~planned_mask(earlier) & is_own & ~earlier["post_id"].isin(own["post_id"])]
    if len(earlier) > MOST:
        earlier = earlier.iloc[np.sort(earlier["posted_at"].argsort(kind="stable").to_numpy()[-MOST:])]
    others = (one for one in history.accounts if (one.handle or "") not in own_handles)
    posts = conform(pd.concat([earlier, own], ignore_index=True))
    facts = concat_facts([facts_from_frame(earlier), _some(planned)])
    context = Context((*accounts, *others), history.audiences)
    is_planned = np.arange(len(posts)) >= len(earlier)
    expected = expected_views(Posts(posts, post_subjects(facts, context)), is_planned, is_planned)
    parts = (expected[name].tolist() for name in ("views", "low", "high", "posts"))
    rows = (PlannedViews(*of_post) for of_post in zip(*parts, strict=True))
    return {row: one for row, one in enumerate(rows) if one.views == one.views}


def _some(posts: Facts) -> Facts:
    """The posts with the columns alone that an expectation rests on."""
    names = [name for name in COLUMNS if name in posts.names]
    return Facts(len(posts), names, posts.column_or_null)
