"""The insights of the account: a day, or an hour, a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tiktok_coach.io.capture.answers import Answer
from tiktok_coach.io.capture.measures import bare, count, listed

if TYPE_CHECKING:
    import pandas as pd

DAILY = {
    "overview": {
        "views": "vv_history",
        "profile_views": "pv_history",
        "likes": "like_history",
        "comments": "comment_history",
        "shares": "share_history",
    },
    "followers": {"followers": "follower_num_history"},
}
# Before every answer that says when it came.
EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
ACTIVE = "follower_active_history_hours"


def tables(answers: Iterable[Answer], timezone: str | None) -> dict[str, pd.DataFrame]:
    """The tables of an Audience that answers on the account hold; later answers win. Hours are in `timezone`, or the page's own."""
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
    found = {}
    for name, held in sorted(rows.items()):
        table = pd.DataFrame([held[key] for key in sorted(held)])
        table["date"] = pd.to_datetime(table["date"], utc=True).astype("datetime64[us, UTC]")
        counts = [c for c in table.columns if c != "date"]
        table[counts] = table[counts].astype("Int64")
        found[name] = table.assign(change=table["followers"].diff()) if name == "followers" else table
    return found


def _days(answer: Answer, key: str) -> Iterator[tuple[dt.date, Any]]:
    """The entries of a history with their days, which its entries name or its request tells."""
    entries = listed(answer.body.get(key))
    back = answer.request.ending(key)
    last = None
    if answer.at is not None and back is not None:
        zone = ZoneInfo(answer.request.timezone or "UTC")
        last = answer.at.astimezone(zone).date() - dt.timedelta(days=back)
    for position, entry in enumerate(entries):
        day = _named(entry)
        if day is None and last is not None:
            day = last - dt.timedelta(days=len(entries) - 1 - position)
        if day is not None:
            yield day, entry


def _named(entry: Any) -> dt.date | None:
    text = str(entry.get("date_key") or "") if isinstance(entry, dict) else ""
    digits = text.replace("-", "")[:8]
    try:
        return dt.datetime.strptime(digits, "%Y%m%d").date() if len(digits) == 8 else None  # noqa: DTZ007 - a day alone
    except ValueError:
        return None


def _local(day: dt.date, hour: int, written: str | None, wanted: str | None) -> tuple[dt.date, int]:
    """A day and hour of the page's timezone in the one that is wanted."""
    if written is None or wanted is None or written == wanted:
        return day, hour
    at = dt.datetime.combine(day, dt.time(hour), ZoneInfo(written)).astimezone(ZoneInfo(wanted))
    return at.date(), at.hour
