"""What happens in the picture: cuts, movement, a black or still opening, light and bars; a print of it; and
lines of text in single pictures.

A few thousand points of every frame are looked at, and a whole frame scaled down once a second: to scale every frame
would take as long as to decode it. The rest is arithmetic on small grey pictures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.fft import dctn
from scipy.ndimage import find_objects, label, laplace, uniform_filter

from tiktok_coach.core.safe_zones import Box
from tiktok_coach.core.similarity import COEFFICIENTS, MOMENTS, bits_as_text

# Frames are looked at in this size; a cut is a change of so much, 0-100.
WIDE, HIGH = 96, 160
CUT = 10.0
# Below this mean difference (0-100) from one frame to the next nothing moves, and below this brightness all is black.
STILL, BLACK = 0.35, 0.08
# Nothing happens by itself in an opening as long as this: it is an intro.
INTRO_S = 1.0
# A whole picture a second is kept, for likeness, light and bars.
EVERY_S = 1.0
# Prints: a row or column of no more spread than PLAIN (of 255) is an edge, and edges leave at least this share of a
# side; a picture of less spread than BLANK is blank, and below UNMOVED about its own middle nothing moves.
PLAIN, LEAST_INSIDE, BLANK, UNMOVED = 14, 0.4, 2.0, 1.5
# Formats whose first plane is the grey picture, a byte a pixel.
GREY_FIRST = frozenset(
    {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "yuva420p", "nv12", "nv21", "gray"}
)
FULL_RANGE = 2
# The mean of two pixels from their sum; most videos have black at 16 and white at 235 (ITU-R BT.709), some use all.
FULL = (np.arange(511) / 2).astype(np.int16)
LIMITED = np.clip((np.arange(511) / 2 - 16) * (255 / 219), 0, 255).astype(np.int16)
# Text: pictures are looked at in this width and height.
TEXT_WIDE, TEXT_HIGH = 270, 480
# A step of so many of 255 is an edge; this share of a window of a line must be steps up, steps down, and steps across.
EDGE, DENSE, ACROSS = 40, 0.04, 0.03
WINDOW = (7, 21)
# Lines are looked for in pictures so many times smaller.
SIZES = (1, 2)
# A line is so many pixels high, at least so many times as wide, and the strips above and below have so few edges.
LEAST_HIGH, MOST_HIGH, LONG, CLEAR = 6, 72, 1.6, 0.4
# Where a line of text is in a picture: its rows and its columns.
Line = tuple[slice, slice]


@lru_cache(maxsize=8)
def _places(width: int, height: int, line: int) -> np.ndarray:
    """Where the points of a picture lie in its plane, two to a pixel of the small one, aslant."""
    rows, columns = (
        ((np.arange(2 * count) + 0.5) * size / (2 * count)).astype(np.int32)
        for count, size in ((HIGH, height), (WIDE, width))
    )
    return np.stack([rows[side::2, None] * line + columns[side::2] for side in (0, 1)])


def points(frame: Any) -> np.ndarray:
    """A frame's grey picture from points of it (HIGH x WIDE, 0-255, signed), each the mean of two."""
    plain = frame if frame.format.name in GREY_FIRST else frame.reformat(format="gray")
    plane = plain.planes[0]
    pairs = np.frombuffer(plane, np.uint8).take(_places(plain.width, plain.height, plane.line_size))
    is_full = plain.format.name == "gray" or "j4" in plain.format.name or plain.color_range == FULL_RANGE
    grey: np.ndarray = (FULL if is_full else LIMITED)[pairs[0].astype(np.uint16) + pairs[1]]
    return grey


