"""What each tip did for an account: planted effects are found, chance is not mistaken for one, and few posts are said to be few."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stats.worlds import RULE_OF, World, accounts_of, evidence_of, posts_of
from tiktok_coach.stats.account_effects import HELPS, HURTS, NOT_ENOUGH, UNCLEAR
from tiktok_coach.stats.effects import estimate_effects, posterior
from tiktok_coach.stats.outcomes import COMPLETION, outcome_of

pytestmark = pytest.mark.xdist_group("effects")
PLANTED = {"hook": np.log(1.5)}


def rules(table: pd.DataFrame) -> pd.DataFrame:
    return table[~table["code"].str.fullmatch(r"T\d")]


@pytest.fixture(scope="module")
def null() -> pd.DataFrame:
    return rules(evidence_of(accounts_of(np.random.default_rng(11), [World()] * 80)))


@pytest.fixture(scope="module")
def planted() -> pd.DataFrame:
    return rules(evidence_of(accounts_of(np.random.default_rng(12), [World(effects=PLANTED, spread=0.4)] * 80)))


@pytest.mark.slow
def test_without_any_effect_hardly_a_verdict_is_given(null: pd.DataFrame) -> None:
    tested = null[null["p"].notna()]
    assert len(tested) > 400
    assert tested["verdict"].isin([HELPS, HURTS]).mean() <= 0.05


@pytest.mark.slow
def test_a_planted_effect_is_found_and_its_interval_holds_it(planted: pd.DataFrame) -> None:
    hooks = planted[planted["code"] == "T301"]
    assert (hooks["verdict"] == HELPS).mean() >= 0.8
    assert 0.82 <= ((hooks["low"] <= 1.5) & (hooks["high"] >= 1.5)).mean() <= 0.98


@pytest.mark.slow
def test_intervals_hold_no_effect_where_there_is_none(null: pd.DataFrame) -> None:
    tested = null[null["p"].notna()]
    assert 0.87 <= ((tested["low"] <= 1) & (tested["high"] >= 1)).mean() <= 0.95


@pytest.mark.slow
def test_what_only_comes_on_better_days_is_not_credited() -> None:
    world = World(weekend=np.log(1.6), hooks_on_weekends=True)
    table = rules(evidence_of(accounts_of(np.random.default_rng(13), [world] * 80)))
    tested = table[(table["code"] == "T301") & table["p"].notna()]
    # Of 80 accounts chance alone brings 8 or fewer, 19 times in 20.
    assert tested["verdict"].isin([HELPS, HURTS]).sum() <= 8


def test_a_tip_that_goes_along_with_another_is_not_credited_with_it() -> None:
    posts = posts_of(np.random.default_rng(5), World(posts=200, effects={"hook": 0.6}, spread=0.4), "a")
    noise = np.random.default_rng(6).random(len(posts)) < 0.15
    # An intro nearly always goes with a late hook, and does nothing by itself.
    posts["intro"] = ((posts["hook_s"] > 3) ^ noise).astype("boolean")
    table = rules(evidence_of(posts)).set_index("code")
    assert table.loc["T301", "verdict"] == HELPS
    assert table.loc["T302", "verdict"] == UNCLEAR


@pytest.mark.parametrize("count", [1, 3, 11])
def test_few_posts_are_said_to_be_few(count: int) -> None:
    table = evidence_of(
        posts_of(np.random.default_rng(2), World(posts=count), "a"), outcomes=("views", "completion", "engagement")
    )
    assert set(table["verdict"]) == {NOT_ENOUGH}
    assert table["effect"].isna().all()
    assert (table["posts"] <= count).all()


def test_posts_all_alike_tell_nothing() -> None:
    posts = posts_of(np.random.default_rng(2), World(posts=40), "a")
    for name in ("hook_s", "opening_emotion", "caption", "width", "height", "good_light", "bpm", "duration_s"):
        posts[name] = posts[name].iloc[0]
    table = rules(evidence_of(posts))
    assert not table["verdict"].isin([HELPS, HURTS]).any()
    same = posts.assign(views=pd.Series([500] * len(posts), dtype="Int64"))
    assert set(evidence_of(same)["verdict"]) == {NOT_ENOUGH}


def test_one_viral_post_moves_no_effect_by_much() -> None:
    posts = posts_of(np.random.default_rng(3), World(posts=60, effects=PLANTED, spread=0.4), "a")
    viral = posts.copy()
    row = int((posts["hook_s"] > 3).to_numpy().nonzero()[0][7])
    viral.loc[row, "views"] = 40_000_000
    before, after = (rules(evidence_of(p)).set_index("code")["effect"] for p in (posts, viral))
    assert np.abs(np.log(after / before).dropna()).max() < 0.15
    assert after.dropna().between(0.2, 5).all()


def test_views_that_are_not_known_leave_no_effect_on_them() -> None:
    posts = posts_of(np.random.default_rng(3), World(), "a").drop(
        columns=["views", "likes", "comments", "shares", "completion_rate"]
    )
    assert set(evidence_of(posts)["verdict"]) == {NOT_ENOUGH}


def test_the_order_of_posts_does_not_matter() -> None:
    posts = posts_of(np.random.default_rng(4), World(effects=PLANTED), "a")
    shuffled = posts.sample(frac=1, random_state=1).reset_index(drop=True)
    one, other = (evidence_of(p)[["effect", "low", "high", "p"]] for p in (posts, shuffled))
    pd.testing.assert_frame_equal(one, other, rtol=1e-7)


def test_a_factor_on_all_views_moves_no_effect() -> None:
    posts = posts_of(np.random.default_rng(4), World(effects=PLANTED), "a")
    more = posts.assign(views=posts["views"] * 10)
    one, other = (evidence_of(p)["effect"] for p in (posts, more))
    np.testing.assert_allclose(one.dropna(), other.dropna(), rtol=0.01)


def test_accounts_are_pooled_and_each_keeps_its_own_verdict() -> None:
    worlds = [World(effects=PLANTED)] * 12 + [World(effects={"hook": -np.log(1.5)}, posts=150, spread=0.3)]
    posts = accounts_of(np.random.default_rng(9), worlds)
    table = rules(evidence_of(posts, alone=False))
    hooks = table[table["code"] == "T301"].set_index(table.loc[table["code"] == "T301", "account"].fillna("all"))
    assert hooks.loc["all", "effect"] > 1.15
    assert hooks.loc["a0012", "verdict"] == HURTS
    alone = rules(evidence_of(posts))
    wide = (hooks["high"] / hooks["low"]).drop("all")
    own = alone[alone["code"] == "T301"].set_index("account")
    assert (wide <= (own["high"] / own["low"]) * 1.05).mean() > 0.7, "what others tell narrows what one account tells"


@pytest.mark.slow
def test_many_accounts_are_the_same_on_one_core_and_on_two() -> None:
    posts = accounts_of(np.random.default_rng(7), [World(posts=20)] * 64)
    pd.testing.assert_frame_equal(evidence_of(posts, alone=False, cores=1), evidence_of(posts, alone=False, cores=2))


@pytest.mark.slow
def test_every_fact_that_an_effect_is_planted_on_has_its_rule(planted: pd.DataFrame) -> None:
    assert set(RULE_OF.values()) <= set(planted["code"])


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 80), st.floats(0.0, 1.0))
def test_any_answers_give_sensible_numbers(seed: int, count: int, known: float) -> None:
    rng = np.random.default_rng(seed)
    answers = np.where(rng.random((count, 3)) < known, (rng.random((count, 3)) < 0.5).astype(float), np.nan)
    value = rng.normal(0, 10.0 ** rng.integers(-3, 3), count)
    found = estimate_effects(
        value,
        np.ones(count),
        rng.normal(size=(count, 2)),
        ["age", "hour"],
        answers,
        ["a", "posted_at", "b"],
        np.zeros(3),
    )
    told = ~np.isnan(found.p)
    assert ((found.p[told] >= 0) & (found.p[told] <= 1)).all()
    assert (found.se[told] > 0).all()
    middle, low, high = posterior(found.log, found.se, found.freedom, np.zeros(3), np.full(3, 0.5))
    assert ((low[told] <= middle[told]) & (middle[told] <= high[told])).all()
    assert (np.abs(middle[told]) <= np.abs(found.log[told]) + 1e-9).all(), "drawn towards no effect"


def test_each_account_has_the_completion_that_its_own_posts_have() -> None:
    one, other = (posts_of(np.random.default_rng(n), World(posts=30), name) for n, name in enumerate("ab"))
    other["average_watch_time_s"] = other["duration_s"] * other["completion_rate"]
    other["completion_rate"] = np.nan
    posts = pd.concat([one, other.head(20)], ignore_index=True)
    outcome = outcome_of(COMPLETION, posts, np.repeat([0, 1], [30, 20]))
    assert np.isfinite(outcome.value).all()
    alone = outcome_of(COMPLETION, other.head(20), np.zeros(20, dtype=np.int64))
    assert outcome.value[30:] == pytest.approx(alone.value)
