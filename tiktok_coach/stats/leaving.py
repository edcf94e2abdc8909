"""What goes along with leaving: how many times as many of those watching leave in seconds with a cut, a pause, text.

The model is that of `hazard`: the usual course of a video, a level of each post, and a factor of each event. What is
found goes along with leaving, and need not cause it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.special_functions import stdtr, stdtrit
from tiktok_coach.stats.account_effects import HELPS, HURTS, NOT_ENOUGH, SIGNIFICANT, TOO_WIDE, UNCLEAR
from tiktok_coach.stats.effects import FALSE_SHARE, false_discovery
from tiktok_coach.stats.hazard import (
    TINY,
    Course,
    Fit,
    Rows,
    Watching,
    equations,
    explained,
    fit_rows,
    jackknife,
    rows_of,
)
from tiktok_coach.stats.moments import EVENTS, compared

# A model needs so many posts with a curve; an event is asked about that stands in some, but not all, seconds of so many
# posts, and in so many seconds.
FEWEST_POSTS, FEWEST_SECONDS = 8, 20
# Of a video at least so many seconds; no more of one are looked at, since few curves reach further.
SHORTEST_S, LONGEST_S = 4, 300
# An event that others explain so well (R squared) cannot be told from them.
ALIKE = 0.9
# What an event cannot be told from where it always comes at the same time of a video.
TIME = "time"


@dataclass(frozen=True)
class EventEffect:
    """How many times as many viewers leave in a second with an event: `effect`, with its 90% interval.

    NaN where it is not known. `posts` have it in some seconds and not in all, `seconds` are theirs with it. The verdict
    is of what viewers do: it helps where they stay. `alike` is the event from which it cannot be told.
    """

    event: str
    effect: float
    low: float
    high: float
    p: float
    q: float
    posts: int
    seconds: int
    verdict: str
    alike: str | None = None


@dataclass(frozen=True)
class Foretold:
    """A curve that is expected: `shares`, `low` and `high` (90%), each seconds + 1 values of 0-1, from 1 at the start.

    `length_s` is the length of the video; the shares are those at the end of each second of it.
    """

    shares: np.ndarray
    low: np.ndarray
    high: np.ndarray
    length_s: float

    @property
    def completion(self) -> tuple[float, float, float]:
        """The share that watches to the end, with its interval."""
        return float(self.shares[-1]), float(self.low[-1]), float(self.high[-1])

    @property
    def watch_time_s(self) -> tuple[float, float, float]:
        """Seconds that a viewer watches of the first play on average, with its interval."""
        curves = (self.shares, self.low, self.high)
        return tuple(watch_time_of(curve, self.length_s) for curve in curves)  # type: ignore[return-value]


@dataclass(frozen=True)
class LeavingModel:
    """How an account's viewers leave, by its posts with a curve.

    `effects` are of EVENTS in their order; `shrunk` (EVENTS) are the logarithms of the factors that are expected of
    other videos, pulled towards the prior as far as they are uncertain.
    """

    watched: tuple[Watching, ...]
    effects: tuple[EventEffect, ...]
    shrunk: np.ndarray
    course: Course
    base: Fit

    def exponent(self, events: np.ndarray, length_s: float, intro_s: float = 0.0) -> np.ndarray:
        """The logarithm of the hazard in each second of a video (seconds x EVENTS), but for the level of its post."""
        usual = self._course_terms(len(events), length_s, intro_s) @ self.base.slopes
        return np.asarray(usual + _log_factors(events, self.shrunk))

    def usual_exponent(self, seconds: int, length_s: float) -> np.ndarray:
        """The same of a video without an intro, in which nothing stands."""
        return np.asarray(self._course_terms(seconds, length_s, 0.0) @ self.base.slopes)

    def _course_terms(self, seconds: int, length_s: float, intro_s: float) -> np.ndarray:
        second = np.arange(seconds)
        return self.course.terms(second, np.full(seconds, length_s), second < intro_s)

    @cached_property
    def level(self) -> float:
        """The usual level of a post."""
        return float(np.mean(self.base.level))

    @cached_property
    def _residuals(self) -> np.ndarray:
        """How far each post lies from what the others let expect of it (posts x seconds), in log(-log share).

        NaN past its end.
        """
        count, longest = len(self.watched), max(len(one.left) for one in self.watched)
        table = np.full((count, longest), np.nan)
        for row, one in enumerate(self.watched):
            seconds = len(one.left)
            usual = self._course_terms(seconds, one.length_s, one.intro_s) @ (self.base.slopes + self.base.without[row])
            level = (count * self.level - self.base.level[row]) / (count - 1)
            expected = _cumulative(level + usual + _log_factors(one.events, self.shrunk))
            table[row, :seconds] = _log_log(one.shares[1:]) - expected
        return table

    def foretell(self, events: np.ndarray, length_s: float, intro_s: float = 0.0) -> Foretold:
        """The curve expected of a video with these events (seconds x EVENTS), as this account's others go."""
        residuals = self._residuals
        reach = np.isfinite(residuals).sum(axis=0)
        known = int((reach >= min(FEWEST_POSTS, len(residuals))).sum())
        middle = np.nanmedian(residuals[:, :known], axis=0)
        spread = np.nanstd(residuals[:, :known], axis=0, ddof=1)
        step = stdtrit(reach[:known] - 1, 0.95) * spread * np.sqrt(1 + 1 / reach[:known])
        # Where few posts reach, what is known of the last second that enough of them do is taken.
        place = np.minimum(np.arange(len(events)), known - 1)
        expected = _cumulative(self.level + self.exponent(events, length_s, intro_s)) + middle[place]
        curves = (np.exp(-np.exp(expected + sign * step[place])) for sign in (0, 1, -1))
        shares, low, high = (np.minimum.accumulate(np.concatenate([[1.0], curve])) for curve in curves)
        return Foretold(shares, low, high, length_s)


