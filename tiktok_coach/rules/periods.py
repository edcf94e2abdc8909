"""An account's days, and whole accounts, as subjects of rules."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tiktok_coach.account import Account
from tiktok_coach.posts import column
from tiktok_coach.rules.subjects import Context, Subjects

# A post known from these alone belongs to a list that leaves posts out.
PARTIAL_FORMATS = ("studio content", "sidecar", "hand-kept sheet")
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
    return Subjects("day", table, table["subject"], context, {})


def _days(posts: pd.DataFrame, account: Account) -> pd.DataFrame:
    days = _local_days(posts, account)
    handle = account.handle or ""
    if days is None or not len(days):
        return pd.DataFrame(
            {"account": [handle], "subject": [handle or "account"], "posts": [np.nan], "status": [None]}
        )
    every = pd.date_range(days.min(), days.max(), freq="D")
    counts = days.value_counts().reindex(every, fill_value=0)
    # The first and the last day may be cut by the period of the export.
    whole = counts.iloc[1:-1] if len(counts) > 2 else counts
    return pd.DataFrame(
        {
            "account": handle,
            "subject": [f"{day:%Y-%m-%d}" for day in whole.index],
            "posts": whole.to_numpy(dtype="float64"),
            "status": None,
        }
    )


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
