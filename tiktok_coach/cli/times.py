"""times: when to post, by the followers' activity and by the account's own results."""

from __future__ import annotations

from typing import Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.showing import FORMATS, OutputFormat, show


def times(
    exports: opt.Exports,
    activity_timezone: Annotated[
        str | None,
        typer.Option(
            help="IANA timezone in which FollowerActivity's hours are written; TikTok does not state it, and the account's is taken.",
            rich_help_panel=opt.INPUTS,
        ),
    ] = None,
    top: Annotated[int, typer.Option(min=1, max=168, help="How many hours to name.", rich_help_panel=opt.OUTPUT)] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the chance of each hour to be the best.")] = 7,
    output_format: OutputFormat = "rich",
    output_file: opt.OutputFile = None,
    trends: opt.TrendFiles = None,
    timezone: opt.Timezone = None,
    language: opt.Language = None,
    export_date: opt.ExportDate = None,
    date_order: opt.DateOrder = None,
    account: opt.AccountHandle = None,
    today: opt.Today = None,
    column: opt.Columns = None,
    strict: opt.Strict = False,
    config: opt.ConfigFile = None,
    rules: opt.RulePacks = None,
    select: opt.Select = None,
    ignore: opt.Ignore = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    no_progress: opt.NoProgress = False,
) -> None:
    """Find the best hours of the week to post in the account's timezone, and say how much they are worth.

    \b
    Examples:
      tiktok-coach times bakery
      tiktok-coach times exports/ --timezone Europe/Copenhagen --activity-timezone UTC
      tiktok-coach times exports/ --output-format json > times.json
      tiktok-coach times exports/ --output-format csv > heatmap.csv

    Two sources are shown apart and together: when followers are active, and when own posts did well, drawn to the usual as far as they are few.
    """
    from tiktok_coach.cli.saying import reading, say_notices
    from tiktok_coach.report.times.data import times_csv, times_json
    from tiktok_coach.report.times.page import times_page
    from tiktok_coach.studies import times as study

    opt.one_of(output_format, FORMATS, "--output-format")
    asked = opt.asked(
        inputs=exports,
        trends=trends,
        timezone=timezone,
        language=language,
        export_date=export_date,
        date_order=date_order,
        account=account,
        today=today,
        config=config,
        strict=strict,
        columns=column,
        packs=rules,
        select=select,
        ignore=ignore,
    )
    with reading(shown=not no_progress) as progress:
        found = study.times(asked, activity_timezone=activity_timezone, seed=seed, progress=progress)
    say_notices(found.export.said, quiet=quiet, verbose=verbose)
    show(
        output_format,
        output_file,
        page=lambda: times_page(found, top=top),
        json=lambda: times_json(found, top=top),
        csv=lambda: times_csv(found),
    )
