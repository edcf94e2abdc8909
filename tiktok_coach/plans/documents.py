"""Plans as documents: YAML or JSON with `posts:` or of one post, and Markdown posts with front matter."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from tiktok_coach.core.account import Account
from tiktok_coach.core.captions import join_tags
from tiktok_coach.core.closest import did_you_mean
from tiktok_coach.core.config import AccountSettings
from tiktok_coach.core.documents.document import Document, validation_faults
from tiktok_coach.core.documents.marked_yaml import ListMarks, MapMarks, compose
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.translation import _
from tiktok_coach.io.options import ReadOptions
from tiktok_coach.plans.keys import LISTS, NOTES, REPLY, columns_by_key, groups, key_of
from tiktok_coach.plans.places import DocumentPlaces
from tiktok_coach.plans.plan import Plan, typed, with_ids

PLANNED = frozenset({"publish_at", "caption", "video", "sound", "engagement"})
FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(?P<yaml>.*?)(?:\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
# What other tools call the facts of a post in front matter.
_ALIASES = {
    "tags": "hashtags",
    "duration": "duration_s",
    "date": "publish_at",
    "publish_date": "publish_at",
    "scheduled": "publish_at",
    "scheduled_at": "publish_at",
    "music": "sound",
    "file": "video_file",
}
_SURROGATES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")

# Facts by column, and their marks.
Marked = tuple[dict[str, Any], dict[str, Any]]
Refuse = Callable[[CoachError], None]


def holds_plan(value: Any) -> bool:
    """Whether a document's value is a plan: a list `posts:` of planned posts, or one post, rather than a sidecar."""
    if not isinstance(value, dict):
        return False
    if "posts" not in value:
        return bool({"publish_at", "caption"} & set(value)) and "views" not in value
    posts = [p for p in value["posts"] if isinstance(p, dict)] if isinstance(value["posts"], list) else []
    # A sidecar names published posts by their ids or links.
    known = any({"post_id", "link"} & set(p) for p in posts)
    return not known and (any(PLANNED & set(p) for p in posts) or set(value) <= {"account", "defaults", "posts"})


def holds_settings(value: Any) -> bool:
    """Whether a document says what holds for the plans beside it: `account:` or `defaults:`."""
    return (
        isinstance(value, dict)
        and bool({"account", "defaults"} & set(value))
        and set(value) <= {"account", "defaults", "posts"}
    )


def read_front_matter(text: str, where: str) -> Document | None:
    """The front matter of a Markdown file as a document of that file; None where it has none."""
    match = FRONT_MATTER.match(text)
    if match is None:
        return None
    value, marks = compose(text[: match.end("yaml")] + "\n", where)
    return Document(value, where, text, marks)


def read_json_document(text: str, where: str) -> Document:
    """A JSON file as a document. Raises CoachError with its line and column."""
    try:
        value = json.loads(text, object_pairs_hook=_no_twins)
    except json.JSONDecodeError as error:
        raise CoachError(
            _("not valid JSON: {msg}", msg=error.msg), where=where, line=error.lineno, column=error.colno
        ) from error
    except (RecursionError, ValueError) as error:
        raise CoachError(_("not valid JSON: {error}", error=error), where=where) from error
    # JSON is read by the YAML parser for its places; that one refuses the halves of characters that JSON writes.
    count = itertools.count()
    _value, marks = compose(_SURROGATES.sub(lambda _match: f"x{next(count):011d}", text), where)
    return Document(value, where, text, _named_as(value, marks))


def _named_as(value: Any, marks: Any) -> Any:
    """The marks under the keys that the value has, which stand in the same order."""
    if isinstance(value, dict):
        pairs = zip(value.items(), marks.values(), strict=True)
        renamed_marks = MapMarks((key, _named_as(values, mark)) for (key, values), mark in pairs)
    elif isinstance(value, list):
        return _packed(ListMarks(map(_named_as, value, marks)), marks)
    else:
        return marks
    return _packed(renamed_marks, marks)


