"""TikTok Studio, the six files on the account: Overview, Viewers, and the four on followers.

Their days have no year; `days` hands them on with month and day, in the order of the file.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from tiktok_coach.core.notices import Download
from tiktok_coach.core.translation import N_, plurals
from tiktok_coach.io.dates.month_days import read_days
from tiktok_coach.io.dates.parse import has_year, parse_times
from tiktok_coach.io.dates.printed_days import clean_table
from tiktok_coach.io.files.sheets import ENGLISH, Sheet, Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import own_columns, ragged_notices, table_under
from tiktok_coach.io.parse import missing, parse_counts, parse_shares
from tiktok_coach.io.readers import COLUMNS_BY_FORMAT
from tiktok_coach.io.reading import DayTable, Reader, Reading, ReadOptions, language_notices
from tiktok_coach.io.row_notices import row_notices

COLUMNS: dict[str, dict[str, str]] = COLUMNS_BY_FORMAT["studio daily"]
UNDATED = ("gender", "territories")
HEADINGS = {name: (*(("date",) if name not in UNDATED else ()), *of.values()) for name, of in COLUMNS.items()}
DOWNLOADS: dict[str, Download] = {"overview": "overview", "activity": "followers"}
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


def _table_name(sheet: Sheet) -> str | None:
    """Which of the files a sheet is."""
    for name, required in HEADINGS.items():
        if (start := sheet.header_row(required, ENGLISH)) is not None:
            headings = set(sheet.headings(start, ENGLISH))
            if not headings & FOREIGN and (name != "followers" or len(headings) <= 3):
                return name
    return None


def _recognise(file: SourceFile) -> int:
    name = _table_name(file.sheet) if file.sheet else None
    return len(HEADINGS[name]) if name else 0


def _named_table(file: SourceFile) -> tuple[str, Table]:
    name = _table_name(file.sheet) if file.sheet else None
    assert name is not None
    table = table_under(file, HEADINGS[name], ENGLISH)
    return name, replace(table, known={}, own=own_columns(table, COLUMNS[name]))


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    name, table = _named_table(file)
    notices = ragged_notices(table, file.name)
    rows = pd.DataFrame(index=table.cells.index)
    for column, title in COLUMNS[name].items():
        texts = table.cells[title]
        if column in {"gender", "territory"}:
            rows[column] = texts.str.strip().where(~missing(texts))
            continue
        parsed = parse_shares(texts) if column == "share" else parse_counts(texts)
        rows[column] = parsed.values
        text = plurals(
            "{title}: {value!r} is not a number; left empty",
            "{title}: {value!r} is not a number; left empty ({count} such cells)",
        )
        notices += row_notices(file.name, table.line, parsed.bad, text, title=title, value=texts)
    reading = Reading(file.name, f"studio {name}", supplies=(name,), download=DOWNLOADS.get(name))
    if name in UNDATED:
        return replace(reading, rows=len(rows), tables={name: rows}, notices=tuple(notices))
    if name == "viewers":
        # Zeros beside an undefined total were never measured.
        unmeasured = rows["viewers"].isna()
        rows[["new_viewers", "returning_viewers"]] = rows[["new_viewers", "returning_viewers"]].mask(unmeasured)
    texts = table.cells["date"].str.strip()
    not_a_day = N_("Date {first!r} is not a day; the row is left out{also}")
    if any(has_year(text) for text in texts):
        # Days in numbers, year and all.
        at = parse_times(texts, file.name, order=options.date_order).at
        notices += row_notices(file.name, table.line, at.isna(), not_a_day, first=texts)
        rows.insert(0, "date", at.dt.normalize())
        keys = [key for key in ("date", "hour") if key in rows.columns]
        rows = rows[at.notna()].sort_values(keys, kind="stable", ignore_index=True)
        reading = replace(reading, tables={name: clean_table(name, rows)})
    else:
        days, language = read_days(texts, file.name, options.language, options.languages)
        notices += language_notices(file.name, language, options)
        known = texts.isin(list(days))
        notices += row_notices(file.name, table.line, ~known, not_a_day, first=texts)
        rows = rows[known].assign(month=[days[t][0] for t in texts[known]], day=[days[t][1] for t in texts[known]])
        reading = replace(reading, days=DayTable(name, rows.reset_index(drop=True)))
    return replace(reading, rows=len(table.cells), notices=tuple(notices))


READER = Reader(
    N_("studio daily"),
    _recognise,
    _read,
    tuple(HEADINGS.values()),
    is_sure=True,
    table=lambda file, _options: _named_table(file)[1],
)
