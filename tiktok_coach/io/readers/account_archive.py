"""The account archive, user_data_tiktok.json: permissions, sound and creation time of every own post.

The archive also holds direct messages and other private data. Only the branches of own posts are read, and
nothing of the rest is kept or shown. So are pieces of an archive, and the pages of one that came as text, which hold
no posts that can be read: no other reader may take a list of them for one of posts.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pandas as pd

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.translation import N_, _, plural, plurals
from tiktok_coach.io.files.decoding import records
from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import posts_table, read_table
from tiktok_coach.io.readers import COLUMNS_BY_FORMAT
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

BRANCHES = (("Post", "Posts"), ("Video", "Videos"))
MAPPING: dict[str, str] = COLUMNS_BY_FORMAT["account archive"]
KEYS = (*MAPPING.values(), "Link")
MARK = 20
# Sections of an archive, and lists in them, by names that nothing else has.
SECTIONS = frozenset(COLUMNS_BY_FORMAT["account archive, other sections"])
DEPTH = 3
# A page of an archive as text: a fact or a message a line, below the names of sections.
LABEL = re.compile(rb"(?:\xef\xbb\xbf)?(?:>>>|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^,;\t|]|\w[\w '()-]{0,60}:(?:\s|$))")
LABELLED_LINES = 3


def _branch(value: Any) -> list[Any] | None:
    """The own posts of an archive; None where it has no list of them."""
    if not isinstance(value, dict):
        return None
    for first, second in BRANCHES:
        node = value.get(first)
        node = node.get(second) if isinstance(node, dict) else None
        if isinstance(node, dict) and "VideoList" in node:
            videos = node["VideoList"]
            return videos if isinstance(videos, list) else []
    return None


def _holds_sections(value: Any, depth: int = DEPTH) -> bool:
    return (
        depth > 0
        and isinstance(value, dict)
        and any(
            (name in SECTIONS and isinstance(inner, (dict, list))) or _holds_sections(inner, depth - 1)
            for name, inner in value.items()
        )
    )


def _is_text_page(file: SourceFile) -> bool:
    lines = [line for line in file.head.splitlines() if line.strip()][:LABELLED_LINES]
    return file.suffix == ".txt" and bool(lines) and all(map(LABEL.match, lines))


def _recognise(file: SourceFile) -> int:
    value = file.json
    return MARK if _branch(value) is not None or _holds_sections(value) or _is_text_page(file) else 0


def _table(file: SourceFile, _options: ReadOptions) -> Table:
    rows = _branch(file.json)
    if rows is None:
        problem = _("is of an account archive, and has no posts that I can read")
        hint = _("ask TikTok for the archive again, as JSON and with your posts in it; leave this file out")
        raise CoachError(problem, where=file.name, hint=hint)
    objects = [{key: row.get(key) for key in KEYS} for row in records(rows)[0]]
    return posts_table(objects, MAPPING, {"Link": "kind"})


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    table = _table(file, options)
    rows = _branch(file.json) or []
    others = records(rows)[1]
    text = plurals(
        "{count} entry of VideoList is not a post (number {number})",
        "{count} entries of VideoList are not posts (the first is number {number})",
    )
    notices = (Notice(file.name, plural(*text, len(others), number=others[0])),) if others else ()
    supplies = ("posted_at", "likes", "allow_comments", "allow_duet", "allow_stitch", "sound")
    declared = Reading(
        file.name, N_("account archive"), trust=45, download="archive", supplies=supplies, notices=notices
    )
    reading = replace(read_table(declared, table, options), rows=len(rows))
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


READER = Reader(N_("account archive"), _recognise, _read, table=_table, is_sure=True)
