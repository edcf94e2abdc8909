"""How one value was read, and what counts as a question or as a word on it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.generated.draw import Draw
from tiktok_coach.core.notices import Notice

OUTCOMES = ("right", "asked", "left", "wrong")


@dataclass(frozen=True)
class Verdict:
    """How one value, or one row, was read: its outcome, the kinds of difficulty that it stands for, and why."""

    outcome: str
    kinds: frozenset[str]
    why: str = ""


def is_a_question(draw: Draw, text: str) -> bool:
    """Whether an error says what is in doubt or lacking: a heading, a cell, an option that settles it."""
    names = {c.heading.strip() for c in draw.columns} | {
        str(v)[:60] for row in draw.rows for v in row.cells.values() if v
    }
    quoted = {text.strip() for text in re.findall(r"['\"]([^'\"]+)['\"]", text)}
    if re.search("--(date-order|timezone|language|column) ", text):
        return True
    return not quoted.isdisjoint(names) or any(name in text for name in names if len(name) > 4)


def kinds_of(draw: Draw, fact: str) -> frozenset[str]:
    """The kinds of difficulty of a fact in a draw."""
    return frozenset({*draw.kinds, *(c.kind for c in draw.columns if c.fact == fact)} - {"plain"}) | {fact}


def names_heading(notices: Iterable[Notice], heading: str) -> bool:
    """Whether a notice says something of a heading, apart from where a fact is from."""
    plain = heading.strip()
    is_origin = re.compile(rf"\b\w+ (?:from|is|fra) {re.escape(repr(plain))}")
    return any(plain in is_origin.sub("", notice.text) for notice in notices)
