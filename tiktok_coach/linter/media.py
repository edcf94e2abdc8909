"""The videos and photos that a user names beside plans, and what they tell of the posts that name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tiktok_coach.analysis.settings import Progress
from tiktok_coach.linter.finding import Copy
from tiktok_coach.media.facts import ProbeResult
from tiktok_coach.media.photos import PhotoResult
from tiktok_coach.plans.load import ContentCalendar


@dataclass(frozen=True)
class Media:
    """What the videos and the photos hold that a user names."""

    videos: tuple[ProbeResult, ...]
    photos: tuple[PhotoResult, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of all files, in small letters."""
        paths = [*(video.path for video in self.videos), *(photo.path for photo in self.photos)]
        return frozenset(path.name.casefold() for path in paths)

    @property
    def copy_names(self) -> frozenset[str]:
        """The names that copies of the files would have, in small letters."""
        from tiktok_coach.media.convert import copy_path

        paths = [*(video.path for video in self.videos), *(photo.path for photo in self.photos)]
        return frozenset(copy_path(path).name.casefold() for path in paths)

    def copied(self, copies: Sequence[Copy], calendar: ContentCalendar) -> Media:
        """These with what the copies hold, without the videos that no post of the calendar names any more."""
        from tiktok_coach.media.photos import is_photo, probe_photos
        from tiktok_coach.media.probe import probe_videos

        files = filter(None, calendar.posts.column_or_null("video_file").tolist())
        named = {file.replace("\\", "/").rpartition("/")[2].casefold() for file in files}
        gone = {copy.source for copy in copies if copy.source.name.casefold() not in named}
        targets = [copy.target for copy in copies]
        videos = [path for path in targets if not is_photo(path)]
        measured = probe_videos(videos) if videos else ()
        kept = tuple(video for video in self.videos if video.path not in {*gone, *targets})
        photos = tuple(photo for photo in self.photos if photo.path not in targets)
        return Media(kept + measured, photos + probe_photos(targets))

    def measured(self, calendar: ContentCalendar) -> ContentCalendar:
        """The calendar with what its videos and photos tell where the plans say nothing."""
        from tiktok_coach.linter.media_facts import with_measured
        from tiktok_coach.linter.photo_facts import with_photos

        return with_photos(with_measured(calendar, self.videos), self.photos)


def look_at(paths: Sequence[Path], progress: Progress | None = None) -> Media:
    """What the videos and photos at `paths` hold. Raises CoachError without the extra, and where there are none."""
    from tiktok_coach.media.photos import photo_files, probe_photos
    from tiktok_coach.media.probe import probe_videos

    videos = probe_videos(paths, progress=progress, may_lack=bool(photo_files(paths)))
    return Media(videos, probe_photos(paths, progress=progress))
