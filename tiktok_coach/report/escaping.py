"""Makes text from a file harmless where it is shown: on a terminal, in Markdown."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!$@])")


def one_line(text: str, width: int | None = None) -> str:
    """Text on one line, without control codes or direction overrides, cut to `width` characters.

    >>> one_line("rye\\nbread\\x1b[2J", 12)
    'rye bread[2J'
    """
    plain = _CONTROL.sub("", re.sub(r"[\s\u2028\u2029]+", " ", text)).strip()
    return plain if width is None or len(plain) <= width else plain[: width - 1].rstrip() + "…"


def markdown(text: str, width: int | None = None) -> str:
    """Text on one line in which nothing is Markdown or HTML.

    >>> markdown("#baking <b>|</b>")
    '\\\\#baking \\\\<b\\\\>\\\\|\\\\</b\\\\>'
    """
    return _MARKDOWN.sub(r"\\\1", one_line(text, width))
