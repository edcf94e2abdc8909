"""A length, a width or a frame rate of 0 stands for what is not known, whatever wrote it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.writing import TODAY, link, put, read, video_id
from tiktok_coach.core.account import Account
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.plans.load import load_calendar

ID = video_id("2026-05-02T08:00:00")
OTHER = video_id("2026-05-03T08:00:00")
WEB = {"id": ID, "desc": "Rye", "stats": {"playCount": 0, "diggCount": 2}, "video": {"duration": 0, "width": 0}}
DISPLAY = {"id": ID, "share_url": link(ID), "view_count": 0, "like_count": 2, "duration": 0, "width": 0, "fps": 0}
INFO = {"id": ID, "webpage_url": link(ID), "extractor_key": "TikTok", "timestamp": 1777708800, "description": "Rye"}
SHEET = f"Video link,Caption,Length,Width,FPS,Views,Likes\n{link(ID)},Rye,0:00,0,0,0,2\n{link(OTHER)},Buns,14,,,5,1\n"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("sheet.csv", SHEET),
        ("web.json", [WEB]),
        ("display.json", {"data": {"videos": [DISPLAY]}}),
        ("rye.info.json", {**INFO, "view_count": 0, "duration": 0, "width": 0, "height": 0, "fps": 0}),
        ("own.csv", f"post_id,status,duration_s,width,fps,views,reach\n{ID},published,0,0,0.0,0,0\n"),
    ],
)
def test_zeros_that_mean_missing_are_missing_in_every_format(tmp_path: Path, name: str, body: Any) -> None:
    posts = read(put(tmp_path / name, body)).posts.set_index("post_id")
    for column in {"duration_s", "width", "height", "fps", "reach"} & set(posts.columns):
        assert posts[column].isna()[ID]
    # Nobody may have seen it.
    assert posts["views"][ID] == 0


def test_a_zero_gives_way_to_what_another_file_knows(tmp_path: Path) -> None:
    put(tmp_path / "e" / "a.csv", SHEET)
    put(tmp_path / "e" / "notes.csv", f"post_id,duration_s,hook_s\n{ID},12,0\n")
    row = read(tmp_path / "e").posts.set_index("post_id").loc[ID]
    assert (row["duration_s"], row["hook_s"]) == (12, 0)


def test_parquet_holds_no_zeros_either(tmp_path: Path) -> None:
    posts = read(put(tmp_path / "a.csv", SHEET)).posts.drop(columns=["provenance"])
    posts.assign(duration_s=0.0, views=0).to_parquet(tmp_path / "p.parquet")
    again = read(tmp_path / "p.parquet").posts
    assert "duration_s" not in again.columns
    assert again["views"].eq(0).all()


def test_a_planned_length_of_zero_is_a_slip_that_is_named(tmp_path: Path) -> None:
    plan = put(tmp_path / "p.yaml", "posts:\n  - caption: Rye\n    video:\n      duration_s: 0\n")
    [problem] = load_calendar([plan], ReadOptions(today=TODAY), known=Account()).problems
    assert problem.line == 4
    assert "says nothing" in problem.problem
