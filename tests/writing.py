"""Writes exports in the forms in which TikTok and others write them, with made-up posts."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from babel.dates import format_skeleton

from tiktok_coach.io.load import load
from tiktok_coach.io.reading import Export, ReadOptions

BOM = "\ufeff"
TODAY = dt.date(2026, 11, 23)
CONTENT_HEADER = (
    "Time",
    "Video title",
    "Video link",
    "Post time",
    "Total likes",
    "Total comments",
    "Total shares",
    "Total views",
)


def video_id(moment: str, low: int = 123_456_789) -> str:
    """An id whose upload time is `moment` (ISO, UTC)."""
    return str((int(pd.Timestamp(moment, tz="UTC").timestamp()) << 32) | low)


def link(post_id: str, handle: str = "baker", kind: str = "video") -> str:
    return f"https://www.tiktok.com/@{handle}/{kind}/{post_id}"


def month_day(day: str, locale: str = "en") -> str:
    return str(format_skeleton("MMMMd", dt.date.fromisoformat(day), locale=locale))


def quoted(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """CSV as Studio writes it."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return (BOM + stream.getvalue().removesuffix("\n")).encode()


def content_row(
    uploaded: str,
    printed: str,
    exported: str,
    caption: str = "Rye bread #baking",
    *,
    counts: Sequence[Any] = (10, 2, 1, 300),
    locale: str = "en",
    low: int = 123_456_789,
    handle: str = "baker",
) -> list[Any]:
    return [
        month_day(exported, locale),
        caption,
        link(video_id(uploaded, low), handle),
        month_day(printed, locale),
        *counts,
    ]


def content(rows: Iterable[Sequence[Any]]) -> bytes:
    return quoted(CONTENT_HEADER, rows)


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return stream.getvalue()


def workbook(rows: Iterable[Sequence[Any]]) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, str(cell))
    book.close()
    return stream.getvalue()


def put(path: Path, body: bytes | str | Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(body, bytes):
        path.write_bytes(body)
    elif isinstance(body, str):
        path.write_text(body, "utf-8")
    else:
        path.write_text(json.dumps(body, ensure_ascii=False), "utf-8")
    return path


def without_hashes(text: str) -> str:
    """The plan that `init` writes with its samples as posts, as an editor takes comments away."""
    return re.sub(r"(?m)^# (?= )", "", text)


def read(*paths: Path, strict: bool = False, **options: Any) -> Export:
    return load(list(paths), ReadOptions(**{"today": TODAY, **options}), strict=strict)


def said(export: Export) -> str:
    return "\n".join(f"{n.level} {n.where}: {n.text}" for n in export.notices)
