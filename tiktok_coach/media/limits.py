"""What a copy of a video or photo has to be within, so that TikTok takes it."""

from __future__ import annotations

from tiktok_coach.core.records import dataclass

# What a picture that is too large is scaled to.
SHORT_SIDE = 1080


@dataclass(frozen=True)
class VideoLimits:
    """Frames a second, pixels of the longer side, and megabytes of the file."""

    min_fps: float = 23
    max_fps: float = 60
    max_side: int = 4096
    max_mb: float = 4096


@dataclass(frozen=True)
class PhotoLimits:
    """Pixels of the shorter side, and megabytes of the file."""

    max_side: int = SHORT_SIDE
    max_mb: float = 20
