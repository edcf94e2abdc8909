"""demo: writes the bundled fictional account's export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to; it is made if it is not there.")],
    seed: Annotated[int, typer.Option(help="Seed of the generator; the same seed writes the same bytes.")] = 7,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that holds files already.")] = False,
) -> None:
    """Write the export of a fictional Danish bakery: a year of posts, to try every command on.

    \b
    Examples:
      tiktok-coach demo bakery
      tiktok-coach audit bakery
    """
    from tiktok_coach.demo.bakery import write_bakery
    from tiktok_coach.errors import CoachError

    if folder.exists() and not folder.is_dir():
        raise CoachError("is a file", where=str(folder), hint="name a folder")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise CoachError("the folder holds files already", where=str(folder), hint="name another, or add --force")
    written = write_bakery(folder, seed)
    for path in written:
        typer.echo(str(path))
    typer.echo(f"Now try: tiktok-coach audit {folder}", err=True)
