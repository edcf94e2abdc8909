"""What the photo files of planned carousels tell of them, a list a post with an entry for each photo."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tiktok_coach.core.arrays import text_array
from tiktok_coach.core.copy_names import plain_file_name
from tiktok_coach.core.facts import Array, known_mask, value_at
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.io.files.source_files import part_tab
from tiktok_coach.media.facts import PostContext, post_contexts
from tiktok_coach.media.photos import Photo, PhotoResult
from tiktok_coach.media.text_lines import is_readable
from tiktok_coach.plans.load import ContentCalendar, Unreadable

# The entry of a photo in the list of each column.
ENTRIES: dict[str, Callable[[Photo], str]] = {
    "photo_formats": lambda photo: photo.format,
    "photo_sizes_mb": lambda photo: f"{photo.size_mb:g}",
    "photo_short_sides": lambda photo: str(photo.short_side),
}
# What all of its photos together tell of a post.
OF_POST = ("content_credentials", "qr_code", "watermark", "opening_text")


def with_photos(
    calendar: ContentCalendar, files: Sequence[Path], look_at: Callable[[Sequence[Path]], Mapping[Path, PhotoResult]]
) -> ContentCalendar:
    """The calendar with what its photos tell where the plans say nothing, placed where they name the photos.

    `look_at` gives what those among the `files` hold.
    """
    paths = match_photos(calendar, files)
    if not paths:
        return calendar
    known = look_at(list(dict.fromkeys(path for of_post in paths.values() for path in of_post if path is not None)))
    results = {row: [None if one is None else known.get(one) for one in of_post] for row, of_post in paths.items()}
    photos = {row: [None if one is None else one.photo for one in of_post] for row, of_post in results.items()}
    columns: dict[str, Array] = {}
    measured = dict(calendar.measured)
    for name, entry in ENTRIES.items():
        lists = {row: ["" if one is None else entry(one) for one in of_post] for row, of_post in photos.items()}
        texts = {row: "; ".join(entries) for row, entries in lists.items() if any(entries)}
        columns[name] = text_array(texts.get(row) for row in range(len(calendar.posts)))
        measured[name] = np.isin(np.arange(len(calendar.posts)), list(texts))
    contexts = post_contexts(calendar.posts, calendar.accounts)
    facts = {row: _facts_of_post(of_post, contexts[row]) for row, of_post in photos.items()}
    said = calendar.posts.column_or_null("measured").tolist()
    for name in OF_POST:
        own = calendar.posts.column_or_null(name)
        is_free = np.array([name in facts.get(row, {}) for row in range(len(own))], dtype=bool) & ~known_mask(own)
        values = [facts[row][name] if is_free[row] else value_at(own, row) for row in range(len(own))]
        columns[name] = text_array(values) if COLUMNS[name].kind == "text" else np.array(values, dtype="float64")
        measured[name] = is_free | measured.get(name, np.zeros(len(own), dtype=bool))
        for row in is_free.nonzero()[0].tolist():
            said[row] = "; ".join(filter(None, (said[row], name)))
    columns["measured"] = text_array(said)
    used = {one.path: one for of_post in results.values() for one in of_post if one is not None}
    return replace(
        calendar,
        posts=calendar.posts.with_columns(columns),
        measured=measured,
        photos={row: tuple(of_post) for row, of_post in paths.items()},
        unreadable=(*calendar.unreadable, *_unreadable(results)),
        notices=(*calendar.notices, *_notices(used.values())),
    )


def _unreadable(results: Mapping[int, Sequence[PhotoResult | None]]) -> Iterator[Unreadable]:
    """The photos that cannot be read, or not to their end."""
    for row, of_post in results.items():
        for position, one in enumerate(of_post):
            if one is not None:
                problems = (one.problem or "",) if one.photo is None else one.photo.problems
                yield from (Unreadable(row, "photo_files", position, one.path, problem) for problem in problems)


def _facts_of_post(photos: Sequence[Photo | None], post: PostContext) -> dict[str, Any]:
    """What the photos of a post tell of it; what is not known is left out.

    One photo that AI made makes the post so, and one QR code or watermark is the post's; that there is none is known
    where it is of every photo. Its opening is the first photo, as far as its script is read.
    """
    facts: dict[str, Any] = {}
    credentials = [one.content_credentials if one is not None else None for one in photos]
    marks = [one.watermark if one is not None else None for one in photos]
    codes = [one.qr_code if one is not None else None for one in photos]
    said = next((kind for kind in ("ai", "other") if kind in credentials), None)
    facts["content_credentials"] = said or ("none" if None not in credentials else None)
    apps = dict.fromkeys(app.strip() for text in marks if text not in {None, "none"} for app in str(text).split(";"))
    facts["watermark"] = "; ".join(apps) or ("none" if None not in marks else None)
    facts["qr_code"] = True if True in codes else None if None in codes else False
    first = photos[0] if is_readable(post.caption, post.language) else None
    facts["opening_text"] = None if first is None else first.opening_text
    return {name: value for name, value in facts.items() if value is not None}


def match_photos(calendar: ContentCalendar, files: Sequence[Path]) -> dict[int, list[Path | None]]:
    """The files of each post's photos in their order, by its row; None for one that is not among the files.

    A file is a photo's that is where the plan names it, or else the only one of its name.
    """
    by_path = {os.path.realpath(file): file for file in files}
    counts = Counter(file.name.casefold() for file in files)
    by_name = {name: file for file in files if counts[name := file.name.casefold()] == 1}
    matches: dict[int, list[Path | None]] = {}
    for row, names in enumerate(photos_of(calendar)):
        if not names:
            continue
        folder = Path(part_tab(calendar.plan(row).name)[0]).parent
        paths = (os.path.realpath(folder / name.replace("\\", "/")) for name in names)
        last_parts = map(plain_file_name, names)
        of_post = [by_path.get(path) or by_name.get(last) for path, last in zip(paths, last_parts, strict=True)]
        if any(path is not None for path in of_post):
            matches[row] = of_post
    return matches


def photos_of(calendar: ContentCalendar) -> Iterator[list[str]]:
    """The photos that each post names, in their order."""
    for text in calendar.posts.column_or_null("photo_files").tolist():
        yield [] if text is None else [file.strip() for file in text.split(";")]


def _notices(results: Iterable[PhotoResult]) -> Iterator[Notice]:
    for one in results:
        if one.photo is None:
            yield Notice(str(one.path), one.problem or "")
        else:
            yield from (Notice(str(one.path), text) for text in one.photo.problems)
