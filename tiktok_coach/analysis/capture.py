"""Capture: what files saved from TikTok Studio's pages hold, which pages to open still, and a clean copy."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from tiktok_coach.analysis.settings import AnalysisOptions, Progress, resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _
from tiktok_coach.io.capture.har import clean_har, looks_captured
from tiktok_coach.io.capture.session import Session, read_session
from tiktok_coach.io.files.source_files import SourceFile, open_inputs, places_as_typed
from tiktok_coach.io.readers.studio_page import notices_of

SCHEMA_VERSION = "1"
# Without these, a post's heaviest signal and the tip on its first moments are not known.
METRICS = ("video_finish_rate_realtime", "video_per_duration_realtime", "video_retention_rate_realtime")
ANALYTICS = "https://www.tiktok.com/tiktokstudio/analytics/"


@dataclass(frozen=True)
class PostState:
    """A published post of a capture, and which of its insights are missing."""

    post_id: str
    caption: str
    posted_at: dt.datetime | None
    views: int | None
    missing: tuple[str, ...]

    @property
    def link(self) -> str:
        """The page that shows its insights to its creator."""
        return ANALYTICS + self.post_id


@dataclass(frozen=True)
class CaptureCheck:
    """The contents of captures: `posts` are the published ones, most viewed first; `whole` is None without a list."""

    files: tuple[str, ...]
    handles: tuple[str, ...]
    timezone: str | None
    posts: tuple[PostState, ...]
    planned: int
    left_out: int
    whole: bool | None
    keys: dict[str, int]
    account_keys: tuple[str, ...]
    oldest: dt.datetime | None
    newest: dt.datetime | None
    notices: tuple[Notice, ...]

    @property
    def to_open(self) -> list[PostState]:
        """Posts whose pages are still to be opened, the most viewed first."""
        return [post for post in self.posts if post.missing]


@dataclass(frozen=True)
class ScheduledPosts:
    """Posts that are still to go out, and whose they are."""

    account: Account
    posts: tuple[dict[str, Any], ...]


def check_captures(options: AnalysisOptions, progress: Progress | None = None) -> CaptureCheck:
    """What the captures that a user names hold. Raises CoachError where none of them is one."""
    files = list(_sessions(options, progress))
    notices = [notice for name, session in files for notice in notices_of(session, name)]
    sessions = [session for _, session in files if not session.empty]
    if not sessions:
        why = f"; {notices[0].text}" if notices else ""
        problem = _("has none of the answers that TikTok Studio's pages get{why}", why=why)
        where = ", ".join(path.as_posix() for path in options.inputs)
        hint = _("`tiktok-coach capture guide` lists the pages to open before saving")
        raise CoachError(problem, where=where, hint=hint)
    private = frozenset().union(*(s.private for s in sessions))
    insights: dict[str, set[str]] = defaultdict(set)
    for session in sessions:
        for post_id, keys in session.insights.items():
            insights[post_id].update(keys)
    facts, planned = _facts(sessions)
    published = []
    for post_id in facts.keys() - private - planned:
        of_post = facts[post_id]
        # A photo post is not watched second by second.
        metrics = () if of_post.get("kind") == "photo" else METRICS
        missing = tuple(key for key in metrics if key not in insights[post_id])
        caption, moment = str(of_post.get("caption") or ""), of_post.get("posted_at") or of_post.get("uploaded_at")
        published.append(PostState(post_id, caption, moment, of_post.get("views"), missing))
    moments = [at for s in sessions for part in (s.items, s.videos, s.of_account) for one in part if (at := one.at)]
    key_counts = Counter(chain.from_iterable(insights.values()))
    wholes = [s.whole for s in sessions if s.whole is not None]
    names = tuple(name for name, session in files if not session.empty)
    handles = tuple(dict.fromkeys(h for s in sessions for h in s.handles))
    timezone = next((s.timezone for s in sessions if s.timezone), None)
    posts = tuple(sorted(published, key=lambda post: (-(post.views or 0), post.post_id)))
    return CaptureCheck(
        files=names,
        handles=handles,
        timezone=timezone,
        posts=posts,
        planned=len(planned - private),
        left_out=len(private),
        whole=any(wholes) if wholes else None,
        keys=dict(sorted(key_counts.items())),
        account_keys=tuple(sorted({key for s in sessions for a in s.of_account for key in a.body})),
        oldest=min(moments, default=None),
        newest=max(moments, default=None),
        notices=tuple(notices),
    )


def clean(options: AnalysisOptions, progress: Progress | None = None) -> Iterator[str]:
    """The captures that a user names as one HAR with nothing but what is read. Raises CoachError where nothing is."""
    pieces = clean_har(_files(options, progress))
    # The head and the foot are there without any answer between them.
    first = list(islice(pieces, 3))
    if len(first) < 3:
        problem = _("has none of the answers that TikTok Studio's pages get")
        hint = _("`tiktok-coach capture guide` lists the pages to open before saving")
        raise CoachError(problem, where=", ".join(path.as_posix() for path in options.inputs), hint=hint)
    yield from chain(first, pieces)


def scheduled_posts(options: AnalysisOptions, progress: Progress | None = None) -> ScheduledPosts:
    """The posts of captures that are still to go out. Raises CoachError where there are none."""
    settings = resolve_settings(options)
    sessions = [session for _, session in _sessions(options, progress)]
    facts, planned = _facts(sessions)
    due = sorted((p for p in planned if "posted_at" in facts[p]), key=lambda p: (facts[p]["posted_at"], p))
    if not due:
        problem = _("no post is scheduled in what was captured")
        raise CoachError(problem, where=", ".join(path.as_posix() for path in options.inputs))
    handles = [h for s in sessions for h in s.handles]
    zone = next((s.timezone for s in sessions if s.timezone), None)
    account = settings.account.fill_from(Account(handles[0] if len(set(handles)) == 1 else None, timezone=zone))
    return ScheduledPosts(account, tuple({"post_id": p, **facts[p]} for p in due))


def _files(options: AnalysisOptions, progress: Progress | None) -> Iterator[SourceFile]:
    with places_as_typed(options.inputs):
        for file in open_inputs(options.inputs, progress):
            if isinstance(file, CoachError):
                raise file
            if looks_captured(file):
                yield file


def _sessions(options: AnalysisOptions, progress: Progress | None) -> Iterator[tuple[str, Session]]:
    day = options.today or options.now.date()
    now = dt.datetime.combine(day, dt.time(23, 59), dt.UTC)
    with places_as_typed(options.inputs):
        for file in _files(options, progress):
            yield file.name, read_session(file, now)


def _facts(sessions: Sequence[Session]) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """The columns of each post by its id, later answers over earlier ones, and which posts are still to go out."""
    facts: dict[str, dict[str, Any]] = {}
    planned: dict[str, bool] = {}
    for session in sessions:
        for item in session.items:
            facts.setdefault(item.post_id, {}).update(item.columns)
            planned[item.post_id] = item.planned
        for video in session.videos:
            facts.setdefault(video.post_id, {}).update(video.columns)
    return facts, {post for post, still in planned.items() if still}
