"""The outlook: what a forecast from public posts may say, held against worlds whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from tiktok_coach.core.schema import conform
from tiktok_coach.ranking.outlook import Forecast, forecast, load_outlook, outlook_terms
from tiktok_coach.rules.load import rulebook

OUTLOOK = load_outlook(rulebook())
NOW = pd.Timestamp("2026-06-30", tz="UTC")
NONE = pd.DataFrame({"post_id": pd.Series(dtype="str"), "metrics_at": pd.Series(dtype="datetime64[us, UTC]")})


def posts(rng: np.random.Generator, count: int) -> pd.DataFrame:
    views = np.maximum(rng.lognormal(8, 1.5, count).astype(int), 150)
    table = pd.DataFrame({"post_id": [f"p{n}" for n in range(count)], "views": views, "metrics_at": NOW})
    table["posted_at"] = NOW - pd.to_timedelta(rng.uniform(1.5, 60, count), unit="D")
    for name, rate in (("likes", 0.06), ("comments", 0.002), ("shares", 0.005), ("saves", 0.006)):
        table[name] = rng.binomial(views, np.clip(rate * rng.lognormal(0, 0.6, count), 0, 0.5))
    return conform(table)


def told(table: pd.DataFrame, snapshots: pd.DataFrame = NONE, horizon: int = 14) -> Forecast:
    return forecast(table, snapshots, OUTLOOK, horizon, np.zeros(len(table), dtype=np.int64))


def grown(
    rng: np.random.Generator, table: pd.DataFrame, horizon: int, shift: float = 0.0, moved: float = 1.0
) -> np.ndarray:
    """What becomes of posts in a world as the model has it, an account's own way added; with `moved` 0 nothing but age counts."""
    model = OUTLOOK.models[0]
    terms = outlook_terms(
        table, ((table["metrics_at"] - table["posted_at"]).dt.total_seconds() / 86_400).to_numpy(), float(horizon)
    )
    scale = model.intercept + sum(
        t.coefficient * (terms[t.term] if t.term in {"age", "horizon"} else moved * (terms[t.term] - t.usual) + t.usual)
        for t in model.terms
    )
    low, high = model.residuals
    chance = rng.normal((low + high) / 2, (high - low) / 2 / 1.645, len(table))
    return np.asarray(np.exp(np.maximum(np.exp(scale + shift + chance) - OUTLOOK.offset, 0)))


def test_intervals_hold_the_truth_nine_times_in_ten_in_a_world_as_the_model_has_it_and_in_one_where_only_age_counts() -> (
    None
):
    rng = np.random.default_rng(3)
    for moved in (1.0, 0.0):
        inside, ranked = [], []
        for _ in range(30):
            table = posts(rng, 120)
            truth, found = grown(rng, table, 14, moved=moved), told(table).table
            inside.append(((found["low"] <= truth) & (truth <= found["high"])).mean())
            ranked.append(spearmanr(found["growth"], truth)[0])
        assert 0.86 <= float(np.mean(inside)) <= 0.94
        assert float(np.mean(ranked)) > 0.4


@pytest.mark.parametrize("shift", [-0.4, 0.5])
def test_two_exports_teach_it_the_accounts_own_way(shift: float) -> None:
    rng = np.random.default_rng(5)
    table = posts(rng, 80)
    earlier = table.assign(metrics_at=NOW - pd.Timedelta(days=14), posted_at=table["posted_at"] - pd.Timedelta(days=14))
    later = earlier.assign(
        metrics_at=NOW, views=(earlier["views"] * grown(rng, earlier, 14, shift)).round().astype("Int64")
    )
    names = ["post_id", "metrics_at", "views", "likes", "comments", "shares", "saves"]
    snapshots = pd.concat([earlier[names], later[names]], ignore_index=True)
    found = told(later, snapshots)
    assert found.account_shifts.posts[0] == 80
    assert float(found.account_shifts.shift[0]) == pytest.approx(shift, abs=0.2)
    assert found.account_shifts.coverage is not None
    assert found.account_shifts.spearman is not None
    plain = told(later)
    assert (np.sign(found.table["growth"] - plain.table["growth"]).dropna() == np.sign(shift)).all()
    wide, narrow = (np.log(t["high"] / t["low"]).median() for t in (plain.table, found.table))
    assert narrow < wide * (1.6 if shift > 0 else 1.0)


COUNTS = st.fixed_dictionaries(
    {
        "views": st.integers(100, 10**7),
        "likes": st.integers(0, 10**5),
        "comments": st.integers(0, 10**4),
        "shares": st.integers(0, 10**4),
        "saves": st.integers(0, 10**5),
        "age": st.floats(1, 90),
    }
)


@given(COUNTS, st.integers(1, 10**4))
def test_more_saves_at_equal_views_never_lower_it_and_its_interval_holds_it(
    counts: dict[str, float], more: int
) -> None:
    rows = [{**counts, "saves": counts["saves"] + extra} for extra in (0, more)]
    table = pd.DataFrame(rows).assign(post_id=["a", "b"], metrics_at=NOW)
    table["posted_at"] = NOW - pd.to_timedelta(table.pop("age"), unit="D")
    found = told(conform(table)).table
    assert found["growth"].iloc[1] >= found["growth"].iloc[0]
    assert (found["low"] <= found["growth"]).all()
    assert (found["growth"] <= found["high"]).all()
    assert (found["low"] >= 1).all()


def test_followers_do_not_enter_it() -> None:
    table = posts(np.random.default_rng(1), 20)
    with_followers = conform(table.assign(followers=range(1000, 1020)))
    pd.testing.assert_frame_equal(told(table).table, told(with_followers).table)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"posted_at": NOW - pd.Timedelta(days=200)}, "its age is outside the 1-90 days on which the model was fitted"),
        ({"views": 40}, "it has fewer than the 100 views on which the model was fitted"),
        ({"views": None}, "its age or its views are not known"),
        ({"posted_at": pd.to_datetime(pd.Series([None]), utc=True)}, "its age or its views are not known"),
        ({"status": "planned"}, "it is not out yet"),
    ],
)
def test_outside_its_range_it_is_not_known_and_says_why(changes: dict[str, object], why: str) -> None:
    table = posts(np.random.default_rng(1), 1).assign(**changes)
    found = told(conform(table))
    assert found.table["growth"].isna().all()
    assert found.table["word"].isna().all()
    assert found.why(0) == why


def test_without_saves_age_alone_speaks_and_a_lone_post_has_an_outlook() -> None:
    table = posts(np.random.default_rng(1), 11)
    alone = told(table.drop(columns="saves"))
    assert alone.table["growth"].notna().all()
    assert alone.parts["saves"].isna().all()
    assert set(alone.table["word"]) <= {"as usual for its age", "done"}
    for count in (1, 2, 11):
        assert told(table.head(count)).table["rank"].tolist()[0] >= 1


def test_counts_rounded_as_the_app_shows_them_move_it_little() -> None:
    table = posts(np.random.default_rng(8), 50)
    rounded = table.assign(views=(table["views"] / 100).round().astype("Int64") * 100)
    assert np.abs(np.log(told(table).table["growth"] / told(conform(rounded)).table["growth"])).max() < 0.05
