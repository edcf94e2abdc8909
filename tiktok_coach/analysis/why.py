"""Why posts did worse or better than was to be expected: the post itself, its account's level, or chance.

Nothing here says what TikTok wants: a post has a place among what was to be expected, a level has a chance to have
moved, and a sign of restricted posts shows, does not, or is not known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tiktok_coach.analysis.exports import row_of, short_ids
from tiktok_coach.analysis.overview import Silence, newest_day, silence_of
from tiktok_coach.analysis.session import Analysis, open_analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress
from tiktok_coach.core.account import Account, normalize_handle
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.periods import Period, day_number
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, numbers
from tiktok_coach.core.translation import _
from tiktok_coach.io.reading import Export
from tiktok_coach.ranking.baseline import ENOUGH_POSTS, YOUNGEST_DAYS, ages
from tiktok_coach.ranking.scoring import NORMAL_90
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.findings import finding_of
from tiktok_coach.rules.kind import FAIL, UNKNOWN
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account import Posts
from tiktok_coach.stats.advice import Advice
from tiktok_coach.stats.expected_place import ExpectedPlaces, place_posts
from tiktok_coach.stats.level_changes import (
    FEWEST_AFTER,
    FEWEST_BEFORE,
    LevelChange,
    LevelSeries,
    find_level_changes,
    level_series,
    step_on,
)
from tiktok_coach.stats.views_model import DAYS, load_views_record, log_age, views_design

if TYPE_CHECKING:
    from tiktok_coach.analysis.retention import Fall

SCHEMA_VERSION = "1"
# So many of the newest posts are looked at, of a period so many at most. One is out of the ordinary where fewer than
# RARE (a share) of such posts lie further out; of a post that is asked about, where fewer than RARE_ASKED do.
NEWEST, MOST_NEWEST, RARE, RARE_ASKED = 5, 30, 0.0025, 0.025
FEWER, MORE, USUAL, TOO_NEW, UNKNOWN_PLACE = "fewer", "more", "usual", "too_new", "unknown"
# What is missing to place a post: its views, its date, when it was counted, a count since it is out, earlier posts.
VIEWS, POSTED, COUNTED, LATER_COUNT, EARLIER = "views", "posted_at", "metrics_at", "later_count", "earlier_posts"
# A level that moved before so many posts explains none of the newest.
RECENT_POSTS = 50
LEVEL_FELL, LEVEL_ROSE = "level_fell", "level_rose"
POST_FEWER, POST_MORE = "post_got_fewer", "post_got_more"
NO_NEW_POSTS = "no_new_posts"
NOTHING, TOO_FEW = "nothing_unusual", "too_few_posts"
# Signs of posts that TikTok shows less.
FOR_YOU, STOPPED, LEVEL, EXCLUDED = "for_you", "stopped", "level", "excluded"
# For You brings this share of the usual, the level fell by more than half, or views stop after this share of the time.
MUCH_LESS, HALVED = 1 / 3, 0.5
INSIGHTS = ("traffic_for_you", "retention_3s", "retention_half", "completion_rate")
# What is usual is the median of so many other posts at least.
ENOUGH_OTHERS = 5
# Views hour by hour: the first hours, the share of views by which a post has stopped, and how many counts that takes.
FIRST_HOURS, STOP_SHARE, WHOLE_DAY, LAST_HOUR, FEWEST_COUNTS = 3, 0.9, 24, 48, 6
# No more than so many other accounts are a control.
MOST_CONTROLS = 30


@dataclass(frozen=True)
class PostPlace:
    """A published post beside the views expected of it at its age of `days`, 90% from `low` to `high`; NaN if unknown.

    `short_id` is the end of its id that no other post has, `below` the share (0-1) of such posts that get fewer views.
    `word` is FEWER, MORE, USUAL, TOO_NEW or UNKNOWN_PLACE, and for the last `missing` says what it takes.
    """

    row: int
    post_id: str
    short_id: str
    caption: str
    posted_at: pd.Timestamp | None
    days: float
    views: float
    expected: float
    low: float
    high: float
    below: float
    word: str
    missing: str | None

    @property
    def rarity(self) -> float:
        """The share (0-1) of such posts that lie as far out, to the same side."""
        return min(self.below, 1 - self.below)


@dataclass(frozen=True)
class LevelMove:
    """A change of the account's level `since` a post went out, by 90% between `earliest` and `latest`.

    `before` and `now` are the usual views of a post a week old.
    """

    change: LevelChange
    since: pd.Timestamp
    earliest: pd.Timestamp
    latest: pd.Timestamp
    before: float
    now: float


@dataclass(frozen=True)
class Control:
    """How the levels of other `accounts` moved at that time: a factor with its 90% interval.

    So many `moved` to the same side as the account itself, each by its own 90% interval.
    """

    accounts: int
    moved: int
    effect: float
    low: float
    high: float


@dataclass(frozen=True)
class Insight:
    """What Studio's page says of a post in one column, beside the median of `posts` other posts."""

    name: str
    value: float
    usual: float
    posts: int


