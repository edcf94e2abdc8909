"""Exports that were loaded before: what `load` gave for some files is kept, and every later load of the same gets a copy.

To read the example takes two seconds and hundreds of tests begin with it or with the same few posts; what they are about comes after.
Whatever a load depends on is part of the key: the files (those of the example by their sizes and times, others by their content), what
they are called, the options, the language. What fails is read again, and so is everything where reading is what is tested.
"""

from __future__ import annotations

import datetime as dt
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from tiktok_coach.core.config import NAMES
from tiktok_coach.core.notices import input_names
from tiktok_coach.core.translation import current_speech
from tiktok_coach.io import load as module
from tiktok_coach.io.files.source_files import READABLE, STDIN
from tiktok_coach.io.reading import Export

# The size and time of a file, which its copies keep.
Trait = tuple[int, int]
# The example ends on this day, and is read alike on every later one.
KNOWN = dt.date(2026, 11, 2)


def _files(path: Path) -> Iterator[Path]:
    """Every file at a path that a load reads."""
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file() and (file == path or file.suffix.lower() in READABLE) and file.name not in NAMES:
            yield file


def _trait(file: Path) -> Trait:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns


class LoadCache:
    """`load` with a memory, which lies in a folder that all workers share, of the example alone while `example_only`."""

    def __init__(self, load: Callable[..., Export]) -> None:
        self.load = load
        self.folder: Path | None = None
        self.example_only = False
        self._example: set[Trait] = set()

    def know(self, example: Path) -> None:
        """Tell the files of the example by their sizes and times from now on."""
        self._example = {_trait(file) for file in _files(example)}

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
        part = path.with_name(f"{path.name}.{os.getpid()}")
        part.write_bytes(pickle.dumps((export, names)))
        part.replace(path)
        return pickle.loads(path.read_bytes())[0]  # type: ignore[no-any-return]

    def _kept_at(self, paths: Sequence[Path], options: Any, more: dict[str, Any]) -> Path | None:
        """The file for what is asked, or None where that is to be read."""
        needed = list(more.get("needed", ()))
        inputs = [*paths, *needed]
        if self.folder is None or STDIN in inputs:
            return None
        try:
            # A file that is in two inputs is read once.
            distinct = dict.fromkeys(file.resolve() for path in inputs for file in _files(path))
            names = [[file.relative_to(path).as_posix() for file in _files(path)] for path in inputs]
            files = [(place, self._content(file)) for place, file in enumerate(distinct)]
        except OSError:
            return None
        if not files or (self.example_only and all(isinstance(trait, str) for _, trait in files)):
            return None
        speech = current_speech()
        # A catalogue that notes what it lacks must be asked itself.
        noting = type(speech.catalogue._fallback).__name__  # type: ignore[attr-defined]
        if all(isinstance(trait, tuple) for _, trait in files):
            options = replace(options, today=min(options.today, KNOWN))
        key = repr(
            (input_names(inputs), names, files, len(needed), options, more.get("strict"), speech.language, noting)
        )
        return self.folder / sha256(key.encode("utf-8", "surrogatepass")).hexdigest()

    def _content(self, file: Path) -> Trait | str:
        """What tells a file from others, wherever it lies: its content, or for one of the example its trait."""
        trait = _trait(file)
        return trait if trait in self._example else sha256(file.read_bytes()).hexdigest()


# Put in place before anything else imports `load`.
load_cache = LoadCache(module.load)
module.load = load_cache  # type: ignore[assignment]
