"""Answers of TikTok Studio's own pages as browsers save them: made up, in the real shapes."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from tests.writing import video_id

SEEN = dt.datetime(2026, 6, 24, 9, 30, tzinfo=dt.UTC)
POSTED = dt.datetime(2026, 6, 13, 16, 42, 48, tzinfo=dt.UTC)
ONE, TWO, THREE = (video_id(f"2026-06-{day}T16:42:48") for day in (13, 15, 18))
CURVE = (1.0, 0.9, 0.8, 0.7, 0.62, 0.41, 0.4, 0.39, 0.38, 0.37, 0.36, 0.35, 0.34)
LIST_URL = "https://www.tiktok.com/tiktok/creator/manage/item_list/v1/?aid=1988"


def unix(moment: dt.datetime) -> int:
    return int(moment.timestamp())


def item(post_id: str, posted: dt.datetime = POSTED, **changed: Any) -> dict[str, Any]:
    """One post of a list: flat, its counts texts, its length in milliseconds."""
    known = {
        "item_id": post_id,
        "item_type": 1,
        "desc": "Rye bread, rising #baking",
        "create_time": str(unix(posted)),
        "post_time": str(unix(posted)),
        "schedule_time": "0",
        "duration": 12_000,
        "play_count": "1000",
        "like_count": "80",
        "comment_count": "9",
        "share_count": "4",
        "favorite_count": "12",
        "visibility": 1,
        "status": 102,
        "in_review": False,
        "is_pinned": False,
        "cover_url": ["https://p16-sign.tiktokcdn.com/PICTURE-SECRET.jpg"],
    }
    return {**known, **changed}


def page(items: Sequence[Mapping[str, Any]], *, more: bool = False, cursor: int = 50, **changed: Any) -> dict[str, Any]:
    return {
        "status_code": 0,
        "status_msg": "",
        "item_list": list(items),
        "cursor": cursor,
        "has_more": more,
        "is_limited": False,
        **changed,
    }


def wrapped(value: Any, form: str = "twice", status: Any = 0) -> Any:
    """A value in one of the forms in which insights carry it."""
    if form == "bare":
        return value
    inner = {"status": status, **(value if isinstance(value, dict) else {"value": value})}
    return inner if form == "once" else {"is_after_7d": False, "value": inner}


def curve(points: Sequence[float] = CURVE, scale: int = 1000) -> dict[str, Any]:
    return {"list": [{"timestamp": str(n * scale), "value": held} for n, held in enumerate(points)]}


def info(post_id: Any, posted: dt.datetime = POSTED, handle: str = "baker", **changed: Any) -> dict[str, Any]:
    known = {
        "aweme_id": post_id,
        "desc": "Rye bread, rising #baking",
        "create_time": unix(posted),
        "video": {"duration": 12_000, "cover": "PICTURE-SECRET"},
        "statistics": {"play_count": 1000, "digg_count": 80, "comment_count": 9, "share_count": 4, "collect_count": 12},
        "author": {"uid": "UID-SECRET", "unique_id": handle, "nickname": "NICKNAME-SECRET"},
        "status": {"private_status": 0, "is_delete": False},
    }
    return {**known, **changed}


def insights(post_id: Any, form: str = "twice", **changed: Any) -> dict[str, Any]:
    """Everything that the pages on one video ask for."""
    hours = [{"status": 0, "value": n} for n in (40, 120, 90, *([10] * 45))]
    days = [
        {"status": 0, "value": n, "date_key": f"2026061{3 + i}"} for i, n in enumerate((465, 240, 110, 60, 40, 30, 25))
    ]
    known = {
        "status_code": 0,
        "extra": {"logid": "LOGID-SECRET"},
        "video_info": info(post_id),
        "video_per_duration_realtime": wrapped(6.4, form),
        "video_total_duration_realtime": wrapped(6400, form),
        "video_finish_rate_realtime": wrapped(0.34, form),
        "video_retention_rate_realtime": wrapped(curve(), form),
        "video_like_distribution_realtime": wrapped(curve((0.0, 0.1, 0.2, 0.5, 0.1, 0.1)), form),
        "video_traffic_source_percent_realtime": wrapped(
            [{"key": "For You", "value": 0.84}, {"key": "Follow", "value": 0.1}, {"key": "Search", "value": 0.06}], form
        ),
        "item_search_terms": wrapped(
            [{"key": "rye bread", "value": 0.24}, {"key": "sourdough starter", "value": 0.09}], form
        ),
        "realtime_total_video_views": wrapped(1000, form),
        "video_new_followers": wrapped(3, form),
        "total_video_uv": wrapped(910, form),
        "video_vv_history_48_hours": hours,
        "video_vv_history_7d": days,
        "video_viewer_follower_percent_realtime": wrapped(0.12, form),
        "video_viewer_new_viewer_percent": wrapped(0.7, form),
        "video_viewer_return_viewer_percent": wrapped(0.3, form),
        "video_viewer_age_percent_realtime": wrapped(
            [{"key": "18-24", "value": 0.47}, {"key": "25-34", "value": 0.3}], form
        ),
        "video_viewer_gender_percent_realtime": {"value": {"status": 0, "female_vv": 0.6, "male_vv": 0.38}},
        "video_viewer_location_percent_realtime": {
            "value": {
                "status": 0,
                "country_percent_list": [
                    {"country_name": "DK", "country_vv_percent": 0.8},
                    {"country_name": "SE", "country_vv_percent": 0.1},
                ],
            }
        },
    }
    return {**known, **changed}


def insight_url(requests: Sequence[Mapping[str, Any]], timezone: str = "Europe/Copenhagen") -> str:
    query = {
        "locale": "da",
        "aid": "1988",
        "tz_name": timezone,
        "tz_offset": "7200",
        "type_requests": json.dumps(list(requests)),
    }
    return f"https://www.tiktok.com/aweme/v2/data/insight/?{urlencode(query, quote_via=quote)}"


def asked_for(post_id: str, names: Sequence[str] = ("video_info", "video_finish_rate_realtime")) -> str:
    return insight_url([{"insigh_type": name, "aweme_id": post_id} for name in names])


def entry(
    url: str,
    body: Any,
    at: dt.datetime = SEEN,
    *,
    posted: Any = None,
    browser: str = "chrome",
    encode: bool = False,
    secrets: bool = False,
) -> dict[str, Any]:
    """One entry of a HAR as a browser writes it."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    content: dict[str, Any] = {"size": len(text), "mimeType": "application/json; charset=utf-8", "text": text}
    if encode:
        content |= {"text": base64.b64encode(text.encode()).decode(), "encoding": "base64"}
    headers = [{"name": "accept", "value": "application/json"}]
    cookies = []
    if secrets:
        url += f"{'&' if '?' in url else '?'}msToken=TOKEN-SECRET&X-Bogus=BOGUS-SECRET"
        headers += [
            {"name": "Cookie", "value": "sessionid=COOKIE-SECRET"},
            {"name": "tt-csrf-token", "value": "CSRF-SECRET"},
        ]
        cookies = [{"name": "sessionid", "value": "COOKIE-SECRET"}]
    request: dict[str, Any] = {
        "method": "POST" if posted else "GET",
        "url": url,
        "httpVersion": "http/2.0",
        "headers": headers,
        "cookies": cookies,
        "queryString": [],
        "headersSize": -1,
        "bodySize": -1,
    }
    if posted is not None:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(posted)}
    made: dict[str, Any] = {
        "startedDateTime": at.strftime("%Y-%m-%dT%H:%M:%S.120Z"),
        "time": 210.4,
        "request": request,
        "response": {
            "status": 200,
            "statusText": "OK",
            "headers": [],
            "cookies": [],
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 200, "receive": 10},
    }
    if browser == "chrome":
        made |= {
            "_initiator": {"type": "script", "stack": "STACK-SECRET" if secrets else ""},
            "_resourceType": "fetch",
            "serverIPAddress": "1.2.3.4",
        }
    if browser == "firefox":
        made |= {
            "pageref": "page_1",
            "_securityState": "secure",
            "startedDateTime": at.astimezone(dt.timezone(dt.timedelta(hours=2))).isoformat(timespec="milliseconds"),
        }
    return made


