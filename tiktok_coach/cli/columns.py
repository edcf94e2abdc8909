"""columns: how each column of a sheet is understood."""

from __future__ import annotations

from pathlib import Path

from tiktok_coach.cli.options import SHOW, Shared, argument, takes
from tiktok_coach.cli.request import Request


class Sheets(Shared):
    """What the command reads."""

    inputs: list[Path] = argument(..., "FILE", "Sheets: CSV, TSV, XLSX, XLS, ODS, JSON or Parquet.")


@takes("inputs", *SHOW, "columns", "config", "no_progress", formats=("text", "json", "yaml"), shared=Sheets)
def columns(request: Request) -> None:
    """Show how each column of a sheet is read, and why.

    \b
    Examples:
      tiktok-coach columns posts.xlsx
      tiktok-coach columns posts.csv --column views=visninger
      tiktok-coach columns posts.csv --format yaml >> tiktok-coach.yaml

    Columns are recognised by their names, in many languages, and checked by their values. Where two are equally \
    likely, --column or
    `columns:` in the config settles it; --format yaml is that block.
    """
    from tiktok_coach.analysis import columns as study
    from tiktok_coach.render.columns import block, columns_json, columns_page

    with request.reading() as progress:
        result = study.columns(request.analysis(), progress)
    request.show(result, (), page=columns_page, json=lambda one: [columns_json(one)], yaml=lambda one: [block(one)])
