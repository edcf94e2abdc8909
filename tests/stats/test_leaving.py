"""The model finds planted causes of leaving, takes chance and time for none, and foretells curves within its bands.

How often it does is measured by `benchmarks/retention.py`; here one account each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.stats.viewers import draw_account, draw_watching, without_tracks
from tiktok_coach.stats.account_effects import HELPS, HURTS, NOT_ENOUGH
from tiktok_coach.stats.hazard import Watching, watching_of
from tiktok_coach.stats.leaving import EventEffect, LeavingModel, fit_leaving
from tiktok_coach.stats.leaving_worth import worth_of
from tiktok_coach.stats.moments import EVENTS

PAUSE, TEXT, CUT = (EVENTS.index(event) for event in ("pause", "text", "cut"))


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def fitted(posts: list[Watching]) -> LeavingModel:
    model = fit_leaving(posts)
    assert model is not None
    return model


def effect_of(model: LeavingModel, event: str) -> EventEffect:
    return model.effects[EVENTS.index(event)]


@pytest.fixture(scope="module")
def planted() -> tuple[list[Watching], LeavingModel]:
    posts = draw_account(rng(), {"pause": 2.0, "text": 0.5}, 40)
    return posts, fitted(posts)


def test_planted_causes_are_named_with_intervals_that_hold_them(planted: tuple[list[Watching], LeavingModel]) -> None:
    pause, text = (effect_of(planted[1], event) for event in ("pause", "text"))
    assert (pause.verdict, text.verdict) == (HURTS, HELPS)
    assert pause.low <= 2.0 <= pause.high
    assert text.low <= 0.5 <= text.high
    assert pause.posts >= 8
    assert pause.seconds >= 20


def test_where_nothing_is_planted_nothing_is_named() -> None:
    model = fitted(draw_account(rng(3), {}, 40))
    assert not {HELPS, HURTS} & {one.verdict for one in model.effects}


def test_pauses_that_come_late_are_not_blamed_for_the_time() -> None:
    posts = draw_account(rng(4), {}, 40, pauses_late=True)
    assert effect_of(fitted(posts), "pause").verdict not in {HELPS, HURTS}


def test_few_posts_or_seconds_tell_nothing() -> None:
    posts = draw_account(rng(), {"pause": 2.0}, 7)
    assert fit_leaving(posts) is None
    assert fit_leaving([]) is None
    one_video = [posts[0], *map(without_tracks, draw_account(rng(2), {}, 20))]
    verdicts = {one.verdict for one in fitted(one_video).effects}
    assert verdicts == {NOT_ENOUGH}


def test_posts_without_a_video_bear_on_the_course_alone(planted: tuple[list[Watching], LeavingModel]) -> None:
    posts, model = planted
    more = fitted([*posts, *map(without_tracks, draw_account(rng(9), {}, 20))])
    assert effect_of(more, "pause").posts == effect_of(model, "pause").posts
    assert effect_of(more, "pause").effect == pytest.approx(effect_of(model, "pause").effect, rel=0.1)


def with_column(posts: list[Watching], place: int, value: Callable[[Watching], np.ndarray]) -> list[Watching]:
    """The posts with other values of one event."""
    changed = []
    for one in posts:
        events = one.events.copy()
        events[:, place] = value(one)
        changed.append(one.with_events(events))
    return changed


def test_an_event_that_always_comes_at_the_same_time_cannot_be_told_from_it(
    planted: tuple[list[Watching], LeavingModel],
) -> None:
    first_second = with_column(planted[0], CUT, lambda one: (np.arange(len(one.left)) == 1).astype(float))
    cut = effect_of(fitted(first_second), "cut")
    assert (cut.alike, cut.verdict) == ("time", NOT_ENOUGH)
    assert np.isnan(cut.effect)


def test_of_two_events_in_the_same_seconds_the_first_is_asked_about(
    planted: tuple[list[Watching], LeavingModel],
) -> None:
    same = with_column(planted[0], EVENTS.index("motion"), lambda one: one.events[:, PAUSE])
    model = fitted(same)
    assert effect_of(model, "motion").alike == "pause"
    assert effect_of(model, "pause").verdict == HURTS


def test_neither_order_nor_a_post_that_nobody_left_changes_anything(
    planted: tuple[list[Watching], LeavingModel],
) -> None:
    posts, model = planted
    nobody_left = replace(posts[0], shares=np.ones_like(posts[0].shares))
    again = fitted([nobody_left, *posts[::-1]])
    assert [one.effect for one in again.effects] == pytest.approx([one.effect for one in model.effects], nan_ok=True)


def test_what_stands_in_the_last_second_is_not_judged(planted: tuple[list[Watching], LeavingModel]) -> None:
    posts, model = planted
    black = EVENTS.index("black")
    ends_black = with_column(posts, black, lambda one: np.arange(len(one.left)) == len(one.left) - 1)
    assert effect_of(fitted(ends_black), "black").posts == 0
    assert effect_of(fitted(ends_black), "pause").effect == pytest.approx(effect_of(model, "pause").effect, rel=1e-6)


def test_curves_that_rise_are_taken_as_they_are(planted: tuple[list[Watching], LeavingModel]) -> None:
    posts, model = planted
    watched_again = []
    for number, one in enumerate(posts):
        shares = one.shares.copy()
        shares[3 + number % 3] += 0.04
        watched_again.append(replace(one, shares=shares))
    assert effect_of(fitted(watched_again), "pause").effect == pytest.approx(effect_of(model, "pause").effect, rel=0.25)


def with_intros(posts: list[Watching]) -> list[Watching]:
    """The posts with an intro that loses viewers in every other one; half of these are black, as is second 6 of all."""
    changed = []
    for number, one in enumerate(posts):
        second, intro_s = np.arange(len(one.left)), 4.0 * (number % 2)
        lost = np.exp(-np.concatenate([[0.0], np.cumsum(0.3 * (second < intro_s))]))
        events = one.events.copy()
        events[:, EVENTS.index("black")] = (second == 6) | ((second < intro_s) & (number % 4 == 1))
        changed.append(replace(one, shares=one.shares * lost, events=events, intro_s=intro_s))
    return changed


def test_an_intro_that_loses_viewers_is_no_fault_of_what_is_in_it() -> None:
    accounts = [with_intros(draw_account(rng(seed), {}, 40)) for seed in range(4)]
    without_level = [[replace(one, intro_s=0.0) for one in posts] for posts in accounts]
    known, unknown = (
        float(np.mean([np.log(effect_of(fitted(posts), "black").effect) for posts in each]))
        for each in (accounts, without_level)
    )
    assert abs(known) < 0.1
    assert unknown > 0.3


def test_a_prior_moves_what_is_expected_and_not_what_is_measured(planted: tuple[list[Watching], LeavingModel]) -> None:
    posts, model = planted
    prior = np.zeros(len(EVENTS))
    prior[CUT] = np.log(0.7)
    other = fit_leaving(posts, prior)
    assert other is not None
    assert effect_of(other, "cut") == effect_of(model, "cut")
    assert other.shrunk[CUT] < model.shrunk[CUT]


def test_a_foretold_curve_falls_and_lies_within_its_band(planted: tuple[list[Watching], LeavingModel]) -> None:
    _posts, model = planted
    # Longer than any post that it was learned from.
    for seconds in (5, 30, 200):
        curve = model.foretell(np.zeros((seconds, len(EVENTS))), float(seconds))
        assert len(curve.shares) == seconds + 1
        assert curve.shares[0] == 1
        for shares in (curve.shares, curve.low, curve.high):
            assert (np.diff(shares) <= 0).all()
            assert ((shares >= 0) & (shares <= 1)).all()
        assert (curve.low <= curve.shares).all()
        assert (curve.shares <= curve.high).all()
        completion, watch_time = curve.completion, curve.watch_time_s
        assert completion[1] <= completion[0] <= completion[2]
        assert 0 < watch_time[1] <= watch_time[0] <= watch_time[2] <= seconds


def test_pauses_are_foretold_to_cost_viewers_and_text_to_keep_them(
    planted: tuple[list[Watching], LeavingModel],
) -> None:
    def ends(event: int | None) -> float:
        events = np.zeros((20, len(EVENTS)))
        if event is not None:
            events[5:12, event] = 1
        return planted[1].foretell(events, 20.0).completion[0]

    assert ends(PAUSE) < ends(None) < ends(TEXT)


def test_worth_is_of_what_the_best_quarter_of_the_videos_does(planted: tuple[list[Watching], LeavingModel]) -> None:
    posts, model = planted
    pauses, text, cuts = (worth_of(model, effect_of(model, event)) for event in ("pause", "text", "cut"))
    assert cuts is None
    assert pauses is not None
    assert text is not None
    assert pauses.share_then < pauses.share_now
    assert text.share_then > text.share_now
    for one in (pauses, text):
        gain, low, high = one.watch_time_gain
        assert 0 < low <= gain <= high
        assert 0 < one.completion_gain[0] < 1 - one.completion_now
    assert pauses.watch_time_now_s < max(one.length_s for one in posts)


def test_a_video_that_is_better_than_the_quarter_already_stays_as_it_is(
    planted: tuple[list[Watching], LeavingModel],
) -> None:
    model = planted[1]
    pauses = worth_of(model, effect_of(model, "pause"))
    assert pauses is not None
    # Of videos without a pause nothing is to be gained, nor lost.
    bare = [one.with_events(np.where(np.arange(len(EVENTS)) == PAUSE, 0.0, one.events)) for one in model.watched]
    half = replace(model, watched=(*model.watched, *bare))
    both = worth_of(half, effect_of(model, "pause"))
    assert both is not None
    assert both.share_then == 0
    none = worth_of(replace(model, watched=tuple(bare)), effect_of(model, "pause"))
    assert none is not None
    assert none.watch_time_gain == (0, 0, 0)


def test_beside_videos_with_the_advice_stand_those_without_any_of_what_helps_or_as_now(
    planted: tuple[list[Watching], LeavingModel],
) -> None:
    model = planted[1]
    pauses, text = (worth_of(model, effect_of(model, event)) for event in ("pause", "text"))
    assert pauses is not None
    assert text is not None
    assert (pauses.completion_without, pauses.watch_time_without_s) == (pauses.completion_now, pauses.watch_time_now_s)
    assert text.completion_without < text.completion_now
    assert text.watch_time_without_s < text.watch_time_now_s
    for one in (pauses, text):
        assert one.completion_factor > one.watch_time_factor > 1


@pytest.mark.parametrize("spread", [0.0, 0.3, 1.0, 2.5])
def test_where_all_videos_are_as_long_a_shorter_one_goes_on_as_their_beginning(spread: float) -> None:
    rng = np.random.default_rng(2)
    lengths = np.round(rng.uniform(15 - spread, 15 + spread, 20), 2)
    posts = [draw_watching(rng, {}, float(length)) for length in lengths]
    model = fit_leaving(posts)
    assert model is not None
    for length in (6, 10, 13):
        usual = float(np.median([one.shares[length] for one in posts]))
        share, low, high = model.foretell(np.zeros((length, len(EVENTS))), float(length)).completion
        assert low < usual < high
        assert share == pytest.approx(usual, abs=0.1)


def test_a_curve_that_ends_before_its_video_tells_nothing_of_the_end(
    planted: tuple[list[Watching], LeavingModel],
) -> None:
    model = planted[1]
    short = watching_of(np.arange(6.0), np.linspace(1, 0.5, 6), 9.0)
    assert short is not None
    assert not short.reaches_end
    assert all(one.reaches_end for one in model.watched)
    pauses = effect_of(model, "pause")
    cut_short = replace(model, watched=tuple(replace(one, length_s=one.length_s + 9) for one in model.watched))
    assert worth_of(cut_short, pauses) is None
    beside = (*model.watched, short.with_events(np.zeros((5, len(EVENTS)))))
    assert worth_of(replace(model, watched=beside), pauses) == worth_of(model, pauses)


@pytest.mark.parametrize(
    ("seconds", "shares", "length", "expected"),
    [
        ([0, 1, 2, 3], [1, 0.8, 0.7, 0.6], 3.0, [1, 0.8, 0.7, 0.6]),
        # A point between whole seconds, and a first share that is not 1.
        ([0, 0.5, 1.5, 2.5, 3.5], [0.5, 0.4, 0.3, 0.2, 0.1], 10.0, [1, 0.7, 0.5, 0.3]),
        # What comes after the end of the video is none of it.
        ([0, 1, 2, 3, 4], [1, 0.8, 0.7, 0.6, 0.6], 2.4, [1, 0.8, 0.7, 0.6]),
    ],
)
def test_curves_are_taken_at_whole_seconds(
    seconds: list[float], shares: list[float], length: float, expected: list[float]
) -> None:
    one = watching_of(np.array(seconds, dtype=float), np.array(shares, dtype=float), length)
    assert one is not None
    assert one.shares.tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("seconds", "shares"),
    [([0, 1], [1, 0.5]), ([1, 2, 3], [0.9, 0.8, 0.7]), ([0, 1, 9, 10], [1, 0.8, 0.2, 0.1]), ([0, 1, 2], [0, 0, 0])],
)
def test_curves_with_gaps_or_without_a_beginning_are_not_used(seconds: list[float], shares: list[float]) -> None:
    assert watching_of(np.array(seconds, dtype=float), np.array(shares, dtype=float), 10.0) is None
