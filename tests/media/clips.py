"""Makes clips whose truth is known: of movement, cuts and fades, and of the loudness, tempo and speech of the sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tiktok_coach.demo.clips import RATE, clicks, seconds_of, voice

av = pytest.importorskip("av", reason="needs the extra media")

__all__ = ["RATE", "Scene", "clicks", "frames", "tone", "voice", "write"]


@dataclass(frozen=True)
class Scene:
    """So many seconds of one picture: `moving` shifts it frame by frame, `black` shows nothing."""

    seconds: float
    seed: int = 0
    moving: bool = True
    black: bool = False


def frames(scenes: Sequence[Scene], width: int, height: int, fps: float) -> Iterator[np.ndarray]:
    """The frames of scenes one after the other (height x width x 3)."""
    for scene in scenes:
        rng = np.random.default_rng(scene.seed)
        cell = 20
        picture = (
            rng.integers(40, 216, (-(-height // cell), -(-width // cell), 3), dtype=np.uint8)
            .repeat(cell, 0)
            .repeat(cell, 1)
        )
        picture = np.zeros_like(picture) if scene.black else picture
        for number in range(round(scene.seconds * fps)):
            yield np.roll(picture, 4 * number if scene.moving else 0, axis=1)[:height, :width]


def write(
    path: Path,
    scenes: Sequence[Scene],
    sound: np.ndarray | None = None,
    *,
    width: int = 180,
    height: int = 320,
    fps: int = 30,
    codec: str = "libx264",
    audio: str = "aac",
    rotation: int = 0,
    stretch: Fraction | None = None,
    change: Callable[[np.ndarray], np.ndarray] | None = None,
    quality: str = "23",
    title: str = "",
    options: dict[str, str] | None = None,
) -> Path:
    """A clip of scenes with a sound (samples at RATE, one or two columns); `options` are those of its format."""
    with av.open(str(path), "w", options=options or {}) as container:
        if title:
            container.metadata["title"] = title
        stream = container.add_stream(
            codec, rate=fps, options={"crf": quality} if "264" in codec or "vp" in codec else {}
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        if stretch is not None:
            stream.codec_context.sample_aspect_ratio = stretch
        if rotation:
            stream.set_display_rotation(rotation)
        heard = container.add_stream(audio, rate=48_000 if audio == "libopus" else RATE) if sound is not None else None
        for picture in frames(scenes, width, height, fps):
            current = change(picture) if change is not None else picture
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(current), "rgb24")))
        container.mux(stream.encode(None))
        if heard is not None and sound is not None:
            columns = np.atleast_2d(sound.T).astype("float32")
            layout = "mono" if len(columns) == 1 else "stereo"
            for start in range(0, columns.shape[1], 4096):
                part = av.AudioFrame.from_ndarray(
                    np.ascontiguousarray(columns[:, start : start + 4096]), "fltp", layout
                )
                part.sample_rate, part.pts, part.time_base = RATE, start, Fraction(1, RATE)
                container.mux(heard.encode(part))
            container.mux(heard.encode(None))
    return path


def tone(seconds: float, level_dbfs: float, hertz: float = 997.0) -> np.ndarray:
    """A sine on both channels whose peak is at a level."""
    wave = 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * hertz * seconds_of(seconds))
    return np.column_stack([wave, wave])
