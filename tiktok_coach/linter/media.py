"""The videos and photos that a user names beside plans, and what they tell of the posts that name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tiktok_coach.analysis.settings import Progress
from tiktok_coach.core.copy_names import plain_file_name
from tiktok_coach.core.records import dataclass
from tiktok_coach.linter.finding import Copy
from tiktok_coach.plans.load import ContentCalendar

if TYPE_CHECKING:
    from tiktok_coach.io.reading import Export
    from tiktok_coach.media.facts import ProbeResult
    from tiktok_coach.media.photos import PhotoResult


@dataclass(frozen=True)
class Media:
    """What the videos hold that a user names, the `photos`, which are looked at where a plan names them, and the files
    of `subtitles`. The names in `published` are of videos of posts that are out.
    """

    videos: tuple[ProbeResult, ...]
    photos: tuple[Path, ...]
    progress: Progress | None = None
    subtitles: tuple[Path, ...] = ()
    published: frozenset[str] = frozenset()
    _results: dict[Path, PhotoResult] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """The names of all files, in small letters."""
        return frozenset(path.name.casefold() for path in [*self._paths(), *self.subtitles])

    @property
    def copy_names(self) -> frozenset[str]:
        """The names that copies of the files would have, in small letters."""
        from tiktok_coach.media.convert import copy_path

        return frozenset(copy_path(path).name.casefold() for path in self._paths())

    def _paths(self) -> Iterator[Path]:
        yield from (video.path for video in self.videos)
        yield from self.photos

    def with_copies(self, copies: Sequence[Copy], calendar: ContentCalendar) -> Media:
        """These with what the copies hold, without the videos that no post of the calendar names any more."""
        from tiktok_coach.media.photos import is_photo
        from tiktok_coach.media.probe import probe_videos

        files = filter(None, calendar.posts.column_or_null("video_file").tolist())
        named = set(map(plain_file_name, files))
        gone = {copy.source for copy in copies if copy.source.name.casefold() not in named}
        targets = dict.fromkeys(copy.target for copy in copies)
        videos = [path for path in targets if not is_photo(path)]
        measured = probe_videos(videos) if videos else ()
        kept = tuple(video for video in self.videos if video.path not in {*gone, *targets})
        photos = dict.fromkeys([*self.photos, *(path for path in targets if is_photo(path))])
        known = {path: result for path, result in self._results.items() if path not in targets}
        return Media(kept + measured, tuple(photos), self.progress, self.subtitles, self.published, known)

    def fill(self, calendar: ContentCalendar) -> ContentCalendar:
        """The calendar with what its videos and photos tell where the plans say nothing."""
        from tiktok_coach.linter.media_facts import with_measured
        from tiktok_coach.linter.photo_facts import with_photos

        return with_photos(with_measured(calendar, self.videos, self.published), self.photos, self._look_at_photos)

    def beside(self, history: Export) -> Media:
        """These, of which those are known that belong to the posts of a history."""
        from tiktok_coach.analysis.video_facts import post_keys
        from tiktok_coach.media.facts import match_videos

        videos, _apart = match_videos(self.videos, list(post_keys(history.posts)))
        return replace(self, published=frozenset(video.file for video in videos.values()))

    def _look_at_photos(self, paths: Sequence[Path]) -> Mapping[Path, PhotoResult]:
        """What the photos hold, of which each is looked at once."""
        from tiktok_coach.media.photos import probe_photos

        if new := [path for path in paths if path not in self._results]:
            self._results.update((one.path, one) for one in probe_photos(new, progress=self.progress))
        return self._results


def look_at(paths: Sequence[Path], progress: Progress | None = None) -> Media:
    """What the videos, photos and subtitles at `paths` hold.

    Raises CoachError where there are none, and without the extra where there are any but subtitles.
    """
    from tiktok_coach.media.photos import photo_files
    from tiktok_coach.media.probe import probe_videos
    from tiktok_coach.media.transcript_files import transcript_files

    photos, subtitles = photo_files(paths), transcript_files(paths)
    videos = probe_videos(paths, progress=progress, may_lack=bool(photos or subtitles))
    return Media(videos, tuple(photos), progress, tuple(subtitles))
