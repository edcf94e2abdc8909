"""Scrapers' CSV and JSON (Apify and relatives) and TikTok's own web JSON, nested or flattened with `.` or `/`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pandas as pd

from tiktok_coach.core.captions import join_tags
from tiktok_coach.io.columns.names import words
from tiktok_coach.io.files.decoding import flatten, records, rows_of
from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import format_table, posts_table, read_created, read_posts
from tiktok_coach.io.readers import COLUMNS_BY_FORMAT
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

MAPPING: dict[str, list[str]] = COLUMNS_BY_FORMAT["scraper"]
LISTS = ("", "items", "itemList", "data", "data.videos", "videos", "aweme_list")
TAG_COLUMN = re.compile(r"^(?:hashtags|challenges)[./_]\d+[./_](?:name|title)$")
TAGS = "hashtags"
COUNTS = ("views", "likes", "comments", "shares", "saves")
# Names that other makes use too.
COMMON = {"id", "video_id", "url", "video_url", "author", "text", "desc", "description", "isAd", *MAPPING[TAGS]}


def _spelling(name: str) -> str:
    return "".join(words(name))


FACTS = {_spelling(name): fact for fact, names in MAPPING.items() for name in names if name not in COMMON}
IDS = frozenset(map(_spelling, ("id", "webVideoUrl", "video_id")))


def _recognise(file: SourceFile) -> int:
    if (sheet := file.sheet) is not None:
        names = {_spelling(cell) for row in sheet.rows[:1] for cell in row.cells}
        if names.isdisjoint(IDS):
            return 0
    else:
        rows = rows_of(file.json, *LISTS)
        first = rows[0] if rows else file.json
        if not isinstance(first, dict):
            return 0
        names = {_spelling(key) for key in flatten(first)}
    facts = {FACTS[name] for name in names if name in FACTS}
    return len(facts) if len(facts.intersection(COUNTS)) >= 2 else 0


def _rows(file: SourceFile) -> list[Any]:
    rows = rows_of(file.json, *LISTS)
    return [file.json] if rows is None else rows


def _table(file: SourceFile, _options: ReadOptions) -> Table:
    if file.sheet is None:
        return posts_table(records(_rows(file))[0], MAPPING)
    table = file.sheet.below(0, [cell.strip().removeprefix("\ufeff") for cell in file.sheet.rows[0].cells])
    cells = table.cells
    # A column for each hashtag becomes one of all of them.
    if (names := [name for name in cells.columns if TAG_COLUMN.match(name)]) and TAGS not in cells.columns:
        rows = cells[names].fillna("").itertuples(index=False)
        tags = [join_tags(tag for tag in row if tag) or None for row in rows]
        cells = cells.drop(columns=names).assign(**{TAGS: pd.Series(tags, index=cells.index, dtype="str")})
        table = replace(table, cells=cells, headings=[*cells.columns])
    return format_table(table, MAPPING)


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    if file.sheet is not None:
        return read_created(Reading(file.name, "scraper"), _table(file, options), options)
    return read_posts(_rows(file), MAPPING, file.name, options, name="scraper", trust=50)[0]


READER = Reader("scraper", _recognise, _read, is_sure=True, table=_table)
