"""Spoils inputs of every kind, runs every command over them, and looks for faults of the tool.

A fault is a crash, a run of over five seconds, a row that is lost without a word, output that is not what its format says, a control
character that reaches the terminal, or an answer that differs where the files are read from the cache. What failed is kept in a folder of its own, with the command that shows it.

Run: python benchmarks/fuzz.py [--seconds 60] [--seed 1] [--keep fuzz-failures]
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import multiprocessing
import random
import re
import shutil
import sys
import tempfile
import time
import unicodedata
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from fuzz_mutations import mutated
from fuzz_seeds import Seed, seeds

HANG = 5.0
FAULT = "this is a fault of tiktok-coach"
MEMORY = 6 * 2**30
TODAY = ("--today", "2026-11-01")
# Of commands that may read from the cache so large a share is run again, from it and without it.
CACHED, AGAIN = frozenset({"audit", "simulate", "evidence", "times", "backtest", "compare"}), 0.3
LINT = ("text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown")


@dataclass(frozen=True)
class Ran:
    """What a run gave."""

    code: int
    out: str
    err: str
    seconds: float


def worker(pipe: Connection) -> None:
    """Runs commands as they come, each in its folder, until told to stop."""
    import contextlib
    import os
    import resource

    from tiktok_coach.cli.app import run

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.environ |= {"NO_COLOR": "1", "COLUMNS": "110"}
    for import_first in (["--help"], ["rules", "--select", "T4"]):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            run(import_first)
    pipe.send("ready")
    while (job := pipe.recv()) is not None:
        folder, arguments = job
        os.chdir(folder)
        out, err = io.StringIO(), io.StringIO()
        code, started = -1, time.process_time()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = run(arguments)
            except BaseException as error:  # noqa: BLE001 - whatever leaves the tool is what is looked for
                err.write(f"{FAULT}: {type(error).__name__}: {error}")
        os.chdir("/")
        pipe.send(Ran(code, out.getvalue(), err.getvalue(), time.process_time() - started))


class Runner:
    """A process that runs commands, made anew when one hangs or dies."""

    def __init__(self) -> None:
        self.context = multiprocessing.get_context("spawn")
        self.start()

    def start(self) -> None:
        self.pipe, theirs = self.context.Pipe()
        self.process = self.context.Process(target=worker, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        self.pipe.recv()

    def run(self, folder: Path, arguments: list[str]) -> Ran | str:
        """What a command gave, or `hang` or `death`."""
        self.pipe.send((str(folder), arguments))
        try:
            # A busy machine is no hang: what ends after all is judged by the processor's time that it took.
            if self.pipe.poll(HANG * 6):
                return self.pipe.recv()
            found = "hang"
        except (EOFError, ConnectionResetError):
            found = "death"
        self.process.kill()
        self.process.join()
        self.start()
        return found

    def stop(self) -> None:
        self.pipe.send(None)
        self.process.join(5)


def commands(seed: Seed, draw: random.Random) -> Iterator[list[str]]:
    """Some of the commands for inputs of a kind, each time others."""
    names = [name for name in seed.files if "/" not in name]
    target = ["e"] if not names else [names[0]] if seed.kind == "export" else ["."]
    common = [*TODAY, *seed.options]
    if seed.kind == "plan":
        yield ["lint", *target, "--format", draw.choice(LINT), *TODAY]
        yield draw.choice(
            [
                ["lint", *target, "--fix", *TODAY],
                ["lint", *target, "--diff", "--move-slots", *TODAY],
                ["lint", *target, "--statistics", *TODAY],
            ]
        )
        yield ["simulate", names[0] if len(names) == 1 else ".", "--viewers", "0", *TODAY]
        return
    if seed.kind == "rules":
        yield ["rules", "--check", "pack"]
        yield ["audit", "v.csv", "--rules", "pack", *TODAY]
        yield ["lint", "v.csv", "--rules", "pack", *TODAY]
        return
    if seed.name.startswith("capture"):
        yield ["capture", draw.choice(["check", "plan"]), *target, *TODAY]
        yield ["capture", "clean", *target, "-o", "clean.har"]
        yield ["convert", *target, "--retention", "retention.csv", *common]
    if seed.rows:
        yield ["convert", *target, "--verbose", *common]
    shown = draw.choice(["text", "json", "markdown"])
    yield ["audit", *target, "--format", shown, *(["--verbose", "--posts"] if draw.random() < 0.5 else []), *common]
    yield draw.choice(
        [
            [
                "simulate",
                *target,
                "--viewers",
                "0",
                "--format",
                draw.choice(["text", "json", "csv", "markdown"]),
                *common,
            ],
            ["simulate", *target, "--viewers", "200", "--runs", "2", "--suggest", *common],
            ["convert", *target, "-o", draw.choice(["out.csv", "out.parquet", "out.json"]), *common],
            ["convert", *target, "--snapshots", "-o", "out.csv", *common],
            ["columns", *target, "--format", draw.choice(["text", "json", "yaml"])],
            ["plan", "new", "--history", *target, "--timezone", "Europe/Copenhagen", *common],
            ["lint", *target, "--history", *target, *TODAY],
            ["audit", *target, "--strict", *common],
            ["report", *target, "-o", draw.choice(["page.html", "page.md"]), *common],
            *(
                [*command, *target, "--format", draw.choice(["text", "json", "csv", "markdown"]), *common]
                for command in (
                    ["evidence"],
                    ["evidence", "--all"],
                    ["times"],
                    ["backtest"],
                    ["compare", "--before", "2026-05-01"],
                    ["experiment", "design", "--rule", "T301"],
                    ["experiment", "design", "--rule", "T403", "--write-plan", "trial.yaml"],
                )
            ),
        ]
    )


def faults(arguments: list[str], ran: Ran | str, seed: Seed, body: bytes | None) -> Iterator[str]:
    """What is wrong with a run."""
    if isinstance(ran, str):
        yield ran
        return
    if ran.seconds > HANG:
        yield "hang"
    if FAULT in ran.err or "Traceback" in ran.err or ran.code not in {0, 1, 2}:
        yield "crash"
    if ran.code == 2 and not ran.err.strip():
        yield "silent error"
    raw = arguments[0] == "convert" or "csv" in arguments or "yaml" in arguments or "--diff" in arguments
    for text in (ran.err, "" if raw else ran.out):
        if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text):
            yield "control character"
    if ran.code in {0, 1} or arguments[0] == "lint":
        try:
            _parsed(arguments, ran.out)
        except (ValueError, ET.ParseError):
            yield "malformed output"
    if (
        seed.rows
        and body is not None
        and arguments[0] == "convert"
        and ran.code == 0
        and "-o" not in arguments
        and _lost(body, ran)
    ):
        yield "row lost"


def differs_by_cache(runner: Runner, folder: Path, arguments: list[str], ran: Ran | str) -> bool:
    """Whether the same command says another thing where its files come from the cache, or where there is none."""
    if isinstance(ran, str):
        return False
    again = [runner.run(folder, arguments), runner.run(folder, [*arguments, "--no-cache"])]
    return any(isinstance(one, str) or (one.code, one.out, one.err) != (ran.code, ran.out, ran.err) for one in again)


def _parsed(arguments: list[str], text: str) -> None:
    if not text.strip():
        return
    if set(arguments) & {"json", "sarif", "gitlab"}:
        json.loads(text)
    elif "jsonl" in arguments:
        for line in text.splitlines():
            json.loads(line)
    elif "junit" in arguments:
        ET.fromstring(text)


def _lost(body: bytes, ran: Ran) -> bool:
    """Whether a table gave fewer posts than it has rows, and nothing says so."""
    from tiktok_coach.core.errors import CoachError
    from tiktok_coach.io.files.source_files import SourceFile

    try:
        sheet = SourceFile("", content=body).sheet
    except CoachError:
        return False
    rows = [row for row in sheet.rows[1:] if any(cell.strip() for cell in row.cells)]
    ids = [re.search(r"\d{15,20}", " ".join(row.cells)) for row in rows]
    # Rows of one post, and rows that say the same, are one.
    different = {found[0] if found else tuple(row.cells) for found, row in zip(ids, rows, strict=True)}
    given = max(sum(1 for _ in csv.reader(io.StringIO(ran.out))) - 1, 0)
    return given < len(different) and not re.search(r"row|left out|left apart|rounded|ruined|header|column", ran.err)


def keep(folder: Path, target: Path, arguments: list[str], ran: Ran | str, what: list[str]) -> None:
    """A failing input with the command that shows it."""
    shutil.copytree(folder, target, dirs_exist_ok=True)
    said = ran if isinstance(ran, str) else f"exit code {ran.code}\n{ran.err[-4000:]}\n"
    (target / "command.txt").write_text(
        f"{', '.join(what)}\ntiktok-coach {' '.join(arguments)}\n\n{said}", "utf-8", "replace"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"))
    given = parser.parse_args()
    print(f"seed {given.seed}, {given.seconds:g} s", flush=True)
    draw, every, runner = random.Random(given.seed), seeds(), Runner()
    found: Counter[str] = Counter()
    by_kind: Counter[str] = Counter()
    runs = inputs = 0
    until = time.monotonic() + given.seconds
    with tempfile.TemporaryDirectory() as place:
        while time.monotonic() < until:
            seed = draw.choice(every)
            folder = Path(place) / str(inputs)
            inputs += 1
            spoilt = set(draw.sample(sorted(seed.files), k=draw.randint(1, len(seed.files))))
            bodies = {n: mutated(n, b, draw) if n in spoilt else b for n, b in seed.files.items()}
            for name, body in bodies.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(body)
            for arguments in commands(seed, draw):
                # What convert says of rows is read here, in English.
                arguments = [*arguments, "--lang", "en" if arguments[0] == "convert" else draw.choice(["en", "da"])]
                runs += 1
                by_kind[seed.name] += 1
                ran = runner.run(folder, arguments)
                what = sorted(set(faults(arguments, ran, seed, bodies.get(seed.rows or ""))))
                if (
                    arguments[0] in CACHED
                    and draw.random() < AGAIN
                    and differs_by_cache(runner, folder, arguments, ran)
                ):
                    what.append("cache differs")
                found.update(what)
                if what:
                    target = given.keep / f"{given.seed}-{inputs}-{arguments[0]}"
                    keep(folder, target, arguments, ran, what)
                    print(
                        f"{', '.join(what)}: {seed.name}: tiktok-coach {' '.join(arguments)} (kept in {target})",
                        flush=True,
                    )
            shutil.rmtree(folder, ignore_errors=True)
    runner.stop()
    print(f"{runs} runs over {inputs} inputs of {len(by_kind)} kinds")
    for name in (
        "crash",
        "death",
        "hang",
        "row lost",
        "control character",
        "malformed output",
        "silent error",
        "cache differs",
    ):
        print(f"{name:18} {found[name]}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
