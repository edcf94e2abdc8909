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

# A row or column of a picture of no more spread than this (of 255) is an edge, a picture of less spread is blank.
PLAIN, BLANK = 14, 2.0
# The least share of its height or width that edges may leave; below this spread about its own middle nothing moves.
LEAST_INSIDE, STILL = 0.4, 1.5
# Sound: the bands' edges (Hz), over how long each is smoothed, what it is compared with, how often, and for how long.
LOWEST, HIGHEST = 200.0, 4000.0
SMOOTH_S, BACK_S, STEP_S, LONGEST_S = 1.2, 0.6, 0.1, 10.0


def picture_hash(pictures: Sequence[np.ndarray]) -> str | None:
    """A print of grey pictures in order (each height x width, 0-255); None where there is nothing to see.

    The signs of the lowest frequencies of a cosine transform (after pHash; Zauner, 2010), edges of one colour cut away,
    of frames evenly spread over the video; and the same of each frame less the median of all, which tells takes of one
    scene apart.
    """
    inner = _inside(np.stack(pictures).astype(np.float32))
    frames = inner[np.linspace(0, len(inner) - 1, MOMENTS).round().astype(int)]
    if float(frames.std(axis=(1, 2)).max()) < BLANK:
        return None
    movement = frames - np.median(inner, axis=0)
    still = bits_as_text(_low(frames) > 0)
    return still if float(np.sqrt((movement**2).mean())) < STILL else f"{still}-{bits_as_text(_low(movement) > 0)}"


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
    """A print of the sound from its amplitudes (frequency x time, HOP samples apart at RATE); None where too short.

    Whether a band gains on the next higher one from one moment to another (Haitsma and Kalker, 2002), more slowly than
    theirs, so that a print is small and a beginning that is some hundredths of a second off changes little.
    """
    edges = np.geomspace(LOWEST, HIGHEST, BANDS + 2)
    frequencies = np.linspace(0, RATE / 2, len(spectrum))
    bands = np.stack([(spectrum[(frequencies >= a) & (frequencies < b)] ** 2).sum(axis=0) for a, b in pairwise(edges)])
    smooth, back, step, longest = (round(length * RATE / HOP) for length in (SMOOTH_S, BACK_S, STEP_S, LONGEST_S))
    window = hann(smooth)
    if bands.shape[1] < smooth + back + step * LEAST_WORDS:
        return None
    level = np.log(np.maximum(fftconvolve(bands, window[None] / window.sum(), mode="valid", axes=1), 0) + 1e-7)
    ratio = np.diff(level, axis=0)
    gain = ratio[:, back:] - ratio[:, :-back]
    return bits_as_text(gain[:, :longest:step].T.ravel() > 0)
