"""Reading that may not leave a folder: links that lead out, devices and huge files are named and not read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.writing import put
from tiktok_coach.core.config import accounts_below
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.files.bounds import Bounds
from tiktok_coach.io.files.source_files import open_inputs

MEGABYTE = 2**20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "in" / "posts.csv", "post_id\n1\n")
    put(tmp_path / "out" / "secret.csv", "post_id\n2\n")
    return (tmp_path / "in").resolve()


def opened(folder: Path, most_bytes: int = MEGABYTE) -> dict[str, str | None]:
    """What is opened by name, with the problem of what is not."""
    entries = open_inputs([folder], bounds=Bounds(folder, most_bytes))
    return {
        (entry.where or "") if isinstance(entry, CoachError) else entry.name: entry.problem
        if isinstance(entry, CoachError)
        else None
        for entry in entries
    }


def test_links_that_lead_out_are_named_and_not_read(folder: Path) -> None:
    (folder / "file.csv").symlink_to(folder.parent / "out" / "secret.csv")
    (folder / "folder").symlink_to(folder.parent / "out")
    (folder / "nowhere.csv").symlink_to("nowhere.csv")
    (folder / "own.csv").symlink_to("posts.csv")
    leads_out = "is a link that leads out of the folder; not read"
    # A link to a file of the folder is that file, which is read once.
    assert opened(folder) == {"in/file.csv": leads_out, "in/folder": leads_out, "in/own.csv": None} | {
        "in/nowhere.csv": "is a link that leads nowhere; not read"
    }


def test_without_bounds_links_are_followed(folder: Path) -> None:
    (folder / "file.csv").symlink_to(folder.parent / "out" / "secret.csv")
    assert [entry.name for entry in open_inputs([folder]) if not isinstance(entry, CoachError)] == [
        "in/file.csv",
        "in/posts.csv",
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_what_would_never_end_is_not_read(folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    assert opened(folder) == {"in/pipe.csv": "not a regular file", "in/posts.csv": None}


def test_a_file_that_is_too_large_is_named(folder: Path) -> None:
    with (folder / "huge.csv").open("wb") as stream:
        stream.truncate(2 * MEGABYTE)
    assert opened(folder) == {"in/huge.csv": "is larger than 1 MB; not read", "in/posts.csv": None}


def test_config_files_above_and_beyond_links_say_nothing_of_accounts(folder: Path) -> None:
    for place, name in ((folder.parent, "above"), (folder / "client", "client"), (folder.parent / "out", "out")):
        put(place / "tiktok-coach.yaml", f"account: {{handle: {name}}}\n")
    (folder / "linked").symlink_to(folder.parent / "out")
    assert {one.handle for one in accounts_below([folder]).values()} == {"above", "client", "out"}
    assert {one.handle for one in accounts_below([folder], within=folder).values()} == {"client"}
