"""The endings of videos, photos and subtitles, and where files lie that plans name, without what reads them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

VIDEOS = frozenset({".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".3gp"})
# What folders are searched for; a file that is named may have any of the others too.
PHOTOS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})
OTHER_PHOTOS = frozenset({".avif", ".bmp", ".gif", ".tif", ".tiff"})
SUBTITLES = frozenset({".srt", ".vtt"})


def file_in(folder: str, name: str) -> Path:
    """A file by its name in a folder, as any system writes it."""
    return Path(folder, name.replace("\\", "/").replace("\0", ""))


def distinct_files(paths: Iterable[Path]) -> list[Path]:
    """The files, each once, however its path is written."""
    return list({os.path.realpath(path): path for path in reversed(list(paths))}.values())[::-1]


def transcripts_in(folder: Path) -> list[Path]:
    """The files of subtitles in a folder, in order of name; none where it cannot be looked into."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUBTITLES)
    except OSError:
        return []
