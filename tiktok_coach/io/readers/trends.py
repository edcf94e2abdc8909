"""A user's trends file: hashtags, sounds, challenges and searches that were popular, by region and date.

YAML: `lists:` of {as_of, region, window_days, hashtags, sounds, challenges, searches, effects, small_business,
audience_sounds}, or one such mapping. CSV: columns kind, name, as_of, and optionally region and window_days.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator

from tiktok_coach.core.account import KINDS, LISTS, Trends
from tiktok_coach.core.documents.document import validate
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.translation import _
from tiktok_coach.io.dates.parse import parse_times
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import ragged_notices, table_under
from tiktok_coach.io.reading import Reader, Reading, ReadOptions
from tiktok_coach.io.row_notices import lines_where

COLUMNS = ("kind", "name", "as_of")


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
        return 6 if sheet.header_row(COLUMNS) is not None else 0
    value = file.document.value if file.document is not None else None
    if not isinstance(value, dict):
        return 0
    return 10 if "lists" in value or ("as_of" in value and set(LISTS) & set(value)) else 0


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    if file.sheet is not None:
        return _read_sheet(file, options)
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


def _reading(file: SourceFile, rows: pd.DataFrame, notices: tuple[Notice, ...]) -> Reading:
    table = pd.DataFrame(
        {
            "kind": rows["kind"].astype("str"),
            "name": rows["name"].astype("str").str.strip().str.removeprefix("#").str.casefold(),
            "region": rows["region"].astype("str").str.upper(),
            "as_of": pd.to_datetime(rows["as_of"], utc=True, format="%Y-%m-%d").astype("datetime64[us, UTC]"),
            "window_days": rows["window_days"].astype("int64"),
        }
    )
    return Reading(file.name, "trends", rows=len(table), trends=Trends(table), notices=notices, supplies=("trends",))


READER = Reader("trends", _recognise, _read, (COLUMNS,))
