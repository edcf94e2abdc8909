"""What the formats that give posts as JSON objects share: from nested records to columns of the posts table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from tiktok_coach.core.captions import join_tags
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.translation import _
from tiktok_coach.io.files.json_structures import records, text_of
from tiktok_coach.io.fill import fill, identify, table_of
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
    A `created` key fills uploaded_at and posted_at alike: these sources tell a post's creation time.
    """
    kept, odd = records(rows)
    keys = {key for record in kept for key in record}
    chosen = {name: next((k for k in options_ if k in keys), options_[0]) for name, options_ in mapping.items()}
    table = table_of(kept)
    posts, notices = fill(table, chosen, where, options)
    posts, more = identify(posts, where, table.line)
    if "posted_at" in posts.columns:
        posts["uploaded_at"] = (
            posts["uploaded_at"].fillna(posts["posted_at"]) if "uploaded_at" in posts.columns else posts["posted_at"]
        )
    posts["status"] = pd.Series("published", index=posts.index, dtype="str")
    if odd:
        notices.append(
            Notice(
                where, _("{count} entries are no posts (the first is number {number})", count=len(odd), number=odd[0])
            )
        )
    return (
        Reading(
            where,
            name,
            rows=len(rows),
            posts=posts,
            notices=(*notices, *more),
            trust=trust,
            supplies=tuple(mapping),
            columns={name: key for name, key in chosen.items() if key in keys},
        ),
        kept,
    )


def tags_of(kept: Sequence[Mapping[str, Any]], lists: Sequence[str], names: Sequence[str]) -> pd.Series:
    """Hashtags beside the caption: the first of the `lists` a record holds, its items texts or objects with a name."""
    tags: list[str | None] = []
    for record in kept:
        items = next((record[key] for key in lists if isinstance(record.get(key), list)), None)
        if items is None:
            tags.append(None)
            continue
        found = [
            text_of(i if isinstance(i, str) else next((i[n] for n in names if isinstance(i, dict) and i.get(n)), None))
            for i in items
        ]
        tags.append(join_tags(t for t in found if t) or None)
    return pd.Series(tags, dtype="str")
