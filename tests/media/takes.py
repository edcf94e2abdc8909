"""Clips that are alike and clips that only look so: takes of scenes, and copies of a take as people make them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

av = pytest.importorskip("av", reason="needs the extra media")

WIDTH, HEIGHT, FPS = 108, 192, 2


def texture(rng: np.random.Generator, height: int, width: int, steep: float = 1.3) -> np.ndarray:
    """A picture as smooth as photographs are: noise that falls off with frequency (height x width x 3, 0-255)."""
    down, across = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    fall = 1 / np.maximum(np.hypot(down, across), 1 / max(height, width)) ** steep
    noise = rng.normal(size=(3, height, width))
    field = np.fft.irfft2(np.fft.rfft2(noise) * fall, s=(height, width))
    field = field.mean(axis=0) + 0.4 * field
    field = (field - field.mean()) / field.std()
    return np.clip(128 + 45 * field, 0, 255).transpose(1, 2, 0)


# The takes of a scene follow each other.
@lru_cache(maxsize=2)
def scene_of(scene: int) -> tuple[np.ndarray, np.ndarray, float, np.ndarray]:
    """A room, a person in it, how large the person is, and where."""
    room = np.random.default_rng([scene, 1])
    picture = texture(room, HEIGHT + 16, WIDTH + 16)
    person = texture(room, HEIGHT, WIDTH)
    return picture, person, room.uniform(0.16, 0.3), room.uniform(0.3, 0.7, 2)


def take(scene: int, number: int, seconds: float = 4.0) -> Iterator[np.ndarray]:
    """The frames of one take of a scene: the same room and the same person in each, who moves otherwise in each."""
    picture, person, size, start = scene_of(scene)
    how = np.random.default_rng([scene, 2, number])
    place, pace, shake = how.uniform(-0.08, 0.08, 2), how.uniform(0.2, 0.9, 4), how.integers(0, 5, 2)
    phase, far = how.uniform(0, 2 * np.pi, 4), how.uniform(0.03, 0.16, 4)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    for at in np.arange(round(seconds * FPS)) / FPS:
        sway = far * np.sin(2 * np.pi * pace * at + phase)
        down, across = (start + place + sway[:2]) * (HEIGHT, WIDTH)
        wide = size * (1 + sway[2]) * WIDTH
        inside = ((rows - down) / (1.8 * wide)) ** 2 + ((columns - across) / wide) ** 2 < 1
        moved = np.roll(person, (round(float(down)), round(float(across))), axis=(0, 1))
        frame = picture[shake[0] + 4 : shake[0] + 4 + HEIGHT, shake[1] + 4 : shake[1] + 4 + WIDTH]
        yield np.where(inside[..., None], 0.75 * moved + 40 * (1 + sway[3]), frame).clip(0, 255).astype(np.uint8)


def squeezed(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """A picture in another size."""
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
    resized: np.ndarray = frame.reformat(
        width=width, height=height, format="rgb24", interpolation="BICUBIC", threads=1
    ).to_ndarray()
    return resized


def bordered(picture: np.ndarray, share: float, colour: int) -> np.ndarray:
    """A picture that is scaled down, in a frame of one colour."""
    height, width = picture.shape[:2]
    inner = squeezed(picture, round(height * (1 - 2 * share) / 2) * 2, round(width * (1 - 2 * share) / 2) * 2)
    framed = np.full_like(picture, colour)
    top, left = (height - inner.shape[0]) // 2, (width - inner.shape[1]) // 2
    framed[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return framed


def cropped(picture: np.ndarray, share: float) -> np.ndarray:
    """A picture without its edges, scaled up again."""
    height, width = picture.shape[:2]
    top, left = round(height * share), round(width * share)
    return squeezed(picture[top : height - top, left : width - left], height, width)


# What people do to a video before they post it again.
COPIES: dict[str, tuple[Callable[[np.ndarray], np.ndarray], str]] = {
    "encoded again": (lambda p: p, "36"),
    "scaled": (lambda p: squeezed(p, 96, 54), "23"),
    "cropped": (lambda p: cropped(p, 0.04), "23"),
    "in black borders": (lambda p: bordered(p, 0.08, 0), "23"),
    "in white borders": (lambda p: bordered(p, 0.08, 255), "23"),
    "mirrored": (lambda p: p[:, ::-1], "23"),
    "brighter": (lambda p: np.clip(p * 1.15 + 8, 0, 255).astype(np.uint8), "28"),
    "mirrored, cropped and scaled": (lambda p: squeezed(cropped(p[:, ::-1], 0.03), 144, 80), "30"),
}


def write_take(
    path: Path, scene: int, number: int, change: Callable[[np.ndarray], np.ndarray] = lambda p: p, quality: str = "23"
) -> Path:
    """A clip of a take, without sound, changed as a copy is."""
    with av.open(str(path), "w") as container:
        stream = None
        for picture in take(scene, number):
            frame = np.ascontiguousarray(change(picture))
            if stream is None:
                stream = container.add_stream("libx264", rate=FPS, options={"crf": quality, "preset": "ultrafast"})
                # Threads cost more to start than so small a picture takes.
                stream.codec_context.thread_count = 1
                stream.height, stream.width, stream.pix_fmt = frame.shape[0], frame.shape[1], "yuv420p"
                stream.codec_context.time_base = Fraction(1, FPS)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, "rgb24")))
        assert stream is not None
        container.mux(stream.encode(None))
    return path
