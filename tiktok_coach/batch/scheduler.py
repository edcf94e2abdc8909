"""Runs a job over all groups on Dask: its scheduler places the work, begins it again where a worker is lost, and keeps the others busy."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiktok_coach import __version__
from tiktok_coach.batch.discovery import Group, Input, groups_for, groups_of
from tiktok_coach.batch.tables import SCHEMAS, table_path
from tiktok_coach.batch.worker import GROUPS, JSON, Done, Failure, Job, work
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.translation import _
from tiktok_coach.render.output import replaced

if TYPE_CHECKING:
    from distributed import Client

SUMMARY, FAILURES = "summary.json", "failures.csv"
SCHEMA_VERSION = "1"
# So long a cluster that is named may take to answer.
PATIENCE = "10s"
# So often a group is begun again whose workers end before it.
IDLE = 5


@dataclass(frozen=True)
class Ran:
    """What became of all accounts."""

    accounts: int
    asked: int
    kept: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class _Waiting:
    """A group that is worked on, without the accounts that end their workers; and how often its workers ended before they began it."""

    group: Group
    without: tuple[Failure, ...] = ()
    idle: int = 0


@contextmanager
def workers_at(scheduler: str | None, workers: int | None) -> Iterator[Client]:
    """The cluster at an address, else one of processes on this machine. Raises CoachError where there is none, or Dask is not installed."""
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise CoachError(
            _("a fleet needs Dask, which is not installed"), hint='pip install "tiktok-coach[fleet]"'
        ) from error
    # What becomes of workers is said in words of our own.
    for name in ("distributed", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if scheduler is None:
        count = workers or os.cpu_count() or 1
        with (
            # Dask would note a hundred times a second what a worker is at, and keep it for an hour: hundreds of megabytes.
            dask.config.set({"distributed.worker.profile.enabled": False}),
            LocalCluster(
                n_workers=count, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = Client(scheduler, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise CoachError(
            _("no Dask scheduler answers at {address}", address=scheduler),
            hint=_("start one with `dask scheduler`, or leave --scheduler out"),
        ) from error
    with client:
        yield client


def odd_of(client: Client, scheduler: str) -> list[Notice]:
    """What a user should know of the workers at an address: that there are none yet, or that they are slow by how they were started."""
    most = max(client.nthreads().values(), default=0)
    if not most:
        return [Notice(scheduler, _("has no workers; the work begins when one comes"))]
    if most > 1:
        said = _(
            "its workers have up to {count} threads, which take turns: start more workers, with --nthreads 1 each",
            count=most,
        )
        return [Notice(scheduler, said)]
    return []


def prepared(folder: Path, job_digest: str, accounts: Sequence[Input], command: str, *, resume: bool) -> list[Group]:
    """The groups of accounts, as a former run in the folder had them. Raises CoachError for a folder that holds something else."""
    before = _summary(folder)
    if before is not None and before.get("command") != command:
        raise CoachError(
            _("holds the results of `fleet {command}`", command=before.get("command")),
            where=str(folder),
            hint=_("name another folder"),
        )
    if not resume and folder.exists() and any(folder.iterdir()):
        raise CoachError(
            _("is not empty"), where=str(folder), hint=_("--resume goes on with what is there; or name another folder")
        )
    folder.mkdir(parents=True, exist_ok=True)
    count = before["groups"] if before is not None else groups_for(accounts)
    _write_summary(
        folder,
        {
            "schema_version": SCHEMA_VERSION,
            "command": command,
            "version": __version__,
            "groups": count,
            "finished": False,
            "digest": job_digest,
        },
    )
    return groups_of(accounts, count)


def run(client: Client, job: Job, groups: Sequence[Group], progress: Callable[[int, int], None]) -> Ran:
    """Work on all groups. `progress` is called with how many accounts are done, and how many of them failed.

    An account that ends its worker again and again is left out and named. Raises CoachError where results cannot be written; nothing that is done is lost by that.
    """
    from distributed import KilledWorker, as_completed

    # As the result of a task, which Dask makes anew where the workers that hold it are lost.
    sent = client.submit(_given, job, pure=False)
    waiting = {client.submit(work, group, sent, pure=False): _Waiting(group) for group in groups}
    queue = as_completed(waiting, with_results=False)
    done: list[Done] = []
    accounts = failed = 0
    try:
        for future in queue:
            now = waiting.pop(future)
            try:
                found = future.result()
            except KilledWorker:
                now = _again(now, job)
                again = client.submit(work, now.group, sent, now.without, pure=False)
                waiting[again] = now
                queue.add(again)
                continue
            except (CancelledError, OSError) as error:
                raise CoachError(
                    _("the Dask scheduler is gone, with {count} groups of accounts to do", count=len(waiting) + 1),
                    hint=_("--resume goes on with what is done"),
                ) from error
            except ModuleNotFoundError as error:
                raise CoachError(
                    _("the workers lack {module}", module=error.name),
                    hint=_('pip install "tiktok-coach[fleet]" on each'),
                ) from error
            done.append(found)
            accounts += len(now.group.inputs)
            failed += len(found.failures)
            progress(accounts, failed)
    finally:
        client.cancel(list(waiting))
    failures = sorted((one for each in done for one in each.failures), key=lambda one: one.account)
    return Ran(accounts, sum(one.asked for one in done), sum(one.kept for one in done), tuple(failures))


def _given(job: Job) -> Job:
    return job


def _again(ended: _Waiting, job: Job) -> _Waiting:
    """A group whose workers have ended, to be begun again without the account on which they were; as it is where they had not begun it."""
    marker = Path(job.folder) / GROUPS / f"{ended.group.name}.now"
    apart = {failure.account for failure in ended.without}
    name = marker.read_text("utf-8") if marker.exists() else None
    guilty = next((one for one in ended.group.inputs if one.name == name and one.name not in apart), None)
    if guilty is None:
        # Dask holds the end of a worker against all that waits there.
        if ended.idle == IDLE:
            raise CoachError(_("the workers end before they begin"), hint=_("look at their logs"))
        return replace(ended, idle=ended.idle + 1)
    marker.unlink(missing_ok=True)
    reason = _("ended its worker again and again: it may take more memory than a worker has")
    return replace(ended, without=(*ended.without, Failure(guilty.name, guilty.path, "", None, reason)))


def finish(folder: Path, job: Job, ran: Ran, groups: Sequence[Group], seconds: float) -> None:
    """Write failures and summary, and take away what is of accounts that are not there any more."""
    names = {group.name for group in groups}
    for ledger in (folder / GROUPS).glob("*.json"):
        if ledger.stem not in names:
            for table in SCHEMAS[job.command]:
                shutil.rmtree(table_path(folder, table, ledger.stem).parent, ignore_errors=True)
            ledger.unlink()
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ["account", "input", "file", "line", "reason"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(failure) for failure in ran.failures)
    with replaced(folder / FAILURES) as partial:
        partial.write_text(stream.getvalue(), "utf-8")
    before = _summary(folder) or {}
    _write_summary(
        folder,
        {
            **before,
            "finished": True,
            "accounts": ran.accounts,
            "asked": ran.asked,
            "kept": ran.kept,
            "failed": len(ran.failures),
            "seconds": round(seconds, 1),
            "tables": {name: f"{name}/group=*/part.parquet" for name in SCHEMAS[job.command]},
            "json": f"{JSON}/*.json" if job.with_json else None,
        },
    )


def _summary(folder: Path) -> dict[str, Any] | None:
    path = folder / SUMMARY
    if not path.exists():
        return None
    try:
        held: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise CoachError(_("is no summary of a fleet"), where=str(path), hint=_("name another folder")) from error
    return held


def _write_summary(folder: Path, held: dict[str, Any]) -> None:
    with replaced(folder / SUMMARY) as partial:
        partial.write_text(json.dumps(held, indent=1) + "\n", "utf-8")
