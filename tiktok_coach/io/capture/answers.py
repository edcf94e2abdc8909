"""One answer, pruned to the keys that are read: whatever else it holds (names, pictures, tokens) goes no further."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tiktok_coach.io.capture.insights import INFO, ITEM_COUNTS, OF_ACCOUNT, OF_VIDEO, STATISTICS
from tiktok_coach.io.capture.requests import Kind, Request
from tiktok_coach.io.files.json_structures import text_of

ITEM = (
    *("item_id", "desc", "create_time", "post_time", "schedule_time", "duration"),
    *ITEM_COUNTS.values(),
    *("visibility", "in_review"),
)
PAGE = ("has_more", "cursor", "is_limited")
PARTS_OF_ITEM = {"statistics": tuple(STATISTICS.values()), "author": ("unique_id",)}
PARTS_OF_INFO = {"video": ("duration",), **PARTS_OF_ITEM, "status": ("private_status", "is_delete", "in_reviewing")}
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
    insights = {name: _value(body[name], DEEPEST) for name in sorted((OF_VIDEO | OF_ACCOUNT) & set(body) - {INFO})}
    return _without_missing({**insights, INFO: _info(body.get(INFO))}) or None


def _without_missing(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: _number(item.get(name)) for name in ITEM}
    values |= {"desc": _caption(item.get("desc")), "in_review": item.get("in_review") is True or None}
    return _without_missing({**values, **_parts(item, PARTS_OF_ITEM)})


def _parts(whole: Mapping[str, Any], parts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The objects within one: numbers, yes or no, and a handle by their names."""
    return {
        part: _without_missing({name: _scalar(name, inner.get(name)) for name in names})
        for part, names in parts.items()
        if isinstance(inner := whole.get(part), dict)
    }


def _scalar(name: str, value: Any) -> Any:
    if name == "unique_id":
        return value if isinstance(value, str) and _HANDLE.fullmatch(value) else None
    return value if isinstance(value, bool) else _number(value)


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
    values = {name: _number(info.get(name)) for name in ("aweme_id", "create_time")}
    return _without_missing({**values, "desc": _caption(info.get("desc")), **_parts(info, PARTS_OF_INFO)}) or None


def _value(value: Any, depth: int) -> Any:
    """The value of an insight: numbers, lists of them with their keys, in whatever wrappers."""
    if not isinstance(value, (dict, list)):
        return _number(value)
    if not depth:
        return None
    if isinstance(value, list):
        return [_value(part, depth - 1) for part in value[:MOST_POINTS]] or None
    return _without_missing({n: _part(n, part, depth) for n, part in value.items() if isinstance(n, str)}) or None


def _part(name: str, part: Any, depth: int) -> Any:
    if isinstance(part, (dict, list)):
        return _value(part, depth - 1) if name in NESTED else None
    if name in WORDS:
        word = part[:LONGEST_WORD] if isinstance(part, str) else ""
        return text_of(word) if WORDS[name].fullmatch(word) else None
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
