"""What rules look at: posts, an account's days, or whole accounts, each as columns that are derived when asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from tiktok_coach import captions
from tiktok_coach.account import Account, Audience
from tiktok_coach.posts import COLUMNS, column, empty_column
from tiktok_coach.trends import Trends

Held = TypeVar("Held")


@dataclass(frozen=True)
class Context:
    """What rules may know beside the posts: who posts, their audience, what was trending, and what time it is."""

    accounts: tuple[Account, ...] = (Account(),)
    audiences: dict[str, Audience] = field(default_factory=dict)
    trends: Trends | None = None
    now: pd.Timestamp | None = None

    def account(self, handle: str | None) -> Account:
        """The account of a handle; the only one where posts do not name theirs."""
        return next((a for a in self.accounts if a.handle == handle), self.accounts[0])

    def audience(self, handle: str | None) -> Audience:
        """The audience of a handle, empty where no export tells it."""
        only = (
            next(iter(self.audiences.values())) if len(self.audiences) == 1 and len(self.accounts) == 1 else Audience()
        )
        return self.audiences.get(handle or "", only)


ACCOUNT_FACTS: dict[str, tuple[str, str]] = {
    "type": ("text", "`account.type` in the config file"),
    "category": ("text", "`account.category` in the config file"),
    "timezone": ("text", "`account.timezone` in the config file, or --timezone"),
    "country": ("text", "`account.country` in the config file"),
    "language": ("text", "`account.language` in the config file"),
    "subcultures": ("text", "`account.subcultures` in the config file"),
    "small_business": ("flag", "`account.small_business` in the config file"),
    "comments_on_others": ("flag", "`account.comments_on_others` in the config file"),
    "audience_known": ("flag", "FollowerGender.csv and FollowerTopTerritories.csv with rows"),
    "activity_known": ("flag", "FollowerActivity.csv with rows"),
    "metrics_known": ("flag", "an export with views and likes"),
    "duet_posts": ("count", "`kind` in the sidecar file"),
    "stitch_posts": ("count", "`kind` in the sidecar file"),
    "video_reply_posts": ("count", "`kind` in the sidecar file"),
    "top_hashtag_share": ("share", "an export with captions"),
}
MONTH_FACTS = {
    "same_hashtags_share": "an export or a plan with captions of at least four posts in a month, and the account's timezone"
}
DAY_FACTS = {
    "posts": "an export that lists every post (Business Suite, the account archive, an API) and the account's timezone"
}


class Subjects:
    """The subjects of one scope. `column` gives a fact of each, missing where it is not known.

    `table` has a row a subject; `labels` names each (a post's id, a day, a handle). `shown_at` is, for subjects that are no
    posts, the row of the post at which one is best shown; -1 for none.
    """

    def __init__(
        self,
        scope: str,
        table: pd.DataFrame,
        labels: pd.Series,
        context: Context,
        derived: dict[str, Callable[[], pd.Series]],
        shown_at: np.ndarray | None = None,
    ) -> None:
        self.scope = scope
        self.table = table
        self.labels = labels
        self.context = context
        self.shown_at = shown_at
        self._derived = derived
        self._known: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self.table)

    def column(self, name: str) -> pd.Series | None:
        """A fact of every subject; None where it is known of none."""
        return self.once(f"column {name}", lambda: self._held(name))

    def once(self, key: str, compute: Callable[[], Held]) -> Held:
        """What `compute` gives, computed the first time only; what several rules read is shared so."""
        if key not in self._known:
            self._known[key] = compute()
        return self._known[key]  # type: ignore[no-any-return]

    def _held(self, name: str) -> pd.Series | None:
        series = self._compute(name)
        return series if bool(series.notna().any()) else None

    def _compute(self, name: str) -> pd.Series:
        if name in self._derived:
            return self._derived[name]()
        if name.startswith("account."):
            return self._account_fact(name.removeprefix("account."))
        if name in self.table.columns:
            return self.table[name]
        if name in COLUMNS:
            return empty_column(name, self.table.index)
        return pd.Series(np.nan, index=self.table.index)

    def _account_fact(self, fact: str) -> pd.Series:
        handles = self.table["account"] if "account" in self.table.columns else None
        if handles is None or len(self.context.accounts) == 1:
            return (
                pd.Series([_plain(getattr(self.context.accounts[0], fact))], dtype="object")
                .repeat(len(self))
                .set_axis(self.table.index)
            )
        known = {h: _plain(getattr(self.context.account(h), fact)) for h in handles.dropna().unique()}
        return handles.map(known)

    def hashtags(self) -> pd.DataFrame:
        """Every hashtag of every post: columns row and tag."""
        return self.once("hashtags", lambda: captions.post_hashtags(self.table, self.caption_hashtags()))

    def caption_hashtags(self) -> pd.DataFrame:
        """Every hashtag of every caption, repeats too: columns row and tag."""
        return self.once("caption hashtags", lambda: captions.hashtag_table(column(self.table, "caption")))

    def local_times(self) -> pd.Series | None:
        """When each post went out on its account's clock (naive); missing where the hour or the timezone is not known."""
        return self.once("local times", self._local_times)

    def _local_times(self) -> pd.Series | None:
        posted, precision = self.column("posted_at"), self.column("posted_at_precision")
        if posted is None or precision is None:
            return None
        known = (precision == "second").to_numpy()
        result = pd.Series(pd.NaT, index=self.table.index, dtype="datetime64[us]")
        handles = column(self.table, "account")
        for account in self.context.accounts:
            if account.timezone is None:
                continue
            mine = known & (
                np.ones(len(self), dtype=bool)
                if len(self.context.accounts) == 1
                else (handles == account.handle).to_numpy(dtype=bool)
            )
            result[mine] = posted[mine].dt.tz_convert(account.timezone).dt.tz_localize(None)
        return result if result.notna().any() else None


def _plain(value: object) -> object:
    return None if value == () else value


def post_subjects(posts: pd.DataFrame, context: Context) -> Subjects:
    """Posts as subjects, with the columns that follow from others."""
    table = posts.reset_index(drop=True)
    labels = table["post_id"] if "post_id" in table.columns else pd.Series(range(len(table))).astype("str")
    view: Subjects

    def tag_count() -> pd.Series:
        tags = view.hashtags()
        known = (column(table, "caption").notna() | column(table, "hashtags").notna()).to_numpy()
        counts = np.bincount(tags["row"].to_numpy(), minlength=len(table)).astype("float64")
        return pd.Series(np.where(known, counts, np.nan), index=table.index)

    def repeated_tags() -> pd.Series:
        counts = np.zeros(len(table))
        for tags in (view.caption_hashtags(), captions.hashtag_table(column(table, "hashtags"))):
            again = tags[captions.repeats(tags)]
            counts += np.bincount(again["row"].to_numpy(dtype=np.int64), minlength=len(table))
        known = column(table, "caption").notna() | column(table, "hashtags").notna()
        return pd.Series(counts, index=table.index).where(known)

    derived: dict[str, Callable[[], pd.Series]] = {
        "shown_caption": lambda: captions.caption_with_hashtags(table),
        "hashtag_count": tag_count,
        "repeated_hashtags": repeated_tags,
        "asks_question": lambda: captions.asks_question(column(table, "caption")),
        "aspect_ratio": lambda: column(table, "width") / column(table, "height"),
        "short_side": lambda: pd.concat([column(table, "width"), column(table, "height")], axis=1).min(
            axis=1, skipna=False
        ),
        "media": lambda: _media(table),
        "answered_share": lambda: (
            column(table, "replied_comments").astype("float64") / column(table, "comments").astype("float64")
        ),
    }
    view = Subjects("post", table, labels, context, derived)
    return view


def _media(table: pd.DataFrame) -> pd.Series:
    """Whether a post is a `video` or a `photo` post, from its kind, its link or its length."""
    kind, link = column(table, "kind"), column(table, "link")
    video = (kind.notna() & (kind != "photo")) | column(table, "duration_s").notna()
    if link.notna().any():
        video |= link.str.contains("/video/", regex=False).fillna(value=False).astype(bool)
    media = pd.Series(None, index=table.index, dtype="str").mask(video, "video")
    return media.mask(kind == "photo", "photo")
