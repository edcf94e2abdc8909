"""The example, loaded once: what `load` gave for its files is kept, and every later load of the same files gets a copy.

To read the example takes two seconds and a hundred tests begin with it; what they are about comes after. Whatever a load depends on is
part of the key (the files with their sizes and times, the options, the language), other files are always read, and so is what fails.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tiktok_coach.core.config import NAMES
from tiktok_coach.core.translation import current_speech
from tiktok_coach.io import load as module
from tiktok_coach.io.files.source_files import READABLE
from tiktok_coach.io.reading import Export

File = tuple[str, int, int]


def _files(path: Path) -> Iterator[File]:
    """Name, size and time of every file at a path that a load reads; copies keep all three."""
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file() and file.suffix.lower() in READABLE and file.name not in NAMES:
            stat = file.stat()
            yield file.relative_to(path.parent).as_posix(), stat.st_size, stat.st_mtime_ns


class LoadCache:
    """`load` with a memory for the example's files, which lies in a folder that all workers share."""

    def __init__(self, load: Callable[..., Export]) -> None:
        self.load = load
        self.folder: Path | None = None
        self._example: set[tuple[int, int]] = set()

    def remember(self, example: Path, folder: Path) -> None:
        """Keep the loads of what has files of `example` from now on, in `folder`."""
        self._example = {file[1:] for file in _files(example)}
        self.folder = folder

    def __call__(self, paths: Sequence[Path], options: Any, **more: Any) -> Export:
        path = self._kept_at(paths, options, more)
        report = more.pop("progress", None) or (lambda _: None)
        if path is None:
            return self.load(paths, options, progress=report, **more)
        if path.exists():
            export, names = pickle.loads(path.read_bytes())
            for name in names:
                report(name)
            return export  # type: ignore[no-any-return]
        names = []

        def note(name: str) -> None:
            names.append(name)
            report(name)

        export = self.load(paths, options, progress=note, **more)
        part = path.with_name(f"{path.name}.{id(self)}")
        part.write_bytes(pickle.dumps((export, names)))
        part.replace(path)
        return pickle.loads(path.read_bytes())[0]  # type: ignore[no-any-return]

    def _kept_at(self, paths: Sequence[Path], options: Any, more: dict[str, Any]) -> Path | None:
        """The file for what is asked, or None where it is not the example that is read."""
        if self.folder is None or not all(path.exists() for path in paths):
            return None
        needed = list(more.get("needed", ()))
        files = [[path.resolve().name, *_files(path)] for path in (*paths, *needed)]
        if not any(file[1:] in self._example for _, *inner in files for file in inner):
            return None
        speech = current_speech()
        # A catalogue that notes what it lacks must be asked itself.
        noting = type(speech.catalogue._fallback).__name__  # type: ignore[attr-defined]
        key = repr((files, len(needed), options, more.get("strict"), speech.language, noting))
        return self.folder / hashlib.sha256(key.encode()).hexdigest()


# Put in place before anything else imports `load`.
load_cache = LoadCache(module.load)
module.load = load_cache  # type: ignore[assignment]
