"""Whose video each file is: by the id in its name, by its name, or by its time and length."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from tiktok_coach.media.facts import Video
from tiktok_coach.media.probe_process import ProbeResult

# As yt-dlp (`Title [7650921463263792402].mp4`) and other downloads carry it.
ID = re.compile(r"(?<!\d)\d{15,20}(?!\d)")
# As videos of the account archive are kept (`2026-06-13T16-42-48.mp4`), as phones name them, and yt-dlp's upload date,
# which is a day alone.
MOMENT = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?:[-_. T]+(\d\d)[-_.:h]?(\d\d)[-_.:m]?(\d\d)(?!\d)|(?!\d))", re.IGNORECASE
)
# The time in a name may be so far from that of the post, and the length of the file so far from the post's.
NEAR, SAME_LENGTH_S = dt.timedelta(seconds=60), 1.0


@dataclass(frozen=True)
class PostKey:
    """What is known of a post by which a file can be its: each None or empty where it is not known. Times are UTC."""

    post_id: str | None
    file: str | None = None
    times: tuple[dt.datetime, ...] = ()
    length_s: float | None = None


def post_id_from_name(path: Path) -> str | None:
    """The id of the post in the name of its file, as downloads carry it; None where there is none."""
    found = ID.search(path.stem)
    return found.group() if found else None


def match_videos(found: Sequence[ProbeResult], posts: Sequence[PostKey]) -> tuple[dict[int, Video], list[str]]:
    """The video of each post, by its place, and the files that belong to none.

    A file is a post's whose id its name holds, or which says its name (the end of a path; one that several files have
    belongs to no post); else that of the one post that went out when the name or the file says it was made, within a
    minute and of the same length where that is known, or on the day that the name says and of the same length.
    """
    by_id = {post.post_id: row for row, post in enumerate(posts) if post.post_id}
    named: dict[str, list[int]] = {}
    for row, post in enumerate(posts):
        if post.file:
            named.setdefault(PurePath(post.file.replace("\\", "/")).name.casefold(), []).append(row)
    videos = [(one.path, one.video) for one in found if one.video is not None]
    names = [path.name.casefold() for path, _ in videos]
    held: dict[int, Video] = {}
    waiting = []
    for (path, video), name in zip(videos, names, strict=True):
        own = by_id.get(post_id_from_name(path) or "")
        rows = [own] if own is not None else named.get(name, []) if names.count(name) == 1 else []
        held.update(dict.fromkeys(rows, video))
        if not rows:
            waiting.append((path, video))
    free = {row: post for row, post in enumerate(posts) if row not in held and post.times}
    claims = [(path, video, list(_at_its_time(path, video, free))) for path, video in waiting]
    wanted = [rows[0] for *_, rows in claims if len(rows) == 1]
    apart = []
    for path, video, rows in claims:
        if len(rows) == 1 and wanted.count(rows[0]) == 1:
            held[rows[0]] = video
        else:
            apart.append(path.name)
    return held, apart


def _at_its_time(path: Path, video: Video, posts: dict[int, PostKey]) -> Iterator[int]:
    """The posts that went out when a file was made."""
    spans = list(_spans(path, video))
    for row, post in posts.items():
        measured = video.duration_s is not None and post.length_s is not None
        alike = measured and abs((video.duration_s or 0) - (post.length_s or 0)) <= SAME_LENGTH_S
        for start, end in spans:
            # A day alone is too little without the length; a length that is another is another video.
            if (alike or (not measured and end - start <= 2 * NEAR)) and any(start <= at <= end for at in post.times):
                yield row
                break


def _spans(path: Path, video: Video) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """From when to when the name, or else the file itself, says that it was made."""
    found = MOMENT.search(path.stem)
    with suppress(ValueError):
        if found is not None:
            numbers = [int(part) for part in found.groups() if part is not None]
            at = dt.datetime(*numbers[:3], *numbers[3:], tzinfo=dt.UTC)  # type: ignore[misc, arg-type]
            yield (at - NEAR, at + NEAR) if len(numbers) > 3 else (at, at + dt.timedelta(days=1))
        elif video.created_at is not None:
            made = dt.datetime.fromisoformat(video.created_at)
            yield made - NEAR, made + NEAR
