"""What happens in the picture: cuts, movement, a black or still opening, light, sharpness, black bars, and a hash of it over time.

FFmpeg's own filters scale every frame and tell how far it lies from the one before (scdet); the rest is arithmetic on small grey frames.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.fft import dctn
from scipy.ndimage import laplace

# Frames are looked at in this size; a cut is a change of picture of which FFmpeg's detector is so sure (0-100).
WIDE, HIGH = 96, 160
CUT = "10"
# Below this mean difference (0-100, FFmpeg's mafd) from one frame to the next nothing moves, and below this brightness all is black.
STILL, BLACK = 0.35, 0.08
# A grey frame a second is kept for the hash, light and bars.
EVERY_S = 1.0
# A hash is of so many coefficients each way, of so many moments of the video.
COEFFICIENTS, MOMENTS = 8, 8


@dataclass
class Watching:
    """What has been seen so far, frame by frame."""

    times: list[float] = field(default_factory=list)
    moved: list[float] = field(default_factory=list)
    light: list[float] = field(default_factory=list)
    cuts: list[float] = field(default_factory=list)
    kept: list[np.ndarray] = field(default_factory=list)

    def see(self, grey: np.ndarray, at: float, moved: float, *, cut: bool) -> None:
        """Take one frame: its grey picture (HIGH x WIDE, 0-255), its time, and how far it lies from the one before."""
        self.times.append(at)
        self.moved.append(moved)
        self.light.append(float(grey.mean()) / 255)
        if cut:
            self.cuts.append(round(at, 3))
        if not self.kept or at >= len(self.kept) * EVERY_S:
            self.kept.append(grey)

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

    def hash(self) -> str:
        """A hash of the picture over time: the signs of the lowest frequencies of MOMENTS frames (pHash; Zauner, 2010), bars cut away."""
        chosen = np.linspace(0, len(self.kept) - 1, MOMENTS).round().astype(int)
        bits: list[np.ndarray] = []
        for place in chosen:
            frame = _inner(self.kept[place].astype("float64"))
            low = dctn(frame, norm="ortho")[:COEFFICIENTS, :COEFFICIENTS].ravel()[1:]
            bits.append(low > np.median(low))
        return np.packbits(np.concatenate(bits)).tobytes().hex()


def _inner(frame: np.ndarray) -> np.ndarray:
    """The picture without black edges."""
    lit: np.ndarray = np.asarray(frame > 255 * BLACK)
    rows, columns = (np.flatnonzero(lit.any(axis=axis)) for axis in (1, 0))
    if len(rows) < COEFFICIENTS or len(columns) < COEFFICIENTS:
        return frame
    return frame[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
