"""convert: any mix of exports as the one table of posts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tiktok_coach.cli.options import NOTICES, READ, SHOW, Paths, argument, format_of, option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    import pandas as pd

    from tiktok_coach.core.notices import Notice


FORMATS = ("csv", "json", "parquet")
# It writes what it reads, and keeps nothing of it.
OF_FILES = tuple(name for name in READ if name != "no_cache")


@takes("inputs", *SHOW, ..., *OF_FILES, "config", *NOTICES, formats=FORMATS)
def convert(
    request: Request,
    inputs: Paths = argument(None, "EXPORT", "Exports, as for audit."),
    partition_by: str | None = option(
        None,
        "Write a dataset of Parquet instead, a folder for each account: what `fleet` reads. -o names its folder.",
        choices=("account",),
    ),
    snapshots: bool = option(
        False, "Write every dated measurement of every post instead, to see growth.", "--snapshots"
    ),
    retention: Path | None = option(
        None,
        "Write who still watches, a row a post and second, to this file; from what TikTok Studio's own pages show.",
        metavar="FILE.csv|.parquet|.json",
    ),
    list_columns: bool = option(False, "List the columns of the table, with their meaning.", "--columns"),
) -> None:
    """Write exports as one table, a row a post.

    \b
    Examples:
      tiktok-coach convert exports/ -o posts.csv
      tiktok-coach convert old.zip new.zip --snapshots -o growth.csv
      tiktok-coach convert studio.har --retention retention.csv
      tiktok-coach convert everything.parquet --partition-by account -o dataset
      tiktok-coach convert --columns

    With --partition-by, large Parquet tables are split by account first, to save memory.

    Ids stay texts, times are ISO in UTC, and a post whose hour is not known has a bare date. The file reads back \
    without loss.

    The columns are the same whatever the exports came from.
    """
    if list_columns:
        _list_columns()
        return
    from tiktok_coach.analysis import convert as study
    from tiktok_coach.render import table as writers
    from tiktok_coach.render.output import write_pieces

    output, output_format = request["output_file"], request["output_format"]
    if not inputs:
        raise CoachError(_("name at least one export"), hint="tiktok-coach convert EXPORT -o posts.csv")
    if partition_by is not None and output is None:
        raise CoachError(_("--partition-by writes a folder"), hint=_("name it with -o DIR"))
    if output is None and output_format == "parquet":
        raise CoachError(_("--format parquet needs a file"), hint=_("name it with -o posts.parquet"))
    curves_format = "csv" if retention is None else format_of(retention, FORMATS)
    request.require_replaceable(retention)
    if partition_by is not None and output is not None:
        curves = _write_dataset(request, output, snapshots=snapshots)
    else:
        with request.reading() as progress:
            export = study.convert(request.analysis(), progress)
        request.say(export.all_notices)
        curves = export.retention
        table = writers.table_of(export, snapshots=snapshots)
        if output is not None:
            writers.write(table, output, output_format)
        elif retention is None:
            write_pieces([writers.to_json(table) if output_format == "json" else writers.to_csv(table)], None)
    if retention is not None:
        if curves is None or not len(curves):
            raise CoachError(
                _("no file has a retention curve"), hint=_("`tiktok-coach capture guide` says how to save some")
            )
        writers.write(curves, retention, curves_format)


def _list_columns() -> None:
    from tiktok_coach.core.schema import SCHEMA

    for spec in SCHEMA:
        unit = f" [{spec.unit}]" if spec.unit else ""
        choices = f" ({', '.join(spec.choices)})" if spec.choices else ""
        typer.echo(f"{spec.name:22} {spec.kind:7} {_(spec.meaning)}{unit}{choices}")


def _write_dataset(request: Request, output: Path, *, snapshots: bool) -> pd.DataFrame | None:
    """Write a folder for each account, and return the retention curves. Each notice is shown once."""
    from tempfile import TemporaryDirectory

    from tiktok_coach.analysis.convert import convert_in_parts
    from tiktok_coach.render.output import atomic_folder
    from tiktok_coach.render.table import table_of, write_parts

    notices: dict[Notice, None] = {}
    curves = None
    with (
        atomic_folder(output) as folder,
        TemporaryDirectory(dir=folder.parent, prefix=f"{folder.name}.") as parts,
        request.reading() as progress,
    ):
        for export in convert_in_parts(request.analysis(), Path(parts), progress):
            notices |= dict.fromkeys(export.all_notices)
            # Tables that are parted hold no curves, so that these are of everything.
            curves = export.retention
            write_parts(table_of(export, snapshots=snapshots), folder)
    request.say(list(notices))
    return curves
