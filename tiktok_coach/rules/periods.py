"""An account's days and months, and whole accounts, as subjects of rules."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.account import Account
from tiktok_coach.posts import column
from tiktok_coach.rules.subjects import Context, Subjects

# A post known from these alone belongs to a list that leaves posts out.
PARTIAL_FORMATS = ("studio content", "sidecar", "hand-kept sheet")
MONTH_POSTS = 4
COUNTED_KINDS = ("duet", "stitch", "video_reply")


def handles_of(posts: pd.DataFrame, context: Context) -> pd.Series:
    """The account of each post, the only one where posts do not name theirs."""
    only = context.accounts[0].handle or ""
    return column(posts, "account").fillna(only) if len(context.accounts) == 1 else column(posts, "account").fillna("")


def from_full_lists(posts: pd.DataFrame) -> pd.Series:
    """Whether each post is known from a source that lists every post."""
    sources = column(posts, "sources")
    if not sources.notna().any():
        return pd.Series(data=True, index=posts.index)
    full = {
        text: any(part and not part.strip().startswith(PARTIAL_FORMATS) for part in str(text).split(";"))
        for text in sources.dropna().unique()
    }
    return sources.map(full).fillna(value=True).astype(bool)


def day_subjects(view: Subjects) -> Subjects:
    """Every day of an account between its first and last post, with how many posts went out on it.

    The count is missing, on one line for the account, where its posts come from a list that leaves some out, or where its
    timezone is not known.
    """
    posts, context = view.table, view.context
    handles = handles_of(posts, context)
    full = from_full_lists(posts)
    rows = []
    for account in context.accounts:
        mine = (handles == (account.handle or "")).to_numpy(dtype=bool)
        rows.append(_days(posts[mine & full.to_numpy()], account))
    table = pd.concat(rows, ignore_index=True)
    return Subjects("day", table, table["subject"], context, {}, table["shown_at"].to_numpy(dtype=np.int64))


def _days(posts: pd.DataFrame, account: Account) -> pd.DataFrame:
    """An account's days. One is shown at its last post; a day without any at the next."""
    days = _local_days(posts, account)
    if days is None or not len(days):
        return _period(account, [account.handle or "account"], "posts", [np.nan], [-1])
    every = pd.date_range(days.min(), days.max(), freq="D")
    counts = days.value_counts().reindex(every, fill_value=0)
    planned = set(days[(column(posts, "status").loc[days.index] == "planned").to_numpy(dtype=bool)])
    # The first and the last day of an export may be cut by its period; a plan has no such edges.
    cut = {every[0], every[-1]} - planned if len(every) > 2 else set()
    whole = counts[~counts.index.isin(cut)]
    in_order = days.loc[column(posts, "posted_at").loc[days.index].sort_values(kind="stable").index]
    last = np.searchsorted(in_order.to_numpy(), whole.index.to_numpy(), side="right") - 1
    shown = in_order.index.to_numpy()[np.where(whole > 0, last, np.minimum(last + 1, len(in_order) - 1))]
    return _period(account, [f"{day:%Y-%m-%d}" for day in whole.index], "posts", whole.to_numpy(dtype="float64"), shown)


def _period(account: Account, subjects: list[str], fact: str, values: Any, shown_at: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {"account": account.handle or "", "subject": subjects, fact: values, "status": None, "shown_at": shown_at}
    )


def month_subjects(view: Subjects) -> Subjects:
    """Every calendar month of an account, with the share of its posts that carry the very hashtags of another one.

    The share is missing for a month with fewer posts whose hashtags are known than MONTH_POSTS. A month is shown at the first
    post that repeats another's hashtags.
    """
    posts, context = view.table, view.context
    handles = handles_of(posts, context)
    tags = view.hashtags().astype({"tag": "str"})
    sets = (
        tags.groupby("row")["tag"].agg(lambda of_post: " ".join(sorted(of_post)))
        if len(tags)
        else pd.Series(dtype="str")
    )
    rows = []
    for account in context.accounts:
        mine = (handles == (account.handle or "")).to_numpy(dtype=bool)
        rows.append(_months(posts[mine], sets, account))
    table = pd.concat(rows, ignore_index=True)
    return Subjects("month", table, table["subject"], context, {}, table["shown_at"].to_numpy(dtype=np.int64))


