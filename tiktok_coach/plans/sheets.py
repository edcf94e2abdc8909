"""Plans as tables: the calendars of schedulers, the tool's own, and those that people keep by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tiktok_coach.core.account import Account
from tiktok_coach.core.captions import join_tags
from tiktok_coach.core.documents.document import line_column, line_starts
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice, more_lines
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import _, plural
from tiktok_coach.io.columns.rows import TIKTOK, platform_of, status_of
from tiktok_coach.io.files.decoding import MISSING, TRUE
from tiktok_coach.io.files.sheets import PREAMBLE_ROWS, Row, Sheet
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.plans.places import SheetPlaces, field_spans
from tiktok_coach.plans.plan import Plan, columns_by_key, typed

# Headings are compared without case. Of what people call a column in a calendar of their own, the plainest comes first;
# a sheet with a heading of results is no plan.
_CALENDARS: dict[str, Any] = json.loads(Path(__file__).with_name("calendars.json").read_text("utf-8"))


def calendar_of(sheet: Sheet) -> tuple[int, CalendarKind] | None:
    """The position of the header row and the kind of calendar below it; None where the sheet is none."""
    kinds = ((row, recognised(sheet.headings(row))) for row in range(min(PREAMBLE_ROWS, len(sheet.rows))))
    return next(((row, kind) for row, kind in kinds if kind is not None), None)


def read_calendar(sheet: Sheet, text: str, options: ReadOptions, account: Account | None) -> Plan:
    """The posts of a calendar; `text` is the file's own, empty for a workbook."""
    header_and_kind = calendar_of(sheet)
    assert header_and_kind is not None
    header, calendar = header_and_kind
    at = {name: position for position, name in reversed(list(enumerate(sheet.headings(header)))) if name}
    width = len(sheet.rows[header].cells)
    body = [i for i in range(header + 1, len(sheet.rows)) if any(cell.strip() for cell in sheet.rows[i].cells)]
    problems = [_ragged(sheet, sheet.rows[i], width) for i in body if _is_ragged(sheet.rows[i], width)]
    body = [i for i in body if not _is_ragged(sheet.rows[i], width)]
    starts = line_starts(text) if text else []
    problems += _unclosed(sheet, text, starts, body)
    row_numbers, notices = _for_tiktok(sheet, body, calendar, at)
    cells = {column: at[name] for column, name in calendar.columns.items() if name in at}
    rows = [sheet.rows[i] for i in row_numbers]
    cells_by_column = list(zip_longest(*(row.cells for row in rows), fillvalue=""))
    cells_by_column += [("",) * len(rows)] * (width - len(cells_by_column))
    clocks = cells_by_column[at[calendar.clock]] if calendar.clock in at else ()
    written = {column: _written(column, cells_by_column[cell], clocks) for column, cell in cells.items()}
    facts = {column: texts for column, texts in written.items() if any(text is not None for text in texts)}
    places = SheetPlaces(sheet, row_numbers, cells, sheet.where, text, starts)
    posts, more, more_notices = typed(facts, len(rows), places, sheet.where, options)
    problems, notices = problems + more, notices + more_notices
    return Plan(sheet.where, calendar.name, text, posts, places, account, tuple(problems), tuple(notices))


def _cell(row: Row, position: int | None) -> str:
    return row.cells[position].strip() if position is not None and position < len(row.cells) else ""


def _is_ragged(row: Row, width: int) -> bool:
    """More fields than the header, or one alone: shorter rows are how spreadsheets leave out empty cells."""
    return any(cell.strip() for cell in row.cells[width:]) or (width > 2 and len(row.cells) == 1)


def _ragged(sheet: Sheet, row: Row, width: int) -> CoachError:
    count, hint = len(row.cells), _("look for a quotation mark or a comma")
    problem = plural(
        "{count} field where the header has {width}", "{count} fields where the header has {width}", count, width=width
    )
    return CoachError(problem, where=sheet.where, line=row.line, column=1, hint=hint)


def _unclosed(sheet: Sheet, text: str, starts: list[int], body: Sequence[int]) -> list[CoachError]:
    """An open quotation mark makes one field of all that follows, so that it can only be in the last row."""
    if not text or not body:
        return []
    row = sheet.rows[body[-1]]
    spans = field_spans(text, starts[row.line - 1], len(text), sheet.separator)
    start, end = spans[-1]
    if text[start : start + 1] != '"' or (end - start > 1 and text[end - 1] == '"'):
        return []
    line, column = line_column(starts, start)
    problem = _("a quotation mark is not closed, so that all that follows is one field")
    return [CoachError(problem, where=sheet.where, line=line, column=column, hint=_("close it"))]


