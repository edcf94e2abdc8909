"""What more or less of an event in an account's videos would be worth, if it is what makes viewers stay or leave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tiktok_coach.core.records import dataclass
from tiktok_coach.stats.account_effects import HELPS, HURTS
from tiktok_coach.stats.hazard import TINY, Watching
from tiktok_coach.stats.leaving import EventEffect, LeavingModel, watch_time_of
from tiktok_coach.stats.moments import EVENTS, compared

# As little, or as much, of an event as in the quarter of the account's videos with least, or most.
QUARTER = 0.25
# The least hazard of a second, so that a curve that rises stays one.
LEAST_SHARE = 1e-6


@dataclass(frozen=True)
class Worth:
    """What it would be worth to have an event in a share of the seconds as the account's best quarter of videos has.

    `share_now` is the mean share of seconds with it, `share_then` that of the quarter. `completion_now` and
    `watch_time_now_s` are the means of the videos; the gains (estimate, low, high; 90%) are in points of completion
    (0-1) and in seconds, of these videos. The `..._without` are those of videos that go without the advice: of an event
    that helps they have none, of one that hurts as much as now.
    """

    event: str
    share_now: float
    share_then: float
    completion_now: float
    completion_gain: tuple[float, float, float]
    watch_time_now_s: float
    watch_time_gain: tuple[float, float, float]
    completion_without: float
    watch_time_without_s: float

    @property
    def completion_factor(self) -> float:
        """How many times as many watch to the end with the advice as without."""
        return (self.completion_now + self.completion_gain[0]) / max(self.completion_without, TINY)

    @property
    def watch_time_factor(self) -> float:
        """How many times as long viewers watch with the advice as without."""
        return (self.watch_time_now_s + self.watch_time_gain[0]) / max(self.watch_time_without_s, TINY)


def worth_of(model: LeavingModel, effect: EventEffect) -> Worth | None:
    """What less of an event that hurts, or more of one that helps, is worth; None for any other.

    It is of the videos whose curve goes to their end; None where there are none.
    """
    if effect.verdict not in {HELPS, HURTS}:
        return None
    place = EVENTS.index(effect.event)
    videos = [one for one in model.watched if np.isfinite(one.events[:, place]).any() and one.reaches_end]
    if not videos:
        return None
    columns = [compared(one.events)[:, place] for one in videos]
    shares, hurts = np.array([float(np.nanmean(column)) for column in columns]), effect.verdict == HURTS
    then = float(np.quantile(shares, QUARTER if hurts else 1 - QUARTER))
    # A video that is better already stays as it is.
    better = np.minimum(shares, then) if hurts else np.maximum(shares, then)

    def means(targets: np.ndarray, factor: float) -> np.ndarray:
        """The mean completion and watch time of the videos if these shares of their seconds had the event."""
        of_videos = zip(videos, columns, shares, targets, strict=True)
        curves = [_changed(one, column, share, target, factor) for one, column, share, target in of_videos]
        return _means(curves, videos)

    now = _means([one.shares for one in videos], videos)
    gains = [means(better, factor) - now for factor in (effect.effect, effect.low, effect.high)]
    completion, watch_time = (_in_order([float(gain[place]) for gain in gains]) for place in (0, 1))
    without = now if hurts else means(np.zeros(len(shares)), effect.effect)
    return Worth(
        effect.event,
        share_now=float(shares.mean()),
        share_then=then,
        completion_now=float(now[0]),
        completion_gain=completion,
        watch_time_now_s=float(now[1]),
        watch_time_gain=watch_time,
        completion_without=float(without[0]),
        watch_time_without_s=float(without[1]),
    )


def _means(curves: Sequence[np.ndarray], videos: Sequence[Watching]) -> np.ndarray:
    """The mean completion and watch time of the curves of videos."""
    return np.array(
        [
            np.mean([curve[-1] for curve in curves]),
            np.mean([watch_time_of(curve, one.length_s) for curve, one in zip(curves, videos, strict=True)]),
        ]
    )


def _in_order(gains: list[float]) -> tuple[float, float, float]:
    estimate, *ends = gains
    return estimate, min(ends), max(ends)


def _changed(one: Watching, has: np.ndarray, share: float, then: float, factor: float) -> np.ndarray:
    """The curve of a video if another share of its seconds had the event, spread evenly over those that change."""
    hazard = -np.diff(np.log(np.maximum(one.shares, LEAST_SHARE)))
    if then < share:
        # Of the seconds with it so many lose it, and its factor.
        change = np.where(has == 1, 1 + (1 / factor - 1) * (1 - then / share), 1.0)
    elif then > share:
        change = np.where(has == 0, 1 + (factor - 1) * (then - share) / (1 - share), 1.0)
    else:
        change = np.ones(len(hazard))
    return np.asarray(one.shares[0] * np.exp(-np.concatenate([[0.0], np.cumsum(hazard * change)])))
