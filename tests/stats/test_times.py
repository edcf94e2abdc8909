"""When to post: the hours that are planted are found, few posts say little, and clocks that change move nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import conform
from tiktok_coach.stats.account import posts_of
from tiktok_coach.stats.outcomes import VIEWS, outcome_of
from tiktok_coach.stats.posting_times import (
    FEWEST,
    SLOTS,
    TRIED,
    Slots,
    activity_of,
    fit_week,
    per_day,
    slot_of,
    slot_residuals,
)

ZONE = "Europe/Copenhagen"
COUNTED = pd.Timestamp("2026-11-01T09:00", tz="UTC")


def posts(
    rng: np.random.Generator,
    count: int,
    evening: float = 0.0,
    spread: float = 0.5,
    hours: tuple[int, ...] = tuple(range(6, 23)),
) -> pd.DataFrame:
    """Posts at local hours over a year, those of 18 to 20 o'clock better by `evening` on the logarithm."""
    local = [
        dt.datetime(2025, 11, 1, int(rng.choice(hours)), int(rng.integers(60)), tzinfo=ZoneInfo(ZONE))
        + dt.timedelta(days=int(d))
        for d in np.sort(rng.integers(0, 360, count))
    ]
    good = np.array([18 <= moment.hour <= 20 for moment in local])
    views = np.exp(7 + evening * good + rng.normal(0, spread, count)).round().astype("int64")
    return conform(
        pd.DataFrame(
            {
                "post_id": [f"p{n}" for n in range(count)],
                "account": "a",
                "posted_at": pd.to_datetime([m.astimezone(dt.UTC) for m in local], utc=True).as_unit("us"),
                "posted_at_precision": "second",
                "metrics_at": COUNTED,
                "views": views,
            }
        )
    )


def week_of(table: pd.DataFrame, active: np.ndarray | None = None) -> Slots | None:
    held = posts_of(table, (Account(handle="a", timezone=ZONE),), {})
    return fit_week(*slot_residuals(outcome_of(VIEWS, table, held.account), held.at), active, np.random.default_rng(1))


def test_planted_hours_are_found() -> None:
    slots = week_of(posts(np.random.default_rng(1), 150, evening=0.7))
    assert slots is not None
    by_hour = np.log(slots.effect).reshape(7, 24).mean(axis=0)
    assert set(np.argsort(-by_hour)[:3]) <= {17, 18, 19, 20, 21}
    assert slots.low.reshape(7, 24)[:, 19].min() > 1
    assert 18 <= int(np.argmax(slots.best)) % 24 <= 20


def test_without_any_good_hour_hardly_one_is_named() -> None:
    clear, widest = 0, 0.0
    for seed in range(12):
        slots = week_of(posts(np.random.default_rng(seed), 80))
        assert slots is not None
        clear += int((slots.low > 1).any())
        widest = max(widest, float(slots.effect.max()))
    assert clear <= 2
    assert widest < 2


def test_an_hour_is_clear_only_where_its_interval_leaves_no_difference_out() -> None:
    slot, ones = np.arange(SLOTS), np.ones(SLOTS)
    slots = Slots(ones, 0.8 * ones, 1.25 * ones, posts=TRIED * (slot < 24), best=ones / SLOTS, known_mask=slot < 24)
    assert not slots.is_clear
    assert slots.best_slots(5) == []
    better = replace(slots, low=np.where(slot % 24 == 7, 1.1, 0.8))
    assert better.is_clear
    assert better.best_slots(5) == [7], "the hours of other days are estimated from their neighbours alone"
    assert replace(slots, high=np.where(slot == 3, 0.9, 1.25)).is_clear
    seldom = replace(better, posts=better.posts - 1, known_mask=slot >= 0)
    assert not seldom.is_clear, "nor is an hour named for the followers' activity, or for posts near it"


def test_intervals_of_slots_hold_the_truth() -> None:
    held = []
    for seed in range(20):
        rng = np.random.default_rng(100 + seed)
        table = posts(rng, 120, evening=0.5)
        slots = week_of(table)
        assert slots is not None
        hour = np.arange(SLOTS) % 24
        truth = 0.5 * ((hour >= 18) & (hour <= 20))
        truth = truth - float((slots.posts * truth).sum() / slots.posts.sum())
        seen = slots.posts > 0
        held.append(((np.log(slots.low) <= truth) & (truth <= np.log(slots.high)))[seen].mean())
    assert 0.8 <= np.mean(held) <= 1.0


