"""Documents written by people, as plain values with the place of each for when something is wrong with it.

YAML is read in one pass over the parser's events. Values follow YAML 1.2's core schema, so that `no` stays a language
and `12:30` a text. What could swell is refused.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from tiktok_coach.core.errors import CoachError, did_you_mean, together
from tiktok_coach.core.package_cache import load_or_make
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _, read_rows

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    Model = TypeVar("Model", bound=BaseModel)

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 60
MAX_VALUES = 2_000_000
MAX_SCALAR = 1_000_000
# So much of a value is shown where it is wrong.
MOST_SHOWN = 40
_BREAK = re.compile(r"\r\n?|\n")
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {"": None, "~": None} | {
    cased: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for cased in (word, word.title(), word.upper())
}
_TAGS = {f"tag:yaml.org,2002:{name}": name for name in ("str", "int", "float", "bool", "null")}
_NO_KEY: Any = object()
# A scalar's place is packed into one number, since a large plan has hundreds of thousands: the offsets of its key, its
# value and the value's end in characters; the key's is one more, and 0 where there is none.
_BITS = 32
_MASK = (1 << _BITS) - 1


class MapMarks(dict[str, Any]):
    """The places of a mapping's values by key; `packed` is its own."""

    __slots__ = ("packed",)
    packed: int


class ListMarks(list[Any]):
    """The places of a list's values; `packed` is its own."""

    __slots__ = ("packed",)
    packed: int


def pack(key: int, start: int, end: int) -> int:
    """Three offsets as one number."""
    return (key << _BITS | start) << _BITS | end


def unpacked(mark: Any) -> tuple[int, int, int]:
    """Where the key (-1 for none), the value and the end of the value of a place stand."""
    packed = mark if isinstance(mark, int) else mark.packed
    return (packed >> 2 * _BITS) - 1, packed >> _BITS & _MASK, packed & _MASK


def line_starts(text: str) -> list[int]:
    """The offset at which each line begins."""
    if "\r" not in text:
        # Several times as quick.
        return list(accumulate((len(line) + 1 for line in text.split("\n")[:-1]), initial=0))
    return [0, *(match.end() for match in _BREAK.finditer(text))]


