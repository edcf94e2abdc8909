"""Full dates and times as exports write them; the order of day and month is decided from the whole column."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.io.parse.numbers import missing

if TYPE_CHECKING:
    import pandas as pd

ORDERS = ("dmy", "mdy", "ymd")
COMPACT = re.compile(r"^(?:19|20)\d{6}$")
PARTED = re.compile(r"^(\d{1,4})\s?[/.\-年]\s?(\d{1,2})\s?[/.\-月]\s?(\d{1,4})日?\.?(?:[,T ]+(.*))?$")
# Of rows a day apart, this share tells the order in which they are.
STEADY = 0.8


class UndecidedOrderError(CoachError):
    """A column whose dates may be read in two orders; another file, or the user, may tell which it is."""


def split_date(text: str) -> tuple[str, str, str] | None:
    """The three numbers of a date, as they stand; None for another text."""
    found = PARTED.match(text)
    return (found[1], found[2], found[3]) if found else None


def has_year(text: str) -> bool:
    """Whether a text is a date in numbers, year and all."""
    return bool(COMPACT.match(text) or PARTED.match(text))


def date_from_parts(parts: tuple[str, str, str], order: str) -> dt.date:
    """The day that three numbers name in an order; a year of four digits in front outweighs it, one of two is of this
    century.

    Raises ValueError where they name none.

    >>> date_from_parts(("24", "12", "24"), "dmy"), date_from_parts(("2024", "9", "9"), "dmy")
    (datetime.date(2024, 12, 24), datetime.date(2024, 9, 9))
    """
    first, second, third = parts
    if len(first) > 2 or order == "ymd":
        year, month, day = first, second, third
    else:
        year = third
        day, month = (first, second) if order == "dmy" else (second, first)
    return dt.date(int(year) + (2000 if len(year) <= 2 else 0), int(month), int(day))


def fits_order(texts: Sequence[str], order: str) -> bool:
    """Whether every text is a day in an order."""
    try:
        for text in texts:
            if (parts := split_date(text)) is not None:
                date_from_parts(parts, order)
    except ValueError:
        return False
    return True


def infer_order(texts: Sequence[str]) -> str | None:
    """The order that a column shows by itself: None where it holds no such dates, or where two orders fit."""
    numeric = _undecided([text.strip() for text in texts])
    possible = [order for order in ORDERS[:2] if fits_order(numeric, order)]
    return possible[0] if numeric and len(possible) == 1 else None


def _undecided(texts: Sequence[str]) -> list[str]:
    """The dates whose year does not stand first, each once."""
    return [t for t in dict.fromkeys(texts) if (parts := split_date(t)) is not None and len(parts[0]) <= 2]


def decide_order(texts: Sequence[str], where: str, order: str | None) -> str:
    """The order of the dates of a column; `order` says it outright.

    Raises CoachError where no one order fits all, and UndecidedOrderError where two do.
    """
    if order:
        return order
    numeric = _undecided(texts)
    readings = {possible: [_date_in_order(text, possible) for text in numeric] for possible in ORDERS[:2]}
    possible = [name for name, days in readings.items() if None not in days]
    if readings["dmy"] == readings["mdy"] or (len(possible) == 2 and "." in numeric[0].split(" ")[0]):
        return "dmy"
    if len(possible) == 1:
        return possible[0]
    if possible:
        told = [name for name in possible if _a_day_apart([split_date(t) for t in texts], name)]
        if len(told) == 1:
            return told[0]
        odd = next(t for t in numeric if _date_in_order(t, "dmy") != _date_in_order(t, "mdy"))
        raise UndecidedOrderError(
            _("{text!r} may be day-first or month-first, and no other date of the column tells", text=odd),
            where=where,
            hint=_("say which with --date-order dmy or --date-order mdy"),
        )
    only = {
        name: next((t for t in numeric if _date_in_order(t, name) and not _date_in_order(t, other)), None)
        for name, other in (("dmy", "mdy"), ("mdy", "dmy"))
    }
    if only["dmy"] and only["mdy"] and not fits_order(numeric, "ymd"):
        raise CoachError(
            _("dates are day-first in {dmy!r} and month-first in {mdy!r}", dmy=only["dmy"], mdy=only["mdy"]),
            where=where,
            hint=_("give them one order"),
        )
    return "ymd" if fits_order(numeric, "ymd") else "mdy" if only["mdy"] else "dmy"


def _date_in_order(text: str, order: str) -> dt.date | None:
    parts = split_date(text)
    try:
        return date_from_parts(parts, order) if parts else None
    except ValueError:
        return None


def _a_day_apart(rows: Sequence[tuple[str, str, str] | None], order: str) -> bool:
    """Whether rows follow each other day by day, as those of a daily file do."""
    days = [date_from_parts(parts, order) for parts in rows if parts is not None]
    steps = [abs((after - before).days) for before, after in itertools.pairwise(days)]
    return len(steps) > 3 and steps.count(1) >= STEADY * len(steps)


UTC = dt.UTC
_TIME = re.compile(
    r"^(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
# No post is of another century, nor was one made before there were phones that film.
FIRST_YEAR, LAST_YEAR = 2000, 2100
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?")
_UNIX = re.compile(r"^\d{10}(?:\.\d+)?$|^\d{13}$")


@dataclass(frozen=True)
class Times:
    """A column of times: `at` (UTC), `has_hour` (False where only a day is given), `bad` (a text that is no time).

    `clock` says how an hour was placed: `offset` (it states its own), `local` (by the timezone), `gap` (the clocks skip
    it, read as if they had not yet changed) or `overlap` (it comes twice, read as the first); missing where there is
    none.
    """

    at: pd.Series
    has_hour: pd.Series
    bad: pd.Series
    clock: pd.Series


# A moment in UTC, whether it has an hour, and how that was placed.
Moment = tuple[dt.datetime, bool, str | None]


def parse_timezone(name: str) -> ZoneInfo:
    """The timezone of an IANA name. Raises CoachError for another text.

    >>> parse_timezone("Europe/Copenhagen").key
    'Europe/Copenhagen'
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise CoachError(
            _("{name!r} is no timezone", name=name), hint=_("use an IANA name such as Europe/Copenhagen")
        ) from error


