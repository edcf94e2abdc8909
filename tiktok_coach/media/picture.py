"""What happens in the picture: cuts, movement, a black or still opening, light, sharpness, black bars.

A few thousand points of every frame are looked at, and a whole frame scaled down once a second: to scale every frame
would take as long as to decode it. The rest is arithmetic on small grey pictures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.ndimage import laplace

from tiktok_coach.media import text_overlay as lettering

# Frames are looked at in this size; a cut is a change of so much, 0-100.
WIDE, HIGH = 96, 160
CUT = 10.0
# Below this mean difference (0-100) from one frame to the next nothing moves, and below this brightness all is black.
STILL, BLACK = 0.35, 0.08
# A whole picture a second is kept, for likeness, light and bars.
EVERY_S = 1.0
# Formats whose first plane is the grey picture, a byte a pixel.
GREY_FIRST = frozenset(
    {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "yuva420p", "nv12", "nv21", "gray"}
)
FULL_RANGE = 2
# The mean of two pixels from their sum; most videos keep black at 16 and white at 235 (ITU-R BT.709), some use all
# values.
FULL = (np.arange(511) / 2).astype(np.int16)
LIMITED = np.clip((np.arange(511) / 2 - 16) * (255 / 219), 0, 255).astype(np.int16)


@lru_cache(maxsize=8)
def _places(width: int, height: int, line: int) -> np.ndarray:
    """Where the points of a picture lie in its plane, two to a pixel of the small one, aslant."""
    rows, columns = (
        ((np.arange(2 * count) + 0.5) * size / (2 * count)).astype(np.int32)
        for count, size in ((HIGH, height), (WIDE, width))
    )
    return np.stack([rows[side::2, None] * line + columns[side::2] for side in (0, 1)])


def points(frame: Any) -> np.ndarray:
    """A frame's grey picture from points of it (HIGH x WIDE, 0-255, signed), each the mean of two; unscaled, so that it
    costs little.
    """
    plain = frame if frame.format.name in GREY_FIRST else frame.reformat(format="gray")
    plane = plain.planes[0]
    found = np.frombuffer(plane, np.uint8).take(_places(plain.width, plain.height, plane.line_size))
    full = plain.format.name == "gray" or "j4" in plain.format.name or plain.color_range == FULL_RANGE
    grey: np.ndarray = (FULL if full else LIMITED)[found[0].astype(np.uint16) + found[1]]
    return grey


def scaled(frame: Any, wide: int, high: int, pixels: str = "gray") -> np.ndarray:
    """A frame in another size (high x wide, 0-255, with `pixels` rgb24 x 3), turned as it is shown."""
    turns = round(frame.rotation / 90) % 4
    across, down = (high, wide) if turns % 2 else (wide, high)
    small = frame.reformat(width=across, height=down, format=pixels, interpolation="AREA").to_ndarray()
    return np.ascontiguousarray(np.rot90(small, turns))


@dataclass
class PictureTrack:
    """What has been seen so far, frame by frame."""

    times: list[float] = field(default_factory=list)
    moved: list[float] = field(default_factory=list)
    light: list[float] = field(default_factory=list)
    cuts: list[float] = field(default_factory=list)
    kept: list[np.ndarray] = field(default_factory=list)
    opening: list[np.ndarray] = field(default_factory=list)
    before: np.ndarray | None = None

    def see(self, frame: Any, at: float) -> None:
        """Take one frame and its time.

        How far it lies from the one before is the mean difference of their points as a share of full scale, 0-100; a
        cut is a difference that is CUT more or less than that of the frame before (FFmpeg's scdet, done here since to
        hand over small pictures takes longer than to compare them).
        """
        grey = points(frame)
        moved = 0.0 if self.before is None else float(np.abs(grey - self.before).mean()) * 100 / 255
        if min(moved, abs(moved - (self.moved or [0.0])[-1])) >= CUT:
            self.cuts.append(round(at, 3))
        self.before = grey
        self.times.append(at)
        self.moved.append(moved)
        self.light.append(float(grey.mean()) / 255)
        since = at - self.times[0]
        if since >= len(self.kept) * EVERY_S:
            self.kept.append(scaled(frame, WIDE, HIGH))
        if lettering.LONGEST_S >= since >= len(self.opening) * lettering.EVERY_S:
            self.opening.append(scaled(frame, lettering.WIDE, lettering.HIGH))

    def text(self) -> tuple[bool, bool]:
        """Whether lines of text stay on the opening, and whether any lies under TikTok's own words and buttons."""
        lines = lettering.steady_lines(self.opening)
        return bool(lines), any(line.covered() for line in lines)

    def black_opening(self) -> float:
        """For how long the video opens black."""
        return self._until(np.array(self.light) > BLACK)

    def static_opening(self) -> float:
        """For how long nothing moves at the beginning, black or not."""
        return self._until(np.concatenate([[False], np.array(self.moved[1:]) > STILL]))

    def _until(self, begun: np.ndarray) -> float:
        if not len(begun):
            return 0.0
        first = int(np.argmax(begun)) if begun.any() else len(begun) - 1
        return round(self.times[first] - self.times[0], 3) if first else 0.0

    def first_movement(self) -> float | None:
        """When something first moves, after the first frame; None where nothing does."""
        begun = np.array(self.moved[1:]) > STILL
        return round(self.times[1 + int(np.argmax(begun))] - self.times[0], 3) if begun.any() else None

    def light_of(self) -> tuple[float, float, float]:
        """Brightness and contrast (0-1) and sharpness of the frames that are kept, each the median over time."""
        stack = [frame.astype("float64") for frame in self.kept]
        each = [(f.mean() / 255, f.std() / 255, float(laplace(f).std())) for f in stack]
        brightness, contrast, sharpness = np.median(each, axis=0)
        return float(brightness), float(contrast), float(sharpness)

    def bars(self) -> bool:
        """Whether black bars stand at two opposite edges throughout."""
        brightest = np.max(np.stack(self.kept), axis=0) / 255
        if brightest.max() <= BLACK:
            return False
        rows, columns = brightest.max(axis=1) <= BLACK, brightest.max(axis=0) <= BLACK
        least = 0.04
        return any(
            int(np.argmin(edge)) >= least * len(edge) and int(np.argmin(edge[::-1])) >= least * len(edge)
            for edge in (rows, columns)
        )
