"""columns: how each column of a sheet is understood."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.shared_options import Request, takes

FILES = (
    list[Path],
    typer.Argument(..., metavar="FILE", help="Sheets: CSV, TSV, XLSX, JSON or Parquet.", show_default=False),
)
FORMATS = ("rich", "json", "yaml")


@takes("files", ..., "output_file", "column", "config", "no_progress", more={"files": FILES})
def columns(
    request: Request,
    output_format: Annotated[
        str,
        opt.output_option(
            metavar="|".join(FORMATS), help="How to show the result; yaml is the columns: block of a config alone."
        ),
    ] = "rich",
) -> None:
    """Show which fact each column of a sheet is taken for, how surely and why, and what is left.

    \b
    Examples:
      tiktok-coach columns posts.xlsx
      tiktok-coach columns posts.csv --column views=visninger
      tiktok-coach columns posts.csv --output-format yaml >> tiktok-coach.yaml

    Columns are told by their names, in many languages, and proven by the values under them. Where two are equally \
    likely, --column or
    `columns:` in the config settles it.
    """
    from tiktok_coach.analysis import columns as study
    from tiktok_coach.render.columns import block, columns_json, columns_page
    from tiktok_coach.render.output import write_pages, write_pieces

    opt.one_of(output_format, FORMATS, "--output-format")
    with request.reading() as progress:
        result = study.columns(request.analysis(), progress)
    output_file = request["output_file"]
    if output_format == "json":
        write_pieces([columns_json(result)], output_file)
    elif output_format == "yaml":
        write_pieces([block(result)], output_file)
    else:
        write_pages([columns_page(result)], output_format, output_file)
