"""A video without some of its seconds, and what that does to the curve that is expected of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.stats.viewers import draw_account, draw_video
from tiktok_coach.core.errors import CoachError
from tiktok_coach.media.facts import Video
from tiktok_coach.stats.expected_curve import cut_out, expect, is_within, spans_of
from tiktok_coach.stats.leaving import LeavingModel, fit_leaving
from tiktok_coach.stats.moments import EVENTS, events_of
from tiktok_coach.stats.what_if_cut import without_seconds

TRACK = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
VIDEO = Video("clip.mp4", duration_s=7.5, cuts=(1.5, 3.5, 6.0), speech_by_second=TRACK, hook_s=2.0, intro=True)


@cache
def model() -> LeavingModel:
    fitted = fit_leaving(draw_account(np.random.default_rng(3), {"pause": 2.5}, 40))
    assert fitted is not None
    return fitted


def talk(pauses: tuple[int, ...], length: int = 20) -> Video:
    """A video in which somebody speaks in all but some seconds, without anything else."""
    speech = tuple(0.0 if second in pauses else 0.9 for second in range(length))
    flat = dict.fromkeys(("still_by_second", "text_by_second"), (0.0,) * length)
    return Video("talk.mp4", duration_s=float(length), cuts=(), speech_by_second=speech, **flat)  # type: ignore[arg-type]


def test_seconds_go_and_a_cut_stands_at_the_join() -> None:
    shorter = without_seconds(VIDEO, 3, 5)
    assert shorter.duration_s == 5.5
    assert shorter.speech_by_second == (0.0, 0.1, 0.2, 0.5, 0.6, 0.7)
    assert shorter.cuts == (1.5, 3.0, 4.0)
    assert (shorter.hook_s, shorter.loudness_by_second) == (2.0, None)
    assert events_of(shorter, 6)[3, EVENTS.index("cut")] == 1


@pytest.mark.parametrize(
    ("start", "end", "length", "cuts", "hook"),
    [(0, 2, 5.5, (1.5, 4.0), 0.0), (0, 1, 6.5, (0.5, 2.5, 5.0), 1.0), (6, 8, 6.0, (1.5, 3.5), 2.0)],
)
def test_nothing_is_joined_at_the_ends(
    start: int, end: int, length: float, cuts: tuple[float, ...], hook: float
) -> None:
    shorter = without_seconds(VIDEO, start, end)
    assert (shorter.duration_s, shorter.cuts, shorter.hook_s) == (length, cuts, hook)


def test_what_is_not_measured_stays_so() -> None:
    shorter = without_seconds(Video("clip.mp4", duration_s=7.5), 3, 5)
    assert (shorter.cuts, shorter.speech_by_second, shorter.hook_s) == (None, None, None)


@pytest.mark.parametrize(
    ("start", "end", "problem"),
    [
        (5, 3, "5-3 ends before it starts"),
        (3, 3, "3-3 ends before it starts"),
        (-1, 3, "-1-3 is not in the video, which has 8 seconds"),
        (6, 9, "6-9 is not in the video, which has 8 seconds"),
        (0, 8, "0-8 is all of the video"),
    ],
)
def test_other_seconds_than_those_of_the_video_are_refused(start: int, end: int, problem: str) -> None:
    with pytest.raises(CoachError, match=problem):
        without_seconds(VIDEO, start, end)


def test_a_length_that_is_not_known_is_refused() -> None:
    with pytest.raises(CoachError, match="length of the video is not known"):
        without_seconds(replace(VIDEO, duration_s=None), 3, 5)


def test_a_pause_is_a_risk_and_cutting_it_out_keeps_viewers() -> None:
    video = talk((8, 9, 10))
    [risk] = expect(model(), video).risks
    assert (risk.event, risk.spans) == ("pause", ((8, 11),))
    cut = cut_out(model(), video, 8, 11)
    gain, low, high = cut.completion_gain
    assert 0 < low < gain < high
    assert gain == pytest.approx(cut.after.completion[0] - cut.before.completion[0])
    assert (cut.before.length_s, cut.after.length_s) == (20, 17)


def test_a_cut_gains_more_where_viewers_leave() -> None:
    video = talk((8, 9, 10))
    pause, speech = (cut_out(model(), video, start, start + 3) for start in (8, 13))
    assert pause.completion_gain[0] > speech.completion_gain[0]


def test_the_usual_curve_is_between_one_with_pauses_and_one_without() -> None:
    many, none = (expect(model(), talk(pauses)) for pauses in (tuple(range(4, 19)), ()))
    assert many.curve.completion[0] < many.usual.completion[0] < none.curve.completion[0]
    assert many.usual.completion == none.usual.completion
    assert none.risks == ()


def test_longer_videos_than_any_and_those_without_measures_are_not_foretold() -> None:
    assert is_within(model(), talk(()))
    assert not is_within(model(), talk((), length=90))
    assert not is_within(model(), Video("clip.mp4", duration_s=12.0))
    assert not is_within(model(), Video("clip.mp4"))
    assert is_within(model(), draw_video(np.random.default_rng(1), 12.5))


def test_spans_end_with_the_second_after_the_last() -> None:
    assert list(spans_of(np.array([True, False, True, True]))) == [(0, 1), (2, 4)]
    assert list(spans_of(np.array([False]))) == []
