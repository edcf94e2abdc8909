"""The insights of one video and the items of the list of posts, as columns of the posts table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

import numpy as np

from tiktok_coach.core.account import normalize_handle
from tiktok_coach.core.records import dataclass
from tiktok_coach.io.capture import insights
from tiktok_coach.io.capture.answers import Answer, video_id
from tiktok_coach.io.capture.insights import count, first, inner, listed, number, points, share, shares, without_missing

LONGEST = 36_000.0
# A history that adds up to more than this many times the count that it is of is none of additions.
TOO_MUCH = 1.1
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# A point of a retention curve counts for a moment no further from it than this, in seconds.
NEAR = 1.5
# Falls are taken over two seconds, and beyond the first, in which swipes-by are lost whatever the video.
FALL, BEGIN = 2.0, 1.0
LONGEST_IN_SECONDS = 600.0
# A post due within a minute is going out as the list is made.
SLACK = dt.timedelta(minutes=1)
MOST_PAGES = 100_000


@dataclass(frozen=True)
class Video:
    """What one answer says of one video.

    `columns` are columns of the posts table; `retention` seconds and shares; `history` counts at moments, as snapshots
    have them; `territories` shares of viewers by country; `public` is None where it is not known.
    """

    post_id: str
    at: dt.datetime | None
    columns: dict[str, Any]
    retention: tuple[np.ndarray, np.ndarray] | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    territories: dict[str, float] = field(default_factory=dict)
    public: bool | None = None


def subject(answer: Answer) -> str | None:
    """The id of the video that an answer is about: its own, else the only one in its request."""
    in_body, in_request = video_id(inner(answer.body, insights.INFO).get("aweme_id")), answer.request.videos
    if in_body is not None:
        return in_body if not in_request or in_body in in_request else None
    return next(iter(in_request)) if len(in_request) == 1 and not insights.OF_VIDEO.isdisjoint(answer.body) else None


def length_of(answer: Answer) -> float | None:
    """The length of its video in seconds, where an answer has it."""
    milliseconds = number(inner(inner(answer.body, insights.INFO), "video").get("duration"), LONGEST * 1000)
    return milliseconds / 1000 if milliseconds else None


def video(answer: Answer, post_id: str, length: float | None, posted: dt.datetime | None) -> Video:
    """What an answer says of its video; `length` in seconds and `posted` are those of the list of posts, if known."""
    info, body = inner(answer.body, insights.INFO), answer.body
    length = length_of(answer) or length
    uploaded = moment(info.get("create_time"))
    posted = posted or uploaded
    columns: dict[str, Any] = {
        "caption": info.get("desc"),
        "account": normalize_handle(inner(info, "author").get("unique_id")),
        "duration_s": length,
        "average_watch_time_s": number(body.get(insights.WATCH_TIME), LONGEST),
        "total_watch_time_s": number(body.get(insights.TOTAL_WATCH_TIME)),
        "uploaded_at": uploaded,
    }
    statistics = inner(info, "statistics")
    columns |= {name: count(statistics.get(key)) for name, key in insights.STATISTICS.items()}
    for name, keys in insights.COUNTS.items():
        columns[name] = first([*(count(body.get(key)) for key in keys), columns.get(name)])
    columns |= {name: share(body.get(key)) for name, key in insights.SHARES.items()}
    if columns["viewers_following"] is None and (others := share(body.get(insights.NOT_FOLLOWING))) is not None:
        columns["viewers_following"] = 1 - others
    columns |= _audience(body)
    columns["search_terms"] = _terms(body)
    seconds, watching = in_seconds(points(body.get(insights.RETENTION)), length)
    columns |= curve_facts(seconds, watching, length)
    like_seconds, likes = in_seconds(points(body.get(insights.LIKES_BY_SECOND)), length)
    if likes.max(initial=0.0) > 0:
        columns["likes_peak_s"] = float(like_seconds[int(likes.argmax())])
    history: list[dict[str, Any]] = []
    if posted is not None and answer.at is not None:
        columns |= _first_hours(body, posted, answer.at)
        history = list(_history(body, posted, answer.at, columns))
    return Video(
        post_id,
        answer.at,
        without_missing(columns),
        retention=(seconds, watching) if len(seconds) else None,
        history=history,
        territories=_territories(body),
        public=_public(info),
    )


def moment(value: Any) -> dt.datetime | None:
    """A time in Unix seconds; None where it is none of TikTok's years."""
    seconds = number(value)
    if seconds is None or not 1.38e9 <= seconds < 4.1e9:
        return None
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC)


def _public(info: Mapping[str, Any]) -> bool | None:
    """Whether everyone may see a video; a private status of 0 says so, any other that not everyone may."""
    status = inner(info, "status")
    if status.get("is_delete") is True or status.get("in_reviewing") is True:
        return False
    private = number(status.get("private_status"))
    return None if private is None else private == 0


def _audience(body: Mapping[str, Any]) -> dict[str, float]:
    """Shares of views by where they came from, and of viewers by age and gender."""
    traffic = {key.casefold().replace("_", " "): value for key, value in shares(body.get(insights.TRAFFIC)).items()}
    ages = {key.replace(" ", ""): value for key, value in shares(body.get(insights.AGE)).items()}
    genders = insights.bare(body.get(insights.GENDER))
    by_gender = {key: share(genders.get(key)) for key in insights.GENDER_COLUMNS} if isinstance(genders, dict) else {}
    by_gender |= shares(body.get(insights.GENDER))
    columns = insights.TRAFFIC_COLUMNS | insights.AGE_COLUMNS | insights.GENDER_COLUMNS
    values = {**traffic, **ages, **by_gender}
    return {columns[key]: value for key, value in values.items() if key in columns and value is not None}


