"""Makes text from a file harmless where it is shown: on a terminal, in Markdown, in JSON."""

from __future__ import annotations

import json
import re
from typing import Any

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ESCAPED = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!$@])")


def one_line(text: str, width: int | None = None) -> str:
    """Text on one line, without control codes or direction overrides, cut to `width` characters.

    >>> one_line("rye\\nbread\\x1b[2J", 12)
    'rye bread[2J'
    """
    plain = _CONTROL.sub("", re.sub(r"[\s\u2028\u2029]+", " ", text)).strip()
    return plain if width is None or len(plain) <= width else plain[: width - 1].rstrip() + "…"


def json_text(value: Any, indent: int | None = None) -> str:
    """A value as JSON, in which no control code stands as it is: a terminal acts on more of them than JSON escapes.

    >>> print(json_text("rye\\x9b"))
    "rye\\u009b"
    """
    return json.dumps(value, ensure_ascii=False, indent=indent).translate(_ESCAPED)


def attributes(value: Any, names: str) -> dict[str, Any]:
    """The attributes of an object by their names, which are one text with spaces between.

    >>> attributes(complex(1, 2), "imag real")
    {'imag': 2.0, 'real': 1.0}
    """
    return {name: getattr(value, name) for name in names.split()}


def markdown(text: str, width: int | None = None) -> str:
    """Text on one line in which nothing is Markdown or HTML.

    >>> markdown("#baking <b>|</b>")
    '\\\\#baking \\\\<b\\\\>\\\\|\\\\</b\\\\>'
    """
    return escape_markdown(one_line(text, width))


def escape_markdown(text: str) -> str:
    """A text of one line in which nothing is Markdown or HTML."""
    return _MARKDOWN.sub(r"\\\1", text)
