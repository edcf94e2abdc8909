"""One bad file among several is left out and named; the others are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.writing import content, content_row, link, put, quoted, read, said, video_id, zipped
from tiktok_coach.core.errors import CoachError

POST = content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-24")])
OVERVIEW = ("Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares")
NOT_JSON = '{"Post": \n'
TRUNCATED = zipped({"Content.csv": b"x" * 1000})[:60]


def state(export: Any) -> dict[str, str]:
    return {source.name: source.state for source in export.sources}


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("bad.json", NOT_JSON, "bad.json:2: not valid JSON"),
        ("bad.csv", b"a\0b,c\n1,2\n", "NUL bytes"),
        ("bad.zip", TRUNCATED, "not a readable ZIP"),
        ("bad.parquet", b"PAR1broken", "Parquet"),
        (
            "side.yaml",
            "posts:\n  - post_id: '1'\n    hock_s: 1\n",
            "side.yaml:2: the posts table has no column 'hock_s'",
        ),
        ("stray.csv", "a,b\n1,2\n", "isn't a format I can read"),
    ],
    ids=["json", "csv", "zip", "parquet", "yaml", "stray"],
)
def test_a_bad_file_in_a_folder_is_left_out_with_one_warning(tmp_path: Path, name: str, body: Any, why: str) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    put(tmp_path / "e" / name, body)
    found = read(tmp_path / "e")
    assert len(found.posts) == 1
    assert state(found) == {"e/Content.csv": "read", f"e/{name}": "unreadable"}
    [warning] = [n for n in found.notices if n.level == "warning"]
    assert why in f"{warning.where}: {warning.text}"
    assert "left out" in warning.text
    with pytest.raises(CoachError, match="without --strict it is left out"):
        read(tmp_path / "e", strict=True)


def test_a_bad_file_in_a_zip_or_in_a_list_is_left_out_too(tmp_path: Path) -> None:
    packed = put(tmp_path / "export.zip", zipped({"Content.csv": POST, "bad.json": NOT_JSON}))
    assert state(read(packed)) == {"export.zip:Content.csv": "read", "export.zip:bad.json": "unreadable"}
    one, other = put(tmp_path / "Content.csv", POST), put(tmp_path / "bad.json", NOT_JSON)
    assert state(read(one, other)) == {"Content.csv": "read", "bad.json": "unreadable"}


def test_a_file_that_is_the_only_input_stays_an_error(tmp_path: Path) -> None:
    with pytest.raises(CoachError, match=r"bad\.json:2: not valid JSON"):
        read(put(tmp_path / "bad.json", NOT_JSON))
    put(tmp_path / "e" / "a.json", NOT_JSON)
    put(tmp_path / "e" / "b.json", NOT_JSON)
    with pytest.raises(CoachError, match=r"e/a\.json:2: .*and 1 more file that cannot be read"):
        read(tmp_path / "e")


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        (["clients/june/bad.json"], "clients/june/bad.json:2"),
        (["clients"], "clients/june/bad.json:2"),
        (["clients/june"], "clients/june/bad.json:2"),
        (["./clients/june/"], "clients/june/bad.json:2"),
        (["clients/june.zip"], "clients/june.zip:bad.json:2"),
        (["clients/june.zip", "clients/june"], "clients/june.zip:bad.json:2"),
        (["clients/july/bad.json", "clients/june/bad.json"], "clients/june/bad.json:2"),
        (["bad.json"], "bad.json:2"),
    ],
)
def test_an_error_names_a_file_as_it_is_found_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: list[str], where: str
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "bad.json", NOT_JSON)
    put(tmp_path / "clients" / "june" / "bad.json", NOT_JSON)
    put(tmp_path / "clients" / "july" / "bad.json", '[{"id": "7650000000000000001", "play_count": 1}]')
    put(tmp_path / "clients" / "june.zip", zipped({"bad.json": NOT_JSON}))
    with pytest.raises(CoachError) as caught:
        read(*map(Path, typed), strict=True)
    assert caught.value.place == where
    monkeypatch.chdir(tmp_path / "clients" / "june")
    with pytest.raises(CoachError, match=r"^bad\.json:2: "):
        read(Path())


def test_inputs_of_one_name_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "may" / "Content.csv", POST)
    put(tmp_path / "june" / "Content.csv", NOT_JSON)
    put(tmp_path / "july.csv", "a,b\n1,2\n")
    found = read(Path("may/Content.csv"), Path("june/Content.csv"), Path("july.csv"))
    assert state(found) == {"may/Content.csv": "read", "june/Content.csv": "unreadable", "july.csv": "unreadable"}


def test_a_path_that_is_not_there_is_a_wrong_argument(tmp_path: Path) -> None:
    with pytest.raises(CoachError, match="no such file"):
        read(put(tmp_path / "Content.csv", POST), tmp_path / "Overview.csv")


def test_where_the_posts_cannot_be_read_the_error_says_why(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Overview.csv", quoted(OVERVIEW, [["June 1", 1, 1, 1, 0, 0]]))
    put(tmp_path / "e" / "posts.json", NOT_JSON)
    with pytest.raises(CoachError, match=r"has no posts .*posts\.json"):
        read(tmp_path / "e")


@pytest.mark.parametrize("last", ["Views", "Followers", "New followers"])
def test_where_no_row_can_be_read_the_error_counts_and_names_them(tmp_path: Path, last: str) -> None:
    rows = "".join(f"A,2026-03-0{day},{link('baker', video_id(f'2026-03-0{day}T08:00'))}\n" for day in (1, 2))
    with pytest.raises(CoachError, match=r"has no posts; posts\.csv:2: 2 rows .* 3 fields where the header has 5"):
        read(put(tmp_path / "posts.csv", f"Title,Date,Link,Likes,{last}\n{rows}"))


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (["09-09-24", "10-09-24", "11-09-24", "12-09-24", "13-09-24"], "2024-09-09"),
        (["09/28/24", "09/29/24", "09/30/24"], "2024-09-28"),
        (["9.9.2024", "10.9.2024"], "2024-09-09"),
        (["2024/9/9", "2024/9/10"], "2024-09-09"),
        (["13/09/2024", "12/09/2024"], "2024-09-12"),
        (["20240909", "20240910"], "2024-09-09"),
    ],
)
def test_days_of_daily_files_may_be_numbers_in_any_order(tmp_path: Path, days: list[str], first: str) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    put(tmp_path / "e" / "Overview.csv", quoted(OVERVIEW, [[day, 1, 1, 1, 0, 0] for day in days]))
    found = read(tmp_path / "e")
    overview = next(iter(found.audiences.values())).overview
    assert overview is not None
    assert overview["date"].dt.strftime("%F").iloc[0] == first
    assert overview["date"].is_monotonic_increasing
    assert len(overview) == len(days)


HAND_KEPT = "Post day,Video title,Total views,Total likes,Total saves,Avg watch time\n{day},Rye bread,300,10,1,4s\n"


def test_where_both_readings_fit_the_files_beside_tell_or_the_user(tmp_path: Path) -> None:
    days = [["05/06/24", 1, 1, 1, 0, 0], ["07/08/24", 2, 1, 1, 0, 0]]
    put(tmp_path / "e" / "Overview.csv", quoted(OVERVIEW, days))
    put(tmp_path / "e" / "posts.csv", HAND_KEPT.format(day="24/12/24"))
    found = read(tmp_path / "e")
    assert state(found) == {"e/Overview.csv": "read", "e/posts.csv": "read"}
    overview = found.audiences[""].overview
    assert overview is not None
    assert overview["date"].dt.strftime("%F").tolist() == ["2024-06-05", "2024-08-07"]
    assert "its dates are read day-first, as those of e/posts.csv are" in said(found)
    put(tmp_path / "e" / "posts.csv", HAND_KEPT.format(day="2024-12-24"))
    found = read(tmp_path / "e")
    assert state(found)["e/Overview.csv"] == "unreadable"
    assert "--date-order" in said(found)
    asked = read(tmp_path / "e", date_order="mdy").audiences[""].overview
    assert asked is not None
    assert asked["date"].dt.strftime("%F").tolist() == ["2024-05-06", "2024-07-08"]


def test_json_names_the_unreadable_and_strict_ends_the_run(coach: Callable[..., Any], tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    put(tmp_path / "e" / "bad.json", NOT_JSON)
    ran = coach("audit", "e", "--format", "json")
    assert ran.code == 0
    sources = {source["name"]: source for source in json.loads(ran.out)["sources"]}
    assert sources["e/bad.json"]["state"] == "unreadable"
    assert "download it again" in sources["e/bad.json"]["problem"]
    assert "problem" not in sources["e/Content.csv"]
    assert ran.err.count("warning: e/bad.json:2: not valid JSON") == 1
    for command in (("audit", "e"), ("simulate", "e", "--viewers", "0"), ("convert", "e")):
        ran = coach(*command, "--strict")
        assert ran.code == 2
        assert ran.out == ""
        assert "error: e/bad.json:2: not valid JSON" in ran.err


def test_rows_above_the_header_are_counted_and_named(tmp_path: Path) -> None:
    header, *rows = HAND_KEPT.format(day="24/12/24").splitlines()
    found = read(put(tmp_path / "posts.csv", "\n".join(["A sheet of mine", "", *rows, *rows, header, *rows]) + "\n"))
    assert len(found.posts) == 1
    assert "warning posts.csv:3: 2 rows are above the header, and cannot be read (and 1 more: line 4)" in said(found)


def test_a_list_that_is_none_and_a_day_that_is_missing_are_no_fault(tmp_path: Path) -> None:
    api = {
        "data": {
            "videos": [
                {
                    "item_id": "7650921459792727317",
                    "create_time": 1781368968,
                    "video_views": 3,
                    "likes": 1,
                    "share_url": "x",
                    "impression_sources": 1e308,
                }
            ]
        }
    }
    assert len(read(put(tmp_path / "api.json", api)).posts) == 1
    ytdlp = {"id": "7650921459792727317", "webpage_url": "x", "timestamp": 1781368968, "view_count": 3, "artists": 7}
    assert len(read(put(tmp_path / "y.json", ytdlp)).posts) == 1
    put(tmp_path / "e" / "Content.csv", POST)
    put(tmp_path / "e" / "kept.csv", "Video title,Views,Likes\nRye bread #baking,30,2\nBuns,10,1\n")
    assert len(read(tmp_path / "e").posts) == 3


def test_ids_that_are_none_of_tiktok_s_are_taken_from_the_links(tmp_path: Path) -> None:
    rows = [f"[],Bun {n},{link(video_id(f'2026-03-0{n}T10:00:00'))},{n}00,5" for n in range(1, 6)]
    put(tmp_path / "s.csv", "\n".join(["id,text,webVideoUrl,playCount,diggCount", *rows]))
    found = read(tmp_path / "s.csv")
    assert sorted(found.posts["views"]) == [100, 200, 300, 400, 500]
    assert "s.csv:2: the id '[]' is none of TikTok's; taken from the link instead (and 4 more" in said(found)


def test_rows_of_one_id_with_different_captions_are_named(tmp_path: Path) -> None:
    one, two = video_id("2026-03-01T10:00:00"), video_id("2026-03-02T10:00:00")
    rows = [f"{one},Bun,100,5", f"{one},Loaf,200,5", f"{two},Rye,300,5"]
    put(tmp_path / "s.csv", "\n".join(["id,text,playCount,diggCount", *rows]))
    found = read(tmp_path / "s.csv")
    assert len(found.posts) == 2
    assert f"s.csv: 2 rows share an id and differ in their captions (such as {one})" in said(found)
