"""What a request asked for, as far as it says what the answer is about; the rest of an address is dropped here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import N_
from tiktok_coach.io.capture.measures import inner
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
    """An insight that a request asks for, of a video or of the account; `days` end `end_days` before the request."""

    insight: str
    video: str | None = None
    days: int | None = None
    end_days: int | None = None


@dataclass(frozen=True)
class Request:
    """A request for insights, in the page's timezone; or for a page of the list from `cursor` on, maybe `filtered`."""

    kind: Kind | None = None
    insights: tuple[InsightRequest, ...] = ()
    timezone: str | None = None
    cursor: int | None = None
    filtered: bool = False
    videos: frozenset[str] = field(default_factory=frozenset)

    def ending(self, insight: str) -> int | None:
        """How many days before the request the days of an insight of the account end."""
        return next((a.end_days for a in self.insights if a.insight == insight), None)

    def address(self, kind: Kind) -> str:
        """The address of an answer without anything but what is read of it."""
        if kind is Kind.LIST:
            return f"https://www.tiktok.com/tiktok{LIST_PATH}/v1/"
        names = {"insigh_type": "insight", "aweme_id": "video", "days": "days", "end_days": "end_days"}
        requests = [{k: v for k, n in names.items() if (v := getattr(a, n)) is not None} for a in self.insights]
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
        fields: dict[str, Any] = {} if self.cursor is None else {"cursor": self.cursor}
        return {**fields, "query": {"conditions": [{}]}} if self.filtered else fields


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
        posted = _form_fields(request, body)
        conditions = inner(posted, "query")
        filtered = bool(conditions.get("conditions")) or conditions.get("is_recent_posts") is True
        return Request(Kind.LIST, cursor=whole(posted.get("cursor")), filtered=filtered)
    if INSIGHT_PATH not in parts.path:
        return Request()
    fields = {**{k: v[0] for k, v in query.items()}, **_form_fields(request, body)}
    insights = _insights(fields.get("type_requests"))
    video = video_id(fields.get("item_id") or fields.get("aweme_id"))
    videos = {a.video for a in insights if a.video} | ({video} if video else set())
    return Request(Kind.INSIGHT, insights, _zone(fields.get("tz_name")), videos=frozenset(videos))


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


def _insights(requests: Any) -> tuple[InsightRequest, ...]:
    if isinstance(requests, str):
        try:
            requests = json.loads(requests)
        except (ValueError, RecursionError):
            return ()
    insights = []
    for one in requests if isinstance(requests, list) else ():
        name = one.get("insigh_type", one.get("insight_type")) if isinstance(one, dict) else None
        if isinstance(name, str) and name.isidentifier() and len(name) < 80:
            video = video_id(one.get("aweme_id") or one.get("item_id"))
            insights.append(InsightRequest(name, video, whole(one.get("days")), whole(one.get("end_days"))))
    return tuple(insights)


def video_id(value: Any) -> str | None:
    """The id of a video, as a text or a whole number; None for anything else, as a fraction has lost digits already."""
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