@dataclass(frozen=True)
class Hours:
    """Views of a post's first two days: those `added` in each hour, after how many hours 90% had come, and the first.

    NaN where an hour was not counted. `usual_stop` and `usual_first` are the medians of `posts` others up to that age.
    """

    added: tuple[float, ...]
    stop: float
    first: float
    usual_stop: float
    usual_first: float
    posts: int


@dataclass(frozen=True)
class Reason:
    """All that is known of one post: its place, and what is known to be worth more or less views.

    `advice` is what it does not follow, or where it did better than most, what it follows. `exclusions` are the rules
    on what is never recommended that it fails; of `unknown_exclusions` more it is not known. `fall` is the second in
    which most viewers left beyond the usual, where its video is known and it did no better than most.
    """

    place: PostPlace
    advice: tuple[Advice, ...]
    exclusions: tuple[Mapping[str, Any], ...]
    unknown_exclusions: int
    insights: tuple[Insight, ...]
    hours: Hours | None
    fall: Fall | None = None


@dataclass(frozen=True)
class Sign:
    """One thing that posts would show that TikTok does not recommend: how many `posts` of those `known` do show it."""

    name: str
    posts: int
    known: int

    @property
    def is_shown(self) -> bool | None:
        """Whether most of them show it; None where it is known of none."""
        return 2 * self.posts > self.known if self.known else None


@dataclass(frozen=True)
class AccountWhy:
    """What happened to an account's posts: the `causes`, the first being the one to name.

    `missing` counts the posts that it takes to tell, `newest` are the newest posts, the last first. Of the level,
    `moves` are the changes among the newest posts that are `compared`, `recent` is the one that the newest come after,
    or the post that is asked about, with its `control`. `reasons` are the posts out of the ordinary, or that one post.
    `silence` is there where no post came for much longer than usual.
    """

    account: Account
    posts: int
    missing: int
    newest: tuple[PostPlace, ...]
    compared: int
    moves: tuple[LevelMove, ...]
    recent: LevelMove | None
    control: Control | None
    reasons: tuple[Reason, ...]
    silence: Silence | None
    causes: tuple[str, ...]
    signs: tuple[Sign, ...]

    @property
    def by_chance(self) -> float:
        """How often one of the newest posts is out of the ordinary by chance alone (0-1)."""
        rarest = min((one.rarity for one in self.newest if np.isfinite(one.below)), default=float("nan"))
        return 1 - (1 - 2 * rarest) ** len(self.newest)


@dataclass(frozen=True)
class Why:
    """The answer for each account, those where something happened first; `post_id` is the post that is asked about."""

    export: Export
    accounts: tuple[AccountWhy, ...]
    post_id: str | None = None


def why(
    options: AnalysisOptions, *, post: str | None = None, account: str | None = None, progress: Progress | None = None
) -> Why:
    """What happened to the newest posts of every account, or to one post. Raises CoachError for an unknown post.

    `account` is the one to speak of, and whose post it is; the others of the inputs are its control all the same.
    """
    return explain_posts(open_analysis(options, progress, with_planned=True), post=post, account=account)


