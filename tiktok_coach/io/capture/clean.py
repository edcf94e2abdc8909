"""Writes a capture anew with nothing in it but the answers that are read, as a HAR of its own."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any

from tiktok_coach.io.capture.answers import Answer
from tiktok_coach.io.capture.har_reader import walk
from tiktok_coach.io.capture.requests import Kind
from tiktok_coach.io.files.source_files import SourceFile

HEAD = '{"log": {"version": "1.2", "creator": {"name": "tiktok-coach", "version": "1"}, "entries": ['
UNDATED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
EMPTY: dict[str, Any] = {"httpVersion": "HTTP/2", "cookies": [], "headers": [], "headersSize": -1, "bodySize": -1}


def clean_har(files: Iterable[SourceFile]) -> Iterator[str]:
    """The answers of files as pieces of one HAR, one piece an answer, between a head and an end."""
    yield HEAD
    answers = (part for file in files for part in walk(file) if isinstance(part, Answer))
    for number, answer in enumerate(answers):
        yield (",\n" if number else "\n") + json.dumps(_entry(answer), ensure_ascii=False)
    yield "\n]}}\n"


def _entry(answer: Answer) -> dict[str, Any]:
    """An entry that holds what is read of an answer; an unknown time becomes 1970, which is read as not known."""
    request: dict[str, Any] = {
        "method": "POST" if answer.kind is Kind.LIST else "GET",
        "url": answer.request.address(answer.kind),
        "queryString": [],
        **EMPTY,
    }
    posted = answer.request.body()
    if posted is not None:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(posted)}
    text = json.dumps({"status_code": 0, **answer.body}, ensure_ascii=False)
    response = {
        "status": 200,
        "statusText": "OK",
        "content": {"size": len(text.encode()), "mimeType": "application/json", "text": text},
        "redirectURL": "",
        **EMPTY,
    }
    return {
        "startedDateTime": (answer.at or UNDATED).isoformat(),
        "time": 0,
        "request": request,
        "response": response,
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    }
