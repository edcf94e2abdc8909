"""Drafts a content calendar: the next slots in the hours in which the audience is most active."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tiktok_coach.account import Account
from tiktok_coach.errors import CoachError
from tiktok_coach.facts import frame_facts, known
from tiktok_coach.ingest.loading import Export
from tiktok_coach.rules.checks.active_hours import ActiveHours, best_hours, hour_of
from tiktok_coach.rules.subjects import Context, post_subjects

# Slots of a day are at least this many hours apart.
APART = 2


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
    view = post_subjects(frame_facts(export.posts), Context(export.accounts, export.audiences))
    local, views = view.local_times(), view.filled("views")
    audience = view.context.audience(account.handle)
    mine = known(local) & (view.account_index() == 0) if local is not None else known(views) & False
    times = hour_of(local[mine]) if local is not None else views[mine]
    hours, basis = best_hours(audience, times, views[mine], params)
    if hours is None:
        raise CoachError(
            "not enough data to tell the hours of the audience",
            hint="add FollowerActivity.csv with rows, or more posts with hour and views; or say --hours 18,20",
        )
    return hours, basis


def draft(
    account: Account, hours: Sequence[int], basis: str, *, count: int, per_day: int, start: dt.date, timezone: str
) -> Draft:
    """The next `count` slots from `start` on, `per_day` a day, in the first of `hours` that lie apart.

    A local time that the clocks skip, or that comes twice, is passed over.
    """
    chosen: list[int] = []
    for hour in hours:
        if all(abs(hour - other) >= APART for other in chosen):
            chosen.append(hour)
        if len(chosen) == per_day:
            break
    if len(chosen) < per_day:
        raise CoachError(
            f"only {len(chosen)} of the hours lie {APART} hours apart, too few for {per_day} posts a day",
            hint="ask for fewer with --per-day, or say --hours",
        )
    zone = ZoneInfo(timezone)
    slots: list[Slot] = []
    day = start
    while len(slots) < count:
        for hour in sorted(chosen):
            at = dt.datetime.combine(day, dt.time(hour), zone)
            twice = at.utcoffset() != at.replace(fold=1).utcoffset()
            if not twice and len(slots) < count:
                suffix = f"-{hour:02d}" if per_day > 1 else ""
                slots.append(Slot(f"{day.isoformat()}{suffix}", at))
        day += dt.timedelta(days=1)
    return Draft(account, tuple(slots), tuple(sorted(chosen)), basis)
