"""The first moments of a video as a strip of small pictures, with how loud it is beneath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np

from tiktok_coach.core.translation import _
from tiktok_coach.media.measure import NoVideoError, open_video
from tiktok_coach.media.picture import scaled

# So many pictures, so many seconds apart; the loudness of so many moments.
PICTURES, EVERY_S = 6, 0.5
LONGEST_S = PICTURES * EVERY_S
MOMENTS = 72
# What is quieter than this is drawn as silence.
FLOOR_DBFS = -50.0
# Of a sheet: pixels between pictures, the height of the chart, and the colours of its ground and its bars.
GAP, CHART, PAPER = 4, 48, 24
INK = (94, 190, 180)


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
                raise NoVideoError(_("holds no picture"))
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
            if at >= LONGEST_S:
                is_over[packet.stream.index] = True
            elif isinstance(frame, av.AudioFrame):
                parts += [(at, part.to_ndarray().ravel(), part.sample_rate) for part in to_mono.resample(frame)]
            elif at >= len(pictures) * EVERY_S - 1e-3:
                pictures.append(_small(frame, wide))
        if all(is_over.values()):
            break
    if not pictures:
        raise NoVideoError(_("holds no frame that can be read"))
    return Strip(path.name, np.stack(pictures[:PICTURES]), _levels(parts) if sound is not None else None)


def _small(frame: Any, wide: int) -> np.ndarray:
    width, height = frame.width, frame.height
    if round(frame.rotation / 90) % 2 == 1:
        width, height = height, width
    # Half-blocks show two rows at a time.
    return scaled(frame, wide, max(2 * round(wide * height / width / 2), 2), "rgb24")


def _levels(parts: Sequence[tuple[float, np.ndarray, int]]) -> np.ndarray:
    """How loud each moment is: the level of its samples between the floor (0) and full scale (1)."""
    power, count = np.zeros(MOMENTS), np.zeros(MOMENTS)
    for at, samples, rate in parts:
        moment = ((at + np.arange(len(samples)) / rate) / LONGEST_S * MOMENTS).astype(int)
        is_early = (moment >= 0) & (moment < MOMENTS)
        power += np.bincount(moment[is_early], samples[is_early].astype("float64") ** 2, MOMENTS)
        count += np.bincount(moment[is_early], minlength=MOMENTS)
    level = 10 * np.log10(np.maximum(power / np.maximum(count, 1), 1e-12))
    return np.clip(1 - level / FLOOR_DBFS, 0, 1)


def sheet(strips: Sequence[Strip]) -> np.ndarray:
    """Strips beneath one another, each above a bar chart of its loudness (height x width x 3, 0-255)."""
    rows = [np.concatenate([_side_by_side(strip.pictures), _chart(strip)]) for strip in strips]
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


def _side_by_side(pictures: np.ndarray) -> np.ndarray:
    """Pictures side by side, those that are missing left blank."""
    count, high, wide, _planes = pictures.shape
    padded = np.pad(pictures, ((0, PICTURES - count), (0, 0), (0, GAP), (0, 0)), constant_values=PAPER)
    return padded.transpose(1, 0, 2, 3).reshape(high, PICTURES * (wide + GAP), 3)


def _chart(strip: Strip) -> np.ndarray:
    wide = PICTURES * (strip.pictures.shape[2] + GAP)
    chart = np.full((CHART, wide, 3), PAPER, dtype=np.uint8)
    level = strip.levels_over(wide)
    if level is not None:
        chart[(CHART - np.arange(CHART))[:, None] <= np.round(level * (CHART - GAP))] = INK
    return chart