def explain_posts(analysis: Analysis, *, post: str | None = None, account: str | None = None) -> Why:
    """The answer of `why` on an analysis of all accounts.

    Of a period it is on the posts of it, beside all that came before.
    """
    levels = _Levels(analysis)
    spoken_of, post_id = levels.analysis, None
    if account is not None:
        spoken_of = levels.of(normalize_handle(account)).analysis
    handles = [one.handle for one in spoken_of.export.accounts]
    if post is not None:
        table = spoken_of.export.posts
        row = row_of(spoken_of.posts, post, "--post")
        post_id, owner = str(table["post_id"].iloc[row]), column(table, "account").iloc[row]
        if len(handles) > 1:
            handles = [owner if isinstance(owner, str) else None]
    answers = [_explain_account(levels, handle, post_id) for handle in handles]
    order = (TOO_FEW, NOTHING, LEVEL_ROSE, POST_MORE, POST_FEWER, NO_NEW_POSTS, LEVEL_FELL)
    answers.sort(key=lambda one: -order.index(one.causes[0]))
    return Why(analysis.export, tuple(answers), post_id)


class _Levels:
    """The views of each account of an analysis, worked out when they are first asked for."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis, self.period = analysis.history, analysis.period
        self._views: dict[str | None, _AccountViews] = {}

    def of(self, handle: str | None) -> _AccountViews:
        """Those of one account. Raises CoachError for an unknown one."""
        if handle not in self._views:
            self._views[handle] = _AccountViews(self.analysis.for_account(handle), self.period, self.short_ids)
        return self._views[handle]

    @cached_property
    def until(self) -> dt.date:
        """The newest day that the data of any account speaks of."""
        return newest_day(self.analysis.posts, self.analysis.settings.now)

    @cached_property
    def short_ids(self) -> dict[str, str]:
        """What to type for a post, by its id."""
        posts = self.analysis.export.posts
        return dict(zip(posts["post_id"].astype("str"), short_ids(posts), strict=True))

    def control(self, handle: str | None, day: float, *, has_fallen: bool) -> Control | None:
        """How the levels of the other accounts moved on a day (since the epoch); None where none tells."""
        others = [one.handle for one in self.analysis.export.accounts if one.handle != handle][:MOST_CONTROLS]
        steps = [step for other in others if (step := step_on(self.of(other).series, day)) is not None]
        if not steps:
            return None
        mean, sd = np.array(steps).T
        weight = 1 / np.square(sd)
        pooled = float(np.average(mean, weights=weight))
        # Accounts that differ by more than chance widen the interval.
        scatter = float((weight * np.square(mean - pooled)).sum()) / max(len(steps) - 1, 1)
        margin = NORMAL_90 * float(np.sqrt(max(scatter, 1.0) / weight.sum()))
        moved = int(((-mean if has_fallen else mean) > NORMAL_90 * sd).sum())
        effect, low, high = np.exp([pooled, pooled - margin, pooled + margin]).tolist()
        return Control(len(steps), moved, effect, low, high)


class _AccountViews:
    """The posts of one account beside what was to be expected of them."""

    def __init__(self, analysis: Analysis, period: Period | None, short_ids: Mapping[str, str]) -> None:
        self.analysis, self.posts, self.period, self.short_ids = analysis, analysis.posts, period, short_ids
        self.ages = ages(self.posts.table)
        # Where no export says when it was taken, all posts are taken to be of like age.
        self.days = np.full(len(self.ages), float(DAYS)) if np.isnan(self.ages).all() else self.ages
        known = self.posts.out & np.isfinite(self.posts.at.posted) & np.isfinite(log_age(self.days))
        design = views_design(self.posts, self.days, known)
        # A post without a view says little of its account's level, and much of itself where others have views.
        empty = known & (numbers(self.posts.table, "views") == 0) & (np.isfinite(design.value).sum() >= ENOUGH_POSTS)
        self.design = replace(design, value=np.where(empty, 0.0, design.value))

    @cached_property
    def known_rows(self) -> np.ndarray:
        """The posts with views and time, the oldest first."""
        rows = np.flatnonzero(np.isfinite(self.design.value))
        return rows[np.argsort(self.posts.at.posted[rows], kind="stable")]

    @cached_property
    def newest(self) -> np.ndarray:
        """The newest of them, or those of the period, but no more than there are others."""
        if self.period is None:
            return self.known_rows[-NEWEST:]
        newest = self.known_rows[-max(min(MOST_NEWEST, len(self.known_rows) // 2), 1) :]
        return np.asarray(newest[self.posts.days[newest] >= day_number(self.period.since)])

    @cached_property
    def series(self) -> LevelSeries:
        """What is like for like of the views of the newest posts, by a model of all posts."""
        _places, model = place_posts(self.design, self.newest[:0], load_views_record(rulebook()), fewest=0)
        return level_series(self.posts, self.design, model, self.days)

    @cached_property
    def hourly(self) -> _HourlyViews | None:
        """Their views hour by hour; None where no capture has them."""
        return _hourly_views(self.analysis.export.snapshots, self.posts.table)

    def hours(self, row: int) -> Hours | None:
        """The first two days of one post; None where no capture has them."""
        post_id = str(self.posts.table["post_id"].iloc[row])
        return None if self.hourly is None else self.hourly.of_post(post_id)

    def places(self, row: int | None) -> ExpectedPlaces:
        """What was to be expected of posts by those other than the newest, and than the one in `row`."""
        rows = np.union1d(self.newest, [] if row is None else [row]).astype(np.int64)
        record = load_views_record(rulebook())
        return place_posts(self.design, rows, record, fewest=ENOUGH_POSTS - len(rows))[0]


def _explain_account(levels: _Levels, handle: str | None, post_id: str | None) -> AccountWhy:
    views = levels.of(handle)
    analysis, posts, table = views.analysis, views.posts, views.posts.table
    row = None if post_id is None else int(np.flatnonzero(table["post_id"].astype("str") == post_id)[0])
    if row is not None and column(table, "status").iloc[row] == "planned":
        raise CoachError(
            _("--post {post!r} is not out yet", post=post_id), hint=_("`tiktok-coach lint` checks planned posts")
        )
    known = views.known_rows
    places = views.places(row)
    # The more posts there are, the farther out one must lie, so that as few accounts are named by chance.
    rare = RARE * min(NEWEST / max(len(views.newest), 1), 1.0)
    newest = tuple(_place(views, places, int(one), rare) for one in views.newest[::-1])
    subject = newest if row is None else (_place(views, places, row, RARE_ASKED),)
    odd = [one for one in subject if one.word in {FEWER, MORE}]
    moves = tuple(_moves(views))
    recent = _recent_move(views, moves, row)
    causes = []
    if recent is not None and (row is None or _went_along(views, subject[0], recent)):
        causes.append(LEVEL_FELL if recent.change.effect < 1 else LEVEL_ROSE)
    for word, cause in ((FEWER, POST_FEWER), (MORE, POST_MORE)):
        if any(one.word == word for one in odd):
            causes.append(cause)
    missing = max(ENOUGH_POSTS - len(known), 0)
    silence = silence_of(posts.days[posts.out], levels.until) if row is None and not missing else None
    if silence is not None:
        causes.append(NO_NEW_POSTS)
    if not causes:
        is_unknown = all(one.word in {TOO_NEW, UNKNOWN_PLACE} for one in subject)
        causes.append(TOO_FEW if missing or is_unknown else NOTHING)
    named = subject if row is not None else sorted(odd, key=lambda one: (one.below > 0.5, one.rarity))
    reasons = tuple(_reason(views, one) for one in named)
    control = None
    if recent is not None:
        day, has_fallen = float(posts.at.posted[recent.change.row]), recent.change.effect < 1
        control = levels.control(analysis.account.handle, day, has_fallen=has_fallen)
    rows = [one.row for one in named if one.below <= 0.5 or row is not None] or views.newest.tolist()
    return AccountWhy(
        account=analysis.account,
        posts=int(posts.out.sum()),
        missing=missing,
        newest=newest,
        compared=len(views.series.rows),
        moves=moves,
        recent=recent,
        control=control,
        reasons=reasons,
        silence=silence,
        causes=tuple(causes),
        signs=_signs(views, rows, recent),
    )


def _place(views: _AccountViews, places: ExpectedPlaces, row: int, rare: float) -> PostPlace:
    table, below = views.posts.table, float(places.below[row])
    if 0 <= log_age(views.ages[row]) < np.log1p(YOUNGEST_DAYS):
        word = TOO_NEW
    elif np.isnan(below):
        word = UNKNOWN_PLACE
    else:
        word = FEWER if below < rare else MORE if below > 1 - rare else USUAL
    caption, posted = column(table, "caption").iloc[row], column(table, "posted_at").iloc[row]
    post_id = str(table["post_id"].iloc[row])
    return PostPlace(
        row=row,
        post_id=post_id,
        short_id=views.short_ids[post_id],
        caption=caption if isinstance(caption, str) else "",
        posted_at=None if pd.isna(posted) else posted,
        days=float(views.ages[row]),
        views=float(numbers(table, "views")[row]),
        expected=float(places.views[row]),
        low=float(places.low[row]),
        high=float(places.high[row]),
        below=below,
        word=word,
        missing=_missing(views, row) if word == UNKNOWN_PLACE else None,
    )


def _missing(views: _AccountViews, row: int) -> str:
    """What it takes to place a post that has none."""
    obstacles = {
        VIEWS: np.isnan(numbers(views.posts.table, "views")[row]),
        POSTED: np.isnan(views.posts.at.posted[row]),
        COUNTED: np.isnan(views.days[row]),
        LATER_COUNT: np.isnan(log_age(views.days)[row]),
    }
    return next((name for name, is_one in obstacles.items() if is_one), EARLIER)


def _moves(views: _AccountViews) -> Iterator[LevelMove]:
    series, posted = views.series, column(views.posts.table, "posted_at")
    if not (changes := find_level_changes(series)):
        return
    bounds = [0, *(len(series.rows) - change.posts for change in changes), len(series.rows)]
    usual = [float(np.expm1(np.median(series.values[start:end]))) for start, end in pairwise(bounds)]
    for change, before, now in zip(changes, usual[:-1], usual[1:], strict=True):
        since, earliest, latest = (posted.iloc[row] for row in (change.row, change.first_row, change.last_row))
        yield LevelMove(change, since, earliest, latest, before, now)


def _recent_move(views: _AccountViews, moves: Sequence[LevelMove], row: int | None) -> LevelMove | None:
    """The last change before the newest posts, or before the post in `row`; None where it lies too far back."""
    posted, newest = views.posts.at.posted, views.known_rows[-1:] if row is None else [row]
    before = [move for move in moves if (posted[move.change.first_row] <= posted[newest]).all()]
    if not before:
        return None
    of_series = posted[views.series.rows]
    since = (of_series >= posted[before[-1].change.row]) & (of_series <= posted[newest])
    return before[-1] if since.sum() <= RECENT_POSTS else None


def _went_along(views: _AccountViews, place: PostPlace, move: LevelMove) -> bool:
    """Whether a post got more or fewer views as all posts did: as one from then on rather than as one before."""
    has_fallen = move.change.effect < 1
    if place.word != USUAL:
        return place.word == (FEWER if has_fallen else MORE)
    [value] = views.series.values[views.series.rows == place.row]
    return bool((value < np.log1p([move.before, move.now]).mean()) == has_fallen)


def _reason(views: _AccountViews, place: PostPlace) -> Reason:
    analysis = views.analysis
    row, better = place.row, place.below > 0.5
    known = [advice for advice in analysis.advice if advice.low > 1]
    evaluations = _exclusion_rules(analysis)
    return Reason(
        place,
        advice=tuple(one for one in known if analysis.advice_followed[one.id][row] == float(better)),
        exclusions=tuple(finding_of(one, one.subject_rows[row]) for one in evaluations if one.post_status[row] == FAIL),
        unknown_exclusions=sum(int(one.post_status[row] == UNKNOWN) for one in evaluations),
        insights=tuple(_insights(analysis.posts, row)),
        hours=views.hours(row),
        fall=None if better else _steepest_fall(analysis, row),
    )


def _steepest_fall(analysis: Analysis, row: int) -> Fall | None:
    """The second of a post that cost most viewers, what viewers clearly leave at first; None without its video."""
    if not analysis.settings.options.media or analysis.export.retention is None:
        return None
    post = analysis.retention.of_row(row)
    if post is None or not post.has_video or not post.falls:
        return None
    fall = post.falls[0]
    return replace(fall, events=tuple(sorted(fall.events, key=lambda event: event not in fall.hurting)))


def _exclusion_rules(analysis: Analysis) -> Sequence[Evaluation]:
    """The answers of the rules on what is never recommended."""
    codes = {code for one in analysis.catalogue.signals if one.direction == "excludes" for code in one.rules}
    return analysis.evaluate([rule for rule in analysis.settings.every_rule if rule.code in codes])


def _insights(posts: Posts, row: int) -> Iterator[Insight]:
    """What Studio's page says of a post that it says of enough others too."""
    for name in INSIGHTS:
        values = np.where(posts.out, numbers(posts.table, name), np.nan)
        value, values[row] = float(numbers(posts.table, name)[row]), np.nan
        others = values[np.isfinite(values)]
        if np.isfinite(value) and len(others) >= ENOUGH_OTHERS:
            yield Insight(name, value, float(np.median(others)), len(others))


