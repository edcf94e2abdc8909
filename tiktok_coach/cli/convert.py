"""convert: any mix of exports as the one table of posts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tiktok_coach.cli.options import NOTICES, READ, Paths, argument, output_option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from tiktok_coach.core.notices import Notice


# It writes what it reads, and keeps nothing of it.
OF_FILES = tuple(name for name in READ if name != "no_cache")


@takes(..., *OF_FILES, "config", *NOTICES)
def convert(
    request: Request,
    inputs: Paths = argument(None, "EXPORT", "Exports, as for audit."),
    output: Path | None = output_option(
        None, "File to write; CSV goes to stdout without it.", "--output", "-o", metavar="posts.csv|.parquet|.json"
    ),
    partition_by: str | None = output_option(
        None,
        "Write a dataset of Parquet instead, a folder for each account: what `fleet` reads. -o names its folder.",
        choices=("account",),
    ),
    snapshots: bool = output_option(
        False, "Write every dated measurement of every post instead, to see growth.", "--snapshots"
    ),
    retention: Path | None = output_option(
        None,
        "Write who still watches, a row a post and second, to this file; from what TikTok Studio's own pages show.",
        metavar="FILE.csv|.parquet|.json",
    ),
    list_columns: bool = output_option(
        False, "List the columns of the table, with their meaning, and leave.", "--columns"
    ),
) -> None:
    """Write exports as one table of posts: a row a post, the same columns whatever they came from.

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
    """
    if list_columns:
        _list_columns()
        return
    from tiktok_coach.analysis import convert as study
    from tiktok_coach.render import table as writers
    from tiktok_coach.render.output import write_pieces

    if not inputs:
        raise CoachError(_("name at least one export"), hint="tiktok-coach convert EXPORT -o posts.csv")
    if partition_by is not None and output is None:
        raise CoachError(_("--partition-by writes a folder"), hint=_("name it with -o DIR"))
    for path in (None if partition_by else output, retention):
        _require_format(path, writers.WRITERS)
    if partition_by is not None and output is not None:
        curves = _write_dataset(request, output, snapshots=snapshots)
    else:
        with request.reading() as progress:
            export = study.convert(request.analysis(), progress)
        request.say(export.all_notices)
        curves = export.retention
        table = writers.table_of(export, snapshots=snapshots)
        if output is not None:
            writers.write(table, output)
        elif retention is None:
            write_pieces([writers.to_csv(table)], None)
    if retention is not None:
        if curves is None or not len(curves):
            raise CoachError(
                _("no file has a retention curve"), hint=_("`tiktok-coach capture guide` says how to save some")
            )
        writers.write(curves, retention)


def _require_format(path: Path | None, endings: Iterable[str]) -> None:
    if path is not None and path.suffix.lower() not in endings:
        hint = _("end the name in {names}", names=", ".join(endings))
        raise CoachError(_("the format is not known from the ending"), where=str(path), hint=hint)


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