def _packed(renamed_marks: Any, marks: Any) -> Any:
    renamed_marks.packed = marks.packed
    return renamed_marks


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(_("the key {key!r} stands twice", key=next(n for n in names if names.count(n) > 1)))
    return values


def read_settings(document: Document, refuse: Refuse) -> tuple[Account | None, tuple[Document, Marked] | None]:
    """The account and the defaults that a document says; the defaults with their document and places."""
    account = None
    if "account" in document.value:
        account = _account(document.at("account"), refuse)
    if not isinstance(document.value.get("defaults"), dict):
        if document.value.get("defaults") is not None:
            refuse(document.fault(_("defaults must be facts of a post"), ("defaults",)))
        return account, None
    part = document.at("defaults")
    return account, (document, flat(part.value, part.marks, document, refuse))


def _account(document: Document, refuse: Refuse) -> Account | None:
    from pydantic import ValidationError

    try:
        settings = AccountSettings.model_validate(document.value if document.value is not None else {})
    except ValidationError as error:
        for fault in validation_faults(error, document):
            refuse(
                CoachError(
                    _("account: {problem}", problem=fault.problem),
                    where=fault.where,
                    line=fault.line,
                    column=fault.column,
                )
            )
        return None
    return replace(settings.account(), timezone_source="the plan" if settings.timezone else None)


def read_document(
    document: Document,
    kind: str,
    options: ReadOptions,
    *,
    account: Account | None,
    defaults: tuple[Document, Marked] | None,
    timezone: str | None,
) -> Plan:
    """The posts of a plan; in `front matter` (the other `kind` is `plan`), keys of no plan are passed over."""
    problems: list[CoachError] = []
    value, marks = document.value, document.marks
    if "posts" in value and not isinstance(value["posts"], list):
        raise document.fault(_("posts must be a list of posts"), ("posts",), _("begin each with a dash"))
    several = "posts" in value
    entries = list(zip(value["posts"], marks["posts"], strict=True)) if several else [(_without_settings(value), marks)]
    extra = [key for key in value if several and key not in {"account", "defaults", "posts"}]
    problems += [
        document.fault(
            _("a plan has no key {key!r}", key=key),
            (key,),
            did_you_mean(key, ["account", "defaults", "posts"]),
            key=True,
        )
        for key in extra
    ]
    default_facts, unknown = (defaults[1][0] if defaults else {}), set[str]()
    facts: list[Marked] = []
    rows: list[Any] = []
    for post, mark in entries:
        if not isinstance(post, dict):
            problem = _("post {position} is no mapping of facts", position=len(facts) + 1)
            problems.append(document.fault(problem, ("posts", len(facts))))
            facts.append(({}, {}))
        elif kind == "front matter":
            facts.append(_front_facts(post, mark, document, problems.append, unknown))
        else:
            facts.append(flat(post, mark, document, problems.append))
        rows.append(mark)
    inherited = (defaults[0], defaults[1][1]) if defaults else None
    places = DocumentPlaces(document, rows, [marks for _, marks in facts], inherited)
    values = [{**default_facts, **own} if default_facts else own for own, _ in facts]
    columns = {name: [post.get(name) for post in values] for name in dict.fromkeys(chain.from_iterable(values))}
    posts, more, notices = typed(columns, len(values), places, document.where, options, timezone)
    if unknown:
        problem = _("no rule reads {named}", named=", ".join(sorted(unknown)))
        notices.append(Notice(document.where, problem, level="info"))
    posts = with_ids(posts, PurePosixPath(document.where).stem)
    usable = [position for position, (post, _) in enumerate(entries) if isinstance(post, dict)]
    if len(usable) < len(entries):
        places = replace(places, rows=[rows[i] for i in usable], marks=[places.marks[i] for i in usable])
        posts = posts.take(np.array(usable, dtype=np.int64))
    return Plan(document.where, kind, document.text, posts, places, account, tuple(problems + more), tuple(notices))


