"""Lists of planned posts in JSON, JSON Lines or YAML, read as calendars: a row a post, a column a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tiktok_coach.core.account import Account
from tiktok_coach.core.documents.document import Document, MapMarks
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.files.decoding import flatten, text_of
from tiktok_coach.io.files.sheets import Row, Sheet
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.plans.documents import Marked, read_facts
from tiktok_coach.plans.places import DocumentPlaces
from tiktok_coach.plans.plan import Plan, groups, typed
from tiktok_coach.plans.sheets import Calendar, notices_of, refuse_doubtful, texts_by_fact

# A list lies no deeper in a document: `data.posts`, `result.data.items`.
DEEPEST = 3


def list_in(value: Any) -> tuple[str, ...] | None:
    """The keys that lead to the longest list of objects in a document; None where it holds none."""
    lists = list(_lists(value, ()))
    return max(lists, key=lambda pair: pair[1])[0] if lists else None


def _lists(value: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], int]]:
    if isinstance(value, list):
        return [(path, len(value))] if value and all(isinstance(post, dict) for post in value) else []
    if not isinstance(value, dict) or len(path) >= DEEPEST:
        return []
    return [one for key, inner in value.items() for one in _lists(inner, (*path, key))]


def part_at(document: Document, path: Sequence[str]) -> Document:
    """The part of a document to which keys lead."""
    for key in path:
        document = document.at(key)
    return document


def sheet_of(posts: Sequence[dict[str, Any]], where: str, document: Document | None = None) -> Sheet:
    """A list of posts as a sheet whose header is their keys, those below others dotted.

    The plans' own groups of facts (`video: {file: a.mp4}`) are no columns of it. Rows bear the lines of `document`.
    """
    flat = [flatten({key: fact for key, fact in post.items() if not _is_group(key, fact)}) for post in posts]
    keys = list(dict.fromkeys(key for post in flat for key in post))
    lines = [document.line_of((row,)) or 0 if document is not None else row for row in range(len(flat))]
    rows = [Row(line, [_text(key, post.get(key)) for key in keys]) for line, post in zip(lines, flat, strict=True)]
    return Sheet(where, [Row(0, keys), *rows])


def _is_group(key: str, fact: Any) -> bool:
    return isinstance(fact, dict) and key in groups()


def _text(key: str, value: Any) -> str:
    if isinstance(value, list):
        # Hashtags stand as in a caption; anything else may hold spaces.
        return (" " if "tag" in key.casefold() else "; ").join(filter(None, map(text_of, value)))
    return text_of(value) or ""


def read_list(
    document: Document,
    sheet: Sheet,
    calendar: Calendar,
    options: ReadOptions,
    account: Account | None,
    defaults: tuple[Document, Marked] | None,
) -> Plan:
    """The posts of a list, which `document` is. Raises CoachError where several keys may be one fact."""
    refuse_doubtful(calendar, sheet.where)
    problems: list[CoachError] = []
    keys, rows = sheet.rows[0].cells, [position - 1 for position in calendar.planned]
    facts: dict[str, list[Any]] = dict(texts_by_fact(sheet, calendar, options))
    marks = [document.marks[row] for row in rows]
    grouped = [_read_groups(document, document.value[row], document.marks[row], problems) for row in rows]
    for name in dict.fromkeys(name for of_post, _marks in grouped for name in of_post):
        own = facts.get(name, [None] * len(rows))
        pairs = zip(own, grouped, strict=True)
        facts[name] = [of_post.get(name) if value is None else value for value, (of_post, _marks) in pairs]
    if defaults is not None:
        for name, value in defaults[1][0].items():
            facts[name] = [value if own is None else own for own in facts.get(name, [None] * len(rows))]
    firsts = {fact: keys[positions[0]] for fact, positions in calendar.columns.facts.items()}
    firsts |= {"photo_files": firsts["photos"]} if "photos" in firsts else {}
    places_by_post = []
    for of_post, (_facts, group_marks) in zip(marks, grouped, strict=True):
        own_marks = {fact: mark for fact, key in firsts.items() if (mark := _mark(of_post, key)) is not None}
        places_by_post.append({**group_marks, **own_marks})
    inherited = (defaults[0], defaults[1][1]) if defaults else None
    places = DocumentPlaces(document, marks, places_by_post, inherited)
    posts, more, notices = typed(facts, len(rows), places, document.where, options)
    notices = [*notices_of(sheet, calendar), *notices]
    problems, headings = problems + more, calendar.columns.named(keys)
    return Plan(
        document.where, "list", document.text, posts, places, account, tuple(problems), tuple(notices), headings
    )


def _read_groups(document: Document, post: dict[str, Any], marks: MapMarks, problems: list[CoachError]) -> Marked:
    """The facts of a post that stand in the plans' own groups, with their marks."""
    own = {key: value for key, value in post.items() if _is_group(key, value)}
    return read_facts(document, own, MapMarks((key, marks[key]) for key in own), problems)


def _mark(marks: Any, key: str) -> Any:
    """The mark of a dotted key; None where a post has none."""
    while isinstance(marks, MapMarks):
        if key in marks:
            return marks[key]
        first, _dot, key = key.partition(".")
        marks = marks.get(first)
    return None
