"""The hazard of leaving in each second of many videos, by terms of the second, with a level of each post.

In second t of post i the share that leaves is expected to be share[i, t] * exp(level[i] + terms[i, t] @ slopes): a
hazard in discrete time (Allison, 1982) with an intercept of each post, fitted by the estimating equations of a Poisson
regression with fixed effects (Hausman, Hall and Griliches, 1984). They ask of the data a mean alone, so that curves
that rise where a moment is watched again, or are rounded, are taken as they are. Errors are by the jackknife over
posts: seconds of one video are no independent data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tiktok_coach.core.records import dataclass
from tiktok_coach.stats.moments import EVENTS, compared

# Seconds at the beginning that have a level of their own, and the bends of what follows: of the logarithm of the
# second, and of the part of the video that is over.
OWN_SECONDS, BENDS, PART_BENDS = 3, 4, 2
# Lengths tell how leaving goes with them where the longest is so many times the shortest.
VARIED = 1.5
# The iteration ends with steps smaller than this; no step is longer than the other.
CLOSE, LONGEST_STEP, ROUNDS = 1e-8, 1.0, 50
# What keeps the equations solvable where two terms are one.
RIDGE = 1e-6
# A curve has so many points, no two of them further apart, in seconds; a time is a whole second that is so near to one.
FEWEST_POINTS, WIDEST_GAP_S, CLOSE_S, MOST_SECONDS = 3, 1.5, 0.1, 3600
# The least that is divided by, or of which a logarithm is taken.
TINY = 1e-9


@dataclass(frozen=True)
class Watching:
    """One post: `shares` (seconds + 1 values of 0-1, from 1 at the start) and what stands in its seconds.

    `events` (seconds x EVENTS) is 1 where an event stands, 0 where not, NaN where that is not known. `length_s` is the
    length of the video, of which an intro takes up `intro_s`.
    """

    shares: np.ndarray
    length_s: float
    events: np.ndarray
    intro_s: float = 0.0

    @property
    def left(self) -> np.ndarray:
        """The share of all viewers that leaves in each second (seconds); below 0 where more watch than before."""
        return np.asarray(-np.diff(self.shares))

    @property
    def reaches_end(self) -> bool:
        """Whether the curve goes to the end of the video: only then its last share is who watched all of it."""
        return self.length_s - len(self.left) < 1

    def with_events(self, events: np.ndarray, intro_s: float = 0.0) -> Watching:
        """The same curve above other events."""
        return replace(self, events=events, intro_s=intro_s)

    def until(self, seconds: int) -> Watching:
        """The first seconds alone."""
        return replace(self, shares=self.shares[: seconds + 1], events=self.events[:seconds])


def watching_of(seconds: np.ndarray, shares: np.ndarray, length_s: float) -> Watching | None:
    """A curve at whole seconds, from the points of a capture; None where it has gaps, or is of too few seconds.

    `seconds` and `shares` (0-1) are in order of time. Without a `length_s` (NaN) it ends where the curve does. Nothing
    is known of its events.
    """
    if len(seconds) < FEWEST_POINTS or seconds[0] > 0 or not shares[0] > 0 or np.diff(seconds).max() > WIDEST_GAP_S:
        return None
    if not np.isfinite(shares).all():
        return None
    last = min(int(np.floor(seconds[-1] + CLOSE_S)), int(np.ceil(length_s)) if np.isfinite(length_s) else MOST_SECONDS)
    at_seconds = np.interp(np.arange(last + 1), seconds, shares / shares[0])
    length = float(length_s) if np.isfinite(length_s) else float(last)
    return Watching(at_seconds, max(length, last), np.full((last, len(EVENTS)), np.nan)) if last >= 1 else None


@dataclass(frozen=True)
class Rows:
    """The seconds of all posts below one another; `starts` are where those of each post begin.

    `events` are as they are `compared`.
    """

    starts: np.ndarray
    post: np.ndarray
    share: np.ndarray
    left: np.ndarray
    second: np.ndarray
    length: np.ndarray
    intro: np.ndarray
    events: np.ndarray

    def sums(self, values: np.ndarray) -> np.ndarray:
        """The sum of values (rows, or rows x k) over each post."""
        return np.asarray(np.add.reduceat(values, self.starts, axis=0))


def rows_of(posts: Sequence[Watching]) -> Rows:
    """The seconds of posts, one after the other."""
    counts = np.array([len(one.left) for one in posts])
    return Rows(
        starts=np.concatenate([[0], np.cumsum(counts)[:-1]]),
        post=np.repeat(np.arange(len(posts)), counts),
        share=np.concatenate([np.maximum(one.shares[:-1], 0.0) for one in posts]),
        left=np.concatenate([one.left for one in posts]),
        second=np.concatenate([np.arange(count) for count in counts]),
        length=np.repeat([one.length_s for one in posts], counts),
        intro=np.concatenate([np.arange(count) < one.intro_s for one, count in zip(posts, counts, strict=True)]),
        events=np.concatenate([compared(one.events) for one in posts]),
    )


class Course:
    """How leaving goes on in any video: terms of the second, of the part of the video that is over, and of an intro.

    A video that is shorter or longer than all those seen goes on as the shortest or longest of them: nothing tells what
    its length does. Where they are all about as long, no length is told from another.
    """

    def __init__(self, second: np.ndarray, length: np.ndarray, intro: np.ndarray) -> None:
        self._range = float(length.min()), float(length.max())
        if self._range[1] < VARIED * self._range[0]:
            self._range = (float(np.median(length)),) * 2
        parts = self._part(second, np.clip(length, *self._range))
        self._splines = [_spline(np.log1p(second), BENDS), _spline(parts, PART_BENDS)]
        self._means: np.ndarray | float = 0.0
        self._means = self.terms(second, length, intro).mean(axis=0)

    def terms(self, second: np.ndarray, length: np.ndarray, intro: np.ndarray) -> np.ndarray:
        """The terms (rows x k) of seconds of videos of these lengths, about their means; `intro` says which are one."""
        length = np.clip(length, *self._range)
        later, part = np.log1p(second), self._part(second, length)
        own = [second == number for number in range(OWN_SECONDS)]
        columns = [*own, intro, later * np.log(length)]
        curves = [at(values) for at, values in zip(self._splines, (later, part), strict=True)]
        return np.asarray(np.column_stack([*columns, *curves]) - self._means)

    @staticmethod
    def _part(second: np.ndarray, length: np.ndarray) -> np.ndarray:
        """Which part of a video is over in the middle of a second."""
        return np.asarray(np.clip((second + 0.5) / length, 0, 1))


def _spline(values: np.ndarray, bends: int) -> Any:
    """A natural cubic regression spline with its knots at quantiles of the values; it goes on straight beyond them."""
    from patsy.mgcv_cubic_splines import CR

    spline, shape = CR(), {"df": min(bends, max(len(np.unique(values)) - 1, 1)), "constraints": "center"}
    spline.memorize_chunk(values, **shape)
    spline.memorize_finish()
    return lambda at: np.asarray(spline.transform(at, **shape))


@dataclass(frozen=True)
class Fit:
    """Coefficients of terms, their change without each post (posts x terms), and the level of each post."""

    slopes: np.ndarray
    without: np.ndarray
    level: np.ndarray


def fit_rows(rows: Rows, terms: np.ndarray, offset: np.ndarray) -> Fit:
    """Solve the estimating equations by Newton's steps, the level of each post worked out of them."""
    slopes = np.zeros(terms.shape[1])
    total = np.maximum(rows.sums(rows.left), TINY)
    for _round in range(ROUNDS):
        gradients, curvatures, level = equations(rows, terms, offset + terms @ slopes, total)
        curvature = curvatures.sum(axis=0)
        ridge = RIDGE * np.trace(curvature) / max(len(slopes), 1) * np.eye(len(slopes))
        step = np.linalg.solve(curvature + ridge, gradients.sum(axis=0)) if len(slopes) else slopes
        longest = float(np.abs(step).max(initial=0.0))
        slopes = slopes + step * min(1.0, LONGEST_STEP / max(longest, TINY))
        if longest < CLOSE:
            break
    # What is left after each post is taken out, by one step from here (Efron's jackknife, to first order).
    rest = curvature + ridge - curvatures
    without = np.linalg.solve(rest, -gradients[..., None])[..., 0] if len(slopes) else gradients
    return Fit(slopes, without, level)


