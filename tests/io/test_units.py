"""Units of lengths, shares and counts: by heading, sign and values, by hand, and asked about where these contradict."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.writing import link, put, read, said, video_id
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.columns.units import heading_unit, resolve_units

HOURS = [f"2026-03-0{day}T10:00:00" for day in range(1, 6)]


def rows_of(**columns: Sequence[Any]) -> list[list[Any]]:
    """A sheet of posts with columns beside their links and captions; `_` in a heading is a space."""
    count = len(next(iter(columns.values())))
    links = [link(video_id(hour, 1), "ovnkrogen") for hour in HOURS[:count]]
    headings = ["Video link", "Caption", *columns]
    values = [[address, "Rug", *cells] for address, *cells in zip(links, *columns.values(), strict=True)]
    return [headings, *values]


def sheet(folder: Path, **columns: Sequence[Any]) -> Path:
    body = "\n".join(";".join(map(str, row)) for row in rows_of(**columns))
    return put(folder / "posts.csv", body + "\n")


@pytest.mark.parametrize(
    ("heading", "values", "fact", "expected"),
    [
        ("Clip length (minutes)", ["1.5", "2", "3"], "duration_s", [90, 120, 180]),
        ("Dauer (Min.)", ["0,5", "1", "1,5"], "duration_s", [30, 60, 90]),
        ("Længde (sek.)", ["15", "20", "58"], "duration_s", [15, 20, 58]),
        ("durée (s)", ["15", "20", "58"], "duration_s", [15, 20, 58]),
        ("video_duration_ms", ["4000", "9500", "12000"], "duration_s", [4, 9.5, 12]),
        ("長さ(秒)", ["15", "20", "58"], "duration_s", [15, 20, 58]),
        ("Watch time (h)", ["2", "1.5", "4"], "total_watch_time_s", [7200, 5400, 14400]),
        ("Length", ["0:15", "1:05", "12 s"], "duration_s", [15, 65, 12]),
        ("Length (min)", ["0:15", "1:05", "0:58"], "duration_s", [15, 65, 58]),
        ("Length", ["00:15:00", "00:58:00", "01:05:00"], "duration_s", [15, 58, 65]),
        ("Views (K)", ["12.5", "3", "0.4"], "views", [12_500, 3000, 400]),
        ("Views (in thousands)", ["12.5", "3", "0.4"], "views", [12_500, 3000, 400]),
        ("Completion rate (0-1)", ["0.4", "1", "0.2"], "completion_rate", [0.4, 1, 0.2]),
        ("Completion rate", ["0.85", "0.6", "1.02"], "completion_rate", [0.85, 0.6, 1.02]),
        ("Completion rate", ["85", "60", "102"], "completion_rate", [0.85, 0.6, 1.02]),
        ("Completion %", ["45", "0.3", "12"], "completion_rate", [0.45, 0.003, 0.12]),
    ],
)
def test_units_are_read_from_headings_signs_and_values(
    tmp_path: Path, heading: str, values: list[str], fact: str, expected: list[float]
) -> None:
    counts = {} if fact == "views" else {"Views": ["500", "900", "700"]}
    posts = read(sheet(tmp_path, **counts, **{heading: values})).posts
    assert posts.sort_values("uploaded_at")[fact].tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("heading", "values", "fact", "unit", "expected"),
    [
        ("Length", ["1", "2", "1"], "duration_s", "min", [60, 120, 60]),
        ("Length (min)", ["15", "30", "58"], "duration_s", "s", [15, 30, 58]),
        ("Length", ["00:05:00", "00:08:00", "00:07:00"], "duration_s", "m:ss", [5, 8, 7]),
        ("Length", ["12", "14", "0:00:25"], "duration_s", "s", [12, 14, 25]),
        ("Completion %", ["0.45", "0.3", "0.12"], "completion_rate", "share", [0.45, 0.3, 0.12]),
        ("Completion rate", ["1", "1", "0"], "completion_rate", "%", [0.01, 0.01, 0]),
        ("Completion rate", ["45%", "0.3", "0.12"], "completion_rate", "share", [0.45, 0.3, 0.12]),
        ("Views (K)", ["125000", "300000", "240000"], "views", "1", [125_000, 300_000, 240_000]),
    ],
)
def test_what_contradicts_itself_is_asked_about_and_settled_by_hand(
    tmp_path: Path, heading: str, values: list[str], fact: str, unit: str, expected: list[float]
) -> None:
    counts = {} if fact == "views" else {"Views": ["500", "900", "700"]}
    file = sheet(tmp_path, **counts, **{heading: values})
    settled = read(file, columns={fact: (heading,)}, units={heading: unit}).posts
    assert settled.sort_values("uploaded_at")[fact].tolist() == pytest.approx(expected)
    if values[-1] == "0:00:25":
        return
    with pytest.raises(CoachError) as error:
        read(file)
    assert f"--column '{fact}[{unit}]={heading}'" in error.value.advice


def test_watch_time_and_length_tell_what_a_completion_is(tmp_path: Path) -> None:
    columns = {"Length": ["20", "30", "40"], "Avg watch time": ["4", "6", "5"], "Views": ["500", "900", "700"]}
    few = read(sheet(tmp_path, **columns, **{"Completion rate": ["0.9", "0.8", "0.95"]}))
    assert few.posts["completion_rate"].tolist() == pytest.approx([0.009, 0.008, 0.0095])
    assert "average watch time and length say so" in said(few)
    whole = read(sheet(tmp_path, **columns, **{"Completion rate": ["0.1", "0.15", "0.08"]}))
    assert whole.posts["completion_rate"].tolist() == pytest.approx([0.1, 0.15, 0.08])


def test_watch_time_beyond_the_length_is_asked_about(tmp_path: Path) -> None:
    columns = {"Length": ["5", "6", "7"], "Avg watch time": ["40", "45", "50"], "Views": ["500", "900", "700"]}
    with pytest.raises(CoachError, match=r"duration_s may be in .* watched for 45 s"):
        read(sheet(tmp_path, **columns))


def typed_workbook(rows: list[list[Any]], number_format: str) -> bytes:
    """A workbook whose lengths are the times that its program makes of `0:15`."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page, style = book.add_worksheet(), book.add_format({"num_format": number_format})
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            is_time = isinstance(cell, (dt.time, dt.timedelta))
            page.write_datetime(at, column, cell, style) if is_time else page.write(at, column, cell)
    book.close()
    return stream.getvalue()


