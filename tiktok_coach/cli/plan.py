"""plan: drafts of content calendars."""

from __future__ import annotations

import datetime as dt

import typer

from tiktok_coach.cli.options import SHOW, Paths, day_option, hours_of, option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.cli.translation import Command, Group

plan = typer.Typer(cls=Group, no_args_is_help=True, help="Draft a content calendar.")


@plan.command(cls=Command)
@takes(..., *SHOW, "timezone", "today", "columns", "strict", "config", "no_progress", formats=("yaml", "ics"))
def new(
    request: Request,
    slots: int = option(7, "How many slots to draft.", min=1, max=1000),
    history: Paths = option(
        None,
        "Exports that show good hours: posts with hour and views, or FollowerActivity. May be given several times.",
    ),
    hours: str | None = option(None, "Hours to use instead (0-23, the account's own time).", metavar="H,H"),
    per_day: int = option(1, "Slots a day; TikTok recommends 1 to 4.", min=1, max=4),
    start: dt.date | None = day_option("First day; tomorrow by default.", "--start"),
) -> None:
    """Draft a calendar in good hours, which take turns.

    \b
    Examples:
      tiktok-coach plan new --slots 14 --history exports/
      tiktok-coach plan new --slots 20 --per-day 2 --history exports/ -o plans/december.yaml
      tiktok-coach plan new --hours 18,20 --timezone Europe/Copenhagen -o december.ics

    It is a plan to fill in, or events for a calendar app.
    """
    from tiktok_coach.analysis.draft import draft
    from tiktok_coach.render.draft import as_ics, as_plan
    from tiktok_coach.render.output import write_pieces

    options = request.analysis(inputs=history, history=None)
    with request.reading() as progress:
        calendar = draft(options, count=slots, per_day=per_day, start=start, hours=hours_of(hours), progress=progress)
    if request["output_format"] == "ics":
        stamp = dt.datetime.combine(options.today or options.now.date(), dt.time(), dt.UTC)
        text = as_ics(calendar, stamp)
    else:
        text = as_plan(calendar)
    write_pieces([text], request["output_file"])
