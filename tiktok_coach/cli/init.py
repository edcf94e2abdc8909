"""init: what a repository needs for its content calendar to be linted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

from tiktok_coach.cli.options import argument, option, shell_text, takes
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
# Where a repository says what its workflow is to install, in place of a folder of this machine.
BY_VARIABLE = (
    "if: vars.TIKTOK_COACH != ''   # a variable of the repository: what pip is to install, such as git+https://...\n"
    '    env: {TIKTOK_COACH: "${{ vars.TIKTOK_COACH }}"}'
)


@takes("folder", "timezone", "today", ...)
def init(
    request: Request,
    folder: Path = argument(Path(), "DIR", "Folder to write to: the top of a repository."),
    timezone: str | None = option(None, "IANA timezone of the account; else that of this computer."),
    force: bool = option(False, "Replace files that you changed, too.", "--force"),
) -> None:
    """Set up a folder for planned posts: config, plan, workflow.

    \b
    Examples:
      tiktok-coach init
      tiktok-coach init calendar --timezone America/New_York

    It writes a commented config, a plan with samples in comments, a GitHub workflow and a pre-commit entry. Files of \
    yours are left alone.
    """
    from importlib.resources import files
    from string import Template

    from tiktok_coach.analysis.start import local_zone
    from tiktok_coach.cli.schema import schema_text
    from tiktok_coach.core.timezones import parse_timezone
    from tiktok_coach.render.output import write_pieces
    from tiktok_coach.render.written import is_as_written

    if timezone is not None:
        timezone = parse_timezone(timezone).key
    if folder.exists() and not folder.is_dir():
        raise CoachError(_("is a file"), where=str(folder), hint=_("name a folder"))
    day = request["today"] or dt.datetime.now(dt.UTC).date()
    terms = {n: (day + dt.timedelta(days=k)).isoformat() for k, n in ((7, "first"), (8, "second"), (9, "third"))}
    terms["timezone"] = timezone or local_zone() or ""
    requirement = installed_from()
    terms["source"] = f'env: {{TIKTOK_COACH: "{requirement}"}}' if requirement else BY_VARIABLE
    starter = files("tiktok_coach") / "starter"
    texts = {
        target: Template((starter / source).read_text("utf-8")).substitute(terms) for source, target in FILES.items()
    }
    texts |= {f".tiktok-coach/{kind}.schema.json": schema_text(kind) for kind in SCHEMAS}
    for target, text in texts.items():
        path = folder / target
        if path.exists() and not force and not (is_as_written(path) and path.read_text("utf-8") != text):
            typer.echo(_("kept   {path}: it is there already", path=path))
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        write_pieces([text], path)
        typer.echo(_("wrote  {path}", path=path))
    if requirement is None:
        typer.echo(_("The workflow runs once the repository's variable TIKTOK_COACH says what pip installs."), err=True)
    typer.echo(_("Now try: tiktok-coach lint {plans}", plans=shell_text([folder / "plans"])), err=True)


def installed_from() -> str | None:
    """What pip installs this tool by on any machine, as this one did: a version of the index, or a commit.

    None where it came from a folder of this machine.
    """
    import json
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        own = distribution("tiktok-coach")
    except PackageNotFoundError:
        return None
    origin = json.loads(own.read_text("direct_url.json") or "{}")
    if not origin:
        return f"tiktok-coach=={own.version}"
    if vcs := origin.get("vcs_info"):
        return f"tiktok-coach @ {vcs['vcs']}+{origin['url']}@{vcs['commit_id']}"
    return None if origin["url"].startswith("file:") else f"tiktok-coach @ {origin['url']}"