def _terms(body: Mapping[str, Any]) -> str | None:
    """What people searched for before they met the video, the most frequent first: `rye bread 24%; buns 9%`."""
    ordered = sorted(shares(body.get(insights.SEARCH_TERMS)).items(), key=lambda term: (-term[1], term[0]))
    words = [(" ".join(term.replace(";", " ").split()), value) for term, value in ordered]
    return "; ".join(f"{term} {value:.0%}" for term, value in words if term) or None


def _territories(body: Mapping[str, Any]) -> dict[str, float]:
    entries = [entry for entry in listed(body.get(insights.LOCATION)) if isinstance(entry, dict)]
    return {
        entry["country_name"].upper(): value
        for entry in entries
        if "country_name" in entry and (value := share(entry.get("country_vv_percent"))) is not None
    }


def _hour_ends(posted: dt.datetime, hour: int) -> dt.datetime:
    """When an hour of a history ends; the first one is the rest of the clock's hour."""
    return posted.replace(minute=0, second=0, microsecond=0) + (hour + 1) * HOUR


def _first_hours(body: Mapping[str, Any], posted: dt.datetime, at: dt.datetime) -> dict[str, int]:
    hours = [count(entry) for entry in listed(body.get(insights.HOURS))][:48]
    columns = {}
    if len(hours) > 1 and hours[1] is not None and _hour_ends(posted, 1) <= at:
        columns["views_hour_1"] = hours[1]
    known = [n for n in hours if n is not None]
    if len(known) == 48 and _hour_ends(posted, 47) <= at:
        columns["first_48h_views"] = sum(known)
    return columns


def _history(
    body: Mapping[str, Any], posted: dt.datetime, at: dt.datetime, columns: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Counts as they stood at the end of every hour and day since the post went out, as far as all before are known."""
    day_ends = [posted + (n + 1) * DAY for n in range(7)]
    hour_ends = [_hour_ends(posted, n) for n in range(48)]
    histories = [(name, key, day_ends) for name, key in insights.HISTORIES.items()]
    for name, key, ends in [("views", insights.HOURS, hour_ends), *histories]:
        total, rows = 0, []
        for entry, end in zip(listed(body.get(key)), ends, strict=False):
            added = count(entry)
            if added is None or end > at:
                break
            total += added
            rows.append({"metrics_at": end, name: total})
        whole = columns.get(name)
        if whole is None or total <= TOO_MUCH * whole:
            yield from rows


def in_seconds(points: Iterable[tuple[float, float]], length: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Seconds and shares in order of time; whether timestamps are in milliseconds, the last one and the length tell."""
    known = dict(sorted(points))
    at, shares = np.array(list(known), dtype="float64"), np.array(list(known.values()), dtype="float64")
    if not len(at):
        return at, shares
    step = float(np.diff(at).min()) if len(at) > 1 else 0.0
    in_thousands = at[-1] > 2 * length + 2 if length else step >= 100 or at[-1] > LONGEST_IN_SECONDS
    return (at / 1000 if in_thousands else at), shares


def still_watching(at: np.ndarray, shares: np.ndarray, second: float) -> float | None:
    """The share that still watches at a second, between the points beside it; None where none is near."""
    before, after = at[at <= second], at[at >= second]
    if not len(before) or not len(after) or second - before[-1] > NEAR or after[0] - second > NEAR:
        return None
    return float(np.interp(second, at, shares))


def steepest(at: np.ndarray, shares: np.ndarray) -> tuple[float, float] | None:
    """Where the steepest fall after second 1 begins, and which share of those watching then leaves within 2 seconds."""
    falls = [
        (float(start), 1 - there / here)
        for start in at[(at >= BEGIN) & (at + FALL <= at.max(initial=0.0))]
        if (here := still_watching(at, shares, start))
        and (there := still_watching(at, shares, start + FALL)) is not None
    ]
    best = max(falls, key=lambda fall: round(fall[1], 12), default=None)
    return best if best is not None and best[1] > 0 else None


def curve_facts(at: np.ndarray, shares: np.ndarray, length: float | None) -> dict[str, float]:
    """Columns of the posts table that follow from a curve."""
    seconds = {f"retention_{second}s": second for second in (1, 3, 5) if length is None or length >= second}
    columns = {name: still_watching(at, shares, second) for name, second in seconds.items()}
    columns["retention_half"] = still_watching(at, shares, length / 2) if length else None
    if (fall := steepest(at, shares)) is not None:
        columns["largest_drop_s"], columns["largest_drop"] = fall
    return without_missing(columns)


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
    pairs = ((name, raw.get(key), more.get(insights.STATISTICS[name])) for name, key in insights.ITEM_COUNTS.items())
    counts = {name: first([count(one), count(other)]) for name, one, other in pairs}
    columns: dict[str, Any] = {
        "caption": raw.get("desc"),
        "account": inner(raw, "author").get("unique_id"),
        "uploaded_at": uploaded,
        "posted_at": goes_out,
        "duration_s": milliseconds / 1000 if milliseconds else None,
        # A length of 0 is a photo post's; what is still looked through may have none yet.
        "kind": "photo" if milliseconds == 0 and not in_review and not planned else None,
        **({} if planned else counts),
    }
    visibility = str(raw["visibility"]) if "visibility" in raw else None
    return Item(post_id, at, without_missing(columns), planned, in_review, visibility)


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
