"""Drafts a content calendar: the next slots in the hours in which the audience is most active."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress, resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.translation import _
from tiktok_coach.io.dates.parse import is_unambiguous
from tiktok_coach.rules.checks.active_hours import ActiveHours, best_hours, hour_of
from tiktok_coach.stats.posting_times import by_hour


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


def active_hours(analysis: Analysis) -> tuple[list[int], str]:
    """The most active hours of the account with most posts, best first, and their basis. Raises CoachError for none."""
    params = next(rule.params for rule in analysis.settings.every_rule if isinstance(rule.params, ActiveHours))
    own = analysis.for_account(analysis.account.handle)
    subjects = own.posts.subjects
    local, views = subjects.local_times(), subjects.column_or_null("views")
    if local is None:
        times = views = views[:0]
    else:
        rows = known_mask(local)
        times, views = hour_of(local[rows]), views[rows]
    hours, basis = best_hours(subjects.context.audience(own.account.handle), times, views, params)
    if hours is None:
        hint = _("add FollowerActivity.csv with rows, or more posts with hour and views; or say --hours 18,20")
        raise CoachError(_("not enough data to tell the hours of the audience"), hint=hint)
    slots, _active = own.fit_week(np.random.default_rng(0))
    if slots is None:
        return hours, basis
    level = by_hour(np.log(slots.effect))
    basis = _("{basis}, those first at which own posts did best", basis=basis)
    return sorted(hours, key=lambda hour: (-level[hour], hour)), basis


def draft(
    options: AnalysisOptions,
    *,
    count: int,
    per_day: int,
    start: dt.date | None = None,
    hours: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Draft:
    """The next `count` slots in `hours`, or in the hours in which the exports' audience is most active.

    The first is tomorrow at the earliest, or on `start`. Raises CoachError for unknown hours or an unknown timezone.
    """
    settings = resolve_settings(options)
    account = settings.config.account.account()
    analysis = Analysis.load(options.inputs, settings, progress) if options.inputs else None
    if analysis is not None:
        account = account.fill_from(analysis.account)
    timezone = options.timezone or account.timezone
    if timezone is None:
        raise CoachError(_("the account's timezone is not known"), hint=_("say --timezone, such as Europe/Copenhagen"))
    basis = "--hours"
    if hours is None:
        if analysis is None:
            raise CoachError(_("nothing tells the audience's hours"), hint=_("give --history, or --hours 18,20"))
        hours, basis = active_hours(analysis)
    hours = _hours_apart(hours, per_day, settings.apart / dt.timedelta(hours=1))
    zone = ZoneInfo(timezone)
    slots: list[Slot] = []
    now = settings.now
    day = max(start or settings.read_options.today + dt.timedelta(days=1), now.astimezone(zone).date())
    while len(slots) < count:
        for hour in hours:
            at = dt.datetime.combine(day, dt.time(hour), zone)
            # A local time that is past, that the clocks skip, or that comes twice, is passed over.
            if at > now and is_unambiguous(at) and len(slots) < count:
                slots.append(Slot(f"{day.isoformat()}-{hour:02d}" if per_day > 1 else day.isoformat(), at))
        day += dt.timedelta(days=1)
    return Draft(account, tuple(slots), tuple(hours), basis)


def _hours_apart(hours: Sequence[int], per_day: int, between: float) -> list[int]:
    """The first `per_day` of the hours that lie `between` hours apart, in order of the day."""
    result: list[int] = []
    for hour in hours:
        if len(result) < per_day and all(abs(hour - other) >= between for other in result):
            result.append(hour)
    if len(result) < per_day:
        problem = _(
            "of hours that lie {between:g} h apart there are only {count}, and {per_day} posts a day were asked for",
            count=len(result),
            between=between,
            per_day=per_day,
        )
        raise CoachError(problem, hint=_("ask for fewer with --per-day, or say --hours"))
    return sorted(result)
