"""times: when to post, by the followers' activity and by the account's own results."""

from __future__ import annotations

from typing import Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.shared_options import ON_EXPORTS, Request, takes


@takes(..., *ON_EXPORTS, *opt.ACCOUNTS)
def times(
    request: Request,
    activity_timezone: Annotated[
        str | None,
        opt.inputs_option(
            help="IANA timezone in which FollowerActivity's hours are written; TikTok does not state it, and the "
            "account's is taken."
        ),
    ] = None,
    top: Annotated[int, opt.output_option(min=1, max=168, help="How many hours to name.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the chance of each hour to be the best.")] = 7,
) -> None:
    """Find the best hours of the week to post in the account's timezone, and say how much they are worth.

    \b
    Examples:
      tiktok-coach times bakery
      tiktok-coach times exports/ --timezone Europe/Copenhagen --activity-timezone UTC
      tiktok-coach times exports/ --output-format json > times.json
      tiktok-coach times exports/ --output-format csv > heatmap.csv
      tiktok-coach times clients/ --by account --output-format markdown > times.md

    Two sources are shown apart and together: when followers are active, and when own posts did well, drawn to the \
    usual as far as they are few.
    """
    from tiktok_coach.analysis import times as study
    from tiktok_coach.render.times import times_csv, times_json, times_page

    with request.reading() as progress:
        result = study.times(request.analysis(), activity_timezone=activity_timezone, seed=seed, progress=progress)
    request.show_pages(
        result,
        key="times",
        page=lambda one: times_page(one, top=top),
        json=lambda one, accounts: times_json(one, accounts, top=top),
        csv=times_csv,
    )
