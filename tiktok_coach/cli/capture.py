"""capture: what TikTok Studio's pages show, saved by the browser: how to save it, what it holds, and a clean copy."""

from __future__ import annotations

from pathlib import Path

import typer

from tiktok_coach.cli.options import NOTICES, SHOW, Shared, argument, one_of, option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.cli.translation import Command, Group
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

capture = typer.Typer(cls=Group, no_args_is_help=True, help="Use what TikTok Studio's own pages show.")


class Captures(Shared):
    """What the commands on captures share."""

    inputs: list[Path] = argument(..., "FILE", "HAR files, or answers kept as JSON; folders and ZIPs of them.")


@capture.command(cls=Command)
def guide(browser: str = option("chrome", "Whose menus to name.", metavar="chrome|firefox|safari|edge")) -> None:
    """Say how to save what TikTok Studio shows, step by step: which menus, which pages, how far to scroll.

    \b
    Examples:
      tiktok-coach capture guide
      tiktok-coach capture guide --browser firefox
    """
    from tiktok_coach.render import capture_guide as text
    from tiktok_coach.render.output import text_width, write_pieces

    one_of(browser, tuple(text.BROWSERS), "--browser")
    write_pieces([text.guide(browser, text_width())], None)


@capture.command(cls=Command)
@takes("inputs", *SHOW, ..., "today", *NOTICES, formats=("text", "json"), shared=Captures)
def check(request: Request, top: int = option(10, "How many pages to name.", min=1)) -> None:
    """Say what is in captures, and which posts' pages to open next, the most viewed first.

    \b
    Examples:
      tiktok-coach capture check www.tiktok.com.har
      tiktok-coach capture check monday.har tuesday.har --top 30
      tiktok-coach capture check studio.har --json
    """
    from tiktok_coach.analysis import capture as study
    from tiktok_coach.analysis.settings import resolve_settings
    from tiktok_coach.render.capture import check_json, check_page

    options = request.analysis()
    with request.reading() as progress:
        result = study.check_captures(options, progress)
    now = resolve_settings(options).now
    request.show(
        result, result.notices, page=lambda one: check_page(one, now, top=top), json=lambda one: [check_json(one, now)]
    )


@capture.command(cls=Command)
@takes("inputs", ..., "force", "no_progress", shared=Captures)
def clean(
    request: Request,
    output_file: Path = option(..., "The copy to write.", "--output", "-o", metavar="FILE.har", show_default=False),
) -> None:
    """Write a copy with the answers that are read and nothing else: no cookies, tokens, headers, names of others or \
    pictures.

    \b
    Examples:
      tiktok-coach capture clean www.tiktok.com.har -o studio.har

    Reading the copy gives the same tables. Several files become one.
    """
    from tiktok_coach.analysis import capture as study
    from tiktok_coach.render.output import write_pieces

    if output_file.suffix.lower() != ".har":
        raise CoachError(_("cannot write a capture"), where=str(output_file), hint=_("end the name in .har"))
    with request.reading() as progress:
        write_pieces(study.clean(request.analysis(), progress), output_file)


@capture.command(cls=Command)
@takes("inputs", *SHOW, "timezone", "today", "config", "no_progress", formats=("yaml",), shared=Captures)
def plan(request: Request) -> None:
    """Write the posts that are scheduled in TikTok Studio as a plan, to lint and to simulate.

    \b
    Examples:
      tiktok-coach capture plan studio.har -o plans/scheduled.yaml && tiktok-coach lint plans
    """
    from tiktok_coach.analysis import capture as study
    from tiktok_coach.render.capture import scheduled_plan
    from tiktok_coach.render.output import write_pieces

    with request.reading() as progress:
        posts = study.scheduled_posts(request.analysis(), progress)
    write_pieces([scheduled_plan(posts)], request["output_file"])
