"""fleet: the studies of one account over very many, on many cores or machines."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from tiktok_coach.cli.options import ON_EXPORTS, SHOW, Shared, option, output_option, seed_option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.cli.translation import Command, Group
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

fleet = typer.Typer(cls=Group, no_args_is_help=True, help="Audit or simulate very many accounts, on all cores.")


class OnFleet(Shared):
    """What the commands of a fleet share."""

    output: Path = option(..., "Folder for the tables.", "--output", "-o", metavar="DIR", show_default=False)
    scheduler: str | None = option(
        None,
        "Address of a running Dask scheduler, such as tcp://10.0.0.5:8786; else processes of this machine are the "
        "workers.",
        metavar="ADDRESS",
    )
    workers: int | None = option(None, "How many processes of this machine; as many as it has cores by default.", min=1)
    resume: bool = option(
        False,
        "Go on with what DIR holds: ask only accounts that are new, or whose files, rules or settings have changed.",
        "--resume",
    )
    with_json: bool = output_option(
        False, "Write each account's JSON too, as its single command has it.", "--with-json"
    )
    limit: int = output_option(25, "How many accounts to list at the end.", min=0)
    seed: int = seed_option("Seed of everything random; the same seed gives the same bytes.")


RUN = ("output", "scheduler", "workers", "resume", "with_json", "limit")
# No command of a fleet shows one account, or has a format.
# An account is read once in a run, and very many would fill the cache.
ON_MANY = tuple(name for name in ON_EXPORTS if name not in {*SHOW, "account", "no_cache"})


@fleet.command(cls=Command)
@takes(*RUN, *ON_MANY, shared=OnFleet)
def audit(request: Request) -> None:
    """Check every post of many accounts against the nine tips.

    \b
    Examples:
      tiktok-coach fleet audit clients/ -o audits
      tiktok-coach fleet audit clients/ -o audits --resume
      tiktok-coach fleet audit dataset/ -o audits --scheduler tcp://10.0.0.5:8786

    Each entry of a folder is an account; so is each part of a dataset that `convert --partition-by account` wrote. \
    The tables are accounts, tips, findings (those that fail), scores and effects.
    """
    _run("audit", request)


@fleet.command(cls=Command)
@takes(*RUN, "seed", *ON_MANY, shared=OnFleet)
def simulate(request: Request) -> None:
    """Score the posts of many accounts by the published ranking signals, each against its own usual; no feed is run.

    \b
    Examples:
      tiktok-coach fleet simulate clients/ -o scores
      tiktok-coach fleet simulate dataset/ -o scores --workers 8 --with-json

    The tables are accounts and scores; each account is scored as by `simulate --viewers 0`.
    """
    _run("simulate", request)


@fleet.command(cls=Command)
@takes(*RUN, "seed", *ON_MANY, shared=OnFleet)
def evidence(request: Request) -> None:
    """See which tips work for each of many accounts.

    \b
    Examples:
      tiktok-coach fleet evidence clients/ -o effects
      tiktok-coach fleet evidence dataset/ -o effects --select T3

    The tables are accounts and effects, a row a rule and a result.
    """
    _run("evidence", request)


def _run(command: str, request: Request) -> None:
    import time

    from tiktok_coach.batch.discovery import accounts_in
    from tiktok_coach.batch.page import fleet_page
    from tiktok_coach.batch.results import read_accounts
    from tiktok_coach.batch.scheduler import connect, finish, prepare_groups, run, worker_notices
    from tiktok_coach.batch.worker import create_job
    from tiktok_coach.render.output import console_to
    from tiktok_coach.render.pages.show import print_page

    output, scheduler = request["output"], request["scheduler"]
    if scheduler is not None and request["workers"] is not None:
        raise typer.BadParameter(_("the cluster has its own; leave it out with --scheduler"), param_hint="--workers")
    started = time.monotonic()
    options = request.analysis()
    accounts = accounts_in(options.inputs)
    seed, resume = request.values.get("seed", 7), request["resume"]
    job = create_job(command, options, output, seed=seed, resume=resume, with_json=request["with_json"])
    with connect(scheduler, request["workers"]) as client:
        if scheduler is not None:
            request.say(worker_notices(client, scheduler))
        groups = prepare_groups(output, job, accounts)
        with _progress(len(accounts), request) as progress:
            result = run(client, job, groups, progress)
    finish(output, job, result, groups, time.monotonic() - started)
    with console_to(None) as console:
        page = fleet_page(command, read_accounts(output, command), result, str(output), most=request["limit"])
        print_page(page, console)
    request.confirm(_("wrote {output_file}", output_file=output))
    if len(result.failures) == result.accounts:
        raise CoachError(_("no account could be read"), hint=_("failures.csv says why"))


@contextlib.contextmanager
def _progress(total: int, request: Request) -> Iterator[Callable[[int, int], None]]:
    """What is called with how many accounts are done and how many of them failed, to show it with rate and rest where
    stderr is a terminal.
    """
    import sys

    if request["no_progress"] or not sys.stderr.isatty():
        yield lambda _done, _failed: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    rate, failed = "{task.fields[rate]}", "{task.fields[failed]}"
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn(), failed)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("accounts"), total=total, rate="", failed="")

        def update(done: int, failures: int) -> None:
            speed = bar.tasks[0].speed
            rate = _("{rate:.0f} a second", rate=speed) if speed else ""
            failed = _("{failed:,} not read", failed=failures) if failures else ""
            bar.update(task, completed=done, rate=rate, failed=failed)

        yield update
