"""Finds the exports in a folder that holds much else, by names and by the first bytes of files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from tiktok_coach.core.config import NAMES as CONFIG_NAMES
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.io.files.source_files import JSON, READABLE, WORKBOOKS, SourceFile, open_inputs
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.io.registry import reader_of

# A folder with no more files that may be exports is read as it is.
FEW = 100
# Further folders and deeper ones are not looked at, nor, after so many files that are no exports, those whose names and
# days say less.
MOST_FOLDERS, MOST_DEPTH, MOST_FILES = 5_000, 4, 1_000
# Folders in which programs keep theirs.
OF_PROGRAMS = frozenset({"node_modules", "site-packages", "__pycache__"})
LIKELY = re.compile(r"tiktok|^(?:content|overview|viewers|followers|video)\b|user_data|studio|metricool|\.har$", re.I)
# So much of a file tells its headings, and a document up to this size is read whole.
HEAD, SMALL = 4_096, 262_144
TABLES = (".csv", ".tsv", ".txt")
# A line of headings has several cells and no numbers; what is before it may be of any file.
HEADINGS = re.compile(rb"(?:.*\n)*?(?!#|sep=)[^\d\n]*[,;\t|][^\d\n]*\n")


@dataclass(frozen=True)
class Discovery:
    """The exports among the files of a folder, how many others were left out, and how many folders."""

    exports: tuple[Path, ...]
    others: int
    folders: int = 0


def discover(folder: Path, options: ReadOptions, progress: Callable[[str], None] | None = None) -> Discovery | None:
    """The exports in a folder; None where every file that can be read may be, as all are exports or they are few."""
    files, skipped = _files(folder)
    if len(files) <= FEW:
        return None
    exports, others = [], 0
    # What a table is of, its headings tell, which tables of one kind share.
    is_known: dict[bytes, bool] = {}
    for path in sorted(files, key=lambda path: (LIKELY.search(path.name) is None, -_changed(path))):
        if others == MOST_FILES:
            break
        if progress is not None:
            progress(path.name)
        headings = _headings(path) if path.suffix.lower() in TABLES else b""
        is_export = is_known.get(headings) if headings else None
        if is_export is None:
            is_export = is_known[headings] = _is_export(path, options)
        if is_export:
            exports.append(path)
        else:
            others += 1
    if len(exports) == len(files):
        return None
    return Discovery(tuple(sorted(exports)), len(files) - len(exports), skipped)


def _files(folder: Path) -> tuple[list[Path], int]:
    """The files whose endings are those of exports, and in how many folders nobody looked, but for hidden ones.

    What is nearer to the top is looked at first, as exports are rarely far down.
    """
    result: list[Path] = []
    places, depth = [folder], 0
    seen = skipped = 0
    while places and depth <= MOST_DEPTH:
        skipped += len(places[MOST_FOLDERS - seen :])
        places = places[: MOST_FOLDERS - seen]
        seen += len(places)
        below: list[Path] = []
        for place in places:
            _place, names, files = next(os.walk(place), (place, [], []))
            shown = [name for name in sorted(names) if not name.startswith(".") and not Path(place, name).is_symlink()]
            below += [Path(place, name) for name in shown if name not in OF_PROGRAMS]
            skipped += sum(name in OF_PROGRAMS for name in shown)
            result += [Path(place, name) for name in files if _is_readable(name)]
        places, depth = below, depth + 1
    return result, skipped + len(places)


def _is_readable(name: str) -> bool:
    return Path(name).suffix.lower() in READABLE and not name.startswith(".") and name not in CONFIG_NAMES


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _headings(path: Path) -> bytes:
    """A table up to the line that looks like its headings; empty where none does."""
    try:
        with path.open("rb") as stream:
            match = HEADINGS.match(stream.read(HEAD))
    except OSError:
        return b""
    return match[0] if match else b""


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
        # Of a Parquet file little is read whatever its size.
        if path.stat().st_size > SMALL and not file.is_parquet:
            return is_likely or suffix in {*JSON, ".har"}
        entries = [entry for entry in open_inputs([path]) if isinstance(entry, SourceFile)]
        tabs = [tab for entry in entries for tab in (entry.tabs if entry.suffix in WORKBOOKS else (entry,))]
        return any(reader_of(tab, options) is not None for tab in tabs)
    except (CoachError, OSError):
        return False
