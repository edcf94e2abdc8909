"""TikTok Studio's names of insights and counts, and their values out of the wrappers in which they come.

A value is a number only where its status says that it is one. insights.json takes columns of the posts table, or of
tables of the account, to the names of what fills them (of `traffic`, `ages` and `genders` the other way round).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_TABLES: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("insights.json").read_text("utf-8"))
COUNTS: dict[str, list[str]] = _TABLES["counts"]
SHARES: dict[str, str] = _TABLES["shares"]
NOT_FOLLOWING = "video_viewer_nonfollower_percent_realtime"
INFO = "video_info"
WATCH_TIME, TOTAL_WATCH_TIME = "video_per_duration_realtime", "video_total_duration_realtime"
RETENTION, LIKES_BY_SECOND = "video_retention_rate_realtime", "video_like_distribution_realtime"
SEARCH_TERMS = "item_search_terms"
TRAFFIC, AGE, GENDER, LOCATION = (
    f"video_{part}_percent_realtime" for part in ("traffic_source", "viewer_age", "viewer_gender", "viewer_location")
)
TRAFFIC_COLUMNS: dict[str, str] = _TABLES["traffic"]
AGE_COLUMNS: dict[str, str] = _TABLES["ages"]
GENDER_COLUMNS: dict[str, str] = _TABLES["genders"]
# Counts of a video by the hour, and by the day of its first week.
HOURS = "video_vv_history_48_hours"
HISTORIES: dict[str, str] = _TABLES["histories"]
# Counts of the account by day, in tables of its audience, and its active followers by hour.
DAILY: dict[str, dict[str, str]] = _TABLES["daily"]
ACTIVE = "follower_active_history_hours"
# Counts within a video's information, and of an item of the list of posts.
STATISTICS: dict[str, str] = _TABLES["statistics"]
ITEM_COUNTS: dict[str, str] = _TABLES["item_counts"]
OF_VIDEO = frozenset({*(key for keys in COUNTS.values() for key in keys), *SHARES.values(), *HISTORIES.values()}) | {
    *(NOT_FOLLOWING, INFO, WATCH_TIME, TOTAL_WATCH_TIME, RETENTION, LIKES_BY_SECOND, SEARCH_TERMS, HOURS),
    *(TRAFFIC, AGE, GENDER, LOCATION),
}
OF_ACCOUNT = frozenset(
    {*(key for keys in DAILY.values() for key in keys.values()), ACTIVE, "viewer_active_history_hours", "follower_num"}
)
WRAPPERS = 4
MOST = 10**13


def bare(part: Any) -> Any:
    """A value without its wrappers, of which there may be several; None where a status says that it is not known.

    >>> bare({"is_after_7d": False, "value": {"status": 0, "value": 16.6}}), bare({"status": 2, "value": 0})
    (16.6, None)
    """
    for _ in range(WRAPPERS):
        if not isinstance(part, dict):
            return part
        status = part.get("status")
        if status is not None and str(status) not in {"0", "0.0"}:
            return None
        if "value" not in part:
            return part
        part = part["value"]
    return None


def number(part: Any, high: float = MOST) -> float | None:
    """A number from 0 to `high`, also where it is written as a text; None where it is not known."""
    value = bare(part)
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) and 0 <= value <= high else None


def count(part: Any) -> int | None:
    """A count; None where it is not known, or is no whole number."""
    value = number(part)
    return int(value) if value is not None and value.is_integer() else None


def share(part: Any) -> float | None:
    """A share, 0-1; None where it is not known."""
    return number(part, 1.0)


def shares(part: Any) -> dict[str, float]:
    """Shares by their keys (`{"For You": 0.84}`); those that are not known are left out."""
    entries = [entry for entry in listed(part) if isinstance(entry, dict) and "key" in entry]
    return {entry["key"]: value for entry in entries if (value := share(entry)) is not None}


def first(values: Iterable[int | None]) -> int | None:
    """The first value that is known."""
    return next((value for value in values if value is not None), None)


def inner(part: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object of this name within another; empty where there is none."""
    value = part.get(name)
    return value if isinstance(value, dict) else {}


def listed(part: Any) -> Sequence[Any]:
    """The list within a value; empty where there is none."""
    value = bare(part)
    if isinstance(value, dict):
        value = value.get("list", value.get("country_percent_list"))
    return value if isinstance(value, list) else ()


def points(part: Any) -> Iterator[tuple[float, float]]:
    """Timestamps, in the file's own unit, with their shares."""
    for entry in listed(part):
        at, value = (number(entry.get("timestamp")), share(entry)) if isinstance(entry, dict) else (None, None)
        if at is not None and value is not None:
            yield at, value


def without_missing(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are known."""
    return {name: value for name, value in values.items() if value is not None}
