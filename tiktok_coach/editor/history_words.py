"""What the published posts of an account offer to those that are planned: its hashtags, sounds and good hours."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from tiktok_coach.analysis.good_hours import GoodHours, good_hours
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.account import Account, Trends
from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.core.records import dataclass
from tiktok_coach.editor.project import Project
from tiktok_coach.rules.checks.active_hours import hour_of

# Of hashtags and sounds so many are offered.
MOST = 200
# Fewer posts with views show nothing of how posts with a hashtag do.
FEWEST = 3
# So long an editor waits for what is not worked out yet.
PATIENCE_S = 0.03


@dataclass(frozen=True)
class Use:
    """A hashtag or a sound: on how many posts it is, and their median views, None where too few have any."""

    name: str
    posts: int
    views: float | None
    artist: str = ""


@dataclass(frozen=True)
class HistoryWords:
    """What one account's posts have, the most used first; `usual` is their median views, `hour_posts` counts hours."""

    account: Account
    handles: tuple[str, ...]
    posts: int
    usual: float | None
    hashtags: tuple[Use, ...]
    sounds: tuple[Use, ...]
    hours: GoodHours
    hour_posts: tuple[int, ...]


@dataclass(frozen=True)
class Trend:
    """An entry of a list of trends of a day, of one region or of all."""

    kind: str
    name: str
    region: str | None
    as_of: dt.date


def words_of(analysis: Analysis, handle: str | None) -> HistoryWords:
    """What the posts of an account have; those of the account with most posts where a handle is none of them."""
    handles = [account.handle for account in analysis.export.accounts]
    analysis = analysis.for_account(handle if handle in handles else analysis.account.handle)
    subjects = analysis.posts.subjects
    views = np.asarray(subjects.column_or_null("views"), dtype="float64")
    tags = subjects.hashtags()
    local = subjects.local_times()
    timed = np.zeros(0, dtype=np.int64) if local is None else known_mask(local).nonzero()[0]
    hours = np.zeros(0, dtype=np.int64) if local is None else hour_of(local[timed])
    return HistoryWords(
        analysis.account,
        tuple(filter(None, handles)),
        len(subjects),
        _median(views),
        tuple(_uses([tags.words[code] for code in range(len(tags.words))], tags.code, views[tags.row])),
        _sounds(subjects, views),
        good_hours(analysis),
        tuple(np.bincount(hours, minlength=24).tolist()),
    )


def _uses(names: list[str], code: np.ndarray, views: np.ndarray) -> list[Use]:
    """The most used of some names by the code of each use, with the views of its post."""
    counts = np.bincount(code, minlength=len(names))
    order = np.argsort(-counts, kind="stable")[:MOST]
    by_name = np.argsort(code, kind="stable")
    starts = np.append(0, np.cumsum(counts))
    return [
        Use(names[one], int(counts[one]), _median(views[by_name[starts[one] : starts[one + 1]]]))
        for one in order.tolist()
        if counts[one]
    ]


def _sounds(subjects: Any, views: np.ndarray) -> tuple[Use, ...]:
    """The sounds that were not made for one post, with their artists."""
    titles, artists = subjects.column_or_null("sound"), subjects.column_or_null("sound_artist")
    first: dict[str, int] = {}
    rows, codes = [], []
    for row in known_mask(titles).nonzero()[0].tolist():
        rows.append(row)
        codes.append(first.setdefault(text_at(titles, row) or "", len(first)))
    used = _uses(list(first), np.array(codes, dtype=np.int64), views[np.array(rows, dtype=np.int64)])
    artist_of: dict[str, str] = {}
    for row in rows:
        artist_of.setdefault(text_at(titles, row) or "", text_at(artists, row) or "")
    return tuple(Use(use.name, use.posts, use.views, artist_of.get(use.name, "")) for use in used)


def _median(views: np.ndarray) -> float | None:
    known = views[np.isfinite(views)]
    return float(np.median(known)) if len(known) >= FEWEST else None


def trends_of(trends: Trends | None) -> tuple[Trend, ...]:
    """The entries of lists of trends, the newest first."""
    if trends is None or trends.table.empty:
        return ()
    table = trends.table.sort_values("as_of", ascending=False, kind="stable")
    regions = [region if isinstance(region, str) else None for region in table["region"]]
    return tuple(map(Trend, table["kind"], table["name"], regions, table["as_of"].dt.date))


class Histories:
    """The words of each history, worked out once, beside the keys that are typed."""

    def __init__(self, work: Callable[..., Awaitable[HistoryWords]]) -> None:
        self._work = work
        self._trends: tuple[Trends | None, tuple[Trend, ...]] = None, ()
        self._tasks: WeakKeyDictionary[Analysis, dict[str | None, asyncio.Task[HistoryWords]]] = WeakKeyDictionary()

    async def of(self, project: Project, handle: str | None) -> tuple[HistoryWords | None, bool]:
        """What an account's posts have, and whether it is worked out.

        None where no posts were read, and where it is not worked out yet.
        """
        analysis = project.analysis
        if analysis is None:
            return None, project.has_read_history
        task = self._begin(analysis, handle)
        done, _waiting = await asyncio.wait({task}, timeout=PATIENCE_S)
        return (task.result(), True) if done else (None, False)

    def begin(self, project: Project, handle: str | None) -> None:
        """Begin to work out what an account's posts have."""
        if project.analysis is not None:
            self._begin(project.analysis, handle)

    def _begin(self, analysis: Analysis, handle: str | None) -> asyncio.Task[HistoryWords]:
        tasks = self._tasks.setdefault(analysis, {})
        if handle not in tasks:
            tasks[handle] = asyncio.ensure_future(_of(self._work(words_of, analysis, handle)))
        return tasks[handle]

    def trends(self, project: Project) -> tuple[Trend, ...]:
        """The trends beside a project."""
        history = project.beside.history
        trends = project.beside.trends if history is None else history.trends
        if trends is not self._trends[0]:
            self._trends = trends, trends_of(trends)
        return self._trends[1]


async def _of(words: Awaitable[HistoryWords]) -> HistoryWords:
    return await words
