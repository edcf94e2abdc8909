"""A user's trends file: hashtags, sounds, challenges and searches that were popular, by region and date.

YAML: `lists:` of {as_of, region, window_days, hashtags, sounds, challenges, searches, effects, small_business,
audience_sounds}, or one such mapping. A sheet has columns kind, name, as_of, and optionally region and window_days; or
it is a list of search topics with their popularity, as people copy it from TikTok's Creator Search Insights, which has
no download: a topic a row, with its day in a column, in the name of the file or of --export-date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator

from tiktok_coach.core.account import KINDS, LISTS, Trends
from tiktok_coach.core.documents.document import validate
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.translation import _
from tiktok_coach.io.dates.parse import parse_times
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import languages_of_table, ragged_notices, table_under
from tiktok_coach.io.marks import Languages
from tiktok_coach.io.parse import parse_counts, parse_numbers, parse_shares
from tiktok_coach.io.reading import Reader, Reading, ReadOptions
from tiktok_coach.io.row_notices import lines_where

COLUMNS = ("kind", "name", "as_of")
# Headings of a list of search topics in several languages, by the column that each fills.
HEADINGS = {
    "name": "topic|search topic|search term|search word|keyword|query|query name|emne|søgeemne|søgeord|thema|suchthema|"
    "suchbegriff|sujet|mot-clé|tema|término|palabra clave|トピック",
    "popularity": "popularity|search popularity|search volume|popularitet|søgepopularitet|beliebtheit|suchvolumen|"
    "popularité|popularidad|popularidade|検索の人気度|人気度",
    "region": "country|land",
    "as_of": "date|day|dato|datum|copied|as of",
}
TOPICS = {heading: name for name, headings in HEADINGS.items() for heading in headings.split("|")}
TOPIC_COLUMNS = ("name", "popularity")
DAY_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


class _List(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    as_of: str
    region: str | None = None
    window_days: int = Field(7, ge=1, le=365)
    source: str | None = None
    hashtags: list[str] = []
    sounds: list[str] = []
    challenges: list[str] = []
    searches: list[str] = []
    effects: list[str] = []
    small_business: list[str] = []
    audience_sounds: list[str] = []

    @field_validator("as_of")
    @classmethod
    def _is_day(cls, value: str) -> str:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError(_("write the day as YYYY-MM-DD"))
        return value


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lists: list[_List]


def _recognise(file: SourceFile) -> int:
    if (sheet := file.sheet) is not None:
        return 6 if sheet.header_row(COLUMNS) is not None or _topics_row(file) is not None else 0
    value = file.document.value if file.document is not None else None
    if not isinstance(value, dict):
        return 0
    return 10 if "lists" in value or ("as_of" in value and set(LISTS) & set(value)) else 0


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    if file.sheet is not None:
        is_list = file.sheet.header_row(COLUMNS) is not None
        return _read_sheet(file, options) if is_list else _read_topics(file, options)
    document = file.document
    assert document is not None
    lists = validate(_File, document).lists if "lists" in document.value else [validate(_List, document)]
    rows: list[dict[str, Any]] = [
        {"kind": kind, "name": name, "region": entry.region, "as_of": entry.as_of, "window_days": entry.window_days}
        for entry in lists
        for plural, kind in LISTS.items()
        for name in getattr(entry, plural)
    ]
    try:
        return _reading(file, pd.DataFrame(rows, columns=["kind", "name", "region", "as_of", "window_days"]), ())
    except ValueError as error:
        raise CoachError(_("as_of is not a day"), where=file.name, hint=_("write the day as YYYY-MM-DD")) from error


def _read_sheet(file: SourceFile, options: ReadOptions) -> Reading:
    table = table_under(file, COLUMNS)
    cells = table.cells
    kinds = cells["kind"].str.strip().str.casefold().replace(LISTS)
    wrong = ~kinds.isin(KINDS)
    if places := lines_where(wrong, table.line):
        text = _("{value!r} is not a kind of trend", value=cells["kind"][wrong].iloc[0])
        hint = _("use one of {names}", names=", ".join(KINDS))
        raise CoachError(text, where=f"{file.name}:{places[0]}", hint=hint)
    times = parse_times(cells["as_of"], file.name, order=options.date_order)
    if places := lines_where(times.at.isna(), table.line):
        text = _("as_of {value!r} is not a day", value=cells["as_of"][times.at.isna()].iloc[0])
        raise CoachError(text, where=f"{file.name}:{places[0]}", hint=_("write it as YYYY-MM-DD"))
    empty = pd.Series("", index=cells.index)
    window, region = (cells.get(name, empty).str.strip() for name in ("window_days", "region"))
    rows = cells[["name"]].assign(kind=kinds, region=region.where(region != ""), as_of=times.at.dt.strftime("%Y-%m-%d"))
    rows["window_days"] = pd.to_numeric(window.where(window.str.fullmatch(r"\d+")), errors="coerce").fillna(7)
    return _reading(file, rows, tuple(ragged_notices(table, file.name)))


def _topics_row(file: SourceFile) -> int | None:
    """The row with the headings of a list of search topics; None for any other sheet, such as one of posts."""
    assert file.sheet is not None
    row = file.sheet.header_row(TOPIC_COLUMNS, TOPICS)
    return None if row is None or {"caption", "views", "likes"} & set(file.sheet.headings(row)) else row


def _read_topics(file: SourceFile, options: ReadOptions) -> Reading:
    table = table_under(file, TOPIC_COLUMNS, TOPICS)
    cells = table.cells
    has_name = cells["name"].str.strip() != ""
    if "as_of" in cells:
        times = parse_times(cells["as_of"], file.name, order=options.date_order)
        if places := lines_where(has_name & times.at.isna(), table.line):
            text = _("as_of {value!r} is not a day", value=cells["as_of"][has_name & times.at.isna()].iloc[0])
            raise CoachError(text, where=f"{file.name}:{places[0]}", hint=_("write it as YYYY-MM-DD"))
        days = times.at.dt.strftime("%Y-%m-%d")
    elif (day := _day_of(file, options)) is not None:
        days = pd.Series(day, index=cells.index)
    else:
        hint = _("put the day into the file's name, as in topics-2026-11-20.csv, or say it with --export-date")
        raise CoachError(_("doesn't say of which day its search topics are"), where=file.name, hint=hint)
    region = cells.get("region", pd.Series("", index=cells.index)).str.strip()
    rows = cells[["name"]].assign(kind="search", region=region.where(region != ""), as_of=days, window_days=7)
    rows["popularity"] = _popularity(cells["popularity"], languages_of_table(table, options))
    return _reading(file, rows[has_name], tuple(ragged_notices(table, file.name)))


def _day_of(file: SourceFile, options: ReadOptions) -> str | None:
    if options.export_date is not None:
        return options.export_date.isoformat()
    day = DAY_IN_NAME.search(file.stem)
    return None if day is None else "-".join(day.groups())


def _popularity(texts: pd.Series, languages: Callable[[], Languages]) -> pd.Series:
    """How popular topics are: a share (66%), a count (12,345, 12.3K), else a number; NaN for a word such as `high`."""
    is_share = texts.str.contains("[%\uff05\u066a]", regex=True)
    shares, others = parse_shares(texts.where(is_share, "")).values, texts.mask(is_share, "")
    counts = parse_counts(others, languages=languages).values
    return shares.fillna(counts).fillna(parse_numbers(others, whole=True).values)


def _reading(file: SourceFile, rows: pd.DataFrame, notices: tuple[Notice, ...]) -> Reading:
    table = pd.DataFrame(
        {
            "kind": rows["kind"].astype("str"),
            "name": rows["name"].astype("str").str.strip().str.removeprefix("#").str.casefold(),
            "region": rows["region"].astype("str").str.upper(),
            "as_of": pd.to_datetime(rows["as_of"], utc=True, format="%Y-%m-%d").astype("datetime64[us, UTC]"),
            "window_days": rows["window_days"].astype("int64"),
            "popularity": rows.get("popularity", np.nan),
        }
    )
    return Reading(file.name, "trends", rows=len(table), trends=Trends(table), notices=notices, supplies=("trends",))


READER = Reader("trends", _recognise, _read, (COLUMNS,))
