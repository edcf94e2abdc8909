"""How a command shows a result that is a page: on the terminal, as Markdown, JSON or CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiktok_coach.cli import options as opt

if TYPE_CHECKING:
    from tiktok_coach.report.pages.page import Page

FORMATS = ("rich", "json", "markdown", "csv")
OutputFormat = Annotated[
    str, typer.Option(metavar="|".join(FORMATS), help="How to show the result.", rich_help_panel=opt.OUTPUT)
]


def show(
    output_format: str,
    output_file: Path | None,
    *,
    page: Callable[[], Page],
    json: Callable[[], Iterator[str]],
    csv: Callable[[], Iterator[str]],
) -> None:
    """Show a result in one of FORMATS, on stdout or in a file; only what is asked for is made."""
    from tiktok_coach.report.pages.showing import page_markdown, print_page
    from tiktok_coach.report.writing import console_to, write_pieces

    if output_format == "rich":
        with console_to(output_file) as console:
            print_page(page(), console)
    else:
        write_pieces(page_markdown(page()) if output_format == "markdown" else json() if output_format == "json" else csv(), output_file)  # fmt: skip
