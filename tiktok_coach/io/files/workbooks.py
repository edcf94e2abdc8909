"""Reads workbooks (.xlsx, .xlsm, .xlsb, .xls and .ods): each tab as rows of texts, within bounds.

A cell gives the text that its program shows, as far as the file tells it: 12 for 12.0; `2026-06-13` and
`2026-06-13 18:30:00` for days and times; `True` and `False`; nothing for an error. A time of day or a length is
`0:15:00`, whatever its days (`36:00:00`). Where the number format of a cell of an .xlsx says so it is `0:15`, without
seconds, and 0.08 is `8%`. A number of 16 digits or more, such as an id, has lost the last ones in its program.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from struct import iter_unpack, unpack_from
from typing import Any
from xml.etree import ElementTree

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.io.files.decoding import decimal_text
from tiktok_coach.io.files.sheets import MAX_CELLS, MAX_COLUMNS, Row, Sheet
from tiktok_coach.io.files.source_files import OLE_MARK, read_member

CELL = re.compile(rb'<c\s[^>]*?\br="([A-Z]{1,4})(\d{1,8})"')
# The number formats without a code of their own that show percent, and hours and minutes alone.
PERCENT_FORMATS, CLOCK_FORMATS = frozenset({"9", "10"}), frozenset({"18", "20"})
# The year in which spreadsheets begin to count days.
FIRST_YEAR = 1900
# What stands in the code of a number format and is no sign of what it shows.
LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h+\])[^\]]*\]')
# Records that are cells: of BIFF8 (.xls) and of BIFF12 (.xlsb), where rows are records of their own.
XLS_CELLS = frozenset({0x06, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x206, 0x27E, 0x406})
# Streams of fewer bytes stand in another one.
SMALL_STREAM = 4096
XLS_START, XLS_SPAN, XLS_TEXTS, XLSB_ROW, XLSB_CELLS = 0x809, 0x200, 0xFC, 0, range(1, 12)
ODS_TOKEN = re.compile(rb'<table:(table|table-row|(?:covered-)?table-cell)((?:\s[^>"]*"[^"]*")*)\s*(/?)>')
# What parts that end too early raise: they are looked at as far as they go, and refused by their own reader.
CUT_SHORT = (struct.error, IndexError, KeyError, ValueError)
REPEATED = re.compile(rb'table:number-(?:rows|columns)-repeated="(\d{1,9})"')


class Workbook:
    """An open workbook: `tabs` are the names of those that show and hold cells, `hidden` and `empty` the others."""

    def __init__(self, content: bytes, where: str) -> None:
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        self._content, self._where = content, where
        extents = _xls_extents(content, where) if content.startswith(OLE_MARK) else _zip_extents(content, where)
        _check_extents(extents, where)
        with _refusing(content, where), _without_words():
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            sheets = [sheet for sheet in self._book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            shown = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
            # One tab alone is not parsed before it is read.
            is_full = {name: len(shown) < 2 or self._book.get_sheet_by_name(name).start is not None for name in shown}
        self.tabs = [name for name in shown if is_full[name]]
        self.empty = [name for name in shown if not is_full[name]]
        self.hidden = [sheet.name for sheet in sheets if sheet.name not in is_full]

    def sheet(self, tab: str, where: str) -> Sheet:
        """A tab as rows of texts."""
        with _refusing(self._content, self._where), _without_words():
            raw = self._book.get_sheet_by_name(tab).to_python(skip_empty_area=False)
        rows: list[list[Any]] = [[_as_length(cell) for cell in row] for row in raw]
        texts = [[_cell_text(cell) for cell in row] for row in rows]
        for (row, column), kind in self._formats(tab):
            if row < len(texts) and column < len(texts[row]):
                texts[row][column] = _shown(rows[row][column], kind, texts[row][column])
        return Sheet(where, [Row(number, cells) for number, cells in enumerate(texts, 1)])

    def _formats(self, tab: str) -> Iterator[tuple[tuple[int, int], str]]:
        """The cells of a tab of an .xlsx whose number format shows percent, or a time without seconds."""
        if not self._content.startswith(b"PK"):
            return
        with (
            zipfile.ZipFile(io.BytesIO(self._content)) as archive,
            suppress(ElementTree.ParseError, KeyError, zipfile.BadZipFile),
        ):
            names = archive.namelist()
            if "xl/styles.xml" not in names or "xl/workbook.xml" not in names:
                return
            kinds = _kinds_of_styles(archive.read("xl/styles.xml"))
            member = _member_of_tab(archive, tab)
            if kinds and member in names:
                styles = b"|".join(sorted(kinds))
                cell = re.compile(rb'<c\s(?=[^>]*?\br="([A-Z]{1,4})(\d{1,8})")[^>]*?\bs="(' + styles + rb')"')
                for letters, digits, style in cell.findall(archive.read(member)):
                    yield (int(digits) - 1, _column_number(letters) - 1), kinds[style]


def _as_length(cell: object) -> object:
    """A time of the year 1900 as what it is: more than 24 hours in a cell that shows hours and minutes."""
    if isinstance(cell, dt.datetime) and cell.year <= FIRST_YEAR:
        return cell - dt.datetime(FIRST_YEAR - 1, 12, 31)  # noqa: DTZ001 - spreadsheets know no zones
    return cell


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, float):
        return decimal_text(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    if isinstance(cell, dt.time):
        cell = dt.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond)
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(abs(cell).total_seconds(), 60)
        sign, rest = "-" if cell < dt.timedelta() else "", f"{seconds:09.6f}".rstrip("0").rstrip(".")
        return f"{sign}{minutes // 60:.0f}:{minutes % 60:02.0f}:{rest}"
    return str(cell)


def _shown(cell: object, kind: str, text: str) -> str:
    """The text of a cell as its number format shows it."""
    if kind == "percent":
        return f"{cell * 100:.10g}%" if isinstance(cell, (int, float)) and not isinstance(cell, bool) else text
    return text.removesuffix(":00") if isinstance(cell, (dt.time, dt.timedelta)) else text


def _kinds_of_styles(xml: bytes) -> dict[bytes, str]:
    """The styles of cells, by their number, that show percent or a time without seconds."""
    root = ElementTree.fromstring(xml)  # noqa: S314 - one that declares entities is refused before
    kinds = dict.fromkeys(PERCENT_FORMATS, "percent") | dict.fromkeys(CLOCK_FORMATS, "clock")
    for one in root.iterfind("{*}numFmts/{*}numFmt"):
        code = LITERAL.sub("", one.get("formatCode", "")).casefold()
        kind = "percent" if "%" in code else "clock" if "h" in code and "s" not in code else ""
        kinds[one.get("numFmtId", "")] = kind
    styles = enumerate(root.iterfind("{*}cellXfs/{*}xf"))
    return {str(n).encode(): kind for n, style in styles if (kind := kinds.get(style.get("numFmtId", ""), ""))}


def _member_of_tab(archive: zipfile.ZipFile, tab: str) -> str | None:
    """Where the cells of a tab stand in an .xlsx."""
    of_office = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    members = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    book, links = (ElementTree.fromstring(archive.read(name)) for name in members)  # noqa: S314 - as above
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    ids = (sheet.get(of_office) for sheet in book.iterfind("{*}sheets/{*}sheet") if sheet.get("name") == tab)
    target = targets.get(next(ids, None))
    return None if target is None else target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


@contextmanager
def _refusing(content: bytes, where: str) -> Iterator[None]:
    """What is wrong with a workbook as one error."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as error:
        raise _locked(where) from error
    except BaseException as error:
        # What the library did not foresee derives from BaseException alone.
        if not isinstance(error, (CalamineError, ValueError, OSError)) and type(error).__name__ != "PanicException":
            raise
        if content.startswith(OLE_MARK):
            raise _not_whole(where) from error
        problem = _("the workbook cannot be read ({error})", error=error)
        raise CoachError(problem, where=where, hint=_("download it again")) from error


