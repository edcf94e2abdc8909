"""A result takes the place of a file whole; devices, links and folders stay what they are."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from tiktok_coach.core.errors import CoachError
from tiktok_coach.render.output import WIDTH, atomic_file, console_to, write_pieces


def test_a_failing_write_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before")

    def pieces() -> Any:
        yield "after"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_pieces(pieces(), path)
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_no_line_ends_between_a_number_and_its_sign_of_per_cent(tmp_path: Path) -> None:
    path, start = tmp_path / "a.txt", "views " * (WIDTH // 6)
    with console_to(path) as console:
        console.print(start + "85\xa0% more")
    assert path.read_text("utf-8").splitlines()[1] == "85\xa0% more"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_pieces(["one", "two"], pipe)
    reader.join(5)
    assert read == ["onetwo"]
    assert pipe.is_fifo()


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("before")
    (tmp_path / "a.txt").symlink_to("b.txt")
    write_pieces(["after"], tmp_path / "a.txt")
    assert (tmp_path / "a.txt").is_symlink()
    assert (tmp_path / "b.txt").read_text() == "after"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CoachError, match="is a folder; name a file in it"), atomic_file(tmp_path):
        pass
