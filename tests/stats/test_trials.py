"""Experiments: sized so that what is looked for is found, drawn fairly, and read so that looking often does not find what is not there."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.power import TTestPower

from tests.analyses import analysis_of
from tests.stats.worlds import RULES
from tiktok_coach.analysis.experiment import Trial, analyze_experiment
from tiktok_coach.analysis.treatments import rule_treatment
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export
from tiktok_coach.stats.trials import (
    FEWEST_PAIRS,
    FOLLOW,
    LARGEST,
    LEAVE,
    MOST_WEEKS,
    Slot,
    analyze_trial,
    calendar,
    martingale,
    match_posts,
    sample_size,
    smallest_effect,
    t_test_power,
    weeks_of,
)

ZONE = "Europe/Copenhagen"
T301 = next(rule for rule in RULES if rule.code == "T301")


def differences(rng: np.random.Generator, pairs: int, effect: float, spread: float) -> np.ndarray:
    return rng.normal(np.log(effect), np.sqrt(2) * spread, pairs)


@pytest.mark.slow
def test_an_experiment_of_its_size_finds_what_it_looks_for() -> None:
    rng = np.random.default_rng(1)
    size = sample_size(1.4, 0.5, power=0.8, alpha=0.05)
    found = []
    for _ in range(150):
        result = analyze_trial(differences(rng, size, 1.4, 0.5), 1.4, 0.5, rng)
        assert result is not None
        found.append(result.p <= 0.05)
    assert 0.7 <= np.mean(found) <= 0.9


@pytest.mark.parametrize("effect", [0.0, 0.05, 0.3, 1.5])
@pytest.mark.parametrize("pairs", [2, 5, 91, 5000])
@pytest.mark.parametrize("alpha", [0.01, 0.1])
def test_the_power_is_that_of_statsmodels(effect: float, pairs: int, alpha: float) -> None:
    np.testing.assert_equal(t_test_power(effect, pairs, alpha), TTestPower().power(effect, pairs, alpha))


def test_the_smallest_effect_is_the_first_tenth_that_is_found_often_enough() -> None:
    pairs, spread = MOST_WEEKS // 2 * 7, 0.5
    smallest = smallest_effect(spread, per_day=1, power=0.8, alpha=0.05)
    below = smallest - 0.1
    assert (
        sample_size(smallest, spread, power=0.8, alpha=0.05)
        <= pairs
        < sample_size(below, spread, power=0.8, alpha=0.05)
    )


def test_smaller_effects_and_wider_accounts_need_more_posts() -> None:
    assert sample_size(1.2, 0.5, power=0.8, alpha=0.05) > sample_size(1.5, 0.5, power=0.8, alpha=0.05)
    assert sample_size(1.5, 1.0, power=0.8, alpha=0.05) > sample_size(1.5, 0.5, power=0.8, alpha=0.05)
    assert sample_size(1 / 1.5, 0.5, power=0.8, alpha=0.05) == sample_size(1.5, 0.5, power=0.8, alpha=0.05)
    assert sample_size(1.001, 1.5, power=0.8, alpha=0.05) == LARGEST
    assert sample_size(20, 0.1, power=0.8, alpha=0.05) == FEWEST_PAIRS


@pytest.mark.parametrize("per_day", [1, 4])
def test_the_smallest_feasible_effect_is_found_within_half_a_year(per_day: int) -> None:
    sizes = {"power": 0.8, "alpha": 0.05}
    effect = smallest_effect(0.8, per_day=per_day, **sizes)
    assert weeks_of(sample_size(effect, 0.8, **sizes), per_day) <= MOST_WEEKS
    assert weeks_of(sample_size(effect - 0.1, 0.8, **sizes), per_day) > MOST_WEEKS


def test_looking_after_every_pair_finds_nothing_where_nothing_is() -> None:
    rng = np.random.default_rng(2)
    rate = (np.log(1.4) / (2 * 0.5**2)) ** 2
    crossed = [martingale(differences(rng, 200, 1.0, 0.5), rate).max() >= 20 for _ in range(800)]
    assert np.mean(crossed) <= 0.05


def test_heavy_tails_that_are_symmetric_do_not_fool_it() -> None:
    rng = np.random.default_rng(3)
    crossed = [martingale(rng.standard_cauchy(200), 0.5).max() >= 20 for _ in range(800)]
    assert np.mean(crossed) <= 0.05


def test_an_effect_is_decided_before_the_end() -> None:
    rng = np.random.default_rng(4)
    size = sample_size(1.5, 0.5, power=0.8, alpha=0.05)
    rate = (np.log(1.5) / (2 * 0.5**2)) ** 2
    decided = [martingale(differences(rng, 2 * size, 1.5, 0.5), rate).max() >= 20 for _ in range(300)]
    assert np.mean(decided) >= 0.8


def test_the_exact_test_goes_through_all_flips_of_few_coins() -> None:
    result = analyze_trial(np.array([0.5, 0.6, 0.7, 0.4, 0.9, 0.8]), 1.5, 0.5, np.random.default_rng(1))
    assert result is not None
    assert result.p == pytest.approx(2 / 2**6)
    assert result.low < result.effect < result.high
    assert result.anytime[0] <= result.effect <= result.anytime[1]
    assert analyze_trial(np.full(FEWEST_PAIRS - 1, 0.5), 1.5, 0.5, np.random.default_rng(1)) is None


@pytest.mark.slow
def test_intervals_hold_the_effect() -> None:
    rng = np.random.default_rng(5)
    held = []
    for _ in range(150):
        result = analyze_trial(differences(rng, 14, 1.3, 0.5), 1.3, 0.5, rng)
        assert result is not None
        held.append((result.low <= 1.3 <= result.high, result.anytime[0] <= 1.3 <= result.anytime[1]))
    exact, anytime = np.mean(held, axis=0)
    assert 0.84 <= exact <= 0.96
    assert anytime >= 0.94


def test_the_calendar_is_balanced_and_blocked_by_hour_of_the_week() -> None:
    slots = calendar(41, [18, 12], 2, dt.date(2026, 9, 1), ZONE, np.random.default_rng(1))
    assert len(slots) == 84
    by_pair: dict[int, list[Slot]] = {}
    for slot in slots:
        by_pair.setdefault(slot.pair, []).append(slot)
    for one, other in by_pair.values():
        assert {one.arm, other.arm} == {FOLLOW, LEAVE}
        assert (one.at.weekday(), one.at.hour) == (other.at.weekday(), other.at.hour)
        assert (other.at.date() - one.at.date()).days == 7
    assert Counter(slot.arm for slot in slots) == {FOLLOW: 42, LEAVE: 42}
    first = Counter(pair[0].arm for pair in by_pair.values())
    assert min(first.values()) > 8, "the coin falls both ways"
    assert set(Counter(pair[0].at.weekday() for pair in by_pair.values()).values()) == {6}, "every weekday comes alike"
    assert max(Counter(slot.at.date() for slot in slots).values()) == 2


def test_no_pair_falls_on_a_time_that_the_clocks_skip_or_repeat() -> None:
    slots = calendar(20, [2], 1, dt.date(2026, 3, 20), ZONE, np.random.default_rng(1))
    assert dt.date(2026, 3, 29) not in {slot.at.date() for slot in slots}
    assert len({slot.pair for slot in slots}) == 20


def test_posts_are_found_by_id_then_caption_then_time_and_none_twice() -> None:
    at = pd.to_datetime(["2026-11-01T18:00Z", "2026-11-02T18:00Z", "2026-11-03T18:00Z", "2026-11-09T18:00Z"], utc=True)
    planned = pd.DataFrame({"post_id": ["7", "b", "c", "d"], "caption": [None, "Rye", None, None], "posted_at": at})
    out = pd.DataFrame(
        {
            "post_id": ["1", "2", "7"],
            "caption": ["Wheat", "Rye", "Oats"],
            "posted_at": at[[2, 0, 1]] + pd.Timedelta(hours=1),
        }
    )
    assert match_posts(planned, out, 12).tolist() == [2, 1, 0, -1]
    assert match_posts(planned, out.head(0), 12).tolist() == [-1] * 4


def experiment(rng: np.random.Generator, pairs: int, effect: float, *, disobeyed: int = 0, missing: int = 0) -> Trial:
    """An experiment that was carried out, some posts otherwise than planned and some not at all, and read."""
    slots = calendar(pairs, [18], 1, dt.date(2026, 6, 1), ZONE, rng)
    drawn = conform(
        pd.DataFrame(
            {
                "post_id": [f"plan-{n}" for n in range(len(slots))],
                "status": "planned",
                "posted_at": pd.to_datetime([s.at for s in slots], utc=True).as_unit("us"),
                "trial_rule": "T301",
                "trial_arm": [s.arm for s in slots],
                "trial_pair": [s.pair for s in slots],
                "trial_effect": 1.5,
                "trial_spread": 0.4,
            }
        )
    )
    follows = np.array([s.arm == FOLLOW for s in slots])
    did = follows.copy()
    did[:disobeyed] = ~did[:disobeyed]
    views = np.exp(7 + np.log(effect) * did + rng.normal(0, 0.4, len(slots))).round()
    posts = conform(
        pd.DataFrame(
            {
                "post_id": [f"p{n}" for n in range(len(slots))],
                "account": "a",
                "posted_at": drawn["posted_at"] + pd.Timedelta(minutes=20),
                "posted_at_precision": "second",
                "metrics_at": pd.Timestamp("2026-11-01", tz="UTC"),
                "views": views,
                "hook_s": np.where(did, 1.0, 7.0),
            }
        )
        .iloc[missing:]
        .reset_index(drop=True)
    )
    export = Export(posts, pd.DataFrame(), (Account(handle="a", timezone=ZONE),))
    return analyze_experiment(drawn, analysis_of(export), rule_treatment(T301), rng)


def test_what_came_of_an_experiment_is_read() -> None:
    found = experiment(np.random.default_rng(7), 40, 1.8)
    assert found.result is not None
    assert found.result.pairs == 42
    assert found.result.low <= 1.8 <= found.result.high
    assert found.result.p_anytime < 0.05
    assert found.followed == 1.0
    assert found.excluded == 0


def test_what_was_not_followed_or_is_missing_is_said() -> None:
    found = experiment(np.random.default_rng(7), 20, 1.5, disobeyed=3, missing=2)
    assert found.excluded == 2
    assert found.pairs["why"].str.contains("was not found").sum() == 2
    assert found.followed is not None
    assert found.followed < 1
    did = pd.concat([found.pairs["follow_did"], found.pairs["leave_did"]]).dropna()
    assert (did == False).sum() == 1  # noqa: E712 - two of the three that did otherwise are missing
