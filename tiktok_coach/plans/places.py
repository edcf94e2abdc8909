"""Where a fact stands in a file: a value of a document, or a cell of a sheet."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from tiktok_coach.core.documents.document import Document, ListMarks, line_column, pack, unpacked
from tiktok_coach.core.records import dataclass

if TYPE_CHECKING:
    from tiktok_coach.io.files.sheets import Sheet

_LINE_END = re.compile(r"[\r\n]")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")


@dataclass(frozen=True)
class Place:
    """A span of a file. Lines and columns count from 1, columns in characters; the end is exclusive.

    `start` and `end` are its offsets in the file's text, None in a workbook, whose lines are rows and columns cells.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    start: int | None = None
    end: int | None = None


def place_in(starts: list[int], file: str, start: int, end: int) -> Place:
    """The place between two offsets of a text."""
    line, column = line_column(starts, start)
    end_line, end_column = line_column(starts, end)
    return Place(file, line, column, end_line, end_column, start, end)


def document_place(document: Document, mark: Any) -> Place:
    """The place of a mark: what is written for the value, without its anchor and without the space behind a block."""
    _, start, end = unpacked(mark)
    text = document.text
    if text[start : start + 1] in {"&", "!"} and (match := _PROPERTIES.match(text, start, end)):
        start = match.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    return place_in(document.starts, document.where, start, end)


@dataclass(frozen=True)
class DocumentPlaces:
    """Places in a document: `rows` are the posts' own marks, `marks` those of each post's facts by column.

    `inherited` are the places of defaults by column, maybe of another document.
    """

    document: Document
    rows: Sequence[Any]
    marks: Sequence[Mapping[str, Any]]
    inherited: tuple[Document, Mapping[str, Any]] | None = None

    @property
    def starts(self) -> list[int]:
        """Where each line of the file begins."""
        return self.document.starts

    def holds(self, row: int, column: str) -> bool:
        """Whether a post says anything of a column."""
        return column in self.marks[row] or (self.inherited is not None and column in self.inherited[1])

    def of(self, row: int, column: str | None) -> Place:
        """The place of a column's value in a post; the post's own place where it says none, or for no column."""
        if column is not None:
            if column in self.marks[row]:
                return document_place(self.document, self.marks[row][column])
            if self.inherited is not None and column in self.inherited[1]:
                return document_place(self.inherited[0], self.inherited[1][column])
        # A post stands at its first line.
        _, start, end = unpacked(self.rows[row])
        line = bisect_right(self.starts, start)
        stop = self.starts[line] if line < len(self.starts) else len(self.document.text)
        return document_place(self.document, pack(0, start, min(end, stop)))

    def items(self, row: int, column: str) -> list[Place]:
        """The places of the items of a list, such as of hashtags; empty where the value is no list."""
        mark = self.marks[row].get(column)
        return [document_place(self.document, m) for m in mark] if isinstance(mark, ListMarks) else []

    def between(self, start: int, end: int) -> Place:
        """The place between two offsets of the file's text."""
        return place_in(self.document.starts, self.document.where, start, end)


@dataclass(frozen=True)
class SheetPlaces:
    """Places in a sheet: the position in `sheet.rows` of each post, and the position of each column's cell.

    `text` is the whole file and `starts` the offsets of its lines; both are empty for a workbook.
    """

    sheet: Sheet
    rows: Sequence[int]
    cells: Mapping[str, int]
    file: str
    text: str
    starts: list[int]

    def holds(self, row: int, column: str) -> bool:
        """Whether a post says anything of a column."""
        cells = self.sheet.rows[self.rows[row]].cells
        cell = self.cells.get(column)
        return cell is not None and cell < len(cells) and bool(cells[cell].strip())

    def of(self, row: int, column: str | None) -> Place:
        """The place of a column's value in a post; the post's own place where it says none, or for no column."""
        line = self.sheet.rows[self.rows[row]].line
        cell = self.cells.get(column or "", 0)
        if not self.text:
            return Place(self.file, line, cell + 1, line, cell + 2)
        begin = self.starts[line - 1]
        later = self.rows[row] + 1
        stop = self.starts[self.sheet.rows[later].line - 1] if later < len(self.sheet.rows) else len(self.text)
        fields = field_spans(self.text, begin, stop, self.sheet.separator)
        start, end = fields[min(cell, len(fields) - 1)]
        return place_in(self.starts, self.file, start, end)

    def items(self, row: int, column: str) -> list[Place]:  # noqa: ARG002 - a cell holds no list
        """The places of the items of a list, such as of hashtags; empty where the value is no list."""
        return []

    def between(self, start: int, end: int) -> Place:
        """The place between two offsets of the file's text."""
        return place_in(self.starts, self.file, start, end)


Places = DocumentPlaces | SheetPlaces


def field_spans(text: str, start: int, stop: int, separator: str) -> list[tuple[int, int]]:
    """Where each field of one record of delimited text stands, its quotes included.

    >>> field_spans('a,"b,""c",d', 0, 11, ",")
    [(0, 1), (2, 9), (10, 11)]
    """
    record = _LINE_END.split(text[start:stop], maxsplit=1)[0]
    if '"' not in record:
        begins = accumulate((len(cell) + 1 for cell in record.split(separator)), initial=start)
        return [(begin, after - 1) for begin, after in pairwise(begins)]
    other = f"[^{re.escape(separator)}\\r\\n]*"
    pattern = re.compile(rf'"(?:[^"]|"")*"{other}|{other}')
    spans, at = [], start
    while True:
        match = pattern.match(text, at, stop)
        assert match is not None
        spans.append(match.span())
        at = match.end()
        if at >= stop or text[at] != separator:
            return spans
        at += 1