def is_unambiguous(at: dt.datetime) -> bool:
    """Whether a time on a clock is there once: the clocks neither skip nor repeat it.

    >>> zone = parse_timezone("Europe/Copenhagen")
    >>> [is_unambiguous(dt.datetime(2026, 3, day, 2, 30, tzinfo=zone)) for day in (28, 29)]
    [True, False]
    """
    return at.utcoffset() == at.replace(fold=1).utcoffset()


def parse_times(texts: pd.Series, where: str, *, order: str | None = None, timezone: str = "UTC") -> Times:
    """Times in any of the usual forms; a text without an offset is in `timezone`.

    `order` is `dmy`, `mdy` or `ymd`; without it, the column decides. Raises CoachError where it cannot.
    """
    import pandas as pd

    held = texts[~missing(texts)]
    read = read_times([str(text) for text in held], where, order=order, timezone=timezone)
    placed = dict(zip(held.index, read, strict=True))
    found = [placed.get(row) for row in texts.index]
    at = times_of([f[0] if f else None for f in found], texts.index)
    has_hour = pd.Series([bool(f and f[1]) for f in found], index=texts.index, dtype=bool)
    clock = pd.Series([f[2] if f else None for f in found], index=texts.index, dtype="str")
    return Times(at, has_hour, at.isna() & ~missing(texts), clock)


def read_times(
    texts: Sequence[str], where: str, *, order: str | None = None, timezone: str = "UTC"
) -> list[Moment | None]:
    """Times as `parse_times` reads them, None for a text that is no time."""
    local = parse_timezone(timezone)
    decided = decide_order([t.strip() for t in texts], where, order)
    read = {t: _of_our_time(_read(t.strip(), local, decided)) for t in dict.fromkeys(texts)}
    return [read[text] for text in texts]


