"""All that a file of answers holds: the posts of its lists, the insights of videos, those of the account."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from tiktok_coach.io.capture.answers import Answer, Kind
from tiktok_coach.io.capture.har import IssueKind, ParseIssue, walk
from tiktok_coach.io.capture.insights import ACTIVE, DAILY, OF_ACCOUNT, OF_VIDEO, bare, count, listed
from tiktok_coach.io.capture.posts import Item, Video, is_complete_list, item, length_of, subject, video
from tiktok_coach.io.files.source_files import SourceFile

# Before every answer that says when it came.
EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass
class Session:
    """What was captured. `items` and `videos` may hold one post several times, in the order of their answers.

    `private` are ids of posts that not everyone can see, are in review or are deleted, `doubtful` those that may be;
    `issues` counts what was no answer; `whole`, whether the list of posts is, is None where there is no list at all.
    """

    items: list[Item] = field(default_factory=list)
    videos: list[Video] = field(default_factory=list)
    of_account: list[Answer] = field(default_factory=list)
    private: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    whole: bool | None = None
    timezone: str | None = None
    insights: dict[str, set[str]] = field(default_factory=dict)
    issues: Counter[IssueKind] = field(default_factory=Counter)
    nameless: int = 0
    without_id: int = 0
    cut: ParseIssue | None = None

    @property
    def handles(self) -> list[str]:
        """The handles that the answers name, each once."""
        columns = [*(v.columns for v in self.videos), *(i.columns for i in self.items)]
        return list(dict.fromkeys(c["account"] for c in columns if c.get("account")))

    @property
    def empty(self) -> bool:
        """Whether no answer holds anything of a post or the account."""
        return not (self.items or self.videos or self.of_account)


def read_session(file: SourceFile, now: dt.datetime) -> Session:
    """Everything in a file; posts that go out after their answer came, or else after `now`, are planned."""
    session = Session()
    pages: list[Answer] = []
    packed: list[tuple[str, Answer, bytes]] = []
    lengths: dict[str, float] = {}
    zones: Counter[str] = Counter()
    for entry in walk(file):
        if isinstance(entry, ParseIssue):
            session.issues[entry.kind] += 1
            session.cut = entry if entry.kind is IssueKind.CUT else session.cut
        elif entry.kind is Kind.LIST:
            read = [item(raw, entry.at, now) for raw in entry.body["item_list"]]
            session.items += [one for one in read if one is not None]
            session.without_id += sum(one is None for one in read)
            pages.append(replace(entry, body={k: v for k, v in entry.body.items() if k != "item_list"}))
        else:
            zones.update([entry.request.timezone] if entry.request.timezone else [])
            if not OF_ACCOUNT.isdisjoint(entry.body):
                session.of_account.append(replace(entry, body={k: v for k, v in entry.body.items() if k in OF_ACCOUNT}))
            if OF_VIDEO.isdisjoint(entry.body):
                continue
            post_id = subject(entry)
            if post_id is None:
                session.nameless += 1
                continue
            session.insights.setdefault(post_id, set()).update(OF_VIDEO & set(entry.body))
            if (length := length_of(entry)) is not None:
                lengths.setdefault(post_id, length)
            # As few bytes as may be: of thousands, all wait until the lists have told when their posts went out.
            body = zlib.compress(json.dumps(entry.body, separators=(",", ":")).encode(), 1)
            packed.append((post_id, replace(entry, body={}), body))
    session.videos += _videos(packed, session.items, lengths)
    session.private, session.doubtful = _private(session.items, session.videos)
    session.whole = is_complete_list(pages) if pages else None
    session.timezone = zones.most_common(1)[0][0] if zones else None
    return session


def _videos(
    packed: Iterable[tuple[str, Answer, bytes]], items: Sequence[Item], lengths: dict[str, float]
) -> Iterator[Video]:
    """Every answer on a video, its length from the list where that has it, else from whichever answer does."""
    lengths = lengths | {i.post_id: i.columns["duration_s"] for i in items if "duration_s" in i.columns}
    posted = {i.post_id: i.columns["posted_at"] for i in items if "posted_at" in i.columns and not i.planned}
    for post_id, answer, body in packed:
        unpacked = replace(answer, body=json.loads(zlib.decompress(body)))
        yield video(unpacked, post_id, lengths.get(post_id), posted.get(post_id))


def _private(items: Iterable[Item], videos: Iterable[Video]) -> tuple[frozenset[str], frozenset[str]]:
    """The posts that not everyone can see, and those that may be private since the list marks them unlike most.

    What a number of the list's `visibility` stands for is published nowhere: insights of posts that carry it tell.
    """
    is_public = {one.post_id: one.public for one in videos if one.public is not None}
    marks = {i.post_id: i.visibility for i in items if i.visibility is not None}
    usual = Counter(marks.values()).most_common(1)
    private = {post for post, public in is_public.items() if not public} | {i.post_id for i in items if i.in_review}
    by_mark: dict[str, set[bool]] = {}
    for post_id, mark in marks.items():
        if post_id in is_public:
            by_mark.setdefault(mark, set()).add(is_public[post_id])
    unknown = {post_id: mark for post_id, mark in marks.items() if post_id not in is_public}
    private |= {post_id for post_id, mark in unknown.items() if by_mark.get(mark) == {False}}
    doubtful = {post_id for post_id, mark in unknown.items() if mark not in by_mark and mark != usual[0][0]}
    return frozenset(private), frozenset(doubtful - private)


def tables(answers: Iterable[Answer], timezone: str | None) -> dict[str, pd.DataFrame]:
    """The tables of an Audience in answers on the account; later ones win. Hours are in `timezone`, or the page's."""
    rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
    for answer in sorted(answers, key=lambda a: (a.at or EARLIEST, a.number)):
        for name, columns in DAILY.items():
            for fact, key in columns.items():
                for day, entry in _days(answer, key):
                    if (value := count(entry)) is not None:
                        rows.setdefault(name, {}).setdefault((day,), {"date": day})[fact] = value
        for day, entry in _days(answer, ACTIVE):
            values = bare(entry)
            for hour, value in enumerate(values[:24] if isinstance(values, list) else ()):
                active = count(value)
                when = _local(day, hour, answer.request.timezone, timezone)
                rows.setdefault("activity", {})[when] = {"date": when[0], "hour": when[1], "active_followers": active}
    result = {}
    for name, by_time in sorted(rows.items()):
        table = pd.DataFrame([by_time[key] for key in sorted(by_time)])
        table["date"] = pd.to_datetime(table["date"], utc=True).astype("datetime64[us, UTC]")
        counts = [c for c in table.columns if c != "date"]
        table[counts] = table[counts].astype("Int64")
        result[name] = table.assign(change=table["followers"].diff()) if name == "followers" else table
    return result


def _days(answer: Answer, key: str) -> Iterator[tuple[dt.date, Any]]:
    """The entries of a history with their days, which its entries name or its request tells."""
    entries = listed(answer.body.get(key))
    back = answer.request.ending(key)
    last = None
    if answer.at is not None and back is not None:
        zone = ZoneInfo(answer.request.timezone or "UTC")
        last = answer.at.astimezone(zone).date() - dt.timedelta(days=back)
    for before, entry in zip(range(len(entries) - 1, -1, -1), entries, strict=True):
        day = _day_of(entry) or (last - dt.timedelta(days=before) if last is not None else None)
        if day is not None:
            yield day, entry


def _day_of(entry: Any) -> dt.date | None:
    text = str(entry.get("date_key") or "") if isinstance(entry, dict) else ""
    try:
        return dt.date.fromisoformat(text.replace("-", "")[:8])
    except ValueError:
        return None


def _local(day: dt.date, hour: int, source: str | None, target: str | None) -> tuple[dt.date, int]:
    """A day and hour of the page's timezone in another."""
    if source is None or target is None or source == target:
        return day, hour
    at = dt.datetime.combine(day, dt.time(hour), ZoneInfo(source)).astimezone(ZoneInfo(target))
    return at.date(), at.hour
