"""How each kind of mend is made: the edits of the file that would make a post pass a rule that it fails."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

import numpy as np

from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.linter.finding import MOVE, Edit, Fix
from tiktok_coach.linter.text_edits import (
    Change,
    Source,
    changed,
    needless_spaces,
    one_word,
    plain_hashtags,
    repeated_hashtags,
)
from tiktok_coach.plans.load import ContentCalendar
from tiktok_coach.plans.places import Place, SheetPlaces
from tiktok_coach.rules.evaluate import Evaluation

_ISO = re.compile(r"^(\d{4}-\d{2}-\d{2})([T ]+)(\d{1,2})(:\d{2}.*)$", re.DOTALL)
_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})(?=\s*$)")


def fix_of(
    evaluation: Evaluation, calendar: ContentCalendar, subject: int, row: int, apart: dt.timedelta | None
) -> Fix | None:
    """What would safely mend the post at `row`; a publish time moves only where `apart` says how far from other
    posts.
    """
    kind = evaluation.compiled.rule.fix_kind
    if kind == MOVE:
        return _moved(evaluation, calendar, subject, row, apart) if apart is not None else None
    if kind == "trim-spaces":
        return _text(calendar, row, "caption", needless_spaces)
    if kind == "normalise-hashtags":
        in_caption = evaluation.compiled.rule.field == "caption"
        return _text(calendar, row, "caption", plain_hashtags) if in_caption else _items(calendar, row, _joined)
    of_caption = _text(calendar, row, "caption", repeated_hashtags)
    return of_caption or _text(calendar, row, "hashtags", repeated_hashtags) or _items(calendar, row, _dropped)


def _text(calendar: ContentCalendar, row: int, name: str, find: Callable[[str], list[Change]]) -> Fix | None:
    """A mend of a text that the post itself says, in a file that can be edited."""
    plan, at = calendar.plan(row), int(calendar.row_of[row])
    value = text_at(calendar.posts.column_or_null(name), row)
    if not plan.text or not plan.places.holds(at, name) or value is None or plan.places.items(at, name):
        return None
    place, changes = plan.places.of(at, name), find(value)
    if place.file != plan.name:
        return None
    source = Source(plan.text, place, value, delimited=isinstance(plan.places, SheetPlaces))
    edits_and_fault = source.edits(plan.name, changes)
    return Fix(edits_and_fault[0], row, name, changed(value, changes), edits_and_fault[1]) if edits_and_fault else None


def _items(
    calendar: ContentCalendar, row: int, find: Callable[[str, list[Place]], list[tuple[Edit, Place]]]
) -> Fix | None:
    """A mend of the post's own list of hashtags; `find` gives edits, each with the item that it mends."""
    plan = calendar.plan(row)
    items = plan.places.items(int(calendar.row_of[row]), "hashtags")
    edits_with_items = find(plan.text, items) if items and items[0].file == plan.name else []
    if not edits_with_items:
        return None
    return Fix(tuple(edit for edit, _ in edits_with_items), row, "hashtags", None, _span(edits_with_items[0][1]))


def _span(item: Place) -> tuple[int, int]:
    """The offsets of a place in a file's text."""
    assert item.start is not None
    assert item.end is not None
    return item.start, item.end


def _word(whole: str, item: Place) -> str:
    return whole[item.start : item.end].strip("\"'")


def _joined(whole: str, items: list[Place]) -> list[tuple[Edit, Place]]:
    """Hashtags of several words as one word each."""
    edits = []
    for item in items:
        written = _word(whole, item)
        joined = one_word(written)
        if re.search(r"\s", written) and joined and "\\" not in written and written == written.strip():
            at = whole.index(written, *_span(item))
            edits.append((Edit(item.file, at, at + len(written), joined), item))
    return edits


def _dropped(whole: str, items: list[Place]) -> list[tuple[Edit, Place]]:
    """A list of hashtags without those that it holds already; nothing where a comment would go with one."""
    tags: set[str] = set()
    edits = []
    for position, item in enumerate(items):
        start, end = _span(item)
        tag = one_word(_word(whole, item)).lower()
        if tag in tags and position:
            begin, stop = whole.rfind("\n", 0, start) + 1, whole.find("\n", end) + 1 or len(whole)
            before = _span(items[position - 1])[1]
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
    """The publish time at the nearest active hour of its day that is to come and that no other post is close to."""
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
    now = evaluation.subjects.context.now
    moment = _free_hour(local, evaluation.outcome.terms["active"](subject), others[known_mask(others)], apart, now)
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
    for hour in sorted(hours, key=lambda h: (abs(h - local.hour), h)):
        moment = local.replace(hour=hour, fold=0)
        once = moment.utcoffset() == moment.replace(fold=1).utcoffset()
        distance = np.abs(others - np.datetime64(moment.astimezone(dt.UTC).replace(tzinfo=None), "us"))
        if once and (now is None or moment >= now) and bool((distance >= np.timedelta64(apart)).all()):
            return moment
    return None
