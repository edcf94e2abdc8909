"""The facts of a video file, None where one is not known, and whose post it is."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path, PurePath
from typing import Any

from tiktok_coach.core.account import Account
from tiktok_coach.core.captions import caption_with_hashtags
from tiktok_coach.core.facts import Facts
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.safe_zones import Box, fills_screen, is_text_covered
from tiktok_coach.media.text_lines import is_readable

# A change of how anything is measured changes this, so that what was kept before is measured anew.
METHOD = "8"
# As yt-dlp (`Title [7650921463263792402].mp4`) and other downloads carry it.
ID = re.compile(r"(?<!\d)\d{15,20}(?!\d)")
# As the account archive names videos (`2026-06-13T16-42-48.mp4`), as phones do, and yt-dlp's upload date, a day alone.
MOMENT = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?:[-_. T]+(\d\d)[-_.:h]?(\d\d)[-_.:m]?(\d\d)(?!\d)|(?!\d))", re.IGNORECASE
)
# The time in a name may be so far from that of the post, and the length of the file so far from the post's.
NEAR, SAME_LENGTH_S = dt.timedelta(seconds=60), 1.0


@dataclass(frozen=True)
class Video:
    """One file. Times and lengths are in seconds.

    `width` and `height` are of the picture as it is shown, after rotation and stretched pixels; `created_at` is when
    the file says that it was made (ISO 8601, UTC); `size_mb` in MB, `bitrate_kbps` in kbit/s; `loudness_lufs` and
    `true_peak_dbfs` after ITU-R BS.1770 and EBU R 128; `brightness`, `contrast` 0-1, `sharpness` the standard deviation
    of the picture's Laplacian; `text_on_screen`, `text_boxes` (the top, left, bottom and right of each line, in
    shares of the picture) and `text_under_buttons` (where TikTok shows its own words and buttons; None where that is
    for the caption to say, or the picture is not about 9:16) of the first three seconds, as far as edges tell;
    `opening_text` the words of the first second, and `watermark` other apps' marks, or `none`; `content_credentials`
    what the file says of how it was made (`none`, `other` or `ai`); `spoken_hook` the words of the first three seconds
    (or `none`), `speech_starts_s` when the first are said, and `spoken_language` their language, as the subtitles in
    `transcript_file` say, which lie beside it; `hash` and `sound_hash` are prints of the pictures
    and of the sound, by which copies are told. `problems` says what could not be measured.

    What ends in `_by_second` has a value for each second of the pictures that has begun: the share with speech; the
    loudness in LUFS, -70 for silence; movement, 0-100, cuts aside; the share of its frames in which nothing moves;
    brightness, 0-1; and whether lines of text stand on the screen, 1 or 0.
    """

    file: str
    duration_s: float | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    fps_varies: bool | None = None
    codec: str | None = None
    container: str | None = None
    created_at: str | None = None
    size_mb: float | None = None
    bitrate_kbps: float | None = None
    has_audio: bool | None = None
    silent: bool | None = None
    loudness_lufs: float | None = None
    true_peak_dbfs: float | None = None
    bpm: float | None = None
    bpm_confidence: float | None = None
    first_speech_s: float | None = None
    speech_share: float | None = None
    speech_over_noise_db: float | None = None
    first_cut_s: float | None = None
    cuts: tuple[float, ...] | None = None
    cuts_per_s: float | None = None
    hook_s: float | None = None
    intro: bool | None = None
    static_opening_s: float | None = None
    black_opening_s: float | None = None
    black_bars: bool | None = None
    brightness: float | None = None
    contrast: float | None = None
    sharpness: float | None = None
    text_on_screen: bool | None = None
    text_under_buttons: bool | None = None
    text_boxes: tuple[Box, ...] | None = None
    opening_text: str | None = None
    watermark: str | None = None
    qr_code: bool | None = None
    content_credentials: str | None = None
    spoken_hook: str | None = None
    speech_starts_s: float | None = None
    spoken_language: str | None = None
    transcript_file: str | None = None
    hash: str | None = None
    sound_hash: str | None = None
    speech_by_second: tuple[float, ...] | None = None
    loudness_by_second: tuple[float, ...] | None = None
    motion_by_second: tuple[float, ...] | None = None
    still_by_second: tuple[float, ...] | None = None
    light_by_second: tuple[float, ...] | None = None
    text_by_second: tuple[float, ...] | None = None
    problems: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The facts by name; lists for several values."""
        return {f.name: list(v) if isinstance(v := getattr(self, f.name), tuple) else v for f in fields(self)}


