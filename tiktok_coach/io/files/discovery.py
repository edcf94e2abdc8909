"""Finds the exports in a folder that holds much else, by names and by the first bytes of files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tiktok_coach.core.config import NAMES as CONFIG_NAMES
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.files.source_files import JSON, READABLE, WORKBOOKS, SourceFile, open_inputs
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.io.registry import reader_of

# A folder with no more files that may be exports is read as it is.
FEW = 100
# Further folders, deeper ones, and files whose names and days say less are not looked at.
MOST_FOLDERS, MOST_DEPTH, MOST_FILES = 5_000, 4, 1_000
# Folders in which programs keep theirs.
OF_PROGRAMS = frozenset({"node_modules", "site-packages", "venv", "env", "__pycache__", "Library", "AppData", "target"})
LIKELY = re.compile(r"tiktok|^(?:content|overview|viewers|followers|video)\b|user_data|studio|metricool|\.har$", re.I)
# So much of a file tells its headings, and a document up to this size is read whole.
HEAD, SMALL = 4_096, 262_144
TABLES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Discovery:
    """The exports among the files of a folder, and how many others were left out."""

    exports: tuple[Path, ...]
    others: int


def discover(folder: Path, options: ReadOptions, progress: Callable[[str], None] | None = None) -> Discovery | None:
    """The exports in a folder; None where every file that can be read may be, as all are exports or they are few."""
    files = list(_files(folder))
    if len(files) <= FEW:
        return None
    first = sorted(files, key=lambda path: (LIKELY.search(path.name) is None, -_changed(path)))[:MOST_FILES]
    exports = []
    # What a table is of, its headings tell, which tables of one kind share.
    is_known: dict[bytes, bool] = {}
    for path in first:
        if progress is not None:
            progress(path.name)
        headings = _first_line(path) if path.suffix.lower() in TABLES else b""
        is_export = is_known.get(headings) if headings else None
        if is_export is None:
            is_export = is_known[headings] = _is_export(path, options)
        if is_export:
            exports.append(path)
    return Discovery(tuple(sorted(exports)), len(files) - len(exports)) if len(exports) < len(files) else None


def _files(folder: Path) -> Iterator[Path]:
    """The files whose endings are those of exports, in no more than so many folders."""
    for count, (place, names, files) in enumerate(os.walk(folder)):
        depth = len(Path(place).relative_to(folder).parts)
        names[:] = [n for n in sorted(names) if depth < MOST_DEPTH and not n.startswith(".") and n not in OF_PROGRAMS]
        for name in files:
            if Path(name).suffix.lower() in READABLE and not name.startswith(".") and name not in CONFIG_NAMES:
                yield Path(place, name)
        if count >= MOST_FOLDERS:
            return


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _first_line(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.readline(HEAD)
    except OSError:
        return b""


def _is_export(path: Path, options: ReadOptions) -> bool:
    """Whether the beginning of a file is that of an export, or its name where that says nothing."""
    file, suffix = SourceFile(path.name, path=path), path.suffix.lower()
    is_likely = LIKELY.search(path.name) is not None
    try:
        head = file.head
        if suffix in TABLES:
            lines = head[:HEAD].rpartition(b"\n")[0] if len(head) > HEAD else head
            return reader_of(SourceFile(path.name, content=lines), options) is not None
        if suffix in {*JSON, ".har"} and not is_likely and b"tiktok" not in head.lower():
            return False
        if path.stat().st_size > SMALL:
            return is_likely or suffix in {*JSON, ".har"}
        entries = [entry for entry in open_inputs([path]) if isinstance(entry, SourceFile)]
        tabs = [tab for entry in entries for tab in (entry.tabs if entry.suffix in WORKBOOKS else (entry,))]
        return any(reader_of(tab, options) is not None for tab in tabs)
    except (CoachError, OSError):
        return False
