"""Runs a job over all groups on Dask: its scheduler places the work, begins it again where a worker is lost, and keeps
the others busy.
"""

from __future__ import annotations

import csv
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiktok_coach import __version__
from tiktok_coach.batch.discovery import Group, Input, groups_for, groups_of
from tiktok_coach.batch.results import SCHEMAS, table_path
from tiktok_coach.batch.worker import GROUPS, JSON, Failure, FleetResult, Job, json_path, work
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.interrupts import without_interrupts
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _, plural
from tiktok_coach.render.output import atomic_file

if TYPE_CHECKING:
    from distributed import Client

SUMMARY, FAILURES = "summary.json", "failures.csv"
SCHEMA_VERSION = "1"
# So long a cluster that is named may take to answer.
PATIENCE = "10s"
# So often a group is begun again whose workers end before it.
IDLE = 5


@dataclass(frozen=True)
class _PendingGroup:
    """A group that is worked on, without accounts that end their workers; `idle`: how often those ended before they
    began it.
    """

    group: Group
    excluded: tuple[Failure, ...] = ()
    idle: int = 0


@contextmanager
def connect(scheduler: str | None, workers: int | None) -> Iterator[Client]:
    """The cluster at an address, else one of processes on this machine. Raises CoachError where there is none, or Dask
    is not installed.
    """
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
        # Dask would note a hundred times a second what a worker is at, and keep it for an hour: hundreds of megabytes.
        with dask.config.set({"distributed.worker.profile.enabled": False}):
            with without_interrupts():
                cluster = LocalCluster(
                    n_workers=count,
                    threads_per_worker=1,
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.CRITICAL,
                )
            with cluster, Client(cluster) as client:
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


def worker_notices(client: Client, scheduler: str) -> list[Notice]:
    """What a user should know of the workers at an address: that there are none yet, or that they are slow by how they
    were started.
    """
    most = max(client.nthreads().values(), default=0)
    few = _("has no workers; the work begins when one comes")
    slow = _(
        "its workers have up to {count} threads, which take turns: start more workers, with --nthreads 1 each",
        count=most,
    )
    return [] if most == 1 else [Notice(scheduler, slow if most else few)]


def prepare_groups(folder: Path, job: Job, accounts: Sequence[Input]) -> list[Group]:
    """The groups of accounts, as a former run in the folder had them. Raises CoachError for a folder that holds
    something else.
    """
    before = _summary(folder)
    if before is not None and before.get("command") != job.command:
        raise CoachError(
            _("already has the results of `fleet {command}`", command=before.get("command")),
            where=str(folder),
            hint=_("name another folder"),
        )
    if not job.resume and folder.exists() and any(folder.iterdir()):
        raise CoachError(
            _("is not empty"), where=str(folder), hint=_("--resume goes on with what is there; or name another folder")
        )
    folder.mkdir(parents=True, exist_ok=True)
    count = before["groups"] if before is not None else groups_for(accounts)
    summary = {"schema_version": SCHEMA_VERSION, "command": job.command, "version": __version__, "groups": count}
    _write_summary(folder, summary | {"finished": False, "digest": job.digest})
    return groups_of(accounts, count)


