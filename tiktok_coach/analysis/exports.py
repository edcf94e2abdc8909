"""The exports of a request, with what the user's settings say of their accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_coach.analysis.settings import Progress, Settings
from tiktok_coach.core.account import Account, normalize_handle
from tiktok_coach.core.errors import CoachError, closest
from tiktok_coach.core.notices import Notice, is_within
from tiktok_coach.core.schema import column, planned_mask
from tiktok_coach.core.translation import _, plural
from tiktok_coach.io.cache import export_cache, load_cached
from tiktok_coach.io.reading import Export

if TYPE_CHECKING:
    # It loads SciPy, which reading does not need.
    from tiktok_coach.stats.account import Posts

# Of posts that an error lists: so many, with so much of the caption.
LISTED, SHORT = 4, 28
# The ends of ids that are short enough to be typed.
ENDINGS = (4, 6, 8, 12)
DAY_TEXT = re.compile(r"\d{4}-\d{2}-\d{2}")


def load_export(
    paths: Sequence[Path], settings: Settings, progress: Progress | None, *, with_planned: bool = False
) -> Export:
    """The exports at `paths` and the settings' trends as one export, of one account where the options name one.

    Planned posts beside published ones are left out unless they are asked for.
    """
    cache = export_cache() if settings.options.use_cache else None
    below, strict = settings.accounts_below(paths), settings.options.strict
    how = settings.read_options_with(below)
    read = load_cached(cache, paths, how, needed=settings.trends, strict=strict, progress=progress)
    # What reading took beside the posts, which may be as much again, Arrow would keep.
    pa.default_memory_pool().release_unused()
    of_folders = _by_handle(below, read)
    export = with_account_settings(read, settings.account, settings.with_options(Account()), of_folders)
    if tuple(paths) == settings.options.inputs:
        export = replace(export, notices=(*export.notices, *_unknown_handle(read, settings)))
    if not with_planned:
        export = _without_planned(export)
    result = of_account(export, settings.options.account) if settings.options.account else export
    if not settings.options.media or tuple(paths) != settings.options.inputs:
        return result
    from tiktok_coach.analysis.video_facts import with_media

    return with_media(result, settings.options.media, progress, has_history=bool(settings.options.history))


def _without_planned(export: Export) -> Export:
    """The published posts alone, where there are any, and a notice of how many are planned."""
    is_planned = planned_mask(export.posts)
    if not is_planned.any() or is_planned.all():
        return export
    text = plural(
        "{count} post is not out yet and does not count here; `tiktok-coach lint` checks it",
        "{count} posts are not out yet and do not count here; `tiktok-coach lint` checks them",
        int(is_planned.sum()),
    )
    published = of_posts(export, np.flatnonzero(~is_planned))
    own, _accounts_of_plans = with_posts_alone(published)
    # Many downloads name no account: a single one that plans name is then theirs.
    published = own if own.accounts else published
    return replace(published, notices=(*export.notices, Notice(_("planned posts"), text, level="info")))


def _unknown_handle(export: Export, settings: Settings) -> list[Notice]:
    """A warning where the config's settings are of an account that the inputs do not hold."""
    handle, handles = settings.account.handle, [account.handle for account in export.accounts]
    if settings.is_shared or handle is None or None in handles or handle in handles:
        return []
    terms = {"handle": handle, "handles": ", ".join(str(h) for h in handles)}
    text = _("what it says about the account {handle!r} is not used: the files are of {handles}", **terms)
    return [Notice(settings.config.where or _("the config file"), text)]


def _by_handle(below: Mapping[str, Account], export: Export) -> dict[str, Account]:
    """What config files in folders say, by the account that they name, else by the accounts of the files there.

    Files that name no account are of the only one there is, which may have no handle: it is then by an empty text.
    """
    accounts: dict[str, Account] = {}
    is_alone = len(export.accounts) == 1
    for place, account in below.items():
        sources = [source for source in export.sources if is_within(source.name, place)]
        of_files = {export.accounts[0].handle if is_alone else source.account for source in sources}
        for handle in [account.handle] if account.handle else of_files:
            if handle is not None or is_alone:
                accounts.setdefault(handle or "", replace(account, handle=handle))
    return accounts


def with_account_settings(
    export: Export, config_account: Account, of_all: Account, of_folders: Mapping[str, Account]
) -> Export:
    """The export with settings on its accounts: those with a handle are of that one, what options say is `of_all`.

    What the config file in an account's own folder says (`of_folders`, by handle) outweighs that of all.
    """
    accounts = []
    for account in export.accounts:
        is_own = config_account.handle is None or account.handle in {None, config_account.handle}
        settings = config_account if is_own else of_all
        if (own := of_folders.get(account.handle or "")) is not None:
            settings = of_all.fill_from(own).fill_from(settings)
        accounts.append(settings.fill_from(account))
    return replace(export, accounts=tuple(accounts))


def of_account(export: Export, handle: str | None) -> Export:
    """The posts of one account alone, or for None of those without an account. Raises CoachError for an unknown one."""
    name = normalize_handle(handle)
    accounts = tuple(a for a in export.accounts if a.handle == name)
    if not accounts:
        handles = ", ".join(str(a.handle) for a in export.accounts if a.handle) or "none"
        problem = _("no posts of account {name!r}", name=name)
        raise CoachError(problem, hint=_("the files are of: {value}", value=handles))
    audiences = {h: a for h, a in export.audiences.items() if h == name}
    return replace(of_posts(export, account_rows(export, name)), accounts=accounts, audiences=audiences)


