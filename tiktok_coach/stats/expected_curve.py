"""The curve that an account's published videos let expect of another, the seconds at risk, and what a cut would do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.special_functions import ndtri, stdtrit
from tiktok_coach.media.facts import Video
from tiktok_coach.stats.account_effects import HURTS
from tiktok_coach.stats.leaving import FEWEST_POSTS, EventEffect, Foretold, LeavingModel
from tiktok_coach.stats.moments import compared, events_of, intro_of
from tiktok_coach.stats.what_if_cut import without_seconds

# An event is a risk with which so many times as many leave, and that costs this share of all viewers.
STEEP, LEAST_COST = 1.25, 0.01
NORMAL_90 = float(ndtri(0.95))
# How far along its band a curve lies: expected, low and high.
BOUNDS = 3


@dataclass(frozen=True)
class Risk:
    """An event at which this account's viewers leave, in some seconds of a video.

    `spans` are from which second to which it stands; `left` is the share of all viewers that is expected to leave
    then, and `usual` the share that would without the event.
    """

    effect: EventEffect
    spans: tuple[tuple[int, int], ...]
    left: float
    usual: float

    @property
    def event(self) -> str:
        """The event, of EVENTS."""
        return self.effect.event

    @property
    def cost(self) -> float:
        """The share of all viewers that leaves at the event beyond the usual."""
        return self.left - self.usual


@dataclass(frozen=True)
class ExpectedCurve:
    """What is expected of a video by `posts` others: its curve, the `usual` one at its length, and its risks.

    The costliest risk is the first.
    """

    curve: Foretold
    usual: Foretold
    risks: tuple[Risk, ...]
    posts: int


@dataclass(frozen=True)
class Cut:
    """What a cut from a `start` to an `end` (whole seconds) would change: the curves before and after it.

    The gains (estimate, low, high; 90%) are in points of completion (0-1) and in seconds of watch time.
    """

    start: int
    end: int
    before: Foretold
    after: Foretold
    completion_gain: tuple[float, float, float]
    watch_time_gain: tuple[float, float, float]


def can_expect(model: LeavingModel) -> bool:
    """Whether so many of the account's posts have their video that events mean something."""
    return sum(bool(np.isfinite(one.events).any()) for one in model.watched) >= FEWEST_POSTS


def is_within(model: LeavingModel, video: Video) -> bool:
    """Whether a video is measured, and no longer than the longest with a curve."""
    longest = max(len(one.left) for one in model.watched)
    length = video.duration_s
    return length is not None and 1 <= length <= longest and bool(np.isfinite(_events(video)).any())


def expect(model: LeavingModel, video: Video) -> ExpectedCurve:
    """The curve expected of a video that is measured."""
    events = _events(video)
    curve = _foretell(model, video)
    typical = np.tile(_typical(model), (len(events), 1))
    usual = model.foretell(typical, curve.length_s)
    risks = sorted(_risks(model, events, curve), key=lambda one: -one.cost)
    return ExpectedCurve(curve, usual, tuple(risks), len(model.watched))


def _events(video: Video) -> np.ndarray:
    return events_of(video, math.ceil(video.duration_s or 0))


def _foretell(model: LeavingModel, video: Video) -> Foretold:
    return model.foretell(_events(video), float(video.duration_s or 0), intro_of(video))


def _typical(model: LeavingModel) -> np.ndarray:
    """In which share of the seconds of the account's videos each of EVENTS stands."""
    events = np.concatenate([compared(one.events) for one in model.watched])
    known = np.isfinite(events)
    return np.asarray(np.nansum(events, axis=0) / np.maximum(known.sum(axis=0), 1))


def _risks(model: LeavingModel, events: np.ndarray, curve: Foretold) -> Iterator[Risk]:
    """What clearly goes along with leaving, where it stands in the video and costs enough."""
    left, own = -np.diff(curve.shares), compared(events)
    for place, effect in enumerate(model.effects):
        # What is in every second, or goes with another event, tells no second from the others.
        has = (events[:, place] == 1) & (own[:, place] == 1)
        if effect.verdict != HURTS or effect.effect < STEEP or not has.any() or has.all():
            continue
        share = float(left[has].sum())
        risk = Risk(effect, tuple(spans_of(has)), share, share / effect.effect)
        if risk.cost >= LEAST_COST:
            yield risk


def spans_of(has: np.ndarray) -> Iterator[tuple[int, int]]:
    """From which second to which something stands, each time that it does; the end is the second after the last."""
    steps = np.diff(np.concatenate([[0], np.asarray(has).astype(int), [0]]))
    yield from zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True)


def cut_out(model: LeavingModel, video: Video, start: int, end: int) -> Cut:
    """What cutting seconds out of a video would change. Raises CoachError where it has no such seconds, or no others.

    The interval is of how the account's videos differ, and of how sure the effects of the events are.
    """
    shorter = without_seconds(video, start, end)
    before, after, gains = _gains(model, video, shorter)
    # Videos that go better or worse gain otherwise; the end of the band that is further off says how much.
    spread = (np.maximum(*(np.abs(gains[at] - gains[0]) for at in (1, 2))) / NORMAL_90) ** 2
    for place, effect in enumerate(model.effects):
        error = _error(effect)
        if error:
            moved = model.shrunk.copy()
            moved[place] += error
            spread = spread + np.square(_gains(replace(model, shrunk=moved), video, shorter)[2][0] - gains[0])
    step = NORMAL_90 * np.sqrt(spread)
    completion, watch_time = (
        (float(gains[0][place]), float(gains[0][place] - step[place]), float(gains[0][place] + step[place]))
        for place in (0, 1)
    )
    return Cut(start, end, before, after, completion, watch_time)


def _gains(model: LeavingModel, video: Video, shorter: Video) -> tuple[Foretold, Foretold, Sequence[np.ndarray]]:
    """The curves of both, and what the shorter one gains in completion and watch time along each of BOUNDS."""
    before, after = (_foretell(model, one) for one in (video, shorter))
    gains = [
        np.array([after.completion[at] - before.completion[at], after.watch_time_s[at] - before.watch_time_s[at]])
        for at in range(BOUNDS)
    ]
    return before, after, gains


def _error(effect: EventEffect) -> float:
    """The standard error of the logarithm of an effect; 0 where it is not known."""
    if not np.isfinite(effect.low) or not np.isfinite(effect.high):
        return 0.0
    return float(np.log(effect.high / effect.low) / 2 / stdtrit(max(effect.posts - 1, 1), 0.95))
