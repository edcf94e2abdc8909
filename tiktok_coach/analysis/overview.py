"""The numbers of one account in a period, each beside the period before."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from tiktok_coach.core.periods import DAY, EPOCH, Period, day_number
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, numbers, planned_mask
from tiktok_coach.ranking.baseline import ENOUGH_POSTS, ages
from tiktok_coach.ranking.scoring import NORMAL_90
from tiktok_coach.stats.account import Posts
from tiktok_coach.stats.benchmarks import Benchmarks, RatePlace, log_rate, rate_places
from tiktok_coach.stats.effects import welch_test
from tiktok_coach.stats.outcomes import published_mask
from tiktok_coach.stats.views_model import AGE_DOUBT, AGE_SLOPE

# Without a period that the user names, so many days.
DAYS = 28
# Posts on each side, below which nothing is said of a change.
FEWEST = 5
# A smaller change is shown as 0%, and is none.
LEAST = 0.005
# Posts have stopped where the newest lies back this many times the longest of ten usual gaps, and so many days.
MUCH_LONGER, LONG_GAP, FEWEST_DAYS_OFF = 3, 0.9, 14
# How an account usually posts is told by so many days with posts, the newest.
RECENT_DAYS = 50
# So large a share of a period's days must be known for a mean of them, or a last one, to be that of the period.
MOST_DAYS = 0.75
# So many posts of a period tell its place among public posts; they are taken evenly from more.
ENOUGH = 5000
# What the numbers rest on; captions of as many posts take more memory than all of these.
USED = frozenset({"status", "posted_at", "metrics_at", "views", "likes", "duration_s", "followers"})


@dataclass(frozen=True)
class Figure:
    """A number of the period and of the one before; None where it is not known.

    `low` and `high` (90%) are those of `change`, known for what is taken from a sample of enough posts; a count has
    none.
    `daily` is the same number day by day, an entry for each of `Overview.days`, for a sparkline.
    """

    value: float | None = None
    before: float | None = None
    daily: tuple[float | None, ...] = ()
    low: float | None = None
    high: float | None = None
    is_sample: bool = False

    @property
    def change(self) -> float | None:
        """By what share the number rose (0.12 is 12% more); None where one is not known, or 0 before."""
        if self.value is None or not self.before:
            return None
        return self.value / self.before - 1

    @property
    def is_clear(self) -> bool:
        """Whether the change is known, more than 0%, and more than chance where posts are a sample.

        The interval is of the means of logarithms and the change of medians: they must agree on the direction.
        """
        change = self.change or 0.0
        if not self.is_sample:
            return bool(change)
        if self.low is None or self.high is None or abs(change) < LEAST:
            return False
        return self.low > 0 if change > 0 else self.high < 0

    @property
    def has_too_few(self) -> bool:
        """Whether it is a sample of too few posts in either period to speak of a change."""
        return self.is_sample and self.low is None


@dataclass(frozen=True)
class Silence:
    """An account without a post after the day `since`, while the data goes up to `until`; a post every `usual` days
    came before.
    """

    since: dt.date
    until: dt.date
    usual: float


@dataclass(frozen=True)
class Overview:
    """The numbers of one account in `period`, beside `before`.

    Attributes
    ----------
    posts
        Posts that went out.
    views
        Median views a post, of posts that are a day old or more. `before` is at the median age of the period's posts,
        since older posts had longer to be seen.
    likes
        Median likes per view (0-1).
    likes_place, likes_place_before
        Where those lie among public posts of like reach; None for fewer than five posts.
    silence
        Since when no post came, where that is much longer than usual.
    followers
        Followers at the end of each period, as counted in its last quarter.
    daily_views, daily_viewers, daily_profile_views
        Mean a day, where the account's own tables tell of most days.
    """

    period: Period
    before: Period
    posts: Figure
    views: Figure
    likes: Figure
    followers: Figure
    daily_views: Figure
    daily_viewers: Figure
    daily_profile_views: Figure
    likes_place: RatePlace | None = None
    likes_place_before: RatePlace | None = None
    silence: Silence | None = None

    @property
    def days(self) -> tuple[dt.date, ...]:
        """The days of both periods in order."""
        return (*self.before.dates, *self.period.dates)

    @property
    def new_followers(self) -> int | None:
        """How many followers the account won in the period, or lost where it is negative."""
        if self.followers.value is None or self.followers.before is None:
            return None
        return round(self.followers.value - self.followers.before)


def newest_day(posts: Posts, now: dt.datetime) -> dt.date:
    """The newest day that the data speaks of: of a post, of a count, or of an account's own tables by day.

    An old export so tells of its own time. None is later than `now`, which is the answer where nothing is dated.
    """
    return _newest_day(posts, _newest_post(posts, _out_by(posts, now)), now)


def _newest_day(posts: Posts, newest_post: dt.date | None, now: dt.datetime) -> dt.date:
    audiences = posts.context.audiences.values()
    tables = (table for one in audiences for table in (one.overview, one.viewers, one.followers))
    of_tables = (table["date"].max().date() for table in tables if table is not None and len(table))
    newest = (newest_post, _newest_count(posts), *of_tables)
    return min(max(filter(None, newest), default=now.date()), now.date())


def overview(posts: Posts, now: dt.datetime, benchmarks: Benchmarks, period: Period | None = None) -> Overview:
    """The numbers of one account in a period, each beside the period before.

    Parameters
    ----------
    posts
        All posts of one account, also those before the period, and with them the account's own tables by day.
    now
        What is later does not count, such as posts that are scheduled.
    benchmarks
        The rates per view of public posts.
    period
        Days on the account's clock. Without one it is the last 28 days of the data, counted back from `newest_day`
        rather than from `now`, so that an export of last spring shows last spring; where no post went out in these, the
        28 days up to the newest post.
    """
    out_by, posted = _out_by(posts, now), column(posts.table, "posted_at")
    newest = _newest_post(posts, out_by)
    until = _newest_day(posts, newest, now)
    if period is None:
        period = _last_days(until)
        if newest is not None and newest < period.since:
            period = _last_days(newest)
    before, days = period.before, period.before.days + period.days
    # All that follows is of the posts of both periods, which may be few of very many. No clock is a day from UTC's.
    is_earlier = out_by & (posted < _midnight(before.since - DAY))
    rows = np.flatnonzero(out_by & ~is_earlier & (posted < _midnight(period.until + 2 * DAY)))
    # By post the place of its day among those of both periods.
    place = posts.days_of(rows) - day_number(before.since)
    reaches_back = bool(is_earlier.any() or (place <= 0).any())
    is_within = (place >= 0) & (place < days)
    used = [name for name in posts.table.columns if name in USED]
    table, place = posts.table[used].iloc[rows[is_within]], place[is_within]
    masks, is_out = (place < before.days, place >= before.days), published_mask(table)
    audience = posts.context.audience(posts.context.accounts[0].handle)
    views, growth_doubt = _at_age_of(ages(table), np.where(is_out, numbers(table, "views"), np.nan), masks)
    log_likes = np.where(is_out, log_rate(table, "likes"), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.minimum(numbers(table, "likes") / numbers(table, "views"), 1.0)
        likes = np.where(np.isfinite(log_likes), rate, np.nan)
    places = [_likes_place(table, mask, benchmarks) for mask in masks]
    return Overview(
        period=period,
        before=before,
        posts=_count(place, masks, days, reaches_back=reaches_back),
        views=_sample(views, np.log1p(views), masks, _medians_by_day(views, place, days), growth_doubt),
        likes=_sample(likes, log_likes, masks, _medians_by_day(likes, place, days)),
        followers=_followers(audience.followers, before, period),
        daily_views=_daily_mean(audience.overview, "views", before, period),
        daily_viewers=_daily_mean(audience.viewers, "viewers", before, period),
        daily_profile_views=_daily_mean(audience.overview, "profile_views", before, period),
        likes_place=places[1],
        likes_place_before=places[0],
        silence=silence_of(posts.days_of(_newest_rows(posts, out_by)), until),
    )


def _last_days(until: dt.date) -> Period:
    return Period(until - (DAYS - 1) * DAY, until)


def _out_by(posts: Posts, now: dt.datetime) -> np.ndarray:
    """Which posts (n, bool) are published, and went out by `now`."""
    return np.asarray(~planned_mask(posts.table) & (column(posts.table, "posted_at") <= now).to_numpy(dtype=bool))


def _newest_post(posts: Posts, out_by: np.ndarray) -> dt.date | None:
    """The newest day, on its account's clock, of these posts."""
    if not out_by.any():
        return None
    posted = column(posts.table, "posted_at")
    # Clocks are little more than a day apart.
    latest = np.flatnonzero(out_by & (posted > posted[out_by].max() - 2 * DAY))
    return EPOCH + int(posts.days_of(latest).max()) * DAY


