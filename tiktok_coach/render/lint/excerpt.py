"""A line of a file with carets under what is meant, and texts that are broken between words, by columns of a terminal.

Widths are Rich's, which knows wide letters, marks without a width and emoji of several characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

# What would move the caret from under its value, or play with the terminal, gives way to a space.
# The joiner within emoji stays: without it they fall apart.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# So many columns an excerpt gives up to begin and to end between words.
SNAP = 14


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def wrap(text: str, width: int, indent: str = "", first: int = 0) -> Iterator[str]:
    """A text of one line in lines no wider than `width`, broken between words alone.

    Lines after the first begin with `indent`; on the first, `first` columns are in use already.
    """
    line, used = "", first
    for word in text.split(" "):
        needed = cells(word)
        if line and used + 1 + needed > width:
            yield line
            line, used = indent + word, len(indent) + needed
        else:
            line, used = f"{line} {word}" if line else word, used + needed + bool(line)
    yield line


def excerpt(line: str, first: int, last: int, room: int) -> tuple[str, int, int]:
    """A line cut to `room` columns round the characters from `first` to `last`, with where their carets begin and end.

    >>> excerpt("caption: rye bread and butter every day", 9, 12, 24)
    ('caption: rye bread and …', 9, 12)
    """
    line = _INVISIBLE.sub(" ", line)
    starts, columns = _boundaries(line)
    begin, end = _column(starts, columns, first), _column(starts, columns, max(last, first + 1))
    width = columns[-1]
    if width <= room:
        return line, begin, max(end, begin + 1)
    left = 0 if end < room else max(0, min(begin - room // 3, width - room + 1))
    head = next((place for place, column in enumerate(columns) if column >= left), 0)
    snapped = next((p for p in range(head, len(starts)) if p == 0 or line[starts[p] - 1 : starts[p]] == " "), head)
    if head and columns[snapped] <= min(columns[head] + SNAP, begin):
        head = snapped
    before = "…" if head else ""
    limit = columns[head] + room - len(before)
    tail = max(place for place, column in enumerate(columns) if column <= limit)
    after = ""
    if tail < len(columns) - 1:
        after, limit = "…", limit - 1
        tail = max(place for place, column in enumerate(columns) if column <= limit)
        space = line.rfind(" ", starts[head], starts[tail]) + 1
        if space and columns[tail] - _column(starts, columns, space) <= SNAP:
            tail = next(place for place, start in enumerate(starts) if start >= space)
    shift = len(before) - columns[head]
    end = min(end, columns[tail])
    return before + line[starts[head] : starts[tail]] + after, begin + shift, max(end, begin + 1) + shift


def _boundaries(line: str) -> tuple[list[int], list[int]]:
    """Where each sign of a line, as a reader sees signs, begins and the line ends: in characters and in columns."""
    if line.isascii():
        places = list(range(len(line) + 1))
        return places, places
    from rich.cells import split_graphemes

    spans, _width = split_graphemes(line)
    return [0, *(stop for _start, stop, _width in spans)], list(accumulate((width for *_, width in spans), initial=0))


def _column(starts: list[int], columns: list[int], character: int) -> int:
    """In which column a character begins, or the sign of which it is a part."""
    return max(column for start, column in zip(starts, columns, strict=True) if start <= character)
