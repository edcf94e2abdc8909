"""A plan: posts that are still to go out, as YAML with a list `posts:` and, where wanted, the `account:`.

posts:
  - id: 2026-12-01-brunsviger
    publish_at: 2026-12-01T18:30:00+01:00
    caption: "Can you guess the secret ingredient? #cottagecore"
    hashtags: [cottagecore]
    video: {file: brunsviger.mp4, duration_s: 14.2, width: 1080, height: 1920, hook_s: 1.2, intro: false}
    sound: {name: "Song", trending: true}
    engagement: {duet: true, stitch: true}
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from tiktok_coach.captions import join_tags
from tiktok_coach.config import AccountSettings
from tiktok_coach.documents import Document, validated
from tiktok_coach.errors import CoachError
from tiktok_coach.ingest.columns import fill, table_of
from tiktok_coach.ingest.opening import SourceFile
from tiktok_coach.ingest.reading import Options, Reader, Reading
from tiktok_coach.ingest.sheets import Table
from tiktok_coach.posts import COLUMNS

PLAN_KEYS = {"publish_at", "caption", "video", "sound", "engagement"}
RENAMED = {
    "id": "post_id",
    "publish_at": "posted_at",
    "video.file": "video_file",
    "sound.name": "sound",
    "sound.artist": "sound_artist",
    "sound.original": "sound_original",
    "sound.trending": "sound_trending",
    "engagement.duet": "allow_duet",
    "engagement.stitch": "allow_stitch",
    "engagement.comments": "allow_comments",
}
GROUPS = {"video", "sound", "engagement"}


def _posts(value: Any) -> list[dict[str, Any]] | None:
    posts = value.get("posts") if isinstance(value, dict) else None
    if not isinstance(posts, list) or not posts or not all(isinstance(p, dict) for p in posts):
        return None
    planned = any(PLAN_KEYS & set(p) for p in posts)
    return posts if planned and not any({"post_id", "link"} & set(p) for p in posts) else None


def _recognise(file: SourceFile) -> int:
    return 12 if file.document is not None and _posts(file.document.value) is not None else 0


def _read(file: SourceFile, options: Options) -> Reading:
    document = file.document
    assert document is not None
    rows = _posts(document.value) or []
    account = None
    if "account" in document.value:
        settings = validated(AccountSettings, Document(document.value["account"], f"{file.name} account"))
        account = replace(settings.account(), timezone_source="the plan" if settings.timezone else None)
    lines = [document.line_of(("posts", i)) or 1 for i in range(len(rows))]
    table = table_of([_flat(row, f"{file.name}:{line}") for row, line in zip(rows, lines, strict=True)])
    table = Table(table.headings, table.cells, lines)
    timezone = options.timezone or (account.timezone if account and account.timezone else "UTC")
    posts, notices = fill(table, {c: c for c in table.cells.columns}, file.name, options, timezone=timezone)
    posts["status"] = pd.Series("planned", index=posts.index, dtype="str")
    return Reading(
        file.name,
        "plan",
        rows=len(rows),
        posts=posts,
        account=account,
        notices=tuple(notices),
        sure_times=True,
        supplies=tuple(table.cells.columns),
    )


def _flat(row: dict[str, Any], where: str) -> dict[str, Any]:
    """A planned post's keys as columns of the posts table. Raises CoachError for a key that is none."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        inner = value if key in GROUPS and isinstance(value, dict) else {None: value}
        for part, held in inner.items():
            path = f"{key}.{part}" if part is not None else str(key)
            name = RENAMED.get(path, str(part if part is not None else key))
            if name == "video_reply_to":
                name, held = "kind", "video_reply" if held else None
            elif name == "reply_to_comments":
                continue
            if name not in COLUMNS:
                raise CoachError(
                    f"a planned post has no key {path!r}",
                    where=where,
                    hint="`tiktok-coach convert --columns` lists the facts of a post",
                )
            flat[name] = (
                join_tags(map(str, held))
                if name == "hashtags" and isinstance(held, list)
                else "; ".join(map(str, held)) or "none"
                if isinstance(held, list)
                else held
            )
    return flat


READER = Reader("plan", _recognise, _read)
