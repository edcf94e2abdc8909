"""What posts say of advice that they followed: accounts whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from tests.stats.worlds import World, posts_of
from tiktok_coach.core.account import Account
from tiktok_coach.stats.account import Posts
from tiktok_coach.stats.account import posts_of as posts_with
from tiktok_coach.stats.follow_up import (
    CANNOT_TELL,
    FEWEST_A_SIDE,
    HELPED,
    HURT,
    NO_CLEAR_EFFECT,
    FollowingEffect,
    Verdict,
    effect_of_following,
    judge,
)
from tiktok_coach.stats.outcomes import VIEWS, outcome_of


def account(seed: int, world: World) -> tuple[Posts, np.ndarray]:
    """An account's posts, and which of them ask a question."""
    table = posts_of(np.random.default_rng(seed), world, "baker")
    posts = posts_with(table, (Account(handle="baker"),), {})
    return posts, np.asarray(posts.subjects.column_or_null("asks_question"), dtype="float64")


def effect(seed: int, world: World, since: int = 0) -> FollowingEffect:
    posts, follows = account(seed, world)
    rows = np.argsort(posts.at.posted)[since:]
    return effect_of_following(posts, outcome_of(VIEWS, posts.table, posts.account), rows, follows)


def judge_one(effect: FollowingEffect) -> Verdict:
    [verdict] = judge([effect])
    return verdict


@pytest.mark.parametrize(("planted", "word"), [(1.2, HELPED), (-1.2, HURT)])
def test_a_large_effect_is_seen_either_way(planted: float, word: str) -> None:
    verdict = judge_one(effect(1, World(60, {"question": planted}), since=20))
    assert verdict.word == word
    assert (verdict.missing_followed, verdict.missing_others) == (0, 0)


def test_nine_intervals_in_ten_hold_the_truth() -> None:
    verdicts = [judge_one(effect(seed, World(40, {"question": 0.3}))) for seed in range(150)]
    assert np.mean([one.low <= np.exp(0.3) <= one.high for one in verdicts]) == pytest.approx(0.9, abs=0.07)


def test_few_posts_on_a_side_tell_nothing_but_how_many_lack() -> None:
    verdict = judge_one(FollowingEffect(2.0, 0.1, 9, 2.0, followed=FEWEST_A_SIDE - 2, others=30))
    assert verdict.word == CANNOT_TELL
    assert np.isnan(verdict.effect)
    assert (verdict.missing_followed, verdict.missing_others) == (2, 0)


def test_a_wide_interval_asks_for_more_posts_and_a_narrow_one_sees_no_effect() -> None:
    wide = judge_one(FollowingEffect(0.1, 0.3, 16, 5.0, followed=10, others=10))
    assert wide.word == CANNOT_TELL
    assert wide.missing_followed == wide.missing_others > 0
    assert judge_one(FollowingEffect(0.01, 0.05, 396, 100.0, followed=200, others=200)).word == NO_CLEAR_EFFECT


def test_posts_that_all_follow_or_have_no_views_cannot_be_compared() -> None:
    posts, follows = account(3, World(20))
    outcome = outcome_of(VIEWS, posts.table, posts.account)
    rows = np.arange(20)
    all_follow = effect_of_following(posts, outcome, rows, np.ones(20))
    assert np.isnan(all_follow.log)
    # The first post has no earlier one, and so no recent level.
    assert (all_follow.followed, all_follow.others) == (19, 0)
    assert np.isnan(effect_of_following(posts, outcome, rows[:0], follows).log)
    assert judge_one(all_follow).missing_others == FEWEST_A_SIDE


def test_of_many_advice_one_that_chance_gives_is_no_verdict() -> None:
    lucky = FollowingEffect(0.35, 0.2, 36, 9.5, followed=20, others=20)
    nothing = FollowingEffect(0.02, 0.2, 36, 9.5, followed=20, others=20)
    assert judge_one(lucky).word == HELPED
    assert HELPED not in {one.word for one in judge([lucky, *[nothing] * 11])}
    clear = FollowingEffect(1.2, 0.2, 36, 9.5, followed=20, others=20)
    assert [one.word for one in judge([clear, *[nothing] * 11])].count(HELPED) == 1
    assert judge([]) == []