def decimated(frame: Any, shorter: int) -> np.ndarray:
    """A frame's grey picture of every n-th pixel, so that its shorter side has at least so many where it can."""
    plain = frame if frame.format.name in GREY_FIRST else frame.reformat(format="gray")
    plane, step = plain.planes[0], max(min(plain.width, plain.height) // shorter, 1)
    rows = np.frombuffer(plane, np.uint8)[: plane.line_size * plain.height].reshape(plain.height, plane.line_size)
    return np.ascontiguousarray(rows[::step, : plain.width : step])


def scaled(frame: Any, wide: int, high: int, pixels: str = "gray") -> np.ndarray:
    """A frame in another size (high x wide, 0-255, with `pixels` rgb24 x 3), turned as it is shown."""
    turns = round(frame.rotation / 90) % 4
    across, down = (high, wide) if turns % 2 else (wide, high)
    # Threads cost more to start than one frame takes, and other files have the other cores.
    small = frame.reformat(width=across, height=down, format=pixels, interpolation="AREA", threads=1).to_ndarray()
    return np.ascontiguousarray(np.rot90(small, turns))


@dataclass
class PictureTrack:
    """What the frames so far show: the time, movement (0-100) and light (0-1) of each, and when cuts come.

    `pictures` are small grey ones, one in EVERY_S.
    """

    times: list[float] = field(default_factory=list)
    movement: list[float] = field(default_factory=list)
    light: list[float] = field(default_factory=list)
    cuts: list[float] = field(default_factory=list)
    pictures: list[np.ndarray] = field(default_factory=list)
    previous: np.ndarray | None = None

    def add(self, frame: Any, at: float) -> None:
        """Take one frame and its time.

        Its movement is the mean difference of its points from those before as a share of full scale, 0-100; a cut is a
        movement that is CUT more or less than the one before (FFmpeg's scdet, done here since to hand over small
        pictures takes longer than to compare them).
        """
        grey = points(frame)
        movement = 0.0 if self.previous is None else float(np.abs(grey - self.previous).mean()) * 100 / 255
        if min(movement, abs(movement - (self.movement or [0.0])[-1])) >= CUT:
            self.cuts.append(round(at, 3))
        self.previous = grey
        self.times.append(at)
        self.movement.append(movement)
        self.light.append(float(grey.mean()) / 255)
        since = at - self.times[0]
        if since >= len(self.pictures) * EVERY_S:
            self.pictures.append(scaled(frame, WIDE, HIGH))

    @property
    def length_s(self) -> float | None:
        """How long the frames so far are shown, the last as long as is usual; None of one alone."""
        gaps = np.diff(self.times)
        return self.times[-1] - self.times[0] + float(np.median(gaps)) if len(gaps) else None

    def facts(self, first_speech_s: float | None) -> dict[str, Any]:
        """The facts of a Video that the frames tell, with when something first happens: speech, a cut or movement."""
        moves = np.array([False, *(movement > STILL for movement in self.movement[1:])])
        still_s, black_s = self._time_until(moves), self._time_until(np.array(self.light) > BLACK)
        cuts = tuple(round(at - self.times[0], 3) for at in self.cuts)
        first_events = (first_speech_s, cuts[0] if cuts else None, still_s if moves.any() else None)
        hook = min((at for at in first_events if at is not None), default=None)
        # The first step of a moving picture is no wait: something happens from the first frame on.
        one_frame = self.times[1] - self.times[0] if len(self.times) > 1 else 0.0
        is_intro = max(still_s, black_s) >= INTRO_S and (first_speech_s is None or first_speech_s >= INTRO_S)
        levels = [(p.mean() / 255, p.std() / 255, laplace(p).std()) for p in np.array(self.pictures, dtype="float64")]
        brightness, contrast, sharpness = np.median(levels, axis=0).tolist()
        length, gaps = self.times[-1] - self.times[0], np.diff(self.times)
        usual_gap = float(np.median(gaps)) if len(gaps) else 0.0
        return {
            "duration_s": None if self.length_s is None else round(self.length_s, 3),
            "fps_varies": bool(np.quantile(gaps, 0.95) > 1.5 * max(usual_gap, 1e-6)) if len(gaps) else None,
            "cuts": cuts,
            "first_cut_s": cuts[0] if cuts else None,
            "cuts_per_s": round(len(cuts) / max(length, 0.04), 3),
            "hook_s": 0.0 if hook is not None and hook <= one_frame + 1e-6 else hook,
            "intro": is_intro,
            "static_opening_s": still_s,
            "black_opening_s": black_s,
            "black_bars": self._has_bars(),
            "brightness": round(brightness, 3),
            "contrast": round(contrast, 3),
            "sharpness": round(sharpness, 2),
            "hash": picture_hash(self.pictures),
        }

    def _time_until(self, mask: np.ndarray) -> float:
        """The time of the first frame of a mask, or of the last one, since the first."""
        return round(self.times[int(np.argmax(mask)) if mask.any() else len(mask) - 1] - self.times[0], 3)

    def _has_bars(self) -> bool:
        """Whether black bars stand at two opposite edges throughout."""
        brightest = np.max(np.stack(self.pictures), axis=0) / 255
        if brightest.max() <= BLACK:
            return False
        edges = (brightest.max(axis=1) <= BLACK, brightest.max(axis=0) <= BLACK)
        return any(min(np.argmin(edge), np.argmin(edge[::-1])) >= 0.04 * len(edge) for edge in edges)


def picture_hash(pictures: Sequence[np.ndarray]) -> str | None:
    """A print of grey pictures in order (each height x width, 0-255); None where there is nothing to see.

    The signs of the lowest frequencies of a cosine transform (after pHash; Zauner, 2010), edges of one colour cut away,
    of frames evenly spread over the video; and the same of each frame less the median of all, which tells takes of one
    scene apart.
    """
    inner = _inside(np.stack(pictures).astype(np.float32))
    frames = inner[np.linspace(0, len(inner) - 1, MOMENTS).round().astype(int)]
    if float(frames.std(axis=(1, 2)).max()) < BLANK:
        return None
    movement = frames - np.median(inner, axis=0)
    still = bits_as_text(_low(frames) > 0)
    return still if float(np.sqrt((movement**2).mean())) < UNMOVED else f"{still}-{bits_as_text(_low(movement) > 0)}"


def _low(pictures: np.ndarray) -> np.ndarray:
    """The lowest frequencies, the edges of the pictures faded out, so that it matters little where they were cut."""
    fade = np.hanning(pictures.shape[1])[:, None] * np.hanning(pictures.shape[2])
    level = pictures - pictures.mean(axis=(1, 2), keepdims=True)
    low: np.ndarray = dctn(level * fade, axes=(1, 2), norm="ortho")[:, :COEFFICIENTS, :COEFFICIENTS]
    return low


def _inside(pictures: np.ndarray) -> np.ndarray:
    """The pictures without the edges that are of one colour throughout."""
    spans = []
    for axis in (1, 2):
        lines = np.moveaxis(pictures, axis, 0).reshape(pictures.shape[axis], -1)
        low, high = np.percentile(lines, (2, 98), axis=1)
        lively = np.flatnonzero(high - low > PLAIN)
        enough = len(lively) and lively[-1] + 1 - lively[0] >= LEAST_INSIDE * pictures.shape[axis]
        spans.append(slice(lively[0], lively[-1] + 1) if enough else slice(None))
    return pictures[:, spans[0], spans[1]]


def steady_lines(before: np.ndarray, picture: np.ndarray, after: np.ndarray) -> Iterator[Line]:
    """The lines of text in a grey picture (TEXT_HIGH x TEXT_WIDE) that are in the one before, or in the one after too.

    Text is lines of many sharp edges both ways that stand clear and stay in place; what letters say is not read. Large
    letters are looked for in pictures of half the size, where their edges lie as close as those of small ones. Thin,
    faint or handwritten letters are missed, and a fence that stands still may pass.
    """
    for times in SIZES:
        first, grey, last = (_of_size(one, times) for one in (before, picture, after))
        if lines := _lines(grey):
            edges, others = _edges(grey), (_edges(last), _edges(first))
            for line in lines:
                if any(_stands(line, edges, other) for other in others):
                    rows, columns = (slice(times * span.start, times * span.stop) for span in line)
                    yield rows, columns


def _of_size(picture: np.ndarray, times: int) -> np.ndarray:
    """So many times smaller, signed."""
    return picture[::times, ::times].astype(np.int16)


def _steps(grey: np.ndarray) -> np.ndarray:
    """The change from each pixel to the next in its row."""
    return np.diff(grey, axis=1, append=grey[:, -1:])


def _edges(grey: np.ndarray) -> np.ndarray:
    edges: np.ndarray = np.abs(_steps(grey)) > EDGE
    return edges


def _stands(line: Line, edges: np.ndarray, others: np.ndarray) -> bool:
    """Whether most of the edges of a line are in the same place in another picture."""
    return bool((edges[line] & others[line]).sum() >= 0.6 * max(edges[line].sum(), 1))


def box_of(line: Line) -> Box:
    """Where a line of text is, in shares of the picture's height and width, to a hundredth."""
    (rows, columns), high, wide = line, TEXT_HIGH, TEXT_WIDE
    edges = (rows.start / high, columns.start / wide, rows.stop / high, columns.stop / wide)
    top, left, bottom, right = (round(float(edge), 2) for edge in edges)
    return top, left, bottom, right


def _lines(grey: np.ndarray) -> list[Line]:
    """Where lines of text may be in a picture: many edges both ways, and clear strips above and below."""
    steps = _steps(grey)
    up, down = steps > EDGE, steps < -EDGE
    # Where there are hardly any edges there is no text to look for.
    if min(up.mean(), down.mean()) < DENSE / 50:
        return []
    dense = np.minimum(*(uniform_filter(edges.astype(np.float32), WINDOW) for edges in (up, down))) > DENSE
    if not dense.any():
        return []
    across = np.abs(np.diff(grey, axis=0, append=grey[-1:])) > EDGE
    dense &= uniform_filter(across.astype(np.float32), WINDOW) > ACROSS
    edges = (up | down).astype(np.float32)
    lines = []
    for rows, columns in filter(None, find_objects(label(dense)[0])):
        high, wide = rows.stop - rows.start, columns.stop - columns.start
        if not LEAST_HIGH <= high <= MOST_HIGH or wide < LONG * high or dense[rows, columns].mean() < 0.5:
            continue
        most = CLEAR * edges[rows, columns].mean()
        strip = max(high // 4, 3)
        above, below = slice(max(rows.start - strip, 0), rows.start), slice(rows.stop, rows.stop + strip)
        if all(not part.size or part.mean() < most for part in (edges[above, columns], edges[below, columns])):
            lines.append((rows, columns))
    return lines
