"""The numbers of an account in a period, each beside the period before."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiktok_coach.analysis.overview import Figure, Overview, _by_day, newest_day, overview
from tiktok_coach.core.account import Account, Audience
from tiktok_coach.core.periods import Period
from tiktok_coach.core.schema import conform
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account import Posts, posts_of
from tiktok_coach.stats.benchmarks import load_benchmarks
from tiktok_coach.stats.effects import welch_test

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
JUNE = Period(dt.date(2026, 6, 1), dt.date(2026, 6, 30))


def posts(
    days: list[str],
    views: float | list[float] = 1000,
    likes: float | list[float] = 50,
    *,
    counted: str = "2026-11-01",
    timezone: str | None = None,
    audience: Audience | None = None,
    **columns: object,
) -> Posts:
    """Posts of one account that went out at these times (UTC)."""
    table = pd.DataFrame({"post_id": [f"p{n}" for n in range(len(days))], "views": views, "likes": likes})
    table["posted_at"] = pd.to_datetime(pd.Series(days, dtype="str"), utc=True, format="mixed")
    table = table.assign(posted_at_precision="second", metrics_at=pd.Timestamp(counted, tz="UTC"), **columns)
    audiences = {"baker": audience} if audience else {}
    return posts_of(conform(table.assign(account="baker")), (Account("baker", timezone=timezone),), audiences)


def by_day(since: str, **columns: list[float]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    return pd.DataFrame({"date": pd.date_range(since, periods=count, tz="UTC"), **columns})


def of(some: Posts, period: Period | None = None) -> Overview:
    return overview(some, NOW, load_benchmarks(rulebook()), period)


def test_whole_calendar_months_stand_beside_as_many_months_and_other_periods_beside_as_many_days() -> None:
    assert JUNE.before == Period(dt.date(2026, 5, 1), dt.date(2026, 5, 31))
    quarter = Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31))
    assert quarter.before == Period(dt.date(2025, 10, 1), dt.date(2025, 12, 31))
    assert Period(dt.date(2026, 3, 1), dt.date(2026, 3, 28)).before == Period(dt.date(2026, 2, 1), dt.date(2026, 2, 28))


def test_posts_count_on_the_day_of_the_account_s_clock_and_both_ends_are_in() -> None:
    times = ["2026-04-30 21:59", "2026-04-30 22:00", "2026-05-31 21:59", "2026-05-31 22:00", "2026-06-30 21:59"]
    result = of(posts([*times, "2026-06-30 22:00"], timezone="Europe/Copenhagen"), JUNE)
    assert (result.posts.value, result.posts.before) == (2, 2)
    assert result.days[0] == dt.date(2026, 5, 1)
    assert [day for day, count in zip(result.days, result.posts.daily, strict=True) if count] == [
        dt.date(2026, 5, 1),
        dt.date(2026, 5, 31),
        dt.date(2026, 6, 1),
        dt.date(2026, 6, 30),
    ]


def test_what_the_export_does_not_reach_back_to_is_not_known_rather_than_0() -> None:
    result = of(posts(["2026-06-02", "2026-06-03"]), JUNE)
    assert (result.posts.value, result.posts.before, result.posts.change) == (2, None, None)
    assert (result.views.before, result.likes.before, result.followers.value) == (None, None, None)
    assert result.daily_views.daily == (None,) * len(result.days)
    assert of(posts(["2026-03-01", "2026-06-02"]), JUNE).posts.before == 0


def test_without_a_period_it_is_the_last_28_days_of_the_data_not_of_the_calendar() -> None:
    old = posts(["2026-03-01", "2026-03-20"], counted="2026-03-25")
    assert newest_day(old, NOW) == dt.date(2026, 3, 25)
    assert of(old).period == Period(dt.date(2026, 2, 26), dt.date(2026, 3, 25))


def test_the_newest_day_is_that_of_the_clock_furthest_ahead_though_its_post_is_not_the_newest() -> None:
    some = posts(["2026-06-01 08:00", "2026-06-01 09:00"], counted="2026-05-01")
    accounts = (Account("islander", timezone="Pacific/Kiritimati"), Account("samoan", timezone="Pacific/Pago_Pago"))
    of_both = posts_of(some.table.assign(account=[account.handle for account in accounts]), accounts, {})
    assert newest_day(of_both, NOW) == dt.date(2026, 6, 1)


def test_where_the_account_paused_it_is_the_28_days_up_to_the_newest_post() -> None:
    paused = posts(["2026-03-01", "2026-03-20"], counted="2026-11-01")
    assert of(paused).period.until == dt.date(2026, 3, 20)


def test_planned_and_scheduled_posts_tell_no_day() -> None:
    some = posts(
        ["2026-03-20", "2026-11-19", "2026-12-24"], status=["published", "planned", None], counted="2026-03-25"
    )
    assert newest_day(some, NOW) == dt.date(2026, 3, 25)
    assert of(some, Period(dt.date(2026, 11, 1), dt.date(2026, 12, 31))).posts.value == 0


def test_nothing_at_all_gives_an_overview_of_nothing() -> None:
    result = of(posts([]))
    assert result.period.until == NOW.date()
    assert (result.posts.value, result.views.value, result.new_followers) == (0, None, None)


def test_views_before_are_those_at_the_age_of_the_period_s_posts() -> None:
    days = ["2026-05-10"] * 6 + ["2026-06-20"] * 6
    result = of(posts(days, [2000.0] * 6 + [1500.0] * 6, counted="2026-06-30"), JUNE)
    assert result.views.value == 1500
    assert result.views.before == pytest.approx(2000 * ((1 + 10) / (1 + 51)) ** 0.2)
    assert result.views.change is not None
    assert result.views.change > 0


def test_a_change_in_few_or_scattered_posts_is_not_clear() -> None:
    rng = np.random.default_rng(1)
    days = [f"2026-05-{n:02d}" for n in range(1, 13)] + [f"2026-06-{n:02d}" for n in range(1, 13)]
    level = rng.lognormal(7, 0.3, 24).round()
    assert not of(posts(days, level.tolist()), JUNE).views.is_clear
    assert of(posts(days, (level * ([1] * 12 + [3] * 12)).tolist()), JUNE).views.is_clear
    few = of(posts(["2026-05-01", "2026-06-01"], [100.0, 900.0]), JUNE).views
    assert few.change is not None
    assert not few.is_clear


def test_likes_per_view_have_a_place_beside_public_posts_where_five_posts_tell() -> None:
    days = [f"2026-05-{n:02d}" for n in range(1, 6)] + [f"2026-06-{n:02d}" for n in range(1, 5)]
    result = of(posts(days, 10_000, 1000), JUNE)
    assert result.likes.value == 0.1
    assert result.likes_place is None
    assert result.likes_place_before is not None
    assert result.likes_place_before.above > 0.5


def test_a_change_is_clear_only_in_the_direction_that_is_shown_and_where_it_is_not_shown_as_none() -> None:
    change = {"low": 0.1, "high": 0.4, "is_sample": True}
    assert Figure(120, 100, **change).is_clear
    assert not Figure(90, 100, **change).is_clear, "the medians fell, and the interval is above 0"
    assert not Figure(100.4, 100, **change).is_clear, "it is shown as 0%"
    assert Figure(90, 100, low=-0.4, high=-0.1, is_sample=True).is_clear


def test_too_few_posts_are_told_from_no_clear_change() -> None:
    days = [f"2026-05-{n:02d}" for n in range(1, 7)] + [f"2026-06-{n:02d}" for n in range(1, 7)]
    alike = of(posts(days, 1000.0), JUNE).likes
    assert (alike.has_too_few, alike.is_clear) == (False, False), "six posts a month, all of them alike"
    few = of(posts(days[3:9], 1000.0), JUNE).likes
    assert (few.has_too_few, few.is_clear) == (True, False)


def test_an_account_is_silent_where_the_data_goes_on_for_much_longer_than_it_usually_waits() -> None:
    daily = [f"2026-06-{n:02d}" for n in range(1, 13)]
    silence = of(posts(daily, counted="2026-07-10")).silence
    assert silence is not None
    assert (silence.since, silence.until, silence.usual) == (dt.date(2026, 6, 12), dt.date(2026, 7, 10), 1)
    assert of(posts(daily, counted="2026-06-22")).silence is None, "ten days say nothing"
    weekly = [str(day.date()) for day in pd.date_range("2026-03-23", periods=12, freq="7D")]
    assert of(posts(weekly, counted="2026-06-25")).silence is None
    assert of(posts(daily[:3], counted="2026-07-10")).silence is None, "three posts tell no habit"


def test_a_few_days_are_no_period() -> None:
    few = by_day("2026-06-01", views=[10.0] * 10)
    early = by_day("2026-06-01", followers=[100.0] * 10)
    result = of(posts(["2026-06-02"], audience=Audience(overview=few, followers=early)), JUNE)
    assert (result.daily_views.value, result.followers.value) == (None, None)
    late = by_day("2026-06-24", followers=[100.0, 110.0, 120.0])
    assert of(posts(["2026-06-02"], audience=Audience(followers=late)), JUNE).followers.value == 120


def test_followers_are_those_at_the_end_and_days_that_no_table_tells_make_no_mean_smaller() -> None:
    followers = by_day("2026-05-01", followers=[100.0] * 31 + [150.0] * 29)
    own = by_day(
        "2026-05-01",
        views=[10.0] * 15 + [20.0] * 15 + [np.nan] + [30.0] * 29,
        profile_views=[1.0] * 31 + [2.0] * 5 + [np.nan] * 24,
    )
    result = of(posts(["2026-06-02"], audience=Audience(overview=own, followers=followers)), JUNE)
    assert (result.followers.value, result.followers.before, result.new_followers) == (150, 100, 50)
    assert result.followers.daily[-1] is None
    assert (result.daily_views.value, result.daily_views.before) == (30, 15)
    assert result.daily_views.change == 1
    assert (result.daily_profile_views.value, result.daily_profile_views.before) == (None, 1)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 200), max_size=12), st.integers(1, 60))
def test_every_series_has_an_entry_a_day_and_the_counts_add_up(days: list[int], length: int) -> None:
    start = dt.date(2026, 1, 1)
    some = posts([str(start + dt.timedelta(days=day)) for day in days])
    period = Period(dt.date(2026, 4, 1), dt.date(2026, 4, 1) + dt.timedelta(days=length - 1))
    result = of(some, period)
    assert len(result.days) == len(result.posts.daily) == len(result.views.daily) == len(result.likes.daily)
    inside = sum(start + dt.timedelta(days=day) in period.dates for day in days)
    assert result.posts.value == inside
    assert sum(value or 0 for value in result.posts.daily) >= inside


def test_a_table_by_day_may_lack_a_number() -> None:
    days = pd.DataFrame({"date": pd.date_range("2026-03-01", periods=30), "views": np.arange(30.0)})
    assert _by_day(days, "profile_views", MARCH.before, MARCH).isna().all()
    assert _by_day(days, "views", MARCH.before, MARCH).notna().any()


MARCH = Period(dt.date(2026, 3, 3), dt.date(2026, 3, 20))


def test_the_interval_of_a_change_is_scipys() -> None:
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(4)
    for size in (5, 9, 60):
        before, after = rng.normal(1, 2, size), rng.normal(1.5, 0.4, 2 * size)
        _gap, low, high, _p = welch_test(before, after)
        expected = ttest_ind(after, before, equal_var=False).confidence_interval(0.90)
        assert (low, high) == pytest.approx((expected.low, expected.high))
