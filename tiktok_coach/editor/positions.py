"""Places in a text as the protocol counts them: lines from 0, and characters in the units that the editor asked for."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import Any

from tiktok_coach.core.documents.document import line_starts
from tiktok_coach.plans.places import Place

# What one unit of a position is, as the protocol names it: the bytes of a codec, by so many.
_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}
UTF_32 = "utf-32"
# A position and a range as the protocol writes them.
Position = dict[str, int]
Range = dict[str, Position]


class Positions:
    """Between offsets in a text, which count characters, and positions of the protocol.

    Only line feeds and carriage returns end a line, as the protocol has it; other marks that Python takes for the end
    of one stand in captions. With `has_mark` the editor's text has a byte order mark before this one.
    """

    def __init__(self, text: str, encoding: str, *, has_mark: bool = False) -> None:
        self.text, self._encoding = text, encoding
        self._mark = self._units("\ufeff") if has_mark else 0

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line begins."""
        return line_starts(self.text)

    def position(self, offset: int) -> Position:
        """The position of an offset; of one beyond the text, its end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self.starts, offset) - 1
        character = self._units(self.text[self.starts[line] : offset])
        return {"line": line, "character": character + (self._mark if line == 0 else 0)}

    def range(self, start: int, end: int) -> Range:
        """The range between two offsets."""
        return {"start": self.position(start), "end": self.position(end)}

    def offset(self, position: Any) -> int:
        """The offset of a position of the protocol; one beyond its line is at the line's end."""
        line: int = position.line
        if line >= len(self.starts):
            return len(self.text)
        start, end = self.line_span(line)
        character: int = position.character - (self._mark if line == 0 else 0)
        if self._encoding == UTF_32:
            return min(start + character, end)
        units = 0
        for offset in range(start, end):
            if units >= character:
                return offset
            units += self._units(self.text[offset])
        return end

    def line_span(self, line: int) -> tuple[int, int]:
        """Where a line begins and where its text ends, without what ends the line."""
        start = self.starts[line]
        stop = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
        return start, start + len(self.text[start:stop].rstrip("\r\n"))

    def of(self, place: Place) -> Range:
        """The range of a place in this text."""
        if place.start is not None and place.end is not None:
            return self.range(place.start, place.end)
        return self.range(self.at(place.line, place.column), self.at(place.end_line, place.end_column))

    def at(self, line: int, column: int) -> int:
        """The offset of a line and a column, both from 1, as errors have them."""
        return self.starts[min(line, len(self.starts)) - 1] + column - 1

    def _units(self, text: str) -> int:
        if self._encoding == UTF_32 or text.isascii():
            return len(text)
        codec, size = _UNITS[self._encoding]
        return len(text.encode(codec, "surrogatepass")) // size