@contextmanager
def _without_words() -> Iterator[None]:
    """What the library writes to the terminal by itself, where it meets what it did not foresee, stays unsaid."""
    with Path(os.devnull).open("w") as nowhere:
        terminal = os.dup(2)
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)


def _locked(where: str) -> CoachError:
    hint = _("save a copy without the password")
    return CoachError(_("the workbook is protected by a password"), where=where, hint=hint)


def _not_whole(where: str) -> CoachError:
    problem = _("begins like a workbook of Excel's old kind (.xls), but is not a whole one")
    hint = _("open it in a spreadsheet program and save it as .xlsx, or download it again")
    return CoachError(problem, where=where, hint=hint)


def _check_extents(extents: Iterator[tuple[int, int]], where: str) -> None:
    """Refuse a workbook whose few cells span vast rectangles, which readers would allocate."""
    total = 0
    for rows, columns in extents:
        total += rows * columns
        if columns > MAX_COLUMNS or total > MAX_CELLS:
            problem = _("the sheet spans {rows:,} rows and {columns:,} columns", rows=rows, columns=columns)
            raise CoachError(problem, where=where, hint=_("it is not an export"))


def _zip_extents(content: bytes, where: str) -> Iterator[tuple[int, int]]:
    """The rows and columns that each tab of an .xlsx, .xlsb or .ods spans."""
    try:
        opened = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise CoachError(_("the workbook cannot be read"), where=where, hint=_("save it again")) from error
    with opened as archive:
        names = archive.namelist()
        if any(name.startswith(("word/", "ppt/")) for name in names) or (
            "mimetype" in names and b"spreadsheet" not in read_member(archive, archive.getinfo("mimetype"), where)
        ):
            hint = _("copy its table into a spreadsheet and save that")
            raise CoachError(_("is a document and no workbook"), where=where, hint=hint)
        for member in archive.infolist():
            if not member.filename.endswith((".xml", ".rels", ".bin")):
                continue
            part = read_member(archive, member, where)
            if member.filename.endswith(".bin"):
                if "worksheets/" in member.filename:
                    yield _xlsb_extent(part)
                continue
            if b"<!DOCTYPE" in part[:65536] or b"<!ENTITY" in part[:65536]:
                hint = _("not opened; it is not an export")
                raise CoachError(_("the workbook declares XML entities"), where=where, hint=hint)
            if "worksheets/" in member.filename:
                yield _xlsx_extent(part)
            elif member.filename == "content.xml":
                yield from _ods_extents(part)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _xlsx_extent(xml: bytes) -> tuple[int, int]:
    cells = CELL.findall(xml)
    columns = max(map(_column_number, {letters for letters, _digits in cells}), default=0)
    return max((int(digits) for _letters, digits in cells), default=0), columns


