"""The simulated feed: the ranker only ranks, the response model only responds, and the staged test parts the posts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.ranking.worlds import CATALOGUE, REFERENCE
from tests.writing import put
from tiktok_coach.core.account import Account, Audience
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import conform
from tiktok_coach.ranking.feed.reach import FeedPosts, Reach, active_hours, simulate_reach, with_territories
from tiktok_coach.ranking.feed.simulation import (
    AudienceSettings,
    PostTraits,
    Stage,
    post_matrix,
    read_audience,
    scores,
    topic_matrix,
    topics_of,
    viewer_matrix,
    viewers,
)
from tiktok_coach.ranking.scoring import score

VALUES = CATALOGUE.values("assumed")
SETTINGS = AudienceSettings()


def traits(count: int, topics: int = 4, **changes: np.ndarray) -> PostTraits:
    held = {
        "topics": np.eye(count, topics),
        "quality": np.zeros(count),
        "category": np.zeros(count, dtype=int),
        "hour": np.full(count, -1),
        "length": np.zeros(count),
    }
    return PostTraits(**(held | changes))


def crowd(count: int = 2000, settings: AudienceSettings = SETTINGS, **options: object):
    return viewers(count, ["a", "b", "c", "d"], settings, np.random.default_rng(1), **options)  # type: ignore[arg-type]


def reach(
    rows: list[dict[str, object]],
    eligible: list[bool] | None = None,
    settings: AudienceSettings = SETTINGS,
    seed: int = 1,
    published: FeedPosts | None = None,
    **options: int,
) -> Reach:
    posts = conform(pd.DataFrame([{"post_id": f"p{n}", **row} for n, row in enumerate(rows)]))
    found = score(posts, CATALOGUE, REFERENCE)
    mask = np.array(eligible or [True] * len(rows))
    given = {"count": 1500, "runs": 25} | options
    showing = FeedPosts(posts, found.ratios, mask, np.zeros(len(rows), dtype=np.int64))
    return simulate_reach(
        showing,
        published if published is not None else showing,
        ["ovnkrogen"],
        CATALOGUE,
        settings,
        Account(timezone="UTC"),
        Audience(),
        np.random.default_rng(seed),
        **given,
    )


def test_a_score_is_the_logistic_curve_of_one_product() -> None:
    rows, posts = viewer_matrix(crowd(50)), post_matrix(traits(3), VALUES)
    wanted = 1 / (1 + np.exp(-(rows.astype(float) @ posts.T.astype(float))))
    assert np.allclose(scores(rows, posts), wanted, atol=1e-5)
    assert scores(rows, posts).dtype == np.float32


@pytest.mark.parametrize(
    ("side", "flag"),
    [("own_country", "country"), ("own_language", "language"), ("follows", "follow"), ("creates", "own_topic")],
)
def test_each_side_of_a_viewer_raises_the_score_and_settings_raise_it_less(side: str, flag: str) -> None:
    people = crowd(20)
    yes, no = (replace(people, **{side: np.full(20, value)}) for value in (True, False))
    posts = post_matrix(traits(2), VALUES)
    gain = scores(viewer_matrix(yes), posts) - scores(viewer_matrix(no), posts)
    assert (gain > 0).all(), flag
    if side in {"own_country", "own_language"}:
        follow = scores(viewer_matrix(replace(people, follows=np.full(20, True))), posts) - scores(
            viewer_matrix(replace(people, follows=np.full(20, False))), posts
        )
        assert follow.mean() > gain.mean()


def test_viewers_rank_what_they_are_fond_of_and_better_posts_higher() -> None:
    people = crowd(3000)
    posts = post_matrix(traits(2, quality=np.array([0.0, 0.5])), VALUES)
    table = scores(viewer_matrix(people), posts)
    fond = people.interests[:, 0] > 3
    assert table[fond, 0].mean() > table[~fond, 0].mean()
    assert table[:, 1].mean() > table[:, 0].mean()


def test_viewers_who_like_longer_videos_rank_them_higher() -> None:
    people = replace(crowd(100), interests=np.ones((100, 4), dtype=np.float32))
    table = scores(viewer_matrix(people), post_matrix(traits(2, length=np.log([4.0, 1.0])), VALUES))
    assert np.array_equal(table[:, 0] > table[:, 1], people.longer > 0)


def test_a_share_of_viewers_ends_at_all_of_them() -> None:
    everyone = AudienceSettings(followers=1, stages=[Stage(share=1)], hidden=0, seen=0)
    shown = reach([{"views": 500, "likes": 40, "comments": 3, "shares": 3}], settings=everyone, runs=5, count=200)
    assert shown.table["unit"].tolist() == ["share of viewers"]
    assert (shown.table["high"] <= 1).all()


def test_the_hour_counts_where_it_is_known() -> None:
    hours = np.zeros(24)
    hours[19] = 1
    people = crowd(500, hours=hours)
    posts = post_matrix(traits(3, hour=np.array([19, 7, -1])), VALUES)
    evening, morning, unknown = scores(viewer_matrix(people), np.where(np.arange(posts.shape[1]) < 4, 0, posts)).mean(
        axis=0
    )
    assert evening > unknown > morning


def test_better_posts_reach_further_and_excluded_ones_reach_followers_alone() -> None:
    rows = [
        {
            "views": 50_000,
            "likes": 9000,
            "comments": 900,
            "shares": 900,
            "saves": 1200,
            "completion_rate": 0.6,
            "duration_s": 15.0,
        },
        {
            "views": 50_000,
            "likes": 300,
            "comments": 10,
            "shares": 10,
            "saves": 10,
            "completion_rate": 0.1,
            "duration_s": 15.0,
        },
    ]
    found = reach([*rows, rows[0]], [True, True, False])
    good, poor, excluded = found.table["median"]
    assert good > 5 * poor
    assert excluded < poor
    assert found.table["for_you_share"].iloc[2] == 0
    assert found.why[2] == "never recommended: seen in Following alone"
    assert "reached every wider audience" in found.why[0]
    assert "it ended with audience 1" in found.why[1]
    assert (found.stages.diff(axis=1).iloc[:, 1:] <= 1e-12).all().all()


def test_the_same_seed_gives_the_same_reach_and_another_seed_another() -> None:
    rows = [{"views": 500, "likes": 30}, {"views": 900, "likes": 80}]
    one, two, other = reach(rows), reach(rows), reach(rows, seed=2)
    pd.testing.assert_frame_equal(one.table, two.table)
    assert not one.table.equals(other.table)


def test_a_large_audience_is_run_in_crowds(monkeypatch: pytest.MonkeyPatch) -> None:
    import tiktok_coach.ranking.feed.simulation as room

    monkeypatch.setattr(room, "MOST_PAIRS", 1000)
    found = reach([{"views": 500, "likes": 30}, {"views": 900, "likes": 80}], runs=10)
    assert (found.table["high"] <= 1.05).all()
    assert (found.table["median"] >= 50 / 1500).all()


def test_hidden_creators_and_seen_posts_are_not_shown() -> None:
    rows = [
        {
            "views": 50_000,
            "likes": 9000,
            "comments": 900,
            "shares": 900,
            "saves": 1200,
            "completion_rate": 0.6,
            "duration_s": 15.0,
        }
    ]
    nobody = reach(rows, settings=AudienceSettings(hidden=1.0, followers=0.0))
    assert nobody.table["high"].iloc[0] == 0
    assert np.isnan(nobody.table["for_you_share"].iloc[0])
    seen = reach(rows, settings=AudienceSettings(seen=1.0, followers=0.0, diversity=0.0))
    assert seen.table["high"].iloc[0] == 0


def test_a_single_stage_and_progress() -> None:
    steps: list[int] = []
    posts = conform(pd.DataFrame({"post_id": ["a"], "views": [10]}))
    showing = FeedPosts(posts, score(posts, CATALOGUE, REFERENCE).ratios, np.array([True]), np.array([0]))
    found = simulate_reach(
        showing,
        showing,
        [""],
        CATALOGUE,
        AudienceSettings(stages=[Stage(share=0.5)]),
        Account(),
        Audience(),
        np.random.default_rng(1),
        count=100,
        runs=3,
        progress=steps.append,
    )
    assert steps == [1, 2, 3]
    assert found.stages.shape == (1, 1)


def test_exports_describe_the_audience() -> None:
    territories = pd.DataFrame({"territory": ["DK", "SE"], "share": [0.6, 0.4]})
    activity = pd.DataFrame({"hour": [7, 19], "active_followers": [1.0, 3.0]})
    audience = Audience(territories=territories, activity=activity)
    assert with_territories(SETTINGS, audience).countries == {"DK": 0.6, "SE": 0.4}
    assert with_territories(AudienceSettings(countries={"NO": 1.0}), audience).countries == {"NO": 1.0}
    hours = active_hours(audience)
    assert hours is not None
    assert hours[19] == 3.0
    assert active_hours(Audience()) is None
    danish = crowd(4000, with_territories(SETTINGS, audience), country="DK")
    assert danish.own_country.mean() == pytest.approx(0.6, abs=0.03)
    assert crowd(400, with_territories(SETTINGS, audience), country="NO").own_country.mean() == 0


def test_topics_are_hashtags_sounds_and_effects() -> None:
    posts = conform(
        pd.DataFrame(
            {
                "post_id": ["a", "b"],
                "caption": ["#rye", "none"],
                "sound": ["Oven", None],
                "effects": ["zoom; spin", "none"],
            }
        )
    )
    tags, topics = topics_of(posts)
    assert tags == [["rye", "sound: oven", "effect: zoom", "effect: spin"], []]
    assert topic_matrix(tags, topics).sum(axis=1).tolist() == [1.0, 0.0]
    assert topics_of(conform(pd.DataFrame({"post_id": ["a"]})))[1] == ["none"]


def test_audience_files(tmp_path: Path) -> None:
    good = read_audience(
        put(
            tmp_path / "a.yaml", "followers: 0.1\nstages: [{share: 0.1, hold: 0.9}, {share: 1}]\ncountries: {DK: 0.8}\n"
        )
    )
    assert good.followers == 0.1
    for text, message in (
        ("folowers: 1\n", r"a\.yaml:1: unknown key folowers"),
        ("stages: [{share: 0.5}, {share: 0.1}]\n", "audiences must grow"),
        ("countries: {DK: 0.8, SE: 0.8}\n", "add up to more than 1"),
        ("hidden: 2\n", r"a\.yaml:1: hidden"),
    ):
        with pytest.raises(CoachError, match=message):
            read_audience(put(tmp_path / "a.yaml", text))
    with pytest.raises(CoachError, match="cannot be read"):
        read_audience(tmp_path / "none.yaml")