def _newest_rows(posts: Posts, out_by: np.ndarray) -> np.ndarray:
    """Row numbers of these posts that are enough to tell how they usually come."""
    rows, most = np.flatnonzero(out_by), 4 * RECENT_DAYS
    if len(rows) <= most:
        return rows
    posted = column(posts.table, "posted_at").to_numpy(dtype="datetime64[us]")[rows]
    return rows[np.argpartition(posted, len(rows) - most)[-most:]]


def _midnight(day: dt.date) -> pd.Timestamp:
    return pd.Timestamp(day, tz="UTC")


def silence_of(days: np.ndarray, until: dt.date) -> Silence | None:
    """Since when no post came, by the days of all posts and the newest day of the data; None where they still do."""
    of_posts = np.unique(days[np.isfinite(days)])[-RECENT_DAYS:]
    if len(of_posts) < ENOUGH_POSTS:
        return None
    gaps, newest = np.diff(of_posts), of_posts[-1]
    if day_number(until) - newest <= max(MUCH_LONGER * np.quantile(gaps, LONG_GAP), FEWEST_DAYS_OFF):
        return None
    return Silence(EPOCH + int(newest) * DAY, until, float(np.median(gaps)))


def _newest_count(posts: Posts) -> dt.date | None:
    """The newest day on which a published post was counted, on the account's clock."""
    if "metrics_at" not in posts.table.columns:
        return None
    moments, planned = posts.table["metrics_at"], planned_mask(posts.table)
    moment = (moments[~planned] if planned.any() else moments).max()
    if pd.isna(moment):
        return None
    day: dt.date = moment.tz_convert(posts.context.accounts[0].timezone or "UTC").date()
    return day


