"""A sheet kept by hand from the per-video page: watch time and completion, and no link to the post."""

from __future__ import annotations

from dataclasses import replace

from tiktok_coach.io.dates.parse import infer_order
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import read_table
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

REQUIRED = ("post day", "video title", "total views")
MAPPING = {
    "caption": "video title",
    "link": "video link",
    "posted_at": "post day",
    "duration_s": "total video time",
    "views": "total views",
    "likes": "total likes",
    "comments": "total comments",
    "shares": "total shares",
    "saves": "total saves",
    "average_watch_time_s": "avg watch time",
    "total_watch_time_s": "total play time",
    "new_followers": "new followers",
    "completion_rate": "full watch percentage",
}
ALIASES = {
    "average watch time": "avg watch time",
    "watched full video": "full watch percentage",
    "watched full video percentage": "full watch percentage",
    "completion rate": "full watch percentage",
    "video length": "total video time",
    "duration": "total video time",
    "title": "video title",
    "link": "video link",
}
MARKS = ("avg watch time", "full watch percentage", "total video time", "total saves")


def _recognise(file: SourceFile) -> int:
    sheet = file.sheet
    if not sheet or (start := sheet.header_row(REQUIRED, ALIASES)) is None:
        return 0
    headings = sheet.headings(start, ALIASES)
    marks = sum(mark in headings for mark in MARKS)
    return len(REQUIRED) + marks if marks else 0


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    assert file.sheet is not None
    table = file.sheet.under(REQUIRED, ALIASES)
    assert table is not None
    timezone = options.timezone or "UTC"
    reading = read_table(table, MAPPING, file.name, options, name="hand-kept sheet", trust=40, timezone=timezone)
    order = infer_order(list(table.cells["post day"].fillna("")))
    return replace(reading, matches_titles=True, lists_every_post=False, date_order=order)


READER = Reader("hand-kept sheet", _recognise, _read, (REQUIRED,))
