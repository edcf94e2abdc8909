"""Plans as documents: YAML or JSON with `posts:` or of one post, and Markdown posts with front matter."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from operator import is_
from typing import Any

import numpy as np

from tiktok_coach.core.account import Account
from tiktok_coach.core.captions import join_tags
from tiktok_coach.core.config import AccountSettings
from tiktok_coach.core.documents.document import (
    Document,
    ListMarks,
    MapMarks,
    compose,
    line_column,
    pack,
    unpacked,
    validation_faults,
)
from tiktok_coach.core.errors import CoachError, closest, did_you_mean
from tiktok_coach.core.file_lists import file_names
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.schema import Column
from tiktok_coach.core.translation import _
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.plans.meant_keys import hint_at_key
from tiktok_coach.plans.places import DocumentPlaces
from tiktok_coach.plans.plan import (
    LISTS,
    NOTES,
    OF_OTHERS,
    OVER,
    REPLY,
    Plan,
    columns_by_key,
    groups,
    is_over,
    key_of,
    left_out,
    typed,
)

PLAN_KEYS = ("account", "defaults", "posts")
# Where a post is to go out, and how far it is, which calendars have in columns.
PLATFORMS = ("platform", "platforms")
_ROUTING = frozenset({*PLATFORMS, "status"})
PLANNED = frozenset({"publish_at", "caption", "video", "sound", "engagement"})
FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(?P<yaml>.*?)(?:\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
# Facts of a post that front matter may call as calendars do.
_ALIASED = {"posted_at", "hashtags", "duration_s", "sound", "sound_artist", "video_file", "account", "client"}
_KEYS = {"posted_at": "publish_at", "client": "account"}
_SURROGATES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
# A plan's own keys stand no deeper: in a list of posts, and there in groups.
_DEEPEST = 4
# So like `posts` a key is it, misspelt; front matter holds other words too, of which one is a plan's if it is as like.
_LIKE_POSTS, _LIKE_KEY = 75, 85
# One value of these kinds is a fact as it stands, but for columns of which it is brought into shape.
_SIMPLE = frozenset({str, int, float, bool})
_SHAPED = frozenset({"caption", "hashtags", "photos"})
# What each group of facts is for, where one value stands in its place.
_EXAMPLES = {"video": "duration_s", "sound": "name", "engagement": "duet"}
# Facts by column, and their marks.
Marked = tuple[dict[str, Any], dict[str, Any]]


def holds_plan(value: Any) -> bool:
    """Whether a document's value is a plan: a list `posts:` of planned posts, or one post, rather than a sidecar."""
    if not isinstance(value, dict):
        return False
    if "posts" not in value:
        return bool({"publish_at", "caption"} & set(value)) and "views" not in value
    posts = _posts_in(value)
    # A sidecar names published posts by their ids or links.
    known = any("post_id" in p or "link" in p for p in posts)
    return not known and (any(PLANNED & set(p) for p in posts) or set(value) <= set(PLAN_KEYS))


def holds_foreign_keys(value: dict[str, Any]) -> bool:
    """Whether posts stand alone under `posts:` and no key of theirs is a plan's own: another program wrote them."""
    own, posts = {*columns_by_key(), *groups(), *NOTES}, _posts_in(value)
    return set(value) == {"posts"} and any(posts) and not any(key in own for post in posts for key in post)


