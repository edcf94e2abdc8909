"""Columns that a format does not know, several columns of one fact, and the mapping that `columns` prints."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from tests.io.sheets import HEADINGS
from tests.writing import content, content_row, link, put, read, said, video_id
from tiktok_coach.core.errors import CoachError

MOMENTS = ["2026-06-13T16:42:48", "2026-06-16T09:23:19", "2026-06-19T02:03:50", "2026-06-21T18:44:20"]
IDS = [video_id(moment) for moment in MOMENTS]
METRICOOL = "Title,Date,Link,Views,Likes,Full video watched rate"


def values(found: Any, name: str) -> list[Any]:
    return list(found.posts.set_index("post_id").reindex(IDS)[name].dropna())


def table(header: str, *rows: tuple[Any, ...]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerows([header.split(","), *rows])
    return stream.getvalue()


@pytest.mark.parametrize("joint", [".", "/", "_"])
def test_a_scraper_s_names_are_known_however_they_are_joined(tmp_path: Path, joint: str) -> None:
    row = {
        "id": IDS[0],
        "text": "Rye",
        "playCount": 9000,
        "diggCount": 80,
        "authorMeta.name": "ovnkrogen",
        "musicMeta.musicName": "Oven",
        "musicMeta.musicOriginal": "False",
        "videoMeta.duration": 15,
        "createTimeISO": "2026-06-13T16:42:48.000Z",
        "hashtags.0.name": "Bread",
    }
    names = ",".join(name.replace(".", joint) for name in row)
    found = read(put(tmp_path / "a.csv", table(names, tuple(row.values()))))
    [post] = found.posts.to_dict("records")
    assert (post["account"], post["sound"], post["sound_original"]) == ("ovnkrogen", "Oven", False)
    assert (post["duration_s"], post["hashtags"], str(post["posted_at"])[:19]) == (15, "#Bread", "2026-06-13 16:42:48")


def test_two_names_of_a_scraper_are_not_the_scraper_and_nothing_vanishes(tmp_path: Path) -> None:
    rows = [
        {"id": post_id, "caption": "Buns", "likesCount": 51, "created_at": moment, "playCount": 587, "collectCount": 2}
        for post_id, moment in zip(IDS, MOMENTS, strict=True)
    ]
    found = read(put(tmp_path / "a.json", rows))
    assert set(found.posts["likes"]) == {51}
    assert values(found, "posted_at") == [pd.Timestamp(moment, tz="UTC") for moment in MOMENTS]
    assert "left out" not in said(found)


FILES: dict[str, tuple[str, Any]] = {
    "metricool": (
        "a.csv",
        table(
            METRICOOL + ",Saved,Mood",
            *[("Rye", "2026-06-13 10:00", link(i), 10 * n + 9, 8, "12%", 7, "calm") for n, i in enumerate(IDS)],
        ),
    ),
    "business suite": (
        "b.csv",
        table(
            "Video title,Video link,Post time,Video views,Likes,Comments,Shares,Bookmarks,Mood",
            *[("Rye", link(i), "2026/06/13 16:42:48", 10 * n + 9, 8, 1, 2, 7, "calm") for n, i in enumerate(IDS)],
        ),
    ),
    "TikTok API": (
        "c.json",
        [
            {
                "id": i,
                "create_time": 1781368968,
                "video_description": "Rye",
                "view_count": 9,
                "bookmarks": 7,
                "mood": "calm",
            }
            for i in IDS
        ],
    ),
    "yt-dlp": (
        "d.json",
        [
            {
                "id": i,
                "webpage_url": link(i),
                "timestamp": 1781368968,
                "view_count": 9,
                "uploader": "ovn",
                "bookmarks": 7,
            }
            | {"mood": "calm"}
            for i in IDS
        ],
    ),
    "studio content": (
        "Content.csv",
        content(
            [
                [*content_row(moment, moment[:10], "2026-06-30"), 7, "calm"] if n else []
                for n, moment in enumerate(["", *MOMENTS])
            ][1:]
        ).replace(b'"Total views"\n', b'"Total views","Saves","Mood"\n'),
    ),
    "scraper": (
        "e.json",
        [
            {
                "id": i,
                "desc": "Rye",
                "createTime": 1781368968,
                "stats": {"playCount": 9, "diggCount": 1},
                "bookmarks": 7,
            }
            | {"mood": "calm"}
            for i in IDS
        ],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_every_format_reads_a_column_that_it_does_not_know_and_names_what_is_left(tmp_path: Path, name: str) -> None:
    file, body = FILES[name]
    found = read(put(tmp_path / file, body))
    assert name in found.sources[0].format
    assert set(found.posts["saves"]) == {7}
    assert "left out: 'mood'" in said(found).casefold()


def test_of_hundreds_of_unknown_keys_a_few_are_named_and_the_others_counted(tmp_path: Path) -> None:
    post = {"id": IDS[0], "webpage_url": link(IDS[0]), "timestamp": 1781368968, "view_count": 9, "uploader": "ovn"}
    found = read(put(tmp_path / "a.info.json", post | {f"oven_{n}": n for n in range(200)}))
    [notice] = [n for n in found.notices if "left out" in n.text]
    assert "'oven_7' and 192 more" in notice.text
    assert len(notice.text) < 300


def test_a_video_without_words_has_no_caption_for_its_title(tmp_path: Path) -> None:
    post = {"id": IDS[0], "webpage_url": link(IDS[0]), "timestamp": 1781368968, "view_count": 9, "uploader": "ovn"}
    found = read(put(tmp_path / "a.info.json", post | {"description": "", "title": f"TikTok video #{IDS[0]}"}))
    assert "caption" not in found.posts or set(found.posts["caption"]) == {""}


def test_a_heading_that_stands_twice_is_not_lost_in_silence(tmp_path: Path) -> None:
    body = table(METRICOOL + ",views", *[("Rye", "2026-06-13", link(i), 900, 8, "12%", 5) for i in IDS])
    found = read(put(tmp_path / "a.csv", body))
    assert set(found.posts["views"]) == {900}
    assert "left out: 'views'" in said(found)


# Side facts


@pytest.mark.parametrize(
    ("header", "one", "two", "account"),
    [
        ("author_username,author_name", ("bageriet_dk", "Bageriet"), ("ovnkrogen", "Ovnkrogen"), "bageriet_dk"),
        ("author_name,author_username", ("brod", "bageriet"), ("korn", "ovnkrogen"), "bageriet"),
    ],
)
def test_of_two_columns_the_account_is_what_handles_are_like_or_what_links_say(
    tmp_path: Path, header: str, one: tuple[str, str], two: tuple[str, str], account: str
) -> None:
    links = [link(IDS[0], "bageriet"), link(IDS[1], "ovnkrogen")] if account == "bageriet" else IDS[:2]
    names = "video_url" if account == "bageriet" else "video_id"
    rows = [(links[0], "Rye", 9, 3, *one), (links[1], "Buns", 8, 4, *two)]
    found = read(put(tmp_path / "a.csv", table(f"{names},caption,views,likes,{header}", *rows)))
    assert account in set(found.posts["account"])
    assert not found.warnings


def test_a_side_fact_that_is_unclear_is_left_out_with_a_warning_and_settled_by_hand(tmp_path: Path) -> None:
    rows = [(i, "Rye", 9, 3, f"Oven {n}", f"Kitchen {n}") for n, i in enumerate(IDS)]
    file = put(tmp_path / "a.csv", table("video_id,caption,views,likes,sound,music", *rows))
    found = read(file)
    assert "sound" not in found.posts
    assert "sound may be 'sound' or 'music'; left out: say which with --column sound=NAME" in said(found)
    assert "Oven 0" in set(read(file, columns={"sound": ("sound",)}).posts["sound"])


def test_whether_a_sound_is_original_is_not_its_name(tmp_path: Path) -> None:
    post = {"video_id": IDS[0], "title": "Rye", "play_count": 9, "digg_count": 3, "comment_count": 1}
    post |= {"music_info": {"title": "Oven", "author": "Choir", "original": True}}
    found = read(put(tmp_path / "a.json", {"data": {"videos": [post]}}))
    assert (found.posts["sound"][0], found.posts["sound_artist"][0]) == ("Oven", "Choir")
    assert not found.warnings


# The most exact of several


@pytest.mark.parametrize("names", [("stats", "statsV2"), ("statsV2", "stats"), ("video_stats", "statistics")])
def test_of_a_rounded_and_an_exact_count_the_exact_one_is_read(tmp_path: Path, names: tuple[str, str]) -> None:
    rounded, exact = sorted(names, key=lambda name: name in {"statsV2", "statistics"})
    counts = {
        rounded: {"playCount": 1800000, "diggCount": 22600, "commentCount": 16000},
        exact: {"playCount": "1776621", "diggCount": "22609", "commentCount": "15955"},
    }
    post = {"id": IDS[0], "desc": "Rye", "createTime": 1781368968}
    posts = read(put(tmp_path / "a.json", [post | {name: counts[name] for name in names}])).posts
    assert (posts["views"][0], posts["likes"][0], posts["comments"][0]) == (1776621, 22609, 15955)
    assert "counts_rounded" not in posts or not posts["counts_rounded"].any()


def test_a_count_that_ran_over_gives_way_to_the_one_beside_it(tmp_path: Path) -> None:
    post = {"id": IDS[0], "desc": "Rye", "createTime": 1781368968, "stats": {"playCount": -1794967296, "diggCount": 9}}
    found = read(put(tmp_path / "a.json", [post | {"statsV2": {"playCount": "2500000000", "diggCount": "9"}}]))
    assert found.posts["views"][0] == 2500000000
    assert not found.warnings


def test_columns_of_a_sheet_fill_each_other_row_by_row(tmp_path: Path) -> None:
    rows = [
        (IDS[0], "Rye", "-3", 5, 7),
        (IDS[1], "Buns", "n/a", 6, 7),
        (IDS[2], "Cake", "800", 800, 7),
        (IDS[3], "Tart", "12", "", 7),
    ]
    found = read(put(tmp_path / "a.csv", table("video_id,caption,plays,views,likes", *rows)))
    assert values(found, "views") == [5, 6, 800, 12]
    assert not found.warnings


def test_counts_that_are_rounded_are_marked_whatever_they_came_from(tmp_path: Path) -> None:
    rounded = [(IDS[0], "Rye", 1800000, 7), (IDS[1], "Buns", 22600, 7), (IDS[2], "Cake", 16000, 7)]
    exact = [(IDS[0], "Rye", 1800000, 7), (IDS[1], "Buns", 22604, 7), (IDS[2], "Cake", 900, 7)]
    header = "video_id,caption,views,likes"
    assert read(put(tmp_path / "a.csv", table(header, *rounded))).posts["counts_rounded"].all()
    assert "counts_rounded" not in read(put(tmp_path / "b.csv", table(header, *exact))).posts


def test_a_column_that_rounds_another_is_rounded_where_it_stands_alone(tmp_path: Path) -> None:
    rows = [(IDS[0], "Rye", 1800000, 1776621, 7), (IDS[1], "Buns", 22600, 22609, 7), (IDS[2], "Cake", 31500, "", 7)]
    posts = read(put(tmp_path / "a.csv", table("video_id,caption,plays,views,likes", *rows))).posts.set_index("post_id")
    assert posts["views"][IDS].tolist()[:3] == [1776621, 22609, 31500] if len(posts) == 4 else True
    assert posts["views"][IDS[:3]].tolist() == [1776621, 22609, 31500]
    assert posts["counts_rounded"][IDS[:3]].tolist() == [False, False, True]


# What is printed is what is read


def again(coach: Callable[..., Any], folder: Path, name: str, *options: str) -> tuple[str, str]:
    """What `convert` gives of a file, and what it gives where the printed mapping is the config."""
    before = coach("convert", folder / name, "-q", *options)
    assert before.code == 0, before.err
    printed = coach("columns", folder / name, "--format", "yaml")
    put(folder / "with" / "tiktok-coach.yaml", printed.out)
    shutil.copy(folder / name, folder / "with" / name)
    after = coach("convert", folder / "with" / name, "-q", *options)
    shutil.rmtree(folder / "with")
    return before.out, after.out or after.err


@pytest.mark.parametrize("name", FILES)
def test_a_format_s_file_reads_the_same_with_the_printed_mapping(
    tmp_path: Path, coach: Callable[..., Any], name: str
) -> None:
    file, body = FILES[name]
    put(tmp_path / file, body)
    before, after = again(coach, tmp_path, file)
    assert after == before


FACTS = ("caption", "posted_at", "views", "likes", "comments", "saves", "duration_s", "sound")


@settings(max_examples=6)
@given(data=st.data())
def test_a_sheet_reads_the_same_with_the_printed_mapping(tmp_path_factory: Any, data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(["en", "da", "no"]))
    folder = tmp_path_factory.mktemp("printed")
    headings: list[str] = [data.draw(st.sampled_from(["video_id", "link", "kolonne"]))]
    is_link = headings[0] == "link"
    columns = [[link(i) if is_link else i for i in IDS]]
    gap = data.draw(st.integers(0, 3))
    cells: dict[str, list[str]] = {
        "caption": ["Rye", "Buns", "Cake", "Tart"],
        "posted_at": [moment[:10] for moment in MOMENTS],
        "views": ["100", "2.5K", "300", "12000"],
        "likes": ["5", "6", "7", "8"],
        "comments": ["1", "", "3", "0"],
        "saves": ["1", "2", "3", "4"],
        "duration_s": data.draw(st.sampled_from([["15", "20", "31", "9"], ["15000", "20000", "31000", "9000"]])),
        "sound": ["Oven", "Choir", "", "Rain"],
    }
    for fact in FACTS:
        names = HEADINGS[language].get(fact, HEADINGS["en"][fact])
        headings.append(names[0])
        columns.append(cells[fact])
        if len(names) > 1 and data.draw(st.booleans()):
            headings.append(names[1])
            columns.append([text if row >= gap else "" for row, text in enumerate(cells[fact])])
            columns[-2] = [text if row < gap or row == 3 else "" for row, text in enumerate(cells[fact])]
    if data.draw(st.booleans()):
        headings.append({"en": "Posting time", "da": "Tidspunkt", "no": "Tidspunkt"}[language])
        columns.append(["16:42", "09:23", "02:03", "18:44"])
    put(folder / "a.csv", table(",".join(headings), *zip(*columns, strict=True)))
    try:
        before = read(folder / "a.csv")
    except CoachError:
        # Lengths whose heading says seconds and whose values milliseconds are asked about.
        reject()
    printed = columns_of(folder / "a.csv")
    after = read(folder / "a.csv", columns=printed[0], units=printed[1])
    pd.testing.assert_frame_equal(before.posts, after.posts)


def columns_of(file: Path) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """What `columns` prints of a file, as options of reading."""
    import datetime as dt

    import yaml

    from tiktok_coach.analysis.columns import columns
    from tiktok_coach.analysis.settings import AnalysisOptions, columns_by_hand
    from tiktok_coach.render.columns import block

    options = AnalysisOptions(now=dt.datetime(2026, 11, 23, tzinfo=dt.UTC), inputs=(file,))
    said = yaml.safe_load(block(columns(options)))["columns"]
    named = [
        f"{fact}={name}" for fact, names in said.items() for name in ([names] if isinstance(names, str) else names)
    ]
    by_hand, units = columns_by_hand(named)
    assert json.dumps(units) is not None
    return by_hand, units


def test_days_and_times_of_day_are_printed_as_two_columns_of_one_fact(
    tmp_path: Path, coach: Callable[..., Any]
) -> None:
    rows = [
        (link(i), "Rye", moment[:10], moment[11:16], 9 + n, 3)
        for n, (i, moment) in enumerate(zip(IDS, MOMENTS, strict=True))
    ]
    put(tmp_path / "a.csv", table("url,description,published date,published time,views,likes", *rows))
    before, after = again(coach, tmp_path, "a.csv")
    assert after == before
    by_options = ["--column", "posted_at=published date", "--column", "posted_at=published time"]
    assert coach("convert", tmp_path / "a.csv", "-q", *by_options).out == before
