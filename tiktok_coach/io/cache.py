"""Exports that were read before, kept by what their files hold: commands that follow each other read them once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from importlib.metadata import entry_points
from pathlib import Path

from platformdirs import user_cache_path

from tiktok_coach.core.errors import READERS, CoachError
from tiktok_coach.core.pickle_cache import PickleCache, code_state
from tiktok_coach.core.translation import language
from tiktok_coach.io.files.source_files import open_inputs
from tiktok_coach.io.reading import Export, ReadOptions

MEGABYTE = 2**20
# The oldest go where all together are larger.
MOST_BYTES = 500 * MEGABYTE
# Reading a table of a million posts takes less than hashing it and filling the cache with it would save.
LARGEST_INPUT = 200 * MEGABYTE
# Reading rests on these rooms alone; whether a file is a plan, `plans` says.
ROOMS = [Path(__file__).parents[1] / room for room in ("core", "io", "plans")]


def export_cache() -> ExportCache:
    """The cache in the user's folder of caches."""
    return ExportCache(user_cache_path("tiktok-coach") / "exports")


class ExportCache(PickleCache):
    """A folder of exports by key, which its user alone may read."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        super().__init__(folder, most_bytes)

    def get(self, key: str) -> Export | None:
        """The export of a key; None where there is none, or where somebody else might have written it."""
        export = super().get(key)
        return export if isinstance(export, Export) else None


def load_cached(
    cache: ExportCache | None,
    paths: Sequence[Path],
    options: ReadOptions,
    *,
    needed: Sequence[Path] = (),
    strict: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Export:
    """What `load` gives, from a cache where the same files were read by the same version in the same way."""
    key = None if cache is None else _key(paths, options, needed, strict=strict)
    if cache is not None and key is not None and (export := cache.get(key)) is not None:
        return export
    # What reads files is not needed where they were read before.
    from tiktok_coach.io.load import load

    export = load(paths, options, needed=needed, strict=strict, progress=progress)
    # A file that changed while it was read is not kept for what it was.
    if cache is not None and key is not None and _key(paths, options, needed, strict=strict) == key:
        cache.put(key, export)
    return export


def _key(paths: Sequence[Path], options: ReadOptions, needed: Sequence[Path], *, strict: bool) -> str | None:
    """A hash of all that decides what `load` gives; None for large inputs, and where other packages add readers."""
    if entry_points(group=READERS):
        return None
    digest = blake2b(digest_size=20)

    def add(*parts: object) -> None:
        digest.update(repr(parts).encode("utf-8", "surrogatepass"))

    how = vars(options) | {name: sorted(getattr(options, name).items()) for name in ("columns", "units")}
    how["required"] = sorted(options.required)
    # What is not read for them stands below, in place of what it holds.
    del how["bounds"]
    add(language(), strict, list(map(str, paths)), list(map(str, needed)), sorted(how.items()))
    add(*_program())
    total = 0
    for entry in open_inputs((*paths, *needed), bounds=options.bounds):
        if isinstance(entry, CoachError):
            add(str(entry))
            continue
        try:
            total += entry.path.stat().st_size if entry.path is not None else len(entry.content)
            if total > LARGEST_INPUT:
                return None
            add(entry.name, blake2b(entry.content).digest())
        except CoachError as error:
            add(entry.name, str(error))
        except OSError:
            # It is gone, of which reading speaks.
            return None
    return digest.hexdigest()


def _program() -> Iterator[object]:
    """What reads the files: the interpreter, every installed package by its version, and the code itself."""
    yield sys.version
    for place in map(Path, sys.path):
        yield sorted(path.name for path in place.glob("*.dist-info"))
    yield from code_state(ROOMS)
