"""What history lets expect of a planned post."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import conform
from tiktok_coach.stats.account import posts_of
from tiktok_coach.stats.views_model import expected_views

NOW = pd.Timestamp("2026-06-30", tz="UTC")


def account(rng: np.random.Generator, count: int, level: float = 7.0, spread: float = 0.8) -> pd.DataFrame:
    """Published posts whose views at seven days are lognormal, and grow with age, and one that is planned."""
    age = rng.uniform(1, 80, count)
    views = np.exp(level + 0.4 * (np.log1p(age) - np.log1p(7)) + rng.normal(0, spread, count)).round()
    table = pd.DataFrame(
        {"post_id": [f"p{n}" for n in range(count)], "views": views, "metrics_at": NOW, "status": "published"}
    )
    table["posted_at"] = NOW - pd.to_timedelta(age, unit="D")
    return conform(pd.concat([table, pd.DataFrame({"post_id": ["due"], "status": ["planned"]})], ignore_index=True))


def expected(posts: pd.DataFrame) -> pd.Series:
    planned = (posts["status"] == "planned").to_numpy(dtype=bool)
    return expected_views(posts_of(posts, (Account(),), {}), planned, np.ones(len(posts), dtype=bool)).iloc[0]


def test_the_interval_holds_what_comes_nine_times_in_ten() -> None:
    rng = np.random.default_rng(4)
    names = [f"a{number}" for number in range(600)]
    tables = [account(rng, 12 if n % 2 else 60).assign(account=name) for n, name in enumerate(names)]
    posts = posts_of(conform(pd.concat(tables, ignore_index=True)), tuple(Account(handle=name) for name in names), {})
    planned = (posts.table["status"] == "planned").to_numpy(dtype=bool)
    ranges = expected_views(posts, planned, np.ones(len(planned), dtype=bool))
    assert len(ranges) == 600
    truth = np.exp(7.0 + rng.normal(0, 0.8, 600))
    assert 0.87 <= float(((ranges["low"] <= truth) & (truth <= ranges["high"])).mean()) <= 0.93


def test_the_median_is_found_and_few_posts_say_nothing() -> None:
    found = expected(account(np.random.default_rng(1), 400, spread=0.3))
    assert found["views"] == pytest.approx(np.exp(7.0), rel=0.1)
    assert found["posts"] == 400
    few = expected(account(np.random.default_rng(1), 11))
    assert np.isnan(few["views"])
    assert few["posts"] == 11


def test_posts_of_one_age_and_posts_without_views_or_age_are_borne() -> None:
    posts = account(np.random.default_rng(2), 20)
    same = posts.assign(posted_at=NOW - pd.Timedelta(days=7))
    assert np.isfinite(expected(conform(same))["views"])
    assert np.isnan(expected(posts.drop(columns="views"))["views"])
    assert np.isnan(expected(posts.drop(columns="metrics_at"))["views"])
