"""Which files this tool wrote, so that it replaces those and no other of a person's.

Each is remembered by a small file of its own, so that commands that run at once do not get into each other's way.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from platformdirs import user_state_path

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

# The files written longest ago are forgotten, and take --force.
MOST = 2000


def require_replaceable(path: Path | None, *, force: bool) -> None:
    """Raises CoachError for a file that is there, unless this tool wrote it and nobody changed it since, or `force`.

    An empty file holds nothing that could be lost.
    """
    if path is None or force or not path.is_file() or not path.stat().st_size:
        return
    if not is_as_written(path):
        raise CoachError(
            _("is there already, and is not as this tool wrote it"),
            where=str(path),
            hint=_("name another file, or replace it with --force"),
        )


def is_as_written(path: Path) -> bool:
    """Whether this tool wrote a file, and nobody changed it since."""
    with suppress(OSError):
        return _memory(path).read_text("utf-8") == _state(path)
    return False


def record(path: Path) -> None:
    """Remember that a file was written, as it is now; where that cannot be kept, the file takes --force next time."""
    with suppress(OSError):
        memory = _memory(path)
        memory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        memory.write_text(_state(path), "utf-8")
        if len(every := list(memory.parent.iterdir())) > MOST:
            min(every, key=lambda one: one.stat().st_mtime).unlink(missing_ok=True)


def _memory(path: Path) -> Path:
    name = blake2b(os.fsencode(path.resolve()), digest_size=16).hexdigest()
    return user_state_path("tiktok-coach") / "written" / name


def _state(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns}"