@pytest.mark.parametrize("number_format", ["h:mm", "[h]:mm", "h:mm:ss", "[h]:mm:ss"])
def test_lengths_that_a_spreadsheet_took_for_hours_are_minutes_and_seconds(tmp_path: Path, number_format: str) -> None:
    lengths = [dt.time(0, 15), dt.time(0, 58), dt.timedelta(hours=25, minutes=30)]
    rows = rows_of(Views=[500, 900, 700], Length=lengths)
    export = read(put(tmp_path / "posts.xlsx", typed_workbook(rows, number_format)))
    assert export.posts.sort_values("uploaded_at")["duration_s"].tolist() == [15, 58, 1530]
    if ":ss" in number_format:
        assert "'Length' is read in minutes and seconds" in said(export)
        assert "--column 'duration_s[h:mm:ss]=Length'" in said(export)


@pytest.mark.parametrize("values", [["8%", "11", "13"], ["8%", "11%", "13%"], ["8", "11", "13"]])
def test_a_share_of_the_viewers_is_no_count_of_followers(tmp_path: Path, values: list[str]) -> None:
    others = [f"{100 - int(value.rstrip('%'))}" for value in values]
    export = read(sheet(tmp_path, Views=["500", "900", "700"], Likes=["5", "9", "7"], Others=others, followers=values))
    assert "followers" not in export.posts.columns
    assert "'followers'" in said(export) or "followers" in said(export)


def test_a_fraction_among_counts_is_named_and_left_empty_never_rounded(tmp_path: Path) -> None:
    columns = {"Views": ["500", "900", "700", "40", "12.0"], "Saves": ["5", "0.62", "7", "120", "3"]}
    export = read(sheet(tmp_path, **columns))
    saves = export.posts.sort_values("uploaded_at")["saves"]
    assert saves.isna().tolist() == [False, True, False, False, False]
    assert "Saves: '0.62' is not a count; left empty" in said(export)
    assert 12 in export.posts["views"].tolist()


def test_numbers_of_json_keep_their_fraction(tmp_path: Path) -> None:
    posts = [
        {"url": link(video_id(hour, 1)), "caption": "Rug", "views": 40, "saves": saves}
        for hour, saves in zip(HOURS, [1.234, 5, 7, 9, 11], strict=True)
    ]
    export = read(put(tmp_path / "a.json", posts))
    assert export.posts["saves"].isna().sum() == 1
    assert export.posts["saves"].max() == 11


def test_lengths_of_which_some_were_typed_as_hours_are_asked_about(tmp_path: Path) -> None:
    lengths = ["0:15:00", "0:00:14", "0:12:00", "0:00:21", "0:00:17"]
    with pytest.raises(CoachError, match="some are whole minutes"):
        read(sheet(tmp_path, Views=["500", "900", "700", "40", "12"], Length=lengths))
    one_long = ["0:01:00", "0:00:14", "0:02:00", "0:00:21", "0:00:17"]
    assert (
        read(sheet(tmp_path, Views=["500", "900", "700", "40", "12"], Length=one_long)).posts["duration_s"].max() == 120
    )


def test_numbers_of_parquet_keep_their_fraction(tmp_path: Path) -> None:
    posts = {"url": [link(video_id(hour, 1)) for hour in HOURS], "caption": ["Rug"] * len(HOURS)}
    saves = [1.234, *range(5, 4 + len(HOURS))]
    pd.DataFrame({**posts, "views": 40, "saves": saves}).to_parquet(tmp_path / "a.parquet")
    read_saves = read(tmp_path / "a.parquet").posts["saves"]
    assert read_saves.isna().sum() == 1
    assert read_saves.max() == max(saves[1:])


def test_a_side_fact_in_doubt_is_left_out_with_what_to_say(tmp_path: Path) -> None:
    file = sheet(tmp_path, Views=["500", "900", "700"], Followers=["8", "11", "13"], Others=["92", "89", "87"])
    assert "followers cannot be read for sure" in said(read(file))


@given(
    st.lists(st.integers(20, 3000), min_size=3, max_size=5),
    st.sampled_from([("s", 10, "Length (s)"), ("ms", 0.01, "Length (ms)"), ("min", 600, "Length (min)")]),
)
def test_a_length_under_any_unit_s_heading_is_itself_or_asked_about(
    tenths: list[int], writing: tuple[str, float, str]
) -> None:

    unit, per_unit, heading = writing
    texts = pd.Series([f"{value / per_unit:.6f}".rstrip("0").rstrip(".") for value in tenths], dtype="str")
    resolved = resolve_units({"duration_s": texts}, {"duration_s": heading}, {})
    assert heading_unit(heading, "lengths") == unit
    assert resolved.of["duration_s"] == unit or "duration_s" in resolved.doubts
