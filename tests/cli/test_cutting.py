"""--cut, and the foretold curves of `simulate`: how viewers stay with planned videos, and without some seconds."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import tiktok_coach as tc
from tests.conftest import Ran
from tests.lint.test_planned_curves import CAUSES, PLAN, RYE
from tests.watched import write_watched
from tiktok_coach.media.facts import Video

Coach = Callable[..., Ran]
Name = Callable[[Sequence[Video]], Path]
SIMULATE = ("simulate", "plan.yaml", "--history", "studio.har", "--viewers", "0", "--media")


@pytest.fixture
def media(tmp_path: Path, name_videos: Name) -> Path:
    """The folder of a planned video and those of published posts, beside a plan and a capture."""
    (tmp_path / "plan.yaml").write_text(PLAN)
    return name_videos([*write_watched(tmp_path / "studio.har", 24, CAUSES), RYE])


def the_post(ran: Ran) -> dict[str, Any]:
    assert ran.code == 0, ran.err
    [post] = json.loads(ran.out)["posts"]
    assert isinstance(post, dict)
    return post


def test_a_planned_post_has_its_foretold_curve(coach: Coach, media: Path) -> None:
    curve = the_post(coach(*SIMULATE, media, "--json", "-q"))["retention"]
    low, high = curve["completion_interval"]
    assert low < curve["completion"] < high
    assert [one["event"] for one in curve["at_risk"]] == ["pause"]
    page = coach(*SIMULATE, media, "--post", "rye", "-q").out
    assert "How long viewers are expected to stay" in page
    assert "▲ Nobody speaks at 4–6 s, 11–12 s; 2." in page
    assert max(map(len, page.splitlines())) <= 110


def test_without_media_or_curves_there_is_none(coach: Coach, media: Path, tmp_path: Path) -> None:
    assert "retention" not in the_post(coach(*SIMULATE[:-1], "--json", "-q"))
    (tmp_path / "studio.har").rename(tmp_path / "other.har")
    (tmp_path / "posts.csv").write_text("post_id,posted_at,views\n7300000000000000001,2026-10-01T10:00:00Z,100\n")
    ran = coach("simulate", "plan.yaml", "--history", "posts.csv", "--viewers", "0", "--media", media, "--json", "-q")
    assert "retention" not in the_post(ran)


def test_a_pause_cut_out_of_a_planned_video_keeps_viewers(coach: Coach, media: Path) -> None:
    cut = the_post(coach(*SIMULATE, media, "--post", "rye", "--cut", "4-6", "--json", "-q"))["cut"]
    assert (cut["start"], cut["end"]) == (4, 6)
    assert 0 < cut["completion"]["interval"][0] < cut["completion"]["gain"]
    page = coach(*SIMULATE, media, "--post", "rye", "--cut", "4-6", "-q").out
    assert "Without seconds 4–6: " in " ".join(page.split())


def test_seconds_of_a_published_video(coach: Coach, media: Path, tmp_path: Path) -> None:
    ran = coach("retention", "studio.har", "--media", media, "--json", "-q")
    post_id = json.loads(ran.out)["posts"][0]["post_id"]
    asked = ("retention", "studio.har", "--media", media, "--post", post_id, "--cut", "2-4")
    cut = the_post(coach(*asked, "--json", "-q"))["cut"]
    assert cut["watch_time_s"]["gain"] == pytest.approx(
        cut["watch_time_s"]["after"] - cut["watch_time_s"]["before"], abs=1e-3
    )
    assert "Without seconds 2–4: " in " ".join(coach(*asked, "-q").out.split())
    export = tc.load(tmp_path / "studio.har", media=media)
    answer = tc.retention(export, post_id, cut=(2, 4))
    assert answer.to_dict()["posts"][0]["cut"] == cut
    assert "Without seconds 2–4" in str(answer)
    assert "pause" in set(tc.retention(export).to_frame()["event"])
    with pytest.raises(tc.CoachError, match="a cut is of one post"):
        tc.retention(export, cut=(2, 4))


@pytest.mark.parametrize(
    ("cut", "problem"),
    [
        ("6-4", "6-4 ends before it starts"),
        ("20-30", "20-30 is not in the video, which has 14 seconds"),
        ("0-14", "0-14 is all of the video"),
        ("3", "--cut '3' is not two whole seconds; such as 3-5"),
        ("1.5-3", "is not two whole seconds"),
        ("-1-3", "is not two whole seconds"),
        ("1-999999999999", "is not two whole seconds"),
    ],
)
def test_other_seconds_are_one_clear_line(coach: Coach, media: Path, cut: str, problem: str) -> None:
    ran = coach(*SIMULATE, media, "--post", "rye", f"--cut={cut}", "-q")
    assert ran.code == 2
    assert problem in ran.err


def test_a_cut_needs_a_post_and_its_video(coach: Coach, media: Path) -> None:
    ran = coach(*SIMULATE, media, "--cut", "4-6", "-q")
    assert ran.code == 2
    assert "name it with --post" in " ".join(ran.err.split())
    ran = coach(*SIMULATE[:-1], "--post", "rye", "--cut", "4-6", "-q")
    assert ran.code == 2
    assert "--cut needs the video of the post" in ran.err
    ran = coach("retention", "studio.har", "--post", "2026", "--cut", "4-6", "-q")
    assert ran.code == 2
