"""retention: why viewers leave, of an account and of one post."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import Ran
from tests.io import pages
from tests.watched import write_watched
from tests.writing import put, video_id
from tiktok_coach.analysis.retention import retention
from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.media.facts import Video
from tiktok_coach.render.pages.show import print_page
from tiktok_coach.render.retention_post import CHARACTERS, retention_post_page
from tiktok_coach.stats.what_if_cut import TRACKS

Coach = Callable[..., Ran]
Name = Callable[[Sequence[Video]], Path]
EVENTS = ["cut", "no cut for long", "speech", "pause", "text", "louder", "quieter", "motion", "still", "black"]
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
CAUSES = {"pause": 2.5, "cut": 0.7}


def answered(coach: Coach, *arguments: str | Path) -> dict[str, Any]:
    ran = coach("retention", *arguments, "--json", "-q")
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    assert isinstance(answer, dict)
    return answer


def effects(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["event"]: one for one in answer["effects"]}


def test_planted_reasons_come_back_with_what_to_do(coach: Coach, tmp_path: Path, name_videos: Name) -> None:
    videos = name_videos(write_watched(tmp_path / "studio.har", 24, CAUSES))
    answer = answered(coach, "studio.har", "--media", videos)
    assert [one["event"] for one in answer["effects"]] == EVENTS
    pause, cut = (effects(answer)[event] for event in ("pause", "cut"))
    assert (pause["verdict"], cut["verdict"]) == ("hurts", "helps")
    assert pause["effect"] == pytest.approx(2.5, rel=0.2)
    assert answer["counts"] == {"curves": 24, "videos": 24, "needed": 8}
    assert {"pause", "cut"} <= {one["event"] for one in answer["worth"]}
    page = coach("retention", "studio.har", "--media", videos, "-q").out
    assert page.startswith("Viewers leave where nobody speaks, @baker\nCut out pauses. In pauses in speech 2.")
    assert "need not be the reason" in page


def test_a_post_has_its_curve_and_what_costs_most(coach: Coach, tmp_path: Path, name_videos: Name) -> None:
    made = write_watched(tmp_path / "studio.har", 24, CAUSES)
    videos, post_id = name_videos(made), made[-1].file.removesuffix(".mp4")
    [post] = answered(coach, "studio.har", "--media", videos, "--post", post_id)["posts"]
    assert (post["post_id"], post["has_video"]) == (post_id, True)
    assert post["shares"][0] == 1
    assert post["completion"] == post["shares"][-1]
    assert len(post["usual"]) == len(post["shares"]) - 1
    for fall in post["falls"]:
        assert fall["left"] > fall["usual"]
        for event in fall["events"]:
            assert any(start <= fall["second"] < end for start, end in post["events"][event])
    page = coach("retention", "studio.har", "--media", videos, "--post", post_id[-4:], "-q").out
    assert page.splitlines()[1].startswith(f"Most viewers leave in second {post['falls'][0]['second']}")
    assert max(map(len, page.splitlines())) <= 110
    # Each row stands below the seconds in which the video has it.
    across, seconds = 110 - len("speech  │"), len(post["usual"])
    [cells] = [line.partition("│")[2] for line in page.splitlines() if line.startswith("pause ")]
    for start, end in post["events"]["pause"]:
        assert cells[round(start / seconds * across) : round(end / seconds * across)].strip("━") == ""
    assert cells.count("━") == pytest.approx(sum(b - a for a, b in post["events"]["pause"]) / seconds * across, abs=2)
    [marks] = [line for line in page.splitlines() if line.strip().startswith("▲") and "Second" not in line]
    second = post["falls"][0]["second"] + 0.5
    assert marks.index("▲1") == pytest.approx(len("speech  │") + second / seconds * across, abs=1)


def test_a_picture_is_of_one_post_and_goes_to_a_file(
    coach: Coach, tmp_path: Path, name_videos: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PIL", reason="needs the extra media")
    from PIL import Image

    made = write_watched(tmp_path / "studio.har", 10, CAUSES, captions=("Rugbrød \N{BREAD} " + "og mere " * 60,))
    videos, post_id = name_videos(made), made[0].file.removesuffix(".mp4")
    seconds: list[list[float]] = []

    def stills(files: Sequence[tuple[Path, Sequence[float]]], *, wide: int, jobs: int) -> list[list[np.ndarray]]:
        seconds.extend(list(at) for _path, at in files)
        return [[np.full((2 * wide, wide, 3), (10, 200, 30), np.uint8) for _at in at] for _path, at in files]

    monkeypatch.setattr("tiktok_coach.media.probe.stills", stills)
    ran = coach("retention", "studio.har", "--media", videos, "--post", post_id, "-o", "post.png")
    assert (ran.code, ran.out) == (0, "")
    picture = Image.open(tmp_path / "post.png").convert("RGB")
    assert picture.width == 1080
    # Both pictures of moments are in it, and two of the costliest seconds were asked for.
    assert {(10, 200, 30), (255, 255, 255)} <= {colour for _count, colour in picture.getcolors(1 << 24) or ()}
    [post] = answered(coach, "studio.har", "--media", videos, "--post", post_id)["posts"]
    assert {at - 0.5 for at in seconds[0]} <= {fall["second"] for fall in post["falls"]}
    first = (tmp_path / "post.png").read_bytes()
    coach("retention", "studio.har", "--media", videos, "--post", post_id, "-o", "post.png")
    assert (tmp_path / "post.png").read_bytes() == first
    for arguments, problem in {
        ("--post", post_id, "--format", "png"): "--format png needs a file",
        ("-o", "all.png"): "a picture is of one post",
    }.items():
        ran = coach("retention", "studio.har", "--media", videos, *arguments)
        assert (ran.code, problem in ran.err, len(ran.err.splitlines())) == (2, True, 1)


def test_a_word_that_is_wider_than_the_picture_is_broken() -> None:
    pytest.importorskip("PIL", reason="needs the extra media")
    from tiktok_coach.render.retention_png import MARGIN, TITLE, WIDE, _Sheet

    sheet = _Sheet()
    parts = sheet._parts("Sourdough" * 20, TITLE, WIDE - 2 * MARGIN)
    assert "".join(parts) == "Sourdough" * 20
    assert len(parts) > 2
    assert max(sheet.wide(part, TITLE) for part in parts) <= WIDE - 2 * MARGIN
    assert sheet._parts("bread", TITLE, WIDE) == ["bread"]


def test_a_post_without_a_curve_has_no_picture(coach: Coach, tmp_path: Path) -> None:
    pytest.importorskip("PIL", reason="needs the extra media")
    put(tmp_path / "posts.csv", "post_id,posted_at,caption,views\np1,2026-08-01,Rye,90\np2,2026-08-02,Wheat,80\n")
    ran = coach("retention", "posts.csv", "--post", "p1", "-o", "post.png")
    assert (ran.code, "no file has the curve of this post" in ran.err) == (2, True)
    assert not (tmp_path / "post.png").exists()


def test_a_terminal_with_colours_shows_the_moments(tmp_path: Path, name_videos: Name) -> None:
    pytest.importorskip("av", reason="needs the extra media")
    from rich.console import Console

    made = write_watched(tmp_path / "studio.har", 10, CAUSES)
    options = AnalysisOptions(inputs=(tmp_path / "studio.har",), media=(name_videos(made),), now=NOW)
    result = retention(options).answer
    post = result.posts[0]
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system="truecolor", highlight=False)
    picture = np.full((24, CHARACTERS, 3), (10, 200, 30), np.uint8)
    print_page(retention_post_page(result, post.row, [(0, picture), (2, picture)]), console)
    lines = re.sub(r"\x1b\[[\d;]*m", "", console.file.getvalue()).splitlines()  # type: ignore[attr-defined]
    assert any(line.startswith("▲1") and "▲3" in line for line in lines)
    assert sum(line.startswith("▀" * CHARACTERS) for line in lines) == 12
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 80


def test_the_report_says_it_too(
    coach: Coach, tmp_path: Path, name_videos: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = write_watched(tmp_path / "studio.har", 12, CAUSES, captions=("Rye </svg><script>alert(1)</script>",))
    videos = name_videos(made)
    monkeypatch.setattr("tiktok_coach.media.probe.strips", lambda files, **_how: [None for _file in files])
    monkeypatch.setattr(
        "tiktok_coach.media.probe.stills", lambda files, **_how: [[None] * len(at) for _path, at in files]
    )
    assert coach("report", "studio.har", "--media", videos, "-o", "report.html").code == 0
    page = (tmp_path / "report.html").read_text("utf-8")
    section = page[page.index('<section id="leave"') :].partition("</section>")[0]
    assert "Why viewers leave</h2>" in section
    assert "Grey rows: no clear effect, or too few to tell." in section
    # What is to be done is said in full in one place, to which the other leads.
    assert (page.count("In pauses in speech"), section.count("In pauses in speech")) == (1, 1)
    assert "watched instead of " in page
    assert '<a href="#leave">Why viewers leave</a>' in page.partition("</nav>")[2]
    assert section.count('<svg class="curve">') == 3
    assert "<script" not in section
    assert coach("report", "studio.har", "--media", videos, "-o", "report.md").code == 0
    assert "\n# Viewers leave where nobody speaks, " in (tmp_path / "report.md").read_text("utf-8")
    put(tmp_path / "posts.csv", "post_id,posted_at,caption,views\np1,2026-08-01,Rye,90\np2,2026-08-02,Wheat,80\n")
    assert coach("report", "posts.csv", "-o", "plain.html").code == 0
    assert 'id="leave"' not in (tmp_path / "plain.html").read_text("utf-8")


def test_what_viewers_do_not_clearly_leave_at_is_said_apart(coach: Coach, tmp_path: Path, name_videos: Name) -> None:
    videos = name_videos(write_watched(tmp_path / "studio.har", 24, {"pause": 2.5}))
    answer = answered(coach, "studio.har", "--media", videos)
    hurting = {one["event"] for one in answer["effects"] if one["verdict"] == "hurts"}
    assert hurting == {"pause"}
    table = coach("retention", "studio.har", "--media", videos, "-q", "--top", "50").out
    assert " pause (" in table or " pause " in table
    assert "In brackets: there too, but your viewers don't clearly leave at it." in table
    of_events = {"apart": False, "both": False}
    for post in answer["posts"]:
        for fall in post["falls"]:
            others = [event for event in fall["events"] if event not in hurting]
            page = " ".join(coach("retention", "studio.har", "--media", videos, "--post", post["post_id"]).out.split())
            [said] = re.findall(rf"Second {fall['second']}: .*? usually\)(.*?)(?= ▲| In all)", page)
            assert ("a pause in speech" in said) == ("pause" in fall["events"])
            assert ("In that second: " in said) == bool(others and "pause" not in fall["events"])
            assert (" Also: " in said) == bool(others and "pause" in fall["events"])
            of_events["apart"] |= "In that second: " in said
            of_events["both"] |= " Also: " in said
        if all(of_events.values()):
            break
    assert all(of_events.values())


def test_the_seconds_of_all_posts_are_a_table(coach: Coach, tmp_path: Path, name_videos: Name) -> None:
    videos = name_videos(write_watched(tmp_path / "studio.har", 9, CAUSES))
    rows = list(csv.DictReader(coach("retention", "studio.har", "--media", videos, "--format", "csv").out.splitlines()))
    assert list(rows[0])[:5] == ["post_id", "second", "share", "left", "usual"]
    assert list(rows[0])[5:] == [event.replace(" ", "_") for event in EVENTS]
    assert {row["pause"] for row in rows} == {"0", "1"}
    numbers = [row[name] for row in rows for name in ("share", "left", "usual")]
    assert max(len(number.partition(".")[2]) for number in numbers) == 4
    assert len({row["post_id"] for row in rows}) == 9
    without = coach("retention", "studio.har", "--format", "csv").out.splitlines()
    assert without[0] == "post_id,second,share,left,usual"


def test_without_videos_it_says_how_to_name_them(coach: Coach, tmp_path: Path) -> None:
    write_watched(tmp_path / "studio.har", 9, CAUSES)
    ran = coach("retention", "studio.har", "-q")
    assert ran.code == 0
    assert ran.out.startswith("Why viewers leave, @baker\nName your videos to see what is in the seconds")
    answer = answered(coach, "studio.har")
    assert {one["effect"] for one in answer["effects"]} == {None}
    assert {one["verdict"] for one in answer["effects"]} == {"not enough data"}
    assert answer["posts"][0]["events"]["pause"] is None


def test_too_few_curves_are_counted(coach: Coach, tmp_path: Path, name_videos: Name) -> None:
    videos = name_videos(write_watched(tmp_path / "studio.har", 5, CAUSES))
    assert "Not enough data: 5 posts with a curve, 8 needed." in coach("retention", "studio.har", "--media", videos).out
    assert answered(coach, "studio.har", "--media", videos)["effects"] == []


def test_too_few_videos_are_counted(coach: Coach, tmp_path: Path, name_videos: Name) -> None:
    videos = name_videos(write_watched(tmp_path / "studio.har", 12, CAUSES)[:3])
    page = coach("retention", "studio.har", "--media", videos).out
    assert "Not enough data: 3 posts with a curve and a video, 8 needed." in page
    assert "3 of your 12 posts with a curve have their video. Name the videos of the others too" in page


def test_what_the_videos_lack_is_said_and_not_that_posts_are_missing(
    coach: Coach, tmp_path: Path, name_videos: Name
) -> None:
    made = [
        replace(video, **{f"{name}_by_second": None for name in TRACKS}, cuts=())
        for video in write_watched(tmp_path / "studio.har", 9, CAUSES)
    ]
    page = coach("retention", "studio.har", "--media", name_videos(made)).out
    assert "all that was looked at is in too few of your videos, or in all of their seconds." in " ".join(page.split())
    assert "needed" not in page


def test_short_curves_are_not_counted_as_missing_posts(coach: Coach, tmp_path: Path) -> None:
    entries, items, seen = [], [], pages.POSTED + dt.timedelta(days=20)
    for number in range(9):
        posted = pages.POSTED + dt.timedelta(days=number)
        post_id = video_id(posted.strftime("%Y-%m-%dT%H:%M:%S"), low=number)
        curve = pages.wrapped(pages.curve([1.0, 0.8, 0.6, 0.5]))
        info = pages.info(post_id, posted, "baker", desc="Rye", video={"duration": 3000})
        body = pages.insights(post_id, video_info=info, video_retention_rate_realtime=curve)
        entries.append(pages.insight_entry(post_id, body, at=seen))
        items.append(pages.item(post_id, posted, desc="Rye", duration=3000))
    put(tmp_path / "studio.har", pages.har([pages.list_entry(pages.page(items[::-1]), at=seen), *entries]))
    page = coach("retention", "studio.har").out
    assert "Not enough data: too few of your curves are 4 s or longer." in page


def test_a_curve_that_ends_early_has_no_completion(coach: Coach, tmp_path: Path, name_videos: Name) -> None:
    made = write_watched(tmp_path / "studio.har", 9, CAUSES)
    longer = [replace(made[0], duration_s=(made[0].duration_s or 0) + 20), *made[1:]]
    post_id = made[0].file.removesuffix(".mp4")
    asked = ("studio.har", "--media", name_videos(longer), "--post", post_id)
    [post] = answered(coach, *asked)["posts"]
    assert (post["completion"], post["watch_time_s"]) == (None, None)
    page = coach("retention", *asked, "-q").out
    assert f"still watch after {len(post['usual'])} of {post['duration_s']:.0f} s, where the curve ends." in page
    assert "watch to the end" not in page


def test_a_cut_is_in_words(coach: Coach, tmp_path: Path) -> None:
    for form in ("csv", "png"):
        ran = coach("retention", "studio.har", "--post", "1", "--cut", "2-3", "--format", form)
        assert (ran.code, f"leave out --format {form}" in ran.err) == (2, True)


def test_without_a_curve_it_says_which_file_has_them(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "posts.csv", "post_id,posted_at,caption,views\np1,2026-08-01,Rye,90\np2,2026-08-02,Wheat,80\n")
    ran = coach("retention", "posts.csv")
    assert (ran.code, "tiktok-coach capture guide" in ran.out) == (0, True)
    assert answered(coach, "posts.csv")["posts"] == []
    one = coach("retention", "posts.csv", "--post", "p1")
    assert (one.code, "tiktok-coach capture guide" in one.out) == (0, True)


def test_accounts_are_asked_one_by_one(coach: Coach, tmp_path: Path, name_videos: Name) -> None:
    made = write_watched(tmp_path / "a.har", 10, CAUSES)
    other = write_watched(tmp_path / "b.har", 9, {}, seed=2, handle="miller")
    videos = name_videos([*made, *other])
    answer = answered(coach, "a.har", "b.har", "--media", videos, "--each-account")
    assert {one["account"]: one["counts"]["curves"] for one in answer["retentions"]} == {"baker": 10, "miller": 9}
    rows = coach("retention", "a.har", "b.har", "--media", videos, "--each-account", "--format", "csv").out.splitlines()
    assert {row["account"] for row in csv.DictReader(rows)} == {"baker", "miller"}
    post_id = other[0].file.removesuffix(".mp4")
    of_other = answered(coach, "a.har", "b.har", "--media", videos, "--post", post_id)
    assert (of_other["account"], [post["post_id"] for post in of_other["posts"]]) == ("miller", [post_id])
    ran = coach("retention", "a.har", "b.har", "--post", post_id, "--each-account")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)


def test_a_caption_cannot_move_the_cursor_or_break_the_table(coach: Coach, tmp_path: Path) -> None:
    write_watched(tmp_path / "studio.har", 9, CAUSES, captions=("Rye\x1b[2J\nbread | " + "so long " * 60,))
    for arguments in ([], ["--format", "markdown"], ["--post", "2026-06-13"]):
        page = coach("retention", "studio.har", "-q", *arguments).out
        assert "\x1b" not in page
        assert "Rye[2J bread" in page.replace("\\", "")
        assert page.count("so long") < 100
