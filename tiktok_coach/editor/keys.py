"""What of a plan stands at an offset of its text: a key or its value, of which post, and the column that it fills."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from tiktok_coach.core.documents.document import ListMarks, MapMarks, unpacked
from tiktok_coach.core.records import dataclass
from tiktok_coach.plans.places import DocumentPlaces, Place, SheetPlaces
from tiktok_coach.plans.plan import Plan, columns_by_key, key_of

_KEY = re.compile(r'"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|[^\s:]+')


@dataclass(frozen=True)
class Entry:
    """A key of a plan with its value, at an offset that is `on_key` or else in the value.

    `path` are the keys above it and its own, without positions in lists; those of a post begin at the post. `row` is
    the row of the post in its plan, None outside posts; `column` what it fills, None for a group of keys. `key` and
    `value` are where the two stand in the text.
    """

    path: tuple[str, ...]
    row: int | None
    column: str | None
    key: tuple[int, int]
    value: tuple[int, int]
    on_key: bool

    @property
    def name(self) -> str:
        """The key as messages name it, with those of its group before it."""
        return ".".join(self.path)


def entry_at(plan: Plan, offset: int) -> Entry | None:
    """The innermost key of a plan at an offset of its text; None where there is none, as in a workbook."""
    if isinstance(plan.places, SheetPlaces):
        return _cell_at(plan.places, offset)
    return _Search(plan.places, offset).within(plan.places.document.marks, (), None)


def own_place(plan: Plan, row: int, column: str) -> Place | None:
    """Where a post itself says a column; None where it does not, or only a default does."""
    places = plan.places
    is_own = column in places.marks[row] if isinstance(places, DocumentPlaces) else places.holds(row, column)
    place = places.of(row, column) if is_own else None
    return place if place is not None and place.start is not None else None


class _Search:
    """Looks for the key at an offset of a document."""

    def __init__(self, places: DocumentPlaces, offset: int) -> None:
        self.places, self.text, self.offset = places, places.document.text, offset
        self.rows = {unpacked(mark)[1]: row for row, mark in enumerate(places.rows)}

    def within(self, mark: Any, path: tuple[str, ...], row: int | None) -> Entry | None:
        """The innermost key below a mark, which stands at `path` of the post at `row`, or of no post."""
        if not isinstance(mark, MapMarks):
            parts = mark if isinstance(mark, ListMarks) else ()
            entries = (self.within(part, path, row) for part in parts if self._is_around(part))
            return next((entry for entry in entries if entry is not None), None)
        row, path = (self.rows[start], ()) if (start := unpacked(mark)[1]) in self.rows else (row, path)
        for key, part in mark.items():
            if self._is_around(part):
                # The account may stand beside the facts of a document's one post.
                of_account = not path and key in {"account", "defaults"} and isinstance(part, MapMarks)
                entry = self._of_key((*path, key), part, None if of_account else row)
                if entry is not None:
                    return entry
        return None

    def _is_around(self, mark: Any) -> bool:
        key, start, end = unpacked(mark)
        return (start if key < 0 else key) <= self.offset <= end

    def _of_key(self, path: tuple[str, ...], mark: Any, row: int | None) -> Entry | None:
        key, start, end = unpacked(mark)
        if (entry := self.within(mark, path, row)) is not None or key < 0:
            return entry
        end = max(start + len(self.text[start:end].rstrip()), start)
        match = _KEY.match(self.text, key)
        span = (key, match.end() if match else start)
        on_key = self.offset < span[1]
        is_group = isinstance(mark, MapMarks) or (
            isinstance(mark, ListMarks) and any(not isinstance(part, int) for part in mark)
        )
        # Between the parts of a group stands nothing.
        if not on_key and (is_group or not start <= self.offset < end):
            return None
        return Entry(path, row, self._column(path, mark, row), span, (start, end), on_key)

    def _column(self, path: tuple[str, ...], mark: Any, row: int | None) -> str | None:
        """The column that a key fills, which front matter may call otherwise."""
        of_post = path[1:] if path[0] == "defaults" else path
        if row is not None:
            own = self.places.marks[row]
            named = [name for name, one in own.items() if unpacked(one)[1:] == unpacked(mark)[1:]]
            if named:
                return named[0]
        elif path[0] != "defaults":
            return None
        spec = columns_by_key().get(".".join(of_post))
        return spec.name if spec is not None else None


def _cell_at(places: SheetPlaces, offset: int) -> Entry | None:
    """The cell of a sheet at an offset."""
    if not places.text:
        return None
    lines = [places.starts[places.sheet.rows[row].line - 1] for row in places.rows]
    row = bisect_right(lines, offset) - 1
    if row < 0:
        return None
    for column in places.cells:
        if not places.holds(row, column):
            continue
        place = places.of(row, column)
        if place.start is not None and place.end is not None and place.start <= offset < place.end:
            span = place.start, place.end
            return Entry((key_of(column),), row, column, span, span, on_key=False)
    return None
