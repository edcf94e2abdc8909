"""Exports of accounts whose viewers leave for planted reasons: a capture with curves, and what their videos hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.io import pages
from tests.stats.viewers import draw_video, draw_watching
from tests.writing import put, video_id
from tiktok_coach.media.facts import ProbeResult, Video
from tiktok_coach.stats.leaving import watch_time_of

CAPTIONS = ("Rye bread, rising #baking", "What is in a sourdough?", "Ask me anything about flour #bakery")


def write_watched(
    path: Path,
    posts: int,
    causes: Mapping[str, float],
    *,
    seed: int = 1,
    handle: str = "baker",
    captions: Sequence[str] = CAPTIONS,
    first: dt.datetime = pages.POSTED,
) -> list[Video]:
    """Writes the capture of an account to `path`, a post a day; the videos, the oldest first, bear their posts' ids."""
    rng = np.random.default_rng(seed)
    items, entries, videos = [], [], []
    for number in range(posts):
        posted = first + dt.timedelta(days=number)
        post_id = video_id(posted.strftime("%Y-%m-%dT%H:%M:%S"), low=seed * 1000 + number)
        length, own = round(float(rng.uniform(8, 30)), 2), int(rng.integers(2**32))
        video = draw_video(np.random.default_rng(own), length)
        shares = draw_watching(np.random.default_rng(own), causes, length).shares
        views = {"play_count": int(rng.integers(500, 5000)), "digg_count": 80, "comment_count": 9, "share_count": 4}
        caption = captions[number % len(captions)]
        info = pages.info(
            post_id, posted, handle, desc=caption, statistics=views, video={"duration": round(length * 1000)}
        )
        values = {
            "video_retention_rate_realtime": pages.curve(shares.tolist()),
            "video_finish_rate_realtime": float(shares[-1]),
            "video_per_duration_realtime": watch_time_of(shares, length),
        }
        wrapped = {name: pages.wrapped(value) for name, value in values.items()}
        body = pages.insights(post_id, video_info=info, **wrapped)
        items.append(pages.item(post_id, posted, desc=caption, duration=round(length * 1000)))
        entries.append(pages.insight_entry(post_id, body, at=first + dt.timedelta(days=posts + 10)))
        videos.append(replace(video, file=f"{post_id}.mp4"))
    listed = pages.list_entry(pages.page(items[::-1]), at=first + dt.timedelta(days=posts + 10))
    put(path, pages.har([listed, *entries]))
    return videos


def results_of(videos: Sequence[Video], folder: Path) -> tuple[ProbeResult, ...]:
    """What a probe of a folder with these videos gives."""
    return tuple(ProbeResult(folder / video.file, video) for video in videos)
