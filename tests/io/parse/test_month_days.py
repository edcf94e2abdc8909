"""Days without a year: every language that CLDR knows is one that they may be written in."""

from __future__ import annotations

import datetime as dt

import pytest
from babel.dates import format_skeleton

from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.dates.month_days import days_of, locales, plain, read_days


def test_no_language_is_passed_over() -> None:
    for locale in locales():
        if days_of(locale):
            written = [format_skeleton("MMMMd", dt.date(2024, 5, day), locale=locale) for day in (3, 14, 28)]
            days, language = read_days(written, "f.csv")
            # A language that is asked before may write almost alike, and is enough.
            assert len(days) >= 0.6 * len(written), f"{locale}, read as {language}"


@pytest.mark.parametrize("locale", ["en", "da", "vi", "zh_Hant", "fa", "sr_Latn"])
def test_a_day_is_written_as_babel_writes_it(locale: str) -> None:
    days = days_of(locale)
    for day in (dt.date(2024, 2, 29), dt.date(2024, 12, 9)):
        assert days[plain(format_skeleton("MMMMd", day, locale=locale))] == (day.month, day.day)


def test_most_cells_decide_and_not_most_ways_of_writing() -> None:
    texts = ["March 20"] * 20 + ["Mxrch 20", "?"]
    assert read_days(texts, "f.csv") == ({"March 20": (3, 20)}, "en")
    with pytest.raises(CoachError, match="'Mxrch 20' is not a day in any known language"):
        read_days(["March 20", "Mxrch 20", "?"], "f.csv")
