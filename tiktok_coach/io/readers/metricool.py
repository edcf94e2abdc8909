"""Metricool's posts CSV: reach, watch time, completion and where the views came from."""

from __future__ import annotations

import pandas as pd

from tiktok_coach.io.capture.insights import TRAFFIC_COLUMNS
from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import count_headings, format_table, read_table, table_under
from tiktok_coach.io.parse import parse_shares
from tiktok_coach.io.readers import COLUMNS_BY_FORMAT
from tiktok_coach.io.reading import Reader, Reading, ReadOptions

REQUIRED = ("title", "date", "link", "views", "likes", "full video watched rate")
MAPPING: dict[str, str] = COLUMNS_BY_FORMAT["metricool posts"]
# One column in percent does not make its neighbour so, but these are parts of one whole.
TRAFFIC = {name: title for title, name in TRAFFIC_COLUMNS.items() if title != "following"}


def _table(file: SourceFile, _options: ReadOptions) -> Table:
    return format_table(table_under(file, REQUIRED), {**MAPPING, **TRAFFIC})


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    table = _table(file, options)
    parts = pd.concat(
        [pd.Series(dtype="str"), *(table.cells[title] for title in TRAFFIC.values() if title in table.cells)]
    )
    has_sign = parts.fillna("").str.contains("%").any()
    is_percent = has_sign or (parse_shares(parts, "share").values > 1).any()
    return read_table(
        Reading(file.name, "metricool posts", trust=65, matches_titles=True),
        table,
        options,
        timezone=options.timezone,
        units=dict.fromkeys(TRAFFIC, "%" if is_percent else "share"),
    )


READER = Reader(
    "metricool posts", lambda file: 2 * count_headings(file, REQUIRED), _read, (REQUIRED,), is_sure=True, table=_table
)
