"""Streams that are closed, full or cannot be read: what the system refuses is one line, and no fault of the tool."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.writing import content, content_row, put

Coach = Callable[..., Ran]
POSTS = content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-24")])

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such devices")


def shell(folder: Path, arguments: str) -> subprocess.CompletedProcess[str]:
    """A run of the tool by a shell, which can close streams and lead them elsewhere."""
    command = f'"{sys.executable}" -m tiktok_coach {arguments}'
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["/bin/sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        ("audit - <&-", 2, "error: stdin: is empty; download it again\n"),
        ("lint - <&-", 2, "error: stdin.yaml: isn't a plan: it is empty; `tiktok-coach init` writes an example\n"),
        ("audit - 0>written", 2, "error: stdin: cannot be read (Bad file descriptor)\n"),
        ("lint - 0>written", 2, "error: stdin: cannot be read (Bad file descriptor)\n"),
        ("audit Content.csv -q >/dev/full", 2, "error: the output: cannot be written (No space left on device)\n"),
        ("rules -o /dev/full", 2, "error: the output: cannot be written (No space left on device)\n"),
        ("--version >/dev/full", 2, "error: the output: cannot be written (No space left on device)\n"),
        ("rules T401 >&-", 0, ""),
        ("rules none 2>&-", 2, ""),
    ],
)
def test_what_the_system_refuses_is_one_line(tmp_path: Path, arguments: str, code: int, error: str) -> None:
    put(tmp_path / "Content.csv", POSTS)
    ran = shell(tmp_path, arguments)
    assert (ran.returncode, ran.stderr) == (code, error)


def test_a_start_takes_no_stdin(coach: Coach) -> None:
    ran = coach("start", "-")
    assert (ran.code, ran.err) == (2, "error: start needs a folder, not stdin; name the folder with your downloads\n")
