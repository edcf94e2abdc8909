"""One answer, pruned to the keys that are read: whatever else a body holds (names, pictures, tokens) goes no further than here."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tiktok_coach.ingest.capture.requests import Kind, Request

ITEM = (
    "item_id", "desc", "create_time", "post_time", "schedule_time", "duration", "play_count", "like_count", "comment_count", "share_count",
    "favorite_count", "visibility", "in_review",
)  # fmt: skip
PAGE = ("has_more", "cursor", "is_limited")
STATISTICS = ("play_count", "digg_count", "comment_count", "share_count", "collect_count")
STATUS = ("private_status", "is_delete", "in_reviewing")
# Insights of a video, and of the account as a whole.
OF_VIDEO = frozenset({
    "video_info", "video_per_duration_realtime", "video_total_duration_realtime", "video_finish_rate_realtime", "video_retention_rate_realtime",
    "video_like_distribution_realtime", "video_traffic_source_percent_realtime", "item_search_terms", "realtime_total_video_views",
    "video_view_realtime", "realtime_new_followers", "video_new_followers", "video_new_follower_realtime", "video_uv", "total_video_uv",
    "video_vv_history_48_hours", "video_vv_history_7d", "video_like_history_7d", "video_comment_history_7d", "video_shares_history_7d",
    "video_favorites_history_7d", "video_new_followers_history_7d", "video_viewer_follower_percent_realtime",
    "video_viewer_nonfollower_percent_realtime", "video_viewer_new_viewer_percent", "video_viewer_return_viewer_percent",
    "video_viewer_age_percent_realtime", "video_viewer_gender_percent_realtime", "video_viewer_location_percent_realtime",
})  # fmt: skip
OF_ACCOUNT = frozenset({
    "vv_history", "pv_history", "like_history", "comment_history", "share_history", "follower_num_history", "follower_active_history_hours",
    "viewer_active_history_hours", "follower_num",
})  # fmt: skip
# Keys within the value of an insight, of which numbers are kept, and those that hold words.
NUMBERS = frozenset({"status", "value", "timestamp", "total", "interval", "country_vv_percent", "male_vv", "female_vv", "other_vv"})  # fmt: skip
WORDS = frozenset({"key", "date_key", "country_name"})
NESTED = frozenset({"value", "list", "country_percent_list"})
LONGEST_WORD, LONGEST_CAPTION = 200, 20_000
MOST_POINTS, DEEPEST = 4_000, 6
MOST_ITEMS = 20_000
# Stands for a status that is no number: any but 0 says that a value is not known.
UNREADABLE = -1
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


def pruned(body: Mapping[str, Any], kind: Kind) -> dict[str, Any] | None:
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
    kept = {name: _scalar(item.get(name), LONGEST_CAPTION if name == "desc" else LONGEST_WORD) for name in ITEM}
    statistics, author = item.get("statistics"), item.get("author")
    if isinstance(statistics, dict):
        kept["statistics"] = {name: _scalar(statistics.get(name)) for name in STATISTICS}
    if isinstance(author, dict):
        kept["author"] = {"unique_id": _scalar(author.get("unique_id"))}
    return {name: value for name, value in kept.items() if value is not None}


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
    kept: dict[str, Any] = {name: _scalar(info.get(name), LONGEST_CAPTION if name == "desc" else LONGEST_WORD) for name in ("aweme_id", "desc", "create_time")}  # fmt: skip
    for name, names in (
        ("video", ("duration",)),
        ("statistics", STATISTICS),
        ("author", ("unique_id",)),
        ("status", STATUS),
    ):
        inner = info.get(name)
        if isinstance(inner, dict):
            kept[name] = {n: v for n in names if (v := _scalar(inner.get(n))) is not None}
    return {name: value for name, value in kept.items() if value is not None} or None


def _scalar(value: Any, longest: int = LONGEST_WORD) -> Any:
    """A text, a number or a yes or no; None for anything else."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value[:longest]
    return value if isinstance(value, (bool, int)) else None


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
        return _scalar(part)
    if name == "status" and part is not None and (isinstance(part, bool) or _number(part) is None):
        return UNREADABLE
    return _number(part) if name in NUMBERS else None


def _number(value: Any) -> Any:
    if isinstance(value, str):
        return value if _NUMERIC.fullmatch(value) else None
    return _scalar(value) if not isinstance(value, bool) else None
