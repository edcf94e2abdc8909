"""Posts by kind, length and hashtag: medians by hand, and what is too small to be shown."""

from __future__ import annotations

import pandas as pd
import pytest

from tiktok_coach.analysis.groups import PostGroups, group_posts
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import conform
from tiktok_coach.stats.account import posts_of


def grouped(**columns: list[object]) -> PostGroups:
    count = len(next(iter(columns.values())))
    day = pd.Timestamp("2026-06-01T12:00Z")
    table = {
        "post_id": [str(n) for n in range(count)],
        "account": ["baker"] * count,
        "posted_at": [day] * count,
        "metrics_at": [day + pd.Timedelta(days=30)] * count,
        **columns,
    }
    return group_posts(posts_of(conform(pd.DataFrame(table)), (Account(handle="baker"),), {}))


def test_medians_are_those_by_hand() -> None:
    groups = grouped(
        views=[10.0, 20.0, 90.0, 5.0, 6.0, 8.0, 1000.0],
        kind=["duet"] * 3 + ["original"] * 3 + ["stitch"],
        duration_s=[14.9, 10.0, 5.0, 15.0, 20.0, 29.0, 60.0],
        caption=["#rye", "#rye #rye", "#rye", "#oats", "#oats", "#oats #rye", ""],
    )
    assert groups.views == 10.0
    assert [(one.name, one.posts, one.views) for one in groups.kinds] == [("duet", 3, 20.0), ("original", 3, 6.0)]
    assert [(one.name, one.views) for one in groups.lengths] == [("under 15 seconds", 20.0), ("15–30 seconds", 6.0)]
    assert [(one.name, one.posts, one.views) for one in groups.hashtags] == [("rye", 4, 15.0), ("oats", 3, 6.0)]


def test_one_group_is_set_beside_nothing() -> None:
    groups = grouped(views=[10.0, 20.0, 90.0], kind=["duet"] * 3, duration_s=[4.0, 5.0, 61.0], caption=["", "", ""])
    assert groups.kinds == groups.lengths == groups.hashtags == ()


def test_without_views_nothing_is_known() -> None:
    groups = grouped(views=[None, None, None], caption=["#rye", "#rye", "#rye"])
    assert groups.views != groups.views
    assert groups.hashtags == ()


@pytest.mark.parametrize("count", [1, 5])
def test_posts_that_are_planned_do_not_count(count: int) -> None:
    groups = grouped(views=[100.0] * 3 + [1.0] * count, status=["published"] * 3 + ["planned"] * count)
    assert groups.views == 100.0
