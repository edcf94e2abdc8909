"""Expected views: from the recent level, by what public posts say of facts, updated by the account's own posts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import conform
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account import Posts, posts_of
from tiktok_coach.stats.outcomes import recent_level
from tiktok_coach.stats.views_model import (
    FEATURES,
    START,
    ViewsDesign,
    ViewsRecord,
    fit_views_model,
    load_views_record,
    views_design,
)

NOW = pd.Timestamp("2026-06-30", tz="UTC")


def account(count: int, seed: int = 1, spread: float = 0.4, **columns: object) -> pd.DataFrame:
    """Posts of one account, a day apart."""
    views = np.exp(7 + np.random.default_rng(seed).normal(0, spread, count)).round()
    posted = NOW - pd.to_timedelta(np.arange(count)[::-1] + 10, unit="D")
    table = pd.DataFrame({"post_id": [f"p{n}" for n in range(count)], "views": views, "posted_at": posted})
    return conform(table.assign(metrics_at=NOW, account="kim", **columns))


def posts_in(table: pd.DataFrame) -> Posts:
    names = sorted(table["account"].unique())
    return posts_of(table, tuple(Account(handle=name) for name in names), {})


def design(table: pd.DataFrame) -> ViewsDesign:
    """The design of posts of like age."""
    return views_design(posts_in(table), np.full(len(table), 7.0), np.ones(len(table), dtype=bool))


def no_facts(**slopes: float) -> ViewsRecord:
    """A record by which nothing moves views, but what is given."""
    shipped = load_views_record(rulebook())
    return shipped.model_copy(update={"slopes": dict.fromkeys(FEATURES, 0.0) | slopes})


def feature(of: ViewsDesign, name: str) -> np.ndarray:
    return of.features[:, FEATURES.index(name)]


def test_what_ships_speaks_of_every_feature() -> None:
    shipped = load_views_record(rulebook())
    assert tuple(shipped.slopes) == tuple(shipped.doubts) == FEATURES
    assert min(shipped.doubts.values()) > 0


def test_the_recent_level_is_the_covariate_of_effects() -> None:
    table = account(30)
    posted = np.arange(30.0)
    expected = recent_level(np.log1p(table["views"].to_numpy(dtype="float64")), posted)
    assert design(table).recent == pytest.approx(expected, nan_ok=True)


def test_accounts_know_nothing_of_each_other() -> None:
    one, other = account(20, seed=1), account(25, seed=2).assign(account="bo", caption="Rye bread #rye")
    alone, together = design(one), design(conform(pd.concat([other, one], ignore_index=True)))
    assert together.features[25:] == pytest.approx(alone.features)
    assert together.level[25:] == pytest.approx(alone.level, nan_ok=True)


def test_nothing_of_later_posts_moves_what_was_expected_of_earlier_ones() -> None:
    table = account(40, caption=["Rye bread #rye", "Cake"] * 20, duration_s=np.linspace(5, 60, 40))
    changed = table.assign(views=table["views"].where(np.arange(40) < 30, 10**6))
    before, after = design(table), design(conform(changed))
    record, rows = load_views_record(rulebook()), np.arange(25)
    expected = [np.array(fit_views_model(one, rows, record).predict(one, np.arange(31))) for one in (before, after)]
    assert np.array_equal(*expected, equal_nan=True)
    assert np.isnan(expected[0][0, :START]).all(), "and few posts make no level"


def test_public_posts_say_what_few_own_ones_cannot_and_many_own_ones_are_believed() -> None:
    table = account(14, spread=0.05, duration_s=[15.0] * 13 + [60.0])
    of = design(table)
    slope = fit_views_model(of, np.arange(13), no_facts(length=0.3)).slopes[0, FEATURES.index("length")]
    assert slope == pytest.approx(0.3), "no own post differs in length: public posts alone tell"
    lengths = np.random.default_rng(3).uniform(5, 60, 300)
    long = account(300, spread=0.3, duration_s=lengths)
    long["views"] = (long["views"] * (lengths / 15) ** -1.0).round().astype("Int64")
    own = fit_views_model(design(conform(long)), np.arange(300), no_facts(length=0.3)).slopes[0]
    assert own[FEATURES.index("length")] < -0.3


def test_a_hashtag_and_a_word_that_brought_views_before_let_expect_more() -> None:
    captions = ["Rye bread #rye" if n % 3 == 0 else "Cake #cake" for n in range(60)]
    table = account(60, spread=0.1, caption=captions)
    table["views"] = (table["views"] * np.where(np.arange(60) % 3 == 0, 4, 1)).astype("Int64")
    of, has_rye = design(conform(table)), np.arange(60) % 3 == 0
    for name in ("hashtags_mean", "words_most"):
        late = np.arange(60) > 30
        assert feature(of, name)[late & has_rye].min() > 0.3
        assert feature(of, name)[late & ~has_rye].max() < 0


def test_planned_posts_make_no_level_of_others() -> None:
    table = account(20)
    planned = table.tail(3).assign(views=pd.NA, posted_at=NOW + pd.to_timedelta([1, 2, 3], unit="D"))
    both = conform(pd.concat([table, planned], ignore_index=True))
    known = np.arange(23) < 20
    of = views_design(posts_in(both), np.full(23, 7.0), known)
    assert of.level[20:] == pytest.approx(of.level[20])
    assert of.earlier[20:].tolist() == [20, 20, 20]


def test_an_account_of_many_surprises_gets_wide_intervals() -> None:
    calm, wild = design(account(80, spread=0.2)), design(account(80, spread=1.5))
    record = no_facts()
    spreads = [fit_views_model(one, np.arange(80), record).spread[0] for one in (calm, wild)]
    assert spreads[0] < record.spread < spreads[1]
    median, low, high = fit_views_model(wild, np.arange(79), record).predict(wild, np.array([79]))
    assert 0 <= low < median < high