def _xlsb_extent(part: bytes) -> tuple[int, int]:
    at = rows = columns = 0
    with suppress(*CUT_SHORT):
        while at < len(part):
            # Numbers of records and lengths have seven bits a byte, the last of which has no eighth.
            numbers = []
            for _number in range(2):
                shift = value = 0
                while True:
                    value |= (part[at] & 127) << shift
                    shift, at = shift + 7, at + 1
                    if part[at - 1] < 128:
                        break
                numbers.append(value)
            kind, length = numbers
            if kind == XLSB_ROW:
                rows = max(rows, unpack_from("<I", part, at)[0] + 1)
            elif kind in XLSB_CELLS:
                columns = max(columns, unpack_from("<I", part, at)[0] + 1)
            at += length
    return rows, columns


def _ods_extents(xml: bytes) -> Iterator[tuple[int, int]]:
    tables = row = rows = cells = columns = 0
    for kind, attributes, alone in ODS_TOKEN.findall(xml):
        match = REPEATED.search(attributes)
        count = int(match[1]) if match else 1
        if kind == b"table":
            if tables:
                yield rows, columns
            tables, row, rows, columns = tables + 1, 0, 0, 0
        elif kind == b"table-row":
            row, cells = row + count, 0
        else:
            cells += count
            if not alone or b"office:value" in attributes:
                rows, columns = row, max(columns, cells)
    yield rows, columns


