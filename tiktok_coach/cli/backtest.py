"""backtest: whether the coach's own numbers ranked this creator's posts as reality did."""

from __future__ import annotations

from typing import Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.showing import FORMATS, OutputFormat, show


def backtest(
    exports: opt.Exports,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the intervals; the same seed gives the same bytes.")] = 7,
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
    """Hold the coach's score, outlook and expected views against what became of posts, beside plain baselines.

    \b
    Examples:
      tiktok-coach backtest bakery
      tiktok-coach backtest exports/october exports/november
      tiktok-coach backtest accounts.parquet --output-format json > backtest.json

    It learns on the past and foretells the next posts. A number that is no better than a baseline is said to be none.
    """
    from tiktok_coach.cli.saying import reading, say_notices
    from tiktok_coach.report.backtest.data import backtest_csv, backtest_json
    from tiktok_coach.report.backtest.page import backtest_page
    from tiktok_coach.studies import backtest as study

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
        found = study.backtest(asked, seed=seed, progress=progress)
    say_notices(found.export.said, quiet=quiet, verbose=verbose)
    show(
        output_format,
        output_file,
        page=lambda: backtest_page(found),
        json=lambda: backtest_json(found),
        csv=lambda: backtest_csv(found),
    )
