"""The insights of one video: columns of the posts table, its retention, and the counts that its histories hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tiktok_coach.core.account import normalize_handle
from tiktok_coach.io.capture import curves, insights
from tiktok_coach.io.capture.answers import Answer
from tiktok_coach.io.capture.measures import bare, count, first, inner, listed, number, points, share, shares
from tiktok_coach.io.capture.requests import video_id

# How TikTok Studio names who viewers are.
AGE_COLUMNS = {ages: f"viewers_{ages.replace('-', '_')}" for ages in ("18-24", "25-34", "35-44", "45-54")}
AGE_COLUMNS |= dict.fromkeys(("55+", "55-", "55-+", "55++"), "viewers_55")
GENDER_COLUMNS = {"female_vv": "viewers_female", "male_vv": "viewers_male"}
LONGEST = 36_000.0
# A history that adds up to more than this many times the count that it is of is none of additions.
TOO_MUCH = 1.1
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


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
    handle = inner(info, "author").get("unique_id")
    columns: dict[str, Any] = {
        "caption": info.get("desc") if isinstance(info.get("desc"), str) else None,
        "account": normalize_handle(handle) if isinstance(handle, str) else None,
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
    seconds, watching = curves.in_seconds(points(body.get(insights.RETENTION)), length)
    columns |= curves.facts(seconds, watching, length)
    like_seconds, likes = curves.in_seconds(points(body.get(insights.LIKES_BY_SECOND)), length)
    if likes.max(initial=0.0) > 0:
        columns["likes_peak_s"] = float(like_seconds[int(likes.argmax())])
    history: list[dict[str, Any]] = []
    if posted is not None and answer.at is not None:
        columns |= _first_hours(body, posted, answer.at)
        history = list(_history(body, posted, answer.at, columns))
    return Video(
        post_id,
        answer.at,
        {name: value for name, value in columns.items() if value is not None},
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
    genders = bare(body.get(insights.GENDER))
    by_gender = {key: share(genders.get(key)) for key in GENDER_COLUMNS} if isinstance(genders, dict) else {}
    by_gender |= shares(body.get(insights.GENDER))
    return {
        columns[key]: value
        for columns, by_key in ((insights.TRAFFIC_COLUMNS, traffic), (AGE_COLUMNS, ages), (GENDER_COLUMNS, by_gender))
        for key, value in by_key.items()
        if key in columns and value is not None
    }


def _terms(body: Mapping[str, Any]) -> str | None:
    """What people searched for before they met the video, the most frequent first: `rye bread 24%; buns 9%`."""
    ordered = sorted(shares(body.get(insights.SEARCH_TERMS)).items(), key=lambda term: (-term[1], term[0]))
    words = [(" ".join(term.replace(";", " ").split()), value) for term, value in ordered]
    return "; ".join(f"{term} {value:.0%}" for term, value in words if term) or None


def _territories(body: Mapping[str, Any]) -> dict[str, float]:
    entries = [
        (entry.get("country_name"), share(entry.get("country_vv_percent")))
        for entry in listed(body.get(insights.LOCATION))
        if isinstance(entry, dict)
    ]
    return {
        name.upper(): value
        for name, value in entries
        if isinstance(name, str) and len(name) == 2 and name.isalpha() and value is not None
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
    for name, key, ends in [
        ("views", insights.HOURS, hour_ends),
        *((name, key, day_ends) for name, key in insights.HISTORIES.items()),
    ]:
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
