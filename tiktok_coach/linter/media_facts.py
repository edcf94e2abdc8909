"""What the videos of planned posts tell of them; what the plan says itself holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from tiktok_coach.analysis.video_facts import notices, plain
from tiktok_coach.core.copy_names import MARK, plain_file_name
from tiktok_coach.core.facts import text_at
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import _
from tiktok_coach.linter.fill_facts import fill_facts
from tiktok_coach.linter.finding import CONTRADICTED, Finding
from tiktok_coach.media.facts import PostKey, ProbeResult, Video, match_videos, post_contexts, posts_columns
from tiktok_coach.plans.load import ContentCalendar, Unreadable
from tiktok_coach.plans.plan import key_of
from tiktok_coach.rules.lint_codes import NAMES, SEVERITIES


def with_measured(
    calendar: ContentCalendar, probed: Sequence[ProbeResult], published: Set[str] = frozenset()
) -> ContentCalendar:
    """The calendar with what its videos tell where the plans say nothing, placed where they name the file.

    Those whose names are in `published` are of posts that are out, and need belong to no planned one.
    """
    posts = calendar.posts
    ids, files = (posts.column_or_null(name).tolist() for name in ("post_id", "video_file"))
    videos, apart = match_videos(probed, [PostKey(post_id, file) for post_id, file in zip(ids, files, strict=True)])
    contexts = post_contexts(posts, calendar.accounts)
    facts = {row: posts_columns(video, contexts[row]) for row, video in videos.items()}
    calendar = fill_facts(calendar, facts, {row: video.file for row, video in videos.items()})
    # A file and its copy for TikTok lie beside each other, and a post names one of them.
    stems = {_stem(video.file) for video in videos.values()}
    apart = [name for name in apart if _stem(name) not in stems and name not in published]
    odd = (*calendar.notices, *notices(probed, videos, apart))
    paths = {id(one.video): one.path for one in probed}
    files_by_row = {row: paths[id(video)] for row, video in videos.items()}
    unreadable = (*calendar.unreadable, *_unreadable(probed, files, videos))
    return replace(calendar, videos=files_by_row, notices=odd, unreadable=unreadable)


def _unreadable(
    probed: Sequence[ProbeResult], files: Sequence[str | None], videos: Mapping[int, Video]
) -> Iterator[Unreadable]:
    """The videos that posts name, and that cannot be read; of several files of one name it is not known which is."""
    by_name: dict[str, list[ProbeResult]] = {}
    for one in probed:
        by_name.setdefault(one.path.name.casefold(), []).append(one)
    for row, file in enumerate(files):
        if file is None or row in videos:
            continue
        named = by_name.get(plain_file_name(file), [])
        if len(named) == 1 and named[0].video is None and not named[0].is_too_much:
            yield Unreadable(row, "video_file", 0, named[0].path, named[0].problem or "")


def _stem(name: str) -> str:
    return PurePath(name).stem.removesuffix(MARK).casefold()


def contradictions(calendar: ContentCalendar) -> Iterator[Finding]:
    """What the plans say otherwise than the videos measure, each at the value that says it."""
    for one in calendar.contradicted:
        flag = COLUMNS[one.column].kind == "flag"
        stated, measured = (plain(bool(v) if flag else v) for v in (one.stated, one.measured))
        unit = f" {COLUMNS[one.column].unit}".rstrip()
        place = calendar.place(one.row, one.column)
        terms = {"key": key_of(one.column), "said": stated, "unit": unit, "file": one.file, "measured": measured}
        message = _("{key} is {said}{unit} by the plan, and {measured}{unit} by {file}", **terms)
        post = text_at(calendar.posts.column_or_null("post_id"), one.row)
        subject, fix = post or place.file, _("Correct the plan, or name the right file.")
        about: dict[str, Any] = {"subject": subject, "post": post, "key": f"{subject} {one.column}"}
        about |= {"value": one.stated, "expected": {"measured": one.measured}}
        severity = SEVERITIES[CONTRADICTED]
        yield Finding(CONTRADICTED, NAMES[CONTRADICTED], severity, "high", message, fix, place, **about)