@dataclass(frozen=True)
class ProbeResult:
    """What a file holds, or why that cannot be told; whether that is because it takes too much time or memory."""

    path: Path
    video: Video | None
    problem: str | None = None
    is_too_much: bool = False


def video_from_dict(facts: Mapping[str, Any]) -> Video:
    """A video from its facts by name."""
    values: dict[str, Any] = {name: _as_tuples(value) for name, value in facts.items()}
    return Video(**values)


def _as_tuples(value: Any) -> Any:
    return tuple(map(_as_tuples, value)) if isinstance(value, (list, tuple)) else value


SAME_NAME = (
    *("duration_s", "width", "height", "fps", "container", "codec", "hook_s", "intro", "sound_hash"),
    *("opening_text", "watermark", "qr_code", "content_credentials"),
    *("spoken_hook", "speech_starts_s", "spoken_language"),
)


@dataclass(frozen=True)
class PostContext:
    """What bears on the pictures of a post: its caption with its hashtags, whether it is an ad, its account's language.

    None where it is not known.
    """

    caption: str | None = None
    is_ad: bool | None = None
    language: str | None = None


def post_contexts(posts: Facts, accounts: Sequence[Account]) -> list[PostContext]:
    """What bears on the pictures of each post."""
    languages = {account.handle: account.language for account in accounts}
    only = accounts[0].language if len(accounts) == 1 else None
    captions = caption_with_hashtags(posts.column_or_null("caption"), posts.column_or_null("hashtags")).to_pylist()
    ads = [None if math.isnan(value) else bool(value) for value in posts.column_or_null("ad").tolist()]
    handles = posts.column_or_null("account").tolist()
    return [
        PostContext(caption, is_ad, languages.get(handle) or only)
        for caption, is_ad, handle in zip(captions, ads, handles, strict=True)
    ]


def posts_columns(video: Video, post: PostContext | None = None) -> dict[str, Any]:
    """The columns of the posts table that the file fills for a post; what is not known is left out.

    Words in a script that is not read well, as the caption or the account's language tells, are no fact. What TikTok
    covers depends on the caption, and a post is taken for no ad where nothing says that it is one.

    A sound track of silence is no sound, and a tempo of which the measure is less sure than 0.5 is no fact. Readings of
    tips that give no number: `good_light` is a mean brightness of 0.2 to 0.9, `quick_cuts` a cut every four seconds or
    more often, `clear_audio` speech at least 15 dB above the noise about it, as ANSI S12.60 asks in classrooms; below
    that music may be as much to blame as the microphone.
    """
    post = post or PostContext()
    columns = {name: getattr(video, name) for name in SAME_NAME} | {
        "file_size_mb": video.size_mb,
        "has_audio": video.has_audio if video.silent is None else bool(video.has_audio) and not video.silent,
        "bpm": video.bpm if (video.bpm_confidence or 0.0) >= 0.5 else None,
        "good_light": None if video.brightness is None else 0.2 <= video.brightness <= 0.9,
        "clear_audio": (video.speech_over_noise_db or 0.0) >= 15 or None,
        "quick_cuts": None if video.cuts_per_s is None else video.cuts_per_s >= 0.25,
        "picture_hash": video.hash,
        "text_covered": _text_covered(video, post),
    }
    if not is_readable(post.caption, post.language):
        columns["opening_text"] = None
    return {name: value for name, value in columns.items() if value is not None}


def _text_covered(video: Video, post: PostContext) -> bool | None:
    if video.text_boxes is None or not fills_screen(video.width, video.height):
        return None
    return is_text_covered(video.text_boxes, post.caption, is_ad=bool(post.is_ad))


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
    """The posts that went out when the name of a file, or else the file itself, says that it was made."""
    match = MOMENT.search(path.stem)
    start = end = None
    with suppress(ValueError):
        if match is not None:
            numbers = [int(part) for part in match.groups() if part is not None]
            at = dt.datetime(*numbers[:3], *numbers[3:], tzinfo=dt.UTC)  # type: ignore[misc, arg-type]
            start, end = (at - NEAR, at + NEAR) if len(numbers) > 3 else (at, at + dt.timedelta(days=1))
        elif video.created_at is not None:
            at = dt.datetime.fromisoformat(video.created_at)
            start, end = at - NEAR, at + NEAR
    if start is None or end is None:
        return
    for row, post in posts.items():
        # A day alone is too little without the length; a length that is another is another video.
        if video.duration_s is None or post.length_s is None:
            is_possible = end - start <= 2 * NEAR
        else:
            is_possible = abs(video.duration_s - post.length_s) <= SAME_LENGTH_S
        if is_possible and any(start <= time <= end for time in post.times):
            yield row
