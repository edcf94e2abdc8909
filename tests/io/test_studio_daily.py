"""The six files on the account: years from the name, the posts, the option, or the file's own order."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.writing import content, content_row, month_day, put, quoted, read, said, zipped
from tiktok_coach.core.account import Audience
from tiktok_coach.core.errors import CoachError

OVERVIEW = ("Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares")
POST = content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")])


def days(first: str, last: str) -> list[str]:
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return [str(start + dt.timedelta(n)) for n in range((end - start).days + 1)]


def audience(folder: Path, **options: object) -> Audience:
    [found] = read(folder, **options).audiences.values()
    return found


def test_the_year_comes_from_the_posts(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    put(
        tmp_path / "e" / "Overview.csv",
        quoted(OVERVIEW, [[month_day(d), 5, 1, 1, -2, 0] for d in days("2025-12-30", "2026-01-02")]),
    )
    table = audience(tmp_path / "e").overview
    assert table is not None
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == days("2025-12-30", "2026-01-02")
    assert table["comments"].tolist() == [-2.0] * 4


def test_a_file_of_365_days_that_starts_and_ends_on_one_day_is_read_backwards(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    rows = [[month_day(d), "undefined", "0", "0"] for d in days("2025-06-29", "2026-06-29")]
    put(tmp_path / "e" / "Viewers.csv", quoted(("Date", "Total Viewers", "New Viewers", "Returning Viewers"), rows))
    table = audience(tmp_path / "e").viewers
    assert table is not None
    assert table["date"].iloc[0].strftime("%Y-%m-%d") == "2025-06-29"
    assert table[["viewers", "new_viewers", "returning_viewers"]].isna().all().all()


def test_the_name_of_the_export_gives_the_year(tmp_path: Path) -> None:
    end = int(dt.datetime(2025, 3, 3, tzinfo=dt.UTC).timestamp())
    body = quoted(OVERVIEW, [[month_day(d), 5, 1, 1, 0, 0] for d in days("2025-02-27", "2025-03-02")])
    put(tmp_path / "e" / f"Overview_2025-02-27_{end}_baker.zip", zipped({"Overview.csv": body}))
    put(tmp_path / "e" / "Content.csv", POST)
    export = read(tmp_path / "e")
    table = export.audiences["baker"].overview
    assert table is not None
    assert table["date"].iloc[-1].strftime("%Y-%m-%d") == "2025-03-02"
    assert "the years come from the export's file name" in said(export)


def test_export_date_says_the_year_outright(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    put(tmp_path / "e" / "Overview.csv", quoted(OVERVIEW, [[month_day("2026-06-01"), 5, 1, 1, 0, 0]]))
    table = audience(tmp_path / "e", export_date=dt.date(2024, 7, 1)).overview
    assert table is not None
    assert table["date"].dt.year.tolist() == [2024]


def test_without_posts_the_file_ends_at_the_latest_possible_day(tmp_path: Path) -> None:
    put(
        tmp_path / "e" / "FollowerHistory.csv",
        quoted(
            ("Date", "Followers", "Difference in followers from previous day"),
            [["February 28", 10, 99], ["February 29", 12, 99], ["March 1", 11, 99]],
        ),
    )
    put(tmp_path / "e" / "posts.csv", "post_id,account,caption,views,posted_at_precision\n1,baker,a,2,second\n")
    export = read(tmp_path / "e")
    table = export.audiences["baker"].followers
    assert table is not None
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == ["2024-02-28", "2024-02-29", "2024-03-01"]
    assert table["change"].tolist()[1:] == [2.0, -1.0]
    assert "the file's own order" in said(export)


def test_a_file_that_runs_backwards_is_turned(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    put(
        tmp_path / "e" / "Overview.csv",
        quoted(OVERVIEW, [[month_day(d), 5, 1, 1, 0, 0] for d in days("2025-12-30", "2026-01-02")[::-1]]),
    )
    table = audience(tmp_path / "e").overview
    assert table is not None
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == days("2025-12-30", "2026-01-02")


def test_the_export_days_coming_hours_are_no_measurements(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    rows = [
        [month_day(d), hour, 0 if (d == "2026-06-30" and hour > 9) or hour == 3 else 7]
        for d in days("2026-06-29", "2026-06-30")
        for hour in range(24)
    ]
    put(tmp_path / "e" / "FollowerActivity.csv", quoted(("Date", "Hour", "Active followers"), rows))
    table = audience(tmp_path / "e").activity
    assert table is not None
    last = table[table["date"] == table["date"].max()].set_index("hour")["active_followers"]
    assert last.loc[10:].isna().all()
    assert last.loc[3] == 0


def test_shares_are_fractions_or_percentages(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    put(
        tmp_path / "e" / "FollowerGender.csv",
        quoted(("Gender", "Distribution"), [["Female", "0.56"], ["Male", "0.44"]]),
    )
    put(
        tmp_path / "e" / "FollowerTopTerritories.csv",
        quoted(("Top territories", "Distribution"), [["DK", "37.5%"], ["SE", "62.5%"]]),
    )
    found = audience(tmp_path / "e")
    assert found.gender is not None
    assert found.territories is not None
    assert found.gender["share"].tolist() == [0.56, 0.44]
    assert found.territories["share"].tolist() == [0.375, 0.625]


def test_header_only_files_are_named_as_such(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    put(tmp_path / "e" / "FollowerActivity.csv", quoted(("Date", "Hour", "Active followers"), []))
    put(tmp_path / "e" / "FollowerGender.csv", quoted(("Gender", "Distribution"), []))
    states = {s.name: s.state for s in read(tmp_path / "e").sources}
    assert states == {
        "e/Content.csv": "read",
        "e/FollowerActivity.csv": "header only",
        "e/FollowerGender.csv": "header only",
    }


def test_overlapping_exports_agree_on_the_newest(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    put(tmp_path / "e" / "a" / "Overview.csv", quoted(OVERVIEW, [["June 1", 5, 1, 1, 0, 0], ["June 2", 6, 1, 1, 0, 0]]))
    put(tmp_path / "e" / "b" / "Overview.csv", quoted(OVERVIEW, [["June 2", 7, 1, 1, 0, 0], ["June 3", 8, 1, 1, 0, 0]]))
    table = audience(tmp_path / "e").overview
    assert table is not None
    assert table["views"].tolist() == [5, 7, 8]


def test_cells_and_days_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    rows = [["June 1", "five", 1, 1, 0, 0], ["June 2", 6, 1, 1, 0, 0], ["Juneteenth", 6, 1, 1, 0, 0]]
    put(tmp_path / "e" / "Overview.csv", quoted(OVERVIEW, rows))
    told = said(read(tmp_path / "e"))
    assert "e/Overview.csv:2: video views: 'five' is not a number" in told
    assert "e/Overview.csv:4: Date 'Juneteenth' is not a day" in told


def test_one_cell_that_is_no_day_beside_a_whole_day_of_hours_costs_that_cell_alone(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    rows = [["June 20" if hour else "J\x86ne 20", hour, 7] for hour in range(24)]
    put(tmp_path / "e" / "FollowerActivity.csv", quoted(("Date", "Hour", "Active followers"), rows))
    found = read(tmp_path / "e")
    [table] = [audience.activity for audience in found.audiences.values()]
    assert table is not None
    assert len(table) == 23
    assert "e/FollowerActivity.csv:2: Date 'J\\x86ne 20' is not a day; the row is left out" in said(found)


def test_days_that_no_year_can_hold_leave_their_file_out(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    put(
        tmp_path / "e" / "Overview.csv",
        quoted(OVERVIEW, [["February 29", 1, 1, 1, 0, 0], ["March 1", 1, 1, 1, 0, 0], ["February 29", 1, 1, 1, 0, 0]]),
    )
    found = read(tmp_path / "e")
    assert len(found.posts) == 1
    assert [(s.name, s.state) for s in found.sources] == [("e/Content.csv", "read"), ("e/Overview.csv", "unreadable")]
    assert "29 February" in said(found)
    with pytest.raises(CoachError, match="29 February"):
        read(tmp_path / "e", strict=True)
