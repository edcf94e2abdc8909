"""Text on screen, as far as edges tell: lines of many sharp edges both ways that stand clear and stay in place.

What letters say is not read. Thin, faint or handwritten letters are missed, and a fence that stands still may pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import find_objects, label, uniform_filter

# Pictures of the opening are looked at in this width and height, so many seconds apart, for so long.
WIDE, HIGH = 270, 480
EVERY_S, LONGEST_S = 0.6, 3.0
# A step of so many of 255 is an edge; this share of a window of a line must be steps up, steps down, and steps across.
EDGE, DENSE, ACROSS = 40, 0.04, 0.03
WINDOW = (7, 21)
# A line is so many pixels high, at least so many times as wide, and the strips above and below have so few edges.
LEAST_HIGH, MOST_HIGH, LONG, CLEAR = 6, 72, 1.6, 0.4
# This share of a line's edges must be in the same place in the next picture.
STAYS = 0.6
# What TikTok's own words and buttons cover of a full screen in all readings of its safe zones: of height and width.
TOP, BOTTOM, RIGHT = 180 / 1920, 320 / 1920, 120 / 1080
# So much of a line must lie there.
UNDER = 0.25


@dataclass(frozen=True)
class Line:
    """Where a line of text is in a picture of HIGH x WIDE."""

    rows: slice
    columns: slice

    def is_covered(self) -> bool:
        """Whether a good part of it lies where TikTok shows its own words and buttons."""
        rows, columns = np.arange(HIGH)[self.rows], np.arange(WIDE)[self.columns]
        hidden = (rows < TOP * HIGH) | (rows >= (1 - BOTTOM) * HIGH)
        aside = columns >= (1 - RIGHT) * WIDE
        return bool(1 - (1 - hidden.mean()) * (1 - aside.mean()) >= UNDER)


def steady_lines(pictures: Sequence[np.ndarray]) -> list[Line]:
    """The lines of text in grey pictures in order (each HIGH x WIDE, 0-255) that are still there in the next picture.

    Large letters are looked for in pictures of half the size, where their edges lie as close as those of small ones.
    """
    return [
        Line(*(slice(times * span.start, times * span.stop) for span in (line.rows, line.columns)))
        for times in (1, 2)
        for line in _lines_that_stay([picture[::times, ::times] for picture in pictures])
    ]


def _lines_that_stay(pictures: Sequence[np.ndarray]) -> Iterator[Line]:
    previous: np.ndarray | None = None
    lines: list[Line] = []
    for picture in pictures:
        up, down, across = _edges(picture)
        edges = up | down
        if previous is not None:
            yield from (line for line in lines if _stays(line, previous, edges))
        previous, lines = edges, _lines(up, down, across)


def _edges(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where the picture steps up, steps down from left to right, and steps from one row to the next."""
    grey = picture.astype(np.int16)
    along = np.diff(grey, axis=1, append=grey[:, -1:])
    across = np.abs(np.diff(grey, axis=0, append=grey[-1:])) > EDGE
    return along > EDGE, along < -EDGE, across


def _lines(up: np.ndarray, down: np.ndarray, across: np.ndarray) -> list[Line]:
    # Where there are hardly any edges there is no text to look for.
    if min(up.mean(), down.mean()) < DENSE / 50:
        return []
    steps = [uniform_filter(edges.astype(np.float32), WINDOW) for edges in (up, down)]
    dense = (np.minimum(*steps) > DENSE) & (uniform_filter(across.astype(np.float32), WINDOW) > ACROSS)
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
            lines.append(Line(rows, columns))
    return lines


def _stays(line: Line, previous: np.ndarray, edges: np.ndarray) -> bool:
    place = (line.rows, line.columns)
    return bool((previous[place] & edges[place]).sum() >= STAYS * max(previous[place].sum(), 1))
