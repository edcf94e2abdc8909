"""Documents written by people: plain values, and the place of each for when something is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tiktok_coach.core.documents.marked_yaml import MapMarks, compose, line_column, line_starts, unpacked
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import ENGLISH, _, language, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """A document: its value, where it stands, and the places of its parts (None where they are not known)."""

    value: Any
    where: str
    text: str = ""
    marks: Any = field(default=None, repr=False)

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

    def at(self, key: str) -> Document:
        """The part of the document under a key of its top."""
        marks = self.marks.get(key) if isinstance(self.marks, MapMarks) else None
        return replace(self, value=self.value[key], marks=marks)

    def fault(self, problem: str, path: Sequence[Any], hint: str | None = None, *, key: bool = False) -> CoachError:
        """An error at the value at `path`, or at its key."""
        if self.marks is None:
            return CoachError(problem, where=self.where, hint=hint)
        at_key, start, _end = unpacked(self.mark_of(path))
        line, column = line_column(self.starts, at_key if key and at_key >= 0 else start)
        return CoachError(problem, where=self.where, hint=hint, line=line, column=column)


def read_yaml(text: str, where: str) -> Document:
    """The one YAML document in `text`. Raises CoachError, with the line, where it is not well formed."""
    value, marks = compose(text, where)
    return Document(value, where, text, marks)


def validate(model: type[Model], document: Document) -> Model:
    """The document as an instance of a pydantic model. Raises CoachError, which names file, line and key."""
    from pydantic import ValidationError

    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        first, *others = validation_faults(error, document)
        more = _(" (and {count} more)", count=len(others)) if others else ""
        raise CoachError(first.problem + more, where=first.where, line=first.line, column=first.column) from error


def validation_faults(error: Any, document: Document) -> Iterator[CoachError]:
    """Every fault that pydantic finds in a document, at its place; unknown keys first, since they may be misspelt."""
    faults: list[ErrorDetails] = error.errors(include_url=False)
    for fault in sorted(faults, key=lambda f: f["type"] != "extra_forbidden"):
        path = fault["loc"]
        name = ".".join(str(step) for step in path) or _("the file")
        if fault["type"] == "extra_forbidden":
            yield document.fault(_("unknown key {name}", name=name), path, key=True)
        elif fault["type"] == "missing":
            yield document.fault(_("{name} is missing", name=name), path)
        else:
            yield document.fault(f"{name}: {translate_error(fault)}", path)


def with_schema_id(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) as it is published under a name."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "$id": f"tiktok-coach/{name}.schema.json", **schema}


@cache
def messages() -> dict[str, str]:
    """Pydantic's sentences by kind of fault, for what people's files can get wrong; it has no catalogue of its own."""
    return {row["type"]: row["message"] for row in read_rows(Path(__file__).with_name("validation_errors.csv"))}


def translate_error(fault: Mapping[str, Any]) -> str:
    """What a fault says; one of a kind that is not known, and one that our own checks find, as it is."""
    message = messages().get(str(fault["type"]))
    if message is None or language() == ENGLISH:
        return str(fault["msg"]).removeprefix("Value error, ")
    terms = {name: str(value).replace(" or ", _(" or ")) for name, value in (fault.get("ctx") or {}).items()}
    return _(message, **terms)
