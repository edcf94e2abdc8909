"""TikTok Studio, the six files on the account: Overview, Viewers, and the four on followers.

Their days have no year; `days` hands them on with month and day, in the order of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from tiktok_coach.core.notices import Download
from tiktok_coach.core.translation import N_
from tiktok_coach.io.dates.month_days import read_days
from tiktok_coach.io.dates.parse import has_year, parse_times
from tiktok_coach.io.dates.printed_days import clean_table
from tiktok_coach.io.files.sheets import ENGLISH, Sheet
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import ragged_notices, row_notices, table_under
from tiktok_coach.io.parse import missing, parse_counts, parse_shares
from tiktok_coach.io.reading import DayTable, Reader, Reading, ReadOptions


@dataclass(frozen=True)
class _Kind:
    """One of the files: the table it fills, its headings, and what each becomes."""

    table: str
    columns: dict[str, str]
    dated: bool = True
    download: Download | None = None

    @property
    def headings(self) -> tuple[str, ...]:
        return (*(("date",) if self.dated else ()), *self.columns)


KINDS = (
    _Kind(
        "overview",
        {
            "video views": "views",
            "profile views": "profile_views",
            "likes": "likes",
            "comments": "comments",
            "shares": "shares",
        },
        download="overview",
    ),
    _Kind(
        "viewers", {"total viewers": "viewers", "new viewers": "new_viewers", "returning viewers": "returning_viewers"}
    ),
    _Kind("followers", {"followers": "followers"}),
    _Kind("activity", {"hour": "hour", "active followers": "active_followers"}, download="followers"),
    _Kind("gender", {"gender": "gender", "distribution": "share"}, dated=False),
    _Kind("territories", {"top territories": "territory", "distribution": "share"}, dated=False),
)
# A heading that shows the file to be of another export with the same names.
FOREIGN = {
    "reached audience",
    "net growth",
    "engaged audience",
    "video title",
    "new followers",
    "total followers",
    "primary",
}


def _kind(sheet: Sheet) -> tuple[_Kind, int] | None:
    for kind in KINDS:
        start = sheet.header_row(kind.headings, ENGLISH)
        if start is None:
            continue
        headings = set(sheet.headings(start, ENGLISH))
        if headings & FOREIGN or (kind.table == "followers" and len(headings) > 3):
            continue
        return kind, len(kind.headings)
    return None


def _recognise(file: SourceFile) -> int:
    match = _kind(file.sheet) if file.sheet else None
    return match[1] if match else 0


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    assert file.sheet is not None
    match = _kind(file.sheet)
    assert match is not None
    kind, _traits = match
    table = table_under(file, kind.headings, ENGLISH)
    notices = ragged_notices(table, file.name)
    rows = pd.DataFrame(index=table.cells.index)
    for title, name in kind.columns.items():
        texts = table.cells[title]
        if name in {"gender", "territory"}:
            rows[name] = texts.str.strip().where(~missing(texts))
            continue
        parsed = parse_shares(texts) if name == "share" else parse_counts(texts)
        rows[name] = parsed.values
        text = N_("{title}: {value!r} is no number; left empty ({count} such cells)")
        notices += row_notices(file.name, table.line, parsed.bad, text, title=title, value=texts)
    reading = Reading(file.name, f"studio {kind.table}", supplies=(kind.table,), download=kind.download)
    if not kind.dated:
        return replace(reading, rows=len(rows), tables={kind.table: rows}, notices=tuple(notices))
    if kind.table == "viewers":
        # Zeros beside an undefined total were never measured.
        unmeasured = rows["viewers"].isna()
        rows[["new_viewers", "returning_viewers"]] = rows[["new_viewers", "returning_viewers"]].mask(unmeasured)
    texts = table.cells["date"].str.strip()
    not_a_day = N_("Date {first!r} is no day; the row is left out{also}")
    if any(has_year(text) for text in texts):
        # Days in numbers, year and all.
        at = parse_times(texts, file.name, order=options.date_order).at
        notices += row_notices(file.name, table.line, at.isna(), not_a_day, first=texts)
        rows.insert(0, "date", at.dt.normalize())
        keys = [name for name in ("date", "hour") if name in rows.columns]
        rows = rows[at.notna()].sort_values(keys, kind="stable", ignore_index=True)
        reading = replace(reading, tables={kind.table: clean_table(kind.table, rows)})
    else:
        days, _language = read_days(texts, file.name, options.language)
        known = texts.isin(list(days))
        notices += row_notices(file.name, table.line, ~known, not_a_day, first=texts)
        rows = rows[known].assign(month=[days[t][0] for t in texts[known]], day=[days[t][1] for t in texts[known]])
        reading = replace(reading, days=DayTable(kind.table, rows.reset_index(drop=True)))
    return replace(reading, rows=len(table.cells), notices=tuple(notices))


READER = Reader(N_("studio daily"), _recognise, _read, tuple(kind.headings for kind in KINDS))
