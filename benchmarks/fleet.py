"""What a fleet costs: two workers beside one, the overhead over the plain functions, the cost of an account as accounts grow in number, and a worker's memory.

Prints ratios against a reference of the same run. From them it computes, and marks as computed, what 10, 100 and 1,000 workers would take.

Run from the project's root: python -m benchmarks.fleet [--accounts 1000] [--posts 100] [--runs 3] [--grown 1000,10000] [--folder DIR]
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.measure import show
from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.batch.discovery import GROUP, Group, accounts_in, content_digest
from tiktok_coach.batch.results import COMMANDS
from tiktok_coach.batch.scheduler import connect, finish, prepare_groups, run
from tiktok_coach.batch.worker import create_job, work
from tiktok_coach.core.translation import use_language

NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
# What a task costs the scheduler, by Dask's own documentation, in seconds; with more workers than that serves, it binds first.
PER_TASK = 0.001
# How often the cost of the fewest accounts is taken before, and after, that of more.
AROUND = 3


def dataset(folder: Path, accounts: int, posts: int) -> Path:
    """A dataset that is partitioned by account, made once for each size."""
    place = folder / f"{accounts}x{posts}"
    rng = np.random.default_rng(7)
    for number in range(accounts):
        part = place / f"account=shop{number:06d}"
        if part.exists():
            continue
        part.mkdir(parents=True)
        at = pd.Timestamp("2025-11-01", tz="UTC") + pd.to_timedelta(
            np.sort(rng.integers(0, 365 * 24 * 60, posts)), "min"
        )
        views = rng.lognormal(7, 1, posts).astype("int64")
        pd.DataFrame(
            {
                "post_id": [str(7_600_000_000_000_000_000 + number * 10_000_000 + n) for n in range(posts)],
                "account": f"shop{number:06d}",
                "posted_at": at,
                "caption": rng.choice(["Why rye? #foodtok", "Rye #bread", "How we bake #rye #bread #foodtok"], posts),
                "duration_s": rng.choice([9.0, 13.0, 14.0, 31.0], posts),
                "hook_s": rng.choice([1.0, 2.0, 6.0], posts),
                "views": views,
                "likes": rng.binomial(views, 0.08),
                "comments": rng.binomial(views, 0.01),
                "shares": rng.binomial(views, 0.01),
                "metrics_at": pd.Timestamp("2026-11-01", tz="UTC"),
            }
        ).to_parquet(part / "posts.parquet", index=False)
    return place


def plain(place: Path, count: int) -> float:
    """Seconds an account by the functions themselves, in this process: reading, asking and the rows of the tables."""
    asked = AnalysisOptions(now=NOW, inputs=(place,))
    job = create_job("audit", asked, place, seed=7, resume=False, with_json=False)
    command = COMMANDS["audit"]
    inputs = accounts_in([place])[: count + 1]
    with use_language("en"):
        for number, one in enumerate(inputs):
            if number == 1:
                started = time.perf_counter()
            command.rows(command.answer(Analysis(load_export((Path(one.path),), job.settings, None), job.settings), 7))
            content_digest(Path(one.path))
    return (time.perf_counter() - started) / count


@dataclass(frozen=True)
class Timed:
    """A fleet's audit: its accounts, its seconds, those of the processors of all workers together, and the most MB that one of them held."""

    accounts: int
    seconds: float
    busy: float
    peak: float

    @property
    def cost(self) -> float:
        """Seconds of a processor that an account takes; whoever else uses the machine makes a run longer and hardly dearer."""
        return self.busy / self.accounts


def told(ran: Timed) -> Timed:
    """The same, shown."""
    print(
        f"{ran.accounts:>9,} accounts: {ran.seconds / ran.accounts * 1000:6.1f} ms an account on two workers, "
        f"{ran.cost * 1000:6.1f} ms of a processor",
        flush=True,
    )
    show(f"{ran.accounts:,} accounts: memory of the larger worker", ran.peak, 2048, " MB")
    return ran


def timed(place: Path, workers: int) -> Timed:
    """An audit on so many workers that stand ready."""
    with tempfile.TemporaryDirectory() as out, connect(None, workers) as client:
        accounts = accounts_in([place])
        asked = AnalysisOptions(now=NOW, inputs=(place,))
        # What a worker imports at its first account is not the fleet's.
        warm = create_job("audit", asked, Path(out) / "warm", seed=7, resume=False, with_json=False)
        client.run(work, Group("warm", tuple(accounts[:1])), warm)
        job = create_job("audit", asked, Path(out) / "out", seed=7, resume=False, with_json=False)
        groups = prepare_groups(Path(out) / "out", job, accounts)
        before = sum(client.run(time.process_time).values())
        started = time.perf_counter()
        ran = run(client, job, groups, lambda _done, _failed: None)
        finish(Path(out) / "out", job, ran, groups, 0.0)
        taken = time.perf_counter() - started
        assert not ran.failures, ran.failures[:1]
        busy = sum(client.run(time.process_time).values()) - before
        return Timed(len(accounts), taken, busy, max(client.run(_peak).values()))


def _peak() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--posts", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--grown",
        default="1000,4000",
        help="numbers of accounts over which an account's cost is to be flat; the first is the reference",
    )
    parser.add_argument("--folder", type=Path, help="where the datasets are kept from run to run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = given.folder or Path(name)
        data = dataset(folder, given.accounts, given.posts)
        alone, one, two = [], [], []
        for _ in range(given.runs):
            alone.append(plain(data, min(given.accounts - 1, 500)))
            one.append(timed(data, 1).seconds / given.accounts)
            two.append(timed(data, 2).seconds / given.accounts)
        base, single, double = map(statistics.median, (alone, one, two))
        print(
            f"{given.accounts:,} accounts of {given.posts} posts, medians of {given.runs} runs; an account by the functions alone takes {base * 1000:.1f} ms"
        )
        show("one worker beside the functions alone", single / base, 1.2)
        print(
            f"{'two workers beside one':58} {single / double:7.2f}x  (at least 1.7x) {'ok' if single / double >= 1.7 else 'UNDER'}"
        )
        fewest, *more = (dataset(folder, int(count), given.posts) for count in given.grown.split(","))
        # A shared machine is a quarter dearer in one minute than in another: the reference is taken before and after each.
        before = [told(timed(fewest, 2)) for _ in range(AROUND)]
        for place in more:
            ran = told(timed(place, 2))
            after = [told(timed(fewest, 2)) for _ in range(AROUND)]
            around = statistics.median(one.cost for one in before + after)
            show(
                f"{ran.accounts:,} accounts beside {before[0].accounts:,}: a processor's cost", ran.cost / around, 1.15
            )
            before = after
        print(
            "computed from one worker's cost and the scheduler's, not measured, for 10,000,000 posts in 100,000 accounts:"
        )
        for workers in (10, 100, 1000):
            work, scheduling = 100_000 * single / workers, 100_000 / GROUP * PER_TASK
            tasks = 100_000 / GROUP / workers
            binds = (
                "the scheduler" if scheduling > work else "the last groups of accounts" if tasks < 10 else "the workers"
            )
            print(
                f"{workers:>9,} workers: {max(work, scheduling) / 60:8.1f} min; {tasks:,.0f} groups each; {binds} binds first"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
