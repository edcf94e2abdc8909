"""Periods of whole days on an account's clock, and the period before each."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress

from dateutil.relativedelta import relativedelta

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _

DAY = dt.timedelta(days=1)
EPOCH = dt.date(1970, 1, 1)
# Days that a period may have; those before and after it are days too.
FIRST, LAST = EPOCH, dt.date(2099, 12, 31)
# How many days and months each unit has.
UNITS = {"d": (1, 0), "w": (7, 0), "m": (0, 1), "y": (0, 12)}
_LAST = re.compile(r"([1-9]\d{0,3}) ?([dwmy])", re.IGNORECASE)


@dataclass(frozen=True)
class Period:
    """The days from `since` to `until`, both among them."""

    since: dt.date
    until: dt.date

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.until - self.since).days + 1

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """Each day in order."""
        return tuple(self.since + number * DAY for number in range(self.days))

    @property
    def before(self) -> Period:
        """The period to set this one beside: as many days before it, or of whole calendar months as many months.

        >>> print(Period(dt.date(2026, 6, 15), dt.date(2026, 6, 28)).before)
        2026-06-01 to 2026-06-14
        >>> print(Period(dt.date(2026, 6, 1), dt.date(2026, 6, 30)).before)
        2026-05-01 to 2026-05-31
        """
        end = self.until + DAY
        if self.since.day == end.day == 1:
            months = 12 * (end.year - self.since.year) + end.month - self.since.month
            return Period(self.since - relativedelta(months=months), self.since - DAY)
        return Period(self.since - self.days * DAY, self.since - DAY)

    def __str__(self) -> str:
        return f"{self.since} to {self.until}"


def day_number(day: dt.date) -> int:
    """How many days a day lies after 1970-01-01."""
    return (day - EPOCH).days


def choose_period(since: dt.date | None, until: dt.date | None, last: str | None, newest: dt.date) -> Period | None:
    """The period that options name; None where they name no first day.

    Parameters
    ----------
    since, until
        First and last day; without the last, it is `newest`.
    last
        How far the period reaches back from its last day: `28d`, `4w`, `3m` or `1y`.
    newest
        The newest day of the data.

    Raises
    ------
    CoachError
        For options that name no period, or a period in two ways.
    """
    for day in filter(None, (since, until)):
        if not FIRST <= day <= LAST:
            hint = _("give one from {first} to {last}", first=f"{FIRST:%Y}", last=f"{LAST:%Y}")
            raise CoachError(_("the day {day} is too far away", day=str(day)), hint=hint)
    end = until or newest
    if last is not None:
        if since is not None:
            problem = _("--since and --last both say where to begin")
            raise CoachError(problem, hint=_("leave one out"))
        return Period(_begin(last, end), end)
    if since is None:
        return None
    if since > end:
        if until is None:
            problem = _(
                "--since {since} is after the newest day of the data, {newest:%Y-%m-%d}", since=since, newest=newest
            )
            raise CoachError(problem, hint=_("add a newer export"))
        raise CoachError(_("--since {since} is after --until {until}", since=since, until=until), hint=_("swap them"))
    return Period(since, end)


def _begin(last: str, end: dt.date) -> dt.date:
    """The first day of a period that reaches so far back from its last day. Raises CoachError for another text."""
    if match := _LAST.fullmatch(last.strip()):
        count, unit = match.groups()
        days, months = UNITS[unit.lower()]
        with suppress(ValueError, OverflowError):
            begin = end + DAY - relativedelta(days=days * int(count), months=months * int(count))
            if begin >= FIRST:
                return begin
    hint = _("write a number and d, w, m or y, such as 28d, 4w or 3m")
    raise CoachError(_("--last {last!r} is no period", last=last), hint=hint)
