"""The videos of posts, of those that a user names, and pictures from them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tiktok_coach.analysis.video_facts import post_keys
from tiktok_coach.media.facts import ProbeResult, match_videos

if TYPE_CHECKING:
    from tiktok_coach.analysis.session import Analysis


def videos_of(analysis: Analysis) -> dict[int, ProbeResult]:
    """By position of a post its video, of those that the user names; empty where none are named."""
    media = analysis.settings.options.media
    if not media:
        return {}
    from tiktok_coach.media.probe import probe_videos

    # They were measured when the export was read, so that the cache has what they hold.
    results = probe_videos(media, may_lack=True)
    videos, _apart = match_videos(results, list(post_keys(analysis.export.posts)))
    return {row: next(one for one in results if one.video is video) for row, video in videos.items()}


def pictures_of(analysis: Analysis, rows: Sequence[int], wide: int) -> dict[int, np.ndarray]:
    """By position of a post a picture of its opening (height x `wide` x 3, 0-255), where one of the videos is its own.

    A first picture may be black, or fade in: it is the one in the middle of the first three seconds.
    """
    videos = videos_of(analysis)
    files = {row: videos[row].path for row in rows if row in videos}
    if not files:
        return {}
    from tiktok_coach.media.probe import strips

    shown = zip(files, strips(list(files.values()), wide=wide, jobs=os.cpu_count() or 1), strict=True)
    return {row: strip.pictures[len(strip.pictures) // 2] for row, strip in shown if strip is not None}
