"""Places the days that files print: gives those without a year their year, and posts of a Studio list their time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tiktok_coach.core.account import normalize_handle
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.timezones import zone_names
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.io.dates.zone_names import date_words
from tiktok_coach.io.reading import DayTable, Reading, ReadOptions

# Overview_<first day>_<epoch of the end>_<handle>.zip, Content_<handle>.zip. A handle is of letters, digits, dots and
# underscores: whatever else follows it marks a copy, such as ` (1)`, `(1)`, ` 2`, `-2`, ` copy` and ` - Copy (2)`.
NAME = re.compile(
    r"(?:^|[/:\\])(?:[^/:\\_]* )?(?:Overview|Viewers|Content|Followers?|FollowerHistory|FollowerActivity)"
    r"(?:_(?P<start>\d{4}-?\d{2}-?\d{2}|\d{10}|\d{13}))?(?:_(?P<end>\d{10}|\d{13}))?_(?P<handle>\w[\w.]*?)"
    r"(?:\.(?:zip|csv|xlsx))*(?:[^\w./:\\][^/:\\]*)?(?=[/:\\]|$)"
)
WINDOW = dt.timedelta(days=1)
# Fewer posts prove no timezone where others waited.
FEWEST = 3
# So many posts are few.
FEW = 1000


def end_from_name(source: str) -> dt.date | None:
    """The last day of the period, from the epoch in an export's file name."""
    ends = [match["end"] for match in NAME.finditer(source) if match["end"]]
    if not ends:
        return None
    seconds = int(ends[-1]) / (1000 if len(ends[-1]) == 13 else 1)
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date()


def handle_from_name(source: str) -> str | None:
    """The handle in the name of an export's file, else of the nearest folder that has one."""
    handles = [match["handle"] for match in NAME.finditer(source)]
    return normalize_handle(handles[-1]) if handles else None


def export_day(readings: list[Reading], options: ReadOptions) -> tuple[dt.date | None, str]:
    """The day on which one account's Studio export was taken, and what says so."""
    if options.export_date:
        return options.export_date, "--export-date"
    ends = [end for reading in readings if (end := end_from_name(reading.source))]
    if ends:
        return max(ends), _("the export's file name")
    for reading in readings:
        if reading.exported_on and reading.posts is not None:
            known = pd.concat([reading.posts["printed_on"], reading.posts["uploaded_at"]]).dropna()
            if len(known):
                # On or after the newest post, or the day before it, where clocks differ.
                start = known.max().date() - WINDOW
                month, day = reading.exported_on
                years = pd.DataFrame({"year": range(start.year, start.year + 9), "month": month, "day": day})
                dates = pd.to_datetime(years, errors="coerce").dropna().dt.date
                return next((date for date in dates if date >= start), None), _("the posts")
    return None, ""


def date_rows(
    reading: Reading, exported_on: dt.date | None, basis: str, options: ReadOptions
) -> tuple[pd.DataFrame, list[Notice]]:
    """The rows of a day table with their `date`, and a notice that says what the years rest on."""
    assert reading.days is not None
    rows = reading.days.rows
    if not len(rows):
        dates = pd.Series(dtype="datetime64[us, UTC]")
        return rows.drop(columns=["month", "day"], errors="ignore").assign(date=dates), []
    ordered = rows if _is_ascending(rows) else rows.iloc[::-1]
    months, days = ordered["month"].to_numpy(), ordered["day"].to_numpy()
    end = end_from_name(reading.source)
    if end and not options.export_date:
        bound, basis = end + WINDOW, _("the export's file name")
    elif exported_on:
        bound = exported_on + WINDOW
    else:
        bound, basis = options.today, _("the file's own order, ending at the latest possible day")
    keys = months * 100 + days
    is_new_year = np.r_[keys[:-1] > keys[1:], False].astype(int)
    years_back = is_new_year[::-1].cumsum()[::-1]
    # A 29 February may be nine years back.
    for year in range(bound.year, bound.year - 10, -1):
        parts = pd.DataFrame({"year": year - years_back, "month": months, "day": days})
        dates = pd.to_datetime(parts, errors="coerce", utc=True).astype("datetime64[us, UTC]")
        if dates.notna().all() and dates.iloc[-1].date() <= bound:
            break
    else:
        hint = _("say when it was exported with --export-date")
        raise CoachError(_("the days fit no year (29 February)"), where=reading.source, hint=hint)
    table = ordered.drop(columns=["month", "day"]).reset_index(drop=True)
    table.insert(0, "date", dates)
    text = N_("days run from {first:%Y-%m-%d} to {last:%Y-%m-%d}; the years come from {basis}")
    text = _(text, first=dates.iloc[0], last=dates.iloc[-1], basis=basis)
    return table, [Notice(reading.source, text, level="info")]


