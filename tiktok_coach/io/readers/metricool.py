"""Metricool's posts CSV: reach, watch time, completion and where the views came from."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from tiktok_coach.io.dates.parse import infer_order
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import fill, ragged_notices, read_table
from tiktok_coach.io.parse import parse_shares
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

REQUIRED = ("title", "date", "link", "views", "likes", "full video watched rate")
MAPPING = {
    "caption": "title",
    "link": "link",
    "posted_at": "date",
    "views": "views",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
    "reach": "reach",
    "duration_s": "duration",
    "completion_rate": "full video watched rate",
    "total_watch_time_s": "total time watched seconds",
    "average_watch_time_s": "avg. time watched seconds",
}
# One column in percent does not make its neighbour so, but these six are parts of one whole.
TRAFFIC = {
    "traffic_for_you": "for you",
    "traffic_following": "follow",
    "traffic_hashtag": "hashtag",
    "traffic_sound": "sound",
    "traffic_profile": "personal profile",
    "traffic_search": "search",
}


def _recognise(file: SourceFile) -> int:
    return len(REQUIRED) + 2 if file.sheet and file.sheet.header_row(REQUIRED) is not None else 0


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    assert file.sheet is not None
    table = file.sheet.under(REQUIRED)
    assert table is not None
    present = [title for title in TRAFFIC.values() if title in table.cells.columns]
    together = pd.concat([table.cells[title] for title in present]) if present else pd.Series(dtype="str")
    has_sign = together.fillna("").str.contains("%").any()
    percent = bool(has_sign or (parse_shares(together, percent=False).values > 1).any())
    traffic, notices = fill(table, TRAFFIC, file.name, options, percent=percent)
    # Of the table as a whole is told once.
    notices = notices[len(ragged_notices(table, file.name)) :]
    timezone = options.timezone or "UTC"
    reading = read_table(
        table, MAPPING, file.name, options, name="metricool posts", trust=65, timezone=timezone, notices=notices
    )
    assert reading.posts is not None
    return replace(
        reading,
        posts=reading.posts.join(traffic),
        matches_titles=True,
        date_order=infer_order(list(table.cells["date"].fillna(""))),
        columns={**MAPPING, **TRAFFIC},
        supplies=(*MAPPING, *TRAFFIC),
    )


READER = Reader("metricool posts", _recognise, _read, (REQUIRED,))