def _months(posts: pd.DataFrame, sets: pd.Series, account: Account) -> pd.DataFrame:
    days = _local_days(posts, account)
    if days is None or not len(days):
        return _period(account, [account.handle or "account"], "same_hashtags_share", [np.nan], [-1])
    in_order = days.sort_values(kind="stable")
    table = pd.DataFrame({"month": in_order.dt.strftime("%Y-%m"), "tags": sets.reindex(in_order.index)})
    table["again"] = table["tags"].notna() & table.duplicated(["month", "tags"], keep=False)
    table["repeats"] = table["tags"].notna() & table.duplicated(["month", "tags"])
    known = table[table["tags"].notna()].groupby("month")["again"]
    shares = known.mean().where(known.size() >= MONTH_POSTS)
    first = table[table["repeats"]].reset_index(names="row").groupby("month")["row"].first()
    months = sorted(table["month"].unique())
    shown = first.reindex(months).fillna(-1).to_numpy(dtype=np.int64)
    return _period(account, months, "same_hashtags_share", shares.reindex(months).to_numpy(dtype="float64"), shown)


def _local_days(posts: pd.DataFrame, account: Account) -> pd.Series | None:
    """The day of each post on the account's own calendar; None where a needed timezone is not known."""
    posted = column(posts, "posted_at").dropna()
    if not len(posted):
        return None
    by_day = (column(posts, "posted_at_precision").loc[posted.index] == "day").to_numpy(dtype=bool)
    if account.timezone is None:
        return None
    local = posted.dt.tz_convert(account.timezone).dt.tz_localize(None)
    days: pd.Series = local.mask(by_day, posted.dt.tz_localize(None)).dt.normalize()
    return days


def account_subjects(view: Subjects) -> Subjects:
    """Every account, with what its settings, its exports and all its posts together say of it."""
    handles = handles_of(view.table, view.context)
    rows = [_facts(view, (handles == (a.handle or "")).to_numpy(dtype=bool), a) for a in view.context.accounts]
    table = pd.DataFrame(rows)
    return Subjects("account", table, table["subject"], view.context, {})


def _facts(view: Subjects, mine: np.ndarray, account: Account) -> dict[str, object]:
    posts = view.table if mine.all() else view.table[mine]
    audience = view.context.audience(account.handle)
    facts: dict[str, object] = {
        "account": account.handle or "",
        "subject": account.handle or "account",
        "type": account.type,
        "category": account.category,
        "timezone": account.timezone,
        "subcultures": ", ".join(account.subcultures) or None,
        "small_business": account.small_business,
        "comments_on_others": account.comments_on_others,
        "audience_known": _has_rows(audience.gender, audience.territories),
        "activity_known": _has_rows(audience.activity),
        "metrics_known": bool(column(posts, "views").notna().any()) if len(posts) else None,
        "top_hashtag_share": _top_share(view, mine),
    }
    kinds = column(posts, "kind").dropna()
    for kind in COUNTED_KINDS:
        facts[f"{kind}_posts"] = float((kinds == kind).sum()) if len(kinds) else np.nan
    return facts


def _has_rows(*tables: pd.DataFrame | None) -> bool | None:
    """Whether any table has rows; None where none was exported at all."""
    given = [t for t in tables if t is not None]
    return any(len(t) for t in given) if given else None


def _top_share(view: Subjects, mine: np.ndarray) -> float:
    """Share of an account's posts that carry its most used hashtag, of those whose hashtags are known."""
    counts = view.column("hashtag_count")
    known = counts.notna().to_numpy() & mine if counts is not None else mine & False
    if not known.any():
        return float("nan")
    tags = view.hashtags()
    used = tags["tag"][mine[tags["row"].to_numpy()]].value_counts()
    return float(used.max() / known.sum()) if len(used) else 0.0
