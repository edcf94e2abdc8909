"""Shows a report on a terminal or as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from tiktok_coach.core.translation import N_, _, format_value
from tiktok_coach.render.escaping import escape_markdown, markdown, one_line
from tiktok_coach.render.pages.page import Block, ByMedium, Facts, Inline, Medium, Page, Step, Steps, Table, Words

# Columns go before the words of the last one are cut to fewer characters than these; and so many are shown even where
# there is no room.
ENOUGH, LEAST = 30, 8
# Of an example's name so many characters are shown.
EXAMPLE, MARKDOWN_EXAMPLE = 46, 60
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
    if title := _styled(page.title, "bold"):
        console.print(title)
    for part in _blocks(page, "terminal"):
        if not (isinstance(part, Words) and console.width < part.needs):
            for renderable in _renderables(part, console.width):
                console.print(renderable, crop=False)


def _blocks(page: Page, medium: Medium) -> Iterator[Block]:
    """The parts that a medium shows."""
    blocks = (Words(part) if isinstance(part, str) else part for part in page.parts)
    return (block for block in blocks if block.only in (None, medium))


def _renderables(part: Block, width: int) -> Iterator[RenderableType]:
    """What is printed of a part, one below the other."""
    if isinstance(part, Words):
        text = _styled(part.text, "dim" if part.faint else "")
        yield text if part.tight else Padding(text, (0, 0, 1, 0))
        return
    if isinstance(part, Table):
        yield _grid(part, width)
        return
    if title := _styled(part.title, "bold"):
        yield title
    if isinstance(part, Facts):
        grid = Grid(box=None, show_header=False, padding=(0, 2, 0, 0))
        for row in part.rows:
            grid.add_row(*map(_styled, row))
        yield grid if part.tight else Padding(grid, (0 if title else 1, 0, 1, 2))
    elif isinstance(part, Steps):
        yield from (_step(number, step) for number, step in enumerate(part.steps, 1))
        if not part.steps:
            yield Text(part.nothing)
    else:
        if callable(part.lines):
            yield from part.lines(width)
        else:
            yield from (Text(line.rstrip(), no_wrap=True, overflow="ellipsis") for line in part.lines)
        if not part.tight:
            yield ""


def _step(number: int, step: Step) -> Group:
    examples = Grid.grid(padding=(0, 2, 0, 0))
    examples.add_column(max_width=EXAMPLE, no_wrap=True, overflow="ellipsis", style="cyan")
    examples.add_column(ratio=1)
    for name, message in step.examples:
        examples.add_row(Text(f"• {one_line(name)}"), Text(one_line(message)))
    source = [] if step.source is None else [_styled(step.source, "dim")]
    below = Group(*map(_styled, step.words), examples, *source)
    return Group(Text(f"{number}. ") + _styled(step.heading), Padding(below, (0, 0, 1, 3)))


def _grid(table: Table, width: int) -> Grid:
    grid = Grid(
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        title=_styled(table.title, "bold") or None,
        title_justify="left",
        expand=any(column.fills for column in table.columns),
    )
    cells = [list(map(_styled, row)) for row in table.rows]
    widths = _fit_columns(table, cells, width)
    for place, wide in widths.items():
        column = table.columns[place]
        grid.add_column(
            _(column.head),
            justify="left" if column.is_text else "right",
            no_wrap=not column.wraps,
            overflow="fold" if column.wraps else "ellipsis",
            ratio=1 if column.fills else None,
            width=wide,
            min_width=column.least or None,
        )
    for number, row in enumerate(cells, 1):
        if table.total and number == len(cells):
            grid.add_section()
        grid.add_row(*(row[place] for place in widths))
    return grid


def _fit_columns(table: Table, cells: list[list[Text]], width: int) -> dict[int, int | None]:
    """How wide each column is that a terminal so wide shows, by their places; None where that is left to Rich.

    Columns that the table can do without go first; then words give way, those of the last column before the others;
    numbers stay whole.
    """
    shown = {n: c for n, c in enumerate(table.columns) if width >= c.needs and c.only != "markdown"}
    if any(column.fills or column.wraps for column in table.columns):
        return dict.fromkeys(shown)
    widths = {
        place: max([*map(cell_len, _(column.head).split("\n")), column.least, *(row[place].cell_len for row in cells)])
        for place, column in shown.items()
    }

    def overflow() -> int:
        # Two characters beside each column, and the edge.
        return sum(widths.values()) + 2 * len(widths) + 1 - width

    words = [place for place in reversed(shown) if shown[place].is_text and not shown[place].is_chart]
    spare = max(widths[words[0]] - ENOUGH, 0) if words else 0
    for place in reversed(shown):
        if shown[place].needs and overflow() > spare:
            del widths[place]
    for place in words:
        if place in widths and widths[place] > LEAST:
            widths[place] = max(widths[place] - max(overflow(), 0), LEAST)
    return dict(widths)


def _styled(value: Inline, style: str = "") -> Text:
    """What a terminal shows of a text."""
    if isinstance(value, ByMedium):
        value = value.terminal
    if isinstance(value, Text):
        return value
    if isinstance(value, int):
        return Text(format_value(value, ","), style=style)
    known = value in STYLES
    # A picture is all spaces where it shows nothing.
    text = one_line(_(value) if known else value) if value.strip() else value
    return Text(text, style=STYLES[value] if known else style)


def pages_markdown(pages: Iterable[Page]) -> Iterator[str]:
    """Reports as pieces of one Markdown text."""
    for place, page in enumerate(pages):
        if place:
            yield "\n"
        yield from page_markdown(page)


def page_markdown(page: Page) -> Iterator[str]:
    """A report as pieces of one Markdown text."""
    if title := in_markdown(page.title):
        yield f"# {title}\n"
    for part in _blocks(page, "markdown"):
        yield from _markdown_part(part)


def _markdown_part(part: Block) -> Iterator[str]:
    if isinstance(part, Words):
        yield f"\n{in_markdown(part.text)}\n"
        return
    if title := in_markdown(part.title):
        yield f"\n## {title}\n"
    if isinstance(part, Table):
        yield from _markdown_table(part)
    elif isinstance(part, Facts):
        yield "\n" + "".join(f"- {markdown(item)}\n" for item in part.items)
    elif isinstance(part, Steps):
        yield "\n" if part.steps else f"\n{markdown(part.nothing)}\n"
        for number, step in enumerate(part.steps, 1):
            yield f"{number}. {step.heading.markdown}\n"
            yield from (f"   {in_markdown(words)}\n" for words in step.words)
            yield from (f"   - {markdown(name, MARKDOWN_EXAMPLE)}: {markdown(text)}\n" for name, text in step.examples)
            yield f"   - {in_markdown(step.source)}\n" if step.source is not None else ""
    elif not callable(part.lines):
        # Nothing that a picture holds can close the fence: it has no line of its own from a file.
        yield "\n```text\n" + "".join(f"{line.rstrip()}\n" for line in part.lines) + "```\n"


def _markdown_table(table: Table) -> Iterator[str]:
    places = [place for place, column in enumerate(table.columns) if not (column.is_chart or column.only == "terminal")]
    columns = [table.columns[place] for place in places]
    yield "\n| " + " | ".join(markdown(_(column.head)) for column in columns) + " |\n"
    yield "| " + " | ".join("---" if column.is_text else "---:" for column in columns) + " |\n"
    for row in table.rows:
        cells = (in_markdown(row[place], table.columns[place].cut) for place in places)
        yield "| " + " | ".join(cells) + " |\n"


def in_markdown(value: Inline, width: int | None = None) -> str:
    """What Markdown shows of a text, cut to `width` characters."""
    if isinstance(value, ByMedium):
        value = value.markdown
    if isinstance(value, Text):
        return escape_markdown(value.plain)
    if isinstance(value, int):
        return str(value)
    return markdown(_(value) if value in STYLES else value, width)
