"""How each kind of mend is made: the edits of the file that would make a post pass a rule that it fails."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.core.records import dataclass
from tiktok_coach.linter.finding import COPY, MOVE, Edit, Fix
from tiktok_coach.plans.load import ContentCalendar
from tiktok_coach.plans.places import Place, SheetPlaces
from tiktok_coach.rules.checks.active_hours import better_hours, by_preference
from tiktok_coach.rules.evaluate import Evaluation

_ISO = re.compile(r"^(\d{4}-\d{2}-\d{2})([T ]+)(\d{1,2})(:\d{2}.*)$", re.DOTALL)
_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})(?=\s*$)")
_MARKER = re.compile(r"(?:[#＃]|%23)+")
_JOINERS = "\u200c\u200d"
_BLANKS = re.compile(r"[^\S\r\n]+")
_WORD = re.compile(r"\S+")
_ANCHOR = re.compile(r"&\S+\s+(?:!\S+\s+)?$")


def fix_of(
    evaluation: Evaluation,
    calendar: ContentCalendar,
    subject: int,
    row: int,
    apart: dt.timedelta | None,
    part: Mapping[str, Any] | None = None,
) -> Fix | None:
    """What would safely mend the post at `row`, or a part of it that is at fault.

    A publish time moves only if `apart` says how far from others.
    """
    kind = evaluation.compiled.rule.fix_kind
    if kind == MOVE:
        return _moved(evaluation, calendar, subject, row, apart) if apart is not None else None
    if kind == COPY:
        from tiktok_coach.linter.copies import copy_fix

        return copy_fix(calendar, row, evaluation.compiled.source_column, part) if calendar.measured else None
    if kind == "trim-spaces":
        return _text(calendar, row, "caption", needless_spaces)
    if kind == "normalise-hashtags":
        in_caption = evaluation.compiled.rule.field == "caption"
        return _text(calendar, row, "caption", plain_hashtags) if in_caption else _items(calendar, row, _joined)
    of_caption = _text(calendar, row, "caption", repeated_hashtags)
    return of_caption or _text(calendar, row, "hashtags", repeated_hashtags) or _items(calendar, row, _dropped)


def _text(calendar: ContentCalendar, row: int, name: str, find: Callable[[str], list[Change]]) -> Fix | None:
    """A mend of a text that the post itself says, in a file that can be edited."""
    source = source_of(calendar, row, name)
    if source is None:
        return None
    changes = find(source.value)
    edits_and_fault = source.edits(calendar.plan(row).name, changes)
    if edits_and_fault is None:
        return None
    return Fix(edits_and_fault[0], row, name, changed(source.value, changes), edits_and_fault[1])


def source_of(calendar: ContentCalendar, row: int, name: str) -> Source | None:
    """A text that the post itself says, as it stands in its file; None in a file whose text is not known."""
    plan, at = calendar.plan(row), int(calendar.row_of[row])
    value = text_at(calendar.posts.column_or_null(name), row)
    if not plan.text or not plan.places.holds(at, name) or value is None or plan.places.items(at, name):
        return None
    place = plan.places.of(at, name)
    if place.file != plan.name:
        return None
    return Source(plan.text, place, value, delimited=isinstance(plan.places, SheetPlaces))


def _items(
    calendar: ContentCalendar, row: int, find: Callable[[str, list[Place]], list[tuple[Edit, Place]]]
) -> Fix | None:
    """A mend of the post's own list of hashtags; `find` gives edits, each with the item that it mends."""
    plan = calendar.plan(row)
    items = plan.places.items(int(calendar.row_of[row]), "hashtags")
    edits_with_items = find(plan.text, items) if items and items[0].file == plan.name else []
    if not edits_with_items:
        return None
    return Fix(tuple(edit for edit, _ in edits_with_items), row, "hashtags", None, span_of(edits_with_items[0][1]))


def span_of(item: Place) -> tuple[int, int]:
    """The offsets of a place in a file's text."""
    assert item.start is not None
    assert item.end is not None
    return item.start, item.end


def _joined(whole: str, items: list[Place]) -> list[tuple[Edit, Place]]:
    """Hashtags of several words as one word each."""
    edits = []
    for item in items:
        written = whole[slice(*span_of(item))].strip("\"'")
        joined = one_word(written)
        if re.search(r"\s", written) and joined and "\\" not in written and written == written.strip():
            at = whole.index(written, *span_of(item))
            edits.append((Edit(item.file, at, at + len(written), joined), item))
    return edits


