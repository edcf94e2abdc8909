"""Many accounts on a real Dask cluster: each gets the answer of its single command, whatever happens to the others."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.batch.packs import PACK
from tests.cli.test_accounts import sheet
from tests.conftest import Ran
from tests.writing import put
from tiktok_coach.cli.app import run

distributed = pytest.importorskip("distributed", reason="needs the extra fleet")
dask = pytest.importorskip("dask")
# Else every worker notes a hundred times a second what it is at, as it does not where the tool starts it.
dask.config.set({"distributed.worker.profile.enabled": False})
# What Dask itself warns of when a cluster goes is not the tool's.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
    pytest.mark.xdist_group("dask"),
]

Coach = Callable[..., Ran]
NAMES = [f"shop{n}" for n in range(8)]
TODAY = ("--today", "2026-11-25", "-q")
# Each account takes its time, so that there is a middle of the work; one of this name ends the process that reads it,
# as one that takes all memory would.
ROUGH = """
import os
import time
from tiktok_coach.batch import worker as working

read = working.load_export

def load_export(paths, settings, progress):
    if paths[0].name == "poisoned":
        os._exit(9)
    time.sleep(0.3)
    return read(paths, settings, progress)

def dask_setup(worker):
    working.load_export = load_export
"""


def cluster_of(*preload: str, workers: int = 2, threads: int = 1) -> Any:
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=threads,
        dashboard_address="127.0.0.1:0",
        preload=list(preload),
        silence_logs=60,
    )


@contextmanager
def once_there(folder: Path, pattern: str, act: Callable[[], object]) -> Iterator[None]:
    """Act beside what is run here, as soon as a file of that name stands in the folder."""

    def wait() -> None:
        while not list(folder.glob(pattern)):
            time.sleep(0.02)
        act()

    waiting = threading.Thread(target=wait)
    waiting.start()
    yield
    waiting.join()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The cluster that serves every test but those that end or starve one."""
    with cluster_of() as cluster:
        yield cluster.scheduler_address


@pytest.fixture(scope="module")
def rough() -> Iterator[Any]:
    """A cluster that is slow and dies of an account; the last test that has it closes it."""
    with dask.config.set({"distributed.scheduler.allowed-failures": 1}), cluster_of(ROUGH) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def late() -> Iterator[Any]:
    """A cluster that has no worker at first, and then one with three threads."""
    with cluster_of(workers=0, threads=3) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fleet") / "clients"
    for number, name in enumerate(NAMES):
        put(folder / name / "posts.csv", sheet({name: 20 + number}, number))
    return folder


@pytest.fixture
def clients(accounts: Path, tmp_path: Path) -> Path:
    return shutil.copytree(accounts, tmp_path / "clients")


