"""Finds the posts to which rows without an id belong: by creation time, or by title and day."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pandas as pd

from tiktok_coach.core.notices import Notice
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import plural
from tiktok_coach.io.reading import Reading

TOLERANCE = pd.Timedelta(seconds=60)


def assign_ids(readings: list[Reading]) -> tuple[list[Reading], list[Notice]]:
    """The readings with an id on every row: that of the post it belongs to, else one of its own."""
    if not any(r.posts is not None and column(r.posts, "post_id").isna().any() for r in readings):
        return readings, []
    anchors = _anchors(readings)
    done: list[Reading] = []
    notices: list[Notice] = []
    for reading in readings:
        posts = reading.posts
        if posts is None or not len(posts):
            done.append(reading)
            continue
        posts = posts.assign(post_id=column(posts, "post_id"))
        if posts["post_id"].isna().any():
            posts = _by_creation_time(posts, anchors)
            posts, title_notices = _by_title(posts, anchors, reading)
            notices += title_notices
            posts = _own_ids(posts)
        done.append(replace(reading, posts=posts))
    return done, notices


def _anchors(readings: list[Reading]) -> pd.DataFrame:
    """The posts that have ids: post_id, created (UTC), day (naive) and whether it is in UTC, caption in plain form."""
    lists = [r.posts for r in readings if r.posts is not None and "post_id" in r.posts.columns and not r.is_sidecar]
    tables = []
    for posts in lists or [pd.DataFrame({"post_id": pd.Series(dtype="str")})]:
        rows = posts[posts["post_id"].notna()]
        posted = column(rows, "posted_at")
        is_exact = column(rows, "posted_at_precision") == "second"
        columns = {
            "post_id": rows["post_id"],
            "created": column(rows, "uploaded_at").fillna(posted).astype("datetime64[us, UTC]"),
            "day": posted.dt.tz_localize(None).dt.normalize(),
            "exact": is_exact if "posted_at_precision" in rows.columns else posted.notna(),
            "title": plain_title(column(rows, "caption")),
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def plain_title(texts: pd.Series) -> pd.Series:
    """Titles as they are compared: without case and doubled white space; missing is empty."""
    return texts.fillna("").str.casefold().str.replace(r"\s+", " ", regex=True).str.strip()


def _by_creation_time(posts: pd.DataFrame, anchors: pd.DataFrame) -> pd.DataFrame:
    """Ids of rows created within a minute of exactly one row's post; a post is given to its nearest row only."""
    is_missing = posts["post_id"].isna()
    if "uploaded_at" not in posts.columns:
        return posts
    rows = posts[is_missing & posts["uploaded_at"].notna()].sort_values("uploaded_at", kind="stable")
    known = anchors.dropna(subset=["created"]).drop_duplicates("post_id").sort_values("created", kind="stable")
    if not len(rows) or not len(known):
        return posts
    created = rows["uploaded_at"].astype("datetime64[us, UTC]").rename("created").rename_axis("row")
    anchored = known[["created", "post_id"]].assign(at=known["created"])
    pairs = pd.merge_asof(created.reset_index(), anchored, on="created", direction="nearest", tolerance=TOLERANCE)
    pairs["gap"] = (pairs["at"] - pairs["created"]).abs()
    pairs = pairs.dropna(subset=["post_id"]).sort_values("gap", kind="stable").drop_duplicates("post_id")
    ids = posts["post_id"].copy()
    ids.loc[pairs["row"]] = pairs["post_id"].to_numpy()
    return posts.assign(post_id=ids)


def _by_title(posts: pd.DataFrame, anchors: pd.DataFrame, reading: Reading) -> tuple[pd.DataFrame, list[Notice]]:
    """Ids of rows whose title, and day, are those of exactly one post; those of several, or of none, are named."""
    is_missing = posts["post_id"].isna()
    if not reading.matches_titles or not is_missing.any() or not len(anchors):
        return posts, []
    matched: dict[Any, str] = {}
    titles = plain_title(column(posts, "caption")[is_missing])
    days = column(posts, "posted_at")[is_missing].dt.tz_localize(None).dt.normalize()
    uncertain: list[str] = []
    for index, title in titles.items():
        day = days[index]
        if not title or pd.isna(day):
            uncertain.append(str(title))
            continue
        apart = (anchors["day"] - day).abs()
        # A time in UTC may lie a day away from the day on the creator's own calendar.
        near = (apart == pd.Timedelta(0)) | (anchors["exact"] & (apart <= pd.Timedelta(days=1)))
        alike = anchors["title"] == title
        # A file may cut titles short.
        if len(title) >= 12 and not (alike & near).any():
            alike = anchors["title"].str.startswith(title)
        candidates = anchors.loc[alike & near, "post_id"].drop_duplicates()
        if len(candidates) == 1:
            matched[index] = str(candidates.iloc[0])
        elif len(candidates) > 1 or alike.any():
            uncertain.append(title)
    notices = []
    if uncertain:
        quoted = ", ".join(repr(t[:40]) for t in uncertain[:3]) + (", …" if len(uncertain) > 3 else "")
        text = plural(
            "{count} row without a link goes with no post, or with several, by title and day; left apart: {quoted}",
            "{count} rows without a link go with no post, or with several, by title and day; left apart: {quoted}",
            len(uncertain),
            quoted=quoted,
        )
        notices.append(Notice(reading.source, text))
    ids = pd.Series(matched, dtype="str").reindex(posts.index)
    return posts.assign(post_id=posts["post_id"].fillna(ids)), notices


def _own_ids(posts: pd.DataFrame) -> pd.DataFrame:
    """Ids for rows that belong to no other post: from the creation time, else from title and day."""
    is_missing = posts["post_id"].isna()
    if not is_missing.any():
        return posts
    ids = posts["post_id"].copy()
    created = column(posts, "uploaded_at")
    for index in posts.index[is_missing]:
        if pd.notna(created[index]):
            ids[index] = f"at-{created[index]:%Y%m%dT%H%M%SZ}"
        else:
            facts = "|".join(str(posts[c].get(index)) for c in ("link", "caption", "posted_at") if c in posts.columns)
            ids[index] = "row-" + hashlib.sha256(facts.encode()).hexdigest()[:12]
    repeats = ids[is_missing].groupby(ids[is_missing]).cumcount()
    ids.loc[is_missing] = ids[is_missing].where(repeats == 0, ids[is_missing] + "-" + (repeats + 1).astype("str"))
    return posts.assign(post_id=ids)
