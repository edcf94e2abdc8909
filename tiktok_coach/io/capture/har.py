"""Walks a HAR, or answers kept one by one, gives the two kinds of answers that are read, pruned, and writes them anew.

The file is parsed as it streams by, so that one of hundreds of megabytes needs no more memory than its largest entry.
Parse errors quote the text around them, which may hold tokens: none is ever passed on.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import datetime as dt
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from types import SimpleNamespace
from typing import Any, BinaryIO

from tiktok_coach.core.records import dataclass
from tiktok_coach.io.capture.answers import Answer, Kind, Request, kind_of_body, parse_json, prune_body, request_of
from tiktok_coach.io.capture.insights import inner
from tiktok_coach.io.files.source_files import JSON, SourceFile

BUFFER, LONGEST_QUERY = 1 << 18, 1 << 20
# What may stand before JSON: a byte order mark and white space.
BLANK = b"\xef\xbb\xbf \t\r\n"
# How deep records may lie in files of other programs.
DEPTH = 4
# Of how many records one must be an answer, for a file to be taken for one of answers.
GLANCE = 2_000
BODIES = ("json", "body", "response", "responseBody", "data", "text")
MOMENTS = ("startedDateTime", "time", "timestamp", "captured_at", "capturedAt", "date")
# Headers, and names of an address's parameters, that carry what logs its owner in.
SECRET_HEADERS = frozenset(
    {"cookie", "set-cookie", "authorization", "tt-csrf-token", "x-csrf-token", "x-secsdk-csrf-token", "x-tt-token"}
)
TOKENS = ("token", "session", "x-bogus", "x-gnarly", "_signature", "verifyfp", "sid_", "uid_tt", "csrf")
HEAD = '{"log": {"version": "1.2", "creator": {"name": "tiktok-coach", "version": "1"}, "entries": ['
UNDATED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
EMPTY: dict[str, Any] = {"httpVersion": "HTTP/2", "cookies": [], "headers": [], "headersSize": -1, "bodySize": -1}


class IssueKind(Enum):
    """What a walk may meet that is no answer."""

    NO_BODY = "no body"
    NO_JSON = "no json"
    REFUSED = "refused"
    OTHER = "other"
    SECRETS = "secrets"
    CUT = "cut"


@dataclass(frozen=True)
class ParseIssue:
    """Something odd at entry `number` (from 1); of a cut file, `number` entries are whole and `at` is its last byte."""

    kind: IssueKind
    number: int
    at: int = 0


def walk(file: SourceFile) -> Iterator[Answer | ParseIssue]:
    """The answers of a file in their order, and what is odd between them; secrets are told of once."""
    import ijson

    stream: BinaryIO = file.path.open("rb") if file.path is not None else io.BytesIO(file.content)
    # As valid UTF-8 without its mark: one damaged letter is replaced and stops nothing. Its `read` alone, since ijson
    # would take the stream's own `readinto`.
    text = SimpleNamespace(read=codecs.EncodedFile(stream, "utf-8", "utf-8-sig", errors="replace").read)
    har = is_har(file.head)
    prefix = "log.entries.item" if har else "item" if file.head.lstrip(BLANK).startswith(b"[") else ""
    number, secret = 0, False
    with stream:
        try:
            for record in ijson.items(text, prefix, buf_size=BUFFER, use_float=True, multiple_values=not prefix):
                number += 1
                if not secret and _holds_secret(record):
                    secret = True
                    yield ParseIssue(IssueKind.SECRETS, number)
                for part in [record] if har else _records(record, DEPTH):
                    if (answer := _answer(part, number)) is not None:
                        yield answer
        except (ijson.JSONError, ValueError, RecursionError, OverflowError):
            yield ParseIssue(IssueKind.CUT, number, stream.tell())


def is_har(head: bytes) -> bool:
    """Whether a file begins as a HAR does."""
    return b"".join(head.lstrip(BLANK)[:4096].split()).startswith(b'{"log":{')


def _records(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The records in a value of another program's making that may be kept answers."""
    if isinstance(value, dict) and (_url(value) is not None or kind_of_body(value) is not None):
        yield value
    elif isinstance(value, (dict, list)) and depth:
        for part in value.values() if isinstance(value, dict) else value:
            yield from _records(part, depth - 1)


def _url(record: dict[str, Any]) -> str | None:
    request = record.get("request")
    url = request.get("url") if isinstance(request, dict) else record.get("url")
    return url if isinstance(url, str) else None


