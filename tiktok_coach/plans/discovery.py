"""Finds the files that may hold plans; what cannot be read is a problem of its own and ends nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from tiktok_coach.core.config import NAMES as CONFIG_NAMES
from tiktok_coach.core.errors import CoachError, access_error
from tiktok_coach.core.translation import _
from tiktok_coach.io.files.source_files import SourceFile

DOCUMENTS = frozenset({".yaml", ".yml", ".json"})
MARKDOWN = frozenset({".md", ".markdown"})
SHEETS = frozenset({".csv", ".tsv", ".xlsx"})
READABLE = DOCUMENTS | MARKDOWN | SHEETS

# A file with whether the user named it, or what is wrong with a path.
Found = tuple[SourceFile, bool] | CoachError


def find_files(paths: Sequence[Path], contents: Mapping[str, bytes]) -> Iterator[Found]:
    """Every file at `paths` that may hold a plan, once; folders are walked in order of name, hidden ones left out.

    `contents` takes names of files to what they are to be read as, instead of what they hold.
    """
    for entry in _found(paths):
        if isinstance(entry, CoachError) or entry[0].name not in contents:
            yield entry
        else:
            file, is_named = entry
            yield SourceFile(file.name, path=file.path, content=contents[file.name]), is_named


def _found(paths: Sequence[Path]) -> Iterator[Found]:
    visited: set[tuple[int, int]] = set()
    for path in paths:
        try:
            known = path.stat()
        except OSError as error:
            yield _unusable(path, error)
            continue
        identity = (known.st_dev, known.st_ino)
        if path.is_dir():
            yield from _walk(path, visited, (identity,))
        elif identity not in visited:
            visited.add(identity)
            yield SourceFile(display_path(path), path=path), True


def _walk(folder: Path, visited: set[tuple[int, int]], above: tuple[tuple[int, int], ...]) -> Iterator[Found]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _unusable(folder, error)
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith(".") or entry.name in CONFIG_NAMES:
            continue
        try:
            known = entry.stat()
            is_folder = entry.is_dir()
        except OSError as error:
            yield _unusable(path, error)
            continue
        identity = (known.st_dev, known.st_ino)
        if is_folder and identity in above:
            yield CoachError(
                _("a link that leads back to a folder above it"), where=display_path(path), hint=_("remove it")
            )
        elif identity in visited or not (is_folder or path.suffix.lower() in READABLE):
            continue
        else:
            visited.add(identity)
            if is_folder:
                yield from _walk(path, visited, (*above, identity))
            elif entry.is_file():
                yield SourceFile(display_path(path), path=path), False


def display_path(path: Path) -> str:
    """A path as reports name it: from the working folder where it lies below that, with forward slashes."""
    if path.is_absolute():
        try:
            path = path.relative_to(Path.cwd())
        except ValueError:
            return path.as_posix()
    return str(PurePosixPath(path.as_posix()))


def _unusable(path: Path, error: OSError) -> CoachError:
    if isinstance(error, FileNotFoundError) and not path.is_symlink():
        return CoachError(_("no such file or folder"), where=display_path(path))
    return access_error("read", error, display_path(path))
