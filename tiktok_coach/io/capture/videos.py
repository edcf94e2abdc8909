"""The insights of one video: columns of the posts table, its retention, and the counts that its histories hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tiktok_coach.core.account import normalize_handle
from tiktok_coach.io.capture import curves
from tiktok_coach.io.capture.answers import OF_VIDEO, Answer
from tiktok_coach.io.capture.measures import bare, count, listed, number, points, share, shares
from tiktok_coach.io.capture.requests import video_id

COUNTS = {
    "views": ("realtime_total_video_views", "video_view_realtime"),
    "new_followers": ("realtime_new_followers", "video_new_followers", "video_new_follower_realtime"),
    "reach": ("total_video_uv", "video_uv"),
}
STATISTICS = {
    "views": "play_count",
    "likes": "digg_count",
    "comments": "comment_count",
    "shares": "share_count",
    "saves": "collect_count",
}
SHARES = {
    "completion_rate": ("video_finish_rate_realtime",),
    "viewers_following": ("video_viewer_follower_percent_realtime",),
    "viewers_new": ("video_viewer_new_viewer_percent",),
    "viewers_returning": ("video_viewer_return_viewer_percent",),
}
TRAFFIC = {
    "for you": "traffic_for_you",
    "follow": "traffic_following",
    "following": "traffic_following",
    "hashtag": "traffic_hashtag",
    "sound": "traffic_sound",
    "personal profile": "traffic_profile",
    "search": "traffic_search",
}
AGES = {
    "18-24": "viewers_18_24",
    "25-34": "viewers_25_34",
    "35-44": "viewers_35_44",
    "45-54": "viewers_45_54",
    "55+": "viewers_55",
}
GENDERS = {"female_vv": "viewers_female", "male_vv": "viewers_male"}
HISTORIES = {
    "views": "video_vv_history_7d",
    "likes": "video_like_history_7d",
    "comments": "video_comment_history_7d",
    "shares": "video_shares_history_7d",
    "saves": "video_favorites_history_7d",
    "new_followers": "video_new_followers_history_7d",
}
HOURS = "video_vv_history_48_hours"
LONGEST = 36_000.0
# A history that adds up to more than this many times the count that it is of is none of additions.
TOO_MUCH = 1.1
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass(frozen=True)
class Video:
    """What one answer says of one video. `columns` are columns of the posts table; `retention` seconds and shares;
    `history` counts at moments, as snapshots have them; `territories` shares of viewers by country; `public` None where it is not said.
    """

    post_id: str
    at: dt.datetime | None
    columns: dict[str, Any]
    retention: tuple[np.ndarray, np.ndarray] | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    territories: dict[str, float] = field(default_factory=dict)
    public: bool | None = None


def subject(answer: Answer) -> str | None:
    """The id of the video that an answer is about: named in it, else the only one that its request names."""
    named = video_id(_info(answer).get("aweme_id"))
    asked = answer.request.videos
    if named is not None:
        return named if not asked or named in asked else None
    return next(iter(asked)) if len(asked) == 1 and not OF_VIDEO.isdisjoint(answer.body) else None


def length_of(answer: Answer) -> float | None:
    """The length of its video in seconds, where an answer tells it."""
    return _length(_info(answer))


def video(answer: Answer, post_id: str, length: float | None, posted: dt.datetime | None) -> Video:
    """What an answer says of its video; `length` in seconds, and when it was `posted`, where the list of posts tells."""
    info, body = _info(answer), answer.body
    length = _length(info) or length
    posted = posted or moment(info.get("create_time"))
    columns: dict[str, Any] = {
        "caption": info.get("desc") if isinstance(info.get("desc"), str) else None,
        "account": _handle(info),
        "duration_s": length,
        "average_watch_time_s": number(body.get("video_per_duration_realtime"), LONGEST),
        "total_watch_time_s": number(body.get("video_total_duration_realtime")),
        "uploaded_at": moment(info.get("create_time")),
    }
    statistics = _inner(info, "statistics")
    columns |= {name: count(statistics.get(key)) for name, key in STATISTICS.items()}
    for name, keys in COUNTS.items():
        columns[name] = next((n for key in keys if (n := count(body.get(key))) is not None), columns.get(name))
    columns |= {name: _first_share(body, keys) for name, keys in SHARES.items()}
    columns["viewers_following"] = _following(body, columns["viewers_following"])
    columns |= _audience(body)
    columns["search_terms"] = _terms(body)
    at, held = curves.in_seconds(points(body.get("video_retention_rate_realtime")), length)
    columns |= curves.facts(at, held, length)
    columns["likes_peak_s"] = _peak(body, length)
    columns |= _first_hours(body, posted, answer.at)
    return Video(
        post_id,
        answer.at,
        {name: value for name, value in columns.items() if value is not None},
        (at, held) if len(at) else None,
        list(_history(body, posted, answer.at, columns)),
        _territories(body),
        _public(info),
    )


def _info(answer: Answer) -> Mapping[str, Any]:
    return _inner(answer.body, "video_info")


def _inner(part: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = part.get(name)
    return inner if isinstance(inner, dict) else {}


def _handle(info: Mapping[str, Any]) -> str | None:
    name = _inner(info, "author").get("unique_id")
    return normalize_handle(name) if isinstance(name, str) else None


def _length(info: Mapping[str, Any]) -> float | None:
    milliseconds = number(_inner(info, "video").get("duration"), LONGEST * 1000)
    return milliseconds / 1000 if milliseconds else None


def moment(value: Any) -> dt.datetime | None:
    """A time in Unix seconds; None where it is none of TikTok's years."""
    seconds = number(value)
    if seconds is None or not 1.38e9 <= seconds < 4.1e9:
        return None
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC)