def _posts_in(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries under `posts:` that may be posts; none where no list stands there."""
    posts = value.get("posts")
    return [post for post in posts if isinstance(post, dict)] if isinstance(posts, list) else []


@cache
def _every_key() -> frozenset[str]:
    """The keys that plans have, of whatever part."""
    words = (word for key in columns_by_key() for word in key.split("."))
    return frozenset(
        {*PLAN_KEYS, *PLATFORMS, *NOTES, "status", REPLY, *words, *groups(), *AccountSettings.model_fields}
    )


def with_plain_keys(document: Document) -> Document:
    """The document with the keys that plans have in lower case: `Caption:` can only mean `caption:`."""
    # Few plans have any, and to look at each key once is several times as quick.
    keys = _keys_in(document.value) if document.keys is None else document.keys
    if not any(_plain_key(key, (key,)) != key for key in keys):
        return document
    value, marks = _plain_keys(document.value, document.marks, _DEEPEST)
    return document if value is document.value else replace(document, value=value, marks=marks)


def _keys_in(value: Any) -> set[Any]:
    """The keys of a plan, of its posts and of their parts."""
    keys: set[Any] = set()
    level = [value]
    for _depth in range(_DEEPEST):
        mappings = [part for part in level if isinstance(part, dict)]
        keys.update(*mappings)
        parts = chain(*(part.values() for part in mappings), *(part for part in level if isinstance(part, list)))
        level = [part for part in parts if isinstance(part, dict | list)]
    return keys


def _plain_keys(value: Any, marks: Any, depth: int) -> tuple[Any, Any]:
    """A value and its marks; the same ones where no key changes."""
    if not depth or not isinstance(marks, MapMarks | ListMarks) or not isinstance(value, dict | list):
        return value, marks
    if isinstance(value, list):
        parts = [_plain_keys(*pair, depth - 1) for pair in zip(value, marks, strict=True)]
        plain: Any = [part for part, _marks in parts]
        places: Any = ListMarks(places_of_part for _part, places_of_part in parts)
        is_same = all(map(is_, plain, value))
    else:
        names = {key: _plain_key(key, value) for key in value}
        parts = [_plain_keys(inner, marks[key], depth - 1) for key, inner in value.items()]
        plain = {name: part for name, (part, _marks) in zip(names.values(), parts, strict=True)}
        places = MapMarks((name, of_part) for name, (_part, of_part) in zip(names.values(), parts, strict=True))
        is_same = all(map(is_, plain, value)) and all(map(is_, plain.values(), value.values()))
    if is_same:
        return value, marks
    places.packed = marks.packed
    return plain, places


def _plain_key(key: Any, beside: Iterable[Any]) -> Any:
    """A key in lower case, where it is one of a plan then and the only one that becomes it."""
    if not isinstance(key, str) or (plain := key.casefold()) == key or plain not in _every_key():
        return key
    is_only = sum(isinstance(other, str) and other.casefold() == plain for other in beside) == 1
    return plain if is_only else key


def misspelt_posts(value: Any) -> str | None:
    """The key of planned posts that is almost `posts`; None where there is none."""
    if not isinstance(value, dict) or "posts" in value:
        return None
    lists = [key for key, posts in value.items() if isinstance(key, str) and isinstance(posts, list)]
    misspelt = (key for key, _likeness in closest("posts", lists, least=_LIKE_POSTS))
    return next((key for key in misspelt if any(PLANNED & set(p) for p in value[key] if isinstance(p, dict))), None)


def with_posts(document: Document, key: str) -> Document:
    """The document with what stands under `key` as its posts."""
    value = {"posts" if name == key else name: inner for name, inner in document.value.items()}
    marks = MapMarks(("posts" if name == key else name, mark) for name, mark in document.marks.items())
    marks.packed = document.marks.packed
    return replace(document, value=value, marks=marks)


def holds_settings(value: Any) -> bool:
    """Whether a document says what holds for the plans beside it: `account:` or `defaults:`."""
    return isinstance(value, dict) and bool({"account", "defaults"} & set(value)) and set(value) <= set(PLAN_KEYS)


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
        # Of JSON Lines the first value ends on the line where it begins.
        if error.msg == "Extra data" and "\n" not in text[: error.pos].strip():
            return _read_json_lines(text, where)
        raise _json_fault(error, where) from error
    except (RecursionError, ValueError) as error:
        raise CoachError(_("not valid JSON: {error}", error=error), where=where) from error
    return Document(value, where, text, _named_as(value, _json_marks(text, where)))


def _json_fault(error: json.JSONDecodeError, where: str, line: int = 1) -> CoachError:
    """What is wrong with a JSON text that begins on a `line` of its file."""
    problem = _("not valid JSON: {msg}", msg=error.msg)
    return CoachError(problem, where=where, line=line - 1 + error.lineno, column=error.colno)


def _json_marks(text: str, where: str) -> Any:
    """The marks of a JSON text, which the YAML parser reads for its places."""
    # That one refuses the halves of characters that JSON writes.
    count = itertools.count()
    return compose(_SURROGATES.sub(lambda _match: f"x{next(count):011d}", text), where, merges=False)[1]


def _read_json_lines(text: str, where: str) -> Document:
    """JSON Lines, a value a line, as the document of their list."""
    lines, values = text.split("\n"), []
    for number, line in enumerate(lines, 1):
        try:
            values += [json.loads(line, object_pairs_hook=_no_twins)] if line.strip() else []
        except json.JSONDecodeError as error:
            raise _json_fault(error, where, number) from error
        except (RecursionError, ValueError) as error:
            raise CoachError(_("not valid JSON: {error}", error=error), where=where, line=number) from error
    # A list in which every value stands one character further on.
    last = max(number for number, line in enumerate(lines) if line.strip())
    ends = ["," if line.strip() and number < last else " " for number, line in enumerate(lines)]
    marks = _json_marks("[" + "".join(line + end for line, end in zip(lines, ends, strict=True)) + "]", where)
    return Document(values, where, text, _named_as(values, _moved(marks, -1)))


def _moved(marks: Any, by: int) -> Any:
    """Marks that stand `by` characters further on."""
    if isinstance(marks, int):
        key, start, end = unpacked(marks)
        return pack(key + 1 + by if key >= 0 else 0, start + by, end + by)
    if isinstance(marks, dict):
        result: Any = MapMarks((key, _moved(mark, by)) for key, mark in marks.items())
    else:
        result = ListMarks(_moved(mark, by) for mark in marks)
    key, start, end = unpacked(marks)
    result.packed = pack(key + 1 + by if key >= 0 else 0, max(start + by, 0), end + by)
    return result


def _named_as(value: Any, marks: Any) -> Any:
    """The marks under the keys that the value has, which stand in the same order."""
    if isinstance(value, dict):
        pairs = zip(value.items(), marks.values(), strict=True)
        renamed: Any = MapMarks((key, _named_as(values, mark)) for (key, values), mark in pairs)
    elif isinstance(value, list):
        renamed = ListMarks(map(_named_as, value, marks))
    else:
        return marks
    renamed.packed = marks.packed
    return renamed


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(_("the key {key!r} comes twice", key=next(n for n in names if names.count(n) > 1)))
    return values


def read_settings(
    document: Document, problems: list[CoachError]
) -> tuple[Account | None, tuple[Document, Marked] | None]:
    """The account and the defaults that a document says; the defaults with their document and places."""
    account = _account(document.at("account"), problems) if "account" in document.value else None
    defaults = document.value.get("defaults")
    if isinstance(defaults, dict):
        return account, (document, _FactReader(document, problems).read(defaults, document.at("defaults").marks))
    if defaults is not None:
        problems.append(document.fault(_("defaults must be facts of a post"), ("defaults",)))
    return account, None


def _account(document: Document, problems: list[CoachError]) -> Account | None:
    from pydantic import ValidationError

    value = document.value if document.value is not None else {}
    if not isinstance(value, dict):
        hint = _("such as `account: {example}`", example="{handle: '@name'}")
        problems.append(document.fault(_("account takes keys with values, not {value!r}", value=value), (), hint))
        return None
    try:
        settings = AccountSettings.model_validate(value)
    except ValidationError as error:
        faults = validation_faults(error, AccountSettings, document)
        problems += [replace(fault, problem=_("account: {problem}", problem=fault.problem)) for fault in faults]
        # What else the account says holds all the same.
        wrong = {fault["loc"][0] for fault in error.errors(include_url=False) if fault["loc"]}
        settings = AccountSettings.model_validate({key: fact for key, fact in value.items() if key not in wrong})
    return replace(settings.account(), timezone_source="the plan" if settings.timezone else None)


def read_document(
    document: Document,
    kind: str,
    options: ReadOptions,
    account: Account | None,
    defaults: tuple[Document, Marked] | None,
) -> Plan:
    """The posts of a plan; in `front matter` (the other `kind` is `plan`), keys of no plan are passed over."""
    problems: list[CoachError] = []
    value, marks = document.value, document.marks
    # Where every post is commented out, nothing is left under the key.
    if "posts" in value and not isinstance(value["posts"] or [], list):
        raise document.fault(_("posts must be a list of posts"), ("posts",), _("begin each with a dash"))
    if "posts" in value:
        entries = list(zip(value["posts"], marks["posts"], strict=True)) if value["posts"] else []
        for key in [key for key in value if key not in PLAN_KEYS]:
            problem, hint = _("a plan has no key {key!r}", key=key), did_you_mean(key, PLAN_KEYS)
            problems.append(document.fault(problem, (key,), hint, key=True))
    else:
        # The account and the defaults may stand beside the facts of a document's one post.
        is_setting = {"account": isinstance(value.get("account"), dict), "defaults": True}
        entries = [({k: v for k, v in value.items() if not is_setting.get(k)}, marks)]
    for position, (post, _mark) in enumerate(entries):
        if not isinstance(post, dict):
            problem = _("post {position} is not a mapping of facts", position=position + 1)
            problems.append(document.fault(problem, ("posts", position)))
    entries, left = _for_tiktok(document, entries, problems)
    reader = _FactReader(document, problems)
    facts: list[Marked] = []
    for post, mark in entries:
        if not isinstance(post, dict):
            facts.append(({}, {}))
        else:
            facts.append(reader.read(*(reader.renamed(post, mark) if kind == "front matter" else (post, mark))))
    inherited = (defaults[0], defaults[1][1]) if defaults else None
    places = DocumentPlaces(document, [mark for _, mark in entries], [marks for _, marks in facts], inherited)
    values = [{**defaults[1][0], **own} if defaults else own for own, _ in facts]
    columns = {name: [post.get(name) for post in values] for name in dict.fromkeys(chain.from_iterable(values))}
    posts, more, notices = typed(columns, len(values), places, document.where, options)
    notices = [*left, *notices]
    notices += _notices_of_other_keys(document, sorted(reader.no_facts))
    usable = [position for position, (post, _) in enumerate(entries) if isinstance(post, dict)]
    if len(usable) < len(entries):
        places = replace(places, rows=[places.rows[i] for i in usable], marks=[places.marks[i] for i in usable])
        posts = posts.take(np.array(usable, dtype=np.int64))
    return Plan(document.where, kind, document.text, posts, places, account, tuple(problems + more), tuple(notices))


def _notices_of_other_keys(document: Document, keys: Sequence[str]) -> Iterator[Notice]:
    """What is said of the keys of front matter that are no facts of a post, and of those that are almost one."""
    if keys:
        yield Notice(document.where, _("no rule reads {named}", named=", ".join(keys)), level="info")
    for key in keys:
        if near := closest(key, [*columns_by_key(), *groups()], least=_LIKE_KEY):
            text = _("no rule reads {named}; did you mean {close}?", named=repr(key), close=near[0][0])
            yield Notice(document.where, text, document.line_of((key,)))


def read_facts(document: Document, post: Mapping[str, Any], marks: MapMarks, problems: list[CoachError]) -> Marked:
    """A post's facts by column, with their marks; adds to the `problems`."""
    return _FactReader(document, problems).read(post, marks)


def _for_tiktok(
    document: Document, entries: list[tuple[Any, Any]], problems: list[CoachError]
) -> tuple[list[tuple[Any, Any]], list[Notice]]:
    """The posts that are to go out on TikTok, without their words for that, and a notice of those that are not.

    What cannot be such a word adds to the `problems`.
    """
    planned: list[tuple[Any, Any]] = []
    elsewhere: list[int] = []
    out: list[int] = []
    for post, mark in entries:
        if not isinstance(post, dict):
            planned.append((post, mark))
            continue
        if _ROUTING.isdisjoint(post) and post.get("published") is not True:
            planned.append((post, mark))
            continue
        said = {key: _names(post[key]) for key in (*PLATFORMS, "status") if key in post}
        for key in (key for key, names in said.items() if names is None):
            text = _("{key} takes {what}", key=key, what=_("a name, or a list of them"))
            problems.append(replace(document, marks=mark[key]).fault(text, ()))
        networks = [name for key in PLATFORMS for name in said.get(key) or ()]
        if networks and not _are_tiktok(networks):
            elsewhere.append(line_column(document.starts, unpacked(mark)[1])[0])
        elif any(map(is_over, said.get("status") or ())) or post.get("published") is True:
            out.append(line_column(document.starts, unpacked(mark)[1])[0])
        else:
            planned.append(({key: value for key, value in post.items() if key not in _ROUTING}, mark))
    return planned, [*left_out(document.where, elsewhere, OF_OTHERS), *left_out(document.where, out, OVER)]


def _names(value: Any) -> list[str] | None:
    """The names that are one value or a list, without empty ones; None for anything else."""
    values = value if isinstance(value, list) else [value]
    if not all(name is None or isinstance(name, str) for name in values):
        return None
    return [name for name in values if name is not None and name.strip()]


def _are_tiktok(networks: Sequence[str]) -> bool:
    from tiktok_coach.io.columns.rows import TIKTOK, platform_of

    return TIKTOK in map(platform_of, networks)


def _own_key(key: str, value: Any) -> str | None:
    """The plan's own key for what front matter calls otherwise; None where it says nothing about a post."""
    # `published: false` is no day, and nothing else that front matter may call its own way is a yes or no.
    if isinstance(value, bool):
        return None
    from tiktok_coach.io.columns.names import WEAK, meanings

    for meaning in meanings(key, of_plans=True):
        if meaning.fact not in _ALIASED:
            return None
        # Tags are words of one's own, unless they are marked as hashtags.
        if meaning.fact != "hashtags" or meaning.confidence > WEAK or "#" in str(value):
            return _KEYS.get(meaning.fact, meaning.fact)
    return None


@cache
def _plain_facts() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """By key the columns of facts that are taken as they are, then those of each group; a large plan has many."""
    top, grouped = columns_by_key(), groups()
    own = {key: column for key, column in top.items() if "." not in key and key not in grouped}
    simple, *in_groups = (
        {key: column.name for key, column in columns.items() if column.name not in _SHAPED}
        for columns in (own, *grouped.values())
    )
    return simple, dict(zip(grouped, in_groups, strict=True))


class _FactReader:
    """Reads a document's posts as facts by column with their marks; what no key takes is a problem."""

    def __init__(self, document: Document, problems: list[CoachError]) -> None:
        self.document, self.problems = document, problems
        # Keys of front matter that are no facts.
        self.no_facts: set[str] = set()
        self.simple, self.simple_in = _plain_facts()

    def read(self, post: Mapping[str, Any], marks: MapMarks) -> Marked:
        """A post's facts by column, with their marks."""
        self.facts: dict[str, Any] = {}
        self.marks: dict[str, Any] = {}
        top, grouped = columns_by_key(), groups()
        for key, value in post.items():
            column = self.simple.get(key)
            if column is not None and type(value) in _SIMPLE:
                self.facts[column], self.marks[column] = value, marks[key]
                continue
            inner = grouped.get(key)
            if inner is not None and isinstance(value, dict):
                self._put_group(key, inner, value, marks[key])
            elif key == "video" and isinstance(value, str):
                self._put("video_file", value, marks[key])
            elif inner is not None and key not in top:
                if value is not None:
                    text = _("{key} must have facts, such as {example}", key=key, example=_EXAMPLES[key])
                    self._refuse(marks[key], text)
            elif key in top and "." not in key:
                self._put(top[key].name, value, marks[key])
            elif key not in NOTES:
                names = {column.name: key_of(column.name) for column in top.values()}
                self._refuse_key(key, [k for k in top if "." not in k] + [*grouped, *NOTES], names, marks[key])
        if "photo_files" in self.facts and "kind" not in self.facts:
            self.facts["kind"], self.marks["kind"] = "photo", self.marks["photo_files"]
        return self.facts, self.marks

    def renamed(self, post: Mapping[str, Any], marks: MapMarks) -> tuple[dict[str, Any], MapMarks]:
        """The facts of a post in front matter, where people keep other things too: those are named once."""
        top, grouped = columns_by_key(), groups()
        renamed, places = {}, MapMarks()
        places.packed = marks.packed
        for key, value in post.items():
            name = key if key in top or key in grouped else _own_key(key, value) or key
            if name != key and (name in post or name in renamed):
                name = key
            if (name in top and "." not in name) or name in grouped:
                renamed[name], places[name] = value, marks[key]
            elif key not in {"published", "status", "draft", *NOTES}:
                self.no_facts.add(str(key))
        return renamed, places

    def _put_group(self, group: str, inner: Mapping[str, Column], values: Mapping[str, Any], marks: MapMarks) -> None:
        simple, facts, places = self.simple_in[group], self.facts, self.marks
        for name, value in values.items():
            column = simple.get(name)
            if column is not None and type(value) in _SIMPLE:
                facts[column], places[column] = value, marks[name]
            elif name in inner:
                self._put(inner[name].name, value, marks[name])
            elif name != REPLY or group != "engagement":
                names = {column.name: known for known, column in inner.items()}
                self._refuse_key(f"{group}.{name}", list(inner), names, marks[name])
            elif value is not None and value is not False:
                self.facts["kind"], self.marks["kind"] = "video_reply", marks[name]

    def _put(self, name: str, value: Any, mark: Any) -> None:
        if value is None:
            return
        if name == "photos" and isinstance(value, str):
            value = file_names(value) or value
        if name == "photos" and isinstance(value, list):
            self._put("photo_files", value, mark)
            value = len(value)
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
            self._refuse(mark, _("{key} takes {what}", key=key_of(name), what=what))
        else:
            self.facts[name], self.marks[name] = value, mark

    def _refuse_key(self, key: str, known: Sequence[str], names: Mapping[str, str], mark: Any) -> None:
        """Refuse a key; `names` are those of the known ones by the columns that they say."""
        hint = hint_at_key(key.rpartition(".")[2], known, names) or _("`tiktok-coach schema plan` lists the keys")
        self._refuse(mark, _("a planned post has no key {key!r}", key=key), hint, key=True)

    def _refuse(self, mark: Any, problem: str, hint: str | None = None, *, key: bool = False) -> None:
        self.problems.append(self.document.fault_at(problem, mark, hint, key=key))
