"""Scrapers' CSV and JSON (Apify and relatives) and TikTok's own web JSON, nested or flattened with `.` or `/`."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from tiktok_coach.core.captions import join_tags
from tiktok_coach.io.files.decoding import records, rows_of
from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import read_first, read_posts, table_of
from tiktok_coach.io.readers import COLUMNS_BY_FORMAT
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

MAPPING: dict[str, list[str]] = COLUMNS_BY_FORMAT["scraper"]
COUNTS = re.compile(r"^(?:stats(?:V2)?\.)?(?:playCount|diggCount|commentCount|shareCount|collectCount)$")
LISTS = ("", "items", "itemList", "data", "data.videos", "videos", "aweme_list")
TAG_COLUMN = re.compile(r"^(?:hashtags|challenges)[./]\d+[./](?:name|title)$")


def _dotted(name: str) -> str:
    return name.replace("/", ".").strip().removeprefix("\ufeff")


def _recognise(file: SourceFile) -> int:
    if (sheet := file.sheet) is not None:
        names = {_dotted(cell) for row in sheet.rows[:1] for cell in row.cells}
        counts = {name for name in names if COUNTS.match(name)}
        return len(counts) * 2 if len(counts) >= 2 and names & {"id", "webVideoUrl", "video_id"} else 0
    rows = rows_of(file.json, *LISTS)
    first = rows[0] if rows else file.json
    if not isinstance(first, dict):
        return 0
    names = set(first) | {f"stats.{key}" for key in first.get("stats") or {} if isinstance(first.get("stats"), dict)}
    return 2 * sum(bool(COUNTS.match(str(name))) for name in names)


def _rows(file: SourceFile) -> list[Any]:
    rows = rows_of(file.json, *LISTS)
    return [file.json] if rows is None else rows


def _table(file: SourceFile, _options: ReadOptions) -> Table:
    if file.sheet is not None:
        return file.sheet.below(0, [_dotted(cell) for cell in file.sheet.rows[0].cells])
    return table_of(records(_rows(file))[0])


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    if file.sheet is not None:
        return _read_sheet(file, options)
    tags = ["hashtags", "challenges"]
    return read_posts(_rows(file), MAPPING, file.name, options, name="scraper", trust=50, tags=tags)[0]


def _read_sheet(file: SourceFile, options: ReadOptions) -> Reading:
    table = _table(file, options)
    reading = read_first(Reading(file.name, "scraper"), table, MAPPING, options)
    tag_columns = [name for name in table.cells.columns if TAG_COLUMN.match(name)]
    if tag_columns:
        rows = table.cells[tag_columns].fillna("").itertuples(index=False)
        tags = [join_tags(tag for tag in row if tag) or None for row in rows]
        reading = reading.with_columns(hashtags=pd.Series(tags, index=table.cells.index, dtype="str"))
    return reading


READER = Reader("scraper", _recognise, _read, table=_table)
