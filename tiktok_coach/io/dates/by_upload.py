"""Holds written times against the upload times that ids tell: finds their timezone, and times that cannot be.

A post goes out at its upload or after it, within a month. Most go out at once, so that in the right timezone many
times are those of their upload.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tiktok_coach.io.dates.month_days import LONGEST_SCHEDULE
from tiktok_coach.io.dates.parse import AT_ONCE, Times
from tiktok_coach.io.dates.printed_days import FEWEST, distinct_zones
from tiktok_coach.io.dates.zone_names import EARLIEST, LATEST

# Of so many posts the timezone is looked for, and this share of them must agree with another than the likely ones to
# prove it.
SAMPLE, LEAST_SHARE = 4000, 0.1
# Nor may chance make so many times of scheduled posts agree with one of all timezones more often than this.
CHANCE = 0.01
# Another timezone than the stated one must agree with so many times as many.
MORE = 1.2
HOUR, DAY = pd.Timedelta(hours=1), pd.Timedelta(days=1)
ALL_TIMEZONES = pd.Timedelta(LATEST) - pd.Timedelta(EARLIEST)


class Placement(NamedTuple):
    """Times as the ids prove them.

    `zone` is the one in which they are read, `is_proven` whether ids prove another than was `stated`; `agreeing` of
    `known` posts went out at their upload in it, and `stated_agreeing` in the one stated. `contradictions` are rows
    whose time cannot be that of their post, which is left out of `times`; `days_late` is how many days all times were
    behind the uploads of most posts, and are moved by.
    """

    times: Times
    zone: dt.tzinfo
    is_proven: bool
    agreeing: int
    stated_agreeing: int
    known: int
    contradictions: pd.Series
    days_late: int = 0


def without_midnights(times: Times, stated: dt.tzinfo) -> Times:
    """Times read in the timezone `stated`, as days where all are midnight: how many programs keep a day."""
    # Timezones are whole minutes apart, so that a time with seconds is midnight in none.
    if not times.has_hour.any() or times.at.dt.second.any():
        return times
    wall = times.at.dt.tz_convert(stated).dt.tz_localize(None)
    wall = wall.mask(times.clock == "offset", times.at.dt.tz_localize(None))
    day = wall.dt.normalize()
    if (wall != day)[times.has_hour].any():
        return times
    at = times.at.mask(times.has_hour, day.dt.tz_localize("UTC"))
    return replace(times, at=at, has_hour=times.has_hour & False, clock=times.clock.where(~times.has_hour))


def place_by_upload(times: Times, uploaded: pd.Series, stated: dt.tzinfo, likely: Sequence[dt.tzinfo]) -> Placement:
    """Times that were read in the timezone `stated`, in the one that their ids prove.

    `likely` are timezones that one post proves where the stated one puts it before its upload.
    """
    uploaded = uploaded.reindex(times.at.index)
    at_once = (times.at - uploaded).abs() <= pd.Timedelta(AT_ONCE)
    if at_once.all() and times.has_hour.all() and times.at.dt.second.any():
        # To the second, and all at their upload: nothing is to be found.
        count = len(at_once)
        return Placement(
            times, stated, is_proven=False, agreeing=count, stated_agreeing=count, known=count, contradictions=~at_once
        )
    is_known = (times.has_hour & times.at.notna() & uploaded.notna()).to_numpy()
    # A post that stands in several rows is one witness.
    is_witness = is_known & ~pd.DataFrame({"at": times.at, "uploaded": uploaded}).duplicated().to_numpy()
    wall = times.at.dt.tz_convert(stated).dt.tz_localize(None)
    # Hours alone are up to an hour behind their minutes.
    is_hourly = bool(is_known.any()) and not bool(((wall.dt.minute != 0) | (wall.dt.second != 0))[is_known].any())
    early = pd.Timedelta(AT_ONCE) + (HOUR if is_hourly else pd.Timedelta(0))
    ahead = (times.at - uploaded).where(is_known)
    if days_late := _days_late(ahead, early):
        times = replace(times, at=times.at + days_late * DAY)
        wall, ahead = wall + days_late * DAY, ahead + days_late * DAY
    agrees = ahead.between(-early, pd.Timedelta(AT_ONCE))
    zones, stated_agreeing = [stated], int(agrees[is_witness].sum())
    if stated_agreeing * 10 < is_witness.sum() * 9:
        is_before = bool((ahead < -early).any())
        zones = _proven_zones(wall[is_witness], uploaded[is_witness], early, stated, likely, is_before=is_before)
    zone, at, has_hour = zones[0], times.at, times.has_hour
    if zone is not stated:
        local = wall.dt.tz_localize(zone, ambiguous=np.ones(len(wall), dtype=bool), nonexistent=HOUR)
        at = at.mask(times.has_hour, local.dt.tz_convert("UTC").astype(at.dtype))
        ahead = (at - uploaded).where(is_known)
        agrees = ahead.between(-early, pd.Timedelta(AT_ONCE))
    contradicts = (ahead < -early) | (ahead > LONGEST_SCHEDULE)
    by_day = (at.dt.normalize() - uploaded.dt.normalize()).where(~times.has_hour & uploaded.notna())
    contradicts |= (by_day < -DAY) | (by_day > LONGEST_SCHEDULE)
    if is_hourly:
        # The id tells the rest of the time.
        at = at.mask(agrees, uploaded)
    if len(zones) > 1:
        # Where timezones that are proven alike differ, a post that waited for its time has a day alone.
        is_unsure = has_hour & ~agrees & wall.dt.normalize().isin(_days_apart(wall[has_hour & ~agrees], zones))
        at, has_hour = at.mask(is_unsure, wall.dt.normalize().dt.tz_localize("UTC")), has_hour & ~is_unsure
    return Placement(
        replace(times, at=at.mask(contradicts), has_hour=has_hour),
        zone,
        zone is not stated,
        int(agrees[is_witness].sum()),
        stated_agreeing,
        int(is_witness.sum()),
        contradicts,
        days_late,
    )


def _days_late(ahead: pd.Series, early: pd.Timedelta) -> int:
    """How many whole days the times of most posts are behind their uploads, to the minute; 0 where they are not."""
    days = round(-ahead.dt.total_seconds().median() / DAY.total_seconds()) if ahead.count() >= FEWEST else 0
    if days <= 0:
        return 0
    is_at_once = (ahead + days * DAY).between(-early, pd.Timedelta(AT_ONCE))
    return days if is_at_once.sum() * 2 > ahead.count() else 0


def _proven_zones(
    wall: pd.Series,
    uploaded: pd.Series,
    early: pd.Timedelta,
    stated: dt.tzinfo,
    likely: Sequence[dt.tzinfo],
    *,
    is_before: bool,
) -> list[dt.tzinfo]:
    """The timezones in which more times are those of their upload than in any other; the stated one where none is.

    `is_before` says that the stated one puts posts before their upload.
    """
    known_count = len(wall)
    ahead = wall - uploaded.dt.tz_localize(None)
    is_near = ahead.between(pd.Timedelta(EARLIEST) - HOUR, pd.Timedelta(LATEST) + HOUR)
    wall, uploaded = (values[is_near].iloc[:: max(1, int(is_near.sum()) // SAMPLE)] for values in (wall, uploaded))
    if not len(wall):
        return [stated]

    def agrees(zone: dt.tzinfo) -> np.ndarray:
        lag = wall - uploaded.dt.tz_convert(zone).dt.tz_localize(None)
        return np.asarray(lag.between(-early, pd.Timedelta(AT_ONCE)))

    least = max(1, agrees(stated).sum() * MORE)
    counts = {zone: int(agrees(zone).sum()) for zone in likely}
    scores = {zone: score for zone, score in counts.items() if score > least or (score == 1 and is_before)}
    if not any(score * 10 >= len(wall) * 9 for score in scores.values()):
        # Of two times, both must agree.
        fewest = max(min(FEWEST, known_count), 2, LEAST_SHARE * len(wall))
        names = distinct_zones(uploaded.min().year, uploaded.max().year)
        window, ahead = early + pd.Timedelta(AT_ONCE), ahead[wall.index]
        masks = {zone: agrees(zone) for zone in map(ZoneInfo, names)}
        others = {zone: score for zone, mask in masks.items() if (score := int(mask.sum())) >= fewest and score > least}
        chances = {zone: _chance(masks[zone], ahead, window) * len(names) for zone in others}
        scores = {zone: score for zone, score in others.items() if chances[zone] <= CHANCE} | scores
    most = max(scores.values(), default=0)
    best = [zone for zone, score in scores.items() if score == most]
    return [zone for zone in best if zone in likely][:1] or best or [stated]


def _chance(agrees: np.ndarray, ahead: pd.Series, window: pd.Timedelta) -> float:
    """The probability that as many scheduled posts or more agree with one timezone, each within a `window` of time.

    `agrees` says which do. Posts that waited lie as far apart as those that do not, by how far their times are `ahead`
    of their uploads.
    """
    from tiktok_coach.core.special_functions import bdtrc

    rest = ahead[~agrees]
    span = max(rest.max() - rest.min(), window) if len(rest) >= FEWEST else ALL_TIMEZONES
    return float(bdtrc(agrees.sum() - 1, len(agrees), window / span))


def _days_apart(wall: pd.Series, zones: Sequence[dt.tzinfo]) -> pd.Index:
    """The days of some times on whose noon some timezones have different offsets."""
    days = pd.DatetimeIndex(wall.dt.normalize().unique())
    noon = (days + pd.Timedelta(hours=12)).tz_localize("UTC")
    offsets = np.array([noon.tz_convert(zone).tz_localize(None).to_numpy() for zone in zones])
    return days[(offsets != offsets[0]).any(axis=0)] if len(days) else days


def name_of_zone(zone: dt.tzinfo, times: pd.Series) -> str:
    """A timezone as a notice names it: by its offset where that is one for all times, since many zones share it."""
    offsets = {moment.utcoffset() for moment in times.dropna().dt.normalize().drop_duplicates().dt.tz_convert(zone)}
    if len(offsets) != 1 or not (offset := offsets.pop()):
        return str(zone)
    return str(dt.timezone(offset))
