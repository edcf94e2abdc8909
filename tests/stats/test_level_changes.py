"""A level that moved is told from one post that failed, from posts that lie apart, and from nothing at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiktok_coach.stats.level_changes import WINDOW, LevelSeries, find_level_changes, step_on

SPREAD = 0.7


def series(log_views: np.ndarray, days_apart: float = 2.0) -> LevelSeries:
    """Posts at an even distance, so old that all have stopped growing."""
    count = len(log_views)
    posted = np.arange(count) * days_apart
    return LevelSeries(np.arange(count), log_views, posted, np.zeros(count), 0.15, SPREAD)


def posts(seed: int, count: int = 60) -> np.ndarray:
    return 7.5 + np.random.default_rng(seed).normal(0, SPREAD, count)


@pytest.mark.parametrize("seed", range(6))
def test_posts_that_only_lie_apart_are_no_change(seed: int) -> None:
    assert find_level_changes(series(posts(seed))) == []


@pytest.mark.parametrize("seed", range(4))
def test_one_post_that_fails_is_no_change_of_the_level(seed: int) -> None:
    log_views = posts(seed)
    log_views[-2] -= np.log(100)
    assert find_level_changes(series(log_views)) == []


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_drop_is_named_with_its_beginning_and_its_size(seed: int) -> None:
    log_views = posts(seed)
    log_views[40:] -= np.log(5)
    [change] = find_level_changes(series(log_views))
    assert change.first_row <= 40 <= change.last_row
    assert change.low < 1 / 5 < change.high < 1
    assert abs(change.posts - 20) <= 3
    assert change.chance > 0.9


def test_a_rise_and_a_drop_are_two_changes_in_order() -> None:
    log_views = posts(1, 90)
    log_views[30:60] += np.log(8)
    rise, drop = find_level_changes(series(log_views))
    assert rise.effect > 1 > drop.effect
    assert rise.row < drop.row


def test_only_the_newest_posts_are_looked_at() -> None:
    log_views = posts(3, 200)
    log_views[:80] += np.log(10)
    one = series(log_views)
    newest = LevelSeries(*(part[-WINDOW:] for part in (one.rows, one.values, one.posted, one.away)), 0.15, SPREAD)
    assert find_level_changes(newest) == []


def test_a_few_posts_tell_nothing() -> None:
    log_views = posts(0, 12)
    log_views[8:] -= 5
    assert find_level_changes(series(log_views)) == []
    assert step_on(series(log_views), 16.0) is None


def test_views_that_grow_with_age_are_no_drop() -> None:
    """The newest posts are a day or two old: that they have fewer views yet is not taken for a fall."""
    log_views, age = posts(5, 60), np.arange(60)[::-1] * 1.0 + 1
    away = np.log1p(age) - np.log1p(age).mean()
    one = series(log_views + 0.2 * away)
    assert find_level_changes(LevelSeries(one.rows, one.values, one.posted, away, 0.15, SPREAD)) == []


def test_another_account_is_asked_about_one_day() -> None:
    log_views = posts(2)
    log_views[40:] -= np.log(5)
    mean, sd = step_on(series(log_views), 80.0) or (0.0, 0.0)
    assert mean + 1.64 * sd < 0
    assert mean - 2 * sd < -np.log(5) < mean + 2 * sd
    calm, sd = step_on(series(posts(4)), 80.0) or (9.0, 0.0)
    assert abs(calm) < 2 * sd


@settings(max_examples=15)
@given(st.integers(0, 999), st.floats(-5, 5))
def test_an_account_of_ten_times_the_views_moves_alike(seed: int, more: float) -> None:
    log_views = posts(seed, 30)
    log_views[18:] -= 2
    here, there = find_level_changes(series(log_views)), find_level_changes(series(log_views + more))
    assert [one.row for one in here] == [one.row for one in there]
    assert [one.effect for one in here] == pytest.approx([one.effect for one in there])
