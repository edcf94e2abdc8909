"""Drafts a content calendar: the next slots in good hours, which take turns."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from zoneinfo import ZoneInfo

from tiktok_coach.analysis.good_hours import GoodHours, good_hours, hours_apart
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress, resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _
from tiktok_coach.io.dates.parse import is_unambiguous
from tiktok_coach.rules.checks.active_hours import spans


@dataclass(frozen=True)
class Slot:
    """A time at which a post could go out."""

    name: str
    at: dt.datetime


@dataclass(frozen=True)
class Draft:
    """Slots with the account they are for, and what their hours rest on."""

    account: Account
    slots: tuple[Slot, ...]
    hours: tuple[int, ...]
    basis: str


def draft(
    options: AnalysisOptions,
    *,
    count: int,
    per_day: int,
    start: dt.date | None = None,
    hours: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Draft:
    """The next `count` slots in `hours`, or in the good hours of the exports' account (see `good_hours`).

    Each hour is used as often as the others. The first slot is tomorrow at the earliest, or on `start`. Raises
    CoachError for unknown hours or an unknown timezone.
    """
    settings = resolve_settings(options)
    account = settings.config.account.account()
    analysis = Analysis.load(options.inputs, settings, progress) if options.inputs else None
    if analysis is not None:
        account = account.fill_from(analysis.account)
    timezone = options.timezone or account.timezone
    if timezone is None:
        raise CoachError(_("the account's timezone is not known"), hint=_("say --timezone, such as Europe/Copenhagen"))
    apart = settings.apart / dt.timedelta(hours=1)
    basis = "--hours"
    if hours is None:
        if analysis is None:
            raise CoachError(_("nothing tells the audience's hours"), hint=_("give --history, or --hours 18,20"))
        good = _good_hours(analysis, per_day, apart)
        hours, basis = good.hours, good.basis
    ways = _ways_of_a_day(hours, per_day, apart)
    if not ways:
        terms = {"per_day": per_day, "hours": spans(sorted(hours)), "apart": apart}
        problem = _("no {per_day} of the hours {hours} lie {apart:g} h apart", **terms)
        raise CoachError(problem, hint=_("ask for fewer with --per-day, or say --hours"))
    zone = ZoneInfo(timezone)
    slots: list[Slot] = []
    uses: Counter[int] = Counter()
    now = settings.now
    day = max(start or settings.read_options.today + dt.timedelta(days=1), now.astimezone(zone).date())
    while len(slots) < count:
        # Hours take turns, so that posts also tell which of them is best; those of a new day lie apart from the last.
        earliest = slots[-1].at.hour + apart - 24 if slots else 0
        fitting = [way for way in ways if way[0] >= earliest] or ways
        way = min(fitting, key=lambda way: (sum(uses[hour] for hour in way), sum(map(hours.index, way))))
        for hour in way:
            at = dt.datetime.combine(day, dt.time(hour), zone)
            # A local time that is past, that the clocks skip, or that comes twice, is passed over.
            if at > now and is_unambiguous(at) and len(slots) < count:
                slots.append(Slot(f"{day.isoformat()}-{hour:02d}" if per_day > 1 else day.isoformat(), at))
        uses.update(way)
        day += dt.timedelta(days=1)
    return Draft(account, tuple(slots), tuple(sorted({slot.at.hour for slot in slots})), basis)


def _good_hours(analysis: Analysis, per_day: int, apart: float) -> GoodHours:
    """The good hours of the account with most posts, and others beside them where those are too few for a day."""
    good = good_hours(analysis.for_account(analysis.account.handle))
    if not good.hours:
        hint = _("add FollowerActivity.csv with rows, or posts with their hour; or say --hours 18,20")
        raise CoachError(_("not enough data to tell the hours of the audience"), hint=hint)
    if _ways_of_a_day(good.hours, per_day, apart):
        return good
    further = (hour for hour in hours_apart(good.hours, per_day, apart) if hour not in good.hours)
    return GoodHours((*good.hours, *further), _("{basis}; the other hours fill up the day", basis=good.basis))


def _ways_of_a_day(hours: Sequence[int], per_day: int, apart: float) -> list[tuple[int, ...]]:
    """The ways to take `per_day` of the hours that lie `apart` hours from each other, each in order of the day."""
    return [
        tuple(sorted(way))
        for way in combinations(hours, per_day)
        if all(abs(one - other) >= apart for one, other in combinations(way, 2))
    ]
