"""An account's posts by kind, by length and by hashtag, with the median views of each group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, numbers
from tiktok_coach.core.translation import N_
from tiktok_coach.stats.account import Posts

# Smaller groups are left out, and of hashtags all but the most used.
FEWEST, MOST_TAGS = 3, 10
# Lengths from one bound (s) to below the next.
BOUNDS = (15.0, 30.0, 60.0)
LENGTHS = (N_("under 15 seconds"), N_("15–30 seconds"), N_("30–60 seconds"), N_("a minute or longer"))


@dataclass(frozen=True)
class Group:
    """Posts that have something in common: how many, and their median views."""

    name: str
    posts: int
    views: float


@dataclass(frozen=True)
class PostGroups:
    """The groups of an account's posts of a day or older, and the median `views` of all these posts.

    Kinds and lengths are empty where fewer than two groups are large enough to be set beside each other; hashtags are
    those used most, without their `#`.
    """

    views: float
    kinds: tuple[Group, ...]
    lengths: tuple[Group, ...]
    hashtags: tuple[Group, ...]


def group_posts(posts: Posts) -> PostGroups:
    """The posts of one account by kind, length and hashtag; each list with the highest median views first."""
    views = np.where(posts.out, numbers(posts.table, "views"), np.nan)
    rows, known = np.arange(len(views)), np.isfinite(views)
    kind, length = column(posts.table, "kind"), numbers(posts.table, "duration_s")
    has_length = np.isfinite(length)
    of_length = np.array(LENGTHS, dtype=object)[np.searchsorted(BOUNDS, length[has_length], side="right")]
    tags = posts.subjects.hashtags()
    used = pd.DataFrame({"row": tags.row, "name": np.array(tags.words, dtype=object)[tags.code]}).drop_duplicates()
    has_kind = kind.notna().to_numpy(dtype=bool)
    kinds = _groups(views, rows[has_kind], kind[has_kind].astype("str"))
    lengths = _groups(views, rows[has_length], of_length)
    hashtags = sorted(_groups(views, used["row"], used["name"]), key=lambda one: -one.posts)[:MOST_TAGS]
    return PostGroups(
        float(np.median(views[known])) if known.any() else float("nan"),
        tuple(kinds) if len(kinds) > 1 else (),
        tuple(lengths) if len(lengths) > 1 else (),
        tuple(sorted(hashtags, key=lambda one: -one.views)),
    )


def _groups(views: np.ndarray, rows: np.ndarray | pd.Series[int], names: np.ndarray | pd.Series[str]) -> list[Group]:
    """The groups of posts (`rows`, each with the name of a group) that are large enough."""
    known = (
        pd.DataFrame({"views": views[rows], "name": names}).dropna().groupby("name")["views"].agg(["size", "median"])
    )
    large = known[known["size"] >= FEWEST].sort_values("median", ascending=False, kind="stable")
    return [Group(str(name), int(one["size"]), float(one["median"])) for name, one in large.iterrows()]
