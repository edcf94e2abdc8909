"""The bundled bakery: big enough, in the real forms, with the structure in it that later methods must find."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.writing import read, said
from tiktok_coach.demo.simulation import QUESTION_COMMENT_LIFT, TRUTH, simulate
from tiktok_coach.demo.storyboard import LEAVING_TRUTH, storyboard
from tiktok_coach.stats.hazard import Watching
from tiktok_coach.stats.leaving import fit_leaving
from tiktok_coach.stats.moments import EVENTS

POSTS = simulate(np.random.default_rng(7))


@pytest.fixture
def downloads(bakery: Path, tmp_path: Path) -> Path:
    """The bakery without what its owner saved from Studio's pages."""
    shutil.copytree(bakery, tmp_path / "bakery", ignore=shutil.ignore_patterns("*.har"))
    return tmp_path / "bakery"


def test_a_year_of_posts_with_scheduled_batches(downloads: Path) -> None:
    export = read(downloads, timezone="Europe/Copenhagen")
    assert len(export.posts) == len(POSTS) >= 150
    assert export.posts["post_id"].is_unique
    assert set(export.posts["post_id"]) == set(POSTS["post_id"])
    by_day = export.posts[export.posts["posted_at_precision"] == "day"]
    assert len(by_day) >= 5
    assert {s.format for s in export.sources} >= {
        "studio content",
        "studio overview",
        "studio viewers",
        "studio followers",
        "studio activity",
        "studio gender",
        "studio territories",
        "business suite videos",
        "account archive",
        "sidecar",
        "trends",
    }
    assert "warning" not in said(export)


@pytest.mark.parametrize("source", ["bakery", "downloads"])
def test_every_day_of_every_post_is_read_as_it_was(source: str, request: pytest.FixtureRequest) -> None:
    export = read(request.getfixturevalue(source), timezone="Europe/Copenhagen")
    truth = POSTS.set_index("post_id")["posted"]
    read_back = export.posts.set_index("post_id")
    for post_id, row in read_back.iterrows():
        moment = truth[post_id]
        if row["posted_at_precision"] == "day":
            assert row["posted_at"].date() == moment.tz_convert("Europe/Copenhagen").date()
        else:
            assert abs(row["posted_at"] - moment) < pd.Timedelta(seconds=10)


@pytest.mark.parametrize("source", ["bakery", "downloads"])
def test_the_newest_counts_win(source: str, request: pytest.FixtureRequest) -> None:
    posts = read(request.getfixturevalue(source), timezone="Europe/Copenhagen").posts.set_index("post_id")
    top = POSTS.nlargest(15, "views").set_index("post_id")["views"]
    assert (posts.loc[top.index, "views"] == top).all()


def test_what_helps_in_this_world_can_be_found_and_what_does_nothing_cannot() -> None:
    many = pd.concat([simulate(np.random.default_rng(seed)) for seed in range(40)], ignore_index=True)
    views = np.log(many["views"].to_numpy())
    design = {
        "hook_within_3_s": many["hook_s"] <= 3,
        "strong_opening_emotion": many["opening_emotion"] != "neutral",
        "community_hashtag": many["community"],
        "asks_question": many["asks_question"],
        "trending_sound": many["sound_trending"],
        "bpm_120": many["bpm"] >= 120,
    }
    age = np.log1p((many["posted"].max() - many["posted"]).dt.total_seconds() / 86400 / 7)
    matrix = np.column_stack([np.ones(len(many)), age, *(v.astype(float) for v in design.values())])
    found, *_ = np.linalg.lstsq(matrix, views, rcond=None)
    for name, effect in zip(design, found[2:], strict=True):
        assert abs(effect - TRUTH[name]) < 0.06, name
    rate = many["comments"] / many["views"]
    assert abs(rate[many["asks_question"]].mean() / rate[~many["asks_question"]].mean() - QUESTION_COMMENT_LIFT) < 0.1


def test_studio_s_pages_agree_with_the_downloads_and_add_what_those_lack(bakery: Path, downloads: Path) -> None:
    whole = read(bakery, timezone="Europe/Copenhagen").posts.set_index("post_id")
    alone = read(bakery / "studio_page.har", timezone="Europe/Copenhagen").posts.set_index("post_id")
    without = read(downloads, timezone="Europe/Copenhagen").posts.set_index("post_id")
    truth = POSTS.set_index("post_id")
    for name in ("views", "likes", "comments", "shares", "saves"):
        assert (alone[name].reindex(truth.index) == truth[name]).all(), name
    assert set(whole.columns) - set(without.columns) >= {
        "completion_rate",
        "average_watch_time_s",
        "retention_3s",
        "traffic_for_you",
        "search_terms",
    }
    assert whole["completion_rate"].notna().all()
    assert len(whole) == len(without)


def test_a_late_hook_loses_viewers_before_second_3_in_this_world(bakery: Path) -> None:
    posts = read(bakery, timezone="Europe/Copenhagen").posts.set_index("post_id")
    late = POSTS.set_index("post_id")["hook_s"].reindex(posts.index) > 3
    assert posts.loc[~late, "retention_3s"].mean() - posts.loc[late, "retention_3s"].mean() > 0.1


def test_pauses_and_text_make_viewers_leave_as_planted(bakery: Path) -> None:
    curves = read(bakery, timezone="Europe/Copenhagen").retention
    assert curves is not None
    by_id, boards = POSTS.set_index("post_id", drop=False), []
    for post_id, curve in curves.groupby("post_id"):
        board = storyboard(by_id.loc[str(post_id)].to_dict(), 7)
        shares = curve["share"].to_numpy("float64")
        events = np.zeros((len(shares) - 1, len(EVENTS)))
        for event, answer in (("pause", board.pauses), ("text", board.text)):
            events[:, EVENTS.index(event)] = answer[: len(events)]
        boards.append(Watching(shares, float(by_id.loc[str(post_id), "duration_s"]), events))
    model = fit_leaving(boards)
    assert model is not None
    for event in ("pause", "text"):
        assert model.effects[EVENTS.index(event)].effect == pytest.approx(LEAVING_TRUTH[event], rel=0.1)
