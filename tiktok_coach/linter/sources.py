"""From a change of a text to edits of the file that holds it: plain, quoted and folded YAML, and CSV.

Words are found in the source one after the other, so that the white space between them may differ, as it does in folded
text. What does not fit that (an escape in the middle of a word) gives no edit. Every edit is proven by reading the file
again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tiktok_coach.linter.finding import Edit
from tiktok_coach.linter.text_edits import Change
from tiktok_coach.plans.places import Place

_WORD = re.compile(r"\S+")
_ANCHOR = re.compile(r"&\S+\s+(?:!\S+\s+)?$")
Encode = Callable[[str], str]


class Source:
    """How a text stands in a file: from an offset in the text to the offset in the file."""

    def __init__(self, whole: str, place: Place, value: str, *, delimited: bool) -> None:
        self.value = value
        self.whole = whole
        self.usable = False
        if place.start is None or place.end is None:
            return
        self.inner, self.encode = _inside(whole, place.start, place.end, delimited=delimited)
        start, end = self.inner
        self.words: list[tuple[int, int, int, int]] = []
        at = start
        for word in _WORD.finditer(value):
            written = self.encode(word[0])
            begin = whole.find(written, at, end)
            if begin < 0:
                return
            at = begin + len(written)
            self.words.append((word.start(), word.end(), begin, at))
        line = whole.rfind("\n", 0, place.start) + 1
        shared = whole[place.start] == "*" or _ANCHOR.search(whole, line, place.start) is not None
        self.usable = delimited or not shared

    def offset(self, at: int) -> int | None:
        """Where an offset of the text stands in the file; None where that cannot be told."""
        before = self.inner[0], 0
        for start, end, begin, stop in self.words:
            if at < start:
                break
            if at <= end:
                return begin + len(self.encode(self.value[start:at]))
            before = stop, end
        following = next((begin for start, _, begin, _ in self.words if start == at), None)
        if following is not None:
            return following
        if at == len(self.value):
            return self.inner[1]
        gap = at - before[1]
        fits = self.whole[before[0] : before[0] + gap] == self.value[before[1] : at]
        return before[0] + gap if fits else None

    def edits(self, file: str, changes: Sequence[Change]) -> tuple[tuple[Edit, ...], tuple[int, int]] | None:
        """The edits that make the changes, and where the first thing at fault stands; None where one cannot be made."""
        if not self.usable or not changes:
            return None
        edits = []
        fault: tuple[int, int] | None = None
        for change in changes:
            start, end, at = self.offset(change.start), self.offset(change.end), self.offset(change.fault)
            if start is None or end is None or at is None:
                return None
            edits.append(Edit(file, start, end, self.encode(change.text)))
            fault = fault or (at, end)
        assert fault is not None
        return tuple(edits), fault


def _inside(whole: str, start: int, end: int, *, delimited: bool) -> tuple[tuple[int, int], Encode]:
    """Where the text proper stands, without quotes and block headers, and how a piece of it is written there."""
    first = whole[start : start + 1]
    if first == '"' and end - start > 1:
        return (start + 1, end - 1), _doubled('"') if delimited else str
    if not delimited and first == "'":
        return (start + 1, end - 1), _doubled("'")
    if not delimited and first in {"|", ">"}:
        return (whole.find("\n", start, end) + 1, end), str
    return (start, end), str


def _doubled(quote: str) -> Encode:
    return lambda piece: piece.replace(quote, quote * 2)
