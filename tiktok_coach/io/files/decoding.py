"""Text and JSON from bytes, in whatever encoding a spreadsheet or an exporter chose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

# What cells say for nothing, yes and no.
MISSING = frozenset({"", "-", "--", "—", "–", "n/a", "na", "nan", "undefined", "null", "none", "n/d", "#n/a"})
TRUE = frozenset({"yes", "true", "1", "y", "on", "ja", "oui", "si", "sí", "sim", "tak", "да", "はい", "evet"})
FALSE = frozenset({"no", "false", "0", "n", "off", "nej", "nein", "non", "não", "nao", "nie", "нет", "いいえ", "hayır"})
# What ends a line of a file; a text may hold other breaks, such as U+2028, which str.splitlines takes for an end too.
LINE_END = re.compile(r"\r\n?|\n")
NUL = "\0"
_LONE_SURROGATE = re.compile(r"(?i)\\ud[89ab]..(?!\\ud[c-f])|(?<!\\ud[89ab]..)\\ud[c-f]")


def decode(content: bytes, where: str) -> str:
    """Text of a file in UTF-8, UTF-16 or Windows-1252. Raises CoachError for binary content."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encoding = "utf-16"
    elif content[:4000].count(0) > len(content[:4000]) // 4 and content[:4000].count(0) < len(content[:4000]):
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
        if "\ufffd" in text:
            text = content.decode("latin-1")
    if NUL in text:
        problem = _("has NUL bytes: it is damaged, or not a text file")
        raise CoachError(problem, where=f"{where}:{_line_of(text, text.index(NUL))}", hint=_("download it again"))
    return text


def _line_of(text: str, position: int) -> int:
    return len(LINE_END.findall(text, 0, position)) + 1


def codec_of(content: bytes) -> str:
    """The codec that writes what `decode` reads, byte for byte, of a file in UTF-8 or UTF-16 with its mark."""
    marks = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
    return marks.get(content[:2]) or ("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8")


def decode_document(content: bytes, where: str) -> str:
    """Text of a document that people write by hand, in UTF-8 (or UTF-16 with its mark).

    Raises CoachError, with the line, for another encoding: guessing would change its letters unnoticed.
    """
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return decode(content, where)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = LINE_END.split(content[: error.start].decode("utf-8", "replace"))
        line, column = len(before), len(before[-1]) + 1
        hint = _("save it as UTF-8")
        raise CoachError(_("not UTF-8 text"), where=where, line=line, column=column, hint=hint) from error
    if NUL in text:
        line = _line_of(text, text.index(NUL))
        raise CoachError(_("has a NUL byte: it is damaged, or not a text file"), where=where, line=line)
    return text


def read_json(content: bytes, where: str) -> Any:
    """The JSON value in `content`, or one value a line (JSON Lines). Raises CoachError with the line."""
    text = decode(content, where)
    try:
        return _whole_letters(json.loads(text), text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return _whole_letters(_read_lines(text, where), text)
        problem = _("not valid JSON ({msg})", msg=error.msg)
        raise CoachError(problem, where=f"{where}:{_line_of(text, error.pos)}", hint=_("download it again")) from error
    except (RecursionError, ValueError) as error:
        raise CoachError(_("the JSON is nested too deep or has a number that is too long"), where=where) from error


def _whole_letters(value: Any, text: str) -> Any:
    """The value with halves of letters (a lone surrogate, which JSON can write and no file can hold) replaced."""
    if _LONE_SURROGATE.search(text):
        return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return value


def _read_lines(text: str, where: str) -> list[Any]:
    values = []
    for number, line in enumerate(LINE_END.split(text), 1):
        try:
            values += [json.loads(line)] if line.strip() else []
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
    numbered = list(enumerate(rows, 1))
    objects = [flatten(row) for _position, row in numbered if isinstance(row, dict)]
    return objects, [position for position, row in numbered if not isinstance(row, dict)]


def decimal_text(value: float) -> str:
    """A number as a text that no reader takes for one with thousands: three digits behind the point get a fourth.

    >>> decimal_text(1.234), decimal_text(12.5)
    ('1.2340', '12.5')
    """
    text = repr(value)
    return f"{text}0" if text[-4:-3] == "." else text


def text_of(value: Any) -> str | None:
    """A JSON or YAML value as a text that the file's own format could hold; None where it is missing, or no scalar."""
    if isinstance(value, str) and value.isascii() and "\0" not in value:
        return value
    if value is None or isinstance(value, (list, dict)):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return decimal_text(value)
    # A lone surrogate and a NUL can stand in JSON, but in no file that is written from it.
    return str(value).encode("utf-8", "replace").decode().replace("\0", "")


def texts_of(values: Sequence[Any]) -> list[str | None]:
    """The text of each value; of plain texts, as columns of sheets are, one look tells that nothing is to be done."""
    if {*map(type, values)} <= {str, type(None)}:
        joined = "".join(filter(None, values))
        if joined.isascii() and "\0" not in joined:
            return list(values)
    return [text_of(value) for value in values]
