"""What the photo files of planned carousels tell of them, a list a post with an entry for each photo."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tiktok_coach.core.arrays import text_array
from tiktok_coach.core.notices import Notice
from tiktok_coach.io.files.source_files import part_tab
from tiktok_coach.media.photos import Photo, PhotoResult
from tiktok_coach.plans.load import ContentCalendar

# The entry of a photo in the list of each column.
ENTRIES: dict[str, Callable[[Photo], str]] = {
    "photo_formats": lambda photo: photo.format,
    "photo_sizes_mb": lambda photo: f"{photo.size_mb:g}",
    "photo_short_sides": lambda photo: str(photo.short_side),
}


def with_photos(calendar: ContentCalendar, probed: Sequence[PhotoResult]) -> ContentCalendar:
    """The calendar with what its photos tell, placed where the plans name them."""
    results = match_photos(calendar, probed)
    if not results:
        return calendar
    columns = {}
    for name, entry in ENTRIES.items():
        texts: list[str | None] = [None] * len(calendar.posts)
        for row, of_post in results.items():
            entries = ["" if one is None or one.photo is None else entry(one.photo) for one in of_post]
            texts[row] = "; ".join(entries) if any(entries) else None
        columns[name] = text_array(texts)
    is_measured = np.isin(np.arange(len(calendar.posts)), list(results))
    measured = {**calendar.measured, **dict.fromkeys(ENTRIES, is_measured)}
    used = {one.path: one for of_post in results.values() for one in of_post if one is not None}
    found_odd = tuple(_notices(used.values()))
    posts = calendar.posts.with_columns(columns)
    paths = {row: tuple(None if one is None else one.path for one in of_post) for row, of_post in results.items()}
    return replace(calendar, posts=posts, measured=measured, photos=paths, notices=(*calendar.notices, *found_odd))


def match_photos(calendar: ContentCalendar, probed: Sequence[PhotoResult]) -> dict[int, list[PhotoResult | None]]:
    """The files of each post's photos in their order, by its row; None for one that is not among the files.

    A file is a photo's that is where the plan names it, or else the only one of its name.
    """
    by_path = {os.path.realpath(one.path): one for one in probed}
    counts = Counter(one.path.name.casefold() for one in probed)
    by_name = {name: one for one in probed if counts[name := one.path.name.casefold()] == 1}
    matches: dict[int, list[PhotoResult | None]] = {}
    for row, files in enumerate(photos_of(calendar)):
        if not files:
            continue
        folder = Path(part_tab(calendar.plan(row).name)[0]).parent
        paths = (os.path.realpath(folder / file.replace("\\", "/")) for file in files)
        names = (file.replace("\\", "/").rpartition("/")[2].casefold() for file in files)
        of_post = [by_path.get(path) or by_name.get(name) for path, name in zip(paths, names, strict=True)]
        if any(one is not None for one in of_post):
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
