"""capture: what TikTok Studio's pages show, saved by the browser: how to save it, what it holds, and a clean copy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.shared_options import Request, takes
from tiktok_coach.cli.translation import Command, Group
from tiktok_coach.core.translation import _

capture = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    help="Use what TikTok Studio's own pages show: watch time, retention, traffic sources.",
)

FILES = {
    "files": (
        list[Path],
        typer.Argument(
            ...,
            metavar="FILE",
            help="HAR files, or answers kept as JSON; folders and ZIPs of them.",
            show_default=False,
        ),
    )
}
FORMATS = ("rich", "json")


@capture.callback()
def _common() -> None:
    """Use what TikTok Studio's own pages show: watch time, retention, traffic sources. \
    Nothing here uses the network.
    """


@capture.command(cls=Command)
def guide(
    browser: Annotated[str, typer.Option(metavar="chrome|firefox|safari|edge", help="Whose menus to name.")] = "chrome",
) -> None:
    """Say how to save what TikTok Studio shows, step by step: which menus, which pages, how far to scroll.

    \b
    Examples:
      tiktok-coach capture guide
      tiktok-coach capture guide --browser firefox
    """
    from tiktok_coach.render import capture_guide as text
    from tiktok_coach.render.output import write_pieces

    opt.one_of(browser, text.BROWSERS, "--browser")
    write_pieces([text.guide(browser)], None)


@capture.command(cls=Command)
@takes("files", *opt.SHOW, ..., "today", *opt.NOTICES, formats=FORMATS, more=FILES)
def check(request: Request, top: Annotated[int, opt.output_option(min=1, help="How many pages to name.")] = 10) -> None:
    """Say what captures hold, and which posts' pages to open still, the most viewed first.

    \b
    Examples:
      tiktok-coach capture check www.tiktok.com.har
      tiktok-coach capture check monday.har tuesday.har --top 30
      tiktok-coach capture check studio.har --output-format json
    """
    from tiktok_coach.analysis import capture as study
    from tiktok_coach.analysis.settings import resolve_settings
    from tiktok_coach.render.capture import check_json, check_page
    from tiktok_coach.render.output import write_pages, write_pieces

    options = request.analysis()
    with request.reading() as progress:
        result = study.check_captures(options, progress)
    request.say(result.notices)
    now = resolve_settings(options).now
    output_file = request["output_file"]
    if request["output_format"] == "json":
        write_pieces([check_json(result, now)], output_file)
    else:
        write_pages([check_page(result, now, top=top)], "rich", output_file)


@capture.command(cls=Command)
@takes("files", ..., "no_progress", more=FILES)
def clean(
    request: Request,
    output_file: Annotated[
        Path, typer.Option("--output-file", "-o", metavar="FILE.har", help="The copy to write.", show_default=False)
    ],
) -> None:
    """Write a copy with the answers that are read and nothing else: no cookies, tokens, headers, names of others or \
    pictures.

    \b
    Examples:
      tiktok-coach capture clean www.tiktok.com.har -o studio.har

    Reading the copy gives the same tables. Several files become one.
    """
    from tiktok_coach.analysis import capture as study
    from tiktok_coach.core.errors import CoachError
    from tiktok_coach.render.output import write_pieces

    if output_file.suffix.lower() != ".har":
        raise CoachError(_("cannot write a capture"), where=str(output_file), hint=_("end the name in .har"))
    with request.reading() as progress:
        write_pieces(study.clean(request.analysis(), progress), output_file)


@capture.command(cls=Command)
@takes("files", ..., "timezone", "today", "config", "no_progress", more=FILES)
def plan(
    request: Request,
    output_file: Annotated[
        Path | None, typer.Option("--output-file", "-o", help="Write to this file; else the plan goes to stdout.")
    ] = None,
) -> None:
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
    write_pieces([scheduled_plan(posts)], output_file)