def _at_age_of(days: np.ndarray, views: np.ndarray, masks: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, float]:
    """Views (n) with those before the period as they were at the median age of the period's, and how sure that is.

    Views go with a power of age as they do on public accounts; where an age is not known they stay as counted. The
    doubt is the standard deviation of the logarithm of all of them.
    """
    earlier, later = (mask & np.isfinite(views) & np.isfinite(days) for mask in masks)
    if not earlier.any() or not later.any():
        return views, 0.0
    younger = np.log1p(np.median(days[later])) - np.log1p(np.maximum(days, 0))
    grown = np.where(earlier, views * np.exp(AGE_SLOPE * np.nan_to_num(younger)), views)
    return grown, AGE_DOUBT * abs(float(younger[earlier].mean()))


def _count(place: np.ndarray, masks: tuple[np.ndarray, np.ndarray], days: int, *, reaches_back: bool) -> Figure:
    """How many posts went out; not known of the period before where no post is as old as its first day."""
    daily = tuple(np.bincount(place.astype(np.int64), minlength=days).astype("float64").tolist())
    before, after = (float(mask.sum()) for mask in masks)
    return Figure(after, before if reaches_back else None, daily)


def _sample(
    values: np.ndarray,
    logs: np.ndarray,
    masks: tuple[np.ndarray, np.ndarray],
    daily: tuple[float | None, ...],
    doubt: float = 0.0,
) -> Figure:
    """The median of a value of posts in both periods, and the interval of its change by the means of its logarithm.

    `doubt` is the standard deviation of what the logarithms before may all be off by.
    """
    known = np.isfinite(values)
    earlier, value = (float(np.median(values[mask & known])) if (mask & known).any() else None for mask in masks)
    before, after = (logs[mask & known] for mask in masks)
    low = high = None
    if min(len(before), len(after)) >= FEWEST:
        gap, _low, end, _p = welch_test(before, after)
        # Where no post differs from another there is no doubt but that.
        half = np.hypot(np.nan_to_num(end - gap), NORMAL_90 * doubt)
        low, high = (float(np.expm1(bound)) for bound in (gap - half, gap + half))
    return Figure(value, earlier, daily, low, high, is_sample=True)


def _medians_by_day(values: np.ndarray, place: np.ndarray, days: int) -> tuple[float | None, ...]:
    medians = pd.Series(values).groupby(place).median().reindex(range(days))
    return _or_none(medians)


def _or_none(values: pd.Series) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else value for value in values.astype("float64").tolist())


def _likes_place(table: pd.DataFrame, mask: np.ndarray, benchmarks: Benchmarks) -> RatePlace | None:
    rows = np.flatnonzero(mask)
    rows = rows[:: len(rows) // ENOUGH + 1]
    likes = benchmarks.model_copy(update={"rates": tuple(one for one in benchmarks.rates if one.rate == "likes")})
    [places] = rate_places(table.iloc[rows], np.zeros(len(rows), dtype=np.int64), 1, likes)
    return next(iter(places), None)


def _by_day(table: pd.DataFrame | None, name: str, before: Period, period: Period) -> pd.Series:
    """A column of one of the account's own tables by the days of both periods, NaN where it does not tell."""
    days = pd.Index([*before.dates, *period.dates])
    if table is None or name not in table.columns:
        return pd.Series(np.nan, index=days)
    return pd.Series(numbers(table, name), index=table["date"].dt.date).groupby(level=0).last().reindex(days)


def _daily_mean(table: pd.DataFrame | None, name: str, before: Period, period: Period) -> Figure:
    daily = _by_day(table, name, before, period)
    of_each = [daily.loc[one.since : one.until] for one in (period, before)]
    means = [days.mean() if days.notna().mean() >= MOST_DAYS else np.nan for days in of_each]
    value, earlier = _or_none(pd.Series(means))
    return Figure(value, earlier, _or_none(daily))


def _followers(table: pd.DataFrame | None, before: Period, period: Period) -> Figure:
    daily = _by_day(table, "followers", before, period)
    # A count of the first days is none of the end: what came since would be left out, or be of the next period.
    last = [daily.loc[one.since : one.until].iloc[int(MOST_DAYS * one.days) :].ffill() for one in (period, before)]
    value, earlier = _or_none(pd.Series([days.iloc[-1] for days in last]))
    return Figure(value, earlier, _or_none(daily))
