"""Reach in views: runs of the feed end as an account's own published posts did, and stay shares where too few posts tell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ranking.worlds import CATALOGUE, REFERENCE, account
from tiktok_coach.core.account import Account, Audience
from tiktok_coach.core.schema import conform
from tiktok_coach.ranking.baseline import age_adjusted_views
from tiktok_coach.ranking.feed.reach import (
    SHARE,
    TOGETHER,
    VIEWS,
    FeedPosts,
    OwnViews,
    Reach,
    account_batches,
    own_views,
    simulate_reach,
)
from tiktok_coach.ranking.feed.simulation import AudienceSettings, Stage
from tiktok_coach.ranking.scoring import score


def showing(views: np.ndarray, seed: int = 0, numbers: np.ndarray | None = None) -> FeedPosts:
    posts, _ = account(np.random.default_rng(seed), len(views))
    posts = posts.assign(views=pd.array(views.astype(int), dtype=posts["views"].dtype))
    found = score(posts, CATALOGUE, REFERENCE).ratios
    return FeedPosts(
        posts,
        found,
        np.ones(len(views), dtype=bool),
        np.zeros(len(views), dtype=np.int64) if numbers is None else numbers,
    )


def reach(
    shown: FeedPosts, published: FeedPosts | None = None, settings: AudienceSettings | None = None, runs: int = 20
) -> Reach:
    names = [f"account{n}" for n in range(int(shown.account.max()) + 1)]
    return simulate_reach(
        shown,
        published or shown,
        names,
        CATALOGUE,
        settings or AudienceSettings(),
        Account(timezone="UTC"),
        Audience(),
        np.random.default_rng(3),
        count=1500,
        runs=runs,
    )


def drawn(spread: float, count: int, seed: int = 0, middle: float = 2000.0) -> np.ndarray:
    return np.maximum(np.random.default_rng(seed).lognormal(np.log(middle), spread, count).round(), 20)


@pytest.mark.parametrize("spread", [0.4, 1.3, 2.2])
@pytest.mark.parametrize("count", [40, 120])
def test_runs_give_the_percentiles_of_the_accounts_own_views(spread: float, count: int) -> None:
    views = drawn(spread, count)
    (check,) = reach(showing(views), runs=1).checks
    assert check.posts == count
    assert check.own == pytest.approx(np.exp(np.quantile(np.log(views), [0.1, 0.5, 0.9])))
    assert check.close, check
    assert all(1 / 1.25 <= came / own <= 1.25 for came, own in zip(check.simulated, check.own, strict=True))


def test_posts_that_are_shown_are_as_widely_seen_as_those_that_set_the_stages() -> None:
    found = reach(showing(drawn(1.3, 60)), runs=60)
    assert set(found.table["unit"]) == {VIEWS}
    assert 0.75 <= np.median(found.table["median"]) / 2000 <= 1.4
    assert (found.table["low"] <= found.table["median"]).all()
    # A quarter of all runs ends in each of the four pools.
    assert found.stages.mean().to_numpy()[:3] == pytest.approx([0.75, 0.5, 0.25], abs=0.05)


def test_twelve_posts_give_views_and_eleven_a_share_of_the_viewers() -> None:
    enough, few = reach(showing(drawn(0.8, 12))), reach(showing(drawn(0.8, 11)))
    assert set(enough.table["unit"]) == {VIEWS}
    assert set(few.table["unit"]) == {SHARE}
    assert few.checks == ()
    assert (few.table["high"] <= 1.05).all()


def test_stages_from_a_file_stay_as_they_are() -> None:
    settings = AudienceSettings(stages=[Stage(share=0.1, hold=0.5), Stage(share=1.0)])
    found = reach(showing(drawn(0.8, 30)), settings=settings)
    assert set(found.table["unit"]) == {SHARE}
    assert found.checks == ()


def test_each_account_has_its_own_views() -> None:
    views = np.concatenate([drawn(0.6, 30, middle=500), drawn(0.6, 30, middle=80_000), drawn(0.6, 5)])
    found = reach(showing(views, numbers=np.repeat([0, 1, 2], [30, 30, 5])))
    assert [check.account for check in found.checks] == ["account0", "account1"]
    assert found.table["unit"].tolist() == [VIEWS] * 60 + [SHARE] * 5
    small, large = found.table["median"][:30].median(), found.table["median"][30:60].median()
    assert 250 <= small <= 1000
    assert 40_000 <= large <= 160_000


def test_planned_posts_are_seen_as_the_published_ones_and_excluded_ones_by_followers_alone() -> None:
    published = showing(drawn(0.8, 60))
    planned = conform(pd.DataFrame({"post_id": ["a", "b"], "status": ["planned", "planned"]}))
    shown = FeedPosts(planned, score(planned, CATALOGUE, REFERENCE).ratios, np.array([True, False]), np.array([0, 0]))
    found = reach(shown, published, runs=60)
    assert 800 <= found.table["median"].iloc[0] <= 5000
    assert found.table["median"].iloc[1] < np.quantile(published.posts["views"], 0.1)
    assert found.table["for_you_share"].iloc[1] == 0


def test_views_are_told_at_like_age() -> None:
    age = np.array([2.0, 5.0, 9.0, 30.0, 60.0])
    views = 1000 * (1 + age) ** 0.4
    same, days = age_adjusted_views(age, views)
    assert days == 9.0
    assert same == pytest.approx(np.full(5, 1000 * 10**0.4))
    assert age_adjusted_views(np.array([2.0, np.nan]), np.array([10.0, 20.0]))[1] is None


def test_posts_younger_than_a_day_and_without_views_tell_nothing() -> None:
    posts = conform(
        pd.DataFrame(
            {
                "post_id": [f"p{n}" for n in range(15)],
                "views": [100 + n for n in range(14)] + [None],
                "posted_at": pd.to_datetime(["2026-05-01T00:00Z"] * 13 + ["2026-05-09T20:00Z", "2026-05-01T00:00Z"]),
                "metrics_at": pd.to_datetime(["2026-05-10T00:00Z"] * 15),
            }
        )
    )
    told = own_views(posts, np.zeros(15, dtype=np.int64), np.ones(15, dtype=bool))
    assert told[0].posts == 13
    assert told[0].days == 9.0
    assert own_views(posts.head(11), np.zeros(11, dtype=np.int64), np.ones(11, dtype=bool)) == {}


@given(st.lists(st.integers(12, 60), max_size=200))
def test_every_account_is_in_one_part_and_parts_stay_small(sizes: list[int]) -> None:
    own = {n: OwnViews(np.zeros(101), size, None, np.arange(size)) for n, size in enumerate(sizes)}
    parts = list(account_batches(own))
    assert [number for part in parts for number in part] == list(own)
    assert all(sum(len(told.rows) for told in part.values()) <= TOGETHER for part in parts)
