"""A video as it would be without some of its seconds: what is measured of them goes, and a cut stands at the join."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.media.facts import Video

TRACKS = ("speech", "loudness", "motion", "still", "light", "text")


def parse_seconds(text: str) -> tuple[int, int]:
    """The two whole seconds of a text like `3-5`. Raises CoachError for any other."""
    match = re.fullmatch(r"\s*(\d{1,5})\s*[-–]\s*(\d{1,5})\s*", text, re.ASCII)
    if match is None:
        raise CoachError(_("--cut {text!r} is not two whole seconds", text=text), hint=_("such as 3-5"))
    return int(match[1]), int(match[2])


def without_seconds(video: Video, start: int, end: int) -> Video:
    """The video without what lies between two whole seconds: its length, hook, cuts and tracks.

    All other facts are left as they are. Raises CoachError where the video has no such seconds, or no others.
    """
    length = video.duration_s
    if length is None:
        raise CoachError(_("the length of the video is not known"), where=video.file)
    if start >= end:
        raise CoachError(_("{start}-{end} ends before it starts", start=start, end=end), hint=_("such as 3-5"))
    last = math.ceil(length)
    if start < 0 or end > last:
        raise CoachError(
            _("{start}-{end} is not in the video, which has {last} seconds", start=start, end=end, last=last),
            where=video.file,
        )
    if start == 0 and end == last:
        raise CoachError(_("{start}-{end} is all of the video", start=start, end=end), where=video.file)
    gone = min(end, length) - start
    tracks: dict[str, Any] = {
        f"{name}_by_second": None if values is None else values[:start] + values[end:]
        for name in TRACKS
        for values in [getattr(video, f"{name}_by_second")]
    }
    hook = video.hook_s
    if hook is not None:
        # An intro that is cut off is none.
        hook -= max(min(end, hook) - start, 0.0)
    return replace(video, duration_s=length - gone, cuts=_cuts_without(video, start, end), hook_s=hook, **tracks)


def _cuts_without(video: Video, start: int, end: int) -> tuple[float, ...] | None:
    if video.cuts is None or video.duration_s is None:
        return None
    before, after = [at for at in video.cuts if at < start], [at - (end - start) for at in video.cuts if at > end]
    # Where the beginning or the end is cut off, nothing is joined.
    join = [float(start)] if start > 0 and end < video.duration_s else []
    return (*before, *join, *after)