@dataclass(frozen=True)
class _HourlyViews:
    """Views by post (a row each, by its id) and whole hours since it went out, NaN for hours that nobody counted."""

    counts: pd.DataFrame

    def of_post(self, post_id: str) -> Hours | None:
        """Those of one post beside the others at its age; None where no capture has them."""
        if post_id not in self.counts.index:
            return None
        last = self.counts.loc[post_id].last_valid_index()
        # Of a post that was counted for longer the same hours count.
        counts = self.counts.loc[self.counts.loc[:, last:].notna().any(axis="columns"), :last]
        stops = counts.ge(STOP_SHARE * counts.max(axis="columns"), axis="index").idxmax(axis="columns")
        firsts, others = counts[FIRST_HOURS], counts.index != post_id
        return Hours(
            added=tuple(np.diff(counts.loc[post_id], prepend=0.0).tolist()),
            stop=float(stops[post_id]),
            first=float(firsts[post_id]),
            usual_stop=float(stops[others].median()),
            usual_first=float(firsts[others].median()),
            posts=int(others.sum()),
        )


def _hourly_views(snapshots: pd.DataFrame, posts: pd.DataFrame) -> _HourlyViews | None:
    """The posts with enough counts of their first two days, and of the whole first one; None where there are none."""
    is_counted = {"metrics_at", "views"} <= set(snapshots.columns) and "posted_at" in posts.columns
    if not len(snapshots) or not is_counted:
        return None
    counts = snapshots[["post_id", "metrics_at", "views"]].dropna()
    counts = counts.merge(posts[["post_id", "posted_at"]].dropna(), on="post_id")
    hours = (counts["metrics_at"] - counts["posted_at"]).dt.total_seconds() / 3600
    # Studio counts by the clock's hours; exports of a day count at some moment of it.
    by_clock = counts["metrics_at"] == counts["metrics_at"].dt.floor("h")
    counts = counts.assign(hour=np.ceil(hours))[by_clock & (hours > 0) & (hours <= LAST_HOUR)]
    hour = counts.groupby("post_id")["hour"]
    counts = counts[(hour.transform("nunique") >= FEWEST_COUNTS) & (hour.transform("max") >= WHOLE_DAY)]
    if not len(counts):
        return None
    table = counts.pivot_table(index="post_id", columns="hour", values="views", aggfunc="min")
    return _HourlyViews(table.reindex(columns=range(1, LAST_HOUR + 1)).astype("float64"))


def _signs(views: _AccountViews, rows: Sequence[int], recent: LevelMove | None) -> tuple[Sign, ...]:
    """What posts would show that TikTok does not recommend, by those in `rows` and by their account's level."""
    insights = [one for row in rows for one in _insights(views.posts, row) if one.name == INSIGHTS[0]]
    every_hour = [views.hours(row) for row in rows]
    hours = [one for one in every_hour if one is not None and one.posts >= ENOUGH_OTHERS]
    failing = np.zeros(len(rows), dtype=bool)
    for evaluation in _exclusion_rules(views.analysis):
        failing |= evaluation.post_status[list(rows)] == FAIL
    has_fallen = recent is not None and recent.change.effect < HALVED
    return (
        Sign(FOR_YOU, sum(one.value < MUCH_LESS * one.usual for one in insights), len(insights)),
        Sign(STOPPED, sum(one.stop < MUCH_LESS * one.usual_stop for one in hours), len(hours)),
        Sign(LEVEL, int(has_fallen), int(len(views.series.rows) >= FEWEST_BEFORE + FEWEST_AFTER)),
        # What TikTok marks is in no file, so that passing proves nothing.
        Sign(EXCLUDED, int(failing.sum()), len(rows) if failing.any() else 0),
    )
