"""init: what a repository needs for its content calendar to be linted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

from tiktok_coach.cli.options import argument, option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

FILES = {
    "tiktok-coach.yaml": "tiktok-coach.yaml",
    "plan.yaml": "plans/plan.yaml",
    "workflow.yaml": ".github/workflows/content-calendar.yaml",
    "pre-commit.yaml": ".pre-commit-config.yaml",
}
SCHEMAS = ("plan", "config")


@takes("folder", "timezone", "today", ...)
def init(
    request: Request,
    folder: Path = argument(Path(), "DIR", "Folder to write to: the top of a repository."),
    timezone: str = option("Europe/Copenhagen", "IANA timezone of the account."),
    force: bool = option(False, "Replace files that are there.", "--force"),
) -> None:
    """Set up a folder for planned posts: config, plan, workflow.

    \b
    Examples:
      tiktok-coach init
      tiktok-coach init calendar --timezone America/New_York

    It writes a commented config, a sample plan, a GitHub workflow and a pre-commit entry. Files that are there are \
    left alone.
    """
    from importlib.resources import files
    from string import Template

    from tiktok_coach.cli.schema import schema_text
    from tiktok_coach.io.dates.parse import parse_timezone

    parse_timezone(timezone)
    if folder.exists() and not folder.is_dir():
        raise CoachError(_("is a file"), where=str(folder), hint=_("name a folder"))
    day = request["today"] or dt.datetime.now(dt.UTC).date()
    days = {n: (day + dt.timedelta(days=k)).isoformat() for k, n in ((7, "first"), (8, "second"), (9, "third"))}
    starter = files("tiktok_coach") / "starter"
    texts = {
        target: Template((starter / source).read_text("utf-8")).substitute(days, timezone=timezone)
        for source, target in FILES.items()
    }
    texts |= {f".tiktok-coach/{kind}.schema.json": schema_text(kind) for kind in SCHEMAS}
    for target, text in texts.items():
        path = folder / target
        if path.exists() and not force:
            typer.echo(_("kept   {path}: it is there already", path=path))
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
        typer.echo(_("wrote  {path}", path=path))
    typer.echo(_("Now try: tiktok-coach lint plans"), err=True)
