"""Business Suite CSVs of business accounts: the video list, with saves and exact post times, and two daily files."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from tiktok_coach.io.dates.parse import infer_order, parse_times
from tiktok_coach.io.files.sheets import ENGLISH
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import ragged_notices, read_table
from tiktok_coach.io.parse import parse_counts
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

VIDEO = ("video title", "video link", "post time", "video views", "likes", "comments", "shares")
OVERVIEW = ("date", "video views", "reached audience", "profile views", "likes", "shares", "comments")
AUDIENCE = ("date", "new followers", "total followers", "reached audience")
MAPPING = {
    "caption": "video title",
    "link": "video link",
    "posted_at": "post time",
    "views": "video views",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
    "saves": "add to favorites",
}
DAILY = {
    "overview": {
        "video views": "views",
        "profile views": "profile_views",
        "likes": "likes",
        "comments": "comments",
        "shares": "shares",
    },
    "followers": {"total followers": "followers", "new followers": "new_followers"},
}


def _recognise(file: SourceFile) -> int:
    sheet = file.sheet
    if not sheet:
        return 0
    return max(
        (len(required) for required in (VIDEO, OVERVIEW, AUDIENCE) if sheet.header_row(required, ENGLISH) is not None),
        default=0,
    )


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    assert file.sheet is not None
    table = file.sheet.under(VIDEO, ENGLISH)
    if table is None:
        return _read_daily(file, options)
    reading = read_table(table, MAPPING, file.name, options, name="business suite videos", trust=70)
    order = infer_order(list(table.cells["post time"].fillna("")))
    return replace(reading, time_trust=2, date_order=order, supplies=tuple(name for name in MAPPING if name != "link"))


def _read_daily(file: SourceFile, options: ReadOptions) -> Reading:
    assert file.sheet is not None
    name = "overview" if file.sheet.header_row(OVERVIEW, ENGLISH) is not None else "followers"
    table = file.sheet.under(OVERVIEW if name == "overview" else AUDIENCE, ENGLISH)
    assert table is not None
    times = parse_times(table.cells["date"], file.name, order=options.date_order)
    rows = pd.DataFrame({"date": times.at.dt.normalize()})
    for title, column in DAILY[name].items():
        rows[column] = parse_counts(table.cells[title]).values
    return Reading(
        file.name,
        f"business suite {name}",
        rows=len(table.cells) + len(table.ragged),
        tables={name: rows[rows["date"].notna()].reset_index(drop=True)},
        notices=tuple(ragged_notices(table, file.name)),
        supplies=(name,),
    )


READER = Reader("business suite", _recognise, _read, (VIDEO, OVERVIEW, AUDIENCE))
