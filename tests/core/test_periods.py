"""Periods of whole days, as the options --since, --until and --last name them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.periods import Period, choose_period

NEWEST = dt.date(2026, 6, 30)
day = dt.date.fromisoformat


def test_both_days_are_in_the_period() -> None:
    period = Period(day("2026-06-28"), day("2026-06-30"))
    assert period.days == 3
    assert [str(date) for date in period.dates] == ["2026-06-28", "2026-06-29", "2026-06-30"]


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        ("2026-06-29", "2026-06-30", "2026-06-27 to 2026-06-28"),
        ("2026-06-01", "2026-06-30", "2026-05-01 to 2026-05-31"),
        ("2026-01-01", "2026-03-31", "2025-10-01 to 2025-12-31"),
        ("2024-02-01", "2024-02-29", "2024-01-01 to 2024-01-31"),
        ("2025-01-01", "2025-12-31", "2024-01-01 to 2024-12-31"),
        ("2026-06-02", "2026-06-30", "2026-05-04 to 2026-06-01"),
    ],
)
def test_whole_months_stand_beside_as_many_months_and_any_other_days_beside_as_many(
    since: str, until: str, before: str
) -> None:
    assert str(Period(day(since), day(until)).before) == before


@pytest.mark.parametrize(
    ("last", "since"),
    [
        ("1d", "2026-06-30"),
        ("28d", "2026-06-03"),
        ("4w", "2026-06-03"),
        ("1m", "2026-06-01"),
        ("3M", "2026-04-01"),
        ("1y", "2025-07-01"),
        (" 2 w ", "2026-06-17"),
    ],
)
def test_last_counts_back_from_the_newest_day_of_the_data(last: str, since: str) -> None:
    assert choose_period(None, None, last, NEWEST) == Period(day(since), NEWEST)


def test_last_counts_back_from_until_where_that_is_given() -> None:
    assert choose_period(None, day("2026-02-28"), "1m", NEWEST) == Period(day("2026-02-01"), day("2026-02-28"))


def test_since_alone_runs_to_the_newest_day_and_until_alone_names_no_first_day() -> None:
    assert choose_period(day("2026-06-15"), None, None, NEWEST) == Period(day("2026-06-15"), NEWEST)
    assert choose_period(None, NEWEST, None, NEWEST) is None


@pytest.mark.parametrize("last", ["", "28", "d", "0d", "-3d", "1.5m", "28 days", "5h", "9999y", "2020y", "²d"])
def test_what_is_no_period_is_refused_in_one_line(last: str) -> None:
    with pytest.raises(CoachError, match="is no period") as error:
        choose_period(None, None, last, NEWEST)
    assert error.value.hint == "write a number and d, w, m or y, such as 28d, 4w or 3m"


def test_a_period_has_one_beginning_and_does_not_end_before_it() -> None:
    with pytest.raises(CoachError, match="--since and --last both say where to begin"):
        choose_period(NEWEST, None, "28d", NEWEST)
    with pytest.raises(CoachError, match="--since 2026-06-30 is after --until 2026-06-01"):
        choose_period(NEWEST, day("2026-06-01"), None, NEWEST)
    with pytest.raises(CoachError, match="--since 2026-07-01 is after the newest day of the data, 2026-06-30"):
        choose_period(day("2026-07-01"), None, None, NEWEST)


@pytest.mark.parametrize(("since", "until"), [("0001-01-02", None), ("2026-06-01", "9999-12-31"), (None, "0001-01-01")])
def test_a_day_far_off_is_refused_in_one_line(since: str | None, until: str | None) -> None:
    with pytest.raises(CoachError, match="is too far away") as error:
        choose_period(since and day(since), until and day(until), None, NEWEST)
    assert error.value.hint == "give one from 1970 to 2099"


@given(st.dates(day("2000-01-01"), day("2100-01-01")), st.integers(0, 800))
def test_the_period_before_ends_the_day_before_and_is_as_long_or_of_as_many_months(since: dt.date, more: int) -> None:
    period = Period(since, since + dt.timedelta(days=more))
    assert period.before.until == since - dt.timedelta(days=1)
    assert period.before.days == period.days or period.before.since.day == 1
