"""Periods of whole days on an account's clock, and the period before each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

DAY = dt.timedelta(days=1)


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
