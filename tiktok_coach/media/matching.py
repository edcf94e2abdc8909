"""Whose video each file is: by the id in its name, by its name, or by its time and length."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from tiktok_coach.media.facts import Video
from tiktok_coach.media.probe import ProbeResult

# As yt-dlp (`Title [7650921463263792402].mp4`) and other downloads carry it.
ID = re.compile(r"(?<!\d)\d{15,20}(?!\d)")
# As the account archive names videos (`2026-06-13T16-42-48.mp4`), as phones do, and yt-dlp's upload date, a day alone.
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
    match = ID.search(path.stem)
    return match.group() if match else None


def match_videos(results: Sequence[ProbeResult], posts: Sequence[PostKey]) -> tuple[dict[int, Video], list[str]]:
    """The video of each post, by its position, and the names of the files that belong to none.

    A file is a post's whose id its name holds, or which says its name (the end of a path; one that several files have
    belongs to no post); else that of the one post that went out when the name or the file says it was made, within a
    minute and of the same length where that is known, or on the day that the name says and of the same length.
    """
    by_id = {post.post_id: row for row, post in enumerate(posts) if post.post_id}
    by_name: dict[str, list[int]] = {}
    for row, post in enumerate(posts):
        if post.file:
            by_name.setdefault(PurePath(post.file.replace("\\", "/")).name.casefold(), []).append(row)
    videos = [(result.path, result.video) for result in results if result.video is not None]
    names = Counter(path.name.casefold() for path, _ in videos)
    matches: dict[int, Video] = {}
    unmatched = []
    for path, video in videos:
        name, own_row = path.name.casefold(), by_id.get(post_id_from_name(path) or "")
        rows = [own_row] if own_row is not None else by_name.get(name, []) if names[name] == 1 else []
        matches.update(dict.fromkeys(rows, video))
        if not rows:
            unmatched.append((path, video))
    free = {row: post for row, post in enumerate(posts) if row not in matches and post.times}
    claims = [(path, video, list(_rows_of_its_time(path, video, free))) for path, video in unmatched]
    claimed = Counter(rows[0] for *_, rows in claims if len(rows) == 1)
    strays = []
    for path, video, rows in claims:
        if len(rows) == 1 and claimed[rows[0]] == 1:
            matches[rows[0]] = video
        else:
            strays.append(path.name)
    return matches, strays


def _rows_of_its_time(path: Path, video: Video, posts: dict[int, PostKey]) -> Iterator[int]:
    """The posts that went out when a file was made."""
    span = _span(path, video)
    if span is None:
        return
    start, end = span
    for row, post in posts.items():
        # A day alone is too little without the length; a length that is another is another video.
        if video.duration_s is None or post.length_s is None:
            is_possible = end - start <= 2 * NEAR
        else:
            is_possible = abs(video.duration_s - post.length_s) <= SAME_LENGTH_S
        if is_possible and any(start <= at <= end for at in post.times):
            yield row


def _span(path: Path, video: Video) -> tuple[dt.datetime, dt.datetime] | None:
    """From when to when the name, or else the file itself, says that it was made; None where neither does."""
    match = MOMENT.search(path.stem)
    with suppress(ValueError):
        if match is not None:
            numbers = [int(part) for part in match.groups() if part is not None]
            at = dt.datetime(*numbers[:3], *numbers[3:], tzinfo=dt.UTC)  # type: ignore[misc, arg-type]
            return (at - NEAR, at + NEAR) if len(numbers) > 3 else (at, at + dt.timedelta(days=1))
        if video.created_at is not None:
            at = dt.datetime.fromisoformat(video.created_at)
            return at - NEAR, at + NEAR
    return None
