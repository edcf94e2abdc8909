"""All that a file of answers holds, folded together: the posts of its lists, the insights of videos, those of the account."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tiktok_coach.io.capture.answers import OF_ACCOUNT, OF_VIDEO, Answer
from tiktok_coach.io.capture.har_reader import IssueKind, ParseIssue, walk
from tiktok_coach.io.capture.post_list import Item, is_complete_list, item
from tiktok_coach.io.capture.requests import Kind
from tiktok_coach.io.capture.videos import Video, length_of, subject, video

if TYPE_CHECKING:
    from tiktok_coach.io.files.source_files import SourceFile


@dataclass(frozen=True)
class Session:
    """What was captured. `items` and `videos` may speak of one post several times, in the order of their answers.

    `private` are ids of posts that not everyone can see, are in review or are deleted; `issues` counts what was no answer, `cut` is the
    number of whole entries and the byte where a cut file ends. `whole` is None where there is no list of posts at all.
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
        named = [v.columns.get("account") for v in self.videos] + [i.columns.get("account") for i in self.items]
        return list(dict.fromkeys(h for h in named if h))

    @property
    def empty(self) -> bool:
        """Whether no answer holds anything of a post or the account."""
        return not (self.items or self.videos or self.of_account)


def read_session(file: SourceFile, now: dt.datetime) -> Session:
    """Everything in a file; posts that go out after their answer came, or after `now` where it does not say when, are planned."""
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
    for found in walk(file):
        if isinstance(found, ParseIssue):
            issues[found.kind] += 1
            cut = found if found.kind is IssueKind.CUT else cut
        elif found.kind is Kind.LIST:
            read = [item(raw, found.at, now) for raw in found.body["item_list"]]
            items += [one for one in read if one is not None]
            without_id += sum(one is None for one in read)
            pages.append(replace(found, body={k: v for k, v in found.body.items() if k != "item_list"}))
        else:
            zones.update([found.request.timezone] if found.request.timezone else [])
            if not OF_ACCOUNT.isdisjoint(found.body):
                of_account.append(replace(found, body={k: v for k, v in found.body.items() if k in OF_ACCOUNT}))
            if OF_VIDEO.isdisjoint(found.body):
                continue
            post_id = subject(found)
            if post_id is None:
                nameless += 1
                continue
            insights.setdefault(post_id, set()).update(OF_VIDEO & set(found.body))
            if (length := length_of(found)) is not None:
                lengths.setdefault(post_id, length)
            packed.append((post_id, replace(found, body={}), _packed(found.body)))
    videos = tuple(_videos(packed, items, lengths))
    private, doubtful = _private(items, videos)
    return Session(
        tuple(items),
        videos,
        tuple(of_account),
        private,
        doubtful,
        is_complete_list(pages) if pages else None,
        zones.most_common(1)[0][0] if zones else None,
        {post: frozenset(names) for post, names in insights.items()},
        issues,
        nameless,
        without_id,
        cut,
    )


def _packed(body: Any) -> bytes:
    """An answer as few bytes: of thousands, all wait until the lists have told when their posts went out."""
    return zlib.compress(json.dumps(body, separators=(",", ":")).encode(), 1)


def _videos(
    packed: Iterable[tuple[str, Answer, bytes]], items: Iterable[Item], told: dict[str, float]
) -> Iterator[Video]:
    """Every answer on a video, its length from the list where that tells, else from whichever answer does (`told`)."""
    lengths = dict(told)
    posted: dict[str, dt.datetime] = {}
    for one in items:
        if "duration_s" in one.columns:
            lengths[one.post_id] = one.columns["duration_s"]
        if "posted_at" in one.columns and not one.planned:
            posted[one.post_id] = one.columns["posted_at"]
    for post_id, answer, body in packed:
        yield video(
            replace(answer, body=json.loads(zlib.decompress(body))), post_id, lengths.get(post_id), posted.get(post_id)
        )


def _private(items: Iterable[Item], videos: Iterable[Video]) -> tuple[frozenset[str], frozenset[str]]:
    """The posts that not everyone can see, and those of which that is not known though the list marks them unlike most.

    What a number of the list's `visibility` stands for is published nowhere; it is learnt from the insights of posts that carry it.
    """
    told: dict[str, bool] = {}
    for one in videos:
        if one.public is not None:
            told[one.post_id] = one.public
    marks = {i.post_id: i.visibility for i in items if i.visibility is not None}
    seen: dict[str, set[bool]] = {}
    for post_id, mark in marks.items():
        if post_id in told:
            seen.setdefault(mark, set()).add(told[post_id])
    usual = Counter(marks.values()).most_common(1)
    private = {post for post, public in told.items() if not public} | {i.post_id for i in items if i.in_review}
    doubtful = set()
    for post_id, mark in marks.items():
        if post_id in told:
            continue
        if seen.get(mark) == {False}:
            private.add(post_id)
        elif mark not in seen and usual and mark != usual[0][0]:
            doubtful.add(post_id)
    return frozenset(private), frozenset(doubtful - private)