def _answer(record: Any, number: int) -> Answer | ParseIssue | None:
    """The answer that a record keeps; None for one of another page."""
    if not isinstance(record, dict):
        return None
    sent = record.get("request")
    request = request_of(sent, _url(record), record.get("postData", record.get("request_body")))
    # A browser asks beforehand whether it may ask (OPTIONS), and gets no answer to read.
    if (request is not None and request.kind is None) or (isinstance(sent, dict) and sent.get("method") == "OPTIONS"):
        return None
    if request is None and kind_of_body(record) is not None:
        return _of_body(record, Request(), number, None)
    response = inner(record, "response")
    if "content" in response or "status" in response:
        if isinstance(status := response.get("status"), int) and status >= 400:
            return ParseIssue(IssueKind.REFUSED, number)
        body: Any = _content(inner(response, "content"))
    else:
        body = next((record[name] for name in BODIES if record.get(name) not in (None, "")), None)
    return _of_body(body, request or Request(), number, _moment(record))


def _content(content: Mapping[str, Any]) -> str | None:
    text = content.get("text")
    if not isinstance(text, str) or not text:
        return None
    if content.get("encoding") == "base64":
        try:
            return base64.b64decode(text).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return "not base64"
    return text


def _of_body(body: Any, request: Request, number: int, at: dt.datetime | None) -> Answer | ParseIssue:
    if body is None or body == "":
        return ParseIssue(IssueKind.NO_BODY, number)
    if isinstance(body, str):
        body = parse_json(body.removeprefix("\ufeff"))
    if not isinstance(body, dict):
        return ParseIssue(IssueKind.NO_JSON, number)
    if kind_of_body(body) is None and isinstance(body.get("data"), dict):
        body = body["data"]
    if str(body.get("status_code", body.get("statusCode", 0))) not in {"0", "None"}:
        return ParseIssue(IssueKind.REFUSED, number)
    kind = request.kind or kind_of_body(body)
    values = prune_body(body, kind) if kind is not None else None
    if kind is None or values is None:
        return ParseIssue(IssueKind.OTHER, number)
    return Answer(kind, request, values, number, at)


def _moment(record: dict[str, Any]) -> dt.datetime | None:
    """When an answer came, from whatever the record calls it: ISO, or Unix seconds or milliseconds."""
    for name in MOMENTS:
        value = record.get(name)
        try:
            if isinstance(value, str) and len(value) <= 40 and "-" in value:
                at = dt.datetime.fromisoformat(value)
                at = at.astimezone(dt.UTC) if at.tzinfo else at.replace(tzinfo=dt.UTC)
            elif isinstance(value, (int, float)) and not isinstance(value, bool) and value > 1e9:
                at = dt.datetime.fromtimestamp(value / (1000 if value > 1e11 else 1), dt.UTC)
            else:
                continue
        except (ValueError, OverflowError, OSError):
            continue
        if 2014 <= at.year < 2100:
            return at
    return None


def _holds_secret(record: Any) -> bool:
    """Whether an entry carries what logs its owner in: cookies, headers of authority, tokens in the address."""
    if not isinstance(record, dict):
        return False
    query = (_url(record) or "").partition("?")[2][:LONGEST_QUERY].casefold()
    if any(name in query for name in TOKENS):
        return True
    for part in (record, inner(record, "request"), inner(record, "response")):
        headers = part.get("headers")
        headers = headers if isinstance(headers, (dict, list)) else ()
        names = [header.get("name") if isinstance(header, dict) else header for header in headers]
        if part.get("cookies") or any(str(name).casefold() in SECRET_HEADERS for name in names):
            return True
    return False


def looks_captured(file: SourceFile) -> bool:
    """Whether a file is a HAR, or keeps answers one by one as other programs do."""
    if file.suffix not in JSON:
        return file.suffix == ".har"
    if is_har(file.head):
        return True
    for record in itertools.islice(_records(file.json, DEPTH), GLANCE):
        request = request_of(record.get("request"), _url(record))
        if (request.kind if request is not None else kind_of_body(record)) is not None:
            return True
    return False


def clean_har(files: Iterable[SourceFile]) -> Iterator[str]:
    """The answers of files as pieces of one HAR, one piece an answer, between a head and an end."""
    yield HEAD
    answers = (part for file in files for part in walk(file) if isinstance(part, Answer))
    for number, answer in enumerate(answers):
        yield (",\n" if number else "\n") + json.dumps(_entry(answer), ensure_ascii=False)
    yield "\n]}}\n"


def _entry(answer: Answer) -> dict[str, Any]:
    """An entry that holds what is read of an answer; an unknown time becomes 1970, which is read as not known."""
    method, url = "POST" if answer.kind is Kind.LIST else "GET", answer.request.address(answer.kind)
    request: dict[str, Any] = {"method": method, "url": url, "queryString": [], **EMPTY}
    if (posted := answer.request.body()) is not None:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(posted)}
    text = json.dumps({"status_code": 0, **answer.body}, ensure_ascii=False)
    content = {"size": len(text.encode()), "mimeType": "application/json", "text": text}
    response = {"status": 200, "statusText": "OK", "content": content, "redirectURL": "", **EMPTY}
    at, timings = (answer.at or UNDATED).isoformat(), {"send": 0, "wait": 0, "receive": 0}
    return {"startedDateTime": at, "time": 0, "request": request, "response": response, "cache": {}, "timings": timings}
