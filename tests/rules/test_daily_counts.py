"""What tables by day say of an account's newest days."""

from __future__ import annotations

import pandas as pd

from tiktok_coach.rules.daily_counts import newest_count, sum_of_newest_days

DAYS = pd.DataFrame(
    {
        "date": pd.to_datetime(["2026-10-03", "2026-10-01", "2026-10-02", "2026-10-02", "2026-10-03"], utc=True),
        "views": pd.array([7, 1, 2, 3, None], dtype="Int64"),
    }
)


def test_of_a_day_that_comes_twice_the_last_known_count_holds() -> None:
    assert newest_count(DAYS, "views") == (7, pd.Timestamp("2026-10-03", tz="UTC"), True)
    assert sum_of_newest_days(DAYS, "views", 3) == (1 + 3 + 7, pd.Timestamp("2026-10-03", tz="UTC"), True)


def test_days_that_are_not_known_are_said_to_be_missing() -> None:
    count = sum_of_newest_days(DAYS, "views", 5)
    assert count is not None
    assert (count.value, count.is_whole) == (11, False)


def test_nothing_is_known_of_no_table_and_of_empty_columns() -> None:
    assert newest_count(None, "views") is None
    assert newest_count(DAYS, "likes") is None
    assert newest_count(DAYS.assign(views=None), "views") is None
