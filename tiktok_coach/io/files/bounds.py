"""What of a folder may be read where nothing outside it may be: no link that leads out, no device, no huge file."""

from __future__ import annotations

import stat
from pathlib import Path

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _


@dataclass(frozen=True)
class Bounds:
    """A folder that reading does not leave, and how many bytes a file may have; `root` is a path without links.

    What lies at the paths `left_out`, which are below `root`, is passed over.
    """

    root: Path
    most_bytes: int
    left_out: frozenset[Path] = frozenset()

    def passes_over(self, path: Path) -> bool:
        """Whether a file or folder is none of those to read."""
        return bool(self.left_out) and path.absolute().parent.resolve() / path.name in self.left_out

    def refusal(self, path: Path) -> str | None:
        """Why a file or folder is not read, in words; None where it may be."""
        try:
            if not path.resolve().is_relative_to(self.root):
                return _("is a link that leads out of the folder; not read")
            status = path.stat()
        except (OSError, RuntimeError):
            # Links that lead in a circle.
            return _("is a link that leads nowhere; not read")
        if stat.S_ISDIR(status.st_mode):
            return None
        if not stat.S_ISREG(status.st_mode):
            return _("not a regular file")
        if status.st_size > self.most_bytes:
            return _("is larger than {megabytes} MB; not read", megabytes=self.most_bytes // 2**20)
        return None
