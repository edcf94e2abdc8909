"""compare: two periods, or two inputs, side by side, and what is different beyond chance."""

from __future__ import annotations

from typing import Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.showing import FORMATS, OutputFormat, show


def compare(
    exports: opt.Exports,
    before: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            help="Day on the account's clock that parts the posts; without it, two inputs are compared.",
        ),
    ] = None,
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
    """Set two periods of one account, or two inputs, side by side: tips, scores, reach, times, and which differences are more than chance.

    \b
    Examples:
      tiktok-coach compare bakery --before 2026-06-01
      tiktok-coach compare exports/ours exports/theirs
      tiktok-coach compare exports/ --before 2026-06-01 --output-format json > change.json
    """
    from tiktok_coach.cli.saying import reading, say_notices
    from tiktok_coach.report.compare.data import compare_csv, compare_json
    from tiktok_coach.report.compare.page import compare_page
    from tiktok_coach.studies import compare as study
    from tiktok_coach.values.dates import parse_day

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
        found = study.compare(asked, before=parse_day(before, "--before") if before else None, progress=progress)
    for export in found.exports:
        say_notices(export.said, quiet=quiet, verbose=verbose)
    show(
        output_format,
        output_file,
        page=lambda: compare_page(found),
        json=lambda: compare_json(found),
        csv=lambda: compare_csv(found),
    )
