"""One answer, pruned to the keys that are read: whatever else it holds (names, pictures, tokens) goes no further.

Of its request likewise only what says what the answer is about.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import Enum
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.timezones import parse_timezone
from tiktok_coach.core.translation import N_
from tiktok_coach.io.capture.insights import INFO, ITEM_COUNTS, OF_ACCOUNT, OF_VIDEO, STATISTICS, inner, without_missing
from tiktok_coach.io.files.decoding import text_of

ITEM = ("item_id", "create_time", "post_time", "schedule_time", "duration", *ITEM_COUNTS.values(), "visibility")
PAGE = ("has_more", "cursor", "is_limited")
PARTS_OF_ITEM = {"statistics": tuple(STATISTICS.values()), "author": ("unique_id",)}
PARTS_OF_INFO = {"video": ("duration",), **PARTS_OF_ITEM, "status": ("private_status", "is_delete", "in_reviewing")}
# Keys within the value of an insight, of which numbers are kept, and those that hold words.
NUMBERS = frozenset(
    {"status", "value", "timestamp", "total", "interval", "country_vv_percent", "male_vv", "female_vv", "other_vv"}
)
WORDS = {"key": r"(?s).+", "date_key": r"[\d-]{8,10}", "country_name": r"[A-Za-z]{2}"}
NESTED = frozenset({"value", "list", "country_percent_list"})
LONGEST_WORD, LONGEST_CAPTION = 200, 20_000
MOST_POINTS, DEEPEST = 4_000, 6
MOST_ITEMS = 20_000
# Stands for a status that is no number: any but 0 says that a value is not known.
UNREADABLE = -1
_HANDLE = re.compile(r"[\w.]{1,40}")
_NUMERIC = re.compile(r"-?\d{1,20}(\.\d{1,20})?([eE]-?\d{1,3})?")
LIST_PATH = "/creator/manage/item_list"
INSIGHT_PATH = "/data/insight"
LONGEST_ADDRESS = 1 << 20


class Kind(Enum):
    """The two kinds of answers that are read."""

    LIST = N_("list of posts")
    INSIGHT = "insights"


@dataclass(frozen=True)
class Request:
    """A request for insights, in the page's timezone; or for a page of the list from `cursor` on, maybe `filtered`.

    `insights` are those that it asks for as it names them, of a video (`aweme_id`) or of the account; `days` end
    `end_days` before the request.
    """

    kind: Kind | None = None
    insights: tuple[dict[str, Any], ...] = ()
    timezone: str | None = None
    cursor: int | None = None
    filtered: bool = False
    videos: frozenset[str] = field(default_factory=frozenset)

    def ending(self, insight: str) -> int | None:
        """How many days before the request the days of an insight of the account end."""
        return next((one.get("end_days") for one in self.insights if one["insigh_type"] == insight), None)

    def address(self, kind: Kind) -> str:
        """The address of an answer without anything but what is read of it."""
        if kind is Kind.LIST:
            return f"https://www.tiktok.com/tiktok{LIST_PATH}/v1/"
        query: dict[str, str] = {"tz_name": self.timezone} if self.timezone else {}
        if self.insights:
            query["type_requests"] = json.dumps(self.insights, separators=(",", ":"))
        elif len(self.videos) == 1:
            query["item_id"] = next(iter(self.videos))
        return f"https://www.tiktok.com/aweme/v2{INSIGHT_PATH}/" + (f"?{urlencode(query)}" if query else "")

    def body(self) -> dict[str, Any] | None:
        """The body of the request without anything but what is read of it."""
        if self.kind is not Kind.LIST or (self.cursor is None and not self.filtered):
            return None
        fields: dict[str, Any] = {} if self.cursor is None else {"cursor": self.cursor}
        return {**fields, "query": {"conditions": [{}]}} if self.filtered else fields


def request_of(request: Any, url: str | None, body: Any = None) -> Request | None:
    """What a request asks for; None where there is no address, and one of no kind for another page's."""
    if url is None:
        return None
    try:
        parts = urlsplit(url[:LONGEST_ADDRESS])
        query = parse_qs(parts.query)
    except ValueError:
        return Request()
    if LIST_PATH in parts.path:
        posted = _form_fields(request, body)
        conditions = inner(posted, "query")
        filtered = bool(conditions.get("conditions")) or conditions.get("is_recent_posts") is True
        return Request(Kind.LIST, cursor=whole(posted.get("cursor")), filtered=filtered)
    if INSIGHT_PATH not in parts.path:
        return Request()
    fields = {**{k: v[0] for k, v in query.items()}, **_form_fields(request, body)}
    insights = _insights(fields.get("type_requests"))
    video = video_id(fields.get("item_id") or fields.get("aweme_id"))
    videos = frozenset(v for v in (video, *(one.get("aweme_id") for one in insights)) if v)
    return Request(Kind.INSIGHT, insights, _zone(fields.get("tz_name")), videos=videos)


