"""What a capture adds to the answer of why: views hour by hour, and what posts show that TikTok does not recommend."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from tests.analyses import analysis_of
from tiktok_coach.analysis.why import explain_posts
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export

COUNTED = pd.Timestamp("2026-11-01T09:00", tz="UTC")
FIRST = COUNTED - pd.Timedelta(days=60)


def captured(stop: int, usual_stop: int = 30, others: int = 20) -> Export:
    """Posts of 2,000 views that come evenly for `usual_stop` hours, and a last one that gets 40 within `stop` hours."""
    count = others + 1
    posted = FIRST + pd.to_timedelta(np.arange(count) * 2, unit="D")
    rng = np.random.default_rng(8)
    views = np.append((2000 * np.exp(rng.normal(0, 0.4, others))).round(), 40.0)
    stops = [*[usual_stop] * others, stop]
    ids = [f"p{n}" for n in range(count)]
    rows = [
        (post, at + pd.Timedelta(hours=hour), round(whole * min(hour / last, 1)))
        for post, at, whole, last in zip(ids, posted, views, stops, strict=True)
        for hour in range(1, 49)
    ]
    table = pd.DataFrame(
        {
            "post_id": ids,
            "account": "baker",
            "status": "published",
            "posted_at": posted,
            "posted_at_precision": "second",
            "metrics_at": COUNTED,
            "caption": "Rye bread",
            "views": views.astype("int64"),
        }
    )
    snapshots = pd.DataFrame(rows, columns=["post_id", "metrics_at", "views"])
    return Export(conform(table), snapshots, (Account("baker", timezone="UTC"),))


def test_views_that_stop_at_once_are_a_sign_and_views_that_go_on_are_none() -> None:
    for stop, shown in ((5, True), (30, False)):
        [account] = explain_posts(analysis_of(captured(stop))).accounts
        assert account.causes[0] == "post_got_fewer"
        [reason] = account.reasons
        assert reason.hours is not None
        assert (reason.hours.stop, reason.hours.usual_stop, reason.hours.posts) == (np.ceil(0.9 * stop), 27, 20)
        assert {sign.name: sign.is_shown for sign in account.signs}["stopped"] is shown
        assert sum(reason.hours.added) == 40


def test_what_keeps_an_account_out_of_for_you_is_said_of_its_posts() -> None:
    export = replace(captured(5), accounts=(Account("baker", timezone="UTC", owner_age=15),))
    [account] = explain_posts(analysis_of(export)).accounts
    [reason] = account.reasons
    assert [one["code"] for one in reason.exclusions] == ["E010"]
    assert {sign.name: sign.is_shown for sign in account.signs}["excluded"]


def test_an_hour_that_was_not_counted_stays_unknown_and_moves_no_other() -> None:
    export = captured(30)
    hours = (export.snapshots["metrics_at"] - FIRST).dt.total_seconds() / 3600 % 48
    some = export.snapshots[~hours.isin([2, 3])]
    [account] = explain_posts(analysis_of(Export(export.posts, some, export.accounts))).accounts
    [reason] = account.reasons
    assert reason.hours is not None
    # It gets 4 views in 3 hours.
    added, is_known = np.array(reason.hours.added), ~np.isnan(reason.hours.added)
    assert np.flatnonzero(~is_known).tolist() == [1, 2, 3]
    assert set(added[is_known][:20]) <= {1, 2}
    assert np.isnan(reason.hours.first)


def test_where_views_stopped_is_compared_at_the_same_age() -> None:
    export = captured(20)
    snapshots = export.snapshots
    day = FIRST + pd.Timedelta(days=40, hours=24)
    young = snapshots[(snapshots["post_id"] != "p20") | (snapshots["metrics_at"] <= day)]
    [account] = explain_posts(analysis_of(Export(export.posts, young, export.accounts))).accounts
    [reason] = account.reasons
    assert reason.hours is not None
    assert (len(reason.hours.added), reason.hours.stop) == (24, 18)
    assert (reason.hours.usual_stop, reason.hours.posts) == (22, 20), "nine tenths of what they had after a day"


def test_a_post_that_was_counted_before_its_date_is_no_post_of_that_age() -> None:
    export = captured(30)
    late = export.posts.assign(metrics_at=COUNTED - pd.Timedelta(days=30))
    with np.errstate(divide="raise", invalid="raise"):
        [account] = explain_posts(analysis_of(Export(late, export.snapshots, export.accounts))).accounts
    newest = FIRST + pd.Timedelta(days=30)
    assert all(place.posted_at is not None and place.posted_at <= newest for place in account.newest)


def test_counts_of_whole_exports_are_no_hours() -> None:
    export = captured(5)
    daily = export.snapshots[export.snapshots["metrics_at"].dt.hour == 9]
    [account] = explain_posts(analysis_of(Export(export.posts, daily, export.accounts))).accounts
    assert account.reasons[0].hours is None
    assert {sign.name: sign.is_shown for sign in account.signs}["stopped"] is None


def test_how_often_chance_does_as_much_is_said_of_all_newest_posts() -> None:
    [account] = explain_posts(analysis_of(captured(5))).accounts
    rarest = min(place.rarity for place in account.newest)
    assert len(account.newest) == 5
    assert 4 * rarest < account.by_chance <= 10 * rarest