def fit_leaving(posts: Sequence[Watching], prior: np.ndarray | None = None) -> LeavingModel | None:
    """The model of an account's posts; None where fewer than FEWEST_POSTS can be used.

    `prior` (EVENTS) is the logarithm of the factor that is expected of each event before they are looked at.
    """
    watched = tuple(one.until(LONGEST_S) for one in posts if len(one.left) >= SHORTEST_S and one.shares[-2] < 1)
    if len(watched) < FEWEST_POSTS:
        return None
    # What is after the end is not seen, and who watches again is taken for one who stays: the last second is no part.
    rows = rows_of([one.until(len(one.left) - 1) for one in watched])
    course = Course(rows.second, rows.length, rows.intro)
    terms, nothing = course.terms(rows.second, rows.length, rows.intro), np.zeros(len(rows.left))
    events = np.nan_to_num(rows.events)
    varying, seconds = _counts(rows)
    testable = (varying >= FEWEST_POSTS) & (seconds >= FEWEST_SECONDS)
    alike = _alike(rows, terms, events, np.flatnonzero(testable))
    tested = np.array([place for place in np.flatnonzero(testable) if place not in alike], dtype=np.int64)
    fit = fit_rows(rows, np.column_stack([terms, events[:, tested]]), nothing)
    log, se = np.full((2, len(EVENTS)), np.nan)
    log[tested], se[tested] = (values[terms.shape[1] :] for values in (fit.slopes, jackknife(fit)))
    effects = tuple(_effects(log, se, varying, seconds, alike))
    expected = np.zeros(len(EVENTS)) if prior is None else prior
    shrunk = _shrink(log, se, expected)
    base = fit_rows(rows, terms, events @ shrunk)
    return LeavingModel(watched, effects, shrunk, course, base)


