"""The tool's numbers held against what came: a good predictor is found good, a poor one is said to be no better than a plain one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from tests.analyses import analysis_of, settings
from tests.stats.worlds import World, accounts_of
from tiktok_coach.analysis.backtest import (
    FEWEST,
    GROWTH,
    Accuracy,
    Predictor,
    backtest_of_account,
    measure_accuracy,
    rolling_origins,
)
from tiktok_coach.analysis.compare import compare_periods
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export

RNG = np.random.default_rng(1)
CAME = RNG.lognormal(7, 1, 120)
ONE = np.zeros(120, dtype=np.int64)


def by_name(found: list[Accuracy], *, within: bool = False) -> dict[str, Accuracy]:
    return {one.name: one for one in found if one.within == within}


def test_a_predictor_that_knows_is_better_than_a_plain_one_and_chance_is_not() -> None:
    rng = np.random.default_rng(2)
    knows, plain, chance = (
        np.log(CAME) + rng.normal(0, 0.4, 120),
        np.log(CAME) + rng.normal(0, 2.5, 120),
        rng.normal(size=120),
    )
    predictors = [Predictor("knows", knows), Predictor("chance", chance), Predictor("plain", plain, baseline=True)]
    found = by_name(measure_accuracy("views", CAME, predictors, ONE, rng))
    assert found["knows"].spearman == pytest.approx(spearmanr(knows, CAME)[0])
    assert found["knows"].better is True
    assert found["knows"].top > 0.6
    assert found["chance"].better is False
    assert found["chance"].low < 0 < found["chance"].high
    assert found["plain"].better is None


def test_intervals_are_counted() -> None:
    value = np.median(CAME) * np.ones(120)
    low, high = np.quantile(CAME, [0.05, 0.95])
    found = measure_accuracy("views", CAME, [Predictor("wide", value, np.full(120, low), np.full(120, high))], ONE, RNG)
    assert found[0].coverage == pytest.approx(0.9, abs=0.02)
    assert found[0].spearman == 0.0, "what says the same of every post ranks none"
    assert found[0].top == pytest.approx(0.25), "and finds the best as chance does"


def test_within_accounts_their_levels_tell_nothing() -> None:
    rng = np.random.default_rng(3)
    account = np.repeat(np.arange(6), 20)
    level = np.repeat(rng.normal(0, 3, 6), 20)
    came = np.exp(level + rng.normal(0, 1, 120))
    found = measure_accuracy("views", came, [Predictor("level", level + rng.normal(0, 1e-6, 120))], account, rng)
    assert by_name(found)["level"].spearman > 0.7
    assert abs(by_name(found, within=True)["level"].spearman) < 0.2


def test_too_few_tests_are_judged_not_at_all() -> None:
    value = np.where(np.arange(120) < FEWEST - 1, CAME, np.nan)
    assert measure_accuracy("views", CAME, [Predictor("few", value)], ONE, RNG) == []


def test_nothing_of_the_future_is_learnt_from() -> None:
    posted = np.random.default_rng(4).uniform(0, 300, 200)
    rounds = list(rolling_origins(posted))
    assert len(rounds) == 5
    for before, after in rounds:
        assert posted[before].max() < posted[after].min()
    foretold = np.concatenate([after for _, after in rounds])
    assert len(foretold) == len(set(foretold.tolist())), "each post is foretold once"
    assert list(rolling_origins(np.full(200, np.nan))) == []


def export_of(posts: pd.DataFrame, snapshots: pd.DataFrame | None = None) -> Export:
    names = sorted(posts["account"].unique())
    return Export(
        posts,
        pd.DataFrame() if snapshots is None else snapshots,
        tuple(Account(handle=n, timezone="UTC") for n in names),
    )


def test_facts_that_move_views_make_what_is_expected_better_than_the_median() -> None:
    rng = np.random.default_rng(5)
    posts = accounts_of(rng, [World(posts=160, spread=0.3)])
    # Short videos do far better here: what is known beforehand foretells them.
    posts["views"] = (posts["views"] * np.exp(2.0 * (np.log(15) - np.log(posts["duration_s"])))).round().astype("Int64")
    found = backtest_of_account(analysis_of(export_of(posts)))
    views = by_name([one for one in found.accuracies if one.outcome == "views"])
    assert found.facts_foretell_views
    assert views["recent level"].baseline
    assert views["expected views"].better is True
    assert views["expected views"].spearman > 0.6
    assert 0.75 <= views["expected views"].coverage <= 1.0


def test_tips_that_are_random_are_no_predictor_though_views_follow_what_was_watched() -> None:
    rng = np.random.default_rng(11)
    posts = accounts_of(rng, [World(posts=200, growth=0.0)])
    watched = rng.uniform(0.05, 0.95, 200)
    posts["average_watch_time_s"] = posts["duration_s"] * watched
    posts["completion_rate"] = watched
    posts["views"] = np.exp(7 + 3 * watched + rng.normal(0, 0.2, 200)).round().astype("int64")
    views = [a for a in backtest_of_account(analysis_of(export_of(posts))).accuracies if a.outcome == "views"]
    found = by_name(views)
    assert abs(found["tips followed"].spearman) < 0.25
    assert found["tips followed"].better is False
    assert {name for name, one in found.items() if one.uses_final_counts} == {"score", "raw engagement rate"}


def test_hours_that_come_from_the_posts_own_views_are_no_tip_that_was_followed() -> None:
    export = export_of(accounts_of(np.random.default_rng(12), [World(posts=160)]))
    hours = resolve_settings(replace(settings().options, select=("T601",)))
    assert [rule.code for rule in hours.rules] == ["T601"]
    found = backtest_of_account(Analysis(export, hours)).accuracies
    assert found
    assert "tips followed" not in {one.name for one in found}


def test_scores_are_of_the_values_that_the_config_gives() -> None:
    export = export_of(accounts_of(np.random.default_rng(13), [World(posts=120)]))
    own = replace(settings(), config=settings().config.model_copy(update={"signal_values": {"completion": 4000.0}}))
    scores = [
        by_name(list(backtest_of_account(Analysis(export, one)).accuracies))["score"].spearman
        for one in (settings(), own)
    ]
    assert scores[0] != scores[1]
    before = [compare_periods(Analysis(export, one), dt.date(2026, 6, 1)).scores for one in (settings(), own)]
    assert not np.array_equal(before[0], before[1], equal_nan=True)


def test_where_facts_do_nothing_expected_views_are_not_said_to_be_better() -> None:
    better = [
        by_name(list(backtest_of_account(analysis_of(export_of(accounts_of(rng, [World(posts=120)])))).accuracies))
        for rng in map(np.random.default_rng, range(6))
    ]
    assert sum(bool(views["expected views"].better) for views in better) <= 1


def test_with_two_counts_further_growth_is_foretold_too() -> None:
    rng = np.random.default_rng(6)
    count = 40
    now = pd.Timestamp("2026-10-01", tz="UTC")
    age = rng.uniform(2, 60, count)
    posts = pd.DataFrame(
        {
            "post_id": [f"p{n}" for n in range(count)],
            "account": "a",
            "posted_at": now - pd.to_timedelta(age, unit="D"),
            "metrics_at": now + pd.Timedelta(days=12),
        }
    )
    first = rng.lognormal(8, 1, count).round()
    posts["views"] = (first * np.exp(0.5 * np.log((age + 12) / age))).round()
    for name in ("likes", "comments", "shares", "saves"):
        posts[name] = (first * 0.02).round()
    before = posts.assign(views=first, metrics_at=now)
    snapshots = conform(pd.concat([before, posts], ignore_index=True).drop(columns="posted_at"))
    found = backtest_of_account(analysis_of(export_of(conform(posts), snapshots)))
    growth = by_name([one for one in found.accuracies if one.outcome == GROWTH])
    assert growth["outlook"].spearman > 0.7
    assert growth["age only"].baseline


@pytest.mark.parametrize("count", [0, 1, 3, 15])
def test_few_posts_are_borne(count: int) -> None:
    posts = accounts_of(np.random.default_rng(7), [World(posts=20)]).head(count)
    export = Export(posts, pd.DataFrame(), (Account(handle="a0000", timezone="UTC"),))
    assert backtest_of_account(analysis_of(export)).accuracies == ()
