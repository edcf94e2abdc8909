"""A probe: what the video files themselves hold. What the reports show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tiktok_coach.media.looking import look
from tiktok_coach.media.probing import Found

SCHEMA_VERSION = "1"


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


def probed(
    paths: Sequence[Path],
    *,
    fast: bool = False,
    jobs: int | None = None,
    cached: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Probe:
    """What the files at `paths` hold. Raises CoachError without the extra, for a path that is not there, and where there are no files."""
    return Probe(look(paths, fast=fast, jobs=jobs, cached=cached, progress=progress), fast)
