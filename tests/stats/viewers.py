"""Accounts of videos with planted causes of leaving, for tests and benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tiktok_coach.media.facts import Video
from tiktok_coach.stats.hazard import Watching
from tiktok_coach.stats.moments import EVENTS, compared, events_of


def draw_video(rng: np.random.Generator, length_s: float, *, pauses_late: bool = False) -> Video:
    """What a camera, a voice and a pair of scissors make: stretches of speech, pauses, text, cuts, movement.

    With `pauses_late` speech ebbs away towards the end, so that pauses come where a video is longest.
    """
    seconds = int(np.ceil(length_s))
    part = (np.arange(seconds) + 0.5) / seconds
    is_talk = rng.random() < 0.75
    speech = np.zeros(seconds)
    if is_talk:
        start, at = int(rng.integers(0, 3)), 0
        at = start
        while at < seconds:
            talk = int(rng.integers(2, 7))
            speech[at : at + talk] = rng.uniform(0.7, 1.0, len(speech[at : at + talk]))
            chance = part[min(at, seconds - 1)] if pauses_late else 0.6
            at += talk + (int(rng.integers(1, 4)) if rng.random() < chance else 0)
        if rng.random() < 0.3:
            speech[-int(rng.integers(1, 4)) :] = 0.0
    music = rng.uniform(-32, -16)
    loudness = music + rng.normal(0, 1.5, seconds) + 5 * (speech > 0.5) + 9 * (rng.random(seconds) < 0.05)
    text = np.zeros(seconds)
    if rng.random() < 0.8:
        for _line in range(int(rng.integers(1, 4))):
            begin = int(rng.integers(0, seconds))
            text[begin : begin + int(rng.integers(2, 6))] = 1.0
    motion = np.exp(rng.normal(0.8, 0.4)) * np.exp(rng.normal(0, 0.45, seconds))
    still = (rng.random(seconds) < 0.06).astype("float64")
    every = rng.choice([1.8, 3.5, 7.0, 60.0])
    cuts = np.sort(rng.uniform(0, length_s, rng.poisson(length_s / every)))
    return Video(
        "clip.mp4",
        duration_s=length_s,
        cuts=tuple(cuts.round(3).tolist()),
        speech_by_second=tuple(speech.tolist()),
        loudness_by_second=tuple(loudness.tolist()),
        motion_by_second=tuple((motion * (1 - still)).tolist()),
        still_by_second=tuple(still.tolist()),
        light_by_second=tuple(np.where(rng.random(seconds) < 0.01, 0.02, 0.5).tolist()),
        text_by_second=tuple(text.tolist()),
    )


def draw_watching(
    rng: np.random.Generator, causes: Mapping[str, float], length_s: float, *, pauses_late: bool = False
) -> Watching:
    """One post: who leaves more at first, then less, with the planted `causes` (event: factor on leaving).

    Each second of each post has chances of its own beside; some viewers come back, and the curve is rounded.
    """
    video = draw_video(rng, length_s, pauses_late=pauses_late)
    seconds = int(np.ceil(length_s))
    events, second = events_of(video, seconds), np.arange(seconds)
    factors = np.log([causes.get(event, 1.0) for event in EVENTS])
    course = np.log(0.028 + 0.16 * np.exp(-second / 1.1) + 0.02 * np.exp(-second / 6))
    log_hazard = rng.normal(0, 0.3) + course + np.nan_to_num(compared(events)) @ factors + rng.normal(0, 0.2, seconds)
    stays = np.exp(-np.exp(log_hazard) * np.diff(np.minimum(np.arange(seconds + 1), length_s)))
    views = int(np.exp(rng.normal(7.5, 1.0))) + 100
    watching, counts = views, [views]
    for stay in stays:
        watching = int(rng.binomial(watching, stay))
        counts.append(watching)
    shares = np.array(counts) / views
    again = rng.random(seconds + 1) < 0.05
    again[[0, -1]] = False
    shares = np.round(np.clip(shares + again * rng.uniform(0, 0.02, seconds + 1), 0, 1), int(rng.choice([2, 3, 4])))
    return Watching(shares, length_s, events)


def draw_account(
    rng: np.random.Generator, causes: Mapping[str, float], posts: int, *, pauses_late: bool = False
) -> list[Watching]:
    """The posts of an account, of 8 to 60 seconds."""
    lengths = np.round(np.exp(rng.uniform(np.log(8), np.log(60), posts)), 2)
    return [draw_watching(rng, causes, float(length), pauses_late=pauses_late) for length in lengths]


def without_tracks(one: Watching) -> Watching:
    """The same post where nothing is known of its video."""
    return replace(one, events=np.full_like(one.events, np.nan))
