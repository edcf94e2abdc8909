"""Shows a report on a terminal, as Markdown, or its rows as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import pandas as pd
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from tiktok_coach.core.documents.spreadsheets import escape_formulas
from tiktok_coach.core.translation import N_, _
from tiktok_coach.render.escaping import markdown, one_line
from tiktok_coach.render.pages.page import Page, Picture, Table, Words

# Below this width the columns that a table can do without are left out.
WIDE = 100
# Columns go before the words of the last one are cut to fewer characters than these; and so many are shown even where there is no room.
ENOUGH, LEAST = 20, 8
# Words of a cell, as the data has them, that are shown in the language that is spoken.
STYLES = {
    N_("helps"): "green",
    N_("hurts"): "red",
    N_("not enough data"): "dim",
    N_("no clear effect"): "",
    N_("yes"): "green",
    N_("no"): "dim",
    N_("follow"): "",
    N_("leave"): "",
}


def print_page(page: Page, console: Console) -> None:
    """Print a report."""
    console.print(Text(one_line(page.title), style="bold"))
    for part in page.parts:
        if isinstance(part, Words):
            console.print(Padding(Text(one_line(part.text), style="dim" if part.faint else ""), (0, 0, 1, 0)))
        elif isinstance(part, Picture):
            console.print(Text(one_line(part.title), style="bold"))
            for line in part.lines:
                console.print(Text(line.rstrip()), no_wrap=True, overflow="ellipsis")
            console.print()
        else:
            console.print(_grid(part, console.width))


def _grid(table: Table, width: int) -> Grid:
    grid = Grid(
        box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title=table.title or None, title_justify="left", title_style="bold"
    )
    kept = _fitting(table, width)
    for place, wide in kept.items():
        name = table.head[place]
        side: Literal["left", "right"] = "left" if name in table.left else "right"
        grid.add_column(_(name), justify=side, no_wrap=True, overflow="ellipsis", width=wide)
    for row in table.rows:
        grid.add_row(
            *(
                Text(
                    one_line(_cell(row[place])) if row[place].strip() else row[place], style=STYLES.get(row[place], "")
                )
                for place in kept
            )
        )
    return grid


def _fitting(table: Table, width: int) -> dict[int, int]:
    """The columns that are shown in so wide a terminal, by their places, and how wide each is: first those go that the table can do without, then words give
    way, those of the last column before the others; numbers stay whole.
    """
    widths = {
        place: max([cell_len(_(name)), *(cell_len(_cell(row[place])) for row in table.rows)])
        for place, name in enumerate(table.head)
        if width >= WIDE or name not in table.narrow
    }

    def beyond() -> int:
        # Two characters beside each column, and the edge.
        return sum(widths.values()) + 2 * len(widths) + 1 - width

    words = [place for place in reversed(widths) if table.head[place] in table.left - table.drawn]
    spare = max(widths[words[0]] - ENOUGH, 0) if words else 0
    for place in sorted(widths, reverse=True):
        if table.head[place] in table.narrow and beyond() > spare:
            del widths[place]
    for place in words:
        if place in widths and widths[place] > LEAST:
            widths[place] = max(widths[place] - max(beyond(), 0), LEAST)
    return widths


def _cell(word: str) -> str:
    return _(word) if word in STYLES else word


def page_markdown(page: Page) -> Iterator[str]:
    """A report as pieces of one Markdown text."""
    yield f"# {markdown(page.title)}\n"
    for part in page.parts:
        if isinstance(part, Words):
            yield f"\n{markdown(part.text)}\n"
        elif isinstance(part, Picture):
            # Nothing that a picture holds can close the fence: it has no line of its own from a file.
            yield (
                f"\n## {markdown(part.title)}\n\n```text\n"
                + "".join(f"{line.rstrip()}\n" for line in part.lines)
                + "```\n"
            )
        else:
            if part.title:
                yield f"\n## {markdown(part.title)}\n"
            kept = [place for place, name in enumerate(part.head) if name not in part.drawn]
            yield "\n| " + " | ".join(markdown(_(part.head[place])) for place in kept) + " |\n"
            yield "| " + " | ".join("---" if part.head[place] in part.left else "---:" for place in kept) + " |\n"
            for row in part.rows:
                yield "| " + " | ".join(markdown(_cell(row[place])) for place in kept) + " |\n"


def rows_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Rows as CSV: an interval in two columns, `..._low` and `..._high`; a text that a spreadsheet would take for a formula stands behind an
    apostrophe.
    """
    held = list(rows)
    cells: dict[str, list[Any]] = {}
    for name in columns:
        values = [row.get(name) for row in held]
        if name.endswith("interval"):
            stem = name.removesuffix("interval")
            cells[f"{stem}low"], cells[f"{stem}high"] = (
                [None if v is None else v[end] for v in values] for end in (0, 1)
            )
        else:
            cells[name] = [str(v).lower() if isinstance(v, bool) else v for v in values]
    table = pd.DataFrame({name: pd.Series(values, dtype="object") for name, values in cells.items()})
    for name in table.columns:
        texts = table[name].map(lambda value: isinstance(value, str))
        if texts.any():
            table.loc[texts, name] = escape_formulas(table.loc[texts, name].astype("str")).astype("object")
    yield str(table.to_csv(index=False, lineterminator="\n"))