def _is_ascending(rows: pd.DataFrame) -> bool:
    """Whether days run forward: most neighbouring days are one apart that way, over New Year too."""
    steps = np.diff(rows["month"].to_numpy() * 31 + rows["day"].to_numpy())
    forward = ((steps > 0) & (steps < 180)) | (steps < -180)
    return bool(forward.sum() * 2 >= (steps != 0).sum())


def clean_table(table_name: str, table: pd.DataFrame) -> pd.DataFrame:
    """A dated table without what its file pads or mis-states.

    Hours of the export day that had not come are filled with zeros, and the change in followers is the day's less
    the day before's in some files and the next day's in others, so that it is computed from the followers.
    """
    if table_name == "activity" and len(table):
        last = table["date"] == table["date"].max()
        hours = table["active_followers"]
        is_padding = hours[last][::-1].cummax()[::-1] == 0
        return table.assign(active_followers=hours.mask(last & is_padding.reindex(table.index, fill_value=False)))
    if table_name == "followers" and "followers" in table.columns:
        return table.assign(change=table["followers"].diff())
    return table


def date_tables(readings: list[Reading], options: ReadOptions) -> tuple[list[Reading], list[Notice]]:
    """Readings of one account with their day tables dated, and with the time of a Studio list's metrics."""
    exported_on, basis = export_day(readings, options)
    dated: list[Reading] = []
    notices: list[Notice] = []
    for reading in readings:
        result = reading
        if isinstance(reading.days, DayTable):
            name = reading.days.name
            try:
                table, table_notices = date_rows(reading, exported_on, basis, options)
            except CoachError as error:
                dated.append(Reading(reading.source, reading.format, problem=error.advice))
                text = _("{problem}; left out; {hint}", problem=error.problem, hint=error.hint)
                notices.append(Notice(reading.source, text))
                continue
            notices += table_notices
            result = replace(reading, tables={**reading.tables, name: clean_table(name, table)}, days=None)
        if reading.posts is not None and "metrics_at" not in reading.posts.columns:
            result = replace(result, posts=_with_metrics_time(reading, options, notices))
        dated.append(result)
    return dated, notices


def _with_metrics_time(reading: Reading, options: ReadOptions, notices: list[Notice]) -> pd.DataFrame:
    assert reading.posts is not None
    day, basis = export_day([reading], options)
    if day and reading.exported_on and not options.export_date:
        text = _("counts are of {day:%Y-%m-%d}; the year comes from {basis}", day=day, basis=basis)
        notices.append(Notice(reading.source, text, level="info"))
    if day is None or reading.is_sidecar:
        return reading.posts
    moment = pd.Timestamp(day, tz="UTC").as_unit("us")
    return reading.posts.assign(metrics_at=pd.Series(moment, index=reading.posts.index, dtype="datetime64[us, UTC]"))


# A scheduled post is uploaded up to weeks before it goes out. So the hour of the upload is the post's only where the
# printed day is the upload's day, in the timezone in which the file was written.


