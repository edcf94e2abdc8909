"""simulate: how the published ranking signals would score each post, and how far a simulated feed would carry it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.language.words import _

if TYPE_CHECKING:
    from tiktok_coach.studies.simulate import Simulation

FORMATS = ("rich", "json", "markdown", "csv")
FEED = "Feed"


def simulate(
    exports: Annotated[
        list[Path],
        typer.Argument(
            metavar="EXPORT|PLAN",
            help="Exports as for audit, or plans (YAML with posts: that have publish_at or caption).",
            show_default=False,
        ),
    ],
    history: Annotated[
        list[Path] | None,
        typer.Option(
            help="Exports that tell what is usual for the account; their posts are not listed. May be given several times.",
            rich_help_panel=opt.INPUTS,
        ),
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="FACT=VALUE",
            help="Change a fact of every post and show what that does: duration_s=14. May be given several times.",
        ),
    ] = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Name the single changes that would raise scores most.")
    ] = False,
    pool: Annotated[
        bool,
        typer.Option(
            "--pool",
            help="Draw accounts towards what is usual for all of them; else each is scored by its own posts alone.",
        ),
    ] = False,
    horizon: Annotated[
        int, typer.Option(min=8, max=22, metavar="DAYS", help="For how many days the outlook speaks, 8 to 22.")
    ] = 14,
    explain: Annotated[
        str | None,
        typer.Option(metavar="POST", help="Explain one post's score, signal by signal; its id, or the end of it."),
    ] = None,
    viewers: Annotated[
        int,
        typer.Option(
            min=0, max=5_000_000, help="Viewers of the simulated feed; 0 scores without it.", rich_help_panel=FEED
        ),
    ] = 2000,
    runs: Annotated[int, typer.Option(min=1, max=10_000, help="How often the feed runs.", rich_help_panel=FEED)] = 40,
    seed: Annotated[
        int,
        typer.Option(
            min=0, help="Seed of everything random; the same seed gives the same bytes.", rich_help_panel=FEED
        ),
    ] = 7,
    audience: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="YAML file on the audience and the staged test.", rich_help_panel=FEED),
    ] = None,
    output_format: Annotated[
        str, typer.Option(metavar="|".join(FORMATS), help="How to show the result.", rich_help_panel=opt.OUTPUT)
    ] = "rich",
    output_file: opt.OutputFile = None,
    top: Annotated[int, typer.Option(min=1, help="How many posts to list.", rich_help_panel=opt.OUTPUT)] = 20,
    trends: opt.TrendFiles = None,
    media: opt.Media = None,
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
    """Score posts by the published ranking signals, and run them through a simulated feed.

    \b
    Examples:
      tiktok-coach simulate bakery
      tiktok-coach simulate bakery --viewers 0 --suggest
      tiktok-coach simulate bakery --what-if duration_s=14 --what-if hook_s=1
      tiktok-coach simulate plan.yaml --history bakery --output-format json
      tiktok-coach simulate bakery --explain 3792402

    TikTok publishes which signals it uses and not what they weigh: every value is fitted to outcomes or assumed, and the result says how far it rests on them.
    """
    from tiktok_coach.cli.saying import reading, say_notices
    from tiktok_coach.signals.changes import parse_changes
    from tiktok_coach.studies import simulate as study

    opt.one_of(output_format, FORMATS, "--output-format")
    question = study.Question(parse_changes(what_if or []), suggest, viewers, runs, seed, audience, pool, horizon)
    asked = opt.asked(
        inputs=exports,
        history=history,
        trends=trends,
        media=media,
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
        found = study.simulate(asked, question, progress, _running(runs, shown=not no_progress))
    say_notices(found.export.said, quiet=quiet, verbose=verbose)
    _show(found, output_format, output_file, explain, top, verbose=verbose)


@contextlib.contextmanager
def _running(runs: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """What is called with the number of runs of the feed that are done, to show it where stderr is a terminal."""
    import sys

    if not (shown and sys.stderr.isatty()):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("running the feed"), total=runs)
        yield lambda done: bar.update(task, completed=done)


def _show(
    found: Simulation, output_format: str, output_file: Path | None, explain: str | None, top: int, *, verbose: bool
) -> None:
    from tiktok_coach.report.choosing import row_of
    from tiktok_coach.report.simulation import data as simulation_data
    from tiktok_coach.report.simulation import text as simulation_text
    from tiktok_coach.report.simulation.explanation import print_explanation
    from tiktok_coach.report.writing import console_to, write_pieces

    if output_format == "json":
        write_pieces(simulation_data.simulation_json(found), output_file)
    elif output_format == "csv":
        write_pieces(simulation_data.simulation_csv(found), output_file)
    elif output_format == "markdown":
        from tiktok_coach.report.simulation.markdown import simulation_markdown

        write_pieces(simulation_markdown(found, top=top), output_file)
    else:
        row = row_of(found.posts, explain, "--explain") if explain else None
        with console_to(output_file) as console:
            if row is not None:
                print_explanation(found, console, row)
            else:
                simulation_text.print_simulation(found, console, top=top, verbose=verbose)