def _counts(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """In how many posts each event stands in some of the seconds and not in all, and in how many of their seconds."""
    has, lacks = (rows.sums((rows.events == value).astype("float64")) for value in (1, 0))
    varies = (has > 0) & (lacks > 0)
    return varies.sum(axis=0), np.where(varies, has, 0).sum(axis=0).astype(int)


def _alike(rows: Rows, terms: np.ndarray, events: np.ndarray, testable: np.ndarray) -> dict[int, str]:
    """Of which events the course, or the events before them, tell so much that they cannot be told apart; and which."""
    fit = fit_rows(rows, terms, np.zeros(len(rows.left)))
    exponent, total = terms @ fit.slopes, np.maximum(rows.sums(rows.left), TINY)
    columns = np.column_stack([terms, events[:, testable]])
    curvature = equations(rows, columns, exponent, total)[1].sum(axis=0)
    count = terms.shape[1]
    beside, alike = list(range(count)), dict[int, str]()
    for number, event in enumerate(testable.tolist(), count):
        if explained(curvature, number, list(range(count))) > ALIKE:
            alike[event] = TIME
        elif explained(curvature, number, beside) > ALIKE:
            shares = {other: explained(curvature, number, [other]) for other in beside[count:]}
            alike[event] = EVENTS[int(testable[max(shares, key=lambda other: shares[other]) - count])]
        else:
            beside.append(number)
    return alike


def _effects(
    log: np.ndarray, se: np.ndarray, posts: np.ndarray, seconds: np.ndarray, alike: dict[int, str]
) -> Iterator[EventEffect]:
    freedom = np.maximum(posts - 1, 1)
    p = np.where(np.isfinite(se), 2 * stdtr(freedom, -np.abs(log) / np.maximum(se, TINY)), np.nan)
    step = stdtrit(freedom, 0.95) * se
    q = np.full(len(p), np.nan)
    q[np.isfinite(p)] = false_discovery(p[np.isfinite(p)])
    for place, event in enumerate(EVENTS):
        yield EventEffect(
            event,
            effect=float(np.exp(log[place])),
            low=float(np.exp(log[place] - step[place])),
            high=float(np.exp(log[place] + step[place])),
            p=float(p[place]),
            q=float(q[place]),
            posts=int(posts[place]),
            seconds=int(seconds[place]),
            verdict=_verdict(log[place], step[place], p[place], q[place]),
            alike=alike.get(place),
        )


def _verdict(log: float, step: float, p: float, q: float) -> str:
    if np.isfinite(q) and q <= FALSE_SHARE and p <= SIGNIFICANT:
        return HURTS if log > 0 else HELPS
    return UNCLEAR if step <= TOO_WIDE else NOT_ENOUGH


def _shrink(log: np.ndarray, se: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """What is expected of each event in other videos: the estimate, pulled towards the prior by how uncertain it is.

    How far events lie from the prior is estimated from them (DerSimonian and Laird's moments); one that is not
    estimated is expected to be as the prior.
    """
    known = np.isfinite(log)
    if not known.any():
        return prior
    away = log[known] - prior[known]
    between = max(float(np.mean(np.square(away) - np.square(se[known]))), 0.0)
    shrunk = prior.copy()
    shrunk[known] += away * between / np.maximum(between + np.square(se[known]), TINY)
    return shrunk


def watch_time_of(shares: np.ndarray, length_s: float) -> float:
    """The seconds under a curve (a value at each second) of a video of a length, whose last second may be a part."""
    ends = np.minimum(np.arange(len(shares)), length_s)
    return float(np.trapezoid(shares, ends))


def _log_factors(events: np.ndarray, logs: np.ndarray) -> np.ndarray:
    return np.asarray(np.nan_to_num(compared(events)) @ logs)


def _cumulative(log_hazard: np.ndarray) -> np.ndarray:
    """The logarithm of the cumulative hazard at the end of each second."""
    return np.asarray(np.log(np.cumsum(np.exp(log_hazard))))


def _log_log(share: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(-np.log(np.clip(share, 1e-4, 1 - 1e-4))))
