"""Full dates and times as exports write them; the order of day and month is decided from the whole column."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    import pandas as pd

COMPACT = re.compile(r"^(?:19|20)\d{6}$")
PARTED = re.compile(r"^(\d{1,4})\s?[/.\-年]\s?(\d{1,2})\s?[/.\-月]\s?(\d{1,4})日?\.?(?:[,T ]+(.*))?$")
_TIME = re.compile(
    r"^(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
# No post is of another century, nor was one made before there were phones that film.
FIRST_YEAR, LAST_YEAR = 2000, 2100
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?")
_UNIX = re.compile(r"^\d{10}(?:\.\d+)?$|^\d{13}$")


class UndecidedOrderError(CoachError):
    """A column whose dates may be read in two orders; another file, or the user, may tell which it is."""


def has_year(text: str) -> bool:
    """Whether a text is a date in numbers, year and all."""
    return bool(COMPACT.match(text) or PARTED.match(text))


def date_in_order(text: str, order: str) -> dt.date | None:
    """The day that the three numbers of a text name in an order; None where they name none.

    A year of four digits in front outweighs the order; one of two digits is of this century.

    >>> date_in_order("24/12/24", "dmy"), date_in_order("2024-9-9", "dmy")
    (datetime.date(2024, 12, 24), datetime.date(2024, 9, 9))
    """
    if (match := PARTED.match(text)) is None:
        return None
    first, second, third = match.group(1, 2, 3)
    places = {"dmy": (third, second, first), "mdy": (third, first, second), "ymd": (first, second, third)}
    year, month, day = places["ymd" if len(first) > 2 else order]
    try:
        return dt.date(int(year) + (2000 if len(year) <= 2 else 0), int(month), int(day))
    except ValueError:
        return None


def infer_order(texts: Sequence[str]) -> str | None:
    """The order that a column shows by itself: None where it holds no such dates, or where two orders fit."""
    possible = _possible_orders(_undecided([text.strip() for text in texts]))
    return possible[0] if len(possible) == 1 else None


def _undecided(texts: Sequence[str]) -> list[str]:
    """The dates whose year does not stand first, each once."""
    return [t for t in dict.fromkeys(texts) if (match := PARTED.match(t)) and len(match[1]) <= 2]


def _possible_orders(texts: Sequence[str]) -> list[str]:
    """The orders in which every text is a day; the year stands last in both."""
    return [order for order in ("dmy", "mdy") if all(date_in_order(text, order) for text in texts)]


def decide_order(texts: Sequence[str], where: str, order: str | None) -> str:
    """The order of the dates of a column; `order` says it outright.

    Raises CoachError where no one order fits all, and UndecidedOrderError where two do.
    """
    if order:
        return order
    numeric = _undecided(texts)
    days = {text: (date_in_order(text, "dmy"), date_in_order(text, "mdy")) for text in numeric}
    possible = _possible_orders(numeric)
    if all(day_first == month_first for day_first, month_first in days.values()):
        return "dmy"
    if len(possible) == 2:
        if "." in numeric[0].split(" ")[0]:
            return "dmy"
        # Rows of a daily file follow each other day by day.
        possible = [name for name in possible if _a_day_apart(texts, name)]
        if len(possible) != 1:
            text = next(text for text, (day_first, month_first) in days.items() if day_first != month_first)
            problem = _("{text!r} may be day-first or month-first, and no other date of the column tells", text=text)
            hint = _("say which with --date-order dmy or --date-order mdy")
            raise UndecidedOrderError(problem, where=where, hint=hint)
    if possible:
        return possible[0]
    if all(date_in_order(text, "ymd") for text in numeric):
        return "ymd"
    dmy = next((text for text, (day_first, month_first) in days.items() if day_first and not month_first), None)
    mdy = next((text for text, (day_first, month_first) in days.items() if month_first and not day_first), None)
    if dmy and mdy:
        problem = _("dates are day-first in {dmy!r} and month-first in {mdy!r}", dmy=dmy, mdy=mdy)
        raise CoachError(problem, where=where, hint=_("give them one order"))
    return "mdy" if mdy else "dmy"


def _a_day_apart(texts: Sequence[str], order: str) -> bool:
    days = [day for text in texts if (day := date_in_order(text, order))]
    steps = [abs((after - before).days) for before, after in pairwise(days)]
    return len(steps) > 3 and steps.count(1) >= 0.8 * len(steps)


@dataclass(frozen=True)
class Times:
    """A column of times: `at` (UTC), `has_hour` (False where only a day is given), `bad` (a text that is no time).

    `clock` says how an hour was placed: `offset` (it states its own), `local` (by the timezone), `gap` (the clocks
    skip it, read as if they had not yet changed) or `overlap` (it comes twice, read as the first).
    """

    at: pd.Series
    has_hour: pd.Series
    bad: pd.Series
    clock: pd.Series


# A moment in UTC, whether it has an hour, and how that was placed.
Moment = tuple[dt.datetime, bool, str | None]


def parse_timezone(name: str) -> ZoneInfo:
    """The timezone of an IANA name. Raises CoachError for another text."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        hint = _("use an IANA name such as Europe/Copenhagen")
        raise CoachError(_("{name!r} is no timezone", name=name), hint=hint) from error