def _of_our_time(moment: Moment | None) -> Moment | None:
    """A time that a post can have; a year such as 1 or 9999 is a slip, and days between it and the others would be
    endless.
    """
    return moment if moment is not None and FIRST_YEAR <= moment[0].year < LAST_YEAR else None


def times_of(moments: Sequence[dt.datetime | None], index: pd.Index) -> pd.Series:
    """Moments as a column of times in UTC, None as missing."""
    import pandas as pd

    return pd.Series(list(moments), index=index, dtype="datetime64[us, UTC]")


def _read(text: str, local: ZoneInfo, order: str) -> Moment | None:
    try:
        if _ISO.fullmatch(text):
            moment = dt.datetime.fromisoformat(text)
            return (moment.astimezone(UTC), True, "offset") if moment.tzinfo else _in_zone(moment, local)
        if _UNIX.match(text):
            seconds = float(text) / (1000 if len(text) == 13 else 1)
            return dt.datetime.fromtimestamp(seconds, UTC), True, "offset"
        if COMPACT.match(text):
            return dt.datetime(int(text[:4]), int(text[4:6]), int(text[6:]), tzinfo=UTC), False, None
        if parts := PARTED.match(text):
            return _read_parted(parts, local, order)
        return _read_named(text, local, day_first=order != "mdy")
    except (ValueError, OverflowError, OSError):
        return None


def _read_parted(parts: re.Match[str], local: ZoneInfo, order: str) -> Moment | None:
    day = date_from_parts((parts[1], parts[2], parts[3]), order)
    clock = parts[4]
    if clock is None or not clock.strip():
        return dt.datetime(day.year, day.month, day.day, tzinfo=UTC), False, None
    found = _TIME.match(clock.strip())
    if not found:
        return None
    hour, minute, second_, half, offset = found.groups()
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half.lower().startswith("p") else 0)
    moment = dt.datetime(day.year, day.month, day.day, hours, int(minute), int(second_ or 0))  # noqa: DTZ001 - the zone follows
    if not offset:
        return _in_zone(moment, local)
    if offset[0] not in "+-":
        return moment.replace(tzinfo=UTC), True, "offset"
    hours_, minutes = int(offset[1:3]), int(offset[-2:])
    delta = dt.timedelta(hours=hours_, minutes=minutes) * (-1 if offset[0] == "-" else 1)
    return moment.replace(tzinfo=dt.timezone(delta)).astimezone(UTC), True, "offset"


def _in_zone(moment: dt.datetime, local: ZoneInfo) -> Moment:
    """A clock's time in UTC, with what a change of the clocks makes of it."""
    first, second = (moment.replace(tzinfo=local, fold=fold) for fold in (0, 1))
    at, clock = first.astimezone(UTC), "local"
    if first.utcoffset() != second.utcoffset():
        clock = "overlap" if at.astimezone(local).replace(tzinfo=None) == moment else "gap"
    return at, True, clock


def _read_named(text: str, local: ZoneInfo, *, day_first: bool) -> Moment | None:
    """A date with the month in words, in English as dateutil reads it."""
    from dateutil import parser

    if not re.search(r"\d{4}", text) or not re.search(r"[A-Za-z]{3}", text):
        return None
    low = parser.parse(text, dayfirst=day_first, default=dt.datetime(2000, 1, 1))  # noqa: DTZ001
    high = parser.parse(text, dayfirst=day_first, default=dt.datetime(2001, 2, 2, 1, 1))  # noqa: DTZ001
    if low.date() != high.date():
        return None
    has_hour = low.time() == high.time()
    if not has_hour:
        return dt.datetime(low.year, low.month, low.day, tzinfo=UTC), False, None
    return (low.astimezone(UTC), True, "offset") if low.tzinfo else _in_zone(low, local)


def parse_day(text: str, option: str) -> dt.date:
    """A date given as an option, `YYYY-MM-DD`. Raises CoachError otherwise."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CoachError(
            _("{option} {text!r} is no date", option=option, text=text), hint=_("write it as YYYY-MM-DD")
        ) from error
