"""Full dates: every usual form, and the order of day and month from the whole column."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.timezones import parse_timezone
from tiktok_coach.io.dates.parse import parse_day, parse_times, read_times


def times(*texts: str, **options: str) -> list[str]:
    parsed = parse_times(pd.Series(list(texts), dtype="str"), "f.csv", **options)  # type: ignore[arg-type]
    return [str(t)[:19] for t in parsed.at]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-08-02 19:05:00", "2026-08-02 19:05:00"),
        ("2025/10/31 18:19:10", "2025-10-31 18:19:10"),
        ("2026-08-02T19:05:00Z", "2026-08-02 19:05:00"),
        ("2026-08-02T19:05:00.123+02:00", "2026-08-02 17:05:00"),
        ("2026-08-02T19:05-0330", "2026-08-02 22:35:00"),
        ("1785697500", "2026-08-02 19:05:00"),
        ("1785697500000", "2026-08-02 19:05:00"),
        ("2026-08-02", "2026-08-02 00:00:00"),
        ("Aug 2, 2026 7:05 PM", "2026-08-02 19:05:00"),
        ("2 August 2026", "2026-08-02 00:00:00"),
        ("2026年8月2日", "2026-08-02 00:00:00"),
        ("14/09/2026 7:05 pm", "2026-09-14 19:05:00"),
    ],
)
def test_forms(text: str, utc: str) -> None:
    assert times(text) == [utc]


@given(
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2120, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["", "Z", "+02:00", "-0330", "+14:00", "+25:00", "+00:00"]),
    st.sampled_from(["T", " "]),
    st.sampled_from([":{second:02}", ""]),
    st.sampled_from(["UTC", "Europe/Copenhagen", "America/St_Johns"]),
)
def test_the_usual_form_is_read_as_its_variants_are(
    at: dt.datetime, offset: str, between: str, tail: str, zone: str
) -> None:
    clock = f"{at:%H:%M}" + tail.format(second=at.second)
    usual, variant = f"{at:%Y-%m-%d}{between}{clock}{offset}", f"{at:%Y/%m/%d}, {clock}{offset}"
    assert read_times([usual], "f.csv", timezone=zone) == read_times([variant], "f.csv", timezone=zone)


def test_a_day_without_a_time_says_so() -> None:
    parsed = parse_times(pd.Series(["2026-08-02", "2026-08-02 10:00", "2 August 2026"], dtype="str"), "f.csv")
    assert parsed.has_hour.tolist() == [False, True, False]


def test_local_times_are_in_the_given_timezone() -> None:
    assert times("2026-08-02 19:05", timezone="Europe/Copenhagen") == ["2026-08-02 17:05:00"]


def test_the_column_decides_day_first_or_month_first() -> None:
    assert times("03/04/2026", "14/09/2026") == ["2026-04-03 00:00:00", "2026-09-14 00:00:00"]
    assert times("03/04/2026", "09/14/2026") == ["2026-03-04 00:00:00", "2026-09-14 00:00:00"]
    assert times("09/09/24", "25/09/24") == ["2024-09-09 00:00:00", "2024-09-25 00:00:00"]
    assert times("03.04.2026") == ["2026-04-03 00:00:00"]


def test_an_undecided_column_is_asked_for() -> None:
    with pytest.raises(CoachError, match="--date-order dmy or --date-order mdy"):
        times("03/04/2026", "05/06/2026")
    assert times("03/04/2026", order="mdy") == ["2026-03-04 00:00:00"]
    assert times("03/04/2026", order="dmy") == ["2026-04-03 00:00:00"]


def test_a_column_with_both_orders_is_an_error() -> None:
    with pytest.raises(CoachError, match="day-first in '14/09/2026' and month-first in '09/14/2026'"):
        times("14/09/2026", "09/14/2026")


@pytest.mark.parametrize(
    "text", ["31/31/2026", "soon", "2026-02-30", "2026-08-02 25:00", "2026-08-02 noon", "March 2026"]
)
def test_what_is_no_time_is_bad(text: str) -> None:
    assert parse_times(pd.Series([text], dtype="str"), "f.csv").bad.tolist() == [True]


def test_missing_is_not_bad() -> None:
    parsed = parse_times(pd.Series(["--", ""], dtype="str"), "f.csv")
    assert not parsed.bad.any()


def test_options_that_are_none_are_errors() -> None:
    with pytest.raises(CoachError, match="did you mean Europe/Copenhagen"):
        parse_timezone("Copenhagen")
    with pytest.raises(CoachError, match="--today '1 May' is not a date"):
        parse_day("1 May", "--today")
