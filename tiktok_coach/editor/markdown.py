"""Texts as an editor shows them in a box: Markdown, in which nothing that a plan says is a link, a picture or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tiktok_coach.render.escaping import escape_markdown, one_line

# What editors make links of without any mark.
_AUTOLINK = re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*):(?=\S)|\b(www)\.")
# A line that ends so breaks, where the next would else follow on it.
BREAK = "  \n"
# Between the parts of a box.
RULE = "\n\n---\n\n"


def plain(text: str) -> str:
    """A text of any origin on one line, as it stands.

    >>> plain("see [this](https://example.org) & <b>")
    'see \\\\[this\\\\](https&#58;//example.org) &amp; \\\\<b\\\\>'
    """
    escaped = escape_markdown(one_line(text).replace("&", "&amp;"))
    return _AUTOLINK.sub(lambda match: f"{match[1]}&#58;" if match[1] else f"{match[2]}&#46;", escaped)


def code(text: str) -> str:
    """A text of any origin as code, in which nothing is Markdown.

    >>> code("#rye"), code("a `b` c")
    ('`#rye`', '`` a `b` c ``')
    """
    line = one_line(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    return f"{fence}{line}{fence}" if len(fence) == 1 else f"{fence} {line} {fence}"


def lines(parts: Iterable[str]) -> str:
    """Lines one below the other, without empty ones."""
    return BREAK.join(filter(None, parts))


def markup(value: str) -> dict[str, Any]:
    """Markdown as the protocol writes it."""
    return {"kind": "markdown", "value": value}