def line_column(starts: list[int], offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset; columns count characters."""
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def compose(text: str, where: str, *, merges: bool = True) -> tuple[Any, Any]:
    """The value of the one document in `text`, and the marks of all its parts; a key `<<` is one like others, as in
    JSON, where it merges nothing. Raises CoachError with the line.
    """
    return _compose(text, where, merges=merges)[:2]


def _compose(text: str, where: str, *, merges: bool) -> tuple[Any, Any, frozenset[str]]:
    """What `compose` gives, and every key in it."""
    # Not every command reads YAML: the package's own is kept as it was read before.
    import yaml

    if len(text) > MAX_BYTES:
        problem = _("the YAML file is larger than {megabytes} MB", megabytes=MAX_BYTES // 2**20)
        raise CoachError(problem, where=where, hint=_("split it"))
    composer = _Composer(text, where, merges=merges)
    try:
        value, marks = composer.document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        offset = mark.index if mark else getattr(error, "position", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error).splitlines()[0]
        raise composer.fault(_("not valid YAML: {problem}", problem=problem), offset) from error
    except (ValueError, RecursionError) as error:
        raise CoachError(_("not valid YAML: {error}", error=error), where=where) from error
    if composer.anchors and _expanded(value, {}) > MAX_VALUES:
        raise CoachError(_("the YAML's aliases expand to too many values"), where=where, hint=_("write them out"))
    return value, marks, frozenset(composer.names)


def _expanded(value: Any, sizes: dict[int, int]) -> int:
    """How many values there are once every alias is written out; each shared part is counted through once."""
    if not isinstance(value, (dict, list)):
        return 1
    if id(value) not in sizes:
        sizes[id(value)] = MAX_VALUES + 1  # what holds itself has no end
        parts = value.values() if isinstance(value, dict) else value
        sizes[id(value)] = 1 + sum(_expanded(part, sizes) for part in parts)
    return sizes[id(value)]


class _Composer:
    def __init__(self, text: str, where: str, *, merges: bool) -> None:
        self.text = text
        self.where = where
        self.merges = merges
        self.anchors: dict[str, tuple[Any, Any]] = {}
        self.plain: dict[str, Any] = dict(_WORDS)
        # Every key of the document by itself.
        self.names: dict[str, str] = {}

    def fault(self, problem: str, offset: int | None, hint: str | None = None) -> CoachError:
        if offset is None:
            return CoachError(problem, where=self.where, hint=hint)
        line, column = line_column(line_starts(self.text), min(offset, len(self.text)))
        return CoachError(problem, where=self.where, line=line, column=column, hint=hint)

    def document(self) -> tuple[Any, Any]:  # noqa: C901 - one loop over half a million events
        """Value and marks of the document. Containers are kept on a stack rather than in recursion."""
        import yaml

        event_of = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(self.text).get_event
        names = self.names
        root: tuple[Any, Any] = (None, pack(0, 0, 0))
        # The container being filled, its marks, and the key of a mapping that waits for its value.
        container: Any = None
        marks: Any = None
        key: Any = _NO_KEY
        key_at = 0
        stack: list[tuple[Any, Any, Any, int]] = []
        documents = 0
        while True:
            event = event_of()
            kind = type(event)
            if kind is yaml.ScalarEvent:
                value = event.value
                start = event.start_mark.index
                if type(container) is dict and key is _NO_KEY:
                    if value in container:
                        raise self.fault(_("not valid YAML: the key {value!r} comes twice", value=value), start)
                    # Posts have the same keys, each of which is kept, and hashed, once.
                    key, key_at = names.setdefault(value, value), start + 1
                    continue
                if len(value) > MAX_SCALAR:
                    problem = _("a text of {count:,} characters", count=len(value))
                    raise self.fault(problem, start, _("no post has a fact that long"))
                if event.implicit[0]:
                    value = self.plain[value] if value in self.plain else self.resolved(value)
                elif event.tag is not None:
                    value = self.tagged(event)
                mark: Any = (key_at << _BITS | start) << _BITS | event.end_mark.index
                if event.anchor is not None:
                    self.anchors[event.anchor] = value, mark
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                start = event.start_mark.index
                if len(stack) >= MAX_DEPTH:
                    raise self.fault(_("the YAML is nested more than {levels} levels deep", levels=MAX_DEPTH), start)
                if type(container) is dict and key is _NO_KEY:
                    raise self.fault(_("not valid YAML: a key must be a text"), start)
                if event.tag is not None:
                    raise self.fault(_("not valid YAML: the tag {tag!r} is not known", tag=event.tag), start)
                stack.append((container, marks, key, key_at))
                container, marks = ({}, MapMarks()) if kind is yaml.MappingStartEvent else ([], ListMarks())
                marks.packed = (key_at << _BITS | start) << _BITS
                if event.anchor is not None:
                    self.anchors[event.anchor] = container, marks
                key, key_at = _NO_KEY, 0
                continue
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                value, mark = container, marks
                mark.packed |= event.end_mark.index
                container, marks, key, key_at = stack.pop()
                if self.merges and kind is yaml.MappingEndEvent and "<<" in value:
                    self.merge(value, mark)
            elif kind is yaml.AliasEvent:
                start = event.start_mark.index
                if event.anchor not in self.anchors:
                    raise self.fault(_("not valid YAML: found undefined alias {anchor!r}", anchor=event.anchor), start)
                if type(container) is dict and key is _NO_KEY:
                    raise self.fault(_("not valid YAML: a key must be a text"), start)
                value, mark = self.anchors[event.anchor]
                if isinstance(mark, int):
                    mark = pack(key_at, start, event.end_mark.index)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    problem = _("not valid YAML: a second document begins")
                    raise self.fault(problem, event.start_mark.index, _("keep one a file"))
                continue
            elif kind is yaml.StreamEndEvent:
                return root
            else:
                continue
            if type(container) is dict:
                container[key] = value
                marks[key] = mark
                key = _NO_KEY
            elif container is not None:
                container.append(value)
                marks.append(mark)
                key_at = 0
            else:
                root = value, mark

    def resolved(self, text: str) -> Any:
        """A plain scalar's value by the core schema; numbers too large for a float stay texts."""
        value: Any = text
        if _INT.fullmatch(text) and len(text) < 400:
            value = int(text)
        elif _FLOAT.fullmatch(text):
            value = float(text)
        if len(text) < 24:
            self.plain[text] = value
        return value

    def tagged(self, event: Any) -> Any:
        kind = _TAGS.get(event.tag)
        text = str(event.value)
        if kind is None:
            raise self.fault(_("not valid YAML: the tag {tag!r} is not known", tag=event.tag), event.start_mark.index)
        value = text if kind == "str" else self.plain.get(text, self.resolved(text))
        if type(value).__name__.replace("NoneType", "null") != kind:
            problem = _("not valid YAML: {text!r} is not a {kind}", text=text[:40], kind=kind)
            raise self.fault(problem, event.start_mark.index)
        return value

    def merge(self, value: dict[str, Any], marks: MapMarks) -> None:
        """YAML's merge key: what a mapping does not say itself, it takes from the mappings under `<<`."""
        parts, places = value.pop("<<"), marks.pop("<<")
        if not isinstance(parts, list):
            parts, places = [parts], [places]
        for part, place in zip(parts, places, strict=True):
            if not isinstance(part, dict):
                raise self.fault(_("not valid YAML: << takes a mapping or a list of them"), unpacked(place)[1])
            for name in part:
                if name not in value:
                    value[name], marks[name] = part[name], place[name]


@dataclass(frozen=True)
class Document:
    """A document: its value, where it stands, and the places of its parts (None where they are not known).

    `keys` are at the least all of its mappings', as they were read; None where nobody looked.
    """

    value: Any
    where: str
    text: str = ""
    marks: Any = field(default=None, repr=False)
    keys: frozenset[str] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line's start."""
        return line_starts(self.text)

    def mark_of(self, path: Sequence[Any]) -> Any:
        """The mark of the value at `path` (keys and positions), or of its nearest parent."""
        mark = self.marks
        for step in path:
            if isinstance(mark, MapMarks) and str(step) in mark:
                mark = mark[str(step)]
            elif isinstance(mark, list) and isinstance(step, int) and step < len(mark):
                mark = mark[step]
            else:
                break
        return mark

    def line_of(self, path: Sequence[Any]) -> int | None:
        """The line, from 1, of the key of the value at `path`, or of its nearest parent."""
        if self.marks is None:
            return None
        key, start, _end = unpacked(self.mark_of(path))
        return line_column(self.starts, start if key < 0 else key)[0]

    def part(self, value: Any, path: Sequence[Any]) -> Document:
        """A value of the document, which stands at `path`, as a document by itself."""
        return replace(self, value=value, marks=self.mark_of(path))

    def at(self, key: str) -> Document:
        """The part of the document under a key of its top."""
        marks = self.marks.get(key) if isinstance(self.marks, MapMarks) else None
        return replace(self, value=self.value[key], marks=marks)

    def fault(self, problem: str, path: Sequence[Any], hint: str | None = None, *, key: bool = False) -> CoachError:
        """An error at the value at `path`, or at its key."""
        mark = None if self.marks is None else self.mark_of(path)
        return self.fault_at(problem, mark, hint, key=key)

    def fault_at(self, problem: str, mark: Any, hint: str | None = None, *, key: bool = False) -> CoachError:
        """An error at a mark of the document, or at its key; of the whole for None."""
        if mark is None:
            return CoachError(problem, where=self.where, hint=hint)
        at_key, start, _end = unpacked(mark)
        line, column = line_column(self.starts, at_key if key and at_key >= 0 else start)
        return CoachError(problem, where=self.where, hint=hint, line=line, column=column)


def display_path(path: Path) -> str:
    """A path as reports name it: from the working folder where it lies below that, with forward slashes."""
    if path.is_absolute():
        try:
            path = path.relative_to(Path.cwd())
        except ValueError:
            return path.as_posix()
    return str(PurePosixPath(path.as_posix()))


def read_yaml(text: str, where: str) -> Document:
    """The one YAML document in `text`. Raises CoachError, with the line, where it is not well formed."""
    value, marks, keys = _compose(text, where, merges=True)
    return Document(value, where, text, marks, keys)


def validate(model: type[Model], document: Document) -> Model:
    """The document as an instance of a pydantic model. Raises CoachError, with file, line and key of each fault."""
    from pydantic import ValidationError

    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        raise together(validation_faults(error, model, document)) from error


def read_model(model: type[Model], path: Path) -> Model:
    """A YAML file of the package as an instance of a pydantic model. Raises CoachError as `validate` does."""
    text, where = path.read_text("utf-8"), str(path)
    return load_or_make(model.__name__, [where, text], lambda: validate(model, read_yaml(text, where)))


def validation_faults(error: Any, model: type[BaseModel], document: Document) -> list[CoachError]:
    """Every fault that pydantic finds in a document, by its place; missing keys last, as they may be misspelt."""
    faults: list[ErrorDetails] = error.errors(include_url=False)
    faults.sort(key=lambda fault: (fault["type"] == "missing", document.line_of(fault["loc"]) or 0))
    return [_fault(fault, model, document) for fault in faults]


def _fault(fault: Mapping[str, Any], model: type[BaseModel], document: Document) -> CoachError:
    kind, path, value = fault["type"], fault["loc"], fault["input"]
    name = ".".join(str(step) for step in path) or _("the file")
    if kind == "extra_forbidden":
        known = _known_keys(model, path[:-1])
        hint = did_you_mean(str(path[-1]), known) or (_one_of(known) if known else None)
        return document.fault(_("unknown key {name}", name=name), path, hint, key=True)
    if kind == "missing":
        return document.fault(_("{name} is missing", name=name), path)
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", fault["ctx"]["expected"])
        problem = _("{name} {value} is not known", name=name, value=_shown(value))
        return document.fault(problem, path, did_you_mean(str(value), known) or _one_of(known))
    message = messages().get(kind)
    if message is None:
        return document.fault(f"{name}: {fault['msg'].removeprefix('Value error, ')}", path)
    problem = _(
        message, name=name, **{k: f"{v:g}" if isinstance(v, float) else v for k, v in fault.get("ctx", {}).items()}
    )
    if not isinstance(value, (dict, list)):
        problem = _("{problem}, not {value}", problem=problem, value=_shown(value))
    return document.fault(problem, path, _("put it in quotes") if kind == "string_type" and value is not None else None)


def _one_of(names: Sequence[str]) -> str:
    return _("use one of {names}", names=", ".join(names))


def _shown(value: Any) -> str:
    """A value as a document has it, in one short line."""
    return repr(value[:MOST_SHOWN]) if isinstance(value, str) else json.dumps(value, default=str)[:MOST_SHOWN]


def _known_keys(model: type[BaseModel], path: Sequence[Any]) -> list[str]:
    """The keys of a mapping in a document of a model."""
    schema = model.model_json_schema(by_alias=True)

    def whole(part: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in part:
            part = schema["$defs"][part["$ref"].rpartition("/")[2]]
        return part

    part: Mapping[str, Any] = schema
    for step in path:
        part = whole(part)
        named = part.get("properties", {}).get(step) or part.get("additionalProperties") or {}
        part = part.get("items", {}) if isinstance(step, int) else named
    return list(whole(part).get("properties", {}))


def with_schema_id(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) as it is published under a name."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "$id": f"tiktok-coach/{name}.schema.json", **schema}


@cache
def messages() -> dict[str, str]:
    """What is said of a value, by pydantic's kind of fault; its own sentences are those of programmers, and English."""
    return {row["type"]: row["message"] for row in read_rows(Path(__file__).with_name("validation_errors.csv"))}
