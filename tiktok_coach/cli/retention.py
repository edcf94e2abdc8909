"""retention: why viewers leave, second by second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from tiktok_coach.cli.options import (
    ACCOUNTS,
    NOTICES,
    PERIOD,
    READ,
    SHOW,
    cut_seconds,
    media_text,
    option,
    shell_text,
    takes,
)
from tiktok_coach.cli.request import Request
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    from tiktok_coach.analysis.retention import Retention
    from tiktok_coach.analysis.session import Accounts
    from tiktok_coach.stats.expected_curve import Cut

# A picture (png) is of one post.
FORMATS = ("text", "json", "markdown", "csv", "png")
AFTER = (*ACCOUNTS, *PERIOD, *READ, "config", *NOTICES)


@takes("inputs", "media", "post", "cut", *SHOW, ..., *AFTER, formats=FORMATS)
def retention(
    request: Request,
    top: int = option(5, "How many posts to list.", min=1),
    full: bool = option(False, "Show every effect with what it rests on.", "--full"),
) -> None:
    """Find out why viewers leave, second by second.

    \b
    Examples:
      tiktok-coach retention studio.har --media videos/
      tiktok-coach retention studio.har exports/ --media videos/ --post 2402
      tiktok-coach retention studio.har --media videos/ --post 2402 -o post.png
      tiktok-coach retention studio.har --media videos/ --post 2402 --cut 3-5
      tiktok-coach retention studio.har --media videos/ -o seconds.csv
      tiktok-coach retention clients/ --media videos/ --each-account -o retention.md

    It holds the curve of each post, from a capture of TikTok Studio, beside what is in each second of its video: cuts,
    speech, pauses, text, loud and quiet moments, movement. So it says in which moments more viewers leave than in
    others of the same videos.
    """
    from tiktok_coach.analysis import retention as study
    from tiktok_coach.render.retention import retention_csv, retention_json, retention_page

    if request["post"] is not None and request["each_account"]:
        raise typer.BadParameter(_("a post is of one account; leave out --each-account"), param_hint="--post")
    seconds = cut_seconds(request["cut"], request["post"])
    if seconds is not None and request["output_format"] in {"png", "csv"}:
        form = request["output_format"]
        raise typer.BadParameter(_("is in words; leave out --format {form}", form=form), param_hint="--cut")
    if request["output_format"] == "png":
        _require_picture(request)
    with request.reading() as progress:
        result = study.retention(request.analysis(), progress)
    if request["post"] is not None:
        _show_post(request, result, seconds)
        return
    request.show_accounts(
        result,
        key="retentions",
        page=lambda one: retention_page(
            one, top=top, full=full, inputs=_inputs(request, one, of_several=bool(result.summaries))
        ),
        json=retention_json,
        csv=retention_csv,
        with_period=True,
    )


def _inputs(request: Request, result: Retention, *, of_several: bool) -> str:
    """What a command that comes next is to read, with the account where the inputs are of several."""
    handle = result.account.handle
    account = ["--account", handle] if handle and (of_several or request["account"]) else []
    return " ".join(filter(None, (shell_text([*request["inputs"], *account]), media_text(request))))


def _show_post(request: Request, result: Accounts[Retention], seconds: tuple[int, int] | None) -> None:
    """Show one post, in any of the formats."""
    from tiktok_coach.analysis.exports import row_of
    from tiktok_coach.render.retention import retention_csv, retention_json
    from tiktok_coach.render.retention_post import retention_post_page

    row = row_of(result.analysis.posts, request["post"], "--post")
    post_id = str(result.export.posts["post_id"].iloc[row])
    answer = result.for_post(row)
    own_row = answer.export.posts["post_id"].astype("str").tolist().index(post_id)
    cut = None
    if seconds is not None:
        from tiktok_coach.analysis.expected_curves import cut_of_post

        cut = cut_of_post(answer, own_row, seconds)
    if request["output_format"] in {"text", "png"}:
        request.say(result.export.all_notices)
        if request["output_format"] == "png":
            _draw_post(request, answer, own_row)
        else:
            _print_post(request, answer, own_row, cut)
        return
    request.show(
        answer,
        result.export.all_notices,
        page=lambda one: retention_post_page(one, own_row, cut=cut),
        json=lambda one: retention_json(one, row=own_row, cut=cut),
        csv=lambda one: retention_csv([one], row=own_row),
    )


def _print_post(request: Request, answer: Retention, row: int, cut: Cut | None) -> None:
    """Print one post, on a terminal with colours beside pictures of the moments that cost most."""
    from tiktok_coach.analysis.pictures import moments_of
    from tiktok_coach.render.output import console_to
    from tiktok_coach.render.pages.show import print_page
    from tiktok_coach.render.retention_post import CHARACTERS, retention_post_page

    post = answer.of_row(row)
    with console_to(request["output_file"]) as console:
        # Half-blocks without their colours show nothing.
        has_colours = console.color_system is not None and console.is_terminal
        pictures = moments_of([post], CHARACTERS) if post is not None and has_colours else {}
        print_page(retention_post_page(answer, row, pictures.get(row, ()), cut), console)


def _require_picture(request: Request) -> None:
    """Raises CoachError where no picture can be drawn, before anything is read."""
    from tiktok_coach.media.probe import require_media

    if request["output_file"] is None:
        raise CoachError(_("--format png needs a file"), hint=_("name it with -o post.png"))
    if request["post"] is None:
        raise CoachError(_("a picture is of one post"), hint=_("name it with --post"))
    require_media()


def _draw_post(request: Request, answer: Retention, row: int) -> None:
    """Write the picture of one post. Raises CoachError where it has no curve."""
    from tiktok_coach.analysis.pictures import moments_of
    from tiktok_coach.render.output import atomic_file
    from tiktok_coach.render.retention import GUIDE
    from tiktok_coach.render.retention_png import MOMENT, retention_png

    post = answer.of_row(row)
    if post is None:
        raise CoachError(_("no file has the curve of this post"), where=request["post"], hint=GUIDE)
    picture = retention_png(answer, post, moments_of([post], MOMENT).get(row, ()))
    with atomic_file(request["output_file"]) as partial:
        partial.write_bytes(picture)
