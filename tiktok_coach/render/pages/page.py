"""The parts of a report, whatever it is shown on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

from tiktok_coach.core.records import dataclass

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

Medium = Literal["terminal", "markdown"]
# A terminal of at least so many characters shows every column of most tables.
WIDE = 100
SEVERITY_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}


@dataclass(frozen=True)
class ByMedium:
    """A text that a terminal and Markdown say each in its own way; an empty title is left out."""

    terminal: str | Text
    markdown: str | Text


# A text is made harmless where it is shown, but a styled one is already one line without control codes;
# a whole number is grouped on a terminal and plain in Markdown.
Inline: TypeAlias = "str | int | Text | ByMedium"


@dataclass(frozen=True)
class Words:
    """A paragraph; a faint one says how to read what stands above it, after a `tight` one no line is empty, and one
    that `needs` a width is for terminals at least as wide.
    """

    text: Inline
    faint: bool = False
    tight: bool = False
    needs: int = 0
    only: Medium | None = None


def line(text: str, style: str = "", *, needs: int = 0, only: Medium | None = None) -> Words:
    """A line that is shown letter by letter, with the next one right below it."""
    from rich.text import Text

    return Words(Text(text, style=style), tight=True, needs=needs, only=only)


@dataclass(frozen=True)
class Column:
    """A column of a table under a `head` that is marked for the catalogue; the cells of texts stand to the left.

    It is left out on terminals narrower than it `needs`; one that needs any width also goes where the table finds no
    room. It is `least` so wide, and one that `fills` takes what the others leave, its cells ending in an ellipsis;
    cells that it `wraps` are broken into lines. A chart's pictures are left out in Markdown, which shows `cut`
    characters of a cell (None: all). `only` is the one medium that shows it.
    """

    head: str
    is_text: bool = False
    needs: int = 0
    least: int = 0
    fills: bool = False
    wraps: bool = False
    is_chart: bool = False
    cut: int | None = None
    only: Medium | None = None


def columns(*heads: str | Column) -> tuple[Column, ...]:
    """Columns of a table, of which those that are headings alone hold numbers."""
    return tuple(Column(head) if isinstance(head, str) else head for head in heads)


TextColumn = partial(Column, is_text=True)


@dataclass(frozen=True)
class Table:
    """A table, with the last row below a line if it is a `total`."""

    title: Inline
    columns: Sequence[Column]
    rows: Sequence[Sequence[Inline]]
    total: bool = False
    only: Medium | None = None


@dataclass(frozen=True)
class Facts:
    """Rows without headings on a terminal, `tight` ones with no room around them; a list of `items` in Markdown."""

    title: Inline
    rows: Sequence[Sequence[Inline]]
    items: Sequence[str] = ()
    tight: bool = False
    only: Medium | None = None


@dataclass(frozen=True)
class Step:
    """One thing to do: a heading, paragraphs below it, examples with what is wrong in each, and its source if any."""

    heading: ByMedium
    words: Sequence[Inline]
    examples: Sequence[tuple[str, str]] = ()
    source: ByMedium | None = None


@dataclass(frozen=True)
class Steps:
    """Things to do, numbered; where there are none, `nothing` says so."""

    title: str
    steps: Sequence[Step]
    nothing: str
    only: Medium | None = None


@dataclass(frozen=True)
class Picture:
    """Lines of characters as they are, no wider than 78 or made for a width; after `tight` ones no line is empty."""

    title: str
    lines: Sequence[str] | Callable[[int], Iterable[RenderableType]]
    tight: bool = False
    only: Medium | None = None


Block: TypeAlias = Words | Table | Facts | Steps | Picture
# A paragraph may be its text alone.
Part: TypeAlias = Block | str


@dataclass(frozen=True)
class Page:
    """A report: its title and its parts in order."""

    title: Inline
    parts: Sequence[Part]