def _public(info: Mapping[str, Any]) -> bool | None:
    """Whether everyone may see a video; a private status of 0 says so, any other that not everyone may."""
    status = _inner(info, "status")
    if status.get("is_delete") is True or status.get("in_reviewing") is True:
        return False
    private = number(status.get("private_status"))
    return None if private is None else private == 0


def _first_share(body: Mapping[str, Any], keys: tuple[str, ...]) -> float | None:
    return next((n for key in keys if (n := share(body.get(key))) is not None), None)


def _following(body: Mapping[str, Any], told: float | None) -> float | None:
    others = share(body.get("video_viewer_nonfollower_percent_realtime"))
    return told if told is not None or others is None else 1 - others


def _audience(body: Mapping[str, Any]) -> dict[str, float]:
    """Shares of views by where they came from, and of viewers by age and gender."""
    found: dict[str, float] = {}
    for key, held in shares(body.get("video_traffic_source_percent_realtime")).items():
        if name := TRAFFIC.get(key.casefold().replace("_", " ")):
            found[name] = held
    for key, held in shares(body.get("video_viewer_age_percent_realtime")).items():
        if name := AGES.get(key.replace(" ", "").replace("55-", "55+").replace("55++", "55+")):
            found[name] = held
    genders = bare(body.get("video_viewer_gender_percent_realtime"))
    for key, name in GENDERS.items():
        if isinstance(genders, dict) and (told := share(genders.get(key))) is not None:
            found[name] = told
    named = shares(body.get("video_viewer_gender_percent_realtime"))
    return found | {GENDERS[key]: held for key, held in named.items() if key in GENDERS}


def _terms(body: Mapping[str, Any]) -> str | None:
    """What people searched for before they met the video, the most frequent first: `rye bread 24%; buns 9%`."""
    found = shares(body.get("item_search_terms"))
    ordered = sorted(found.items(), key=lambda term: (-term[1], term[0]))
    words = [(" ".join(term.replace(";", " ").split()), held) for term, held in ordered]
    return "; ".join(f"{term} {held:.0%}" for term, held in words if term) or None


def _peak(body: Mapping[str, Any], length: float | None) -> float | None:
    at, held = curves.in_seconds(points(body.get("video_like_distribution_realtime")), length)
    return float(at[int(held.argmax())]) if len(at) and held.max() > 0 else None


def _territories(body: Mapping[str, Any]) -> dict[str, float]:
    found = {}
    for entry in listed(body.get("video_viewer_location_percent_realtime")):
        name, held = (
            (entry.get("country_name"), share(entry.get("country_vv_percent")))
            if isinstance(entry, dict)
            else (None, None)
        )
        if isinstance(name, str) and len(name) == 2 and name.isalpha() and held is not None:
            found[name.upper()] = held
    return found


def _hour_ends(posted: dt.datetime, hour: int) -> dt.datetime:
    """When an hour of a history ends; the first one is what was left of the clock's hour."""
    return posted.replace(minute=0, second=0, microsecond=0) + (hour + 1) * HOUR


def _first_hours(body: Mapping[str, Any], posted: dt.datetime | None, at: dt.datetime | None) -> dict[str, int]:
    hours = [count(entry) for entry in listed(body.get(HOURS))][:48]
    if posted is None or at is None:
        return {}
    found = {}
    if len(hours) > 1 and hours[1] is not None and _hour_ends(posted, 1) <= at:
        found["views_hour_1"] = hours[1]
    known = [n for n in hours if n is not None]
    if len(known) == 48 and _hour_ends(posted, 47) <= at:
        found["first_48h_views"] = sum(known)
    return found


def _history(
    body: Mapping[str, Any], posted: dt.datetime | None, at: dt.datetime | None, columns: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Counts as they stood at the end of every hour and day since the post went out, as far as all before are known."""
    if posted is None or at is None:
        return
    day_ends = [posted + (n + 1) * DAY for n in range(7)]
    hour_ends = [_hour_ends(posted, n) for n in range(48)]
    for name, key, ends in [("views", HOURS, hour_ends), *((name, key, day_ends) for name, key in HISTORIES.items())]:
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
