"""All that a file of answers holds: the posts of its lists, the insights of videos, those of the account."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tiktok_coach.io.capture.answers import Answer
from tiktok_coach.io.capture.har_reader import IssueKind, ParseIssue, walk
from tiktok_coach.io.capture.insights import OF_ACCOUNT, OF_VIDEO
from tiktok_coach.io.capture.post_list import Item, is_complete_list, item
from tiktok_coach.io.capture.requests import Kind
from tiktok_coach.io.capture.videos import Video, length_of, subject, video

if TYPE_CHECKING:
    from tiktok_coach.io.files.source_files import SourceFile


@dataclass(frozen=True)
class Session:
    """What was captured. `items` and `videos` may hold one post several times, in the order of their answers.

    `private` are ids of posts that not everyone can see, are in review or are deleted, `doubtful` those that may be;
    `issues` counts what was no answer; `whole`, whether the list of posts is, is None where there is no list at all.
    """

    items: tuple[Item, ...]
    videos: tuple[Video, ...]
    of_account: tuple[Answer, ...]
    private: frozenset[str]
    doubtful: frozenset[str]
    whole: bool | None
    timezone: str | None
    insights: dict[str, frozenset[str]]
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
    pages: list[Answer] = []
    items: list[Item] = []
    of_account: list[Answer] = []
    packed: list[tuple[str, Answer, bytes]] = []
    lengths: dict[str, float] = {}
    insights: dict[str, set[str]] = {}
    zones: Counter[str] = Counter()
    issues: Counter[IssueKind] = Counter()
    nameless = without_id = 0
    cut: ParseIssue | None = None
    for entry in walk(file):
        if isinstance(entry, ParseIssue):
            issues[entry.kind] += 1
            cut = entry if entry.kind is IssueKind.CUT else cut
        elif entry.kind is Kind.LIST:
            read = [item(raw, entry.at, now) for raw in entry.body["item_list"]]
            items += [one for one in read if one is not None]
            without_id += sum(one is None for one in read)
            pages.append(replace(entry, body={k: v for k, v in entry.body.items() if k != "item_list"}))
        else:
            zones.update([entry.request.timezone] if entry.request.timezone else [])
            if not OF_ACCOUNT.isdisjoint(entry.body):
                of_account.append(replace(entry, body={k: v for k, v in entry.body.items() if k in OF_ACCOUNT}))
            if OF_VIDEO.isdisjoint(entry.body):
                continue
            post_id = subject(entry)
            if post_id is None:
                nameless += 1
                continue
            insights.setdefault(post_id, set()).update(OF_VIDEO & set(entry.body))
            if (length := length_of(entry)) is not None:
                lengths.setdefault(post_id, length)
            # As few bytes as may be: of thousands, all wait until the lists have told when their posts went out.
            body = zlib.compress(json.dumps(entry.body, separators=(",", ":")).encode(), 1)
            packed.append((post_id, replace(entry, body={}), body))
    videos = tuple(_videos(packed, items, lengths))
    private, doubtful = _private(items, videos)
    return Session(
        items=tuple(items),
        videos=videos,
        of_account=tuple(of_account),
        private=private,
        doubtful=doubtful,
        whole=is_complete_list(pages) if pages else None,
        timezone=zones.most_common(1)[0][0] if zones else None,
        insights={post: frozenset(names) for post, names in insights.items()},
        issues=issues,
        nameless=nameless,
        without_id=without_id,
        cut=cut,
    )


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