def is_unambiguous(at: dt.datetime) -> bool:
    """Whether a time on a clock is there once: the clocks neither skip nor repeat it.

    >>> [is_unambiguous(dt.datetime(2026, 3, day, 2, tzinfo=parse_timezone("Europe/Copenhagen"))) for day in (28, 29)]
    [True, False]
    """
    return at.utcoffset() == at.replace(fold=1).utcoffset()


def parse_times(texts: pd.Series, where: str, *, order: str | None = None, timezone: str = "UTC") -> Times:
    """Times in any of the usual forms; a text without an offset is in `timezone`.

    `order` is `dmy`, `mdy` or `ymd`; without it, the column decides. Raises CoachError where it cannot.
    """
    import pandas as pd

    from tiktok_coach.io.parse import missing

    is_missing = missing(texts)
    present = texts[~is_missing]
    read = read_times([str(text) for text in present], where, order=order, timezone=timezone)
    by_row = dict(zip(present.index, read, strict=True))
    moments = [by_row.get(row) or (None, False, None) for row in texts.index]
    at = times_of([moment[0] for moment in moments], texts.index)
    has_hour = pd.Series([moment[1] for moment in moments], index=texts.index, dtype=bool)
    clock = pd.Series([moment[2] for moment in moments], index=texts.index, dtype="str")
    return Times(at, has_hour, at.isna() & ~is_missing, clock)


def read_times(
    texts: Sequence[str], where: str, *, order: str | None = None, timezone: str = "UTC"
) -> list[Moment | None]:
    """Times as `parse_times` reads them, None for a text that is no time."""
    local = parse_timezone(timezone)
    order = decide_order([t.strip() for t in texts], where, order)
    moments = {t: _read(t.strip(), local, order) for t in dict.fromkeys(texts)}
    # A year such as 1 or 9999 is a slip, and days between it and the others would be endless.
    possible = {t: m for t, m in moments.items() if m is not None and FIRST_YEAR <= m[0].year < LAST_YEAR}
    return [possible.get(text) for text in texts]


def times_of(moments: Sequence[dt.datetime | None], index: pd.Index) -> pd.Series:
    """Moments as a column of times in UTC, None as missing."""
    import pandas as pd

    return pd.Series(list(moments), index=index, dtype="datetime64[us, UTC]")


def _read(text: str, local: ZoneInfo, order: str) -> Moment | None:
    try:
        if _ISO.fullmatch(text):
            return _in_zone(dt.datetime.fromisoformat(text), local)
        if _UNIX.match(text):
            seconds = float(text) / (1000 if len(text) == 13 else 1)
            return dt.datetime.fromtimestamp(seconds, dt.UTC), True, "offset"
        if COMPACT.match(text):
            return _day_alone(dt.date(int(text[:4]), int(text[4:6]), int(text[6:])))
        if parts := PARTED.match(text):
            day = date_in_order(text, order)
            return None if day is None else _with_clock(day, (parts[4] or "").strip(), local)
        return _read_words(text, local, day_first=order != "mdy")
    except (ValueError, OverflowError, OSError):
        return None


def _with_clock(day: dt.date, clock: str, local: ZoneInfo) -> Moment | None:
    if not clock:
        return _day_alone(day)
    match = _TIME.match(clock)
    if not match:
        return None
    hour, minute, second, half, offset = match.groups()
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half.lower().startswith("p") else 0)
    zone = offset if offset and offset[0] in "+-" else "Z" if offset else ""
    return _in_zone(dt.datetime.fromisoformat(f"{day}T{hours:02}:{minute}:{second or '00'}{zone}"), local)


def _day_alone(day: dt.date) -> Moment:
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC), False, None


def _in_zone(moment: dt.datetime, local: ZoneInfo) -> Moment:
    """A time in UTC: by its own offset, or a local clock's with what a change of the clocks makes of it."""
    if moment.tzinfo:
        return moment.astimezone(dt.UTC), True, "offset"
    first, second = (moment.replace(tzinfo=local, fold=fold) for fold in (0, 1))
    at, clock = first.astimezone(dt.UTC), "local"
    if first.utcoffset() != second.utcoffset():
        clock = "overlap" if at.astimezone(local).replace(tzinfo=None) == moment else "gap"
    return at, True, clock


def _read_words(text: str, local: ZoneInfo, *, day_first: bool) -> Moment | None:
    """A date with the month in words, in English as dateutil reads it."""
    from dateutil import parser

    if not re.search(r"\d{4}", text) or not re.search(r"[A-Za-z]{3}", text):
        return None
    low = parser.parse(text, dayfirst=day_first, default=dt.datetime(2000, 1, 1))  # noqa: DTZ001
    high = parser.parse(text, dayfirst=day_first, default=dt.datetime(2001, 2, 2, 1, 1))  # noqa: DTZ001
    if low.date() != high.date():
        return None
    return _day_alone(low) if low.time() != high.time() else _in_zone(low, local)


def parse_day(text: str, option: str) -> dt.date:
    """A date given as an option, `YYYY-MM-DD`. Raises CoachError otherwise."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        problem = _("{option} {text!r} is no date", option=option, text=text)
        raise CoachError(problem, hint=_("write it as YYYY-MM-DD")) from error
