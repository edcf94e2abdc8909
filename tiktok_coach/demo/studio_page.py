"""What TikTok Studio's pages show of the fictional bakery's posts, as a browser would have saved it, without cookies.

In this world a hook within three seconds holds viewers at second 3, an intro loses them before it, a late hook loses
them where it comes, and long videos are finished less; so that a method which looks for these can be held against the
truth.
"""

from __future__ import annotations

import datetime as dt
import json
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from tiktok_coach.demo.simulation import DAYS, EXPORTED, HANDLE, WORDS, ZONE

LIST = "https://www.tiktok.com/tiktok/creator/manage/item_list/v1/"
INSIGHT = "https://www.tiktok.com/aweme/v2/data/insight/"
FIRST_PAGE, NEXT_PAGE = 50, 10
HOURS, WEEK = 48, 7
# Share of a post's views that come within its first 48 hours.
EARLY = 0.45
# How watching falls: the rate at which viewers leave in seconds 1 to 3, and what adds to it or takes from it.
LEAVING, LATE_HOOK, INTRO, EMOTION = 0.13, 0.11, 0.10, -0.03
COMPLETION, LENGTH_SLOPE = 0.42, -0.5
COUNTRIES = [{"country_name": c, "country_vv_percent": v} for c, v in (("DK", 0.82), ("SE", 0.07), ("NO", 0.05))]
# Loops count as watching on top of the curve.
LOOPS = 1.15


def studio_page(rng: np.random.Generator, posts: pd.DataFrame, active: list[list[int]]) -> bytes:
    """A HAR of the list of posts and of every post's insights; `active` are followers by hour of the last days."""
    newest_first = posts.sort_values("posted", ascending=False, kind="stable")
    items = [_item(row) for row in newest_first.itertuples()]
    entries: list[dict[str, Any]] = []
    for start, end in pairwise([0, *range(FIRST_PAGE, len(items), NEXT_PAGE), len(items)]):
        size = FIRST_PAGE if start == 0 else NEXT_PAGE
        body = {"status_code": 0, "item_list": items[start:end], "cursor": end, "has_more": end < len(items)}
        query = {"cursor": start, "size": size, "query": {"conditions": []}}
        entries.append(_entry(LIST, body | {"is_limited": False}, len(entries), query))
    hours = [{"insigh_type": "follower_active_history_hours", "days": len(active), "end_days": 1}]
    days = [
        {"status": 0, "value": counts, "date_key": f"{day:%Y%m%d}"}
        for day, counts in zip(DAYS[-len(active) :], active, strict=True)
    ]
    entries.append(_insight_entry(hours, {"status_code": 0, "follower_active_history_hours": days}, len(entries)))
    for row in newest_first.itertuples():
        body = _insights(rng, row)
        requests = [{"insigh_type": name, "aweme_id": row.post_id} for name in body if name != "status_code"]
        entries.append(_insight_entry(requests, body, len(entries)))
    log = {"version": "1.2", "creator": {"name": "tiktok-coach demo", "version": "1"}, "entries": entries}
    return json.dumps({"log": log}, ensure_ascii=False, separators=(",", ":")).encode()


def _insight_entry(requests: list[dict[str, Any]], body: dict[str, Any], number: int) -> dict[str, Any]:
    query = urlencode({"tz_name": ZONE, "type_requests": json.dumps(requests, separators=(",", ":"))})
    return _entry(f"{INSIGHT}?{query}", body, number, None)


def _entry(url: str, body: dict[str, Any], number: int, post_data: dict[str, Any] | None) -> dict[str, Any]:
    moment = EXPORTED + dt.timedelta(seconds=2 * number)
    request: dict[str, Any] = {"method": "POST" if post_data else "GET", "url": url, "headers": [], "cookies": []}
    if post_data:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(post_data)}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    content = {"size": len(text), "mimeType": "application/json", "text": text}
    return {"startedDateTime": moment.isoformat(), "request": request, "response": {"status": 200, "content": content}}


def _item(row: Any) -> dict[str, Any]:
    """One post of the list: counts as texts, the length in milliseconds."""
    counts = {"play": row.views, "like": row.likes, "comment": row.comments, "share": row.shares, "favorite": row.saves}
    return {
        "item_id": row.post_id,
        "desc": row.caption,
        "create_time": str(int(row.uploaded.timestamp())),
        "post_time": str(int(row.posted.timestamp())),
        "schedule_time": "0",
        "duration": int(row.duration_s * 1000),
        **{f"{name}_count": str(n) for name, n in counts.items()},
        "visibility": 1,
        "in_review": False,
        "is_pinned": False,
    }


def _value(value: Any) -> dict[str, Any]:
    return {"is_after_7d": False, "value": {"status": 0, **(value if isinstance(value, dict) else {"value": value})}}


def _key_values(shares: dict[str, float], digits: int) -> list[dict[str, Any]]:
    return [{"key": key, "value": round(float(share), digits)} for key, share in shares.items()]


