"""What the formats that give posts as JSON objects share: from nested records to columns of the posts table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from tiktok_coach.core.captions import join_tags
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import _
from tiktok_coach.io.files.json_structures import records, text_of
from tiktok_coach.io.fill import read_table, table_of
from tiktok_coach.io.options import ReadOptions
from tiktok_coach.io.reading import Reading


def read_posts(
    rows: Sequence[Any],
    mapping: Mapping[str, Sequence[str]],
    where: str,
    options: ReadOptions,
    *,
    name: str,
    trust: int,
) -> tuple[Reading, list[dict[str, Any]]]:
    """A reading of JSON posts, and the flattened records it came from.

    `mapping` takes a column of the schema to the keys that may hold it, the first present in any record counting.
    These sources tell when a post was created, which fills uploaded_at and posted_at alike.
    """
    objects, others = records(rows)
    keys = {key for record in objects for key in record}
    headings = {name: next((k for k in choices if k in keys), choices[0]) for name, choices in mapping.items()}
    notices = odd_entries(others, where)
    reading = read_table(table_of(objects), headings, where, options, name=name, trust=trust, notices=notices)
    posts = reading.posts
    assert posts is not None
    if "posted_at" in posts.columns:
        posts["uploaded_at"] = column(posts, "uploaded_at").fillna(posts["posted_at"])
    columns = {name: key for name, key in headings.items() if key in keys}
    return replace(reading, rows=len(rows), columns=columns), objects


def odd_entries(positions: Sequence[int], where: str) -> list[Notice]:
    """A notice of the entries of a list, by their positions, that are no objects."""
    if not positions:
        return []
    text = _("{count} entries are no posts (the first is number {number})", count=len(positions), number=positions[0])
    return [Notice(where, text)]


def tags_of(objects: Sequence[Mapping[str, Any]], lists: Sequence[str], names: Sequence[str]) -> pd.Series:
    """Hashtags beside the caption: the first of the `lists` a record holds, its items texts or objects with a name."""
    tags: list[str | None] = []
    for record in objects:
        items = next((record[key] for key in lists if isinstance(record.get(key), list)), None)
        if items is None:
            tags.append(None)
            continue
        hashtags = [
            text_of(i if isinstance(i, str) else next((i[n] for n in names if isinstance(i, dict) and i.get(n)), None))
            for i in items
        ]
        tags.append(join_tags(t for t in hashtags if t) or None)
    return pd.Series(tags, dtype="str")