def list_entry(body: Any, cursor: int = 0, at: dt.datetime = SEEN, **more: Any) -> dict[str, Any]:
    return entry(
        LIST_URL,
        body,
        at,
        posted={
            "cursor": cursor,
            "size": 50,
            "query": {
                "conditions": [],
                "sort_orders": [{"field_name": "post_time", "order": 2}],
                "is_recent_posts": False,
            },
        },
        **more,
    )


def insight_entry(post_id: str, body: Any = None, at: dt.datetime = SEEN, **more: Any) -> dict[str, Any]:
    return entry(asked_for(post_id), insights(post_id) if body is None else body, at, **more)


def har(entries: Sequence[Mapping[str, Any]], browser: str = "chrome") -> str:
    creator = {
        "chrome": {"name": "WebInspector", "version": "537.36"},
        "firefox": {"name": "Firefox", "version": "144.0"},
        "safari": {"name": "WebKit Web Inspector", "version": "1.0"},
    }[browser]
    log: dict[str, Any] = {
        "version": "1.2",
        "creator": creator,
        "pages": [
            {"startedDateTime": "2026-06-24T09:29:00.000Z", "id": "page_1", "title": "TikTok Studio", "pageTimings": {}}
        ],
        "entries": list(entries),
    }
    return json.dumps({"log": log}, ensure_ascii=False, indent=2)


def other_page(text: str = "<html>", mime: str = "text/html", **more: Any) -> dict[str, Any]:
    made = entry("https://www.tiktok.com/api/comment/list/?aweme_id=1", text, **more)
    made["response"]["content"]["mimeType"] = mime
    return made


def session(**more: Any) -> list[dict[str, Any]]:
    """A usual session: the list, scrolled to its end, and the pages on its videos."""
    moments = {ONE: POSTED, TWO: POSTED + dt.timedelta(days=2), THREE: POSTED + dt.timedelta(days=5)}
    first = page([item(THREE, moments[THREE]), item(TWO, moments[TWO])], more=True, cursor=2)
    last = page([item(ONE, moments[ONE])], cursor=3)
    asked_before = list_entry("", **more)
    asked_before["request"]["method"] = "OPTIONS"
    made = [other_page(**more), list_entry(first, **more), list_entry(last, 2, **more)]
    made += [insight_entry(p, insights(p, video_info=info(p, m)), **more) for p, m in moments.items()]
    return [*made, asked_before]