@pytest.mark.parametrize("count", [0, 1, FEWEST - 1])
def test_few_posts_tell_no_hours(count: int) -> None:
    assert week_of(posts(np.random.default_rng(1), count)) is None


def test_posts_that_all_did_alike_tell_no_hours() -> None:
    table = posts(np.random.default_rng(1), 40)
    assert week_of(table.assign(views=pd.Series([400] * 40, dtype="Int64"))) is None


def test_hours_are_those_of_the_accounts_clock_on_both_sides_of_a_change() -> None:
    table = posts(np.random.default_rng(1), 3, hours=(8,))
    table["posted_at"] = pd.to_datetime(
        ["2026-03-28T07:30Z", "2026-03-29T06:30Z", "2026-10-26T07:30Z"], utc=True
    ).as_unit("us")
    held = posts_of(table, (Account(handle="a", timezone=ZONE),), {})
    assert (slot_of(held.at) % 24).tolist() == [8, 8, 8]
    assert (slot_of(held.at) // 24).tolist() == [5, 6, 0]


def test_posts_with_their_day_alone_have_no_hour() -> None:
    table = posts(np.random.default_rng(1), 30).assign(posted_at_precision="day")
    held = posts_of(table, (Account(handle="a", timezone=ZONE),), {})
    assert (slot_of(held.at) == -1).all()
    assert week_of(table) is None


def activity(days: int, peak: int) -> pd.DataFrame:
    rows = [
        (dt.date(2026, 10, 19) + dt.timedelta(days=d), hour, 100.0 if hour == peak else 10.0)
        for d in range(days)
        for hour in range(24)
    ]
    return pd.DataFrame(rows, columns=["date", "hour", "active_followers"])


def test_activity_is_a_share_of_its_highest_hour_in_the_accounts_time() -> None:
    level = activity_of(activity(7, 18), ZONE, None).reshape(7, 24)
    assert (level[:, 18] == 1.0).all()
    assert level[0, 3] == pytest.approx(0.1)
    moved = activity_of(activity(7, 18), ZONE, "UTC").reshape(7, 24)
    # Summer time in the week of the 19th: two hours later until Sunday the 25th, one from then on.
    assert (moved[:6, 20] == 1.0).all()
    assert moved[6, 19] == 1.0


def test_activity_of_two_days_tells_the_hours_of_the_others() -> None:
    level = activity_of(activity(2, 18), ZONE, None).reshape(7, 24)
    assert np.isfinite(level).all()
    assert (level[:, 18] == 1.0).all()
    assert np.isnan(activity_of(None, ZONE, None)).all()


def test_activity_moves_hours_where_posts_are_few() -> None:
    level = activity_of(activity(7, 12), ZONE, None)
    table = posts(np.random.default_rng(5), 40, hours=(8, 12, 19))
    good = table["posted_at"].dt.tz_convert(ZONE).dt.hour == 12
    table["views"] = (table["views"] * np.where(good, 3.0, 1.0)).round().astype("Int64")
    both, own = week_of(table, level), week_of(table)
    assert both is not None
    assert own is not None
    assert both.effect.reshape(7, 24)[:, 12].mean() > 1.3
    assert int(np.argmax(both.effect)) % 24 == 12


def test_more_posts_a_day_are_held_against_one() -> None:
    rng = np.random.default_rng(3)
    one, two = posts(rng, 60, spread=0.3), posts(rng, 60, spread=0.3)
    two["posted_at"] = one["posted_at"] + pd.Timedelta(minutes=30)
    second = rng.random(60) < 0.5
    two["post_id"] = [f"q{n}" for n in range(60)]
    both = conform(pd.concat([one, two[second]], ignore_index=True))
    day = both["posted_at"].dt.tz_convert(ZONE).dt.date
    crowded = day.map(day.value_counts()) == 2
    both["views"] = (both["views"] * np.where(crowded, 0.5, 1.0)).round().astype("Int64")
    held = posts_of(both, (Account(handle="a", timezone=ZONE),), {})
    table = per_day(outcome_of(VIEWS, both, held.account), held.at, held.out).set_index("posts")
    assert table.loc[2, "high"] < 1
    assert table.loc[2, "total"] == pytest.approx(2 * table.loc[2, "effect"])
    assert np.isnan(
        per_day(
            outcome_of(VIEWS, one.head(0), np.zeros(0, dtype=np.int64)),
            held.at.rows(np.zeros(0, dtype=int)),
            np.zeros(0, dtype=bool),
        )["effect"]
    ).all()
