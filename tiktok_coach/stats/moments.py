"""What stands in each second of a video: cuts, speech, pauses, text and the like, as a video's measures tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tiktok_coach.media.facts import Video

# In this order: of two events that come in the same seconds, the first is looked at and the other is not.
EVENTS = ("cut", "pause", "text", "speech", "black", "still", "no cut for long", "louder", "quieter", "motion")
PAUSE, SPEECH, LOUDER, QUIETER = (EVENTS.index(event) for event in ("pause", "speech", "louder", "quieter"))
# A second belongs to what takes up half of it; nobody speaks in a pause, but for so much of it.
HALF, HARDLY = 0.5, 0.2
# A cut is followed by a second in which it may tell; so many seconds without one are long.
AFTER_CUT_S, LONG_S = 1.0, 5.0
# Louder or quieter: by so many LU than the seconds before, of which quiet ones count as no quieter than this.
STEP_LU, BEFORE_S, FLOOR_LUFS = 6.0, 3, -50.0
# Of the frames of a still second nothing moves in nearly all; a moving one has so many times the usual movement of the
# video, and at least so much (0-100); a black one has at most this light (0-1).
STILL, MOVING, LEAST_MOTION, BLACK = 0.9, 1.5, 1.0, 0.08


def events_of(video: Video, seconds: int) -> np.ndarray:
    """Which EVENTS stand in each of the first `seconds` of a video (seconds x events).

    1 where one does, 0 where not, NaN where that was not measured, or the video is shorter.
    """
    cuts = None if video.cuts is None else np.asarray(video.cuts, dtype="float64")
    speech, loudness, motion, still, light, text = (
        _track(getattr(video, f"{name}_by_second"), seconds)
        for name in ("speech", "loudness", "motion", "still", "light", "text")
    )
    unknown = np.full(seconds, np.nan)
    change = _change(loudness)
    with np.errstate(invalid="ignore"):
        columns = {
            "cut": unknown if cuts is None else _after_cut(cuts, seconds),
            "no cut for long": unknown if cuts is None else _since_cut(cuts, seconds) >= LONG_S,
            "speech": _where_known(speech >= HALF, speech),
            "pause": _where_known(_within_speech(speech) & (speech <= HARDLY), speech),
            "text": _where_known(text >= HALF, text),
            "louder": _where_known(change >= STEP_LU, change),
            "quieter": _where_known(change <= -STEP_LU, change),
            "motion": _where_known(motion >= max(MOVING * _middle(motion), LEAST_MOTION), motion),
            "still": _where_known(still >= STILL, still),
            "black": _where_known(light <= BLACK, light),
        }
    events = np.column_stack([columns[name] for name in EVENTS]).astype("float64")
    if video.duration_s is not None:
        events[max(int(np.ceil(video.duration_s)), 0) :] = np.nan
    return events


def intro_of(video: Video) -> float:
    """How many seconds an intro takes up; 0 where there is none, or that is not known."""
    return float(video.hook_s or 0.0) if video.intro else 0.0


def compared(events: np.ndarray) -> np.ndarray:
    """The events of one video (seconds x EVENTS) as their seconds are compared with others.

    A pause is compared with speech, and speech with what comes before the first word and after the last: between these
    there is either, so that neither could be told from the other's absence. That it gets quieter in a pause, and louder
    after one, is the pause.
    """
    columns = events.copy()
    columns[:, SPEECH] = np.maximum(events[:, SPEECH], events[:, PAUSE])
    is_pause = events[:, PAUSE] == 1
    after_pause = np.convolve(is_pause, np.ones(BEFORE_S + 1))[: len(is_pause)] > 0
    columns[is_pause & (columns[:, QUIETER] == 1), QUIETER] = 0.0
    columns[after_pause & (columns[:, LOUDER] == 1), LOUDER] = 0.0
    return columns


def _track(values: tuple[float, ...] | None, seconds: int) -> np.ndarray:
    """The values of the first seconds, NaN beyond them."""
    track = np.full(seconds, np.nan)
    if values is not None:
        track[: len(values)] = values[:seconds]
    return track


def _where_known(answer: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(values), np.nan, answer)


def _middle(values: np.ndarray) -> float:
    return float(np.median(values[np.isfinite(values)])) if np.isfinite(values).any() else 0.0


def _after_cut(cuts: np.ndarray, seconds: int) -> np.ndarray:
    """Which seconds lie for the greater part within a second after a cut."""
    starts, at = np.arange(seconds)[:, None], np.sort(cuts)
    # What lies after two cuts counts once.
    ends = np.minimum(at + AFTER_CUT_S, np.append(at[1:], np.inf))
    overlap = np.minimum(starts + 1, ends) - np.maximum(starts, at)
    return np.asarray(np.clip(overlap, 0, None).sum(axis=1) >= HALF)


def _since_cut(cuts: np.ndarray, seconds: int) -> np.ndarray:
    """How long before each second the last cut, or else the beginning, was."""
    starts, times = np.arange(seconds), np.concatenate([[0.0], np.sort(cuts)])
    # A cut within a second ends the long shot in it.
    last = times[np.searchsorted(times, starts + HALF, side="right") - 1]
    return np.asarray(np.clip(starts - last, 0, None))


def _within_speech(speech: np.ndarray) -> np.ndarray:
    """Which seconds lie between the first and the last in which somebody speaks."""
    speaks = np.nan_to_num(speech) >= HALF
    after_first, before_last = (np.maximum.accumulate(one) for one in (speaks, speaks[::-1]))
    return np.asarray(after_first & before_last[::-1])


def _change(loudness: np.ndarray) -> np.ndarray:
    """By how many LU each second is louder than the mean of those before; 0 for the first."""
    level = np.maximum(loudness, FLOOR_LUFS)
    change = np.where(np.isnan(level), np.nan, 0.0)
    for second in range(1, len(level)):
        change[second] = level[second] - level[max(second - BEFORE_S, 0) : second].mean()
    return change
