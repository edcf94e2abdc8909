"""Draws videos of some of the fictional bakery's newest posts, with sounds made by arithmetic, so that what is measured
can be held against what was meant.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pandas as pd

from tiktok_coach.demo.simulation import HANDLE, WORDS
from tiktok_coach.demo.storyboard import Storyboard, storyboard

WIDTH, HEIGHT, FPS = 360, 640, 24
# Drawn this much smaller, and scaled up: a loaf has no sharp edges.
COARSE = 4
LONGEST_S = 30.0
# Letters are so high, their first line stands so far from the top, in pixels, and they are white in the grey picture.
LETTERS, TOP, WHITE = 46, 150, 235
# Someone who opens without an intro does so within a second; slower openings are still pictures, as an intro is.
SOON_S = 0.9
RATE = 44_100
# The first three formants of five vowels, in Hz (after Peterson and Barney, 1952).
VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))


def write_clips(folder: Path, posts: pd.DataFrame, seed: int, most: int | None = None) -> list[Path]:
    """Write videos of the short posts that were well recorded into `folder`, named by handle and id as downloads are.

    They follow the posts' storyboards; the same seed draws the same. Returned are their paths, that of the newest post
    first; `most` is how many of these to write, None for all.
    """
    fits = (posts["duration_s"] <= LONGEST_S) & (posts["height"] > posts["width"]) & (posts["kind"] == "original")
    fits &= posts["clear_audio"] & (posts["intro"] | (posts["hook_s"] <= SOON_S))
    newest = posts[fits].sort_values("posted", ascending=False, kind="stable").iloc[:most].to_dict("records")
    folder.mkdir(parents=True, exist_ok=True)
    # Encoders leave the interpreter free.
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        return list(executor.map(lambda post: _write(folder / f"{HANDLE}_{post['post_id']}.mp4", post, seed), newest))


def _write(path: Path, post: dict[Any, Any], seed: int) -> Path:
    length, board = float(post["duration_s"]), storyboard(post, seed)
    rng = np.random.default_rng([seed, 2, int(post["post_id"])])
    letters = _letters(rng)
    # x264's macroblock tree reads memory that it never wrote, so that the same pictures give other bytes now and then.
    options = {"crf": "34", "preset": "ultrafast", "threads": "1", "g": "48", "mbtree": "0"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        audio = container.add_stream("aac", rate=RATE, options={"aac_coder": "fast"})
        for number, picture in enumerate(_pictures(post, board, round(length * FPS), rng)):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame = frame.reformat(WIDTH, HEIGHT, "yuv420p", interpolation="BILINEAR")
            if board.text[number // FPS]:
                _write_over(frame, letters)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        sound = _sound(post, board, length, rng).astype("float32")
        for start in range(0, len(sound), 4096):
            part = av.AudioFrame.from_ndarray(sound[None, start : start + 4096].copy(), "fltp", "mono")
            part.sample_rate, part.pts, part.time_base = RATE, start, Fraction(1, RATE)
            container.mux(audio.encode(part))
        container.mux(audio.encode(None))
    return path


def _letters(rng: np.random.Generator) -> np.ndarray:
    """Where two lines of words stand (HEIGHT x WIDTH, bool)."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (WIDTH, HEIGHT))
    words = [str(word).upper() for word in rng.choice(WORDS["common"], 2, replace=False)]
    font = ImageFont.load_default(LETTERS)
    ImageDraw.Draw(picture).multiline_text((30, TOP), "\n".join(words), fill=255, font=font, spacing=24)
    return np.asarray(picture) > 127


def _write_over(frame: av.VideoFrame, letters: np.ndarray) -> None:
    """Write letters over the grey plane of a frame."""
    plane = frame.planes[0]
    rows = np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size).copy()
    rows[:, :WIDTH][letters] = WHITE
    plane.update(rows.tobytes())


def _pictures(post: dict[Any, Any], board: Storyboard, count: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """A loaf on a table: still until the hook, then swaying; another table and loaf at each cut."""
    rows, columns = np.mgrid[:HEIGHT:COARSE, :WIDTH:COARSE]
    light = 1.0 if post["good_light"] else 0.15
    first = float(post["hook_s"])
    scene, table, crust, size = -1, np.zeros(3), np.zeros(3), 0.3
    for number in range(count):
        at = number / FPS
        now = 0 if at < first else 1 + sum(at >= cut for cut in board.cuts)
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


def _sound(post: dict[Any, Any], board: Storyboard, length: float, rng: np.random.Generator) -> np.ndarray:
    """Music at the post's tempo, and someone who speaks as the storyboard says."""
    music = 0.045 * clicks(float(post["bpm"]), length, rng)
    sound = music[: round(length * RATE)]
    for start, end in board.speech:
        first = round(start * RATE)
        samples = voice(max(end - start, 0.5), rng)[: len(sound) - first]
        sound[first : first + len(samples)] += samples
    mixed: np.ndarray = np.clip(sound, -1, 1)
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
