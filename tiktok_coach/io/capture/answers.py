"""One answer, pruned to the keys that are read: whatever else a body holds (names, pictures, tokens) goes no further than here."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tiktok_coach.io.capture.requests import Kind, Request
from tiktok_coach.io.files.json_structures import text_of

ITEM = (
    "item_id",
    "desc",
    "create_time",
    "post_time",
    "schedule_time",
    "duration",
    "play_count",
    "like_count",
    "comment_count",
    "share_count",
    "favorite_count",
    "visibility",
    "in_review",
)
PAGE = ("has_more", "cursor", "is_limited")
STATISTICS = ("play_count", "digg_count", "comment_count", "share_count", "collect_count")
STATUS = ("private_status", "is_delete", "in_reviewing")
# Insights of a video, and of the account as a whole.
OF_VIDEO = frozenset(
    {
        "video_info",
        "video_per_duration_realtime",
        "video_total_duration_realtime",
        "video_finish_rate_realtime",
        "video_retention_rate_realtime",
        "video_like_distribution_realtime",
        "video_traffic_source_percent_realtime",
        "item_search_terms",
        "realtime_total_video_views",
        "video_view_realtime",
        "realtime_new_followers",
        "video_new_followers",
        "video_new_follower_realtime",
        "video_uv",
        "total_video_uv",
        "video_vv_history_48_hours",
        "video_vv_history_7d",
        "video_like_history_7d",
        "video_comment_history_7d",
        "video_shares_history_7d",
        "video_favorites_history_7d",
        "video_new_followers_history_7d",
        "video_viewer_follower_percent_realtime",
        "video_viewer_nonfollower_percent_realtime",
        "video_viewer_new_viewer_percent",
        "video_viewer_return_viewer_percent",
        "video_viewer_age_percent_realtime",
        "video_viewer_gender_percent_realtime",
        "video_viewer_location_percent_realtime",
    }
)
OF_ACCOUNT = frozenset(
    {
        "vv_history",
        "pv_history",
        "like_history",
        "comment_history",
        "share_history",
        "follower_num_history",
        "follower_active_history_hours",
        "viewer_active_history_hours",
        "follower_num",
    }
)
# Keys within the value of an insight, of which numbers are kept, and those that hold words.
NUMBERS = frozenset(
    {"status", "value", "timestamp", "total", "interval", "country_vv_percent", "male_vv", "female_vv", "other_vv"}
)
WORDS = {
    "key": re.compile(r"(?s).+"),
    "date_key": re.compile(r"[\d-]{8,10}"),
    "country_name": re.compile(r"[A-Za-z]{2}"),
}
NESTED = frozenset({"value", "list", "country_percent_list"})
LONGEST_WORD, LONGEST_CAPTION = 200, 20_000
MOST_POINTS, DEEPEST = 4_000, 6
MOST_ITEMS = 20_000
# Stands for a status that is no number: any but 0 says that a value is not known.
UNREADABLE = -1
_HANDLE = re.compile(r"[\w.]{1,40}")
_NUMERIC = re.compile(r"-?\d{1,20}(\.\d{1,20})?([eE]-?\d{1,3})?")


@dataclass(frozen=True)
class Answer:
    """An answer at entry `number` (from 1) that came `at` a moment (None where the file does not say)."""

    kind: Kind
    request: Request
    body: Mapping[str, Any]
    number: int
    at: dt.datetime | None


def kind_of_body(body: Mapping[str, Any]) -> Kind | None:
    """Which kind of answer a body is by itself."""
    items = body.get("item_list")
    if isinstance(items, list) and ("has_more" in body or "cursor" in body or "status_code" in body):
        return Kind.LIST
    return Kind.INSIGHT if not (OF_VIDEO | OF_ACCOUNT).isdisjoint(body) else None


def prune_body(body: Mapping[str, Any], kind: Kind) -> dict[str, Any] | None:
    """What of a body is read; None where that is nothing."""
    if kind is Kind.LIST:
        items = body.get("item_list")
        if items is None and body.get("has_more") is False:
            items = []
        if not isinstance(items, list):
            return None
        page = {name: body[name] for name in PAGE if isinstance(body.get(name), (bool, int))}
        return {**page, "item_list": [_item(i) for i in items[:MOST_ITEMS] if isinstance(i, dict)]}
    kept = {
        name: _value(body[name], DEEPEST)
        for name in sorted((OF_VIDEO | OF_ACCOUNT) & set(body))
        if name != "video_info"
    }
    if "video_info" in body:
        kept["video_info"] = _info(body["video_info"])
    return {name: value for name, value in kept.items() if value is not None} or None


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {name: _number(item.get(name)) for name in ITEM}
    kept |= {"desc": _caption(item.get("desc")), "in_review": item.get("in_review") is True or None}
    for name, names in (("statistics", STATISTICS), ("author", ("unique_id",))):
        inner = item.get(name)
        if isinstance(inner, dict):
            kept[name] = _named(inner, names)
    return {name: value for name, value in kept.items() if value is not None}


def _named(part: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Numbers, yes or no, and a handle by these names."""
    kept: dict[str, Any] = {}
    for name in names:
        value = part.get(name)
        if name == "unique_id":
            kept[name] = value if isinstance(value, str) and _HANDLE.fullmatch(value) else None
        else:
            kept[name] = value if isinstance(value, bool) else _number(value)
    return {name: value for name, value in kept.items() if value is not None}


def _caption(value: Any) -> str | None:
    return text_of(value[:LONGEST_CAPTION]) if isinstance(value, str) else None


def _info(info: Any) -> dict[str, Any] | None:
    """What is read of video_info, which stands bare or in wrappers."""
    for _ in range(DEEPEST):
        if not isinstance(info, dict):
            return None
        if "aweme_id" in info or not isinstance(info.get("value"), dict):
            break
        if str(info.get("status") or 0) != "0":
            return None
        info = info["value"]
    kept: dict[str, Any] = {name: _number(info.get(name)) for name in ("aweme_id", "create_time")}
    kept["desc"] = _caption(info.get("desc"))
    for name, names in (
        ("video", ("duration",)),
        ("statistics", STATISTICS),
        ("author", ("unique_id",)),
        ("status", STATUS),
    ):
        inner = info.get(name)
        if isinstance(inner, dict):
            kept[name] = _named(inner, names)
    return {name: value for name, value in kept.items() if value is not None} or None


def _value(value: Any, depth: int) -> Any:
    """The value of an insight: numbers, lists of them with their keys, in whatever wrappers."""
    if isinstance(value, dict):
        if not depth:
            return None
        kept = {name: _part(name, part, depth) for name, part in value.items() if isinstance(name, str)}
        return {name: part for name, part in kept.items() if part is not None} or None
    if isinstance(value, list):
        parts = [_value(part, depth - 1) for part in value[:MOST_POINTS]] if depth else []
        return parts or None
    return _number(value)


def _part(name: str, part: Any, depth: int) -> Any:
    if isinstance(part, (dict, list)):
        return _value(part, depth - 1) if name in NESTED else None
    if name in WORDS:
        return (
            text_of(part[:LONGEST_WORD])
            if isinstance(part, str) and WORDS[name].fullmatch(part[:LONGEST_WORD])
            else None
        )
    if name == "status" and part is not None and (isinstance(part, bool) or _number(part) is None):
        return UNREADABLE
    return _number(part) if name in NUMBERS else None


def _number(value: Any) -> Any:
    """A number, or a text that is one; None for anything else, and for what is no number in the end."""
    if isinstance(value, str):
        return value if _NUMERIC.fullmatch(value) else None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
