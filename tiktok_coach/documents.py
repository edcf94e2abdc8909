"""Reads YAML written by people: plain values, and the line of each for when something is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from tiktok_coach.errors import CoachError

if TYPE_CHECKING:
    from pydantic import BaseModel

    Model = TypeVar("Model", bound=BaseModel)

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 60
MAX_VALUES = 2_000_000

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """YAML's core types only: `no` stays a language, `2026-01-02` stays a text, duplicate keys are refused."""

    def construct_mapping(self, node: yaml.MappingNode, *, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)  # type: ignore[no-any-return]


# YAML 1.2's core schema: YAML 1.1 would read `12:30` as 750 and `no` as false.
_KEPT = {"tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in _KEPT]
    for first, resolvers in _Base.yaml_implicit_resolvers.items()
}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


@dataclass(frozen=True)
class Document:
    """A YAML document: its value, and where it stands."""

    value: Any
    where: str
    text: str = ""

    @cached_property
    def _root(self) -> yaml.Node | None:
        node: yaml.Node | None = yaml.compose(self.text, Loader=_Loader)
        return node

    def line_of(self, path: tuple[Any, ...]) -> int | None:
        """The line, from 1, of the value at `path` (keys and positions), or of its nearest parent."""
        if not self.text:
            return None
        node: yaml.Node | None = self._root
        line: int | None = None
        for step in (*path, None):
            if node is None:
                break
            line = node.start_mark.line + 1
            node, key_line = _child(node, step)
            line = key_line or line
        return line


def _child(node: yaml.Node, step: Any) -> tuple[yaml.Node | None, int | None]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], None
    return None, None


def read_yaml(text: str, where: str) -> Document:
    """The one YAML document in `text`. Raises CoachError, with the line, where it is not well formed."""
    if len(text) > MAX_BYTES:
        raise CoachError(f"the YAML file is larger than {MAX_BYTES // 2**20} MB", where=where, hint="split it")
    try:
        for depth, event in _depths(text):
            if depth > MAX_DEPTH:
                raise CoachError(
                    f"the YAML is nested more than {MAX_DEPTH} levels deep",
                    where=f"{where}:{event.start_mark.line + 1}",
                )
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{where}:{mark.line + 1}" if mark else where
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise CoachError(f"not valid YAML: {problem}", where=place) from error
    except (ValueError, RecursionError) as error:
        raise CoachError(f"not valid YAML: {error}", where=where) from error
    if _expanded(value, {}) > MAX_VALUES:
        raise CoachError("the YAML's aliases stand for too many values", where=where, hint="write them out")
    return Document(value, where, text)


def _expanded(value: Any, known: dict[int, int]) -> int:
    """How many values there are once every alias is written out; each shared part is counted through once."""
    if not isinstance(value, (dict, list)):
        return 1
    if id(value) not in known:
        known[id(value)] = MAX_VALUES + 1  # what holds itself has no end
        parts = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_expanded(part, known) for part in parts)
    return known[id(value)]


def _depths(text: str) -> Any:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        yield depth, event


def validated(model: type[Model], document: Document) -> Model:
    """The document as an instance of a pydantic model. Raises CoachError naming file, line and key of the first fault."""
    from pydantic import ValidationError

    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        # A key that is none is most often the one that seems to be missing, misspelt.
        first = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
        path = tuple(step for step in first["loc"])
        line = document.line_of(path)
        place = f"{document.where}:{line}" if line else document.where
        name = ".".join(str(step) for step in path) or "the file"
        if first["type"] == "extra_forbidden":
            problem = f"unknown key {name}"
        elif first["type"] == "missing":
            problem = f"{name} is missing"
        else:
            problem = f"{name}: {first['msg'].removeprefix('Value error, ')}"
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise CoachError(problem + more, where=place) from error
