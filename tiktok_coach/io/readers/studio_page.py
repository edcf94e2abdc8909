"""TikTok Studio's own pages: what a browser saved of them (HAR), or the same answers as other programs keep them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from tiktok_coach.core.account import Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import MAX_LINES, Notice
from tiktok_coach.core.schema import COLUMNS, METRICS, column, conform
from tiktok_coach.core.translation import N_, _, plural, plurals
from tiktok_coach.io.capture.har import IssueKind, is_har, looks_captured
from tiktok_coach.io.capture.posts import Video
from tiktok_coach.io.capture.session import EARLIEST, Session, read_session, tables
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

WHOLE, IN_PART = N_("studio page"), N_("studio page in part")
MARK = 12
COUNTED = frozenset(METRICS)
CLEAN = N_(
    "has cookies or tokens, with which others could act as you; `tiktok-coach capture clean` writes a copy without them"
)
NO_END = N_(
    "the list of posts is not complete, so days without a post are not counted: scroll to its end and save again"
)
NO_LIST = N_("has no list of posts, so days without a post are not counted")
SUPPLIES = (
    *("posted_at", "duration_s", "views", "likes", "comments", "shares", "saves"),
    *("completion_rate", "average_watch_time_s", "retention"),
)
# What is said of answers that cannot be read.
FAILURES = {
    IssueKind.NO_JSON: plurals(
        "{count} answer is not JSON, such as a login page", "{count} answers are not JSON, such as a login page"
    ),
    IssueKind.REFUSED: plurals(
        "{count} answer says that the request failed", "{count} answers say that the request failed"
    ),
    IssueKind.NO_BODY: plurals(
        "{count} answer is empty, since the browser no longer had it",
        "{count} answers are empty, since the browser no longer had them",
    ),
}


def _glance(file: SourceFile) -> bool:
    return file.suffix in {".har", ".json"} and is_har(file.head)


def _recognise(file: SourceFile) -> int:
    return MARK if looks_captured(file) else 0


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    day = options.export_date or options.today
    session = read_session(file, dt.datetime.combine(day, dt.time(23, 59), dt.UTC))
    notices = list(notices_of(session, file.name))
    if session.empty:
        why = "; ".join(n.text for n in notices if n.level == "warning" and n.text != CLEAN)
        raise CoachError(
            _("has none of the answers that TikTok Studio's pages get") + (f" ({why})" if why else ""),
            where=file.name,
            hint=_("`tiktok-coach capture guide` lists the pages to open before saving"),
        )
    only = session.handles[0] if len(session.handles) == 1 else None
    posts = _posts(session, only)
    videos = [video for video in session.videos if video.post_id not in session.private]
    account = Account(only, timezone=session.timezone, timezone_source="TikTok Studio's page")
    return Reading(
        file.name,
        WHOLE if session.whole else IN_PART,
        rows=len(session.items) + len(session.videos) + len(session.of_account),
        posts=posts if len(posts) else None,
        tables={**tables(session.of_account, options.timezone), **_viewers(videos)},
        account=account if session.timezone else None,
        notices=tuple(notices),
        trust=78,
        time_trust=2,
        lists_every_post=bool(session.whole),
        download="studio pages",
        supplies=SUPPLIES,
        retention=_retention(videos),
        history=_history(videos, posts),
    )


def notices_of(session: Session, where: str) -> Iterator[Notice]:
    """What a user should know of a file of answers; one line each."""
    if session.issues[IssueKind.SECRETS]:
        yield Notice(where, _(CLEAN))
    if session.cut is not None:
        text = plural(
            "ends, or is damaged, after {count:,} entry, at about byte {at:,}; what is before is read",
            "ends, or is damaged, after {count:,} entries, at about byte {at:,}; those before are read",
            session.cut.number,
            at=session.cut.at,
        )
        yield Notice(where, text)
    again = N_("{problem}; open those pages again, logged in, and save")
    failures = [(words, session.issues[kind]) for kind, words in FAILURES.items()]
    yield from (Notice(where, _(again, problem=plural(*words, count))) for words, count in failures if count)
    if session.whole is None and not session.empty:
        yield Notice(where, _(NO_LIST), level="info")
    if session.whole is False:
        yield Notice(where, _(NO_END))
    if session.nameless:
        text = plural(
            "{count} answer on a video does not say on which; left out",
            "{count} answers on a video do not say on which; left out",
            session.nameless,
        )
        yield Notice(where, text)
    if session.without_id:
        text = plural(
            "{count} post of the list has no id that can be read; left out",
            "{count} posts of the list have no id that can be read; left out",
            session.without_id,
        )
        yield Notice(where, text)
    private = N_("{posts} private, in review or deleted; left out")
    doubtful = N_("{posts} not visible to everybody, it seems; open their own pages to see")
    scheduled = N_("{posts} scheduled, and count as planned")
    planned = frozenset(i.post_id for i in session.items if i.planned) - session.private
    for text, posts in ((private, session.private), (doubtful, session.doubtful), (scheduled, planned)):
        if posts:
            level = "warning" if text == private else "info"
            yield Notice(where, _(text, posts=_some(posts)), level=level)


def _some(posts: frozenset[str]) -> str:
    ids = ", ".join(sorted(posts)[:MAX_LINES]) + (", …" if len(posts) > MAX_LINES else "")
    return plural("{count} post is ({named})", "{count} posts are ({named})", len(posts), named=ids)


def _posts(session: Session, only: str | None) -> pd.DataFrame:
    """A row for each post and day on which it was looked at; what came last that day counts."""
    rows: dict[tuple[str, dt.date | None], dict[str, Any]] = {}
    items = [(i.at, i.post_id, i.columns, "planned" if i.planned else "published") for i in session.items]
    parts = [*items, *((v.at, v.post_id, v.columns, None) for v in session.videos)]
    planned = {i.post_id for i in session.items if i.planned}
    for at, post_id, columns, status in sorted(parts, key=lambda part: part[0] or EARLIEST):
        if post_id in session.private:
            continue
        row = rows.setdefault((post_id, at.date() if at else None), {"post_id": post_id})
        row |= columns
        row["status"] = status or row.get("status") or ("planned" if post_id in planned else "published")
        if at is not None and not COUNTED.isdisjoint(columns):
            row["metrics_at"] = at
    table = pd.DataFrame(list(rows.values()))
    if not len(table):
        return table
    for name in table.columns:
        if COLUMNS[name].kind == "time":
            table[name] = _times(table[name])
    if only is not None:
        table["account"] = column(table, "account").fillna(only)
    if "posted_at" in table.columns:
        table["posted_at_precision"] = table["posted_at"].notna().map({True: "second", False: None})
    return conform(_linked(table))


def _times(moments: pd.Series) -> pd.Series:
    return pd.to_datetime(moments, utc=True).astype("datetime64[us, UTC]")


def _linked(table: pd.DataFrame) -> pd.DataFrame:
    """Posts with their addresses, where it is known whose they are and what they are."""
    if "account" not in table.columns:
        return table
    photo = column(table, "kind") == "photo"
    kind = photo.map({True: "photo", False: "video"})
    known = table["account"].notna() & (photo | column(table, "duration_s").notna())
    link = "https://www.tiktok.com/@" + table["account"].astype("str") + "/" + kind + "/" + table["post_id"]
    return table.assign(link=link.where(known))


def _retention(videos: Iterable[Video]) -> pd.DataFrame | None:
    """Second by second, the share that still watches; a row a post, second and moment of looking."""
    rows = [
        (v.post_id, *point, v.at) for v in videos if v.retention is not None for point in zip(*v.retention, strict=True)
    ]
    if not rows:
        return None
    table = pd.DataFrame(rows, columns=["post_id", "second", "share", "metrics_at"]).astype({"post_id": "str"})
    return table.assign(metrics_at=_times(table["metrics_at"]))


def _history(videos: Iterable[Video], posts: pd.DataFrame) -> pd.DataFrame | None:
    """The counts of hours and days since posting, as snapshots."""
    rows = [{"post_id": v.post_id, **row} for v in videos for row in v.history]
    if not rows:
        return None
    table = pd.DataFrame(rows).astype({"post_id": "str"})
    table["metrics_at"] = _times(table["metrics_at"])
    counts = [c for c in table.columns if c not in {"post_id", "metrics_at"}]
    table[counts] = table[counts].astype("Int64")
    together = table.groupby(["post_id", "metrics_at"], sort=True).max().reset_index()
    if "account" in posts.columns:
        owners = posts.drop_duplicates("post_id").set_index("post_id")["account"]
        together.insert(1, "account", together["post_id"].map(owners).astype("str"))
    return together


def _viewers(videos: Iterable[Video]) -> dict[str, pd.DataFrame]:
    """Where those who watched live, over all videos that tell, weighted by their views."""
    newest = {v.post_id: v for v in videos if v.territories}
    views = {post_id: float(video.columns.get("views") or 0) for post_id, video in newest.items()}
    whole = sum(views.values())
    if not whole:
        return {}
    weight: Counter[str] = Counter()
    for post_id, video in newest.items():
        weight.update({country: share * views[post_id] for country, share in video.territories.items()})
    ordered = sorted(weight.items(), key=lambda pair: (-pair[1], pair[0]))
    table = pd.DataFrame([(country, part / whole) for country, part in ordered], columns=["territory", "share"])
    return {"viewer_territories": table.astype({"territory": "str"})}


READER = Reader(N_("studio page"), _recognise, _read, glance=_glance, is_sure=True)
