"""An account's days and months, and whole accounts, as subjects of rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tiktok_coach.core.account import Account
from tiktok_coach.core.arrays import factorize, text_array
from tiktok_coach.core.facts import Array, Facts, facts_from_columns, known_mask
from tiktok_coach.core.translation import N_
from tiktok_coach.rules.subjects import ACCOUNT_FACTS, DAY, Subjects, text_equals

# A post known from these alone belongs to a list that leaves posts out.
PARTIAL_FORMATS = (N_("studio content"), N_("studio page in part"), "sidecar", N_("hand-kept sheet"))
MONTH_POSTS = 4
COUNTED_KINDS = ("duet", "stitch", "video_reply")
BY_DAY = "datetime64[D]"


def from_full_lists(posts: Facts) -> np.ndarray:
    """Whether each post is known from a source that lists every post."""
    sources = posts.column("sources")
    if sources is None:
        return np.ones(len(posts), dtype=bool)
    code, texts = factorize(sources)
    full = [
        any(part and not part.strip().startswith(PARTIAL_FORMATS) for part in listed.split(";")) for listed in texts
    ]
    return np.asarray(np.array([*full, True], dtype=bool)[code])


def local_days(view: Subjects) -> np.ndarray:
    """The day of each post on its account's own calendar; missing where the time or a needed timezone is not known.

    A post of which only the day is known keeps that day, but is left out too where no timezone says whose day it is.
    """
    local = view.clock_times()
    by_day = text_equals(view.column_or_null("posted_at_precision"), "day") & known_mask(local)
    return np.where(by_day, view.column_or_null("posted_at"), local).astype(BY_DAY)


def day_subjects(view: Subjects) -> Subjects:
    """Every day of an account between its first and last post, with how many posts went out on it.

    The count is missing, on one line for the account, where its posts come from a list that leaves some out, or where its
    timezone is not known. A day is shown at its last post, one without any at the next.
    """
    days, full = local_days(view), from_full_lists(view.facts)
    planned = text_equals(view.column_or_null("status"), "planned")
    times = view.column_or_null("posted_at")
    rows: list[dict[str, Any]] = []
    for position, account in enumerate(view.context.accounts):
        mine = ((view.account_index() == position) & full & known_mask(days)).nonzero()[0]
        mine = mine[np.argsort(times[mine], kind="stable")]
        rows += _days(account, days[mine], planned[mine], mine) or [_nothing(account)]
    return _periods("day", rows, "posts", view)


def _days(account: Account, days: np.ndarray, planned: np.ndarray, rows: np.ndarray) -> list[dict[str, Any]]:
    """The days of one account; `days`, `planned` and `rows` are those of its posts, in the order of time."""
    if not len(days):
        return []
    days, order = np.sort(days, kind="stable"), np.argsort(days, kind="stable")
    every = np.arange(days[0], days[-1] + DAY)
    stop = np.searchsorted(days, every, side="right")
    counts = stop - np.searchsorted(days, every, side="left")
    shown = rows[order][np.where(counts > 0, stop - 1, np.minimum(stop, len(days) - 1))]
    # The first and the last day of an export may be cut by its period; a plan has no such edges.
    held = set(days[planned[order]].tolist())
    kept = [len(every) <= 2 or day in held or 0 < n < len(every) - 1 for n, day in enumerate(every.tolist())]
    return [
        {"account": account.handle, "subject": str(day), "value": float(count), "shown_at": int(at)}
        for day, count, at, whole in zip(every, counts, shown, kept, strict=True)
        if whole
    ]


def month_subjects(view: Subjects) -> Subjects:
    """Every calendar month of an account, with the share of its posts that carry the very hashtags of another one.

    The share is missing for a month with fewer posts whose hashtags are known than MONTH_POSTS. A month is shown at the first
    post that repeats another's hashtags.
    """
    months, times = local_days(view).astype("datetime64[M]"), view.column_or_null("posted_at")
    sets = view.hashtags().set_ids(len(view))
    rows: list[dict[str, Any]] = []
    for position, account in enumerate(view.context.accounts):
        mine = ((view.account_index() == position) & known_mask(months)).nonzero()[0]
        mine = mine[np.lexsort((times[mine], months[mine]))]
        parts = np.split(mine, np.flatnonzero(months[mine][1:] != months[mine][:-1]) + 1) if len(mine) else []
        rows += [_month(account, str(months[p[0]]), p[sets[p] > 0], sets) for p in parts] or [_nothing(account)]
    return _periods("month", rows, "same_hashtags_share", view)


def _month(account: Account, month: str, posts: np.ndarray, sets: np.ndarray) -> dict[str, Any]:
    """One month of an account; `posts` are those with hashtags, in the order of time."""
    _, first, inverse, counts = np.unique(sets[posts], return_index=True, return_inverse=True, return_counts=True)
    share = float((counts[inverse] > 1).mean()) if len(posts) >= MONTH_POSTS else np.nan
    again = np.setdiff1d(np.arange(len(posts)), first)
    shown = int(posts[again[0]]) if len(again) else -1
    return {"account": account.handle, "subject": month, "value": share, "shown_at": shown}


def _nothing(account: Account) -> dict[str, Any]:
    return {"account": account.handle, "subject": account.handle or "account", "value": np.nan, "shown_at": -1}


def _periods(scope: str, rows: Sequence[dict[str, Any]], fact: str, view: Subjects) -> Subjects:
    labels = text_array(row["subject"] for row in rows)
    columns: dict[str, Array] = {
        "account": text_array(row["account"] for row in rows),
        fact: np.array([row["value"] for row in rows], dtype="float64"),
    }
    shown = np.array([row["shown_at"] for row in rows], dtype=np.int64)
    return Subjects(scope, facts_from_columns(columns, len(rows)), labels, view.context, posts=view, shown_at=shown)


def account_subjects(view: Subjects) -> Subjects:
    """Every account, with what its settings, its exports and all its posts together say of it."""
    rows = [_facts(view, view.account_index() == position, a) for position, a in enumerate(view.context.accounts)]
    columns: dict[str, Array] = {"account": text_array(a.handle for a in view.context.accounts)}
    for name, (kind, _) in ACCOUNT_FACTS.items():
        values = [row.get(name) for row in rows]
        if kind == "text":
            columns[name] = text_array(values)
        else:
            columns[name] = np.array([np.nan if v is None else float(v) for v in values], dtype="float64")
    labels = text_array(a.handle or "account" for a in view.context.accounts)
    return Subjects("account", facts_from_columns(columns, len(rows)), labels, view.context, posts=view)


def _facts(view: Subjects, mine: np.ndarray, account: Account) -> dict[str, Any]:
    audience = view.context.audience(account.handle)
    facts: dict[str, Any] = {
        "type": account.type,
        "category": account.category,
        "timezone": account.timezone,
        "country": account.country,
        "language": account.language,
        "subcultures": ", ".join(account.subcultures) or None,
        "small_business": account.small_business,
        "comments_on_others": account.comments_on_others,
        "audience_known": _has_rows(audience.gender, audience.territories, audience.viewer_territories),
        "activity_known": _has_rows(audience.activity),
        "metrics_known": bool(known_mask(view.column_or_null("views"))[mine].any()) if mine.any() else None,
        "top_hashtag_share": _top_share(view, mine),
    }
    kinds = view.column_or_null("kind")
    # That there is none is known only where the kind of every post is.
    every = bool(known_mask(kinds)[mine].all()) and bool(mine.any())
    for kind in COUNTED_KINDS:
        count = int((text_equals(kinds, kind) & mine).sum())
        facts[f"{kind}_posts"] = count if count or every else None
    return facts


def _has_rows(*tables: Any) -> bool | None:
    """Whether any table has rows; None where none was exported at all."""
    given = [t for t in tables if t is not None]
    return any(len(t) for t in given) if given else None


def _top_share(view: Subjects, mine: np.ndarray) -> float | None:
    """Share of an account's posts that carry its most used hashtag, of those whose hashtags are known."""
    count = int((known_mask(view.column_or_null("hashtag_count")) & mine).sum())
    if not count:
        return None
    tags = view.hashtags()
    used = np.bincount(tags.code[mine[tags.row]])
    return float(used.max(initial=0) / count)
