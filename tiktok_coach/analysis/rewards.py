"""How far one account is from the Creator Rewards Program, and at most how many of its views that would count."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, numbers, planned_mask
from tiktok_coach.rules.daily_counts import newest_count, sum_of_newest_days
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.rewards import Programme, counting_mask, load_programme, qualified_views

TYPE, AGE, FOLLOWERS, VIEWS, COUNTRY = "account_type", "age", "followers", "views", "country"
# What is known of a post, in the order of `RewardsPost`.
VALUES = ("views", "qualified", "low", "high", "ceiling")


@dataclass(frozen=True)
class Bar:
    """One thing that the programme asks of an account.

    `value` is what the account has, None where not known, as of `as_of`; with `is_least` it may be more. `is_met` is
    None where that cannot be told.
    """

    name: str
    needed: str | float
    value: str | float | None
    is_met: bool | None
    is_least: bool = False
    as_of: pd.Timestamp | None = None


@dataclass(frozen=True)
class RewardsPost:
    """A post that the programme may count, by its position: its views, and at most how many of them it counts.

    `qualified` and what goes with it are None where the export does not say; see `QualifiedViews`.
    """

    row: int
    views: float | None
    qualified: float | None
    low: float | None
    high: float | None
    ceiling: float | None


@dataclass(frozen=True, eq=False)
class Rewards:
    """What is asked of the account, and its posts that count, those with most qualified views first.

    `rows` are the positions of these posts, and `values` by each name of VALUES what is known of them, NaN where it is
    not. `posts` is how many posts are out, and of `unknown_length` of them the length is not known.
    """

    programme: Programme
    bars: tuple[Bar, ...]
    rows: np.ndarray
    values: dict[str, np.ndarray]
    posts: int
    unknown_length: int

    @property
    def measured(self) -> int:
        """Of how many posts the qualified views have a known bound."""
        return int(np.isfinite(self.values["qualified"]).sum())

    def counting(self) -> Iterator[RewardsPost]:
        """The posts that count one by one, as there may be very many."""
        for row, *values in zip(self.rows.tolist(), *(self.values[name].tolist() for name in VALUES), strict=True):
            yield RewardsPost(row, *(None if np.isnan(value) else value for value in values))

    def total(self, name: str) -> float:
        """The sum over the posts with a known bound of `qualified`, `low`, `high` or `ceiling`."""
        return float(self.values[name][: self.measured].sum())


def rewards(analysis: Analysis) -> Rewards:
    """How one account stands with the programme, by all of its posts up to the end of the period."""
    programme, posts = load_programme(rulebook()), analysis.export.posts
    may_count = counting_mask(posts, programme)
    views, bound = numbers(posts, "views"), qualified_views(posts)
    rows = np.flatnonzero(may_count == 1)
    # NaN comes last.
    rows = rows[np.lexsort((-np.nan_to_num(views[rows]), -bound.value[rows]))]
    ends = (views, bound.value, bound.low, bound.high, bound.ceiling)
    values = {name: every[rows] for name, every in zip(VALUES, ends, strict=True)}
    out = int((~planned_mask(posts)).sum())
    bars = tuple(_bars(analysis.history, programme))
    return Rewards(programme, bars, rows, values, out, int(np.isnan(may_count).sum()))


def _bars(analysis: Analysis, programme: Programme) -> Iterator[Bar]:
    account = analysis.account
    is_right = None if account.type is None else account.type in programme.account_types
    yield Bar(TYPE, programme.account_types[0], account.type, is_right)
    age = account.owner_age
    yield Bar(AGE, programme.least_age, age, None if age is None else age >= programme.least_age)
    count, day = _followers(analysis)
    yield Bar(FOLLOWERS, programme.followers, count, None if count is None else count >= programme.followers, as_of=day)
    yield _views_bar(analysis, programme)
    country = account.country.upper() if account.country else None
    # Which countries have it is reported in part: one that no source names may have it too.
    yield Bar(COUNTRY, ", ".join(programme.countries), country, True if country in programme.countries else None)


def _followers(analysis: Analysis) -> tuple[float | None, pd.Timestamp | None]:
    """The newest known number of followers, and its day."""
    table = analysis.posts.context.audience(analysis.account.handle).followers
    if (newest := newest_count(table, "followers")) is not None:
        return newest.value, newest.until
    posts = analysis.export.posts
    counts = pd.DataFrame({"at": column(posts, "metrics_at"), "followers": numbers(posts, "followers")}).dropna()
    if not len(counts):
        return None, None
    last = counts.sort_values("at", kind="stable")
    return float(last["followers"].iloc[-1]), last["at"].iloc[-1]


def _views_bar(analysis: Analysis, programme: Programme) -> Bar:
    """Views of the last days: of all posts by the account's own table, else at least those of the newest posts."""
    table = analysis.posts.context.audience(analysis.account.handle).overview
    if (newest := sum_of_newest_days(table, "views", programme.days)) is not None:
        until, value, is_least = newest.until, newest.value, not newest.is_whole
    else:
        posts = analysis.export.posts
        until, posted = column(posts, "metrics_at").max(), column(posts, "posted_at")
        views = np.where(planned_mask(posts), np.nan, numbers(posts, "views"))
        # All views of a post that went out within the last days came within them; older posts had some more.
        is_new = (
            np.zeros(len(posts), dtype=bool)
            if pd.isna(until)
            else (posted > until - pd.Timedelta(programme.days, "D")).to_numpy(dtype=bool)
        )
        if not np.isfinite(views[is_new]).any():
            return Bar(VIEWS, programme.views, None, None)
        value, is_least = float(np.nansum(views[is_new])), True
    is_met = True if value >= programme.views else None if is_least else False
    return Bar(VIEWS, programme.views, value, is_met, is_least=is_least, as_of=until)
