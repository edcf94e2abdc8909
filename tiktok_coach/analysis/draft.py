"""Drafts a content calendar: the next slots in the hours in which the audience is most active."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.options import AnalysisOptions, Progress
from tiktok_coach.analysis.settings import Settings, resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.facts import facts_from_frame, known_mask
from tiktok_coach.core.translation import _
from tiktok_coach.io.dates.parse import is_unambiguous
from tiktok_coach.io.export import Export
from tiktok_coach.rules.checks.active_hours import ActiveHours, best_hours, hour_of
from tiktok_coach.rules.subjects import Context, post_subjects
from tiktok_coach.stats.account import posts_of
from tiktok_coach.stats.posting_times import by_hour, week_of


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


def learnt_hours(export: Export, params: ActiveHours) -> tuple[list[int], str]:
    """The most active hours of the export's first account, the best first, and what tells so.

    Raises CoachError where neither the followers' activity nor the posts' own views tell.
    """
    account = export.accounts[0]
    view = post_subjects(facts_from_frame(export.posts), Context(export.accounts, export.audiences))
    local, views = view.local_times(), view.column_or_null("views")
    audience = view.context.audience(account.handle)
    mine = known_mask(local) & (view.account_index() == 0) if local is not None else known_mask(views) & False
    times = hour_of(local[mine]) if local is not None else views[mine]
    hours, basis = best_hours(audience, times, views[mine], params)
    if hours is None:
        raise CoachError(
            _("not enough data to tell the hours of the audience"),
            hint=_("add FollowerActivity.csv with rows, or more posts with hour and views; or say --hours 18,20"),
        )
    return _by_results(export, hours, basis)


def _by_results(export: Export, hours: list[int], basis: str) -> tuple[list[int], str]:
    """The hours with those first at which the account's own posts did best, as far as enough of them tell."""
    posts = posts_of(export.posts, export.accounts, export.audiences)
    slots, _active = week_of(posts, export.accounts[0], np.random.default_rng(0))
    if slots is None:
        return hours, basis
    level = by_hour(np.log(slots.effect))
    return sorted(hours, key=lambda hour: (-level[hour], hour)), _(
        "{basis}, those first at which own posts did best", basis=basis
    )


def draft(
    options: AnalysisOptions,
    *,
    count: int,
    per_day: int,
    start: dt.date | None = None,
    hours: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Draft:
    """The next `count` slots in the hours in which the audience is most active, as the exports that a user names tell them, or
    in the given `hours`; from tomorrow on unless `start` says otherwise.
    """
    settings = resolve_settings(options)
    account = settings.config.account.account()
    export = load_export(options.inputs, settings, progress) if options.inputs else None
    if export is not None:
        account = account.fill_from(export.accounts[0])
    timezone = options.timezone or account.timezone
    if timezone is None:
        raise CoachError(_("the account's timezone is not known"), hint=_("say --timezone, such as Europe/Copenhagen"))
    wanted, basis = _hours(hours, export, settings)
    first = start or settings.read_options.today + dt.timedelta(days=1)
    return drafted(
        account,
        wanted,
        basis,
        count=count,
        per_day=per_day,
        start=first,
        timezone=timezone,
        apart=settings.apart,
        now=settings.now,
    )


def _hours(given: Sequence[int] | None, export: Export | None, settings: Settings) -> tuple[Sequence[int], str]:
    """The hours, the best first, and what tells them."""
    if given is not None:
        return given, "--hours"
    if export is None:
        raise CoachError(_("nothing tells the audience's hours"), hint=_("give --history, or --hours 18,20"))
    params = next(rule.params for rule in settings.every_rule if isinstance(rule.params, ActiveHours))
    return learnt_hours(export, params)


def drafted(
    account: Account,
    hours: Sequence[int],
    basis: str,
    *,
    count: int,
    per_day: int,
    start: dt.date,
    timezone: str,
    apart: dt.timedelta,
    now: dt.datetime,
) -> Draft:
    """The next `count` slots from `start` on, `per_day` a day, in the first of `hours` that lie `apart`.

    A local time that is past, that the clocks skip, or that comes twice, is passed over.
    """
    chosen: list[int] = []
    between = apart / dt.timedelta(hours=1)
    for hour in hours:
        if all(abs(hour - other) >= between for other in chosen):
            chosen.append(hour)
        if len(chosen) == per_day:
            break
    if len(chosen) < per_day:
        raise CoachError(
            _(
                "only {count} of the hours lie {between:g} hours apart, too few for {per_day} posts a day",
                count=len(chosen),
                between=between,
                per_day=per_day,
            ),
            hint=_("ask for fewer with --per-day, or say --hours"),
        )
    zone = ZoneInfo(timezone)
    slots: list[Slot] = []
    day = max(start, now.astimezone(zone).date())
    while len(slots) < count:
        for hour in sorted(chosen):
            at = dt.datetime.combine(day, dt.time(hour), zone)
            if at > now and is_unambiguous(at) and len(slots) < count:
                suffix = f"-{hour:02d}" if per_day > 1 else ""
                slots.append(Slot(f"{day.isoformat()}{suffix}", at))
        day += dt.timedelta(days=1)
    return Draft(account, tuple(slots), tuple(sorted(chosen)), basis)
