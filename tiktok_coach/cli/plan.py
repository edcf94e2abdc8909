"""plan: drafts of content calendars."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

from tiktok_coach.cli.options import Paths, day_option, hours_of, inputs_option, option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.cli.translation import Command, Group
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

plan = typer.Typer(cls=Group, no_args_is_help=True, help="Draft a content calendar.")


@plan.command(cls=Command)
@takes(..., "timezone", "today", "columns", "strict", "config", "no_progress")
def new(
    request: Request,
    slots: int = option(7, "How many slots to draft.", min=1, max=1000),
    history: Paths = inputs_option(
        None,
        "Exports that show good hours: posts with hour and views, or FollowerActivity. May be given several times.",
    ),
    hours: str | None = option(None, "Hours to use instead (0-23, the account's own time).", metavar="H,H"),
    per_day: int = option(1, "Slots a day; TikTok recommends 1 to 4.", min=1, max=4),
    start: dt.date | None = day_option("First day; tomorrow by default.", "--start"),
    output_file: Path | None = option(
        None, "Write to this file, .yaml or .ics; else the plan goes to stdout.", "--output-file", "-o"
    ),
) -> None:
    """Draft a calendar in good hours, which take turns, as a plan to fill in or as events for a calendar app.

    \b
    Examples:
      tiktok-coach plan new --slots 14 --history exports/
      tiktok-coach plan new --slots 20 --per-day 2 --history exports/ -o plans/december.yaml
      tiktok-coach plan new --hours 18,20 --timezone Europe/Copenhagen -o december.ics
    """
    from tiktok_coach.analysis.draft import draft
    from tiktok_coach.render.draft import as_ics, as_plan
    from tiktok_coach.render.output import write_pieces

    if output_file is not None and output_file.suffix.lower() not in {".yaml", ".yml", ".ics"}:
        raise CoachError(_("cannot write a calendar"), where=str(output_file), hint=_("end the name in .yaml or .ics"))
    options = request.analysis(inputs=history, history=None)
    with request.reading() as progress:
        calendar = draft(options, count=slots, per_day=per_day, start=start, hours=hours_of(hours), progress=progress)
    if output_file is not None and output_file.suffix.lower() == ".ics":
        stamp = dt.datetime.combine(options.today or options.now.date(), dt.time(), dt.UTC)
        write_pieces([as_ics(calendar, stamp)], output_file)
    else:
        write_pieces([as_plan(calendar)], output_file)