def _dropped(whole: str, items: list[Place]) -> list[tuple[Edit, Place]]:
    """A list of hashtags without those that it holds already; nothing where a comment would go with one."""
    tags: set[str] = set()
    edits = []
    for position, item in enumerate(items):
        start, end = span_of(item)
        tag = one_word(whole[start:end]).lower()
        if tag in tags and position:
            begin, stop = whole.rfind("\n", 0, start) + 1, whole.find("\n", end) + 1 or len(whole)
            before = span_of(items[position - 1])[1]
            if re.fullmatch(r"\s*-\s+", whole[begin:start]) and not whole[end:stop].strip():
                edits.append((Edit(item.file, begin, stop, ""), item))
            elif re.fullmatch(r"\s*,\s*", whole[before:start]):
                edits.append((Edit(item.file, before, end, ""), item))
            else:
                return []
        tags.add(tag)
    return edits


def _moved(
    evaluation: Evaluation, calendar: ContentCalendar, subject: int, row: int, apart: dt.timedelta
) -> Fix | None:
    """The publish time at an active hour of its day that is to come and that no other post is close to.

    It is one at which the account's posts clearly did better, where there is one, else the nearest.
    """
    plan, at = calendar.plan(row), int(calendar.row_of[row])
    handle = text_at(calendar.posts.column_or_null("account"), row)
    account = next((a for a in calendar.accounts if a.handle == handle), calendar.accounts[0])
    if account.timezone is None or not plan.text or not plan.places.holds(at, "posted_at"):
        return None
    zone, place = ZoneInfo(account.timezone), plan.places.of(at, "posted_at")
    if place.file != plan.name or place.start is None or place.end is None:
        return None
    quoted = plan.text[place.start] in "\"'"
    start, end = place.start + quoted, place.end - quoted
    written = _ISO.match(plan.text[start:end])
    posted = evaluation.subjects.column_or_null("posted_at")
    local = posted[subject].item().replace(tzinfo=dt.UTC).astimezone(zone)
    others = np.delete(posted, subject)
    context = evaluation.subjects.context
    active, better = evaluation.outcome.terms["active"](subject), better_hours(context, account.handle)
    hours = by_preference(active, better, local.hour)
    moment = _free_hour(local, hours, others[known_mask(others)], apart, context.now)
    if moment is None or written is None:
        return None
    # On the clock on which the time is written: its own offset, else the account's.
    offset = _OFFSET.search(written[4])
    local_moment = moment.astimezone(dt.datetime.strptime(offset[0], "%z").tzinfo if offset else zone)
    text = f"{local_moment:%Y-%m-%d}{written[2]}{local_moment:%H}"
    edit = Edit(plan.name, start, start + written.end(3), text)
    return Fix((edit,), row, "posted_at", moment.astimezone(dt.UTC).replace(tzinfo=None))


def _free_hour(
    local: dt.datetime, hours: list[int], others: np.ndarray, apart: dt.timedelta, now: dt.datetime | None
) -> dt.datetime | None:
    """The first of the hours, on the day of a `local` time, that is to come, once, and `apart` from others."""
    for hour in hours:
        moment = local.replace(hour=hour, fold=0)
        once = moment.utcoffset() == moment.replace(fold=1).utcoffset()
        distance = np.abs(others - np.datetime64(moment.astimezone(dt.UTC).replace(tzinfo=None), "us"))
        if once and (now is None or moment >= now) and bool((distance >= np.timedelta64(apart)).all()):
            return moment
    return None


@dataclass(frozen=True)
class Change:
    """The text from `start` to `end` gives way to `text`; the part from `fault` on is what is at fault."""

    start: int
    end: int
    text: str
    fault: int


def changed(text: str, changes: Sequence[Change] | Sequence[Edit]) -> str:
    """The text with all changes made, which stand in the order of the text."""
    parts, at = [], 0
    for change in changes:
        parts += [text[at : change.start], change.text]
        at = change.end
    return "".join([*parts, text[at:]])


def repeated_hashtags(text: str) -> list[Change]:
    """Takes out every hashtag that stands before it already, with the space before it."""
    tags: set[str] = set()
    changes = []
    for start, word, end in hashtag_spans(text):
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
    for start, word, end in hashtag_spans(text):
        marker = " #" if start == last else "#"
        if text[start:word] != marker:
            changes.append(Change(start, word, marker, start))
        last = end
    return changes


def needless_spaces(text: str) -> list[Change]:
    """Takes out spaces around a text and at the ends of its lines, and leaves one where there are several."""
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


def hashtag_spans(text: str) -> list[tuple[int, int, int]]:
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
    """How a text stands in a file: from an offset in the text to the offset in the file.

    Its words are found in the source one after the other, so that white space between them may differ, as in folded
    YAML; what does not fit that (an escape in a word) gives no edit. Every edit is proven by reading the file again.
    """

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
        number = bisect_left(self.words, at, key=lambda word: word[1])
        if number < len(self.words) and self.words[number][0] <= at:
            start, _end, begin, _stop = self.words[number]
            return begin + len(self.encode(self.value[start:at]))
        before = (self.words[number - 1][3], self.words[number - 1][1]) if number else (self.inner[0], 0)
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
