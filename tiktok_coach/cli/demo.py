"""demo: writes the bundled fictional account's export."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from tiktok_coach.cli.options import option, shell_text
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _


def demo(
    folder: Path = typer.Argument(..., metavar="DIR", help="Folder to write to; it is made if it is not there."),
    seed: int = option(7, "Seed of the generator; the same seed writes the same bytes."),
    videos: bool = option(False, "Make videos of some posts too, to measure; needs the extra `media`.", "--videos"),
    force: bool = option(False, "Write into a folder that has files in it already.", "--force"),
) -> None:
    """Write an example export: a bakery and its year of posts.

    \b
    Examples:
      tiktok-coach demo bakery
      tiktok-coach audit bakery
      tiktok-coach demo bakery --videos
      tiktok-coach audit bakery --media bakery/videos

    The bakery is fictional and Danish; every command can be tried on it.
    """
    from tiktok_coach.demo.bakery import write_bakery

    if folder.exists() and not folder.is_dir():
        raise CoachError(_("is a file"), where=str(folder), hint=_("name a folder"))
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise CoachError(
            _("the folder has files in it already"), where=str(folder), hint=_("name another, or add --force")
        )
    if videos:
        from tiktok_coach.media.probe import require_media

        require_media()
    # Elsewhere first, so that who stops it finds no half of it.
    with TemporaryDirectory() as elsewhere:
        made = Path(elsewhere, "bakery")
        paths = write_bakery(made, seed)
        if videos:
            import numpy as np

            from tiktok_coach.demo.clips import write_clips
            from tiktok_coach.demo.simulation import simulate

            typer.echo(_("Making videos …"), err=True)
            paths += write_clips(made / "videos", simulate(np.random.default_rng(seed)), seed)
        shutil.copytree(made, folder, dirs_exist_ok=True)
    for path in paths:
        typer.echo(str(folder / path.relative_to(made)))
    typer.echo(_("Now try: tiktok-coach audit {folder}", folder=shell_text([folder])), err=True)
