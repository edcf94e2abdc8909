"""An account's rates per view beside those of similar public posts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyses import analysis_of
from tiktok_coach.analysis.audit import audit_account
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export
from tiktok_coach.render.labels import rate_texts
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.benchmarks import (
    FEWEST_POSTS,
    Benchmarks,
    RateCurve,
    RatePlace,
    load_benchmarks,
    percentile_rates,
    rate_places,
    share_below,
)

PERCENTILES = (10.0, 25.0, 50.0, 75.0, 90.0)


def benchmarks(**factors: tuple[float, ...]) -> Benchmarks:
    """Likes that fall from 2-10% at 1,000 views to half of that at 100,000."""
    curve = RateCurve(
        rate="likes",
        accounts=10,
        posts=100,
        sets=("made up",),
        reach=(1_000.0, 100_000.0),
        shares=((0.02, 0.03, 0.04, 0.06, 0.10), (0.01, 0.015, 0.02, 0.03, 0.05)),
        factors=factors,
    )
    return Benchmarks(
        source={"name": "made up", "as_of": "2026-11"},
        fitted="2026-11-27",
        sets=(),
        limits="",
        percentiles=PERCENTILES,
        reference={"year": 2025.0, "length": 15.0, "followers": 1000.0},
        years=(2020.0, 2027.0),
        rates=(curve,),
    )


def posts(views: list[float], likes: list[float], **columns: object) -> pd.DataFrame:
    return conform(
        pd.DataFrame({"post_id": [f"p{n}" for n in range(len(views))], "views": views, "likes": likes}).assign(
            **columns
        )
    )


def test_rates_are_compared_at_like_reach() -> None:
    one = benchmarks()
    rates = np.exp(percentile_rates(one.rates[0], one, posts([1_000, 10_000, 100_000, 10_000_000], [1] * 4)))
    assert rates[0] == pytest.approx([0.02, 0.03, 0.04, 0.06, 0.10])
    assert rates[1] == pytest.approx(np.sqrt(0.5) * rates[0]), "half of the way, in powers of ten"
    assert rates[3] == pytest.approx(rates[2]), "beyond the last reach that was seen nothing is made up"


def test_length_counts_where_it_is_known_and_fitted() -> None:
    one = benchmarks(length=(2.0, 2.0, 2.0, 2.0, 2.0))
    rates = np.exp(percentile_rates(one.rates[0], one, posts([1_000] * 3, [1] * 3, duration_s=[15.0, 30.0, np.nan])))
    assert rates[:, 2] == pytest.approx([0.04, 0.08, 0.04])


@given(st.lists(st.floats(-9, 0), min_size=1, max_size=20))
def test_a_percentile_lies_above_its_share_and_more_is_never_above_less(values: list[float]) -> None:
    log_rates = np.log([[0.02, 0.03, 0.04, 0.06, 0.10]])
    shares = share_below(np.sort(values), np.repeat(log_rates, len(values), axis=0), PERCENTILES)
    assert (np.diff(shares) >= 0).all()
    assert ((shares >= 0) & (shares <= 1)).all()
    at = share_below(log_rates[0], np.repeat(log_rates, 5, axis=0), PERCENTILES)
    assert at == pytest.approx(np.array(PERCENTILES) / 100)


def test_an_account_is_placed_by_its_usual_post_where_enough_posts_tell() -> None:
    table = posts([1_000.0] * 12, [40.0] * 6 + [60.0, 60.0, 60.0, np.nan, np.nan, np.nan], shares=[np.nan] * 12)
    account = np.repeat([0, 1], 6)
    [place], nothing = rate_places(table, account, 2, benchmarks())
    assert nothing == (), f"fewer than {FEWEST_POSTS} posts tell nothing, and an unknown rate is no 0"
    assert (place.rate, place.posts) == ("likes", 6)
    assert place.value == pytest.approx(0.04)
    assert place.above == pytest.approx(0.5, abs=0.03)


def test_planned_posts_and_posts_of_few_views_are_not_compared() -> None:
    table = posts([1_000.0] * 3 + [50.0] * 3, [40.0] * 6, status=["planned"] * 3 + ["published"] * 3)
    assert rate_places(table, np.zeros(6, dtype=np.int64), 1, benchmarks()) == [()]


def test_a_line_says_the_rate_and_how_many_posts_it_is_above() -> None:
    places = [("likes", 0.0412, 0.31), ("comments", 0.0014, 0.99), ("shares", 0.002, 0.01)]
    assert rate_texts([RatePlace(*place, posts=9) for place in places]) == [
        "Likes per view 4.1%: less than 70% of similar public posts",
        "Comments per view 0.14%: more than 95% of similar public posts",
        "Shares per view 0.20%: less than 95% of similar public posts",
    ]


def test_what_ships_is_in_order_and_says_who_was_picked() -> None:
    shipped = load_benchmarks(rulebook())
    assert [curve.rate for curve in shipped.rates] == ["likes", "comments", "shares", "saves"]
    assert all(one.selection for one in shipped.sets)
    for curve in shipped.rates:
        shares = np.array(curve.shares)
        assert shares.shape == (len(curve.reach), len(shipped.percentiles))
        assert (np.diff(shares, axis=1) >= 0).all()
        assert ((shares > 0) & (shares < 1)).all()


def test_an_audit_names_only_the_rates_that_are_known() -> None:
    table = posts([2_000.0] * 8, [90.0] * 8, account="kim", comments=[3.0] * 8)
    audit = audit_account(analysis_of(Export(table, pd.DataFrame(), (Account(handle="kim"),))))
    assert [place.rate for place in audit.rates] == ["likes", "comments"]