def _xls_extents(content: bytes, where: str) -> Iterator[tuple[int, int]]:
    """The rows and columns that each tab of an .xls spans. Raises CoachError for what is no whole one."""
    try:
        stream = _ole_stream(content, where)
        at = rows = columns = 0
        while at + 4 <= len(stream):
            kind, length = unpack_from("<HH", stream, at)
            if kind == XLS_START:
                yield rows, columns
                rows = columns = 0
            elif kind == XLS_SPAN:
                # What a tab says of its own extent is allocated before its cells are read.
                limits = unpack_from("<IIHH" if length > 10 else "<4H", stream, at + 4)
                if limits[1] < limits[0] or limits[3] < limits[2]:
                    raise IndexError(at)
                yield limits[1] - limits[0], limits[3] - limits[2]
            elif kind == XLS_TEXTS and unpack_from("<I", stream, at + 8)[0] > len(stream):
                raise IndexError(at)
            elif kind in XLS_CELLS and length >= 6:
                row, column = unpack_from("<HH", stream, at + 4)
                # Cells of several columns end with the last of these.
                last = unpack_from("<H", stream, at + 2 + length)[0] if kind in {0xBD, 0xBE} else column
                rows, columns = max(rows, row + 1), max(columns, column + 1, last + 1)
            at += 4 + length
        yield rows, columns
    except CUT_SHORT as error:
        raise _not_whole(where) from error


def _ole_stream(content: bytes, where: str) -> bytes:
    """The stream of a workbook in an OLE file, whose sectors are chained like those of a disk.

    Chains that lead back into themselves, which its reader would follow for ever, are no whole file.
    """
    size = 1 << min(unpack_from("<H", content, 30)[0], 16)
    sectors = content[size:]
    following = [number for listed in _ole_table(content, size) for number in _numbers(_piece(sectors, listed, size))]
    _refuse_loops(following)
    directory = _chained(unpack_from("<I", content, 48)[0], following, sectors, size)
    entries: dict[str, tuple[int, int]] = {}
    for at in range(0, len(directory), 128):
        # A part of an entry is refused by what unpacks it.
        name = directory[at : at + max(unpack_from("<H", directory, at + 64)[0] - 2, 0)].decode("utf-16-le", "replace")
        entries.setdefault(name, unpack_from("<II4x", directory, at + 116))
    if "EncryptedPackage" in entries:
        raise _locked(where)
    first, length = entries.get("Workbook") or entries["Book"]
    # Small streams are pieces of one that has a table of its own.
    small = _chained(entries["Root Entry"][0], following, sectors, size)
    following_small = _numbers(_chained(unpack_from("<I", content, 60)[0], following, sectors, size))
    _refuse_loops(following_small)
    chain = (following, sectors, size) if length >= SMALL_STREAM else (following_small, small, 64)
    stream = _chained(first, *chain)[:length]
    if len(stream) < length:
        raise IndexError(length)
    return stream


def _ole_table(content: bytes, size: int) -> list[int]:
    """The sectors that hold the table of which sector follows each."""
    listed, more = list(unpack_from("<109I", content, 76)), unpack_from("<I", content, 68)[0]
    for _sector in range(len(content) // size + 1):
        if more * size >= len(content):
            return [number for number in listed if number * size < len(content)]
        *others, more = _numbers(_piece(content[size:], more, size))
        listed += others
    raise IndexError(more)


def _refuse_loops(following: list[int]) -> None:
    walks = [0] * len(following)
    for walk, start in enumerate(range(len(following)), 1):
        number = start
        while number < len(following) and not walks[number]:
            walks[number] = walk
            number = following[number]
        if number < len(following) and walks[number] == walk:
            raise IndexError(number)


def _numbers(octets: bytes) -> list[int]:
    return [number for (number,) in iter_unpack("<I", octets)]


def _piece(octets: bytes, number: int, size: int) -> bytes:
    return octets[number * size : (number + 1) * size]


def _chained(first: int, following: list[int], octets: bytes, size: int) -> bytes:
    pieces: list[bytes] = []
    number = first
    while number < len(following):
        pieces.append(_piece(octets, number, size))
        number = following[number]
    return b"".join(pieces)
