"""A sheet kept by hand from the per-video page: watch time and completion, and no link to the post."""

from __future__ import annotations

from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import format_table, read_table, table_under
from tiktok_coach.io.readers import COLUMNS_BY_FORMAT
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

REQUIRED = ("post day", "video title", "total views")
MAPPING: dict[str, str] = COLUMNS_BY_FORMAT["hand-kept sheet"]
ALIASES: dict[str, str] = COLUMNS_BY_FORMAT["hand-kept sheet, other headings"]
MARKS = ("avg watch time", "full watch percentage", "total video time", "total saves")


def _recognise(file: SourceFile) -> int:
    sheet = file.sheet
    if not sheet or (start := sheet.header_row(REQUIRED, ALIASES)) is None:
        return 0
    marks = sum(mark in sheet.headings(start, ALIASES) for mark in MARKS)
    return len(REQUIRED) + marks if marks else 0


def _table(file: SourceFile, _options: ReadOptions) -> Table:
    return format_table(table_under(file, REQUIRED, ALIASES), MAPPING)


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    reading = Reading(file.name, "hand-kept sheet", trust=40, matches_titles=True, lists_every_post=False)
    return read_table(reading, _table(file, options), options, timezone=options.timezone)


READER = Reader("hand-kept sheet", _recognise, _read, (REQUIRED,), is_sure=True, table=_table)
