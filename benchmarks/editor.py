"""The language server as an editor feels it: how long after a stop of the keys the findings are there.

    python -m benchmarks.editor                 latency, on calendars of 200 and 2,000 posts beside the example
    python -m benchmarks.editor --edits 1000    whether the findings are those of lint, after so many random edits

Latency is from the stop of the keys on (the server waits 300 ms by itself, which is taken off) to the diagnostics in the
client, over the server's own pipe; beside it stands what the same lint takes without a server, in one run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from random import Random
from statistics import median, quantiles
from threading import Thread
from typing import Any

from tests.editor.calendar import calendar
from tests.editor.test_same_as_lint import check
from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.demo.bakery import write_bakery
from tiktok_coach.editor.project import OpenFile, Project
from tiktok_coach.editor.server import QUIET_S

# By then what is worked out in the background is there.
SETTLED_S = 12
# After so long without the message that is waited for, the benchmark ends with an error.
PATIENCE_S = 60
BOUNDS_MS = {200: 150, 2_000: 400}
NOW = dt.datetime(2026, 11, 28, 9, tzinfo=dt.UTC)


def p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]


def typed(text: str, count: int) -> list[str]:
    """The text after each of so many letters typed into captions."""
    random, texts = Random(1), []
    places = [at for at, line in enumerate(text.splitlines()) if line.strip().startswith("caption:")]
    for _number in range(count):
        lines = text.splitlines(keepends=True)
        at = random.choice(places)
        where = random.randrange(15, len(lines[at]) - 3)
        lines[at] = lines[at][:where] + random.choice("abcdefg ") + lines[at][where:]
        text = "".join(lines)
        texts.append(text)
    return texts


class Pipe:
    """The server's pipe, read as an editor reads it: JSON, of which no Python objects of the protocol are made."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tiktok_coach", "server"]
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.uri, self._ids = (folder / "plan.yaml").as_uri(), count(1)
        self._messages: SimpleQueue[dict[str, Any]] = SimpleQueue()
        Thread(target=self._listen, daemon=True).start()
        self.ask("initialize", {"processId": None, "capabilities": {}, "rootUri": folder.as_uri()})
        self.tell("initialized", {})

    def tell(self, method: str, params: dict[str, Any], **more: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        number = next(self._ids)
        self.tell(method, params, id=number)
        return self.read(lambda message: message.get("id") == number)["result"]

    def read(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next message that fits; others are passed over."""
        while not fits(message := self._messages.get(timeout=PATIENCE_S)):
            pass
        return message

    def _listen(self) -> None:
        # As an editor does, whatever it writes itself: a server that nobody listens to takes nothing either.
        assert self.process.stdout is not None
        while header := self.process.stdout.readline():
            size = 0
            while line := header.strip():
                name, _colon, value = line.partition(b":")
                size = int(value) if name == b"Content-Length" else size
                header = self.process.stdout.readline()
            self._messages.put(json.loads(self.process.stdout.read(size)))

    def diagnostics(self, version: int) -> list[Any]:
        """The diagnostics of a version of the plan."""
        message = self.read(lambda message: message.get("params", {}).get("version") == version)
        return list(message["params"]["diagnostics"])

    def close(self) -> None:
        self.ask("shutdown", {})
        self.tell("exit", {})
        self.process.wait()


def latencies(folder: Path, text: str, rounds: int) -> tuple[list[float], int]:
    """How long each edit's diagnostics take, in ms, and how many diagnostics there are at the end."""
    pipe = Pipe(folder)
    document = {"uri": pipe.uri, "languageId": "yaml", "version": 0, "text": text}
    pipe.tell("textDocument/didOpen", {"textDocument": document})
    pipe.diagnostics(0)
    # The published posts are read meanwhile, after which all is linted again.
    time.sleep(SETTLED_S)
    times = []
    for version, edited in enumerate(typed(text, rounds), 1):
        start = time.perf_counter()
        changed = {"textDocument": {"uri": pipe.uri, "version": version}, "contentChanges": [{"text": edited}]}
        pipe.tell("textDocument/didChange", changed)
        shown = pipe.diagnostics(version)
        times.append(1000 * (time.perf_counter() - start - QUIET_S))
    for name, took in request_times(pipe, edited).items():
        print(f"    {name}: median {median(took):.0f} ms, 95% under {p95(took):.0f} ms")
    pipe.close()
    return times, len(shown)


def request_times(pipe: Pipe, text: str) -> dict[str, list[float]]:
    """How long an editor's questions take once a text is linted, in ms."""
    document, lines, random = {"uri": pipe.uri}, text.splitlines(), Random(2)

    def at() -> dict[str, int]:
        line = random.randrange(4, min(len(lines), 1000))
        return {"line": line, "character": random.randrange(len(lines[line]) + 1)}

    def near(many: int) -> dict[str, Any]:
        line = random.randrange(4, max(5, len(lines) - 60))
        return {"start": {"line": line, "character": 0}, "end": {"line": line + many, "character": 0}}

    questions: dict[str, Callable[[], dict[str, Any]]] = {
        "hover": lambda: {"position": at()},
        "completion": lambda: {"position": at()},
        "inlayHint": lambda: {"range": near(50)},
        "codeAction": lambda: {"range": near(1), "context": {"diagnostics": []}},
        "documentSymbol": dict,
    }
    times: dict[str, list[float]] = {}
    for name, params in questions.items():
        # The first of each warms up what is worked out once.
        for number in range(21):
            start = time.perf_counter()
            pipe.ask(f"textDocument/{name}", {"textDocument": document, **params()})
            if number:
                times.setdefault(name, []).append(1000 * (time.perf_counter() - start))
    return times


def bare_lint(folder: Path, text: str) -> float:
    """What the lint itself takes, in ms: the median of five."""
    project = Project(folder, AnalysisOptions(now=NOW), lambda: NOW)
    project.read_history()
    times = []
    for version in range(6):
        file = OpenFile((folder / "plan.yaml").as_uri(), folder / "plan.yaml", version, text + "\n" * version)
        start = time.perf_counter()
        project.lint([file])
        times.append(1000 * (time.perf_counter() - start))
    return median(times[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=0, help="compare with lint after so many random edits")
    parser.add_argument("--rounds", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve() / "plans"
        folder.mkdir()
        write_bakery(folder.parent / "bakery")
        (folder / "tiktok-coach.yaml").write_text(f"lint: {{history: [{folder.parent / 'bakery'}]}}\n")
        os.chdir(folder)
        if asked.edits:
            project = Project(folder, AnalysisOptions(now=NOW), lambda: NOW)
            project.read_history()
            compared, readable = check(project, calendar(200), asked.edits, seed=5)
            print(
                f"{compared:,} of {asked.edits:,} texts of 200 posts are shown as lint has them, {readable:,} of them whole"
            )
            return
        for posts, bound in BOUNDS_MS.items():
            text = calendar(posts)
            times, found = latencies(folder, text, asked.rounds)
            own = bare_lint(folder, text)
            verdict = "ok" if p95(times) <= bound else "OVER"
            print(
                f"{posts:,} posts, {found:,} findings: median {median(times):.0f} ms ({median(times) / own:.2f}x the lint"
                f" alone), 95% under {p95(times):.0f} ms [{bound}] {verdict}"
            )


if __name__ == "__main__":
    main()
