"""Answers of TikTok's own APIs as JSON: Display (video/list), Research (video/query) and Business (video/list)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tiktok_coach.io.capture.insights import TRAFFIC_COLUMNS
from tiktok_coach.io.files.decoding import records, rows_of, text_of
from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import posts_table, read_posts
from tiktok_coach.io.parse import parse_shares
from tiktok_coach.io.readers import COLUMNS_BY_FORMAT
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

MAPPING: dict[str, list[str]] = COLUMNS_BY_FORMAT["TikTok API"]
# Lists that are read here.
OWN = {"effect_ids": "effects", "impression_sources": "traffic_for_you"}
LISTS = ("data.videos", "data.list", "videos", "list", "data", "")
MARKS = {
    *("create_time", "share_url", "video_description", "like_count", "view_count", "share_count", "comment_count"),
    *("item_id", "video_views", "full_video_watched_rate", "hashtag_names", "favorites_count", "username"),
    "region_code",
}


def _recognise(file: SourceFile) -> int:
    rows = rows_of(file.json, *LISTS)
    first = rows[0] if rows else None
    if not isinstance(first, dict) or not {"id", "item_id"} & set(first):
        return 0
    marks = len(MARKS & set(first))
    return marks if marks >= 2 else 0


def _table(file: SourceFile, _options: ReadOptions) -> Table:
    return posts_table(records(rows_of(file.json, *LISTS) or [])[0], MAPPING, OWN)


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    rows = rows_of(file.json, *LISTS) or []
    reading, objects = read_posts(rows, MAPPING, file.name, options, name="TikTok API", trust=75, own=OWN)
    return reading.with_columns(effects=_effects(objects), **_traffic(objects))


def _effects(objects: list[dict[str, Any]]) -> pd.Series:
    texts = []
    for record in objects:
        ids = record.get("effect_ids")
        # An empty list says that no effect is in use; no list says nothing.
        texts.append((";".join(text_of(i) or "" for i in ids) or "none") if isinstance(ids, list) else None)
    return pd.Series(texts, dtype="str")


def _traffic(objects: list[dict[str, Any]]) -> dict[str, pd.Series]:
    texts: dict[str, list[str | None]] = {name: [None] * len(objects) for name in sorted({*TRAFFIC_COLUMNS.values()})}
    for position, record in enumerate(objects):
        sources = record.get("impression_sources")
        for entry in sources if isinstance(sources, list) else ():
            if isinstance(entry, dict):
                name = TRAFFIC_COLUMNS.get(str(entry.get("impression_source", "")).casefold().replace("_", " "))
                if name and entry.get("percentage") is not None:
                    texts[name][position] = text_of(entry["percentage"])
    # Whether they are in percent, all of them tell together.
    every = parse_shares(pd.Series([v for values in texts.values() for v in values], dtype="str")).values
    parts = every.to_numpy().reshape(len(texts), len(objects))
    return {name: pd.Series(part) for name, part in zip(texts, parts, strict=True)}


READER = Reader("TikTok API", _recognise, _read, is_sure=True, table=_table)
