"""The insights of the account: a day, or an hour, a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tiktok_coach.io.capture.answers import Answer
from tiktok_coach.io.capture.insights import ACTIVE, DAILY
from tiktok_coach.io.capture.measures import bare, count, listed

if TYPE_CHECKING:
    import pandas as pd

# Before every answer that says when it came.
EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)


def tables(answers: Iterable[Answer], timezone: str | None) -> dict[str, pd.DataFrame]:
    """The tables of an Audience in answers on the account; later ones win. Hours are in `timezone`, or the page's."""
    import pandas as pd

    rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
    for answer in sorted(answers, key=lambda a: (a.at or EARLIEST, a.number)):
        for name, columns in DAILY.items():
            for fact, key in columns.items():
                for day, entry in _days(answer, key):
                    if (value := count(entry)) is not None:
                        rows.setdefault(name, {}).setdefault((day,), {"date": day})[fact] = value
        for day, entry in _days(answer, ACTIVE):
            values = bare(entry)
            for hour, value in enumerate(values[:24] if isinstance(values, list) else ()):
                active = count(value)
                when = _local(day, hour, answer.request.timezone, timezone)
                rows.setdefault("activity", {})[when] = {"date": when[0], "hour": when[1], "active_followers": active}
    result = {}
    for name, by_time in sorted(rows.items()):
        table = pd.DataFrame([by_time[key] for key in sorted(by_time)])
        table["date"] = pd.to_datetime(table["date"], utc=True).astype("datetime64[us, UTC]")
        counts = [c for c in table.columns if c != "date"]
        table[counts] = table[counts].astype("Int64")
        result[name] = table.assign(change=table["followers"].diff()) if name == "followers" else table
    return result


def _days(answer: Answer, key: str) -> Iterator[tuple[dt.date, Any]]:
    """The entries of a history with their days, which its entries name or its request tells."""
    entries = listed(answer.body.get(key))
    back = answer.request.ending(key)
    last = None
    if answer.at is not None and back is not None:
        zone = ZoneInfo(answer.request.timezone or "UTC")
        last = answer.at.astimezone(zone).date() - dt.timedelta(days=back)
    for before, entry in zip(range(len(entries) - 1, -1, -1), entries, strict=True):
        day = _day_of(entry) or (last - dt.timedelta(days=before) if last is not None else None)
        if day is not None:
            yield day, entry


def _day_of(entry: Any) -> dt.date | None:
    text = str(entry.get("date_key") or "") if isinstance(entry, dict) else ""
    digits = text.replace("-", "")[:8]
    try:
        return dt.datetime.strptime(digits, "%Y%m%d").date() if len(digits) == 8 else None  # noqa: DTZ007 - a day alone
    except ValueError:
        return None


def _local(day: dt.date, hour: int, source: str | None, target: str | None) -> tuple[dt.date, int]:
    """A day and hour of the page's timezone in another."""
    if source is None or target is None or source == target:
        return day, hour
    at = dt.datetime.combine(day, dt.time(hour), ZoneInfo(source)).astimezone(ZoneInfo(target))
    return at.date(), at.hour
