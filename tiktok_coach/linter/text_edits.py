"""What can be mended in a text (repeated, glued or escaped hashtags, needless spaces), and the edits of its file.

A text may be plain, quoted or folded YAML, or CSV. Its words are found in the source one after the other, so that white
space between them may differ; what does not fit that (an escape inside a word) gives no edit. Every edit is proven by
reading the file again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tiktok_coach.linter.finding import Edit
from tiktok_coach.plans.places import Place

_MARKER = re.compile(r"(?:[#＃]|%23)+")
_JOINERS = "\u200c\u200d"
_BLANKS = re.compile(r"[^\S\r\n]+")
_WORD = re.compile(r"\S+")
_ANCHOR = re.compile(r"&\S+\s+(?:!\S+\s+)?$")


@dataclass(frozen=True)
class Change:
    """The text from `start` to `end` gives way to `text`; the part from `fault` on is what is at fault."""

    start: int
    end: int
    text: str
    fault: int


def changed(text: str, changes: Sequence[Change] | Sequence[Edit]) -> str:
    """The text with all changes made, which stand in the order of the text.

    >>> changed("a  b", needless_spaces("a  b"))
    'a b'
    """
    parts, at = [], 0
    for change in changes:
        parts += [text[at : change.start], change.text]
        at = change.end
    return "".join([*parts, text[at:]])


def repeated_hashtags(text: str) -> list[Change]:
    """Takes out every hashtag that stands before it already, with the space before it.

    >>> changed("Rye #bread #rye #Bread", repeated_hashtags("Rye #bread #rye #Bread"))
    'Rye #bread #rye'
    """
    tags: set[str] = set()
    changes = []
    for start, word, end in _hashtags(text):
        tag = text[word:end].lower()
        if tag in tags:
            before = start
            while before and text[before - 1].isspace():
                before -= 1
            changes.append(Change(before, end, "", start))
        tags.add(tag)
    return changes


def plain_hashtags(text: str) -> list[Change]:
    """Writes every hashtag as one # and its word, with a space before it.

    >>> changed("＃rye#bread %23bun", plain_hashtags("＃rye#bread %23bun"))
    '#rye #bread #bun'
    """
    changes, last = [], -1
    for start, word, end in _hashtags(text):
        marker = " #" if start == last else "#"
        if text[start:word] != marker:
            changes.append(Change(start, word, marker, start))
        last = end
    return changes


def needless_spaces(text: str) -> list[Change]:
    """Takes out spaces around a text and at the ends of its lines, and leaves one where there are several.

    >>> changed(" Rye  bread ", needless_spaces(" Rye  bread "))
    'Rye bread'
    """
    lead, tail = len(text) - len(text.lstrip()), len(text.rstrip())
    if tail <= lead:
        return [Change(0, len(text), "", 0)] if text else []
    changes = [Change(0, lead, "", 0)] if lead else []
    for match in _BLANKS.finditer(text, lead, tail):
        ends_line = text[match.end() : match.end() + 1] in {"\r", "\n"}
        if ends_line or len(match[0]) > 1:
            changes.append(Change(match.start(), match.end(), "" if ends_line else " ", match.start()))
    return [*changes, Change(tail, len(text), "", tail)] if tail < len(text) else changes


def one_word(hashtag: str) -> str:
    """A hashtag as one word, without # and spaces."""
    return "".join(character for character in hashtag if _is_word(character))


def _hashtags(text: str) -> list[tuple[int, int, int]]:
    """Where each hashtag's marker, its word and its end stand."""
    spans, at = [], 0
    while marker := _MARKER.search(text, at):
        end = marker.end()
        while end < len(text) and _is_word(text[end]):
            end += 1
        if end > marker.end():
            spans.append((marker.start(), marker.end(), end))
        at = max(end, marker.end())
    return spans


def _is_word(character: str) -> bool:
    """Letters, marks and digits of every script, as the rules tell hashtags."""
    is_plain = character.isalnum() or character == "_" or character in _JOINERS
    return is_plain or unicodedata.category(character)[0] in {"M", "N"}


class Source:
    """How a text stands in a file: from an offset in the text to the offset in the file."""

    def __init__(self, whole: str, place: Place, value: str, *, delimited: bool) -> None:
        self.value = value
        self.whole = whole
        self.usable = False
        if place.start is None or place.end is None:
            return
        at, end, self.quote = _inside(whole, place.start, place.end, delimited=delimited)
        self.inner = at, end
        self.words: list[tuple[int, int, int, int]] = []
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

    def encode(self, piece: str) -> str:
        """A piece of the text as it is written in the file."""
        return piece.replace(self.quote, self.quote * 2) if self.quote else piece

    def offset(self, at: int) -> int | None:
        """Where an offset of the text stands in the file; None where that cannot be told."""
        before = self.inner[0], 0
        for start, end, begin, stop in self.words:
            if at < start:
                break
            if at <= end:
                return begin + len(self.encode(self.value[start:at]))
            before = stop, end
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


def _inside(whole: str, start: int, end: int, *, delimited: bool) -> tuple[int, int, str]:
    """Where the text proper stands, without quotes and block headers, and the quote that is doubled there."""
    first = whole[start : start + 1]
    if first == '"' and end - start > 1:
        return start + 1, end - 1, '"' if delimited else ""
    if not delimited and first == "'":
        return start + 1, end - 1, "'"
    if not delimited and first in {"|", ">"}:
        return whole.find("\n", start, end) + 1, end, ""
    return start, end, ""
