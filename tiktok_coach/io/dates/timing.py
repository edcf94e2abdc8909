"""Decides when a post of a Studio list went out: at the second of its upload, or on a day at an unknown hour.

A scheduled post is uploaded up to weeks before it goes out. So the hour of the upload is the post's only where the
printed day is the upload's day, in the timezone in which the file was written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd

from tiktok_coach.core.translation import _


@dataclass(frozen=True)
class FileZone:
    """The timezones in which a list's days may be written: `agreeing` of `known` posts print their upload's day."""

    zones: tuple[str, ...]
    agreeing: int
    known: int
    given: bool


def infer_zone(uploaded: pd.Series, printed: pd.Series, timezone: str | None) -> FileZone:
    """The given timezone, or every one in which as many posts as in any agree with their printed day."""
    known = (uploaded.notna() & printed.notna()).to_numpy()
    moments, days = uploaded[known], printed[known]
    if timezone:
        return FileZone((timezone,), int(_agreement(moments, days, timezone).sum()), int(known.sum()), given=True)
    if not len(moments):
        return FileZone(("UTC",), 0, 0, given=False)
    span = (moments.min().year, moments.max().year)
    scores = {name: int(_agreement(moments, days, name).sum()) for name in _distinct_zones(*span)}
    best = max(scores.values())
    return FileZone(
        tuple(sorted(n for n, score in scores.items() if score == best)), best, int(known.sum()), given=False
    )


def _agreement(moments: pd.Series, days: pd.Series, name: str) -> np.ndarray:
    local = moments.dt.tz_convert(ZoneInfo(name)).dt.tz_localize(None).dt.normalize()
    return np.asarray(local == days.dt.tz_localize(None))


@lru_cache(maxsize=64)
def _distinct_zones(first: int, last: int) -> tuple[str, ...]:
    """One zone for each course of offsets through the years, since zones that never differ cannot be told apart."""
    probes = [dt.datetime(year, month, 15, tzinfo=dt.UTC) for year in range(first, last + 1) for month in range(1, 13)]
    courses: dict[tuple[dt.timedelta | None, ...], str] = {}
    for name in sorted(available_timezones()):
        if "/" not in name or name.startswith(("Etc/", "SystemV/", "posix", "right")):
            continue
        local = ZoneInfo(name)
        courses.setdefault(tuple(p.astimezone(local).utcoffset() for p in probes), name)
    return tuple(courses.values())


def posting_times(uploaded: pd.Series, printed: pd.Series, zones: Sequence[str]) -> tuple[pd.Series, pd.Series]:
    """`posted_at` (UTC; midnight of the printed day at day precision) and `posted_at_precision` of each post.

    The second counts only where every zone agrees. A post whose day is unknown has no posted_at.
    """
    known = (uploaded.notna() & printed.notna()).to_numpy()
    at_once = np.zeros(len(uploaded), dtype=bool)
    at_once[known] = np.logical_and.reduce([_agreement(uploaded[known], printed[known], name) for name in zones])
    at = printed.mask(at_once, uploaded)
    precision = pd.Series(np.where(at_once, "second", "day"), index=uploaded.index, dtype="str").where(at.notna())
    return at, precision


def zone_notice(zone: FileZone) -> str:
    """What the printed days' timezone rests on, as a notice says it."""
    if zone.given:
        return _(
            "{agreeing} of {known} posts print the day of their upload in {zones}; the others count as scheduled",
            agreeing=zone.agreeing,
            known=zone.known,
            zones=zone.zones[0],
        )
    where = (
        _("in {zones}", zones=zone.zones[0])
        if len(zone.zones) == 1
        else _("in any of {count} timezones", count=len(zone.zones))
    )
    return _(
        "the timezone of the days is not stated; {agreeing} of {known} posts print the day of their upload {where}, "
        "the others count as scheduled (--timezone says it outright)",
        agreeing=zone.agreeing,
        known=zone.known,
        where=where,
    )
