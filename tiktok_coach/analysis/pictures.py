"""The videos of posts, of those that a user names, and pictures from them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tiktok_coach.analysis.video_facts import post_keys
from tiktok_coach.media.facts import ProbeResult, match_videos

if TYPE_CHECKING:
    from tiktok_coach.analysis.retention import PostRetention
    from tiktok_coach.analysis.session import Analysis

# Of a post pictures of so many moments are shown; a second's picture is that of its middle.
MOMENTS, MIDDLE_S = 2, 0.5


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


def moments_of(
    posts: Sequence[PostRetention], wide: int, most: int = MOMENTS
) -> dict[int, list[tuple[int, np.ndarray]]]:
    """By position of a post the seconds that cost most viewers, as places among its falls, each with its picture.

    Pictures are height x `wide` x 3 (0-255); a post without a video, and a second that cannot be looked at, has none.
    """
    of_posts = [(post, path, apart(post, most)) for post in posts if (path := post.path) is not None and post.falls]
    if not of_posts:
        return {}
    from tiktok_coach.media.probe import stills

    files = [(path, [post.falls[place].second + MIDDLE_S for place in places]) for post, path, places in of_posts]
    shown = zip(of_posts, stills(files, wide=wide, jobs=os.cpu_count() or 1), strict=True)
    return {
        post.row: [(place, picture) for place, picture in zip(places, pictures, strict=True) if picture is not None]
        for (post, _path, places), pictures in shown
    }


def apart(post: PostRetention, most: int) -> list[int]:
    """The places of the costliest falls of a post, those that lie next to a costlier one only where no others are."""
    kept: list[int] = []
    for place, fall in enumerate(post.falls):
        if all(abs(fall.second - post.falls[other].second) > 1 for other in kept):
            kept.append(place)
    rest = [place for place in range(len(post.falls)) if place not in kept]
    return sorted([*kept, *rest][:most])


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
