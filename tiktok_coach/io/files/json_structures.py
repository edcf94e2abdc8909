"""JSON as exports nest it: read within bounds, and flattened into columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.io.files.decoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterable


def read_json(content: bytes, where: str) -> Any:
    """The JSON value in `content`, or one value a line (JSON Lines). Raises CoachError with the line."""
    text = decode(content, where)
    try:
        return _whole_letters(json.loads(text), text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return _whole_letters(_read_lines(text, where), text)
        raise CoachError(
            _("not valid JSON ({msg})", msg=error.msg), where=f"{where}:{error.lineno}", hint=_("download it again")
        ) from error
    except (RecursionError, ValueError) as error:
        raise CoachError(_("the JSON is nested too deep or holds a number too long"), where=where) from error


def _whole_letters(value: Any, text: str) -> Any:
    """The value with halves of letters (a lone surrogate, which JSON can write and no file can hold) replaced."""
    if "\\u" not in text:
        return value
    written = json.dumps(value, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.loads(written.encode("utf-8", "replace"))
    return value


def _read_lines(text: str, where: str) -> list[Any]:
    values = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            values.append(json.loads(line))
        except (json.JSONDecodeError, RecursionError) as error:
            raise CoachError(_("not valid JSON"), where=f"{where}:{number}", hint=_("download it again")) from error
    return values


def flatten(record: dict[str, Any], *, depth: int = 4) -> dict[str, Any]:
    """Nested objects as dotted keys; lists stay as they are.

    >>> flatten({"stats": {"playCount": 5}, "tags": [1]})
    {'stats.playCount': 5, 'tags': [1]}
    """
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict) and depth:
            flat.update({f"{key}.{inner}": v for inner, v in flatten(value, depth=depth - 1).items()})
        else:
            flat[str(key)] = value
    return flat


def rows_of(value: Any, *paths: str) -> list[Any] | None:
    """The first list found at one of the dotted `paths` of a JSON value ('' is the value itself)."""
    for path in paths:
        result = value
        for step in path.split(".") if path else ():
            result = result.get(step) if isinstance(result, dict) else None
        if isinstance(result, list):
            return result
    return None


def records(rows: Iterable[Any]) -> tuple[list[dict[str, Any]], list[int]]:
    """The objects among `rows`, flattened, and the positions (from 1) of what is no object."""
    objects: list[dict[str, Any]] = []
    others: list[int] = []
    for position, row in enumerate(rows, 1):
        if isinstance(row, dict):
            objects.append(flatten(row))
        else:
            others.append(position)
    return objects, others


def text_of(value: Any) -> str | None:
    """A JSON or YAML value as a text that the file's own format could hold; None where it is missing, or no scalar."""
    if isinstance(value, str) and value.isascii() and "\0" not in value:
        return value
    if value is None or isinstance(value, (list, dict)):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    # A lone surrogate and a NUL can stand in JSON, but in no file that is written from it.
    return str(value).encode("utf-8", "replace").decode().replace("\0", "")
