"""columns: how each column of a sheet is understood."""

from __future__ import annotations

from pathlib import Path

from tiktok_coach.cli.options import Shared, argument, output_option, takes
from tiktok_coach.cli.request import Request


class Sheets(Shared):
    """What the command reads."""

    inputs: list[Path] = argument(..., "FILE", "Sheets: CSV, TSV, XLSX, XLS, ODS, JSON or Parquet.")
    output_format: str = output_option(
        "rich",
        "How to show the result; yaml is the columns: block of a config alone.",
        choices=("rich", "json", "yaml"),
    )


@takes("inputs", "output_format", "output_file", "columns", "config", "no_progress", shared=Sheets)
def columns(request: Request) -> None:
    """Show how each column of a sheet is read, how sure that is and why, and what is left out.

    \b
    Examples:
      tiktok-coach columns posts.xlsx
      tiktok-coach columns posts.csv --column views=visninger
      tiktok-coach columns posts.csv --output-format yaml >> tiktok-coach.yaml

    Columns are recognised by their names, in many languages, and checked by their values. Where two are equally \
    likely, --column or
    `columns:` in the config settles it.
    """
    from tiktok_coach.analysis import columns as study
    from tiktok_coach.render.columns import block, columns_json, columns_page

    with request.reading() as progress:
        result = study.columns(request.analysis(), progress)
    request.show(result, (), page=columns_page, json=lambda one: [columns_json(one)], yaml=lambda one: [block(one)])