def _without_settings(value: dict[str, Any]) -> dict[str, Any]:
    """The one post of a document, without the account and the defaults that may stand beside its facts."""
    return {k: v for k, v in value.items() if k != "defaults" and not (k == "account" and isinstance(v, dict))}


def flat(post: Mapping[str, Any], marks: MapMarks, document: Document, refuse: Refuse) -> Marked:
    """A post's facts by column, with their marks. What is no key, or has no value that a key takes, is refused."""
    facts: dict[str, Any] = {}
    places: dict[str, Any] = {}
    top, grouped = columns_by_key(), groups()
    for key, value in post.items():
        inner = grouped.get(key)
        if inner is not None and isinstance(value, dict):
            _put_group(facts, places, key, value, marks[key], document, refuse)
        elif inner is not None and key not in top:
            if value is not None:
                refuse(
                    _at(
                        document,
                        marks[key],
                        _("{key} must hold facts, such as {example}", key=key, example=next(iter(inner))),
                    )
                )
        elif key in top and "." not in key:
            _put(facts, places, top[key].name, value, marks[key], document, refuse)
        elif key not in NOTES:
            _unknown(key, [k for k in top if "." not in k] + list(grouped), marks[key], document, refuse)
    return facts, places


def _put_group(
    facts: dict[str, Any],
    places: dict[str, Any],
    group: str,
    values: Mapping[str, Any],
    marks: MapMarks,
    document: Document,
    refuse: Refuse,
) -> None:
    inner = groups()[group]
    for name, value in values.items():
        if name in inner:
            _put(facts, places, inner[name].name, value, marks[name], document, refuse)
        elif name != REPLY or group != "engagement":
            _unknown(f"{group}.{name}", inner, marks[name], document, refuse)
        elif value is not None:
            facts["kind"], places["kind"] = "video_reply", marks[name]


def _put(
    facts: dict[str, Any], places: dict[str, Any], name: str, value: Any, mark: Any, document: Document, refuse: Refuse
) -> None:
    if value is None:
        return
    if isinstance(value, list) and name in LISTS and not any(isinstance(v, (dict, list)) for v in value):
        words = [str(v).strip() for v in value if v is not None]
        value = join_tags(words) if name == "hashtags" else "; ".join(words) or "none"
    elif name == "hashtags" and isinstance(value, str) and "#" not in value:
        value = join_tags(value.replace(",", " ").split())
    elif name == "caption" and isinstance(value, str):
        # A block of text ends with the line break that closes it, which is no part of the caption.
        value = value.removesuffix("\n")
    if isinstance(value, (dict, list)):
        what = _("one value, or a list of them") if name in LISTS else _("one value")
        refuse(_at(document, mark, _("{key} takes {what}", key=key_of(name), what=what)))
        return
    facts[name], places[name] = value, mark


def _front_facts(
    post: Mapping[str, Any], marks: MapMarks, document: Document, refuse: Refuse, unknown: set[str]
) -> Marked:
    """The facts of a post in front matter, where people keep other things too: what is no fact is named once."""
    top, grouped = columns_by_key(), groups()
    renamed, places = {}, MapMarks()
    places.packed = marks.packed
    for key, value in post.items():
        name = _ALIASES.get(key, key) if _ALIASES.get(key) not in post else key
        if (name in top and "." not in name) or name in grouped:
            renamed[name], places[name] = value, marks[key]
        elif key not in {"published", "status", "draft", *NOTES}:
            unknown.add(str(key))
    return flat(renamed, places, document, refuse)


def _unknown(key: str, known: Any, mark: Any, document: Document, refuse: Refuse) -> None:
    hint = did_you_mean(key.rpartition(".")[2], known) or _("`tiktok-coach schema plan` lists the keys")
    refuse(_at(document, mark, _("a planned post has no key {key!r}", key=key), hint, key=True))


def _at(document: Document, mark: Any, problem: str, hint: str | None = None, *, key: bool = False) -> CoachError:
    return replace(document, marks=mark).fault(problem, (), hint, key=key)
