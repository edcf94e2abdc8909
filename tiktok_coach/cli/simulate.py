"""simulate: how the published ranking signals would score each post, and how far a simulated feed would carry it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.account_selection import Among, Ways, show_accounts
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    from tiktok_coach.analysis.accounts import Accounts
    from tiktok_coach.analysis.simulate import Simulation

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
    by: opt.By = None,
    sort: opt.Sort = "gain",
    accounts: opt.AccountsListed = 25,
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
    from tiktok_coach.analysis import simulate as study
    from tiktok_coach.cli.progress import reading, say_notices
    from tiktok_coach.ranking.changes import parse_changes

    opt.one_of(output_format, FORMATS, "--output-format")
    among = Among(by, sort, accounts)
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
        found = study.simulate(asked, question, progress, lambda: _running(runs, shown=not no_progress))
    say_notices(found.export.said, quiet=quiet, verbose=verbose)
    if explain is not None and output_format == "rich":
        _explain(found, explain, output_file)
    else:
        ways = _ways(top, named=bool(found.standings), verbose=verbose)
        show_accounts(found, ways, among, output_format, output_file, quiet=quiet)


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


def _ways(top: int, *, named: bool, verbose: bool) -> Ways[Simulation]:
    from tiktok_coach.render.simulation.data import simulation_csv, simulation_json
    from tiktok_coach.render.simulation.markdown import simulation_markdown
    from tiktok_coach.render.simulation.text import print_simulation

    return Ways(
        "simulations",
        rich=lambda one, console: print_simulation(one, console, top=top, named=named, verbose=verbose),
        markdown=lambda one: simulation_markdown(one, top=top, named=named),
        json=simulation_json,
        csv=lambda each, several: simulation_csv(each, several=several),
    )


def _explain(found: Accounts[Simulation], post: str, output_file: Path | None) -> None:
    from tiktok_coach.render.output import console_to
    from tiktok_coach.render.post_selection import row_of
    from tiktok_coach.render.simulation.explanation import print_explanation

    owner = found.owning(row_of(found.export.posts, post, "--explain"))
    row = row_of(owner.posts, post, "--explain")
    with console_to(output_file) as console:
        print_explanation(owner, console, row)