def of_posts(export: Export, rows: np.ndarray) -> Export:
    """Some of the posts, at `rows` in ascending order, with their counts and curves, and all accounts."""
    posts = export.posts.iloc[rows].reset_index(drop=True)
    ids = set(posts["post_id"])
    snapshots = export.snapshots[export.snapshots["post_id"].isin(ids)].reset_index(drop=True)
    curves = export.retention
    if curves is not None:
        curves = curves[curves["post_id"].isin(ids)].reset_index(drop=True)
    return replace(export, posts=posts, snapshots=snapshots, retention=curves)


def with_posts_alone(export: Export) -> tuple[Export, tuple[Account, ...]]:
    """The export with the accounts that have posts, that with most posts first, and the accounts that have none."""
    counts = column(export.posts, "account").fillna("").value_counts().to_dict()
    of_accounts = {account.handle: counts.get(account.handle or "", 0) for account in export.accounts}
    having = [account for account in export.accounts if of_accounts[account.handle]]
    without = tuple(account for account in export.accounts if not of_accounts[account.handle])
    having.sort(key=lambda account: -of_accounts[account.handle])
    gone = {account.handle or "" for account in without}
    audiences = {handle: audience for handle, audience in export.audiences.items() if handle not in gone}
    return replace(export, accounts=tuple(having), audiences=audiences), without


def account_rows(export: Export, handle: str | None) -> np.ndarray:
    """The row numbers of the posts of one account, or for None of those that tell no account."""
    owner = column(export.posts, "account")
    own = owner.isna() if handle is None else owner == handle
    return own.to_numpy(dtype=bool).nonzero()[0]


def row_of(posts: Posts, post: str, option: str) -> int:
    """Position of the post with this id or the end of it, of this day (YYYY-MM-DD) on its account's clock, or whose
    caption begins so.

    Raises CoachError where none or several fit, which lists some that do, or come near.
    """
    # What a terminal passes on may be no text.
    post = post.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    rows = next(filter(len, _matching_rows(posts, post)), np.empty(0, dtype=np.int64))
    if len(rows) == 1:
        return int(rows[0])
    terms = {"option": option, "post": post}
    if len(rows):
        listed = _list_posts(posts, rows)
        raise CoachError(
            _("{option} {post!r} fits {count} posts", count=len(rows), **terms),
            hint=_("give the end of the id of one: {posts}", posts=listed),
        )
    listed = _list_posts(posts, _near_rows(posts.table, post))
    raise CoachError(
        _("{option} {post!r} fits no post", **terms),
        hint=_(
            "give the end of its id, its day (2026-01-31) or how its caption begins, such as: {posts}", posts=listed
        ),
    )


def _matching_rows(posts: Posts, post: str) -> Iterator[np.ndarray]:
    """The posts that a text names, by one way of naming them after the other."""
    ids, start = posts.table["post_id"].astype("str"), _plain(post).removesuffix("…")
    yield np.flatnonzero(ids == post)
    yield np.flatnonzero(ids.str.endswith(post))
    if DAY_TEXT.fullmatch(post):
        yield np.flatnonzero(_day_texts(posts.days) == post)
    yield np.flatnonzero([text.startswith(start) for text in _plain_captions(posts.table)])


def _near_rows(posts: pd.DataFrame, post: str) -> np.ndarray:
    """Posts that may be meant: of the days about, with such a caption, or else the newest."""
    posted = column(posts, "posted_at").reset_index(drop=True)
    if DAY_TEXT.fullmatch(post):
        day = pd.to_datetime(pd.Series(post, posted.index), format="%Y-%m-%d", errors="coerce", utc=True)
        away = (posted - day).abs().dropna()
        if len(away):
            return away.sort_values().index.to_numpy()[:LISTED]
    text, captions = _plain(post), _plain_captions(posts)
    if len(rows := np.flatnonzero([text in caption for caption in captions])):
        return rows
    starts = [caption[: len(text)] for caption in captions]
    alike = {start for start, _likeness in closest(text, set(starts), most=LISTED)}
    rows = np.flatnonzero([start in alike for start in starts])
    return rows if len(rows) else posted.sort_values(ascending=False).index.to_numpy()


def _day_texts(days: np.ndarray) -> pd.Series:
    """Days since 1970-01-01 as texts; empty where not known."""
    return pd.Series(pd.to_datetime(days, unit="D")).dt.strftime("%Y-%m-%d").fillna("")


def _list_posts(posts: Posts, rows: np.ndarray) -> str:
    """The first of some posts, each by the end of its id, with its day and its caption."""
    some = rows[:LISTED]
    captions = [
        shorten(str(text), SHORT, placeholder="…") for text in column(posts.table.iloc[some], "caption").fillna("")
    ]
    of_posts = zip(short_ids(posts.table)[some], _day_texts(posts.days[some]), captions, strict=True)
    listed = [f"{short_id} ({' '.join(filter(None, of_post))})" for short_id, *of_post in of_posts]
    return ", ".join([*listed, "…"] if len(rows) > LISTED else listed)


def _plain_captions(posts: pd.DataFrame) -> list[str]:
    return [_plain(str(text)) for text in column(posts, "caption").fillna("")]


def _plain(text: str) -> str:
    """A text without differences of case and space."""
    return " ".join(text.casefold().split())


def short_ids(posts: pd.DataFrame) -> np.ndarray:
    """The end of each post's id by which it is told from all others: of 4 characters, or more where these do not do."""
    ids = posts["post_id"].astype("str")
    result = ids.copy()
    for length in reversed(ENDINGS):
        endings = ids.str[-length:]
        result = result.where(endings.duplicated(keep=False), endings)
    return np.asarray(result, dtype=object)
