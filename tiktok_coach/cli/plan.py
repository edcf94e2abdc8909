"""plan: drafts of content calendars."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.shared_options import Request, takes
from tiktok_coach.cli.translation import Command, Group
from tiktok_coach.core.translation import _

plan = typer.Typer(cls=Group, no_args_is_help=True, help="Draft a content calendar.")


@plan.callback()
def _common() -> None:
    """Draft a content calendar."""


@plan.command(cls=Command)
@takes(..., "timezone", "today", "column", "strict", "config", "no_progress")
def new(
    request: Request,
    slots: Annotated[int, typer.Option(min=1, max=1000, help="How many slots to draft.")] = 7,
    history: Annotated[
        list[Path] | None,
        opt.inputs_option(
            help="Exports that tell the audience's hours: FollowerActivity, or posts with hour and views. May "
            "be given several times."
        ),
    ] = None,
    hours: Annotated[
        str | None, typer.Option(metavar="H,H", help="Hours to use instead (0-23, the account's own time).")
    ] = None,
    per_day: Annotated[int, typer.Option(min=1, max=4, help="Slots a day; TikTok recommends 1 to 4.")] = 1,
    start: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="First day; tomorrow by default.")] = None,
    output_file: Annotated[
        Path | None,
        typer.Option("--output-file", "-o", help="Write to this file, .yaml or .ics; else the plan goes to stdout."),
    ] = None,
) -> None:
    """Draft a calendar in the hours in which the audience is most active, as a plan to fill in or as calendar events.

    \b
    Examples:
      tiktok-coach plan new --slots 14 --history exports/
      tiktok-coach plan new --slots 20 --per-day 2 --history exports/ -o plans/december.yaml
      tiktok-coach plan new --hours 18,20 --timezone Europe/Copenhagen -o december.ics
    """
    from tiktok_coach.analysis.draft import draft
    from tiktok_coach.core.errors import CoachError
    from tiktok_coach.io.dates.parse import parse_day
    from tiktok_coach.render.draft import as_ics, as_plan
    from tiktok_coach.render.output import write_pieces

    if output_file is not None and output_file.suffix.lower() not in {".yaml", ".yml", ".ics"}:
        raise CoachError(_("cannot write a calendar"), where=str(output_file), hint=_("end the name in .yaml or .ics"))
    options = request.analysis(inputs=history, history=None)
    with request.reading() as progress:
        calendar = draft(
            options,
            count=slots,
            per_day=per_day,
            start=parse_day(start, "--start") if start else None,
            hours=opt.hours_of(hours) if hours is not None else None,
            progress=progress,
        )
    if output_file is not None and output_file.suffix.lower() == ".ics":
        stamp = dt.datetime.combine(options.today or options.now.date(), dt.time(), dt.UTC)
        write_pieces([as_ics(calendar, stamp)], output_file)
    else:
        write_pieces([as_plan(calendar)], output_file)
