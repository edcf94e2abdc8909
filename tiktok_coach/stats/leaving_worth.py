"""What more or less of an event in an account's videos would be worth, if it is what makes viewers stay or leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tiktok_coach.stats.account_effects import HELPS, HURTS
from tiktok_coach.stats.hazard import Watching
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
    (0-1) and in seconds, of these videos.
    """

    event: str
    share_now: float
    share_then: float
    completion_now: float
    completion_gain: tuple[float, float, float]
    watch_time_now_s: float
    watch_time_gain: tuple[float, float, float]


def worth_of(model: LeavingModel, effect: EventEffect) -> Worth | None:
    """What less of an event that hurts, or more of one that helps, is worth; None for any other."""
    if effect.verdict not in {HELPS, HURTS}:
        return None
    place = EVENTS.index(effect.event)
    videos = [one for one in model.watched if np.isfinite(one.events[:, place]).any()]
    columns = [compared(one.events)[:, place] for one in videos]
    shares = np.array([float(np.nanmean(column)) for column in columns])
    then = float(np.quantile(shares, QUARTER if effect.verdict == HURTS else 1 - QUARTER))
    now = [(float(one.shares[-1]), watch_time_of(one.shares, one.length_s)) for one in videos]
    gains = []
    for factor in (effect.effect, effect.low, effect.high):
        of_videos = zip(videos, columns, shares, strict=True)
        curves = [_changed(one, np.nan_to_num(column), share, then, factor) for one, column, share in of_videos]
        gains.append(
            np.mean(
                [
                    (curve[-1] - completion, watch_time_of(curve, one.length_s) - watched)
                    for curve, one, (completion, watched) in zip(curves, videos, now, strict=True)
                ],
                axis=0,
            )
        )
    completion, watch_time = (_in_order([float(gain[column]) for gain in gains]) for column in (0, 1))
    means = np.mean(now, axis=0)
    return Worth(effect.event, float(shares.mean()), then, float(means[0]), completion, float(means[1]), watch_time)


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
