"""The list of posts: an item as columns of the posts table, and whether the pages of a list are all there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tiktok_coach.io.capture.answers import Answer
from tiktok_coach.io.capture.insights import ITEM_COUNTS, STATISTICS
from tiktok_coach.io.capture.measures import count, first, inner, number
from tiktok_coach.io.capture.requests import video_id
from tiktok_coach.io.capture.videos import LONGEST, moment

# A post due within a minute is going out as the list is made.
SLACK = dt.timedelta(minutes=1)
MOST_PAGES = 100_000


@dataclass(frozen=True)
class Item:
    """One post of a page; `visibility` is the list's own number for who may see it."""

    post_id: str
    at: dt.datetime | None
    columns: dict[str, Any]
    planned: bool
    in_review: bool
    visibility: str | None


def item(raw: Mapping[str, Any], at: dt.datetime | None, now: dt.datetime) -> Item | None:
    """One item of a page that came `at` a moment, or else by `now`; None for one without an id."""
    post_id = video_id(raw.get("item_id"))
    if post_id is None:
        return None
    milliseconds = number(raw.get("duration"), LONGEST * 1000)
    uploaded, posted = moment(raw.get("create_time")), moment(raw.get("post_time"))
    due = moment(raw.get("schedule_time"))
    reference = (at or now) + SLACK
    planned = any(t is not None and t > reference for t in (posted, due))
    goes_out = max((t for t in (posted, due) if t is not None), default=None) if planned else posted or uploaded
    in_review = raw.get("in_review") is True
    more = inner(raw, "statistics")
    counts = {n: first([count(raw.get(k)), count(more.get(STATISTICS[n]))]) for n, k in ITEM_COUNTS.items()}
    handle = inner(raw, "author").get("unique_id")
    columns: dict[str, Any] = {
        "caption": raw.get("desc") if isinstance(raw.get("desc"), str) else None,
        "account": handle if isinstance(handle, str) and handle else None,
        "uploaded_at": uploaded,
        "posted_at": goes_out,
        "duration_s": milliseconds / 1000 if milliseconds else None,
        # A length of 0 is a photo post's; what is still looked through may have none yet.
        "kind": "photo" if milliseconds == 0 and not in_review and not planned else None,
        **({} if planned else counts),
    }
    known = {name: value for name, value in columns.items() if value is not None}
    visibility = raw.get("visibility")
    return Item(post_id, at, known, planned, in_review, None if visibility is None else str(visibility))


def is_complete_list(pages: Sequence[Answer]) -> bool:
    """Whether the pages are all of a list: one says that nothing follows, and none before it is missing.

    Pages that were asked for with a filter, or that say they are limited, are no part of it. Where requests do not
    say from where on a page is, the one that ends the list is taken at its word.
    """
    usable = [p for p in pages if not p.request.filtered and p.body.get("is_limited") is not True]
    if not any(p.body.get("has_more") in (False, 0) for p in usable):
        return False
    if any(p.request.cursor is None for p in usable):
        return True
    by_cursor: dict[int, list[Answer]] = {}
    for page in usable:
        by_cursor.setdefault(page.request.cursor or 0, []).append(page)
    reached, open_ = {0}, [0]
    while open_ and len(reached) < MOST_PAGES:
        for page in by_cursor.get(open_.pop(), ()):
            if page.body.get("has_more") in (False, 0):
                return True
            following = count(page.body.get("cursor"))
            if following is not None and following not in reached:
                reached.add(following)
                open_.append(following)
    return False
