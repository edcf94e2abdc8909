"""The language server as an editor feels it: how long after a stop of the keys the findings are there.

    python -m benchmarks.editor                 latency, on calendars of 200 and 2,000 posts beside the example
    python -m benchmarks.editor --edits 1000    whether the findings are those of lint, after so many random edits

Latency is from the stop of the keys on (the server waits 300 ms by itself, which is taken off) to the diagnostics in the
client, over the server's own pipe; beside it stands what the same lint takes without a server, in one run.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median, quantiles

from lsprotocol import types

from tests.editor.calendar import calendar
from tests.editor.client import Editor
from tests.editor.test_same_as_lint import check
from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.demo.bakery import write_bakery
from tiktok_coach.editor.project import OpenFile, Project
from tiktok_coach.editor.server import QUIET_S

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


async def latencies(folder: Path, text: str, rounds: int) -> tuple[list[float], int]:
    """How long each edit's diagnostics take, in ms, and how many diagnostics there are at the end."""
    editor = Editor(folder)
    await editor.start()
    editor.open("plan.yaml", text)
    await editor.diagnostics("plan.yaml")
    # The published posts are read meanwhile, after which all is linted again.
    await asyncio.sleep(8)
    times = []
    for edited in typed(text, rounds):
        start = time.perf_counter()
        editor.change("plan.yaml", edited)
        found = await editor.diagnostics("plan.yaml")
        times.append(1000 * (time.perf_counter() - start - QUIET_S))
    answers = await request_times(editor, edited)
    await editor.stop()
    for name, took in answers.items():
        print(f"    {name}: median {median(took):.0f} ms, 95% under {p95(took):.0f} ms")
    return times, len(found)


async def request_times(editor: Editor, text: str) -> dict[str, list[float]]:
    """How long an editor's questions take once a text is linted, in ms."""
    document = types.TextDocumentIdentifier(editor.uri("plan.yaml"))
    lines = text.splitlines()
    random = Random(2)
    client = editor.client

    def at() -> types.Position:
        line = random.randrange(4, min(len(lines), 1000))
        return types.Position(line, random.randrange(len(lines[line]) + 1))

    def near() -> types.Range:
        line = random.randrange(4, max(5, len(lines) - 60))
        return types.Range(types.Position(line, 0), types.Position(line + 50, 0))

    context = types.CodeActionContext([])
    questions: dict[str, Callable[[], object]] = {
        "hover": lambda: client.text_document_hover_async(types.HoverParams(document, at())),
        "completion": lambda: client.text_document_completion_async(types.CompletionParams(document, at())),
        "inlay hints": lambda: client.text_document_inlay_hint_async(types.InlayHintParams(document, near())),
        "code actions": lambda: client.text_document_code_action_async(
            types.CodeActionParams(document, near(), context)
        ),
        "symbols": lambda: client.text_document_document_symbol_async(types.DocumentSymbolParams(document)),
    }
    times: dict[str, list[float]] = {}
    for name, ask in questions.items():
        # The first of each warms up what is worked out once.
        await ask()  # type: ignore[misc]
        for _number in range(20):
            start = time.perf_counter()
            await ask()  # type: ignore[misc]
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
        for count, bound in BOUNDS_MS.items():
            text = calendar(count)
            times, found = asyncio.run(latencies(folder, text, asked.rounds))
            own = bare_lint(folder, text)
            verdict = "ok" if p95(times) <= bound else "OVER"
            print(
                f"{count:,} posts, {found:,} findings: median {median(times):.0f} ms ({median(times) / own:.2f}x the lint"
                f" alone), 95% under {p95(times):.0f} ms [{bound}] {verdict}"
            )


if __name__ == "__main__":
    main()
