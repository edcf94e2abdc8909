"""fleet: the studies of one account over very many, on many cores or machines."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.shared_options import Request, on_exports
from tiktok_coach.cli.translation import Command, Group
from tiktok_coach.core.translation import _

fleet = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    help="Audit, simulate or hold evidence for very many accounts, on all cores or on a Dask cluster.",
)

Output = Annotated[
    Path,
    typer.Option(
        "--output", "-o", metavar="DIR", help="Folder for the tables.", show_default=False, rich_help_panel=opt.OUTPUT
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Address of a running Dask scheduler, such as tcp://10.0.0.5:8786; else processes of this machine are the workers.",
    ),
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="How many processes of this machine; as many as it has cores by default.")
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Go on with what DIR holds: ask only accounts that are new, or whose files, rules or settings have changed.",
    ),
]
Json = Annotated[
    bool,
    typer.Option(
        "--json", help="Write each account's JSON too, as its single command has it.", rich_help_panel=opt.OUTPUT
    ),
]
Listed = Annotated[
    int, typer.Option("--accounts", min=0, help="How many accounts to list at the end.", rich_help_panel=opt.OUTPUT)
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of everything random; the same seed gives the same bytes.")]


@fleet.callback()
def _common() -> None:
    """Each account is asked as its single command would ask it; the answers stand in Parquet tables, and accounts that cannot be read in failures.csv."""


@fleet.command(cls=Command)
@on_exports(shows=False, one=False)
def audit(
    request: Request,
    output: Output,
    scheduler: Scheduler = None,
    workers: Workers = None,
    resume: Resume = False,
    json: Json = False,
    accounts: Listed = 25,
) -> None:
    """Check every post of many accounts against the nine tips.

    \b
    Examples:
      tiktok-coach fleet audit clients/ -o audits
      tiktok-coach fleet audit clients/ -o audits --resume
      tiktok-coach fleet audit dataset/ -o audits --scheduler tcp://10.0.0.5:8786

    Each entry of a folder is an account; so is each part of a dataset that `convert --partition-by account` wrote. The tables are accounts, tips, findings (those that fail), scores and effects.
    """
    _run("audit", request, output, scheduler, workers, accounts, seed=7, resume=resume, with_json=json)


@fleet.command(cls=Command)
@on_exports(shows=False, one=False)
def simulate(
    request: Request,
    output: Output,
    scheduler: Scheduler = None,
    workers: Workers = None,
    resume: Resume = False,
    json: Json = False,
    accounts: Listed = 25,
    seed: Seed = 7,
) -> None:
    """Score the posts of many accounts by the published ranking signals, each against its own usual; no feed is run.

    \b
    Examples:
      tiktok-coach fleet simulate clients/ -o scores
      tiktok-coach fleet simulate dataset/ -o scores --workers 8 --json

    The tables are accounts and scores; each account is scored as by `simulate --viewers 0`.
    """
    _run("simulate", request, output, scheduler, workers, accounts, seed=seed, resume=resume, with_json=json)


@fleet.command(cls=Command)
@on_exports(shows=False, one=False)
def evidence(
    request: Request,
    output: Output,
    scheduler: Scheduler = None,
    workers: Workers = None,
    resume: Resume = False,
    json: Json = False,
    accounts: Listed = 25,
    seed: Seed = 7,
) -> None:
    """Hold each tip against the own results of many accounts, each by itself.

    \b
    Examples:
      tiktok-coach fleet evidence clients/ -o effects
      tiktok-coach fleet evidence dataset/ -o effects --select T3

    The tables are accounts and effects, a row a rule and a result.
    """
    _run("evidence", request, output, scheduler, workers, accounts, seed=seed, resume=resume, with_json=json)


def _run(
    command: str,
    request: Request,
    output: Path,
    scheduler: str | None,
    workers: int | None,
    most: int,
    *,
    seed: int,
    resume: bool,
    with_json: bool,
) -> None:
    import time

    from tiktok_coach.batch.discovery import accounts_in
    from tiktok_coach.batch.job import job_of
    from tiktok_coach.batch.page import fleet_page
    from tiktok_coach.batch.scheduler import finish, odd_of, prepared, run, workers_at
    from tiktok_coach.batch.tables import read_accounts
    from tiktok_coach.core.errors import CoachError
    from tiktok_coach.render.output import console_to
    from tiktok_coach.render.pages.show import print_page

    if scheduler is not None and workers is not None:
        raise typer.BadParameter(_("the cluster has its own; leave it out with --scheduler"), param_hint="--workers")
    started = time.monotonic()
    asked = request.asked
    accounts = accounts_in(asked.inputs)
    job = job_of(command, asked, output, seed=seed, resume=resume, with_json=with_json)
    with workers_at(scheduler, workers) as client:
        if scheduler is not None:
            request.say(odd_of(client, scheduler))
        groups = prepared(output, job.digest, accounts, command, resume=resume)
        with _progress(len(accounts), shown=not request.said["no_progress"]) as progress:
            ran = run(client, job, groups, progress)
    finish(output, job, ran, groups, time.monotonic() - started)
    with console_to(None) as console:
        print_page(fleet_page(command, read_accounts(output, command), ran, str(output), most=most), console)
    request.tell(_("wrote {output_file}", output_file=output))
    if len(ran.failures) == ran.accounts:
        raise CoachError(_("no account could be read"), hint=_("failures.csv says why"))


@contextlib.contextmanager
def _progress(total: int, *, shown: bool) -> Iterator[Callable[[int, int], None]]:
    """What is called with how many accounts are done and how many of them failed, to show it with rate and rest where stderr is a terminal."""
    import sys

    if not (shown and sys.stderr.isatty()):
        yield lambda _done, _failed: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("accounts"), total=total, rate="", failed="")

        def said(done: int, failures: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(
                task,
                completed=done,
                rate=_("{rate:.0f} a second", rate=speed) if speed else "",
                failed=_("{failed:,} not read", failed=failures) if failures else "",
            )

        yield said
