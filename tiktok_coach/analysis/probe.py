"""A probe: what the video files themselves hold. What the reports show."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tiktok_coach.core.similarity import find_picture_copies, find_sound_copies, is_same_sound
from tiktok_coach.media.probe import probe_videos
from tiktok_coach.media.probe_process import ProbeResult, strips

if TYPE_CHECKING:
    from tiktok_coach.media.strip import Strip

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Alike:
    """A file that shows, or sounds as, one before it: `pictures` and `sound` tell which is the same, `mirrored` that its pictures are turned about."""

    file: Path
    as_in: Path
    pictures: bool
    mirrored: bool
    sound: bool


@dataclass(frozen=True)
class Probe:
    """The files, those that are videos and those that are not; `fast` tells that their frames were not looked at."""

    found: tuple[ProbeResult, ...]
    fast: bool

    def strips(self, wide: int, jobs: int | None = None) -> Iterator[Strip]:
        """The first moments of each video, pictures so many pixels wide; one that cannot be read twice is left out."""
        files = [one.path for one in self.videos]
        return (one for one in strips(files, wide=wide, jobs=jobs or os.cpu_count() or 1) if one is not None)

    @property
    def videos(self) -> list[ProbeResult]:
        """The files that are videos."""
        return [one for one in self.found if one.video is not None]

    @property
    def problems(self) -> list[ProbeResult]:
        """The files that could not be looked at."""
        return [one for one in self.found if one.video is None]

    @property
    def alike(self) -> list[Alike]:
        """The files that show or sound as one before them."""
        held = [(one.path, one.video) for one in self.found if one.video is not None]
        pictures = find_picture_copies([video.hash for _, video in held])
        sounds = find_sound_copies([video.sound_hash for _, video in held])
        found = []
        for row, (path, video) in enumerate(held):
            shown, heard = int(pictures.first[row]), int(sounds[row])
            if shown >= 0:
                both = bool(is_same_sound(held[shown][1].sound_hash, video.sound_hash))
                turned = bool(pictures.mirrored[row])
                found.append(Alike(path, held[shown][0], pictures=True, mirrored=turned, sound=both))
            elif heard >= 0:
                found.append(Alike(path, held[heard][0], pictures=False, mirrored=False, sound=True))
        return found


def probed(
    paths: Sequence[Path],
    *,
    fast: bool = False,
    jobs: int | None = None,
    cached: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Probe:
    """What the files at `paths` hold. Raises CoachError without the extra, for a path that is not there, and where there are no files."""
    return Probe(probe_videos(paths, fast=fast, jobs=jobs, cached=cached, progress=progress), fast)
