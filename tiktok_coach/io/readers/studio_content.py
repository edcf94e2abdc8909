"""TikTok Studio, Content.csv/.xlsx: the top list of posts, with the day of each and its counts.

The day has no year and the time of day is not given, but the video id holds the second of the upload.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice, more_lines
from tiktok_coach.core.translation import N_, _, plurals
from tiktok_coach.io.dates.month_days import Days, nearest_on_or_after, read_days
from tiktok_coach.io.dates.parse import times_of
from tiktok_coach.io.files.sheets import ENGLISH, Row, Sheet, Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import count_headings, format_table, read_table, table_under
from tiktok_coach.io.readers import COLUMNS_BY_FORMAT
from tiktok_coach.io.reading import Reader, Reading, ReadOptions, language_notices
from tiktok_coach.io.row_notices import row_notices

REQUIRED = ("video title", "video link", "post time", "total likes", "total comments", "total shares", "total views")
MAPPING: dict[str, str] = COLUMNS_BY_FORMAT["studio content"]
# Days without a year, which are read here.
OWN = {"time": "metrics_at", "post time": "posted_at"}
STANDARD_ORDER = ["time", *REQUIRED]
# The first line of Content.csv in English.
FIRST_LINE = ",".join(f'"{name}"' for name in STANDARD_ORDER)
TAIL = re.compile(
    r'"(?P<link>https?://[^"\s]*tiktok\.com/[^"\s]*)","(?P<day>[^"\n]*)","(?P<likes>[^"\n]*)","(?P<comments>[^"\n]*)",'
    r'"(?P<shares>[^"\n]*)","(?P<views>[^"\n]*)"\r?(?:\n|$)'
)
START = re.compile(r'\s*"(?P<time>[^"\n]*)","(?P<title>.*)",\Z', re.DOTALL)
LINKED = r"(?i)^https?://[^\s]*tiktok\.com/"


def _glance(file: SourceFile) -> bool:
    """Whether a file begins as Content.csv does, and nothing else."""
    line, newline, _rest = file.head.partition(b"\n")
    return bool(newline) and line.decode("utf-8-sig", "replace").strip().casefold() == FIRST_LINE


def _repaired(file: SourceFile) -> tuple[Table, list[Notice]]:
    assert file.sheet is not None
    table, notices = _repair(file.sheet, table_under(file, REQUIRED, ENGLISH))
    return format_table(table, MAPPING, OWN), notices


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    table, repaired = _repaired(file)
    declared = Reading(
        file.name,
        N_("studio content"),
        trust=60,
        time_trust=1,
        lists_every_post=False,
        lists_most_viewed=True,
        download="posts",
        supplies=("caption", "link", "posted_at", "views", "likes", "comments", "shares"),
    )
    # An exported list holds posts that are out: whether one is planned is never in it.
    reading = read_table(declared, table, options)
    posts = reading.posts
    assert posts is not None
    days, lines = table.cells["post time"][posts.index], [table.line[row] for row in posts.index]
    exported_on = table.cells.get("time", pd.Series(dtype="str")).fillna("").str.strip()
    read, language = _days(days.str.strip(), exported_on, file.name, options)
    posts["printed_on"], odd = _printed_days(days, posts["uploaded_at"], file.name, read, lines)
    exported, odd_export = _export_day(exported_on, file.name, read, table.line)
    odd += language_notices(file.name, language, options)
    notices = (*repaired, *reading.notices, *odd, *odd_export, *_undated(posts, file.name, lines))
    return replace(reading, notices=notices, exported_on=exported)


def _repair(sheet: Sheet, table: Table) -> tuple[Table, list[Notice]]:
    """Rows whose quotation marks are not escaped, read again from their links and the five fields after each."""
    shifted = ~table.cells["video link"].str.contains(LINKED, regex=True)
    # The traces that an unescaped quotation mark leaves in a title.
    stray = table.cells["video title"].str.contains(r'"(?:,|$)|^"', regex=True)
    is_damaged = bool(table.ragged) or shifted.any() or stray.any()
    if not is_damaged or table.headings != STANDARD_ORDER or not sheet.text:
        return table, []
    start = sheet.header_row(REQUIRED, ENGLISH)
    assert start is not None
    body_line = sheet.rows[start + 1].line if start + 1 < len(sheet.rows) else 0
    body = sheet.text_from(start + 1)
    rows: list[Row] = []
    end = 0
    for tail in TAIL.finditer(body):
        opening = START.match(body[end : tail.start()])
        if not opening:
            return table, []
        line = body_line + body.count("\n", 0, end)
        rows.append(Row(line, [opening["time"], _unescaped(opening["title"]), *tail.groups()]))
        end = tail.end()
    if not rows or body[end:].strip():
        return table, []
    as_read = {tuple(cells) for cells in table.cells[STANDARD_ORDER].itertuples(index=False)}
    mended = [row.line for row in rows if tuple(row.cells) not in as_read]
    text = _("quotation marks in the title are not escaped; the row was repaired from its link")
    cells = pd.DataFrame([row.cells for row in rows], columns=STANDARD_ORDER, dtype="str")
    notices = [Notice(sheet.where, text + more_lines(mended), mended[0])] if mended else []
    return replace(table, cells=cells, line=[row.line for row in rows], ragged=[], before=[]), notices


def _unescaped(title: str) -> str:
    """A raw quoted title: doubled quotation marks are one where all of them are doubled, else they stand as written."""
    return title.replace('""', '"') if '"' not in title.replace('""', "") else title


def _days(days: pd.Series, exported_on: pd.Series, where: str, options: ReadOptions) -> tuple[Days, str | None]:
    """What each text of both columns says, in one language, since many days are written alike in several."""
    texts = [text for text in (*days, *exported_on) if text]
    try:
        return read_days(texts, where, options.language, options.languages)
    except CoachError:
        # The day of the export is worth less than those of the posts.
        return read_days([text for text in days if text], where, options.language, options.languages)


def _printed_days(
    texts: pd.Series, uploaded: pd.Series, where: str, days: Days, lines: Sequence[int]
) -> tuple[pd.Series, list[Notice]]:
    """The printed day of each post, its year the one that puts it nearest on or after the upload."""
    texts = texts.str.strip()
    text = N_("Post time {value!r} is not a day; the day of the post is unknown{also}")
    notices = row_notices(where, lines, (texts != "") & ~texts.isin(list(days)), text, value=texts)
    printed = [
        nearest_on_or_after(days[text], moment.to_pydatetime()) if text in days and not pd.isna(moment) else None
        for text, moment in zip(texts, uploaded, strict=True)
    ]
    return times_of(printed, texts.index), notices


def _export_day(
    texts: pd.Series, where: str, days: Days, lines: Sequence[int]
) -> tuple[tuple[int, int] | None, list[Notice]]:
    """The (month, day) on which the list was downloaded; None where it does not say one."""
    distinct = {days.get(text) for text in texts if text}
    if None in distinct:
        return None, [Notice(where, _("the day of the export (Time) cannot be read"), lines[0])]
    return (distinct.pop() if len(distinct) == 1 else None), []


def _undated(posts: pd.DataFrame, where: str, lines: Sequence[int]) -> list[Notice]:
    no_id = posts["uploaded_at"].isna()
    no_link = plurals(
        "{count} post of {all} has a link without an id, so the year of its day is unknown",
        "{count} posts of {all} have a link without an id, so the year of their day is unknown",
    )
    contradiction = plurals(
        "{count} post of {all} prints a day that does not go with the upload time in its id; its day is unknown",
        "{count} posts of {all} print a day that does not go with the upload time in their id; their day is unknown",
    )
    checks = ((no_id, no_link), (~no_id & posts["printed_on"].isna(), contradiction))
    return [n for mask, text in checks for n in row_notices(where, lines, mask, text, all=len(posts))]


READER = Reader(
    N_("studio content"),
    lambda file: count_headings(file, REQUIRED, aliases=ENGLISH),
    _read,
    (REQUIRED,),
    is_sure=True,
    glance=_glance,
    table=lambda file, _options: _repaired(file)[0],
)
