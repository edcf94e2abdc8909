"""What a retention curve says of a video: who still watches at a second, and where most leave."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

# A point of the curve counts for a moment no further from it than this, in seconds.
NEAR = 1.5
# Falls are taken over two seconds, and beyond the first, in which swipes-by are lost whatever the video.
FALL, BEGIN = 2.0, 1.0
LONGEST_IN_SECONDS = 600.0


def in_seconds(points: Iterable[tuple[float, float]], length: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Seconds and shares in order of time; whether timestamps are in milliseconds, the last one and the length tell."""
    known = dict(sorted(points))
    at, shares = np.array(list(known), dtype="float64"), np.array(list(known.values()), dtype="float64")
    if not len(at):
        return at, shares
    step = float(np.diff(at).min()) if len(at) > 1 else 0.0
    in_thousands = at[-1] > 2 * length + 2 if length else step >= 100 or at[-1] > LONGEST_IN_SECONDS
    return (at / 1000 if in_thousands else at), shares


def still_watching(at: np.ndarray, shares: np.ndarray, second: float) -> float | None:
    """The share that still watches at a second, between the points beside it; None where none is near."""
    before, after = at[at <= second], at[at >= second]
    if not len(before) or not len(after) or second - before[-1] > NEAR or after[0] - second > NEAR:
        return None
    return float(np.interp(second, at, shares))


def steepest(at: np.ndarray, shares: np.ndarray) -> tuple[float, float] | None:
    """Where the steepest fall after second 1 begins, and which share of those watching then leaves within 2 seconds."""
    best: tuple[float, float] | None = None
    for start in at[(at >= BEGIN) & (at + FALL <= at.max(initial=0.0))]:
        here, there = still_watching(at, shares, start), still_watching(at, shares, start + FALL)
        if here and there is not None:
            lost = 1 - there / here
            if lost > 0 and (best is None or lost > best[1] + 1e-12):
                best = (float(start), lost)
    return best


def facts(at: np.ndarray, shares: np.ndarray, length: float | None) -> dict[str, float]:
    """Columns of the posts table that follow from a curve."""
    columns: dict[str, float | None] = {
        f"retention_{second}s": still_watching(at, shares, second) if length is None or length >= second else None
        for second in (1, 3, 5)
    }
    columns["retention_half"] = still_watching(at, shares, length / 2) if length else None
    if (fall := steepest(at, shares)) is not None:
        columns["largest_drop_s"], columns["largest_drop"] = fall
    return {name: value for name, value in columns.items() if value is not None}
