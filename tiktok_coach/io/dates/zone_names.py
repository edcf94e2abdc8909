"""Timezones as cells and headings name them: `UTC+2`, `GMT`, `+0100`, `CET`, `Europe/Copenhagen`."""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tiktok_coach.core.timezones import zone_names

# The furthest that any clock is behind and before UTC.
EARLIEST, LATEST = dt.timedelta(hours=-12), dt.timedelta(hours=14)
QUARTER_HOUR = dt.timedelta(minutes=15)
_OFFSET = re.compile(r"(?:utc|gmt)?\s?([+\-\u2212])\s?(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_IN_HEADING = re.compile(
    r"(?:\b|_)(?:UTC|GMT)\s?[+\-\u2212]\s?\d{1,2}(?::?\d{2})?(?!\d)"
    r"|\b[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?\b"
    r"|(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))(?:[Uu][Tt][Cc]|[Gg][Mm][Tt])(?![A-Za-z])"
    r"|(?<![A-Za-z])[A-Z]{3,4}(?![A-Za-z])"
    r"|(?<=\()[A-Za-z]{2,4}(?=\))"
)


@cache
def date_words() -> dict[str, Any]:
    """What `words.json` says: names of timezones, and the small words that stand in dates."""
    content: dict[str, Any] = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))
    return content


def offset_of(text: str) -> dt.timezone | None:
    """The fixed offset that a text such as `UTC-5`, `+0100` or `GMT+5:30` names; None where no clock is that far off.

    >>> [str(offset_of(text)) for text in ("UTC-5", "+0100", "-19:00", "+01:20")]
    ['UTC-05:00', 'UTC+01:00', 'None', 'None']
    """
    match = _OFFSET.fullmatch(text.strip())
    if match is None or int(match[3] or 0) >= 60:
        return None
    offset = dt.timedelta(hours=int(match[2]), minutes=int(match[3] or 0)) * (1 if match[1] == "+" else -1)
    return dt.timezone(offset) if EARLIEST <= offset <= LATEST and not offset % QUARTER_HOUR else None


def zone_of(text: str) -> dt.tzinfo | None:
    """The timezone that a text names: an offset, an IANA name, or one of the usual abbreviations; else None.

    An abbreviation stands for the clock of its region, summer time and all.
    """
    text = text.strip(" ()[]")
    if (offset := offset_of(text)) is not None:
        return offset
    name = zone_names().get(text.casefold()) if "/" in text else date_words()["zones"].get(text.casefold())
    return None if name is None else ZoneInfo(name)


def is_in_season(text: str, moment: dt.datetime) -> bool:
    """Whether a zone's abbreviation is its region's name at a moment: `PST` is not in July, `PT` always."""
    words, name = date_words(), text.strip(" ()[]").casefold()
    if name not in words["zones"] or name in words["either season"] or words["zones"][name] == "UTC":
        return True
    return (moment.tzname() or "").casefold() == str(words["same as"].get(name, name))


def zone_of_heading(heading: str) -> dt.tzinfo | None:
    """The timezone that a heading names for the times below it; None for most.

    >>> [str(zone_of_heading(name)) for name in ("Posted at (UTC)", "create_time_utc", "Tid (Europe/Oslo)", "Time")]
    ['UTC', 'UTC', 'Europe/Oslo', 'None']
    """
    named = (zone_of(match[0].replace("_", " ") if "/" not in match[0] else match[0]) for match in _matches(heading))
    return next((zone for zone in named if zone is not None), None)


def without_zone(heading: str) -> str:
    """A heading without the timezone that it names."""
    for match in _matches(heading):
        if zone_of(match[0].strip("_ ")) is not None:
            return (
                heading[: match.start()].rstrip(" (_[") + " " + heading[match.end() :].lstrip(" )_]")
            ).strip() or heading
    return heading


def _matches(heading: str) -> list[re.Match[str]]:
    return list(_IN_HEADING.finditer(heading))
