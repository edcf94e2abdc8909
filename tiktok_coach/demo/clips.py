"""Draws videos of some of the fictional bakery's newest posts, with sounds made by arithmetic, so that what is measured
can be held against what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pandas as pd

from tiktok_coach.demo.simulation import HANDLE

WIDTH, HEIGHT, FPS = 360, 640, 24
# Drawn this much smaller, and scaled up: a loaf has no sharp edges.
COARSE = 4
HOW_MANY, LONGEST_S = 6, 16.0
# A scene of a video that is cut quickly lasts so long.
SCENE_S = 2.5
# Someone who opens without an intro does so within a second; slower openings are still pictures, as an intro is.
SOON_S = 0.9
RATE = 44_100
# The first three formants of five vowels, in Hz (after Peterson and Barney, 1952).
VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))


def write_clips(folder: Path, posts: pd.DataFrame, seed: int) -> list[Path]:
    """Write videos of the newest short posts that were well recorded into `folder`, named by handle and id as downloads
    are, and give their paths; the same seed draws the same.
    """
    fits = (posts["duration_s"] <= LONGEST_S) & (posts["height"] > posts["width"]) & (posts["kind"] == "original")
    fits &= posts["clear_audio"] & (posts["intro"] | (posts["hook_s"] <= SOON_S))
    newest = posts[fits].sort_values("posted", ascending=False, kind="stable").head(HOW_MANY)
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _write(folder / f"{HANDLE}_{row['post_id']}.mp4", row, np.random.default_rng([seed, 2, number]))
        for number, row in enumerate(newest.to_dict("records"))
    ]


def _write(path: Path, post: dict[Any, Any], rng: np.random.Generator) -> Path:
    length = float(post["duration_s"])
    # x264's macroblock tree reads memory that it never wrote, so that the same pictures give other bytes now and then.
    options = {"crf": "34", "preset": "veryfast", "threads": "1", "g": "48", "mbtree": "0"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        audio = container.add_stream("aac", rate=RATE)
        for picture in _pictures(post, round(length * FPS), rng):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            container.mux(stream.encode(frame.reformat(WIDTH, HEIGHT, "yuv420p", interpolation="BILINEAR")))
        container.mux(stream.encode(None))
        sound = _sound(post, length, rng).astype("float32")
        for start in range(0, len(sound), 4096):
            part = av.AudioFrame.from_ndarray(sound[None, start : start + 4096].copy(), "fltp", "mono")
            part.sample_rate, part.pts, part.time_base = RATE, start, Fraction(1, RATE)
            container.mux(audio.encode(part))
        container.mux(audio.encode(None))
    return path


def _pictures(post: dict[Any, Any], count: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """A loaf on a table: still until the hook, then swaying; another table and loaf at each cut."""
    rows, columns = np.mgrid[:HEIGHT:COARSE, :WIDTH:COARSE]
    light = 1.0 if post["good_light"] else 0.15
    cut_at = [SCENE_S * n for n in range(1, 40)] if post["quick_cuts"] else []
    first = float(post["hook_s"])
    scene, table, crust, size = -1, np.zeros(3), np.zeros(3), 0.3
    for number in range(count):
        at = number / FPS
        now = 0 if at < first else 1 + sum(at >= first + cut for cut in cut_at)
        if now != scene and (scene < 1 or now > scene):
            scene = now
            # Light and dark tables take turns, so that a cut is seen as one.
            table = rng.uniform(170, 240, 3) if scene % 2 else rng.uniform(60, 120, 3)
            crust = rng.uniform((120, 60, 10), (240, 170, 120))
            size = rng.uniform(0.2, 0.36)
        sway = 0.0 if at < first else 0.12 * np.sin(2 * np.pi * 0.6 * (at - first))
        shade = (0.6 + 0.4 * rows / HEIGHT)[..., None] * table
        far = ((columns / WIDTH - 0.5 - sway) / size) ** 2 + ((rows - 0.55 * HEIGHT) / WIDTH / (0.7 * size)) ** 2
        loaf = far[..., None] < 1
        picture = np.where(loaf, crust * (1.1 - 0.4 * far[..., None]), shade)
        yield np.clip(light * picture, 0, 255).astype(np.uint8)


def _sound(post: dict[Any, Any], length: float, rng: np.random.Generator) -> np.ndarray:
    """Music at the post's tempo, and someone who speaks from the hook on."""
    music = 0.045 * clicks(float(post["bpm"]), length, rng)
    waiting = np.zeros(round(float(post["hook_s"]) * RATE))
    speech = voice(max(length - float(post["hook_s"]), 1.0), rng)
    sound = music[: round(length * RATE)]
    samples = np.concatenate([waiting, speech])[: len(sound)]
    mixed: np.ndarray = np.clip(sound + np.pad(samples, (0, len(sound) - len(samples))), -1, 1)
    return mixed


def seconds_of(seconds: float) -> np.ndarray:
    """The time of each sample of so many seconds."""
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
    samples: np.ndarray = np.clip(sound, -1, 1)
    return samples


def voice(seconds: float, rng: np.random.Generator) -> np.ndarray:
    """Something like speech: a buzzing source through moving formants, in syllables."""
    from scipy.signal import lfilter

    at = seconds_of(seconds)
    pitch = 120 + 25 * np.sin(2 * np.pi * 0.7 * at) + 8 * np.sin(2 * np.pi * 3.1 * at)
    phase = np.cumsum(pitch) / RATE
    source = np.maximum(0, 1 - 4 * np.mod(phase, 1)) + 0.03 * rng.normal(size=len(at))
    out = np.zeros(len(at))
    step = round(0.16 * RATE)
    for number, start in enumerate(range(0, len(at), step)):
        part = source[start : start + step]
        vowel = np.zeros(len(part))
        for hertz, wide, gain in zip(VOWELS[rng.integers(len(VOWELS))], (80, 110, 160), (1.0, 0.5, 0.25), strict=True):
            radius = np.exp(-np.pi * wide / RATE)
            vowel += gain * lfilter([1 - radius], [1, -2 * radius * np.cos(2 * np.pi * hertz / RATE), radius**2], part)
        shape = np.sin(np.pi * np.linspace(0, 1, len(part))) ** 0.5 * (0.0 if number % 7 == 6 else 1.0)
        out[start : start + step] = vowel * shape
    samples: np.ndarray = 0.3 * out / np.abs(out).max()
    return samples
