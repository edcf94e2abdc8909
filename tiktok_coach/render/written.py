"""Which files this tool wrote, so that it replaces those and no other of a person's."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

# The files written longest ago are forgotten, and take --force.
MOST = 2000


def require_replaceable(path: Path | None, *, force: bool) -> None:
    """Raises CoachError for a file that is there, unless this tool wrote it and nobody changed it since, or `force`."""
    if path is not None and not force and path.is_file() and not is_as_written(path):
        raise CoachError(
            _("is there already, and is not as this tool wrote it"),
            where=str(path),
            hint=_("name another file, or replace it with --force"),
        )


def is_as_written(path: Path) -> bool:
    """Whether this tool wrote a file, and nobody changed it since."""
    target = path.resolve()
    return _written().get(str(target)) == _state(target)


def record(path: Path) -> None:
    """Remember that a file was written, as it is now; where that cannot be kept, the file takes --force next time."""
    with suppress(OSError):
        ledger = _ledger()
        ledger.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = str(path.resolve())
        known = {name: state for name, state in _written().items() if name != target} | {target: _state(path)}
        partial = ledger.with_suffix(".partial")
        partial.write_text(json.dumps(dict(list(known.items())[-MOST:])), "utf-8")
        partial.replace(ledger)


def _ledger() -> Path:
    return user_state_path("tiktok-coach") / "written.json"


def _written() -> dict[str, list[int]]:
    with suppress(OSError, ValueError):
        known = json.loads(_ledger().read_text("utf-8"))
        return known if isinstance(known, dict) else {}
    return {}


def _state(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]
