"""Well-formed captures of TikTok Studio's pages for the fuzzer: a HAR, and answers kept one by one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

LIST = "https://www.tiktok.com/tiktok/creator/manage/item_list/v1/"
INSIGHT = "https://www.tiktok.com/aweme/v2/data/insight/"
SEEN = "2026-04-20T09:30:00.000Z"


def _known(value: Any) -> dict[str, Any]:
    return {"is_after_7d": False, "value": {"status": 0, **(value if isinstance(value, dict) else {"value": value})}}


def answers(posts: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The list of posts, the insights of each, and the account's, as `{url, json, time}`."""
    items = [
        {
            "item_id": p["id"],
            "desc": p["caption"],
            "create_time": p["unix"],
            "post_time": p["unix"],
            "schedule_time": "0",
            "duration": int(p["length"]) * 1000,
            "play_count": p["views"],
            "like_count": p["likes"],
            "comment_count": p["comments"],
            "share_count": p["shares"],
            "favorite_count": p["saves"],
            "visibility": 1,
            "in_review": False,
        }
        for p in posts
    ]
    items[0]["post_time"] = "1893456000"
    found: list[dict[str, Any]] = [
        {"url": LIST, "json": {"status_code": 0, "item_list": items, "has_more": False, "cursor": len(items)}}
    ]
    for p in posts:
        seconds = range(int(p["length"]) + 1)
        body = {
            "status_code": 0,
            "video_info": {
                "aweme_id": p["id"],
                "desc": p["caption"],
                "create_time": int(p["unix"]),
                "video": {"duration": int(p["length"]) * 1000},
                "statistics": {"play_count": int(p["views"])},
                "author": {"unique_id": "baker"},
                "status": {"private_status": 0},
            },
            "video_finish_rate_realtime": _known(0.3),
            "video_per_duration_realtime": _known(4.5),
            "video_retention_rate_realtime": _known(
                {"list": [{"timestamp": str(1000 * n), "value": 0.9**n} for n in seconds]}
            ),
            "video_traffic_source_percent_realtime": _known(
                [{"key": "For You", "value": 0.8}, {"key": "Follow", "value": 0.1}]
            ),
            "item_search_terms": _known([{"key": "rye bread", "value": 0.2}]),
            "video_vv_history_48_hours": [{"status": 0, "value": 3}] * 48,
            "video_viewer_gender_percent_realtime": _known({"female_vv": 0.6, "male_vv": 0.4}),
            "video_viewer_location_percent_realtime": _known(
                {"country_percent_list": [{"country_name": "DK", "country_vv_percent": 0.9}]}
            ),
        }
        found.append({"url": _asked([{"insigh_type": "video_info", "aweme_id": p["id"]}]), "json": body})
    account = {
        "status_code": 0,
        "vv_history": [{"status": 0, "value": n} for n in range(7)],
        "follower_active_history_hours": [{"status": 0, "value": list(range(24))}] * 7,
    }
    found.append(
        {
            "url": _asked(
                [{"insigh_type": name, "days": 7, "end_days": 1} for name in account if name != "status_code"]
            ),
            "json": account,
        }
    )
    return [{**answer, "time": SEEN} for answer in found]


def _asked(requests: Sequence[Mapping[str, Any]]) -> str:
    return f"{INSIGHT}?{urlencode({'tz_name': 'Europe/Copenhagen', 'type_requests': json.dumps(requests)})}"


def har(posts: Sequence[Mapping[str, str]]) -> bytes:
    """The same answers as a browser saves them."""
    entries = [
        {
            "startedDateTime": SEEN,
            "request": {"method": "GET", "url": a["url"], "headers": [{"name": "Cookie", "value": "x"}], "cookies": []},
            "response": {"status": 200, "content": {"text": json.dumps(a["json"]), "mimeType": "application/json"}},
        }
        for a in answers(posts)
    ]
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "x"}, "entries": entries}}).encode()
