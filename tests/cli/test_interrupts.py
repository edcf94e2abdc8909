"""Ctrl-C ends whatever runs in one line and with exit code 130, and leaves nothing half-written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.writing import content, content_row, put

Coach = Callable[..., Ran]
POSTS = content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-24")])


def stop(*_: object, **__: object) -> Iterator[str]:
    yield "half of it"
    raise KeyboardInterrupt


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for one process")
def test_a_signal_while_a_file_is_read(tmp_path: Path) -> None:
    reading = subprocess.Popen(
        [sys.executable, "-m", "tiktok_coach", "convert", "-", "-o", "posts.csv"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Whatever started the tests may ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert reading.stdin is not None
    # More than fits into a pipe, so that it is written only once it is read at the other end, which waits for more.
    reading.stdin.write("post_id,caption\n" + "1,rye\n" * 100_000)
    reading.stdin.flush()
    reading.send_signal(signal.SIGINT)
    out, err = reading.communicate()
    assert (reading.returncode, out, err) == (130, "", "Stopped.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_stop_while_a_file_is_written(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "Content.csv", POSTS)
    put(tmp_path / "audit.json", "before")
    monkeypatch.setattr("tiktok_coach.render.audit.audit_json", stop)
    ran = coach("audit", "Content.csv", "-o", "audit.json", "--force", "-q")
    assert (ran.code, ran.out, ran.err) == (130, "", "Stopped.\n")
    assert {path.name: path.read_text("utf-8")[:6] for path in tmp_path.glob("*.json")} == {"audit.json": "before"}
    assert len(list(tmp_path.iterdir())) == 2


def test_a_stop_while_the_example_is_made(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    def write_half(folder: Path, _seed: int) -> list[Path]:
        put(folder / "Content.csv", "half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr("tiktok_coach.demo.bakery.write_bakery", write_half)
    ran = coach("demo", "bakery")
    assert (ran.code, ran.err) == (130, "Stopped.\n")
    assert list(tmp_path.iterdir()) == []
