"""In which order day, month and year stand in dates written in numbers: decided from the whole column."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

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
    """The day that three numbers name in an order; a year of four digits in front outweighs it, one of two is of this century.

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
    readings = {possible: [_read(text, possible) for text in numeric] for possible in ORDERS[:2]}
    possible = [name for name, days in readings.items() if None not in days]
    if readings["dmy"] == readings["mdy"] or (len(possible) == 2 and "." in numeric[0].split(" ")[0]):
        return "dmy"
    if len(possible) == 1:
        return possible[0]
    if possible:
        told = [name for name in possible if _a_day_apart([split_date(t) for t in texts], name)]
        if len(told) == 1:
            return told[0]
        odd = next(t for t in numeric if _read(t, "dmy") != _read(t, "mdy"))
        raise UndecidedOrderError(
            _("{text!r} may be day-first or month-first, and no other date of the column tells", text=odd),
            where=where,
            hint=_("say which with --date-order dmy or --date-order mdy"),
        )
    only = {
        name: next((t for t in numeric if _read(t, name) and not _read(t, other)), None)
        for name, other in (("dmy", "mdy"), ("mdy", "dmy"))
    }
    if only["dmy"] and only["mdy"] and not fits_order(numeric, "ymd"):
        raise CoachError(
            _("dates are day-first in {dmy!r} and month-first in {mdy!r}", dmy=only["dmy"], mdy=only["mdy"]),
            where=where,
            hint=_("give them one order"),
        )
    return "ymd" if fits_order(numeric, "ymd") else "mdy" if only["mdy"] else "dmy"


def _read(text: str, order: str) -> dt.date | None:
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
