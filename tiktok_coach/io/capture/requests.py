"""What a request asked for, as far as it says what the answer is about; tokens and the rest of an address are dropped here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import N_
from tiktok_coach.io.dates.parse import parse_timezone

LIST_PATH = "/creator/manage/item_list"
INSIGHT_PATH = "/data/insight"
# Names of an address's parameters that carry what logs its owner in.
TOKENS = ("token", "session", "x-bogus", "x-gnarly", "_signature", "verifyfp", "sid_", "uid_tt", "csrf")
LONGEST = 1 << 20


class Kind(Enum):
    """The two kinds of answers that are read."""

    LIST = N_("list of posts")
    INSIGHT = "insights"


@dataclass(frozen=True)
class InsightRequest:
    """One of the insights that a request asks for, of a video or of the account; `days` end `end_days` before the request."""

    insight: str
    video: str | None = None
    days: int | None = None
    end_days: int | None = None


@dataclass(frozen=True)
class Request:
    """What was asked: insights, in the timezone of the page; or a page of the list, from `cursor` on, of all posts unless `filtered`."""

    kind: Kind | None = None
    asked: tuple[InsightRequest, ...] = ()
    timezone: str | None = None
    cursor: int | None = None
    filtered: bool = False
    videos: frozenset[str] = field(default_factory=frozenset)

    def ending(self, insight: str) -> int | None:
        """How many days before the request the days of an insight of the account end."""
        return next((a.end_days for a in self.asked if a.insight == insight), None)

    def address(self, kind: Kind) -> str:
        """The address of an answer without anything but what is read of it."""
        if kind is Kind.LIST:
            return f"https://www.tiktok.com/tiktok{LIST_PATH}/v1/"
        named = {"insigh_type": "insight", "aweme_id": "video", "days": "days", "end_days": "end_days"}
        requests = [{k: v for k, n in named.items() if (v := getattr(a, n)) is not None} for a in self.asked]
        query: dict[str, str] = {"tz_name": self.timezone} if self.timezone else {}
        if requests:
            query["type_requests"] = json.dumps(requests, separators=(",", ":"))
        if not requests and len(self.videos) == 1:
            query["item_id"] = next(iter(self.videos))
        return f"https://www.tiktok.com/aweme/v2{INSIGHT_PATH}/" + (f"?{urlencode(query)}" if query else "")

    def body(self) -> dict[str, Any] | None:
        """The body of the request without anything but what is read of it."""
        if self.kind is not Kind.LIST or (self.cursor is None and not self.filtered):
            return None
        asked: dict[str, Any] = {} if self.cursor is None else {"cursor": self.cursor}
        return {**asked, "query": {"conditions": [{}]}} if self.filtered else asked


def request_of(request: Any, url: str | None, body: Any = None) -> Request | None:
    """What a request asks for; None where there is no address, and one of no kind for another page's."""
    if url is None:
        return None
    try:
        parts = urlsplit(url[:LONGEST])
        query = parse_qs(parts.query)
    except ValueError:
        return Request()
    if LIST_PATH in parts.path:
        return _list_request(_posted(request, body))
    if INSIGHT_PATH not in parts.path:
        return Request()
    posted = _posted(request, body)
    named = {**{k: v[0] for k, v in query.items()}, **posted}
    asked = _asked(named.get("type_requests"))
    one = video_id(named.get("item_id") or named.get("aweme_id"))
    videos = {a.video for a in asked if a.video} | ({one} if one else set())
    return Request(Kind.INSIGHT, asked, _zone(named.get("tz_name")), videos=frozenset(videos))


def _zone(name: Any) -> str | None:
    try:
        return parse_timezone(name).key if isinstance(name, str) and name else None
    except CoachError:
        return None


def _list_request(posted: dict[str, Any]) -> Request:
    cursor, query = whole(posted.get("cursor")), posted.get("query")
    query = query if isinstance(query, dict) else {}
    filtered = bool(query.get("conditions")) or query.get("is_recent_posts") is True
    return Request(Kind.LIST, cursor=cursor, filtered=filtered)


def _posted(request: Any, body: Any) -> dict[str, Any]:
    """The fields of what was posted, as JSON or as a form."""
    data = request.get("postData") if isinstance(request, dict) else body
    text = data.get("text") if isinstance(data, dict) and isinstance(data.get("text"), str) else data
    if isinstance(text, dict):
        return text
    if not isinstance(text, str) or len(text) > LONGEST:
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        try:
            return {k: v[0] for k, v in parse_qs(text).items()}
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def _asked(requests: Any) -> tuple[InsightRequest, ...]:
    if isinstance(requests, str):
        try:
            requests = json.loads(requests)
        except (ValueError, RecursionError):
            return ()
    found = []
    for one in requests if isinstance(requests, list) else ():
        name = one.get("insigh_type", one.get("insight_type")) if isinstance(one, dict) else None
        if isinstance(name, str) and name.isidentifier() and len(name) < 80:
            video = video_id(one.get("aweme_id") or one.get("item_id"))
            found.append(InsightRequest(name, video, whole(one.get("days")), whole(one.get("end_days"))))
    return tuple(found)


def video_id(value: Any) -> str | None:
    """The id of a video, as a text or a number; None for anything else. A number with a fraction has lost digits already."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return text if text.isascii() and text.isdigit() and 15 <= len(text) <= 20 else None


def whole(value: Any) -> int | None:
    """A whole number that is not negative, also written as a text; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 16:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**16 else None


def holds_token(url: str) -> bool:
    """Whether an address carries a token."""
    query = url.partition("?")[2][:LONGEST].casefold()
    return any(name in query for name in TOKENS)
