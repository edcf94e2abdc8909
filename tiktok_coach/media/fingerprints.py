"""Prints of a video by which copies of it are told: of its pictures over time, and of its sound."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.fft import dctn
from scipy.signal import fftconvolve
from scipy.signal.windows import hann

from tiktok_coach.core.similarity import BANDS, COEFFICIENTS, LEAST_WORDS, MOMENTS, bits_as_text
from tiktok_coach.media.sound import HOP, RATE

# A row or column of a picture that never spreads further than this (of 255) is an edge, and a picture of less than this
# spread is blank.
PLAIN, BLANK = 14, 2.0
# The least of a picture that edges may leave of its height or width; and below this spread about its own middle nothing
# moves.
LEAST_INSIDE, STILL = 0.4, 1.5
# Sound: the bands' edges (Hz), over how long each is smoothed, what it is compared with, how often, and for how long.
LOWEST, HIGHEST = 200.0, 4000.0
SMOOTH_S, BACK_S, STEP_S, LONGEST_S = 1.2, 0.6, 0.1, 10.0


def picture_hash(kept: Sequence[np.ndarray]) -> str | None:
    """A print of grey pictures that follow one another (each height x width, 0-255); None where there is nothing to
    see.

    The signs of the lowest frequencies of a cosine transform (after pHash; Zauner, 2010), edges of one colour cut away,
    of frames evenly spread over the video; and the same of each frame less the middle of all, which tells takes of one
    scene apart.
    """
    pictures = _inside(np.stack(kept).astype(np.float32))
    chosen = pictures[np.linspace(0, len(pictures) - 1, MOMENTS).round().astype(int)]
    if float(chosen.std(axis=(1, 2)).max()) < BLANK:
        return None
    moving = chosen - np.median(pictures, axis=0)
    seen = bits_as_text(_low(chosen) > 0)
    return seen if float(np.sqrt((moving**2).mean())) < STILL else f"{seen}-{bits_as_text(_low(moving) > 0)}"


def _low(pictures: np.ndarray) -> np.ndarray:
    """The lowest frequencies, the edges of the pictures faded out, so that it matters little where they were cut."""
    fade = hann(pictures.shape[1])[:, None] * hann(pictures.shape[2])
    level = pictures - pictures.mean(axis=(1, 2), keepdims=True)
    low: np.ndarray = dctn(level * fade, axes=(1, 2), norm="ortho")[:, :COEFFICIENTS, :COEFFICIENTS]
    return low


def _inside(pictures: np.ndarray) -> np.ndarray:
    """The pictures without the edges that are of one colour throughout."""
    spans = []
    for axis in (1, 2):
        lines = np.moveaxis(pictures, axis, 0).reshape(pictures.shape[axis], -1)
        low, high = np.percentile(lines, (2, 98), axis=1)
        lively = np.flatnonzero(high - low > PLAIN)
        enough = len(lively) and lively[-1] + 1 - lively[0] >= LEAST_INSIDE * pictures.shape[axis]
        spans.append(slice(lively[0], lively[-1] + 1) if enough else slice(None))
    return pictures[:, spans[0], spans[1]]


def sound_hash(spectrum: np.ndarray) -> str | None:
    """A print of the sound from its amplitudes (frequency x time, HOP samples apart at RATE); None where it is too
    short.

    Whether a band gains on the next higher one from one moment to another (Haitsma and Kalker, 2002), more slowly than
    theirs, so that a print is small and a beginning that is some hundredths of a second off changes little.
    """
    edges = np.geomspace(LOWEST, HIGHEST, BANDS + 2)
    heard = np.linspace(0, RATE / 2, len(spectrum))
    bands = np.stack([(spectrum[(heard >= a) & (heard < b)] ** 2).sum(axis=0) for a, b in pairwise(edges)])
    each = HOP / RATE
    window = hann(round(SMOOTH_S / each))
    back, step = round(BACK_S / each), round(STEP_S / each)
    if bands.shape[1] < len(window) + back + step * LEAST_WORDS:
        return None
    level = np.log(np.maximum(fftconvolve(bands, window[None] / window.sum(), mode="valid", axes=1), 0) + 1e-7)
    higher = np.diff(level, axis=0)
    gained = higher[:, back:] - higher[:, :-back]
    return bits_as_text(gained[:, : round(LONGEST_S / each) : step].T.ravel() > 0)