def _insights(rng: np.random.Generator, row: Any) -> dict[str, Any]:
    curve = _curve(rng, row)
    finished_count = int(rng.binomial(row.views, curve[-1]))
    watch_s = float(np.trapezoid(curve) / (len(curve) - 1) * row.duration_s * LOOPS)
    for_you = float(rng.uniform(0.62, 0.92))
    beside = rng.dirichlet([4, 2, 2, 1]) * (1 - for_you)
    age = (EXPORTED - row.posted.to_pydatetime()).total_seconds() / 3600
    early = int(row.views * EARLY)
    hours = _spread(rng, early, np.exp(-np.arange(HOURS) / 12), int(age))
    days = _spread(rng, int(row.views * 0.75), np.exp(-np.arange(WEEK) / 1.5), int(age / 24))
    female = float(rng.uniform(0.56, 0.7))
    genders = {"female_vv": round(female, 3), "male_vv": round(0.98 - female, 3)}
    ages = dict(zip(("18-24", "25-34", "35-44", "45-54", "55+"), rng.dirichlet([30, 40, 18, 8, 4]), strict=True))
    names = ("play_count", "digg_count", "comment_count", "share_count", "collect_count")
    counts = dict(zip(names, (row.views, row.likes, row.comments, row.shares, row.saves), strict=True))
    traffic = {"For You": for_you, **dict(zip(("Follow", "Personal Profile", "Search", "Sound"), beside, strict=True))}
    own = [word.removeprefix("#") for word in row.caption.split() if word.startswith("#")]
    first = str(rng.choice(own if rng.random() < 0.6 else [*WORDS["searched"], "surdej opskrift"]))
    seen = [{"timestamp": str(1000 * n), "value": round(float(share), 4)} for n, share in enumerate(curve)]
    return {
        "status_code": 0,
        "video_info": {
            "aweme_id": row.post_id,
            "desc": row.caption,
            "create_time": int(row.uploaded.timestamp()),
            "video": {"duration": int(row.duration_s * 1000)},
            "statistics": {name: int(n) for name, n in counts.items()},
            "author": {"unique_id": HANDLE},
            "status": {"private_status": 0},
        },
        "realtime_total_video_views": _value(int(row.views)),
        "video_per_duration_realtime": _value(round(watch_s, 2)),
        "video_total_duration_realtime": _value(round(watch_s * row.views)),
        "video_finish_rate_realtime": _value(round(finished_count / max(int(row.views), 1), 4)),
        "video_retention_rate_realtime": _value({"list": seen}),
        "video_traffic_source_percent_realtime": _value(_key_values(traffic, 4)),
        "item_search_terms": _value(_key_values({first: 0.21, "bageri odense": 0.08}, 2)),
        "video_new_followers": _value(int(rng.poisson(row.views * 0.002))),
        "total_video_uv": _value(int(row.views * 0.91)),
        "video_vv_history_48_hours": hours,
        "video_vv_history_7d": days,
        "video_viewer_follower_percent_realtime": _value(round(float(rng.uniform(0.05, 0.25)), 3)),
        "video_viewer_age_percent_realtime": _value(_key_values(ages, 3)),
        "video_viewer_gender_percent_realtime": _value(genders),
        "video_viewer_location_percent_realtime": _value({"country_percent_list": COUNTRIES}),
    }


def _curve(rng: np.random.Generator, row: Any) -> np.ndarray:
    """The share that still watches at every second of the video, from 1 at the start."""
    seconds = np.arange(int(row.duration_s) + 1)
    late, strong = row.hook_s > 3, row.opening_emotion != "neutral"
    rate = max(LEAVING + LATE_HOOK * late + INTRO * bool(row.intro) + EMOTION * strong + rng.normal(0, 0.02), 0.03)
    first = float(np.exp(-rng.uniform(0.08, 0.14)))
    third = first * float(np.exp(-2 * rate))
    finish = COMPLETION * (row.duration_s / 15) ** LENGTH_SLOPE * np.exp(-0.25 * late + rng.normal(0, 0.15))
    finish = float(np.clip(finish, 0.02, 0.9 * third))
    after = np.log(third / finish) / max(row.duration_s - 3, 1)
    curve = np.where(
        seconds <= 3, first * np.exp(-rate * np.maximum(seconds - 1, 0)), third * np.exp(-after * (seconds - 3))
    )
    curve[0] = 1.0
    if late and int(row.hook_s) + 1 < len(curve) - 1:
        curve[int(row.hook_s) + 1 :] *= rng.uniform(0.68, 0.85)
    return np.minimum.accumulate(np.clip(curve, 0.0, 1.0))


def _spread(rng: np.random.Generator, total: int, weights: np.ndarray, elapsed: int) -> list[dict[str, int]]:
    """Views parted over hours or days; those that have not come yet are not known."""
    # Not by `multinomial`, which draws other numbers in another version of NumPy.
    places = rng.choice(len(weights), total, p=weights / weights.sum())
    parts = np.bincount(places, minlength=len(weights))
    return [
        {"status": 0, "value": int(n)} if position < elapsed else {"status": 2, "value": 0}
        for position, n in enumerate(parts)
    ]
