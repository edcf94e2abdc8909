"""TikTok Studio, the six files on the account: Overview, Viewers, and the four on followers.

Their days have no year; `days` hands them on with month and day, in the order of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from tiktok_coach.core.notices import Download, Notice, more_lines
from tiktok_coach.core.translation import N_, _
from tiktok_coach.io.dates.month_days import read_days
from tiktok_coach.io.dates.parse import has_year, parse_times
from tiktok_coach.io.dates.printed_days import clean_table
from tiktok_coach.io.files.sheets import ENGLISH, Sheet, Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import lines_where, ragged_notices
from tiktok_coach.io.parse import Parsed, missing, parse_counts, parse_shares
from tiktok_coach.io.reading import DayTable, Reader, Reading, ReadOptions


@dataclass(frozen=True)
class _Kind:
    """One of the files: the table it fills, its headings, and what each becomes."""

    table: str
    columns: dict[str, str]
    dated: bool = True
    download: Download | None = None


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
        required = {*kind.columns, *(("date",) if kind.dated else ())}
        start = sheet.header_row(required, ENGLISH)
        if start is None:
            continue
        headings = set(sheet.headings(start, ENGLISH))
        if headings & FOREIGN or (kind.table == "followers" and len(headings) > 3):
            continue
        return kind, len(required)
    return None


def _recognise(file: SourceFile) -> int:
    match = _kind(file.sheet) if file.sheet else None
    return match[1] if match else 0


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    assert file.sheet is not None
    match = _kind(file.sheet)
    assert match is not None
    kind, _traits = match
    table = file.sheet.under({*kind.columns, *(("date",) if kind.dated else ())}, ENGLISH)
    assert table is not None
    notices = ragged_notices(table, file.name)
    rows = pd.DataFrame(index=table.cells.index)
    for title, name in kind.columns.items():
        texts = table.cells[title]
        if name in {"gender", "territory"}:
            rows[name] = texts.str.strip().where(~missing(texts))
            continue
        parsed = parse_shares(texts) if name == "share" else parse_counts(texts)
        rows[name] = parsed.values
        notices += _bad(parsed, texts, title, table, file.name)
    reading = Reading(file.name, f"studio {kind.table}", supplies=(kind.table,), download=kind.download)
    if not kind.dated:
        return replace(reading, rows=len(rows), tables={kind.table: rows}, notices=tuple(notices))
    if kind.table == "viewers":
        # Zeros beside an undefined total were never measured.
        unmeasured = rows["viewers"].isna()
        rows[["new_viewers", "returning_viewers"]] = rows[["new_viewers", "returning_viewers"]].mask(unmeasured)
    texts = table.cells["date"].str.strip()
    if any(has_year(text) for text in texts):
        rows, more = _with_dates(rows, texts, table, file.name, options)
        notices += more
        reading = replace(reading, tables={kind.table: clean_table(kind.table, rows)})
    else:
        days, _other = read_days(texts, file.name, options.language)
        known = texts.isin(list(days))
        notices += _not_days(~known, texts, table, file.name)
        rows = rows[known].assign(month=[days[t][0] for t in texts[known]], day=[days[t][1] for t in texts[known]])
        reading = replace(reading, days=DayTable(kind.table, rows.reset_index(drop=True)))
    return replace(reading, rows=len(table.cells), notices=tuple(notices))


def _with_dates(
    rows: pd.DataFrame, texts: pd.Series, table: Table, where: str, options: ReadOptions
) -> tuple[pd.DataFrame, list[Notice]]:
    """Rows whose days are written in numbers, year and all."""
    times = parse_times(texts, where, order=options.date_order)
    dated = rows.assign(date=times.at.dt.normalize())[times.at.notna()]
    columns = ["date", *(c for c in dated.columns if c != "date")]
    keys = [name for name in ("date", "hour") if name in columns]
    notices = _not_days(times.at.isna(), texts, table, where)
    return dated[columns].sort_values(keys, kind="stable", ignore_index=True), notices


def _not_days(unread: pd.Series, texts: pd.Series, table: Table, where: str) -> list[Notice]:
    """A notice that counts and names the rows whose day cannot be read."""
    if not unread.any():
        return []
    places = lines_where(unread, table.line)
    first, also = texts[unread].iloc[0], more_lines(places)
    return [Notice(where, _("Date {first!r} is no day; the row is left out{also}", first=first, also=also), places[0])]


def _bad(parsed: Parsed, texts: pd.Series, title: str, table: Table, where: str) -> list[Notice]:
    if not parsed.bad.any():
        return []
    position = int(parsed.bad.to_numpy().argmax())
    text = _(
        "{title}: {value!r} is no number; left empty ({count} such cells)",
        title=title,
        value=texts.iloc[position],
        count=int(parsed.bad.sum()),
    )
    return [Notice(where, text, table.line[position])]


READER = Reader(
    N_("studio daily"), _recognise, _read, tuple((*(("date",) if kind.dated else ()), *kind.columns) for kind in KINDS)
)
