"""A probe: what the video files themselves hold. What the reports show."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tiktok_coach.core.notices import Notice
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.similarity import find_picture_copies, find_sound_copies, is_same_sound
from tiktok_coach.media.facts import ProbeResult
from tiktok_coach.media.photos import Photo, PhotoResult, photo_files, probe_photos
from tiktok_coach.media.probe import probe_videos, strips
from tiktok_coach.media.transcript_files import transcript_files, with_transcripts

if TYPE_CHECKING:
    from tiktok_coach.media.strips import Strip

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Alike:
    """A file that shows (`pictures`, maybe `mirrored`) or sounds (`sound`) as one before it."""

    file: Path
    as_in: Path
    pictures: bool
    mirrored: bool
    sound: bool


@dataclass(frozen=True)
class Probe:
    """A result for each file; `fast` says that no frame was looked at, `notices` what is wrong with subtitles."""

    results: tuple[ProbeResult, ...]
    fast: bool
    photo_results: tuple[PhotoResult, ...] = ()
    notices: tuple[Notice, ...] = ()

    def strips(self, wide: int, jobs: int | None = None) -> Iterator[Strip]:
        """The first moments of each video that can be read again, in pictures `wide` pixels wide."""
        files = [one.path for one in self.videos]
        return (one for one in strips(files, wide=wide, jobs=jobs or os.cpu_count() or 1) if one is not None)

    @property
    def videos(self) -> list[ProbeResult]:
        """The files that are videos."""
        return [one for one in self.results if one.video is not None]

    @property
    def photos(self) -> list[Photo]:
        """The facts of the photos."""
        return [one.photo for one in self.photo_results if one.photo is not None]

    @property
    def problems(self) -> list[tuple[Path, str]]:
        """The files that could not be looked at, each with the reason."""
        problems = [(one.path, one.problem or "") for one in self.results if one.video is None]
        return problems + [(one.path, one.problem or "") for one in self.photo_results if one.photo is None]

    @property
    def alike(self) -> list[Alike]:
        """The files that show or sound as one before them."""
        videos = [(one.path, one.video) for one in self.results if one.video is not None]
        pictures = find_picture_copies([video.hash for _, video in videos])
        sounds = find_sound_copies([video.sound_hash for _, video in videos])
        copies = []
        for row, (path, video) in enumerate(videos):
            original, heard = int(pictures.first[row]), int(sounds[row])
            if max(original, heard) < 0:
                continue
            as_in, earlier = videos[original if original >= 0 else heard]
            same_sound = original < 0 or bool(is_same_sound(earlier.sound_hash, video.sound_hash))
            mirrored = bool(pictures.mirrored[row])
            copies.append(Alike(path, as_in, pictures=original >= 0, mirrored=mirrored, sound=same_sound))
        return copies


def probe_files(
    paths: Sequence[Path],
    *,
    fast: bool = False,
    jobs: int | None = None,
    cached: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Probe:
    """Look at the videos and photos at `paths`, and read the subtitles beside the videos.

    Raises CoachError without the extra `media`, and where there are no files.
    """
    may_lack = bool(photo_files(paths))
    videos = probe_videos(paths, fast=fast, jobs=jobs, cached=cached, progress=progress, may_lack=may_lack)
    spoken, odd = with_transcripts(videos, transcript_files(paths))
    photos = probe_photos(paths, fast=fast, cached=cached, progress=progress)
    return Probe(tuple(spoken), fast, photos, tuple(odd))
