"""A picture of each of some posts, from the videos that a user names."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from tiktok_coach.analysis.exports import post_keys
from tiktok_coach.analysis.session import Analysis


def pictures_of(analysis: Analysis, rows: Sequence[int], wide: int) -> dict[int, np.ndarray]:
    """By position of a post a picture of its opening (height x `wide` x 3, 0-255), where one of the videos is its own.

    A first picture may be black, or fade in: it is the one in the middle of the first three seconds.
    """
    media = analysis.settings.options.media
    if not media:
        return {}
    from tiktok_coach.media.facts import match_videos
    from tiktok_coach.media.probe import probe_videos, strips

    # They were measured when the export was read, so that the cache has what they hold.
    results = probe_videos(media)
    videos, _apart = match_videos(results, list(post_keys(analysis.export.posts)))
    files = {row: next(one.path for one in results if one.video is videos[row]) for row in rows if row in videos}
    shown = zip(files, strips(list(files.values()), wide=wide, jobs=os.cpu_count() or 1), strict=True)
    return {row: strip.pictures[len(strip.pictures) // 2] for row, strip in shown if strip is not None}
