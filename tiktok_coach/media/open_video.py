"""Opens a video file, whatever its tags are written in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av

# Up to its 18 PyAV refuses a file with a tag that is not UTF-8 unless it is told to leave such bytes out; from its 19
# on it keeps them and cannot be told.
LENIENT: dict[str, Any] = {} if int(av.__version__.partition(".")[0]) >= 19 else {"metadata_errors": "ignore"}


def open_video(path: Path) -> Any:
    """The container of a file, to be closed by `with`. Raises av.FFmpegError or ValueError for what is none."""
    return av.open(str(path), **LENIENT)
