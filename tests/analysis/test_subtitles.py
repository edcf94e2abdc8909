"""Subtitles beside an export: they fill what the posts lack, with no video and no FFmpeg."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran
from tiktok_coach.core.errors import CoachError

Coach = Callable[..., Ran]
FIRST, SECOND, THIRD = (f"765092146326379240{n}" for n in range(3))
POSTS = "post_id,caption,posted_at,views\n" + "".join(
    f"{post},Bread {post[-1]},2026-09-0{day}T10:00:00Z,100\n" for day, post in enumerate((FIRST, SECOND, THIRD), 1)
)


@pytest.fixture(autouse=True)
def _without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise CoachError("videos cannot be looked at")

    monkeypatch.setattr("tiktok_coach.media.probe.require_media", refuse)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "posts.csv").write_text(POSTS)
    (tmp_path / "subs").mkdir()
    for name, words in ((f"Rye [{FIRST}].eng-US.vtt", "Hi guys welcome back"), ("take 2.srt", "My name is Anna")):
        (tmp_path / "subs" / name).write_text(f"WEBVTT\n\n00:00.500 --> 00:02.000\n{words}\n")
    return tmp_path


def findings(coach: Coach, *more: str) -> list[tuple[str, str, str]]:
    ran = coach("audit", "posts.csv", *more, "--select", "T31", "--json")
    failed: list[dict[str, Any]] = json.loads(ran.out)["findings"]
    return [(one["code"], one["post_id"], one["message"]) for one in failed if one["status"] == "fail"]


def test_the_words_of_a_post_are_known_by_the_id_in_the_name(coach: Coach, folder: Path) -> None:
    assert findings(coach) == []
    assert findings(coach, "--media", "subs") == [
        ("T310", FIRST, "opens with “Hi guys”, and only then comes to the point (measured: subtitles)"),
        ("T311", FIRST, "“Hi guys welcome back” asks nothing and promises no surprise (measured: subtitles)"),
    ]


def test_a_file_of_notes_names_subtitles(coach: Coach, folder: Path) -> None:
    notes = f"posts:\n  - post_id: '{SECOND}'\n    transcript_file: take 2.srt\n    opening_emotion: surprise\n"
    (folder / "notes.yaml").write_text(notes)
    failed = findings(coach, "notes.yaml", "--media", "subs")
    assert sorted(one[:2] for one in failed) == [("T310", FIRST), ("T310", SECOND), ("T311", FIRST)]


def test_a_word_of_one_s_own_counts_more(coach: Coach, folder: Path) -> None:
    notes = f"posts:\n  - post_id: '{FIRST}'\n    spoken_hook: 'Why is it burnt?'\n    spoken_language: en\n"
    (folder / "notes.yaml").write_text(notes)
    assert findings(coach, "notes.yaml", "--media", "subs") == []


def test_files_of_no_post_and_files_that_cannot_be_read_are_named(coach: Coach, folder: Path) -> None:
    (folder / "subs" / f"{SECOND}.srt").write_text("1\n00:00:01,000 --> later\nRye\n")
    ran = coach("audit", "posts.csv", "--media", "subs")
    assert f"{SECOND}.srt:2: '00:00:01,000 --> later' is no pair of times" in ran.err
    assert "belong to no post, by its id, by the name of its video" in ran.err
    assert ran.err.rstrip().count("take 2.srt") == 2


def test_a_folder_with_neither_videos_nor_subtitles_is_refused(coach: Coach, folder: Path) -> None:
    (folder / "empty").mkdir()
    ran = coach("audit", "posts.csv", "--media", "empty")
    assert ran.code == 2
