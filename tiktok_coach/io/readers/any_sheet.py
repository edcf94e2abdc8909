"""A sheet of posts of any make: CSV, TSV, XLSX, JSON or Parquet, read by what its headings and values say."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import N_, _
from tiktok_coach.io.admission import of_tiktok
from tiktok_coach.io.columns.inference import COUNTS, infer_columns
from tiktok_coach.io.columns.names import BARE, WEAK, Meaning
from tiktok_coach.io.columns.sheet import is_sheet_of_posts
from tiktok_coach.io.columns.units import unit_meanings
from tiktok_coach.io.files.decoding import records
from tiktok_coach.io.files.parquet import parquet_table
from tiktok_coach.io.files.sheets import ENGLISH, PREAMBLE_ROWS, Row, Sheet, Table, heading
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import read_table, table_of
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

# Of a file these first rows are looked at before it is decided whether to read all of it.
GLANCE = 300
LONGEST_HEADING = 80
# Of the lists in a JSON file, so many are looked at for posts.
MOST_LISTS = 12
# More than a calendar kept by hand shows, since counts are results, and less than any format of its own.
CLAIM = 3


def _recognise(file: SourceFile) -> int:
    table = table_in(file, {}, GLANCE)
    return CLAIM if table is not None and _is_sheet_of_posts(table) else 0


def _is_sheet_of_posts(table: Table) -> bool:
    table = of_tiktok(table, "")
    if table.elsewhere:
        # Of another platform's posts the headings alone tell.
        return is_sheet_of_posts({m.fact for name in table.cells.columns for m in _meanings(name) if m.fact})
    mapping = infer_columns(table.cells, {}, "")
    name_facts = {m.fact for name in table.cells.columns for m in _meanings(name) if m.fact and m.confidence >= BARE}
    if "link" in name_facts and "link" not in mapping.headings and _foreign_site(table) is not None:
        return False
    questions = {question.split(" ")[0] for question in (*mapping.questions, *mapping.doubts)}
    return is_sheet_of_posts({*mapping.headings, *questions}) or (
        bool(mapping.misplaced) and is_sheet_of_posts(name_facts)
    )


def _foreign_site(table: Table) -> str | None:
    """Where links lead, where that is not TikTok."""
    for name in table.cells.columns:
        if any(m.fact == "link" and m.confidence >= BARE for m in _meanings(name)):
            sites = table.cells[name].str.extract(r"^https?://(?:www\.)?([^/\s:]+)", expand=False).dropna()
            foreign = sites[~sites.str.endswith("tiktok.com")]
            if len(foreign):
                return str(foreign.iloc[0])
    return None


def why_no_posts(file: SourceFile) -> CoachError | None:
    """What a sheet that speaks of posts lacks to be read as one; None for a sheet that does not speak of posts."""
    table = table_in(file, {}, GLANCE)
    if table is None:
        return None
    headings = infer_columns(table.cells, {}, file.name).headings
    counts = [fact for fact in COUNTS if fact in headings]
    if (site := _foreign_site(table)) is not None and counts:
        text = _("is a sheet of posts whose links lead to {site}, not to TikTok", site=site)
        return CoachError(text, where=file.name)
    of_days = {"date", "total viewers", "video views", "profile views", "reached audience"}
    is_of_days = any(heading(name, ENGLISH) in of_days for name in table.headings)
    if len(counts) < 2 or (is_of_days and "caption" not in headings and "duration_s" not in headings):
        return None
    text = N_("looks like a sheet of posts ({names}), but no column has their ids, links or captions")
    hint = _("add one, or name it with --column post_id=HEADING; `tiktok-coach columns` shows how each was understood")
    return CoachError(_(text, names=", ".join(counts)), where=file.name, hint=hint)


def table_in(file: SourceFile, by_hand: Mapping[str, Sequence[str]], most: int | None = None) -> Table | None:
    """The table of a file, or its first `most` rows; None where it holds none.

    `by_hand` takes facts to headings that the user names, which tell the header. Rows of other platforms, and sums, are
    not among them.
    """
    if file.is_parquet:
        table: Table | None = parquet_table(file, _("write it again"), most)
    elif (sheet := file.sheet) is not None:
        start = _header(sheet, {name for names in by_hand.values() for name in names})
        table = None if start is None else sheet.below(start, _cells(sheet.rows[start]), most)
    else:
        table = _json_table(file.json, by_hand, most)
    return None if table is None else of_tiktok(table, file.name)


def _json_table(value: Any, by_hand: Mapping[str, Sequence[str]], most: int | None) -> Table | None:
    """The longest list of posts in a JSON value, or of what the user says of them. Other lists may be private."""
    for rows in heapq.nlargest(MOST_LISTS, _lists(value), key=len):
        glance = _of_records(rows[:GLANCE])
        named = by_hand and all(set(names) & set(glance.headings) for names in by_hand.values())
        if named or _is_sheet_of_posts(glance):
            return glance if min(len(rows), most or len(rows)) <= GLANCE else _of_records(rows[:most])
    return None


def _of_records(rows: Sequence[Any]) -> Table:
    return table_of(records(rows)[0])


@lru_cache(maxsize=4096)
def _meanings(heading: str) -> tuple[Meaning, ...]:
    return unit_meanings(heading) if len(heading) <= LONGEST_HEADING else ()


def _cells(row: Row) -> list[str]:
    return [cell.strip().removeprefix("\ufeff") for cell in row.cells]


def _header(sheet: Sheet, by_hand: Collection[str]) -> int | None:
    """The row with most headings that are known, of which those named by hand count twice."""
    best, most = None, 1
    for position, row in enumerate(sheet.rows[:PREAMBLE_ROWS]):
        known = sum(
            2 if cell in by_hand else any(m.confidence >= WEAK for m in _meanings(cell)) for cell in _cells(row)
        )
        if known > most:
            best, most = position, known
    return best


def _lists(value: Any, depth: int = 3) -> Iterator[list[Any]]:
    """The lists of objects in a JSON value, not far below its top."""
    if isinstance(value, list):
        yield from [value] if any(isinstance(row, dict) for row in value) else []
    elif isinstance(value, dict) and depth:
        for inner in value.values():
            yield from _lists(inner, depth - 1)


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    table = table_in(file, options.columns)
    assert table is not None
    reading = read_table(Reading(file.name, "sheet", trust=45), table, options, timezone=options.timezone)
    posts = reading.posts
    assert posts is not None
    if "posted_at" in posts.columns and "uploaded_at" in posts.columns:
        bare = posts["posted_at_precision"] == "day"
        if bare.any() and (bare | posts["posted_at"].isna()).all():
            # Days printed beside an upload, from which the hour follows where the two agree.
            posts["printed_on"] = posts["posted_at"]
    return replace(reading, matches_titles="post_id" not in posts.columns)


def _table(file: SourceFile, options: ReadOptions) -> Table | None:
    return table_in(file, options.columns)


READER = Reader("sheet", _recognise, _read, is_fallback=True, table=_table)
