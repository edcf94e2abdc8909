"""Sounds made by arithmetic: a beat with music about it, and something like speech. Each is samples at RATE, -1 to
1.
"""

from __future__ import annotations

import numpy as np

RATE = 44_100
# The first three formants of five vowels, in Hz (after Peterson and Barney, 1952).
VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))


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
