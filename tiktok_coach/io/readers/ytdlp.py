"""yt-dlp's `*.info.json`, one file a video."""

from __future__ import annotations

import re
from typing import Any

from tiktok_coach.io.files.decoding import records
from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import posts_table, read_posts
from tiktok_coach.io.readers import COLUMNS_BY_FORMAT
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

MAPPING: dict[str, list[str]] = COLUMNS_BY_FORMAT["yt-dlp"]
NUMBERED = re.compile(r"TikTok (?:video|photo) #\d+$")
MARKS = {"webpage_url", "timestamp", "view_count", "extractor", "uploader", "repost_count", "description"}


def _rows(value: Any) -> list[Any] | None:
    if isinstance(value, dict) and isinstance(value.get("entries"), list):
        return list(value["entries"])
    rows = value if isinstance(value, list) else [value]
    first = rows[0] if rows else None
    if isinstance(first, dict) and "id" in first and len(MARKS & set(first)) >= 3:
        return rows
    return None


def _recognise(file: SourceFile) -> int:
    rows = _rows(file.json)
    first = rows[0] if rows else None
    return len(MARKS & set(first)) if isinstance(first, dict) else 0


def _posts(file: SourceFile) -> list[Any]:
    return [_post(row) if isinstance(row, dict) else row for row in _rows(file.json) or []]


def _post(row: dict[str, Any]) -> dict[str, Any]:
    # A post without words is given a title all the same.
    title = None if NUMBERED.match(str(row.get("title"))) else row.get("title")
    return {**row, "title": title, "artist": row.get("artist") or _artists(row.get("artists"))}


def _table(file: SourceFile, _options: ReadOptions) -> Table:
    return posts_table(records(_posts(file))[0], MAPPING)


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    return read_posts(_posts(file), MAPPING, file.name, options, name="yt-dlp", trust=50)[0]


def _artists(value: Any) -> str | None:
    return ", ".join(str(artist) for artist in value) or None if isinstance(value, list) else None


READER = Reader("yt-dlp", _recognise, _read, is_sure=True, table=_table)
