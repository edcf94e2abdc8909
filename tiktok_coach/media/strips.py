"""Pictures of one video file: the strip of its first moments, and stills at given times."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _
from tiktok_coach.media.measure import NoVideoError, open_video
from tiktok_coach.media.picture import scaled

# Strips: so many pictures, so many seconds apart; the loudness of so many moments.
PICTURES, EVERY_S = 6, 0.5
STRIP_S = PICTURES * EVERY_S
MOMENTS = 72
# Of a sheet: pixels between pictures, the height of the chart, and the colours of its ground and its bars.
GAP, CHART, PAPER = 4, 48, 24
INK = (94, 190, 180)
# A frame whose time is so little later is shown: times in files are rounded.
NEAR_S = 1e-3


@dataclass(frozen=True)
class Strip:
    """`pictures` (number x height x width x 3, 0-255) and `levels` (MOMENTS values of 0-1, silent to full scale)."""

    file: str
    pictures: np.ndarray
    levels: np.ndarray | None

    def levels_over(self, wide: int) -> np.ndarray | None:
        """The levels, one for each of so many places beside one another."""
        return None if self.levels is None else self.levels[np.arange(wide) * MOMENTS // wide]


def strip_of(path: Path, wide: int) -> Strip:
    """The strip of a file, each picture so many pixels wide. Raises NoVideoError where it cannot be looked at."""
    try:
        with open_video(path) as container:
            if not container.streams.video:
                raise NoVideoError(_("has no picture"))
            return _strip(container, path, wide)
    except (av.FFmpegError, ValueError) as error:
        raise NoVideoError(_("cannot be read as a video")) from error


def _strip(container: Any, path: Path, wide: int) -> Strip:
    sound = container.streams.audio[0] if container.streams.audio else None
    streams = [container.streams.video[0], *([sound] if sound is not None else [])]
    to_mono = av.AudioResampler(format="flt", layout="mono")
    pictures: list[np.ndarray] = []
    parts: list[tuple[float, np.ndarray, int]] = []
    is_over = {stream.index: False for stream in streams}
    for packet in container.demux(*streams):
        for frame in packet.decode():
            at = float(frame.time or 0.0)
            if at >= STRIP_S:
                is_over[packet.stream.index] = True
            elif isinstance(frame, av.AudioFrame):
                parts += [(at, part.to_ndarray().ravel(), part.sample_rate) for part in to_mono.resample(frame)]
            elif at >= len(pictures) * EVERY_S - 1e-3:
                pictures.append(_small(frame, wide))
        if all(is_over.values()):
            break
    if not pictures:
        raise NoVideoError(_("has no frame that I can read"))
    return Strip(path.name, np.stack(pictures[:PICTURES]), _levels(parts) if sound is not None else None)


def _small(frame: Any, wide: int) -> np.ndarray:
    width, height = frame.width, frame.height
    if round(frame.rotation / 90) % 2 == 1:
        width, height = height, width
    # Half-blocks show two rows at a time.
    return scaled(frame, wide, max(2 * round(wide * height / width / 2), 2), "rgb24")


def _levels(parts: Sequence[tuple[float, np.ndarray, int]]) -> np.ndarray:
    """How loud each moment is: the level of its samples between -50 dBFS or less (0) and full scale (1)."""
    power, count = np.zeros(MOMENTS), np.zeros(MOMENTS)
    for at, samples, rate in parts:
        moment = ((at + np.arange(len(samples)) / rate) / STRIP_S * MOMENTS).astype(int)
        is_early = (moment >= 0) & (moment < MOMENTS)
        power += np.bincount(moment[is_early], samples[is_early].astype("float64") ** 2, MOMENTS)
        count += np.bincount(moment[is_early], minlength=MOMENTS)
    level = 10 * np.log10(np.maximum(power / np.maximum(count, 1), 1e-12))
    return np.clip(1 + level / 50, 0, 1)


def stills_of(path: Path, seconds: Sequence[float], wide: int) -> list[np.ndarray | None]:
    """The pictures that a video shows at given times, in their order.

    Parameters
    ----------
    path
        The file.
    seconds
        Times since its first picture.
    wide
        The width of the pictures in pixels; the height follows.

    Returns
    -------
    list
        Each picture as height x wide x 3 (RGB, 0-255), upright; None for a time that is not in the video, and for one
        at which it cannot be read.

    Raises
    ------
    NoVideoError
        Where the file cannot be looked at.
    """
    try:
        with open_video(path) as container:
            if not container.streams.video:
                raise NoVideoError(_("has no picture"))
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            first = next(container.decode(stream), None)
            if first is None:
                raise NoVideoError(_("has no frame that I can read"))
            start = float(first.time or 0.0)
            return [_still_at(container, stream, start, at, wide) for at in seconds]
    except (av.FFmpegError, ValueError) as error:
        raise NoVideoError(_("cannot be read as a video")) from error


def _still_at(container: Any, stream: Any, start: float, at: float, wide: int) -> np.ndarray | None:
    """The picture that is shown so many seconds after the start: the last frame until then."""
    if at < 0:
        return None
    shown = None
    try:
        # To the last frame before from which decoding can begin.
        container.seek(max(round((start + at) / stream.time_base), 0), stream=stream)
        for frame in container.decode(stream):
            if shown is not None and float(frame.time or 0.0) > start + at + NEAR_S:
                return _small(shown, wide)
            shown = frame
    except (av.FFmpegError, ValueError):
        return None
    # The last frame is shown for as long as the others.
    gap = 1 / float(stream.average_rate or 1)
    is_shown = shown is not None and float(shown.time or 0.0) + gap > start + at - NEAR_S
    return _small(shown, wide) if is_shown else None


def sheet(strips: Sequence[Strip]) -> np.ndarray:
    """Strips beneath one another, each above a bar chart of its loudness (height x width x 3, 0-255)."""
    rows = [_row(strip) for strip in strips]
    wide = max(row.shape[1] for row in rows)
    margins = [((0, GAP), (0, wide - row.shape[1]), (0, 0)) for row in rows]
    return np.concatenate([np.pad(row, m, constant_values=PAPER) for row, m in zip(rows, margins, strict=True)])


def png(picture: np.ndarray) -> bytes:
    """A picture (height x width x 3, 0-255) as a PNG file."""
    file = BytesIO()
    with av.open(file, "w", format="image2pipe") as container:
        stream = container.add_stream("png", rate=1)
        stream.height, stream.width, stream.pix_fmt = picture.shape[0], picture.shape[1], "rgb24"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")))
        container.mux(stream.encode(None))
    return file.getvalue()


def _row(strip: Strip) -> np.ndarray:
    """Pictures side by side, those that are missing left blank, above the chart."""
    count, high, picture_wide, _planes = strip.pictures.shape
    padded = np.pad(strip.pictures, ((0, PICTURES - count), (0, 0), (0, GAP), (0, 0)), constant_values=PAPER)
    wide = PICTURES * (picture_wide + GAP)
    chart = np.full((CHART, wide, 3), PAPER, dtype=np.uint8)
    level = strip.levels_over(wide)
    if level is not None:
        chart[(CHART - np.arange(CHART))[:, None] <= np.round(level * (CHART - GAP))] = INK
    return np.concatenate([padded.transpose(1, 0, 2, 3).reshape(high, wide, 3), chart])
