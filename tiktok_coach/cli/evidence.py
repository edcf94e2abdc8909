"""evidence: what each tip did for this account, and how sure that is."""

from __future__ import annotations

from typing import Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.showing import FORMATS, OutputFormat, show

OUTCOMES = ("views", "completion", "engagement")


def evidence(
    exports: opt.Exports,
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            metavar="|".join(OUTCOMES), help="Which results to look at; all by default. May be given several times."
        ),
    ] = None,
    every: Annotated[
        bool,
        typer.Option(
            "--all",
            help="List each account, and the tips of which the data says too little.",
            rich_help_panel=opt.OUTPUT,
        ),
    ] = False,
    seed: Annotated[
        int, typer.Option(min=0, help="Seed of the range of best values; the same seed gives the same bytes.")
    ] = 7,
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
    """Hold each tip against the account's own results: its effect on views, completion and engagement, and how sure that is.

    \b
    Examples:
      tiktok-coach evidence bakery
      tiktok-coach evidence exports/ --outcome views --select T3
      tiktok-coach evidence exports/ --all --output-format csv > effects.csv
      tiktok-coach evidence accounts.parquet --output-format json > evidence.json

    A verdict is helps, hurts, no clear effect or not enough data. What goes along with better results need not cause them; `experiment` tells.
    """
    from tiktok_coach.cli.saying import reading, say_notices
    from tiktok_coach.report.evidence.data import evidence_csv, evidence_json
    from tiktok_coach.report.evidence.page import evidence_page
    from tiktok_coach.studies import evidence as study

    opt.one_of(output_format, FORMATS, "--output-format")
    for name in outcome or []:
        opt.one_of(name, OUTCOMES, "--outcome")
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
        found = study.evidence(asked, outcomes=tuple(dict.fromkeys(outcome or OUTCOMES)), seed=seed, progress=progress)
    say_notices(found.export.said, quiet=quiet, verbose=verbose)
    show(
        output_format,
        output_file,
        page=lambda: evidence_page(found, every=every),
        json=lambda: evidence_json(found),
        csv=lambda: evidence_csv(found),
    )
