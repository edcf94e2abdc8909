"""What happens in each second of a video: speech, loudness, movement, light, and text on the screen.

Seconds count from the first picture. A value stands for each second that has begun, the last partial one too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any

import numpy as np

from tiktok_coach.core.safe_zones import Box
from tiktok_coach.media.picture import STILL, TEXT_HIGH, TEXT_WIDE, PictureTrack, box_of, scaled, steady_lines

# What is as quiet as this or quieter is silence (EBU R 128).
FLOOR_LUFS = -70.0
# Momentary loudness is that of so many seconds, told so often.
WINDOW_S, STEP_S = 0.4, 0.1
# Where pictures are missing since nothing moves, they are thought of as repeated at the usual rate, at least so often.
LONGEST_STEP_S = 0.25
# When in a second pictures are looked at for text: lines that stand from one to the next are text.
TEXT_AT = (0.2, 0.5, 0.8)
# Seconds of which all lines are told.
OPENING = 3
# Times in files are rounded.
NEAR_S = 1e-3


def begun_seconds(length_s: float) -> int:
    """How many seconds have begun in a time, at least one."""
    return max(int(np.ceil(length_s - NEAR_S)), 1)


def picture_tracks(pictures: PictureTrack, length_s: float) -> dict[str, tuple[float, ...]]:
    """Movement, stillness and light by second of pictures that are shown for so long.

    A frame that is held longer than usual counts as often as it would be repeated. The first frame, before which there
    is none, and cuts are no movement.
    """
    at = np.array(pictures.times) - pictures.times[0]
    gaps = np.append(np.diff(at), max(length_s - at[-1], 0.0))
    usual = float(np.median(gaps[:-1])) if len(at) > 1 else LONGEST_STEP_S
    step = min(max(usual, NEAR_S), LONGEST_STEP_S)
    repeats = np.maximum(np.round(gaps / step).astype(int), 1)
    rows = np.repeat(np.arange(len(at)), repeats)
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    second = np.floor(at[rows] + nth * step + NEAR_S).astype(int)
    moved = np.where(nth == 0, np.array(pictures.movement)[rows], 0.0)
    is_step = (nth > 0) | ~np.isin(np.round(pictures.times, 3)[rows], pictures.cuts)
    is_step[0] = False
    seconds = begun_seconds(length_s)
    motion = _mean_by_second(second[is_step], moved[is_step], seconds, 0.0)
    still = _mean_by_second(second[is_step], moved[is_step] <= STILL, seconds, 1.0)
    brightness = _mean_by_second(second, np.array(pictures.light)[rows], seconds, pictures.light[-1])
    return {
        "motion_by_second": tuple(motion.round(2).tolist()),
        "still_by_second": tuple(still.round(3).tolist()),
        "light_by_second": tuple(brightness.round(3).tolist()),
    }


def _mean_by_second(second: np.ndarray, values: np.ndarray, seconds: int, empty: float) -> np.ndarray:
    """The mean of the values of each second; `empty` for one that has none."""
    is_in = (second >= 0) & (second < seconds)
    count = np.bincount(second[is_in], minlength=seconds)
    total = np.bincount(second[is_in], values[is_in].astype("float64"), seconds)
    return np.where(count > 0, total / np.maximum(count, 1), empty)


def speech_track(is_speech: np.ndarray, chunk_s: float, start_s: float, length_s: float) -> tuple[float, ...]:
    """The share of each second with speech, from that of chunks of sound that begin at a time; without sound, none."""
    middles = (np.arange(max(int(length_s / chunk_s), 1)) + 0.5) * chunk_s
    chunk = np.floor((middles - start_s) / chunk_s).astype(int)
    is_heard = (chunk >= 0) & (chunk < len(is_speech))
    spoken = np.zeros(len(chunk), dtype=bool)
    spoken[is_heard] = is_speech[chunk[is_heard]]
    shares = _mean_by_second(middles.astype(int), spoken, begun_seconds(length_s), 0.0)
    return tuple(shares.round(3).tolist())


def loudness_track(momentary: Sequence[float], start_s: float, length_s: float) -> tuple[float, ...]:
    """The loudness of each second in LUFS, from momentary values told every STEP_S of sound that begins at a time.

    It is the mean, in power, of the windows that lie in the second, so that nothing of the next is in it; where a last
    second is shorter than a window, of those that end in it.
    """
    ends = np.arange(1, int(np.ceil(length_s / STEP_S - NEAR_S)) + 1) * STEP_S
    place = np.round((ends - start_s) / STEP_S).astype(int) - 1
    is_heard = (place >= 0) & (place < len(momentary))
    power = np.zeros(len(ends))
    power[is_heard] = 10 ** (np.array(momentary)[place[is_heard]] / 10)
    first, last = (np.floor(at).astype(int) for at in (ends - WINDOW_S + NEAR_S, ends - NEAR_S))
    seconds = begun_seconds(length_s)
    inside = first == last
    means = _mean_by_second(last[inside], power[inside], seconds, np.nan)
    means = np.where(np.isnan(means), _mean_by_second(last, power, seconds, 0.0), means)
    levels = np.maximum(10 * np.log10(np.maximum(means, 1e-12)), FLOOR_LUFS)
    return tuple(levels.round(1).tolist())


class TextTrack:
    """Looks for lines of text in each second, beside the decoding: `add` takes each frame, `facts` says where they are.

    A line stands in a second where it is in the same place in two pictures of it, 0.3 s apart.
    """

    def __init__(self) -> None:
        self._shown: Any = None
        self._due = 0
        self._pictures: list[np.ndarray] = []
        self._boxes: list[Future[list[Box]]] = []
        self._executor = ThreadPoolExecutor(1)

    def add(self, frame: Any, since: float) -> None:
        """Take one frame and its time since the first."""
        while self._shown is not None and self._due_at() < since - NEAR_S:
            self._take()
        self._shown = frame

    def facts(self, length_s: float) -> dict[str, Any]:
        """The facts of a Video of this length that lines of text tell, when no frame follows."""
        while self._shown is not None and self._due_at() < length_s:
            self._take()
        seconds = begun_seconds(length_s)
        if len(self._boxes) < seconds:
            # Too little of the last second for pictures of its own: the last one and that before it.
            last = self._small()
            before = self._pictures[-1] if self._pictures else last
            self._look(before, last, before)
        self._executor.shutdown()
        boxes = [future.result() for future in self._boxes[:seconds]]
        opening = sorted(tightest({box for second in boxes[:OPENING] for box in second}))
        return {
            "text_by_second": tuple(float(bool(second)) for second in boxes),
            "text_on_screen": bool(opening),
            "text_boxes": tuple(opening),
        }

    def _due_at(self) -> float:
        return self._due // len(TEXT_AT) + TEXT_AT[self._due % len(TEXT_AT)]

    def _take(self) -> None:
        """Take the picture that is shown at the time that is due."""
        self._pictures.append(self._small())
        self._due += 1
        if self._due % len(TEXT_AT) == 0:
            self._look(*self._pictures[-len(TEXT_AT) :])
            self._pictures = self._pictures[-1:]

    def _look(self, before: np.ndarray, picture: np.ndarray, after: np.ndarray) -> None:
        """Look for the lines of a picture that are in its neighbours too: all of the opening, one of later seconds."""
        most = None if len(self._boxes) < OPENING else 1
        self._boxes.append(self._executor.submit(_boxes, before, picture, after, most))

    def _small(self) -> np.ndarray:
        return scaled(self._shown, TEXT_WIDE, TEXT_HIGH)


def tightest(boxes: Iterable[Box]) -> list[Box]:
    """The boxes without those that cover half or more of a smaller one: of one line some pictures tell less exactly."""
    kept: list[Box] = []
    for box in sorted(boxes, key=_area):
        if not any(_area(_shared(box, one)) >= _area(one) / 2 for one in kept):
            kept.append(box)
    return kept


def _shared(one: Box, other: Box) -> Box:
    """What two boxes share."""
    top, left, bottom, right = zip(one, other, strict=True)
    return max(top), max(left), min(bottom), min(right)


def _area(box: Box) -> float:
    top, left, bottom, right = box
    return max(bottom - top, 0.0) * max(right - left, 0.0)


def _boxes(before: np.ndarray, picture: np.ndarray, after: np.ndarray, most: int | None) -> list[Box]:
    return [box_of(line) for line in islice(steady_lines(before, picture, after), most)]
