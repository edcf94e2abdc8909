"""Makes clips whose truth is known: pictures that move, stand still, cut or fade, and sounds of known loudness, tempo and speech."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

av = pytest.importorskip("av", reason="needs the extra media")

RATE = 44_100


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
) -> Path:
    """A clip of scenes with a sound (samples at RATE, one or two columns)."""
    with av.open(str(path), "w") as container:
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
            shown = change(picture) if change is not None else picture
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(shown), "rgb24")))
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


def seconds_of(seconds: float) -> np.ndarray:
    return np.arange(round(seconds * RATE)) / RATE


def clicks(bpm: float, seconds: float, rng: np.random.Generator | None = None) -> np.ndarray:
    """A click track, with a bass, a melody and noise about it where a generator is given."""
    at = seconds_of(seconds)
    since = np.mod(at, 60 / bpm)
    sound = 0.5 * np.exp(-since * 60) * np.sin(2 * np.pi * 1000 * since)
    if rng is not None:
        bar = np.floor(at / (240 / bpm)).astype(int)
        notes = 220 * 2 ** (rng.integers(0, 12, bar.max() + 1) / 12)
        sound = sound + 0.12 * np.sin(2 * np.pi * np.cumsum(notes[bar]) / RATE) + 0.02 * rng.normal(size=len(at))
        off = np.mod(at + 30 / bpm, 60 / bpm)
        sound = sound + 0.15 * np.exp(-off * 90) * rng.normal(size=len(at))
    return np.clip(sound, -1, 1)


def tone(seconds: float, level_dbfs: float, hertz: float = 997.0) -> np.ndarray:
    """A sine on both channels whose peak is at a level."""
    wave = 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * hertz * seconds_of(seconds))
    return np.column_stack([wave, wave])


def voice(seconds: float, rng: np.random.Generator) -> np.ndarray:
    """Something like speech: a buzzing source through moving formants, in syllables."""
    from scipy.signal import lfilter

    at = seconds_of(seconds)
    pitch = 120 + 25 * np.sin(2 * np.pi * 0.7 * at) + 8 * np.sin(2 * np.pi * 3.1 * at)
    phase = np.cumsum(pitch) / RATE
    source = np.maximum(0, 1 - 4 * np.mod(phase, 1)) + 0.03 * rng.normal(size=len(at))
    out = np.zeros(len(at))
    vowels = [(730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410)]
    step = round(0.16 * RATE)
    for number, start in enumerate(range(0, len(at), step)):
        part = source[start : start + step]
        sounded = np.zeros(len(part))
        for hertz, wide, gain in zip(vowels[rng.integers(len(vowels))], (80, 110, 160), (1.0, 0.5, 0.25), strict=True):
            radius = np.exp(-np.pi * wide / RATE)
            sounded += gain * lfilter(
                [1 - radius], [1, -2 * radius * np.cos(2 * np.pi * hertz / RATE), radius**2], part
            )
        shape = np.sin(np.pi * np.linspace(0, 1, len(part))) ** 0.5 * (0.0 if number % 7 == 6 else 1.0)
        out[start : start + step] = sounded * shape
    return 0.3 * out / np.abs(out).max()
