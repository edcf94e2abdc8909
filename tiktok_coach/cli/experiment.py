"""experiment: the honest way to know whether a tip helps: draw posts by chance, and read what came."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.showing import FORMATS, OutputFormat, show

experiment = typer.Typer(no_args_is_help=True, help="Find out whether a tip helps: draw an experiment, and read it.")


@experiment.callback()
def _common() -> None:
    """Find out whether a tip helps: posts in pairs at one hour of the week, a coin for which of two follows it."""


@experiment.command()
def design(
    exports: opt.Exports,
    rule: Annotated[str, typer.Option(help="Code of the rule to try, such as T301.", show_default=False)],
    effect: Annotated[
        float, typer.Option(min=0.1, max=20, help="The smallest effect worth finding, as a factor on views.")
    ] = 1.3,
    power: Annotated[float, typer.Option(min=0.5, max=0.99, help="How likely such an effect is to be found.")] = 0.8,
    alpha: Annotated[
        float, typer.Option(min=0.001, max=0.5, help="How likely chance alone is to be taken for one.")
    ] = 0.05,
    per_day: Annotated[int, typer.Option(min=1, max=4, help="Posts of the experiment a day.")] = 1,
    hours: Annotated[
        str | None,
        typer.Option(metavar="H,H", help="Hours to use (0-23, the account's own time); else good ones are taken."),
    ] = None,
    start: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="First day; tomorrow by default.")] = None,
    plan: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the calendar as a plan (YAML) to fill in.", rich_help_panel=opt.OUTPUT
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the coins; the same seed gives the same calendar.")] = 7,
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
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    no_progress: opt.NoProgress = False,
) -> None:
    """Say how many posts it takes to know whether a rule helps this account, and draw a balanced, randomised calendar.

    \b
    Examples:
      tiktok-coach experiment design bakery --rule T301 --effect 1.5
      tiktok-coach experiment design exports/ --rule T403 --effect 1.3 --per-day 2 --plan plans/question.yaml
    """
    from tiktok_coach.cli.saying import reading, say_notices
    from tiktok_coach.errors import CoachError
    from tiktok_coach.report.experiment.data import design_csv, design_json
    from tiktok_coach.report.experiment.page import design_page
    from tiktok_coach.report.experiment.plan import as_plan
    from tiktok_coach.report.writing import write_pieces
    from tiktok_coach.studies import experiment as study
    from tiktok_coach.values.dates import parse_day

    opt.one_of(output_format, FORMATS, "--output-format")
    if effect == 1:
        raise CoachError("--effect 1 is no effect", hint="such as 1.3: 13 views where there were 10")
    if plan is not None and plan.suffix.lower() not in {".yaml", ".yml"}:
        raise CoachError("cannot write a plan", where=str(plan), hint="end the name in .yaml")
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
    )
    with reading(shown=not no_progress) as progress:
        found = study.design(
            asked,
            rule=rule,
            effect=effect,
            power=power,
            alpha=alpha,
            per_day=per_day,
            hours=opt.hours_of(hours) if hours is not None else None,
            start=parse_day(start, "--start") if start else None,
            seed=seed,
            progress=progress,
        )
    say_notices(found.export.said, quiet=quiet, verbose=verbose)
    if plan is not None:
        write_pieces(as_plan(found), plan)
    show(
        output_format,
        output_file,
        page=lambda: design_page(found),
        json=lambda: design_json(found),
        csv=lambda: design_csv(found),
    )


@experiment.command()
def read(
    plan: Annotated[
        Path, typer.Argument(metavar="PLAN", help="The plan that `experiment design` drew.", show_default=False)
    ],
    exports: opt.Exports,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the exact test of many pairs.")] = 7,
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
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    no_progress: opt.NoProgress = False,
) -> None:
    """Read what came of an experiment: its effect, an exact test, what may be said at any time, and what was not followed.

    \b
    Examples:
      tiktok-coach experiment read plans/question.yaml exports/
      tiktok-coach experiment read plans/question.yaml exports/ --output-format json

    Posts are found by the id that you write into the plan, else by their caption, else by the time at which they went out.
    """
    from tiktok_coach.cli.saying import reading, say_notices
    from tiktok_coach.report.experiment.data import reading_csv, reading_json
    from tiktok_coach.report.experiment.page import reading_page
    from tiktok_coach.studies import experiment as study

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
    )
    drawn = opt.asked(inputs=[plan], timezone=timezone, today=today)
    with reading(shown=not no_progress) as progress:
        found = study.experiment_read(asked, drawn, seed=seed, progress=progress)
    say_notices(found.export.said, quiet=quiet, verbose=verbose)
    show(
        output_format,
        output_file,
        page=lambda: reading_page(found),
        json=lambda: reading_json(found),
        csv=lambda: reading_csv(found),
    )