def infer_zones(uploaded: pd.Series, printed: pd.Series, timezone: str | None) -> tuple[Sequence[str], str | None]:
    """The timezones in which a list's days may be written, and what that rests on, as a notice says it.

    It is the given one, or every one in which as many posts as in any print the day of their upload, or nearly as many
    where most posts were scheduled; where those are not a quarter of the posts, or fewer than three and not all, they
    prove nothing, and it may be any.
    """
    _known, uploads = _with_day(uploaded, printed)
    moments = uploads.moments
    if not len(moments):
        return [timezone or "UTC"], None
    zones = (timezone,) if timezone else distinct_zones(moments.min().year, moments.max().year)
    scores = {name: int(uploads.agreement(name).sum()) for name in zones}
    most = max(scores.values())
    # Where most posts waited, some of them print the day of their upload in a wrong timezone by chance.
    slack = -(-(len(moments) - most) // 4) if 2 * most < len(moments) else 0
    is_proof = 4 * most >= len(moments) and most >= min(FEWEST, len(moments))
    best = sorted(name for name, score in scores.items() if score >= most - slack or not is_proof)
    is_one = len(best) == 1
    where = _("in {zones}", zones=best[0]) if is_one else _("in any of {count} timezones", count=len(best))
    agreeing = plural(
        "{agreeing} of {count} post prints the day of its upload {where}, the others count as scheduled",
        "{agreeing} of {count} posts print the day of their upload {where}, the others count as scheduled",
        len(moments),
        agreeing=most,
        where=where,
    )
    if timezone:
        return best, agreeing
    text = N_("the timezone of the days is not stated; {agreeing} (--timezone says it outright)")
    return best, _(text, agreeing=agreeing)


@dataclass(frozen=True)
class _Uploads:
    """When posts were uploaded, as an index, which converts faster, and their printed days."""

    moments: pd.DatetimeIndex
    days: np.ndarray

    @cached_property
    def _few(self) -> list[dt.datetime]:
        return list(self.moments.tz_convert(dt.UTC).to_pydatetime()) if len(self.moments) <= FEW else []

    def agreement(self, name: str) -> np.ndarray:
        """Which days are those of the uploads in a timezone."""
        zone = ZoneInfo(name)
        # Before pandas converts, it parses the zone in Python, which takes longer than to ask the zone of a few posts.
        if self._few:
            local = np.array([moment.astimezone(zone).date() for moment in self._few], dtype="datetime64[D]")
        else:
            local = self.moments.tz_convert(zone).tz_localize(None).to_numpy().astype("datetime64[D]")
        return np.asarray(local == self.days)


def _with_day(uploaded: pd.Series, printed: pd.Series) -> tuple[np.ndarray, _Uploads]:
    """Which posts have both times, and these."""
    known = (uploaded.notna() & printed.notna()).to_numpy()
    return known, _Uploads(pd.DatetimeIndex(uploaded[known]), printed[known].dt.tz_localize(None).to_numpy())


@lru_cache(maxsize=64)
def distinct_zones(first: int, last: int) -> tuple[str, ...]:
    """One zone for each course of offsets through the years, since zones that never differ cannot be told apart."""
    # By each zone's own clock, which is asked far faster than for a moment of another's.
    noon = dt.time(12)
    months = ((year, month) for year in range(first, last + 1) for month in range(1, 13))
    probes = [dt.datetime.combine(dt.date(*month, 15), noon) for month in months]
    courses: dict[tuple[dt.timedelta | None, ...], str] = {}
    usual = date_words()["zones"].values()
    for name in sorted(zone_names().values(), key=lambda name: (name not in usual, name)):
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix", "right")):
            courses.setdefault(tuple(map(ZoneInfo(name).utcoffset, probes)), name)
    return tuple(courses.values())


def posting_times(uploaded: pd.Series, printed: pd.Series, zones: Sequence[str]) -> tuple[pd.Series, pd.Series]:
    """`posted_at` (UTC; midnight of the printed day at day precision) and `posted_at_precision` of each post.

    The second counts only where every zone agrees. A post whose day is unknown has no posted_at.
    """
    known, uploads = _with_day(uploaded, printed)
    at_once = np.zeros(len(uploaded), dtype=bool)
    at_once[known] = np.logical_and.reduce([uploads.agreement(name) for name in zones])
    at = printed.mask(at_once, uploaded)
    precision = pd.Series(np.where(at_once, "second", "day"), index=uploaded.index, dtype="str").where(at.notna())
    return at, precision
