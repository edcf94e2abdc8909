"""What the published posts beside a plan say of its posts: each answer worked out once, when it is first asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np

from tiktok_coach.analysis.planned_views import PlannedViews, planned_views
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.account import Account
from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.editor.project import Linted, Project
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.hashtag_record import HashtagRecord, hashtag_record
from tiktok_coach.stats.outcomes import VIEWS
from tiktok_coach.stats.posting_times import Slots
from tiktok_coach.stats.public_record import load_public_record

# What is asked of more accounts than this is worked out when it is.
MOST_ACCOUNTS = 3


class OwnPosts:
    """The published posts of one account, on the clock that its plan says."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._hashtags: dict[str, HashtagRecord] = {}

    @property
    def week(self) -> Slots | None:
        """The hours of the week by the account's own results; None for too few posts."""
        return self.analysis.week

    def hashtag(self, tag: str) -> HashtagRecord:
        """How posts with a hashtag did."""
        if tag not in self._hashtags:
            one, record = self.analysis, load_public_record(rulebook())
            self._hashtags[tag] = hashtag_record(one.posts, one.outcome(VIEWS), tag, record, one.catalogue)
        return self._hashtags[tag]

    def parts(self) -> list[Callable[[], object]]:
        """What takes long of what hovers ask, each part to be worked out once."""
        one = self.analysis
        return [
            lambda: self.week,
            lambda: one.advice,
            lambda: one.own_effects(one.account.handle),
            lambda: self.hashtag(""),
        ]


def own_posts(linted: Linted, project: Project, row: int) -> OwnPosts | None:
    """The published posts of the account that plans a post (its row among those of all plans); None without any."""
    analysis = project.analysis
    if analysis is None:
        return None
    account = account_of(linted, row)
    known = next((one for one in analysis.export.accounts if one.handle == account.handle), None)
    return None if known is None else _of_account(project, analysis, account.fill_from(known))


def account_of(linted: Linted, row: int) -> Account:
    """The account that plans a post, with what its plan and the published posts say of it."""
    calendar = linted.run.linted.calendar
    handle = text_at(calendar.posts.column_or_null("account"), row)
    accounts = calendar.accounts or (Account(),)
    return next((one for one in accounts if one.handle == handle), accounts[0])


def _of_account(project: Project, analysis: Analysis, account: Account) -> OwnPosts:
    if project.learned.get("history") is not analysis:
        project.learned = {"history": analysis}
    known, key = project.learned, (account.handle, account.timezone)
    if key not in known:
        # Another clock gives other hours of the same posts.
        others = {one.handle: one for one in analysis.export.accounts}
        if others[account.handle].timezone != account.timezone:
            accounts = tuple((others | {account.handle: account}).values())
            analysis = Analysis(replace(analysis.export, accounts=accounts), analysis.settings)
        known[key] = OwnPosts(analysis.for_account(account.handle))
    own: OwnPosts = known[key]
    return own


def parts_of(project: Project) -> list[Callable[[], object]]:
    """What takes long of what hovers ask of the accounts with most published posts, so that nobody waits for it.

    In parts, so that what is asked for meanwhile gets its turn.
    """
    analysis = project.analysis
    accounts = () if analysis is None else analysis.export.accounts[:MOST_ACCOUNTS]
    return [part for one in accounts if analysis is not None for part in _of_account(project, analysis, one).parts()]


def expected_views(linted: Linted, project: Project) -> dict[int, PlannedViews]:
    """By row of all plans the views that are expected of posts a week after they go out; empty without a history."""
    analysis, calendar = project.analysis, linted.run.linted.calendar
    if analysis is None or not len(calendar.posts):
        return {}
    if linted.learned.get("history") is not analysis:
        linted.learned["views"] = planned_views(analysis.export, calendar.posts, calendar.accounts)
        linted.learned["history"] = analysis
    expected: dict[int, PlannedViews] = linted.learned["views"]
    return expected


def local_time(linted: Linted, row: int) -> tuple[dt.datetime, bool] | None:
    """When a post goes out, on its account's clock, and whether its hour is known; None where it has no day."""
    posts = linted.run.linted.calendar.posts
    times = posts.column_or_null("posted_at")
    if not known_mask(times)[row]:
        return None
    moment: dt.datetime = times[row].astype("datetime64[us]").item()
    has_hour = text_at(posts.column_or_null("posted_at_precision"), row) == "second"
    timezone = account_of(linted, row).timezone
    if has_hour and timezone is not None:
        return moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(timezone)), True
    return moment, False


def gaps(linted: Linted, own: OwnPosts | None, row: int) -> tuple[dt.timedelta | None, dt.timedelta | None]:
    """How long before a post the account's last one goes out, and how long after it the next; None where none does."""
    posts = linted.run.linted.calendar.posts
    times, precision = posts.column_or_null("posted_at"), posts.column_or_null("posted_at_precision")
    handle = text_at(posts.column_or_null("account"), row)
    handles = np.array(posts.column_or_null("account").tolist(), dtype=object)
    is_timed = known_mask(times) & (np.array(precision.tolist(), dtype=object) == "second") & (handles == handle)
    others = times[is_timed]
    if own is not None:
        published = own.analysis.posts.subjects.column_or_null("posted_at")
        others = np.concatenate([others, published[known_mask(published)]])
    before, after = others[others < times[row]], others[others > times[row]]
    last = (times[row] - before.max()).item() if len(before) else None
    following = (after.min() - times[row]).item() if len(after) else None
    return last, following