@pytest.fixture(scope="module")
def calm(accounts: Path, address: str) -> Path:
    """The audit of all accounts where nothing goes wrong."""
    folder = accounts.parent / "calm"
    assert run(["fleet", "audit", str(accounts), "-o", str(folder), "--scheduler", address, *TODAY]) == 0
    return folder


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table, wherever the accounts lay."""
    files = sorted((folder / table).glob("group=*/part.parquet"))
    every = [row for path in files for row in pq.ParquetFile(path).read().to_pylist()]
    return sorted(({name: value for name, value in row.items() if name != "input"} for row in every), key=str)


def failures(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "failures.csv").open(newline="") as stream:
        return {row["account"]: row for row in csv.DictReader(stream)}


def summary(folder: Path) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    return held


@pytest.mark.parametrize(
    ("command", "tables"),
    [
        ("audit", {"accounts", "tips", "findings", "scores", "effects"}),
        ("simulate", {"accounts", "scores"}),
        ("evidence", {"accounts", "effects"}),
    ],
)
def test_each_account_is_answered_as_by_its_single_command(
    coach: Coach, clients: Path, tmp_path: Path, address: str, command: str, tables: set[str]
) -> None:
    ran = coach("fleet", command, clients, "-o", "out", "--scheduler", address, "--json", *TODAY)
    assert ran.code == 0, ran.err
    assert ran.out.startswith("8 accounts\n")
    out = tmp_path / "out"
    assert {*summary(out)["tables"]} == tables
    assert {row["account"] for table in tables for row in rows(out, table)} == {*NAMES}
    feed = ("--viewers", "0") if command == "simulate" else ()
    for name in NAMES[:3]:
        alone = coach(command, clients / name, "--format", "json", *feed, *TODAY).out
        assert (out / "json" / f"{name}.json").read_text("utf-8") == alone
        posts = [row for row in rows(out, "accounts") if row["account"] == name]
        assert [row["posts"] for row in posts] == [20 + NAMES.index(name)]
        if command != "evidence":
            assert sum(row["account"] == name for row in rows(out, "scores")) == posts[0]["posts"]


def test_the_tables_say_what_the_json_says(coach: Coach, clients: Path, tmp_path: Path, address: str) -> None:
    assert coach("fleet", "audit", clients, "-o", "out", "--scheduler", address, "--json", *TODAY).code == 0
    for name in NAMES[:2]:
        told = json.loads((tmp_path / "out" / "json" / f"{name}.json").read_text("utf-8"))
        mine = {
            t: [row for row in rows(tmp_path / "out", t) if row["account"] == name]
            for t in ("tips", "findings", "effects")
        }
        failing = [one for one in told["findings"] if one["status"] == "fail"]
        assert sorted((f["code"], f["subject"], f["message"]) for f in mine["findings"]) == sorted(
            (f["code"], f["subject"], f["message"]) for f in failing
        )
        scores = {t["tip"]: t["score"] and round(t["score"], 1) for t in mine["tips"]}
        assert scores == {str(t["tip"]): t["score"] for t in (*told["tips"], *told["groups"])}
        assert {e["code"] for e in mine["effects"]} == {c["code"] for c in (*told["changes"], *told["hurting"])}


def test_a_dataset_by_account_is_read_as_its_folders_are(coach: Coach, tmp_path: Path, address: str) -> None:
    put(tmp_path / "all.csv", sheet({"baker": 20, "mill er/2": 30}))
    assert coach("convert", "all.csv", "--partition-by", "account", "-o", "ds", "-q").code == 0
    assert {path.name for path in (tmp_path / "ds").iterdir()} == {"account=baker", "account=mill%20er%2F2"}
    ran = coach("fleet", "audit", "ds", "-o", "out", "--scheduler", address, "--json", *TODAY)
    assert ran.code == 0, ran.err
    held = {row["account"]: (row["handle"], row["posts"]) for row in rows(tmp_path / "out", "accounts")}
    assert held == {"baker": ("baker", 20), "mill er/2": ("mill er/2", 30)}
    assert coach("convert", "all.csv", "--partition-by", "account", "-o", "ds", "-q").err.startswith(
        "error: ds: is not empty"
    )
    assert "name it with -o" in coach("convert", "all.csv", "--partition-by", "account").err


def test_an_account_that_cannot_be_read_is_a_row_in_failures_and_the_rest_goes_on(
    coach: Coach, clients: Path, tmp_path: Path, address: str
) -> None:
    put(clients / "stray" / "x.csv", "a,b\n1,2\n")
    put(clients / "two.csv", sheet({"a": 3, "b": 4}))
    put(clients / "typo" / "posts.csv", sheet({"typo": 5}))
    put(clients / "typo" / "side.yaml", "posts:\n  - post_id: '1'\n    hock_s: 1\n")
    ran = coach("fleet", "audit", clients, "-o", "out", "--scheduler", address, "--strict", *TODAY)
    assert ran.code == 0, ran.err
    assert "3 not read" in ran.out
    told = failures(tmp_path / "out")
    assert {*told} == {"stray", "two", "typo"}
    assert "has 2 accounts" in told["two"]["reason"]
    assert (told["typo"]["file"], told["typo"]["line"]) == (str(clients / "typo" / "side.yaml"), "2")
    assert "no column 'hock_s'" in told["typo"]["reason"]
    assert {row["account"] for row in rows(tmp_path / "out", "accounts")} == {*NAMES}


def test_where_no_account_can_be_read_that_is_an_error(coach: Coach, tmp_path: Path, address: str) -> None:
    for name in ("one", "other"):
        put(tmp_path / "clients" / name / "x.csv", "a,b\n1,2\n")
    ran = coach("fleet", "audit", "clients", "-o", "out", "--scheduler", address, *TODAY)
    assert ran.code == 2
    assert "no account could be read; failures.csv says why" in ran.err
    assert {*failures(tmp_path / "out")} == {"one", "other"}


@pytest.mark.slow
def test_resume_asks_what_is_new_or_changed_and_forgets_what_is_gone(
    coach: Coach, clients: Path, tmp_path: Path, address: str
) -> None:
    def fleet(*more: str | Path) -> dict[str, Any]:
        ran = coach("fleet", "audit", clients, "-o", "out", "--scheduler", address, *TODAY, *more)
        assert ran.code == 0, ran.err
        return summary(tmp_path / "out")

    assert (fleet()["asked"], fleet("--resume")["asked"]) == (8, 0)
    refused = coach("fleet", "audit", clients, "-o", "out", "--scheduler", address, *TODAY)
    assert (refused.code, "--resume goes on with what is there" in refused.err) == (2, True)
    assert (
        "already has the results of `fleet audit`" in coach("fleet", "evidence", clients, "-o", "out", "--resume").err
    )
    put(clients / "shop3" / "posts.csv", sheet({"shop3": 40}, 9))
    put(clients / "new" / "posts.csv", sheet({"new": 9}, 10))
    shutil.rmtree(clients / "shop5")
    told = fleet("--resume")
    assert (told["asked"], told["kept"]) == (2, 6 + 0)
    held = {row["account"]: row["posts"] for row in rows(tmp_path / "out", "accounts")}
    assert held == {**{name: 20 + n for n, name in enumerate(NAMES) if n != 5}, "shop3": 40, "new": 9}
    assert {row["account"] for row in rows(tmp_path / "out", "scores")} == {*held}
    # Of a changed rule everything hangs.
    pack = put(tmp_path / "pack" / "house.yaml", PACK.format(severity="info"))
    assert fleet("--resume", "--rules", pack.parent)["asked"] == 8
    assert fleet("--resume", "--rules", pack.parent)["asked"] == 0
    put(pack, PACK.format(severity="error"))
    assert fleet("--resume", "--rules", pack.parent)["asked"] == 8
    assert {f["severity"] for f in rows(tmp_path / "out", "findings") if f["code"] == "H101"} == {"error"}


@pytest.mark.slow
@pytest.mark.kills
def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing(
    coach: Coach, clients: Path, tmp_path: Path, calm: Path, rough: Any
) -> None:
    [victim, _other] = [nanny.pid for nanny in rough.workers.values()]
    with once_there(tmp_path / "out", "groups/*.now", lambda: os.kill(victim, signal.SIGKILL)):
        ran = coach("fleet", "audit", clients, "-o", "out", "--scheduler", rough.scheduler_address, *TODAY)
    assert ran.code == 0, ran.err
    assert failures(tmp_path / "out") == {}
    for table in ("accounts", "tips", "findings", "scores", "effects"):
        assert rows(tmp_path / "out", table) == rows(calm, table)


@pytest.mark.slow
def test_a_cluster_without_workers_is_waited_for_and_that_is_said(
    coach: Coach, clients: Path, tmp_path: Path, late: Any
) -> None:
    with once_there(tmp_path / "out", "summary.json", lambda: late.scale(1)):
        ran = coach("fleet", "audit", clients, "-o", "out", "--scheduler", late.scheduler_address, *TODAY[:-1])
    assert ran.code == 0, ran.err
    assert "has no workers; the work begins when one comes" in ran.err
    assert {row["account"] for row in rows(tmp_path / "out", "accounts")} == {*NAMES}


@pytest.mark.slow
def test_workers_that_share_a_process_are_named_slow_and_give_the_same(
    coach: Coach, clients: Path, tmp_path: Path, calm: Path, late: Any, address: str
) -> None:
    loud = TODAY[:-1]
    late.scale(1)
    late.wait_for_workers(1)
    where = late.scheduler_address
    ran = coach("fleet", "audit", clients, "-o", "out", "--scheduler", where, *loud)
    assert ran.code == 0, ran.err
    assert f"warning: {where}: its workers have up to 3 threads" in ran.err
    for table in ("accounts", "tips", "findings", "scores", "effects"):
        assert rows(tmp_path / "out", table) == rows(calm, table)
    assert "warning" not in coach("fleet", "audit", clients, "-o", "one", "--scheduler", address, *loud).err


@pytest.mark.slow
@pytest.mark.kills
def test_a_run_that_is_ended_goes_on_where_it_was(
    coach: Coach, clients: Path, tmp_path: Path, calm: Path, address: str
) -> None:
    command = ["fleet", "audit", str(clients), "-o", "out", "--workers", "1", *TODAY]
    running = subprocess.Popen(
        [sys.executable, "-m", "tiktok_coach", *command],
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        while not list((tmp_path / "out").glob("groups/*.json")):
            assert running.poll() is None
            time.sleep(0.01)
    finally:
        running.kill()
        running.wait()
    assert summary(tmp_path / "out")["finished"] is False
    ran = coach("fleet", "audit", clients, "-o", "out", "--scheduler", address, "--resume", *TODAY)
    assert ran.code == 0, ran.err
    assert summary(tmp_path / "out")["kept"] >= 1
    for table in ("accounts", "findings", "scores"):
        assert rows(tmp_path / "out", table) == rows(calm, table)


@pytest.mark.kills
@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for a group of processes")
@pytest.mark.slow
def test_a_run_that_is_stopped_at_the_keyboard_ends_in_one_line(clients: Path, tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "tiktok_coach", "fleet", "audit", str(clients), "-o", "out", "--workers", "1", *TODAY],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Whatever started the tests may ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not list((tmp_path / "out").glob("groups/*.json")):
        assert running.poll() is None
        time.sleep(0.01)
    # A terminal sends it to the workers too.
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate()
    assert (running.returncode, out, err) == (130, "", "Stopped.\n")
    assert summary(tmp_path / "out")["finished"] is False


@pytest.mark.kills
@pytest.mark.slow
def test_an_account_that_ends_its_workers_is_left_out_and_named(
    coach: Coach, clients: Path, tmp_path: Path, rough: Any
) -> None:
    put(clients / "poisoned" / "posts.csv", sheet({"poisoned": 5}))
    ran = coach("fleet", "audit", clients, "-o", "out", "--scheduler", rough.scheduler_address, *TODAY)
    assert ran.code == 0, ran.err
    assert {*failures(tmp_path / "out")} == {"poisoned"}
    assert "ended its worker again and again" in failures(tmp_path / "out")["poisoned"]["reason"]
    assert {row["account"] for row in rows(tmp_path / "out", "accounts")} == {*NAMES}


@pytest.mark.kills
@pytest.mark.slow
def test_a_scheduler_that_goes_is_one_clear_line_and_what_is_done_stays(
    coach: Coach, clients: Path, tmp_path: Path, address: str, rough: Any
) -> None:
    with once_there(tmp_path / "out", "groups/*.json", rough.close):
        ran = coach("fleet", "audit", clients, "-o", "out", "--scheduler", rough.scheduler_address, *TODAY)
    assert ran.code == 2
    assert "error: the Dask scheduler is gone, with" in ran.err
    assert "Traceback" not in ran.err
    assert coach("fleet", "audit", clients, "-o", "out", "--scheduler", address, "--resume", *TODAY).code == 0
    assert summary(tmp_path / "out")["kept"] >= 1
    assert {row["account"] for row in rows(tmp_path / "out", "accounts")} == {*NAMES}


def test_a_full_disk_is_one_clear_line_and_leaves_nothing_half_written(
    coach: Coach, clients: Path, tmp_path: Path, address: str
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("needs the right to mount a small tmpfs")
    try:
        ran = coach("fleet", "audit", clients, "-o", disk / "out", "--scheduler", address, "--json", *TODAY)
        assert ran.code == 2
        assert ran.err.splitlines()[-1].startswith("error: ")
        assert "No space left on device" in ran.err
        assert "Traceback" not in ran.err
        for path in (disk / "out").rglob("part.parquet"):
            pq.ParquetFile(path).read()
        for path in (disk / "out").rglob("*.json"):
            json.loads(path.read_text("utf-8"))
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.slow
def test_an_own_config_holds_for_its_account_alone(coach: Coach, clients: Path, tmp_path: Path, address: str) -> None:
    put(clients / "tiktok-coach.yaml", "ignore: [T9]\n")
    put(clients / "shop1" / "tiktok-coach.yaml", "ignore: [T4]\n")
    trends = put(tmp_path / "trends.yaml", "lists:\n  - as_of: 2026-11-20\n    hashtags: [foodtok]\n")
    more = ("--trends", trends, *TODAY)
    assert coach("fleet", "audit", clients, "-o", "out", "--scheduler", address, "--json", *more).code == 0
    for name in ("shop0", "shop1"):
        alone = coach("audit", clients / name, "--format", "json", *more).out
        assert (tmp_path / "out" / "json" / f"{name}.json").read_text("utf-8") == alone


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere", "-o", "out"), "nowhere: no such file or folder"),
        (("empty", "-o", "out"), "no account found"),
        (
            ("clients", "clients/shop1", "-o", "out", "--scheduler", "tcp://127.0.0.1:9"),
            "no Dask scheduler answers at tcp://127.0.0.1:9",
        ),
        (("clients", "twice", "-o", "out"), "two accounts are called 'shop1'"),
        (
            ("clients", "-o", "out", "--scheduler", "tcp://127.0.0.1:9", "--workers", "2"),
            "leave it out with --scheduler",
        ),
        (("clients", "-o", "out", "--rules", "nothing"), "nothing"),
    ],
    ids=["absent", "empty", "no cluster", "twice", "both", "no rules"],
)
def test_what_cannot_be_is_one_line(
    coach: Coach, clients: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr("tiktok_coach.batch.scheduler.PATIENCE", "1s")
    (tmp_path / "empty").mkdir()
    put(tmp_path / "twice" / "shop1.csv", sheet({"shop1": 3}))
    ran = coach("fleet", "audit", *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "out").exists()
