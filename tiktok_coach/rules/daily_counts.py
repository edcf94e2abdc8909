"""What an account's tables by day say of its newest days: one answer for rules and for what is shown beside them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

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
    import pandas as pd

    counts, days = table[name].to_numpy(dtype="float64", na_value=np.nan), table["date"]
    moments = days.to_numpy(dtype="datetime64[ns]")
    known = np.flatnonzero(~np.isnan(counts) & ~np.isnat(moments))
    if not len(known):
        return None
    # Grouping by pandas takes longer than all rules on accounts, which ask for this.
    rows = known[np.argsort(moments[known], kind="stable")]
    is_last = np.append(moments[rows][1:] != moments[rows][:-1], [True])
    return pd.Series(counts[rows[is_last]], index=pd.DatetimeIndex(days.iloc[rows[is_last]]))
