"""Business Suite CSVs of business accounts: the video list, with saves and exact post times, and two daily files."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from tiktok_coach.io.dates.parse import parse_times
from tiktok_coach.io.files.sheets import ENGLISH, Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import count_headings, format_table, own_columns, ragged_notices, read_table, table_under
from tiktok_coach.io.parse import parse_counts
from tiktok_coach.io.readers import COLUMNS_BY_FORMAT
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

VIDEO = ("video title", "video link", "post time", "video views", "likes", "comments", "shares")
OVERVIEW = ("date", "video views", "reached audience", "profile views", "likes", "shares", "comments")
AUDIENCE = ("date", "new followers", "total followers", "reached audience")
TABLES = {"videos": VIDEO, "overview": OVERVIEW, "followers": AUDIENCE}
COLUMNS: dict[str, dict[str, str]] = COLUMNS_BY_FORMAT["business suite"]


def _table(file: SourceFile, _options: ReadOptions) -> Table:
    name = max(TABLES, key=lambda name: count_headings(file, TABLES[name], aliases=ENGLISH))
    table = table_under(file, TABLES[name], ENGLISH)
    if name == "videos":
        return format_table(table, COLUMNS[name])
    return replace(table, known={}, own=own_columns(table, COLUMNS[name]))


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    table = _table(file, options)
    if count_headings(file, VIDEO, aliases=ENGLISH):
        supplies = tuple(name for name in COLUMNS["videos"] if name != "link")
        reading = Reading(file.name, "business suite videos", trust=70, time_trust=2, supplies=supplies)
        return read_table(reading, table, options)
    name = "overview" if count_headings(file, OVERVIEW, aliases=ENGLISH) else "followers"
    times = parse_times(table.cells["date"], file.name, order=options.date_order)
    rows = pd.DataFrame({"date": times.at.dt.normalize()})
    for column, title in COLUMNS[name].items():
        rows[column] = parse_counts(table.cells[title]).values
    return Reading(
        file.name,
        f"business suite {name}",
        rows=len(table.cells) + len(table.ragged),
        tables={name: rows[rows["date"].notna()].reset_index(drop=True)},
        notices=tuple(ragged_notices(table, file.name)),
        supplies=(name,),
    )


READER = Reader(
    "business suite",
    lambda file: count_headings(file, *TABLES.values(), aliases=ENGLISH),
    _read,
    tuple(TABLES.values()),
    is_sure=True,
    table=_table,
)