def run(client: Client, job: Job, groups: Sequence[Group], progress: Callable[[int, int], None]) -> FleetResult:
    """Work on all groups. `progress` is called with how many accounts are done, and how many of them failed.

    An account that ends its worker again and again is left out and named. Raises CoachError where results cannot be
    written; nothing that is done is lost by that.
    """
    from distributed import KilledWorker, as_completed

    # As the result of a task, which Dask makes anew where the workers that hold it are lost.
    shared_job = client.submit(replace, job, pure=False)
    pending = {client.submit(work, group, shared_job, pure=False): _PendingGroup(group) for group in groups}
    queue = as_completed(pending, with_results=False)
    new = unchanged = 0
    failures: list[Failure] = []
    try:
        for future in queue:
            current = pending.pop(future)
            try:
                result = future.result()
            except KilledWorker:
                current = _without_culprit(current, job)
                again = client.submit(work, current.group, shared_job, current.excluded, pure=False)
                pending[again] = current
                queue.add(again)
                continue
            except (CancelledError, OSError) as error:
                raise CoachError(
                    plural(
                        "the Dask scheduler is gone, with {count} group of accounts to do",
                        "the Dask scheduler is gone, with {count} groups of accounts to do",
                        len(pending) + 1,
                    ),
                    hint=_("--resume goes on with what is done"),
                ) from error
            except ModuleNotFoundError as error:
                raise CoachError(
                    _("the workers lack {module}", module=error.name),
                    hint=_('pip install "tiktok-coach[fleet]" on each'),
                ) from error
            new, unchanged = new + result.new, unchanged + result.unchanged
            failures += result.failures
            progress(new + unchanged, len(failures))
    finally:
        client.cancel(list(pending))
    return FleetResult(new, unchanged, tuple(sorted(failures, key=lambda one: one.account)))


def _without_culprit(ended: _PendingGroup, job: Job) -> _PendingGroup:
    """A group whose workers have ended, without the account on which they were; as it is where they had not begun
    it.
    """
    marker = Path(job.folder) / GROUPS / f"{ended.group.name}.now"
    excluded = {failure.account for failure in ended.excluded}
    name = marker.read_text("utf-8") if marker.exists() else None
    culprit = next((one for one in ended.group.inputs if one.name == name and one.name not in excluded), None)
    if culprit is None:
        # Dask holds the end of a worker against all that waits there.
        if ended.idle == IDLE:
            raise CoachError(_("the workers end before they begin"), hint=_("look at their logs"))
        return replace(ended, idle=ended.idle + 1)
    marker.unlink(missing_ok=True)
    reason = _("ended its worker again and again: it may take more memory than a worker has")
    return replace(ended, excluded=(*ended.excluded, Failure(culprit.name, culprit.path, reason=reason)))


def finish(folder: Path, job: Job, result: FleetResult, groups: Sequence[Group], seconds: float) -> None:
    """Write failures and summary, and remove what is of accounts that are not there any more, or not read any more."""
    names = {group.name for group in groups}
    for ledger in (folder / GROUPS).glob("*.json"):
        if ledger.stem not in names:
            for table in SCHEMAS[job.command]:
                shutil.rmtree(table_path(folder, table, ledger.stem).parent, ignore_errors=True)
            ledger.unlink()
    failed = {failure.account for failure in result.failures}
    current = {json_path(job, one.name).name for group in groups for one in group.inputs if one.name not in failed}
    for path in (folder / JSON).glob("*.json"):
        if path.name not in current:
            path.unlink()
    with (
        atomic_file(folder / FAILURES, is_answer=False) as partial,
        partial.open("w", encoding="utf-8", newline="") as stream,
    ):
        writer = csv.DictWriter(stream, [field.name for field in fields(Failure)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(failure) for failure in result.failures)
    summary = {
        "finished": True,
        "accounts": result.accounts,
        "asked": result.new,
        "kept": result.unchanged,
        "failed": len(result.failures),
        "seconds": round(seconds, 1),
        "tables": {name: f"{name}/group=*/part.parquet" for name in SCHEMAS[job.command]},
        "json": f"{JSON}/*.json" if job.with_json else None,
    }
    _write_summary(folder, {**(_summary(folder) or {}), **summary})


def _summary(folder: Path) -> dict[str, Any] | None:
    path = folder / SUMMARY
    if not path.exists():
        return None
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except ValueError as error:
        raise CoachError(_("is not a summary of a fleet"), where=str(path), hint=_("name another folder")) from error


def _write_summary(folder: Path, summary: dict[str, Any]) -> None:
    with atomic_file(folder / SUMMARY, is_answer=False) as partial:
        partial.write_text(json.dumps(summary, indent=1) + "\n", "utf-8")
