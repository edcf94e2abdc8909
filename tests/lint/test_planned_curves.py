"""What lint foretells of planned videos, by the curves of published ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran
from tests.watched import write_watched
from tiktok_coach.linter.at_risk import risk_text
from tiktok_coach.media.facts import Video
from tiktok_coach.stats.expected_curve import Risk
from tiktok_coach.stats.leaving import EventEffect

Coach = Callable[..., Ran]
Name = Callable[[Sequence[Video]], Path]
CAUSES = {"pause": 2.5}
PLAN = """\
posts:
  - id: rye
    publish_at: 2031-02-03T18:00:00Z
    caption: "Which bread first? #rye"
    video: {file: rye.mp4}
"""
# Somebody speaks for 14 seconds, and stops for a breath in two places.
SPEECH = (0.9, 0.9, 0.9, 0.9, 0.0, 0.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.0, 0.9, 0.9)
RYE = Video(
    "rye.mp4",
    duration_s=13.5,
    cuts=(),
    speech_by_second=SPEECH,
    loudness_by_second=(-20.0,) * 14,
    motion_by_second=(3.0,) * 14,
    still_by_second=(0.0,) * 14,
    light_by_second=(0.5,) * 14,
    text_by_second=(0.0,) * 14,
)


@pytest.fixture
def planned(tmp_path: Path, name_videos: Name) -> Callable[..., Path]:
    """A plan beside a history of posts with curves; gives the folder of their videos."""

    def write(posts: int = 24, rye: Video = RYE, handle: str = "baker") -> Path:
        (tmp_path / "plan.yaml").write_text(PLAN)
        return name_videos([*write_watched(tmp_path / "studio.har", posts, CAUSES, handle=handle), rye])

    return write


def linted(coach: Coach, media: Path, *more: str) -> dict[str, Any]:
    ran = coach("lint", "plan.yaml", "--media", media, "--history", "studio.har", "--select", "L", "--json", *more)
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    assert isinstance(answer, dict)
    return answer


def test_seconds_at_which_viewers_leave_are_a_hint_with_what_to_do(coach: Coach, planned: Callable[..., Path]) -> None:
    [finding] = linted(coach, planned())["findings"]
    assert (finding["code"], finding["severity"], finding["line"]) == ("L106", "info", 5)
    assert finding["message"].startswith("nobody speaks at 4–6 s, 11–12 s; 2.")
    assert "times as many viewers leave then in your videos (" in finding["message"]
    assert finding["fix"].startswith("Cut out pauses. ")
    assert (finding["post_id"], finding["value"]) == ("rye", "4-6, 11-12")


def test_what_fewer_than_twice_as_many_leave_at_has_its_range_too() -> None:
    effect = EventEffect("cut", 1.5, 1.2, 1.9, 0.001, 0.01, posts=12, seconds=40, verdict="hurts")
    risk = Risk(effect, ((4, 6),), 0.1, 0.06)
    assert risk_text(risk) == "there is a cut at 4–6 s; 50% more viewers leave then in your videos (20–90%)"


def test_the_curve_is_a_fact_of_the_post(coach: Coach, planned: Callable[..., Path]) -> None:
    [curve] = linted(coach, planned())["retention"]
    assert (curve["post_id"], curve["line"], curve["length_s"], curve["posts"]) == ("rye", 5, 13.5, 24)
    low, high = curve["completion_interval"]
    assert 0 < low < curve["completion"] < high < 1
    assert curve["completion"] == curve["seconds"][-1]["share"]
    assert curve["watch_time_interval"][0] < curve["watch_time_s"] < curve["watch_time_interval"][1] < 13.5
    assert [one["second"] for one in curve["seconds"]] == list(range(15))
    [risk] = curve["at_risk"]
    assert (risk["event"], risk["spans"]) == ("pause", [[4, 6], [11, 12]])
    assert risk["left"] > risk["usual"] * 1.5


def test_a_video_without_pauses_has_a_curve_and_no_finding(coach: Coach, planned: Callable[..., Path]) -> None:
    media = planned(rye=replace(RYE, speech_by_second=(0.9,) * 14))
    answer = linted(coach, media)
    assert answer["findings"] == []
    assert answer["retention"][0]["at_risk"] == []


def test_people_read_the_curve_below_the_summary(coach: Coach, planned: Callable[..., Path]) -> None:
    ran = coach("lint", "plan.yaml", "--media", planned(), "--history", "studio.har", "--select", "L")
    assert ran.code == 0
    text = " ".join(ran.out.split())
    assert "plan.yaml:5: " in text
    assert "are expected to watch to the end (" in text
    assert "; usual for 14 s: " in text


@pytest.mark.parametrize("form", ["concise", "jsonl", "sarif", "github", "gitlab", "junit", "markdown"])
def test_every_format_has_the_finding(coach: Coach, planned: Callable[..., Path], form: str) -> None:
    media = planned()
    ran = coach("lint", "plan.yaml", "--media", media, "--history", "studio.har", "--select", "L", "--format", form)
    assert ran.code == 0
    assert "nobody speaks at 4–6 s" in ran.out.replace("\\u2013", "–")


def test_it_is_silenced_by_its_code(coach: Coach, planned: Callable[..., Path], tmp_path: Path) -> None:
    media = planned()
    assert linted(coach, media, "--ignore", "L106")["findings"] == []
    plan = PLAN.replace("{file: rye.mp4}", "{file: rye.mp4}  # coach: ignore[L106] a breath is right here")
    (tmp_path / "plan.yaml").write_text(plan)
    assert linted(coach, media)["findings"] == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"posts": 5}, "that takes 8 published posts with a curve and a video"),
        ({"rye": replace(RYE, duration_s=90.0)}, "longer than all that have one, or could not be measured"),
        ({"rye": Video("rye.mp4", duration_s=12.0)}, "longer than all that have one, or could not be measured"),
        ({"rye": replace(RYE, duration_s=None)}, "longer than all that have one, or could not be measured"),
    ],
)
def test_where_too_little_is_known_nothing_is_said(
    coach: Coach, planned: Callable[..., Path], change: dict[str, Any], why: str
) -> None:
    media = planned(**change)
    answer = linted(coach, media)
    assert answer["findings"] == []
    assert "retention" not in answer
    ran = coach("lint", "plan.yaml", "--media", media, "--history", "studio.har", "--select", "L", "-v")
    assert why in ran.err


def test_another_account_tells_nothing(coach: Coach, planned: Callable[..., Path], tmp_path: Path) -> None:
    media = planned()
    (tmp_path / "plan.yaml").write_text("account: {handle: miller}\n" + PLAN)
    assert "retention" not in linted(coach, media)


def test_a_history_without_curves_says_so(coach: Coach, planned: Callable[..., Path], tmp_path: Path) -> None:
    media = planned()
    (tmp_path / "posts.csv").write_text("post_id,posted_at,views\n7300000000000000001,2026-10-01T10:00:00Z,100\n")
    ran = coach("lint", "plan.yaml", "--media", media, "--history", "posts.csv", "--select", "L", "-v")
    assert "the history holds none" in ran.err
    assert "expected to watch" not in ran.out


def test_a_fix_keeps_the_curve(coach: Coach, planned: Callable[..., Path]) -> None:
    assert [one["code"] for one in linted(coach, planned(), "--fix")["findings"]] == ["L106"]


def test_videos_of_published_posts_need_belong_to_no_planned_one(coach: Coach, planned: Callable[..., Path]) -> None:
    media = planned()
    ran = coach("lint", "plan.yaml", "--media", media, "--history", "studio.har", "--select", "L")
    assert "belongs to no post" not in ran.err
    assert "belongs to no post" in coach("lint", "plan.yaml", "--media", media, "--select", "L").err


def test_it_is_said_in_danish_too(coach: Coach, planned: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "da")
    ran = coach("lint", "plan.yaml", "--media", planned(), "--history", "studio.har", "--select", "L", "-q", "--json")
    [finding] = json.loads(ran.out)["findings"]
    assert finding["message"].startswith("ingen taler ved 4–6 s, 11–12 s; 2,")
    assert finding["fix"].startswith("Klip pauserne ud. ")