def equations(
    rows: Rows, terms: np.ndarray, exponent: np.ndarray, total: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each post the gradient (posts x k) and curvature (posts x k x k) of its terms, and its level."""
    at_risk = rows.share * np.exp(np.clip(exponent, -30, 30))
    level = total / np.maximum(rows.sums(at_risk), TINY)
    expected = at_risk * level[rows.post]
    centre = rows.sums(expected[:, None] * terms) / total[:, None]
    away = terms - centre[rows.post]
    gradients = rows.sums((rows.left - expected)[:, None] * away)
    weighted = np.sqrt(expected)[:, None] * away
    curvatures = (
        np.stack([part.T @ part for part in np.split(weighted, rows.starts[1:])])
        if terms.shape[1]
        else np.zeros((len(total), 0, 0))
    )
    return gradients, curvatures, np.log(level)


def jackknife(fit: Fit) -> np.ndarray:
    """The standard errors of the coefficients by leaving out each post."""
    count = len(fit.without)
    away = fit.without - fit.without.mean(axis=0)
    return np.asarray(np.sqrt((count - 1) / count * np.square(away).sum(axis=0)))


def explained(curvature: np.ndarray, number: int, others: list[int]) -> float:
    """R squared of one column by others, from their sums of squares and products."""
    within, across = curvature[np.ix_(others, others)], curvature[others, number]
    ridge = RIDGE * np.trace(within) / max(len(others), 1) * np.eye(len(others))
    whole = float(curvature[number, number])
    return float(across @ np.linalg.solve(within + ridge, across)) / max(whole, TINY)
