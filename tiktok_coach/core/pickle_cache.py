"""A folder of values by key, which their user alone may read: what took time to read or to check is kept there."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any


class PickleCache:
    """Values by key in a folder. What goes wrong with it never ends a command."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder = folder
        # The oldest go where all together are larger.
        self.most_bytes = most_bytes

    def get(self, key: str) -> Any:
        """The value of a key; None where there is none, or where somebody else might have written it."""
        path = self._path(key)
        with suppress(OSError):
            if _is_private(self.folder) and _is_private(path):
                content = path.read_bytes()
                os.utime(path)
                try:
                    return pickle.loads(content)  # noqa: S301 - of a file that the user alone can write
                except Exception:  # noqa: BLE001 - a file that was cut off may raise anything
                    path.unlink()
        return None

    def put(self, key: str, value: object) -> None:
        """Keep a value, whole or not at all, and let go of those used longest ago where there is too much."""
        import tempfile

        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(self.folder):
                return
            descriptor, name = tempfile.mkstemp(dir=self.folder)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL)
                Path(name).replace(self._path(key))
            except BaseException:
                Path(name).unlink()
                raise
            self._shrink()

    def files(self) -> dict[Path, int]:
        """The files of the cache with their bytes."""
        return {path: path.stat().st_size for path in sorted(self.folder.glob("*"))}

    def clear(self) -> None:
        """Delete all that is kept."""
        for path in self.files():
            path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.pickle"

    def _shrink(self) -> None:
        total = 0
        stats = {path: path.stat() for path in self.folder.iterdir()}
        for path in sorted(stats, key=lambda path: -stats[path].st_mtime):
            total += stats[path].st_size
            if total > self.most_bytes:
                path.unlink()


def code_state(folders: Iterable[str | Path]) -> Iterator[object]:
    """When each file below folders of code was written, and how large it is: another state may be another program."""
    for top in folders:
        for folder, inner, names in os.walk(top):
            # Compiled modules come and go, and follow from the others.
            inner[:] = sorted(set(inner) - {"__pycache__"})
            statuses = [(name, os.stat(f"{folder}/{name}")) for name in sorted(names)]  # noqa: PTH116 - quicker
            yield [(name, one.st_mtime_ns, one.st_size) for name, one in statuses]


def _is_private(path: Path) -> bool:
    """Whether the user alone owns a file or folder and may write to it; Windows keeps a user's folders by itself."""
    if not hasattr(os, "getuid"):
        return True
    status = path.lstat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022
