"""Copies of videos and photos that the route of a post takes: which are needed, and the plan that names them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from tiktok_coach.core.facts import text_at
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _
from tiktok_coach.linter.apply_fixes import Contents, Read, apply_fixes
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.finding import COPY, Copy, Edit, Finding, Fix
from tiktok_coach.linter.fixes import Change, changed, source_of, span_of
from tiktok_coach.linter.media import Media
from tiktok_coach.media.convert import ConversionError, convert_photo, convert_video, copy_ending, copy_path, is_copy
from tiktok_coach.media.credentials import content_credentials
from tiktok_coach.media.limits import PhotoLimits, VideoLimits
from tiktok_coach.plans.load import ContentCalendar
from tiktok_coach.plans.places import Place
from tiktok_coach.rules.load import CompiledRule

# A file with these says how it was made, which no copy would.
SIGNED = frozenset({"ai", "other"})


@dataclass(frozen=True)
class CopyWriter:
    """How copies are written: whether a name may be taken, and the file to write to, None where nothing is written."""

    is_free: Callable[[Path], bool]
    open: Callable[[Path], AbstractContextManager[Path]] | None


@dataclass(frozen=True)
class CopyLimits:
    """What copies have to be within."""

    video: VideoLimits
    photo: PhotoLimits


def limits_of(rules: Iterable[CompiledRule]) -> CopyLimits:
    """The limits that the rules set which a copy corrects."""
    params: dict[str, Any] = {one.rule.field: one.params for one in rules if one.rule.fix_kind == COPY}

    def limit(field: str, bound: str, otherwise: float) -> Any:
        value = getattr(params.get(field), bound, None)
        return otherwise if value is None else value

    video, photo = VideoLimits(), PhotoLimits()
    return CopyLimits(
        VideoLimits(
            limit("fps", "min", video.min_fps),
            limit("fps", "max", video.max_fps),
            int(limit("long_side", "max", video.max_side)),
            limit("file_size_mb", "max", video.max_mb),
        ),
        PhotoLimits(
            int(limit("photo_short_sides", "max", photo.max_side)), limit("photo_sizes_mb", "max", photo.max_mb)
        ),
    )


def copy_fix(calendar: ContentCalendar, row: int, column: str, part: Mapping[str, Any] | None) -> Fix | None:
    """The change of a plan that names a copy of the video of the post at `row`, or of the photo that is at fault.

    None for a fact that the plan says itself, for a file that was not measured or has Content Credentials, and for a
    plan that cannot be changed there.
    """
    is_measured = calendar.measured.get(column)
    if is_measured is None or not is_measured[row]:
        return None
    if part is None:
        signed = text_at(calendar.posts.column_or_null("content_credentials"), row) in SIGNED
        return None if signed else _video_fix(calendar, row)
    return _photo_fix(calendar, row, part["position"])


def _video_fix(calendar: ContentCalendar, row: int) -> Fix | None:
    path, source = calendar.videos.get(row), source_of(calendar, row, "video_file")
    if path is None or source is None or is_copy(path):
        return None
    change = _change(source.value, path)
    edits_and_fault = None if change is None else source.edits(calendar.plan(row).name, [change])
    if change is None or edits_and_fault is None:
        return None
    return Fix(edits_and_fault[0], row, "video_file", changed(source.value, [change]), copy=Copy(path, copy_path(path)))


def _photo_fix(calendar: ContentCalendar, row: int, position: int) -> Fix | None:
    paths, value = calendar.photos.get(row, ()), text_at(calendar.posts.column_or_null("photo_files"), row) or ""
    path, entries = paths[position] if position < len(paths) else None, value.split(";")
    if path is None or is_copy(path) or len(entries) != len(paths):
        return None
    if any(one.path == path for one in calendar.unreadable):
        return None
    # Of the whole post it is known too, but that may be said of another photo.
    if content_credentials(path) in SIGNED:
        return None
    change = _change(entries[position].strip(), path)
    edits = None if change is None else _photo_edits(calendar, row, entries, position, change)
    if change is None or not edits:
        return None
    names = [name.strip() for name in entries]
    names[position] = changed(names[position], [change])
    # A list is read with these between its items, and a cell as it is written.
    ends = "; ".join(names) if _items(calendar, row) else None
    return Fix(edits, row, "photo_files", ends, copy=Copy(path, copy_path(path)))


def _items(calendar: ContentCalendar, row: int) -> list[Place]:
    return calendar.plan(row).places.items(int(calendar.row_of[row]), "photo_files")


def _photo_edits(
    calendar: ContentCalendar, row: int, entries: Sequence[str], position: int, change: Change
) -> tuple[Edit, ...] | None:
    """The edits of a list, or of a text with `;` between the names, that change the name of one photo."""
    plan, items, name = calendar.plan(row), _items(calendar, row), entries[position].strip()
    if items:
        if len(items) != len(entries) or items[position].file != plan.name:
            return None
        start, end = span_of(items[position])
        written = plan.text[start:end]
        if written.count(name) != 1:
            return None
        begin = start + written.index(name)
        return (Edit(plan.name, begin + change.start, begin + change.end, change.text),)
    source = source_of(calendar, row, "photo_files")
    if source is None:
        return None
    entry = entries[position]
    before = sum(len(other) + 1 for other in entries[:position]) + len(entry) - len(entry.lstrip())
    edits_and_fault = source.edits(plan.name, [Change(before + change.start, before + change.end, change.text, before)])
    return None if edits_and_fault is None else edits_and_fault[0]


def _change(name: str, path: Path) -> Change | None:
    """The change of a name that makes it that of the copy; None where it has another ending than the file."""
    ending = PurePath(name).suffix
    if not ending or ending.casefold() != path.suffix.casefold():
        return None
    return Change(len(name) - len(ending), len(name), copy_ending(path), 0)


def write_copies(
    copies: Sequence[Copy], limits: CopyLimits, writer: CopyWriter, progress: Callable[[str], None] | None
) -> dict[Copy, str]:
    """Write the copies, each whole or not at all; gives those that could not be written, and why."""
    problems: dict[Copy, str] = {}
    for copy in copies:
        if writer.open is None:
            continue
        if progress is not None:
            progress(_("writing {file}", file=copy.target.name))
        try:
            with writer.open(copy.target) as partial:
                if copy.target.suffix == ".jpg":
                    convert_photo(copy.source, partial, limits.photo)
                else:
                    convert_video(copy.source, partial, limits.video)
        except ConversionError as error:
            problems[copy] = _("cannot be copied for TikTok ({reason})", reason=error)
    return problems


def refusals(copies: Sequence[Copy], writer: CopyWriter) -> dict[Copy, str]:
    """The copies that would replace a person's own file, or one another, and why they are not written."""
    problems: dict[Copy, str] = {}
    sources: dict[Path, Path] = {}
    for copy in copies:
        if sources.setdefault(copy.target, copy.source) != copy.source:
            problems[copy] = _("has the same copy as {file}; rename one", file=sources[copy.target].name)
        elif not writer.is_free(copy.target):
            problems[copy] = _("{file} is there already, and I didn't write it; rename it", file=copy.target.name)
    return problems


