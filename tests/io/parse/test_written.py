"""Times as people write them, in any language: read back exactly, or not at all."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.dates import format_date, format_datetime
from hypothesis import given, settings
from hypothesis import strategies as st

from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.dates.month_days import USUAL
from tiktok_coach.io.dates.parse import are_times, read_times
from tiktok_coach.io.dates.written import names_of, read_written


def read(*texts: str, timezone: str = "UTC", **options: object) -> list[str]:
    moments = read_times(texts, "f.csv", timezone=timezone, **options)  # type: ignore[arg-type]
    return [f"{m[0]:%Y-%m-%d %H:%M}" if m and m[1] else f"{m[0]:%Y-%m-%d}" if m else "no time" for m in moments]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("9 de abril de 2026", "2026-04-09"),
        ("9 avril 2026 à 07:45", "2026-04-09 07:45"),
        ("torsdag den 9. april 2026 kl. 7.45", "2026-04-09 07:45"),
        ("2026年4月9日 7時45分", "2026-04-09 07:45"),
        ("2026년 4월 9일 오후 7:45", "2026-04-09 19:45"),
        ("9 Απριλίου 2026, 7:45 μ.μ.", "2026-04-09 19:45"),
        ("9. April 2026 um 19 Uhr", "2026-04-09 19:00"),
        ("9 avr. 2026 19h45", "2026-04-09 19:45"),
        ("9 เมษายน 2569", "2026-04-09"),
        ("ngày 9 tháng tư năm 2026", "2026-04-09"),
        ("April 9, 2026 7:45 PM (GMT+1)", "2026-04-09 18:45"),
        ("Apr 9th, 2026 at 7pm PDT", "2026-04-10 02:00"),
        ("Thu Apr 09 19:45:00 +0200 2026", "2026-04-09 17:45"),
        ("7:45 PM, April 9, 2026", "2026-04-09 19:45"),
        ("Thu 2026-04-09 19:45", "2026-04-09 19:45"),
        ("2026-04-09 19:45 (Europe/Athens)", "2026-04-09 16:45"),
        ("2026-04-09 19:45 +01", "2026-04-09 18:45"),
        ("2026-04-09 19:45 UTC-5", "2026-04-10 00:45"),
        ("9-Apr-26", "2026-04-09"),
        ("46121.8229166667", "2026-04-09 19:45"),
        ("46121", "2026-04-09"),
    ],
)
def test_forms(text: str, utc: str) -> None:
    assert read(text) == [utc]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2026-04-09 19:45-20:30", "2026-04-09 19:45"),
        ("2026-04-09 19:45–20:30", "2026-04-09 19:45"),
        ("2026-04-09 19:45 - 20:30", "2026-04-09 19:45"),
        ("2026-04-09 from 7pm to 8pm", "2026-04-09 19:00"),
        ("April 9, 2026 7-8 pm", "2026-04-09 19:00"),
        ("April 9, 2026 11-1 pm", "2026-04-09 11:00"),
        ("9. april 2026 kl. 19.45-21", "2026-04-09 19:45"),
        ("April 9, 2026 → April 11, 2026", "2026-04-09"),
        ("April 9, 2026 7:45 PM → 8:30 PM", "2026-04-09 19:45"),
        ("9-11 April 2026", "2026-04-09"),
        ("9 - 11 April 2026", "2026-04-09"),
        ("30 Dec – 2 Jan 2027", "2026-12-30"),
    ],
)
def test_a_range_is_its_start(text: str, start: str) -> None:
    assert read(text) == [start]


def test_what_stands_behind_a_dash_the_column_decides() -> None:
    assert read("2026-04-09 19:45-20:30", "2026-04-10 09:00-10:00") == ["2026-04-09 19:45", "2026-04-10 09:00"]
    assert read("2026-04-09 19:45-07:00", "2026-04-10 05:00-07:00") == ["2026-04-10 02:45", "2026-04-10 12:00"]
    assert read("2026-04-09T05:00:00-07:00") == ["2026-04-09 12:00"]
    with pytest.raises(CoachError, match="may be a time with an offset, or a range of times"):
        read("2026-04-09 05:00-07:00")


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-09T19:45:00-19:00",
        "2026-04-09 19:45 UTC+15",
        "2026-04-09 19:45 +01:20",
        "July 9, 2026 7:45 PM PST",
        "2026-04-09 13:45 am",
        "April 2026",
        "9 things to do in April 2026",
        "2 days ago",
        "3d ago",
        "3 d ago, 2026",
        "April 9",
        "31 April 2026",
    ],
)
def test_what_says_no_moment_is_left(text: str) -> None:
    assert read(text) == ["no time"]


def test_numbers_behind_a_day_of_the_week_have_the_order_of_their_column() -> None:
    assert read("Thu 09/04/2026", "Fri 24/04/2026") == ["2026-04-09", "2026-04-24"]
    with pytest.raises(CoachError, match="day-first or month-first"):
        read("Thu 09/04/2026")


def test_years_of_two_digits_that_may_stand_first_are_asked_about() -> None:
    texts = ["25/11/14", "26/04/09", "26/12/24"]
    with pytest.raises(CoachError, match="may start with its day or with its year"):
        read(*texts)
    assert read(*texts, order="ymd") == ["2025-11-14", "2026-04-09", "2026-12-24"]
    assert read("14/11/25", "09/04/26", "24/12/26") == ["2025-11-14", "2026-04-09", "2026-12-24"]
    assert read("26/4/9", "26/5/3") == ["2026-04-09", "2026-05-03"]


def test_halves_of_the_day_that_begin_like_english_ones() -> None:
    assert read("25 jan 2026, 10:58 m.d.", "25 jan 2026, 0:28 p.d.") == ["2026-01-25 22:58", "2026-01-25 00:28"]


def test_months_of_the_same_name_are_asked_about_unless_the_language_is_known() -> None:
    with pytest.raises(CoachError, match="is one day in pl and another in hr"):
        read("9 listopada 2026")
    assert read("9 listopada 2026", languages=["hr"]) == ["2026-10-09"]
    assert read("9 listopada 2026", languages=["pl"]) == ["2026-11-09"]
    assert read("9 listopada 2026", "3 marca 2026") == ["2026-11-09", "2026-03-03"]


def test_a_day_of_the_week_that_is_also_a_month_is_told_by_the_month_beside_it() -> None:
    assert read_written("mar 14 abr 2026", "es", "dmy") == read_written("14 de abril de 2026", "es", "dmy")


def test_days_without_a_year_are_days() -> None:
    assert are_times(["9. april", "April 9", "9 de abril", "soon", "top 9"]) == [True, True, True, False, False]


@settings(max_examples=150, deadline=None)
@given(
    st.datetimes(dt.datetime(2015, 1, 1), dt.datetime(2035, 1, 1)),  # noqa: DTZ001
    st.sampled_from(USUAL),
    st.sampled_from(["long", "full", "medium"]),
)
def test_a_day_as_babel_writes_it_is_read_back_or_left(at: dt.datetime, locale: str, width: str) -> None:
    written = read_written(format_date(at, width, locale=locale), locale, "dmy")  # type: ignore[arg-type]
    assert written is None or written[:3] == (at.year, at.month, at.day)
    assert written is not None or locale == "mn"
    clock = read_written(format_datetime(at, "medium", locale=locale), locale, "dmy")
    assert clock is None or (clock.clock is not None and clock.clock.time == at.time().replace(microsecond=0))
    assert clock is not None or locale == "mn"


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(dt.datetime(2015, 1, 1), dt.datetime(2035, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["da", "en", "es", "fr", "de", "el", "ja", "pt_BR", "tr", "ar"]),
    st.sampled_from(["Europe/Copenhagen", "America/St_Johns", "Asia/Tokyo", "Pacific/Auckland"]),
    st.sampled_from([" ({offset})", " {offset}", "", " ({zone})"]),
)
def test_a_time_in_a_timezone_is_read_back(at: dt.datetime, locale: str, zone: str, form: str) -> None:
    at = at.replace(microsecond=0)
    moment = at.replace(tzinfo=ZoneInfo(zone))
    offset = f"UTC{moment:%z}"[:8]
    text = format_datetime(at, "medium", locale=locale) + form.format(offset=offset, zone=zone)
    [read] = read_times([text], "f.csv", timezone=zone, languages=[locale])
    assert read is not None
    assert read[0] == moment.astimezone(dt.UTC)


def test_no_language_takes_another_languages_month_for_a_different_one() -> None:
    months: dict[str, dict[int, set[str]]] = {}
    for locale in USUAL:
        for name, month in names_of(locale).months.items():
            months.setdefault(name, {}).setdefault(month, set()).add(Locale.parse(locale).language)
    different = {name for name, by_month in months.items() if len(by_month) > 1}
    # Slavic months, about which is asked.
    assert different == {"listopada", "listopad", "lis", "lip", "srp"}
