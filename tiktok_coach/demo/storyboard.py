"""What happens in each second of the fictional bakery's videos, and which of it makes viewers leave.

The capture's curves and the drawn videos follow the same storyboards, so that what is found in them can be held against
LEAVING_TRUTH.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tiktok_coach.core.records import dataclass
from tiktok_coach.stats.moments import EVENTS

# How many times as many viewers leave in a second with an event. Beside these, a late hook and an intro cost viewers.
LEAVING_TRUTH: dict[str, float] = dict.fromkeys(EVENTS, 1.0) | {"pause": 2.0, "text": 0.5}
# A scene of a video that is cut quickly lasts so long.
SCENE_S = 2.5
# Stretches of speech and pauses last from so many to so many seconds, and so do texts and what lies between.
SPEECH_S, PAUSE_S, TEXT_S, GAP_S = (2, 5), (1, 2), (2, 4), (2, 6)
# Of the videos so many have no text; of stretches of speech so many go on without a pause.
WITHOUT_TEXT, WITHOUT_PAUSE = 0.2, 0.25
# The voice fades before a pause begins.
FADES_S = 0.2


@dataclass(frozen=True)
class Storyboard:
    """One video: the spans of `speech` in seconds, in which seconds there are `pauses` and `text`, and its `cuts`."""

    speech: tuple[tuple[float, float], ...]
    pauses: np.ndarray
    text: np.ndarray
    cuts: tuple[float, ...]

    @property
    def leaving(self) -> np.ndarray:
        """How many times as many viewers leave in each second as without pauses and text."""
        pauses, text = LEAVING_TRUTH["pause"], LEAVING_TRUTH["text"]
        return np.where(self.pauses, pauses, 1.0) * np.where(self.text, text, 1.0)


def storyboard(post: Mapping[Any, Any], seed: int) -> Storyboard:
    """The storyboard of a post; the same seed gives the same."""
    rng = np.random.default_rng([seed, 3, int(post["post_id"])])
    length, hook = float(post["duration_s"]), float(post["hook_s"])
    seconds = int(np.ceil(length))
    cuts = np.arange(hook + SCENE_S, length - 0.2, SCENE_S) if post["quick_cuts"] else np.zeros(0)
    speech, pauses = _speech(rng, hook, length)
    return Storyboard(speech, pauses, _text(rng, hook, seconds), tuple(cuts.round(3).tolist()))


def _speech(rng: np.random.Generator, hook: float, length: float) -> tuple[tuple[tuple[float, float], ...], np.ndarray]:
    """Someone speaks from the hook on, with pauses of whole seconds, and to the end."""
    pauses = np.zeros(int(np.ceil(length)), dtype=bool)
    spans: list[tuple[float, float]] = []
    start, last = hook, int(length)
    while True:
        pause = int(np.ceil(start)) + int(rng.integers(SPEECH_S[0], SPEECH_S[1] + 1))
        until = pause + int(rng.integers(PAUSE_S[0], PAUSE_S[1] + 1))
        if until > last - 2:
            return (*spans, (start, length)), pauses
        if rng.random() >= WITHOUT_PAUSE:
            spans.append((start, pause - FADES_S))
            pauses[pause:until] = True
            start = float(until)


def _text(rng: np.random.Generator, hook: float, seconds: int) -> np.ndarray:
    """In which seconds text is on the screen: in a still opening none, since it would move the picture."""
    text = np.zeros(seconds, dtype=bool)
    if rng.random() < WITHOUT_TEXT:
        return text
    at = (0 if hook < 1 else int(np.ceil(hook))) + int(rng.integers(0, GAP_S[1]))
    while at < seconds:
        until = at + int(rng.integers(TEXT_S[0], TEXT_S[1] + 1))
        text[at:until] = True
        at = until + int(rng.integers(GAP_S[0], GAP_S[1] + 1))
    return text
