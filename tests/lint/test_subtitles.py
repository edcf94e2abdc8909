"""Subtitles beside a plan: the words of the hook are judged where the plan names the video or its subtitles."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran
from tests.test_docs import block

Coach = Callable[..., Ran]
GREETING = "1\n00:00:00,000 --> 00:00:02,000\nHej alle sammen\n\n2\n00:00:02,000 --> 00:00:04,000\nvelkommen tilbage\n"
LATE = "WEBVTT\n\n00:04.500 --> 00:06.000\nVidste du det?\n"
PLAN = """\
account: {{language: da}}
posts:
  - publish_at: 2031-02-03T18:00:00Z
    caption: "Which bread first? #rye"
    {fact}
"""


def write_plan(folder: Path, fact: str) -> None:
    (folder / "plan.yaml").write_text(PLAN.format(fact=fact))


def found(coach: Coach, *more: str, select: str = "T31") -> list[tuple[str, int, int, str]]:
    ran = coach("lint", "plan.yaml", "--select", select, "--select", "L", "--json", *more)
    findings: list[dict[str, Any]] = json.loads(ran.out)["findings"]
    return [(one["code"], one["line"], one["column"], one["message"]) for one in findings]


HELD = "opens with “Hej alle sammen”, and only then comes to the point (measured: subtitles)"


@pytest.mark.parametrize("name", ["rye.srt", "rye.da.srt", "rye.dan-DK.srt"])
def test_subtitles_with_the_name_of_the_video_beside_the_plan(coach: Coach, tmp_path: Path, name: str) -> None:
    (tmp_path / "rye.mp4").touch()
    (tmp_path / name).write_text(GREETING)
    write_plan(tmp_path, "video: {file: rye.mp4}")
    assert found(coach, select="T310") == [("T310", 5, 19, HELD)]


@pytest.mark.parametrize(
    ("fact", "column"), [("transcript: words/take2.srt", 17), ("video: {transcript: words/take2.srt}", 25)]
)
def test_subtitles_that_the_plan_names(coach: Coach, tmp_path: Path, fact: str, column: int) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words/take2.srt").write_text(GREETING)
    write_plan(tmp_path, fact)
    assert found(coach, select="T310") == [("T310", 5, column, HELD)]


def test_subtitles_in_a_folder_that_is_named(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "subs").mkdir()
    (tmp_path / "subs/rye.da.vtt").write_text(LATE)
    write_plan(tmp_path, "video: {file: https://example.org/rye.mp4}")
    late = ("T312", 5, 19, "the first words come at 4.5 s; viewers decide within 3 s (measured: subtitles)")
    assert found(coach, "--media", "subs") == [late]


def test_what_the_plan_says_counts_more(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "rye.srt").write_text(GREETING)
    write_plan(
        tmp_path,
        "{spoken_hook: Hvorfor revner brødet, transcript: rye.srt}".replace("{", "")
        .replace("}", "")
        .replace(", ", "\n    "),
    )
    assert found(coach) == []


def test_of_several_languages_the_account_s_is_read(coach: Coach, tmp_path: Path) -> None:
    for language, text in (("de", LATE), ("da", GREETING), ("en", LATE)):
        (tmp_path / f"rye.{language}.srt").write_text(text.removeprefix("WEBVTT\n\n"))
    (tmp_path / "rye.mp4").touch()
    write_plan(tmp_path, "video: {file: rye.mp4}")
    assert [code for code, *_place in found(coach)] == ["T310", "T311"]


def test_subtitles_that_are_not_there_are_named(coach: Coach, tmp_path: Path) -> None:
    write_plan(tmp_path, "transcript: gone.srt")
    assert found(coach) == [("L105", 5, 17, "the subtitles gone.srt are not beside the plan")]


def test_what_a_person_calls_a_transcript_may_be_the_words_themselves(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "rye.mp4").touch()
    (tmp_path / "rye.srt").write_text(GREETING)
    write_plan(tmp_path, "video: {file: rye.mp4}\n    transcript: Hej alle sammen og velkommen")
    assert [code for code, *_place in found(coach)] == ["T310", "T311"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"1\n00:00:0x,000 --> 00:00:02,000\nRye\n", "rye.srt:2: '00:00:0x,000 --> 00:00:02,000' is no pair of times"),
        (b"rye bread", "rye.srt: has no subtitles"),
        (b"\0\1\2\3" * 99, "rye.srt:1: has NUL bytes"),
    ],
)
def test_subtitles_that_cannot_be_read_are_one_line(coach: Coach, tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "rye.srt").write_bytes(content)
    write_plan(tmp_path, "transcript: rye.srt")
    ran = coach("lint", "plan.yaml", "--select", "T31")
    [line] = [line for line in ran.err.splitlines() if "rye.srt" in line]
    assert line.startswith(f"warning: {problem}")
    assert "Traceback" not in ran.err


def test_two_posts_have_the_subtitles_of_their_own_folders(coach: Coach, tmp_path: Path) -> None:
    for day, text in (("monday", GREETING), ("tuesday", LATE)):
        (tmp_path / day).mkdir()
        (tmp_path / day / "1.mp4").touch()
        (tmp_path / day / "1.vtt").write_text(text)
    second = "\n  - publish_at: 2031-02-04T18:00:00Z\n    caption: And then?\n    video: monday/1.mp4"
    write_plan(tmp_path, f"video: tuesday/1.mp4{second}")
    assert [one[:2] for one in found(coach)] == [("T312", 5), ("T310", 8), ("T311", 8)]


def test_a_sheet_names_subtitles_too(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "rye.srt").write_text(GREETING)
    (tmp_path / "plan.csv").write_text("publish_at,caption,transcript\n2031-02-03T18:00:00Z,Which first?,rye.srt\n")
    ran = coach("lint", "plan.csv", "--select", "T310", "--json")
    [one] = json.loads(ran.out)["findings"]
    assert (one["line"], one["column"]) == (2, 35)


def test_the_guide_s_plan_is_linted_as_it_says(coach: Coach, tmp_path: Path) -> None:
    guide = "docs/guides/your-videos.md"
    (tmp_path / "words.yaml").write_text(block(guide, "yaml", "spoken_hook"), "utf-8")
    command, *shown = block(guide, "console", "words.yaml").splitlines()
    assert coach(*command.removeprefix("$ tiktok-coach ").split()).out.splitlines() == shown
