"""A sheet kept by hand from the per-video page: watch time and completion, and no link to the post."""

from __future__ import annotations

from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import read_table, table_under
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
    marks = sum(mark in sheet.headings(start, ALIASES) for mark in MARKS)
    return len(REQUIRED) + marks if marks else 0


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    reading = Reading(file.name, "hand-kept sheet", trust=40, matches_titles=True, lists_every_post=False)
    table = table_under(file, REQUIRED, ALIASES)
    return read_table(reading, table, MAPPING, options, timezone=options.timezone or "UTC")


READER = Reader("hand-kept sheet", _recognise, _read, (REQUIRED,))
