"""Videos, photos and subtitles that plans name, and that cannot be read, or are in none of the places looked at."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Any

from tiktok_coach.core.copy_names import plain_file_name
from tiktok_coach.core.facts import text_at
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.io.files.source_files import part_tab
from tiktok_coach.linter.finding import MISSING_PHOTO, MISSING_SUBTITLES, MISSING_VIDEO, UNREADABLE, Finding
from tiktok_coach.media.file_names import OTHER_PHOTOS, PHOTOS, SUBTITLES, VIDEOS
from tiktok_coach.plans.load import ContentCalendar, Unreadable
from tiktok_coach.plans.places import Place
from tiktok_coach.rules.lint_codes import NAMES, SEVERITIES


@dataclass(frozen=True)
class _Kind:
    """A column that names files, and what is said of those that are not there."""

    code: str
    column: str
    unreadable: Callable[[str, str], str]
    endings: tuple[str, ...]
    missing: Callable[[str], str]
    all_missing: Callable[[int], str]
    fix: str


KINDS = (
    _Kind(
        MISSING_VIDEO,
        "video_file",
        lambda file, problem: _("the video {file} {problem}", file=file, problem=problem),
        tuple(VIDEOS),
        lambda file: _("the video {file} is not beside the plan", file=file),
        lambda count: _("none of the {count} videos that the plan names is beside it", count=count),
        N_("Correct the name, put the video there, or name its folder with --media."),
    ),
    _Kind(
        MISSING_PHOTO,
        "photo_files",
        lambda file, problem: _("the photo {file} {problem}", file=file, problem=problem),
        tuple(PHOTOS | OTHER_PHOTOS),
        lambda file: _("the photo {file} is not beside the plan", file=file),
        lambda count: _("none of the post's {count} photos is beside the plan", count=count),
        N_("Correct the name, put the photo there, or name its folder with --media."),
    ),
    _Kind(
        MISSING_SUBTITLES,
        "transcript_file",
        lambda file, problem: _("the subtitles {file} {problem}", file=file, problem=problem),
        tuple(SUBTITLES),
        lambda file: _("the subtitles {file} are not beside the plan", file=file),
        lambda count: _("none of the {count} files of subtitles that the plan names is beside it", count=count),
        N_("Correct the name, put the file there, or name its folder with --media."),
    ),
)


def missing_files(calendar: ContentCalendar, media: Set[str]) -> Iterator[Finding]:
    """A finding for each missing file, where it is first named, and one alone for a post that has none of its photos.

    Where a plan has none of several videos, or of several posts' photos, they are likely kept elsewhere: that is worth
    knowing, and of videos one finding says so. `media` are the names of files that are known to lie elsewhere. Plans
    that are no files of their own are passed over.
    """
    for kind in KINDS:
        yield from _missing(calendar, media, kind)


def _missing(calendar: ContentCalendar, media: Set[str], kind: _Kind) -> Iterator[Finding]:
    by_plan: dict[int, dict[str, list[tuple[int, int]]]] = {}
    texts = calendar.posts.column_or_null(kind.column).tolist()
    for row, (text, plan) in enumerate(zip(texts, calendar.plan_of.tolist(), strict=True)):
        for position, file in enumerate(_files(text, kind)):
            if file and "://" not in file and plain_file_name(file).endswith(kind.endings):
                by_plan.setdefault(plan, {}).setdefault(file, []).append((row, position))
    for number, uses_by_file in by_plan.items():
        path = part_tab(calendar.plans[number].name)[0]
        if not _is_file(path):
            continue
        is_beside = _beside(path)
        missing = [file for file in uses_by_file if plain_file_name(file) not in media and not is_beside(file)]
        if kind.code == MISSING_PHOTO:
            yield from _missing_photos(calendar, kind, missing, uses_by_file)
        elif len(missing) == len(uses_by_file) > 1:
            uses = [use for file in missing for use in uses_by_file[file]]
            yield _finding(calendar, kind, kind.all_missing(len(missing)), missing[0], uses, severity="info")
        else:
            for file in missing:
                yield _finding(calendar, kind, kind.missing(file), file, uses_by_file[file])


def _missing_photos(
    calendar: ContentCalendar, kind: _Kind, missing: list[str], uses_by_file: Mapping[str, list[tuple[int, int]]]
) -> Iterator[Finding]:
    photos: dict[int, list[str]] = {}
    for file, uses in uses_by_file.items():
        for row, _position in uses:
            photos.setdefault(row, []).append(file)
    # Of one post alone nothing says that photos are kept elsewhere.
    severity = "info" if len(missing) == len(uses_by_file) and len(photos) > 1 else None
    gone = set(missing)
    without = {row for row, files in photos.items() if len(files) > 1 and gone.issuperset(files)}
    for row in sorted(without):
        message = kind.all_missing(len(photos[row]))
        first = uses_by_file[photos[row][0]]
        uses = [use for use in first if use[0] == row]
        yield _finding(calendar, kind, message, "; ".join(photos[row]), uses, severity)
    for file in missing:
        if uses := [use for use in uses_by_file[file] if use[0] not in without]:
            yield _finding(calendar, kind, kind.missing(file), file, uses, severity)


def unreadable_files(calendar: ContentCalendar) -> Iterator[Finding]:
    """A finding for each video or photo that cannot be read, where it is first named."""
    uses: dict[tuple[Path, str], list[Unreadable]] = {}
    for one in calendar.unreadable:
        uses.setdefault((one.path, one.problem), []).append(one)
    for (_path, problem), places in uses.items():
        first = places[0]
        [kind] = [kind for kind in KINDS if kind.column == first.column]
        text = text_at(calendar.posts.column_or_null(kind.column), first.row)
        file = list(_files(text, kind))[first.position]
        rows = [(one.row, one.position) for one in places]
        one_finding = _finding(calendar, kind, kind.unreadable(file, problem), file, rows, SEVERITIES[UNREADABLE])
        fix = _("Export it again, or name another file.")
        yield replace(one_finding, code=UNREADABLE, name=NAMES[UNREADABLE], confidence="high", fix=fix)


def without_unreadable(notices: Sequence[Notice], calendar: ContentCalendar) -> tuple[Notice, ...]:
    """The notices without those on files of which there are findings."""
    known = {(str(one.path), one.problem) for one in calendar.unreadable}
    known |= {(one.path.name, one.problem) for one in calendar.unreadable}
    return tuple(notice for notice in notices if (notice.source, notice.text) not in known)


def _files(text: str | None, kind: _Kind) -> Iterable[str]:
    if not text:
        return ()
    return (text,) if kind.code != MISSING_PHOTO else [file.strip() for file in text.split(";")]


def _beside(plan: str) -> Callable[[str], bool]:
    """Says whether a file is beside a plan, or in a folder there."""
    # Paths as objects would take as long, of thousands of videos, as all rules. In a folder that is not there is none.
    above = os.path.dirname(plan)  # noqa: PTH120
    folders: dict[str, tuple[str, bool]] = {}

    def is_beside(file: str) -> bool:
        parent, slash, name = file.replace("\\", "/").rpartition("/")
        inner = parent + slash
        if inner not in folders:
            folder = os.path.join(above, inner)  # noqa: PTH118
            folders[inner] = folder, os.path.isdir(folder or ".")  # noqa: PTH112
        folder, is_there = folders[inner]
        return is_there and _is_file(os.path.join(folder, name))  # noqa: PTH118

    return is_beside


def _is_file(path: str) -> bool:
    return os.path.isfile(path)  # noqa: PTH113


def _place(calendar: ContentCalendar, kind: _Kind, row: int, position: int) -> Place:
    """Where a post names a file: the entry of a list, else the whole value."""
    items = calendar.plan(row).places.items(int(calendar.row_of[row]), kind.column)
    return items[position] if position < len(items) else calendar.place(row, kind.column)


def _finding(
    calendar: ContentCalendar,
    kind: _Kind,
    message: str,
    file: str,
    uses: list[tuple[int, int]],
    severity: str | None = None,
) -> Finding:
    place = _place(calendar, kind, *uses[0])
    rows = list(dict.fromkeys(row for row, _position in uses))
    post = text_at(calendar.posts.column_or_null("post_id"), rows[0]) if len(rows) == 1 else None
    subject = post or plural("{count} post", "{count} posts", len(rows))
    about: dict[str, Any] = {"subject": subject, "post": post, "key": file, "value": file}
    severity = severity or SEVERITIES[kind.code]
    return Finding(kind.code, NAMES[kind.code], severity, "medium", message, _(kind.fix), place, **about)
