"""The account archive, user_data_tiktok.json: permissions, sound and creation time of every own post.

The archive also holds direct messages and other private data. Only the branches of own posts are read, and
nothing of the rest is kept or shown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from tiktok_coach.core.notices import Notice
from tiktok_coach.core.translation import N_, _
from tiktok_coach.io.files.decoding import records
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import read_table, table_of
from tiktok_coach.io.readers import COLUMNS_BY_FORMAT
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

BRANCHES = (("Post", "Posts"), ("Video", "Videos"))
MAPPING: dict[str, str] = COLUMNS_BY_FORMAT["account archive"]
KEYS = (*MAPPING.values(), "Link")


def _branch(value: Any) -> list[Any] | None:
    if not isinstance(value, dict):
        return None
    for first, second in BRANCHES:
        node = value.get(first)
        node = node.get(second) if isinstance(node, dict) else None
        if isinstance(node, dict) and "VideoList" in node:
            videos = node["VideoList"]
            return videos if isinstance(videos, list) else []
    return None


def _recognise(file: SourceFile) -> int:
    return 10 if _branch(file.json) is not None else 0


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    rows = _branch(file.json) or []
    objects, others = records(rows)
    table = table_of([{key: row.get(key) for key in KEYS} for row in objects])
    text = N_("{count} entries of VideoList are no posts (the first is number {number})")
    notices = (Notice(file.name, _(text, count=len(others), number=others[0])),) if others else ()
    supplies = ("posted_at", "likes", "allow_comments", "allow_duet", "allow_stitch", "sound")
    declared = Reading(
        file.name, N_("account archive"), trust=45, download="archive", supplies=supplies, notices=notices
    )
    reading = replace(read_table(declared, table, MAPPING, options), rows=len(rows))
    posts = reading.posts
    if posts is not None and len(posts):
        # The caption of a post is not in the archive; a title is, of a few posts, `N/A` of the others.
        posts["caption"] = posts["caption"].mask(posts["caption"].isin(["N/A", ""]))
        sound = posts["sound"].str.rsplit(" - ", n=1, expand=True)
        posts["sound"] = sound[0]
        if sound.shape[1] > 1:
            posts["sound_artist"] = sound[1]
        several = table.cells["Link"].fillna("").str.strip().str.contains(r"\n", regex=True)
        posts["kind"] = pd.Series(None, index=posts.index, dtype="str").mask(several, "photo")
        posts["posted_at"] = posts["uploaded_at"]
        posts["posted_at_precision"] = posts["posted_at"].notna().map({True: "second", False: None}).astype("str")
    return reading


READER = Reader(N_("account archive"), _recognise, _read)
