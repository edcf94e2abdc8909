"""The parts of a report, whatever it is shown on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """A paragraph; a faint one says how to read what stands above it."""

    text: str
    faint: bool = False


@dataclass(frozen=True)
class Table:
    """A table; its heads are marked for the catalogue and said where it is shown; of the heads in `left` the cells stand to the left. `narrow` names the columns that a terminal of 80 characters leaves out,
    `drawn` those of pictures, which Markdown leaves out.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: frozenset[str] = frozenset()
    narrow: frozenset[str] = frozenset()
    drawn: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Picture:
    """Lines of characters that stand as they are, no wider than 78."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Page:
    """A report: its title and its parts in order."""

    title: str
    parts: Sequence[Words | Table | Picture]