def without_copies(result: LintResult, refused: Container[Copy]) -> LintResult:
    """The result in which no finding says that it would be fixed by one of some copies, as these are not written."""

    def without(finding: Finding) -> Finding:
        fix = finding.autofix
        return replace(finding, autofix=None) if fix is not None and fix.copy in refused else finding

    return replace(result, findings=tuple(map(without, result.findings)))


def fixable(result: LintResult, writer: CopyWriter) -> LintResult:
    """The result in which no finding says that it would be fixed by a copy whose name is taken."""
    copies = [one.autofix.copy for one in result.findings if one.autofix is not None and one.autofix.copy is not None]
    return without_copies(result, refusals(list(dict.fromkeys(copies)), writer)) if copies else result


@dataclass(frozen=True)
class FixResult:
    """What fixes made: the files that change, how many findings they fixed, and the copies that they take.

    `refused` are those that could not be, and why.
    """

    changes: Mapping[str, bytes]
    count: int
    copies: tuple[Copy, ...]
    refused: Mapping[Copy, str]


def fix_with_copies(
    lint: Callable[[ContentCalendar, frozenset[str]], LintResult],
    load: Callable[[Contents, Media | None], ContentCalendar],
    read: Read,
    media: Media | None,
    limits: CopyLimits,
    writer: CopyWriter | None,
    progress: Callable[[str], None] | None,
) -> tuple[LintResult, FixResult]:
    """Apply every fix, and write the copies that they take; what is left is told from the copies themselves.

    `load`, `lint` and `read` are as `apply_fixes` takes them, with the media and the names of their files.
    """
    names = frozenset() if media is None else media.names | media.copy_names
    refused: dict[Copy, str] = {}
    written: set[Copy] = set()

    def may_copy(copy: Copy) -> bool:
        return writer is not None and copy not in refused

    while True:
        result, changes, fixes, count = apply_fixes(
            lambda calendar: lint(calendar, names), lambda contents: load(contents, media), read, may_copy
        )
        copies = tuple(dict.fromkeys(fix.copy for fix in fixes if fix.copy is not None))
        if writer is None or media is None or not copies:
            return without_copies(result, refused), FixResult(changes, count, copies, refused)
        new = [copy for copy in copies if copy not in written]
        problems = refusals(copies, writer) or write_copies(new, limits, writer, progress)
        written.update(copy for copy in new if copy not in problems and copy.target.exists())
        if not problems:
            break
        # Without these the plan has to change otherwise.
        refused |= problems
    if writer.open is not None:
        media = media.with_copies(copies, result.calendar)
        result = lint(load(changes, media), media.names)
    return without_copies(result, refused), FixResult(changes, count, copies, refused)
