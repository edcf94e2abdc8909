"""What rules look at: posts, days, months or accounts, each as columns that are derived when asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import field, replace
from functools import cache, cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_coach.core import captions
from tiktok_coach.core.account import Account, Audience, Trends
from tiktok_coach.core.arrays import TEXT, as_int64, is_in, rows_by_code, take, text_array
from tiktok_coach.core.captions import Hashtags
from tiktok_coach.core.facts import Array, Facts, known_mask, null_column, text_at
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.search_words import SaidWords
from tiktok_coach.core.translation import N_

T = TypeVar("T")
P = ParamSpec("P")
# At least so many hours of the day at which an account's posts did best, by its handle, of those with so many posts or
# more; the best first, and none where no hour is clearly better.
BestHours = Callable[[str | None, int, int], Sequence[int]]
DAY = np.timedelta64(1, "D")
# Offsets of timezones change at quarters of an hour at the finest: those of a day, with its end.
QUARTERS = np.arange(97) * np.timedelta64(15, "m")
# One for all: of ten thousand accounts none may have an audience of its own.
_NO_AUDIENCE = Audience()


def no_hours(handle: str | None, least: int, posts: int) -> Sequence[int]:  # noqa: ARG001 - as all BestHours
    """No hours, where nothing tells how posts did."""
    return ()


@dataclass(frozen=True)
class Context:
    """What rules may know beside the posts: who posts, their audience, what was trending, and what time it is."""

    accounts: tuple[Account, ...] = (Account(),)
    audiences: dict[str, Audience] = field(default_factory=dict)
    trends: Trends | None = None
    now: dt.datetime | None = None
    best_hours: BestHours = no_hours

    def audience(self, handle: str | None) -> Audience:
        """The audience of a handle, empty where no export tells it."""
        # One audience beside one account is its audience, whatever either is called.
        is_sole = len(self.audiences) == len(self.accounts) == 1
        return self.audiences.get(handle or "", next(iter(self.audiences.values())) if is_sole else _NO_AUDIENCE)

    @cached_property
    def positions(self) -> dict[str | None, int]:
        """The position of each account among these, by its handle."""
        return {account.handle: position for position, account in reversed(list(enumerate(self.accounts)))}

    def for_account(self, handle: str | None) -> Context:
        """What holds for one account of these alone."""
        account, audience = self.accounts[self.positions[handle]], self.audience(handle)
        return replace(self, accounts=(account,), audiences={handle or "": audience})


_AUDIENCE = N_(
    "FollowerGender.csv and FollowerTopTerritories.csv with rows, or TikTok Studio's own pages (`capture guide`)"
)
_SIDECAR_KIND = N_("`kind` in a file of your own notes")
# The kind of each fact of an account, and what gives it.
ACCOUNT_FACTS: dict[str, tuple[str, str]] = {
    "type": ("text", N_("`account.type` in the config file")),
    "category": ("text", N_("`account.category` in the config file")),
    "timezone": ("text", N_("`account.timezone` in the config file, or --timezone")),
    "country": ("text", N_("`account.country` in the config file")),
    "language": ("text", N_("`account.language` in the config file")),
    "subcultures": ("text", N_("`account.subcultures` in the config file")),
    "small_business": ("flag", N_("`account.small_business` in the config file")),
    "comments_on_others": ("flag", N_("`account.comments_on_others` in the config file")),
    "owner_age": ("number", N_("`account.owner_age` in the config file")),
    "max_video_s": ("number", N_("`account.max_video_s` in the config file or the plan")),
    "audience_known": ("flag", _AUDIENCE),
    "activity_known": ("flag", N_("FollowerActivity.csv with rows, or TikTok Studio's own pages (`capture guide`)")),
    "metrics_known": ("flag", N_("an export with views and likes")),
    "followers": ("count", N_("FollowerHistory.csv of a TikTok Studio download")),
    "views_30_days": ("count", N_("Overview.csv of a TikTok Studio download, of 30 days or more")),
    "duet_posts": ("count", _SIDECAR_KIND),
    "stitch_posts": ("count", _SIDECAR_KIND),
    "video_reply_posts": ("count", _SIDECAR_KIND),
    "top_hashtag_share": ("share", N_("an export with captions")),
    "searched_words": ("text", N_("TikTok Studio's own pages (`capture guide`)")),
}
# Columns that follow from others, each with the one that a creator fills.
DERIVED_FIELDS = dict.fromkeys(("shown_caption", "hashtag_count", "repeated_hashtags", "asks_question"), "caption")
DERIVED_FIELDS |= {"aspect_ratio": "width", "short_side": "width", "long_side": "width", "media": "kind"}
DERIVED_FIELDS |= {"answered_share": "replied_comments", "early_drop": "retention_3s", "held_to_5": "retention_5s"}
DERIVED_FIELDS |= {"made_with_ai": "ai_generated", "commercial": "disclosure"}
DERIVED_TEXTS = frozenset({"shown_caption", "media"})
# Where a post says something, and what the last of these is where it says nothing.
SAID_IN = ("shown_caption", "title", "opening_text")
NO_TEXT = "none"
_MONTH = N_("an export or a plan with captions of at least four posts in a month, and the account's timezone")
_DAY = N_("an export that lists every post (Business Suite, the account archive, an API) and the account's timezone")
MONTH_FACTS, DAY_FACTS = {"same_hashtags_share": _MONTH}, {"posts": _DAY}


def _memoized(method: Callable[Concatenate[Subjects, P], T]) -> Callable[Concatenate[Subjects, P], T]:
    """A method whose answer is kept, by its first argument, until the cache is cleared."""

    @wraps(method)
    def once(self: Subjects, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.cached((method.__name__, *args[:1]), lambda: method(self, *args, **kwargs))

    return once


class Subjects:
    """The subjects of one scope. `column` gives a fact of each, missing where it is not known.

    Parameters
    ----------
    facts : one row per subject.
    labels : the name of each subject (a post's id, a day, a handle), a text column.
    derived : functions for the columns that follow from others.
    posts : for days, months and accounts, the posts that they are made of.
    shown_at : for days and months, the row of the post at which one is best shown; -1 for none.
    """

    def __init__(
        self,
        scope: str,
        facts: Facts,
        labels: pa.Array,
        context: Context,
        *,
        derived: Mapping[str, Callable[[], Array]] | None = None,
        posts: Subjects | None = None,
        shown_at: np.ndarray | None = None,
    ) -> None:
        self.scope, self.facts, self.labels, self.context = scope, facts, labels, context
        self.posts = self if posts is None else posts
        self.shown_at, self._derived = shown_at, derived or {}
        self._cache: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        return len(self.facts)

    def label(self, row: int) -> str:
        """The name of a subject; nothing for -1."""
        return (text_at(self.labels, row) if row >= 0 else None) or ""

    def cached(self, key: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` gives, computed the first time only; what several rules read is shared so."""
        if key not in self._cache:
            self._cache[key] = compute()
        return self._cache[key]  # type: ignore[no-any-return]

    def clear_cache(self) -> None:
        """Lets go of what is cached; it is computed again for whoever asks for it."""
        self._cache.clear()

    @_memoized
    def column(self, name: str) -> Array | None:
        """A fact of every subject; None where it is known of none."""
        if name in self._derived:
            array: Array | None = self._derived[name]()
        elif name.startswith("account."):
            array = self._account_fact(name.removeprefix("account."))
        else:
            array = self.facts.column(name)
        return array if array is not None and bool(known_mask(array).any()) else None

    def column_or_null(self, name: str) -> Array:
        """A fact of every subject, wholly missing where it is known of none."""
        column = self.column(name)
        return null_column(name, len(self)) if column is None else column

    @_memoized
    def texts(self, name: str) -> pa.Array:
        """A text of every subject, also one that follows from others and is known of none."""
        column = self.column(name)
        return pa.nulls(len(self), TEXT) if column is None else column

    @_memoized
    def said_words(self, row: int) -> SaidWords:
        """What a post says in its caption with its hashtags, its title, and in the picture in the first second."""
        caption, title, opening = (text_at(self.texts(name), row) for name in SAID_IN)
        return SaidWords(caption, title, None if opening == NO_TEXT else opening)

    @_memoized
    def for_account(self, handle: str | None, account_rows: np.ndarray) -> tuple[Subjects, np.ndarray]:
        """The subjects of one account, as its posts alone would give them, and their positions among these.

        `account_rows` are the account's posts among all, in ascending order.
        """
        if self.scope == "post":
            return post_subjects(self.facts.take(account_rows), self.context.for_account(handle)), account_rows
        rows = (self.account_index() == self.context.positions[handle]).nonzero()[0]
        posts, _rows = self.posts.for_account(handle, account_rows)
        shown_at = None if self.shown_at is None else renumber(self.shown_at[rows], account_rows)
        facts, labels = self.facts.take(rows), take(self.labels, rows)
        return Subjects(self.scope, facts, labels, posts.context, posts=posts, shown_at=shown_at), rows

    def known(self, name: str) -> np.ndarray:
        """Which subjects have a fact."""
        return self.cached(f"known {name}", lambda: known_mask(self.column_or_null(name)))

    def in_order(self, rows: np.ndarray, times: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Rows sorted by account and time (by default the publish time), and where in them each account starts."""
        times, index = self.column_or_null("posted_at") if times is None else times, self.account_index()
        order = rows[np.lexsort((rows, times[rows], index[rows]))]
        return order, np.flatnonzero(np.diff(index[order], prepend=-2))

    @_memoized
    def account_index(self) -> np.ndarray:
        """The position among the accounts of each subject's; -1 for none of them."""
        accounts = self.context.accounts
        if len(accounts) == 1:
            return np.broadcast_to(np.int64(0), len(self))
        handles = text_array(account.handle for account in accounts)
        return as_int64(pc.index_in(self.column_or_null("account"), value_set=handles), nothing=-1)

    def account_rows(self, mask: np.ndarray | None = None) -> list[np.ndarray]:
        """The positions of each account's subjects, or of those in a `mask`, in ascending order."""
        index = self.account_index()
        return rows_by_code(index if mask is None else np.where(mask, index, -1), len(self.context.accounts))

    def account_of(self, row: int) -> Account:
        """The account of a subject; one of which nothing is known for none."""
        position = int(self.account_index()[row])
        return self.context.accounts[position] if position >= 0 else Account()

    def _account_fact(self, fact: str) -> Array:
        """A fact of each subject's account; subcultures as one text."""
        values: list[Any] = [*(getattr(account, fact) for account in self.context.accounts), None]
        index = self.account_index()
        if ACCOUNT_FACTS[fact][0] != "text":
            return np.array([np.nan if value is None else float(value) for value in values])[index]
        texts = [(", ".join(value) or None) if isinstance(value, tuple) else value for value in values]
        return take(text_array(texts), np.where(index < 0, len(texts) - 1, index))

    @_memoized
    def hashtags(self) -> Hashtags:
        """Every hashtag of every post, each counted once for a post."""
        return captions.merge_hashtags(self.tags_in("caption"), self.tags_in("hashtags"))

    @_memoized
    def tags_in(self, name: str) -> Hashtags:
        """Every hashtag of one column, repeats too."""
        return captions.hashtags_in(self.column_or_null(name))

    @_memoized
    def local_times(self) -> np.ndarray | None:
        """When each post went out on its account's clock (naive); missing without the hour or the timezone."""
        if self.column("posted_at") is None:
            return None
        has_hour, local = text_equals(self.column_or_null("posted_at_precision"), "second"), self.clock_times()
        if not has_hour.all():
            local = np.where(has_hour, local, np.datetime64("NaT", "us"))
        return local if known_mask(local).any() else None

    @_memoized
    def clock_times(self) -> np.ndarray:
        """Times of posts on their accounts' clocks (naive); missing where the timezone is not known."""
        times = self.column_or_null("posted_at")
        local = np.full(len(times), np.datetime64("NaT", "us"))
        zones = [account.timezone for account in self.context.accounts]
        names = sorted(filter(None, set(zones)))
        # A last place for posts of no account.
        of_accounts = np.array([*(names.index(zone) if zone else -1 for zone in zones), -1])
        for name, rows in zip(names, rows_by_code(of_accounts[self.account_index()], len(names)), strict=True):
            local[rows] = local_time(times[rows], name)
        return local


def local_time(times: np.ndarray, timezone: str) -> np.ndarray:
    """Times in UTC as a timezone's clocks show them."""
    first, last = (end.reduce(times, initial=np.datetime64("NaT", "us")) for end in (np.fmin, np.fmax))
    if np.isnat(first):
        return times
    clocks = (_clocks(timezone, year) for year in range(first.item().year, last.item().year + 1))
    since, ahead = (np.concatenate(parts) for parts in zip(*clocks, strict=True))
    return np.asarray(times + ahead[np.searchsorted(since[1:], times, side="right")])


@cache
def _clocks(timezone: str, year: int) -> tuple[np.ndarray, np.ndarray]:
    """The start of a year, when in it a timezone's clocks are set, and how far ahead of UTC they go from each on.

    Each day is looked up, and of a day on which the clocks change each quarter of an hour.
    """
    days = np.arange(f"{year}-01-01", f"{year + 1}-01-02", dtype="datetime64[D]")
    changing = days[:-1][np.diff(_ahead(days, timezone)) != 0]
    quarters = (changing[:, None] + QUARTERS).ravel()
    moments = np.append(days[:1], quarters).astype("datetime64[us]")
    ahead = _ahead(moments, timezone)
    is_set = np.append([True], ahead[1:] != ahead[:-1])
    return moments[is_set], ahead[is_set]


def _ahead(moments: np.ndarray, timezone: str) -> np.ndarray:
    """How far the clocks of a timezone are ahead of UTC at each of some moments."""
    zone = ZoneInfo(timezone)
    utc = (moment.replace(tzinfo=dt.UTC) for moment in moments.astype("datetime64[s]").tolist())
    return np.array([moment.astimezone(zone).utcoffset() for moment in utc], dtype="timedelta64[us]")


def renumber(positions: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Positions among all posts as positions among `rows` (ascending); -1 for one that is not there.

    >>> renumber(np.array([7, -1, 3]), np.array([3, 5, 7])).tolist()
    [2, -1, 0]
    """
    if not len(rows):
        return np.full(len(positions), -1, dtype=np.int64)
    places = np.minimum(np.searchsorted(rows, positions), len(rows) - 1)
    return np.where(rows[places] == positions, places, -1)


def text_equals(texts: pa.Array, value: str) -> np.ndarray:
    """Where a text column holds a text."""
    return is_in(texts, [value])


def post_subjects(posts: Facts, context: Context) -> Subjects:
    """Posts as subjects, with the columns that follow from others."""
    column = posts.column_or_null
    subjects: Subjects

    def count_tags(*tables: Hashtags) -> np.ndarray:
        counts = sum(tags.per_post(len(posts)) for tags in tables)
        return np.where(known_mask(column("caption")) | known_mask(column("hashtags")), counts, np.nan)

    def ratio(part: str, whole: str) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(column(part) / column(whole))

    derived: dict[str, Callable[[], Array]] = {
        "shown_caption": lambda: captions.caption_with_hashtags(column("caption"), column("hashtags")),
        "hashtag_count": lambda: count_tags(subjects.hashtags()),
        "repeated_hashtags": lambda: count_tags(
            *(tags.filter(tags.repeats) for tags in map(subjects.tags_in, ("caption", "hashtags")))
        ),
        "asks_question": lambda: captions.asks_question(column("caption")),
        "aspect_ratio": lambda: ratio("width", "height"),
        "short_side": lambda: np.minimum(column("width"), column("height")),
        "long_side": lambda: np.maximum(column("width"), column("height")),
        "media": lambda: _media(posts),
        "answered_share": lambda: ratio("replied_comments", "comments"),
        "early_drop": lambda: 1 - ratio("retention_3s", "retention_1s"),
        "held_to_5": lambda: ratio("retention_5s", "retention_3s"),
        "made_with_ai": lambda: _made_with_ai(posts),
        "commercial": lambda: _commercial(subjects),
    }
    labels = column("post_id") if "post_id" in posts.names else text_array(map(str, range(len(posts))))
    subjects = Subjects("post", posts, labels, context, derived=derived)
    return subjects


def _made_with_ai(posts: Facts) -> np.ndarray:
    """Whether AI made pictures or voices of a post, as its maker or the Content Credentials of its file say."""
    said = posts.column_or_null("ai_generated")
    return np.where(text_equals(posts.column_or_null("content_credentials"), "ai"), 1.0, said)


def _commercial(posts: Subjects) -> np.ndarray:
    """Whether a post is a business's, or is disclosed as promotional; 0 where both are known to be otherwise."""
    disclosure, account_type = posts.column_or_null("disclosure"), posts.column("account.type")
    is_promotional = is_in(disclosure, ["own", "paid"])
    if account_type is None:
        return np.where(is_promotional, 1.0, np.nan)
    is_commercial = is_promotional | text_equals(account_type, "business")
    is_known = known_mask(disclosure) & known_mask(account_type)
    return np.where(is_commercial, 1.0, np.where(is_known, 0.0, np.nan))


def _media(posts: Facts) -> pa.Array:
    """Whether a post is a `video` or a `photo` post, from its kind, its link or its length."""
    kind, link = posts.column_or_null("kind"), posts.column_or_null("link")
    photo = text_equals(kind, "photo") | known_mask(posts.column_or_null("photo_files"))
    video = (known_mask(kind) & ~photo) | known_mask(posts.column_or_null("duration_s"))
    video |= captions.match_pattern(link, "/video/") == 1
    kinds = np.where(photo, 2, np.where(video, 1, 0))
    return take(text_array([None, "video", "photo"]), kinds)
