"""What stands in each second of a video follows from its measures, and is unknown where they are missing."""

from __future__ import annotations

import numpy as np
import pytest

from tiktok_coach.media.facts import Video
from tiktok_coach.stats.moments import EVENTS, compared, events_of, intro_of


def seconds_with(event: str, video: Video, seconds: int = 10) -> list[int]:
    column = events_of(video, seconds)[:, EVENTS.index(event)]
    assert np.isfinite(column).all(), f"{event} is not known"
    return np.flatnonzero(column).tolist()


@pytest.mark.parametrize(
    ("event", "video", "expected"),
    [
        ("cut", Video("a", cuts=(4.2, 7.9)), [4, 8]),
        ("cut", Video("a", cuts=()), []),
        # What follows two cuts counts once: 0.4 s of the second.
        ("cut", Video("a", cuts=(3.6, 3.8)), [4]),
        # Quick cuts, none of which has half a second of its own.
        ("cut", Video("a", cuts=(3.0, 3.3, 3.6)), [3, 4]),
        ("no cut for long", Video("a", cuts=(2.5,)), [8, 9]),
        ("no cut for long", Video("a", cuts=()), [5, 6, 7, 8, 9]),
        ("speech", Video("a", speech_by_second=(0, 0.4, 0.5, 1, 0, 0, 0.1, 1, 0, 0)), [2, 3, 7]),
        # Silence before the first word and after the last is no pause.
        ("pause", Video("a", speech_by_second=(0, 0.4, 0.5, 1, 0, 0.3, 0.1, 1, 0, 0)), [4, 6]),
        ("pause", Video("a", speech_by_second=(0,) * 10), []),
        ("text", Video("a", text_by_second=(1, 1, 0, 0, 0, 0, 0, 0, 0, 1)), [0, 1, 9]),
        ("still", Video("a", still_by_second=(1, 0.95, 0.5, 0, 0, 0, 0, 0, 0, 0)), [0, 1]),
        ("black", Video("a", light_by_second=(0.01, 0.08, 0.2, 1, 1, 1, 1, 1, 1, 1)), [0, 1]),
        ("louder", Video("a", loudness_by_second=(-30, -30, -30, -20, -20, -20, -20, -31, -31, -31)), [3, 4]),
        ("quieter", Video("a", loudness_by_second=(-30, -30, -30, -20, -20, -20, -20, -31, -31, -31)), [7, 8]),
        # What is nearly silent gets no quieter.
        ("quieter", Video("a", loudness_by_second=(-52, -70, -70, -70, -70, -70, -70, -70, -70, -70)), []),
        ("motion", Video("a", motion_by_second=(2, 2, 2, 2, 4, 2, 2, 2, 2, 2)), [4]),
        # What moves little does not move much, however still the rest is.
        ("motion", Video("a", motion_by_second=(0.1, 0.1, 0.1, 0.1, 0.4, 0.1, 0.1, 0.1, 0.1, 0.1)), []),
    ],
)
def test_an_event_stands_in_the_seconds_that_its_measures_tell(event: str, video: Video, expected: list[int]) -> None:
    assert seconds_with(event, video) == expected


def test_what_was_not_measured_is_unknown_and_no_event() -> None:
    assert np.isnan(events_of(Video("a"), 5)).all()
    events = events_of(Video("a", text_by_second=(1, 0, 0)), 5)
    assert events[:3, EVENTS.index("text")].tolist() == [1, 0, 0]
    assert np.isnan(events[3:]).all()


def test_past_the_end_of_the_video_nothing_is_known() -> None:
    events = events_of(Video("a", duration_s=3.2, cuts=(1.0,)), 8)
    assert np.isfinite(events[:4, EVENTS.index("cut")]).all()
    assert np.isnan(events[4:]).all()


def test_a_pause_is_compared_with_speech_and_speech_with_what_is_before_and_after() -> None:
    speech, loudness = (0, 1, 1, 0, 0, 1, 1, 0), (-60, -20, -20, -60, -60, -20, -20, -60)
    events = compared(events_of(Video("a", speech_by_second=speech, loudness_by_second=loudness), 8))
    columns = {name: events[:, EVENTS.index(name)].tolist() for name in ("speech", "pause", "louder", "quieter")}
    assert columns == {
        "speech": [0, 1, 1, 1, 1, 1, 1, 0],
        "pause": [0, 0, 0, 1, 1, 0, 0, 0],
        # That it is quieter in a pause, and louder after it, is the pause.
        "louder": [0, 1, 1, 0, 0, 0, 0, 0],
        "quieter": [0, 0, 0, 0, 0, 0, 0, 1],
    }


def test_an_intro_lasts_until_the_hook() -> None:
    assert intro_of(Video("a", intro=True, hook_s=3.2)) == 3.2
    assert intro_of(Video("a", intro=False, hook_s=3.2)) == 0
    assert intro_of(Video("a")) == 0