def _written(column: str, texts: Sequence[str], clocks: Sequence[str]) -> list[str | None]:
    """What a column says of each post, None where it says nothing; `clocks` are the hours beside the days."""
    if column == "posted_at":
        days = [text.strip().removesuffix(" 00:00:00") for text in texts]
        hours = [clock.strip() for clock in clocks] or [""] * len(days)
        pairs = zip(days, hours, strict=True)
        texts = [f"{day} {hour}" if day and hour.casefold() not in MISSING else day for day, hour in pairs]
    elif column == "hashtags":
        texts = [t if "#" in t else join_tags(t.replace(",", " ").replace(";", " ").split()) for t in texts]
    distinct = set(texts)
    absent = {t for t in distinct if not t.strip()}
    if COLUMNS[column].kind != "text":
        absent |= {t for t in distinct if t.strip().casefold() in MISSING}
    return [None if text in absent else text for text in texts]


def _for_tiktok(
    sheet: Sheet, body: Sequence[int], calendar: CalendarKind, at: dict[str, int]
) -> tuple[list[int], list[Notice]]:
    """The rows that are planned for TikTok, and a notice each on those of other platforms and those that are out."""
    columns = [at.get(name or "") for name in (calendar.platforms, calendar.ticked, calendar.status)]
    planned: list[int] = []
    elsewhere: list[int] = []
    out: list[int] = []
    for position in body:
        platforms, ticked, status = (_cell(sheet.rows[position], column).casefold() for column in columns)
        is_ours = not platforms or platform_of(platforms) == TIKTOK
        if not is_ours or (columns[1] is not None and ticked not in TRUE):
            elsewhere.append(position)
        else:
            (out if status_of(status) in {"published", "called off"} else planned).append(position)
    notices = []
    for rows, why in ((elsewhere, _("for other platforms")), (out, _("out already, or called off"))):
        if rows:
            lines = [sheet.rows[i].line for i in rows]
            text = plural(
                "{count} row is {why}; left out{also}",
                "{count} rows are {why}; left out{also}",
                len(rows),
                why=why,
                also=more_lines(lines),
            )
            notices.append(Notice(sheet.where, text, lines[0], level="info"))
    return planned, notices


@dataclass(frozen=True)
class CalendarKind:
    """One kind of calendar. `columns` takes a column of the posts table to the heading that holds it.

    `required` headings tell the kind; `clock` holds the time where the day stands apart from it; `platforms` names the
    networks of a row, `ticked` is a column that is true for TikTok; `status` says whether the row is out. One that is
    not `is_certain` has headings that an export of posts may have as well.
    """

    name: str
    columns: Mapping[str, str]
    required: Sequence[str] = ()
    clock: str | None = None
    platforms: str | None = None
    ticked: str | None = None
    status: str | None = None
    is_certain: bool = True


def recognised(headings: list[str]) -> CalendarKind | None:
    """The kind of calendar whose headings these are; None where they are of none."""
    names = set(headings)
    if names & set(_CALENDARS["headings_of_results"]):
        return None
    scheduler = next((kind for kind in _CALENDARS["schedulers"] if names.issuperset(kind["required"])), None)
    if scheduler is not None:
        return CalendarKind(**scheduler)
    if "publish_at" in names:
        # The tool's own: keys of a planned post, dotted or plain.
        keys = {key.casefold(): column.name for key, column in columns_by_key().items()}
        columns: dict[str, str] = {}
        for name in headings:
            if name in keys:
                columns.setdefault(keys[name], name)
        return CalendarKind("calendar", columns, status="status" if "status" in names else None)
    facts = {fact: next((n for n in words if n in names), None) for fact, words in _CALENDARS["by_hand"].items()}
    clock, platforms, status = (facts.pop(name) for name in ("clock", "platforms", "status"))
    if facts["caption"] is None or facts["posted_at"] is None:
        return None
    columns = {fact: name for fact, name in facts.items() if name}
    return CalendarKind("calendar kept by hand", columns, (), clock, platforms, status=status, is_certain=False)
