"""What an account's tables by day say of its newest days: one answer for rules and for what is shown beside them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd


class DayCount(NamedTuple):
    """A count up to a day; where `is_whole` is false some days are not known, and it may be more."""

    value: float
    until: pd.Timestamp
    is_whole: bool = True


def newest_count(table: pd.DataFrame | None, name: str) -> DayCount | None:
    """The newest count of a table by day; None where none is known."""
    by_day = _by_day(table, name)
    return None if by_day is None else DayCount(float(by_day.iloc[-1]), by_day.index[-1])


def sum_of_newest_days(table: pd.DataFrame | None, name: str, days: int) -> DayCount | None:
    """The sum of the newest days of a table by day; None where none is known."""
    by_day = _by_day(table, name)
    if by_day is None:
        return None
    until = by_day.index[-1]
    newest = by_day[by_day.index > until - dt.timedelta(days=days)]
    return DayCount(float(newest.sum()), until, is_whole=len(newest) == days)


def _by_day(table: pd.DataFrame | None, name: str) -> pd.Series | None:
    """The last known count of each day, the days in order."""
    if table is None or name not in table:
        return None
    by_day = table.dropna(subset=[name]).groupby("date")[name].last().sort_index()
    return by_day if len(by_day) else None