def _zone(name: Any) -> str | None:
    try:
        return parse_timezone(name).key if isinstance(name, str) and name else None
    except CoachError:
        return None


def _form_fields(request: Any, body: Any) -> dict[str, Any]:
    """The fields of what was posted, as JSON or as a form."""
    data = request.get("postData") if isinstance(request, dict) else body
    text = data.get("text") if isinstance(data, dict) and isinstance(data.get("text"), str) else data
    if isinstance(text, dict):
        return text
    if not isinstance(text, str) or len(text) > LONGEST_ADDRESS:
        return {}
    value = parse_json(text)
    try:
        value = {k: v[0] for k, v in parse_qs(text).items()} if value is None else value
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _insights(requests: Any) -> tuple[dict[str, Any], ...]:
    requests = parse_json(requests) if isinstance(requests, str) else requests
    insights = []
    for one in requests if isinstance(requests, list) else ():
        name = one.get("insigh_type", one.get("insight_type")) if isinstance(one, dict) else None
        if isinstance(name, str) and name.isidentifier() and len(name) < 80:
            days = {key: whole(one.get(key)) for key in ("days", "end_days")}
            video = video_id(one.get("aweme_id") or one.get("item_id"))
            insights.append(without_missing({"insigh_type": name, "aweme_id": video, **days}))
    return tuple(insights)


def parse_json(text: str) -> Any:
    """The value of a JSON text; None where it is none."""
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def video_id(value: Any) -> str | None:
    """The id of a video, as a text or a whole number; None for anything else, as a fraction has lost digits already."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return text if text.isascii() and text.isdigit() and 15 <= len(text) <= 20 else None


def whole(value: Any) -> int | None:
    """A whole number that is not negative, also written as a text; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 16:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**16 else None


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
    return without_missing({**insights, INFO: _info(body.get(INFO))}) or None


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: _number(item.get(name)) for name in ITEM}
    values |= {"desc": _caption(item.get("desc")), "in_review": item.get("in_review") is True or None}
    return without_missing({**values, **_parts(item, PARTS_OF_ITEM)})


def _parts(whole: Mapping[str, Any], parts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The objects within one: numbers, yes or no, and a handle by their names."""
    return {
        part: without_missing({name: _scalar(name, inner(whole, part).get(name)) for name in names})
        for part, names in parts.items()
        if isinstance(whole.get(part), dict)
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
    return without_missing({**values, "desc": _caption(info.get("desc")), **_parts(info, PARTS_OF_INFO)}) or None


def _value(value: Any, depth: int) -> Any:
    """The value of an insight: numbers, lists of them with their keys, in whatever wrappers."""
    if not isinstance(value, (dict, list)):
        return _number(value)
    if not depth:
        return None
    if isinstance(value, list):
        return [_value(part, depth - 1) for part in value[:MOST_POINTS]] or None
    return without_missing({n: _part(n, part, depth) for n, part in value.items() if isinstance(n, str)}) or None


def _part(name: str, part: Any, depth: int) -> Any:
    if isinstance(part, (dict, list)):
        return _value(part, depth - 1) if name in NESTED else None
    if name in WORDS:
        word = part[:LONGEST_WORD] if isinstance(part, str) else ""
        return text_of(word) if re.fullmatch(WORDS[name], word) else None
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
