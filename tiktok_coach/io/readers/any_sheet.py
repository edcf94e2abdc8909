"""A sheet of posts of any make: CSV, TSV, XLSX, JSON or Parquet, told by what its headings and values say."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from tiktok_coach.core.captions import join_tags
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.io.columns.headings import ENGLISH
from tiktok_coach.io.columns.inference import Understanding, understand
from tiktok_coach.io.columns.names import BARE, WEAK, Meaning, meanings
from tiktok_coach.io.columns.sheet import COUNTS, filled, refuse_unclear, tells_posts
from tiktok_coach.io.dates.day_order import infer_order
from tiktok_coach.io.files.json_structures import records, text_of
from tiktok_coach.io.files.sheets import PREAMBLE_ROWS, Sheet, Table, heading
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import table_of
from tiktok_coach.io.options import ReadOptions
from tiktok_coach.io.reading import Reader, Reading

# What is looked at before it is decided whether to read all of it.
GLANCE = 300
LONGEST_HEADING = 80
# More than a calendar kept by hand shows, since counts are results, and less than any format of its own.
CLAIM = 3


def _recognise(file: SourceFile) -> int:
    table = table_in(file, {}, GLANCE)
    return CLAIM if table is not None and _is_posts(table) else 0


def _is_posts(table: Table) -> bool:
    found = understand(table.cells, {}, "")
    named = {m.fact for name in table.cells.columns for m in _named(name) if m.fact and m.sure >= BARE}
    if "link" in named and "link" not in found.mapping and _elsewhere(table) is not None:
        return False
    asked = {question.split(" ")[0] for question in found.questions}
    return tells_posts(frozenset({*found.mapping, *asked})) or (bool(found.wrong) and tells_posts(frozenset(named)))


def _elsewhere(table: Table) -> str | None:
    """Where links lead, where that is not TikTok."""
    for name in table.cells.columns:
        if any(m.fact == "link" and m.sure >= BARE for m in _named(name)):
            sites = table.cells[name].str.extract(r"^https?://(?:www\.)?([^/\s:]+)", expand=False).dropna()
            others = sites[~sites.str.endswith("tiktok.com")]
            if len(others):
                return str(others.iloc[0])
    return None


def what_posts_lack(file: SourceFile) -> CoachError | None:
    """What a sheet that speaks of posts lacks to be read as one; None for a sheet that does not."""
    table = table_in(file, {}, GLANCE)
    if table is None:
        return None
    found = understand(table.cells, {}, file.name)
    counts = [fact for fact in COUNTS if fact in found.mapping]
    if (site := _elsewhere(table)) is not None and counts:
        return CoachError(
            _("is a sheet of posts whose links lead to {site}, not to TikTok", site=site), where=file.name
        )
    of_days = {"date", "total viewers", "video views", "profile views", "reached audience"} & {
        heading(n, ENGLISH) for n in table.headings
    }
    if len(counts) < 2 or (of_days and not {"caption", "duration_s"} & set(found.mapping)):
        return None
    return CoachError(
        _(
            "looks like a sheet of posts ({names}), but no column holds their ids, links or captions",
            names=", ".join(counts),
        ),
        where=file.name,
        hint=_(
            "add one, or name it with --column post_id=HEADING; `tiktok-coach columns` shows how each was understood"
        ),
    )


def table_in(file: SourceFile, given: Mapping[str, Sequence[str]], most: int | None = None) -> Table | None:
    """The table of a file, or the first `most` rows of it; None where it holds none. `given` are headings named by hand."""
    if file.is_parquet:
        return _parquet(file, most)
    if (sheet := file.sheet) is not None:
        start = _header(sheet, given)
        if start is None:
            return None
        headings = _unique([cell.strip().removeprefix("\ufeff") for cell in sheet.rows[start].cells])
        return sheet.below(start, headings, most)
    rows = _rows(file.json)
    if not rows:
        return None
    kept, _other = records(rows[:most])
    table = table_of([{key: _listed(value) for key, value in record.items()} for record in kept])
    return table if len(table.cells.columns) else None


@lru_cache(maxsize=4096)
def _named(heading: str) -> tuple[Meaning, ...]:
    return tuple(meanings(heading)) if len(heading) <= LONGEST_HEADING else ()


def _header(sheet: Sheet, given: Mapping[str, Sequence[str]]) -> int | None:
    """The row with most headings that are known, or that are named by hand."""
    by_hand = {name for names in given.values() for name in names}
    best, most = None, 1
    for position, row in enumerate(sheet.rows[:PREAMBLE_ROWS]):
        cells = [cell.strip().removeprefix("\ufeff") for cell in row.cells]
        known = sum(2 if c in by_hand else bool(c) and any(m.sure >= WEAK for m in _named(c)) for c in cells)
        if known > most:
            best, most = position, known
    return best


def _unique(headings: list[str]) -> list[str]:
    """Headings that stand twice told apart: `Views`, `Views (2)`."""
    seen: dict[str, int] = {}
    told = []
    for name in headings:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 or not name else f"{name} ({seen[name]})")
    return told


def _rows(value: Any, depth: int = 3) -> list[Any]:
    """The longest list of objects in a JSON value, not far below its top."""
    if isinstance(value, list):
        return value if any(isinstance(row, dict) for row in value) else []
    if not isinstance(value, dict) or not depth:
        return []
    return max((_rows(inner, depth - 1) for inner in value.values()), key=len, default=[])


def _listed(value: Any) -> Any:
    """A list of words, or of objects with a name, as the hashtags that it most often is."""
    if not isinstance(value, list):
        return value
    words = [
        v if isinstance(v, str) else v.get("name") or v.get("title") if isinstance(v, dict) else None for v in value
    ]
    return join_tags(text_of(w) or "" for w in words if w) or None if any(words) else None


def _parquet(file: SourceFile, most: int | None) -> Table | None:
    source: Any = file.path if file.path is not None else io.BytesIO(file.content)
    try:
        rows = pd.read_parquet(source)
    except Exception as error:  # pyarrow raises many kinds for a damaged file
        if isinstance(error, (MemoryError, KeyboardInterrupt)):
            raise
        raise CoachError(_("the Parquet file cannot be read"), where=file.name, hint=_("write it again")) from error
    rows = rows.head(most) if most is not None else rows
    cells = pd.DataFrame({str(name): _texts(rows[name]) for name in rows.columns})
    return Table([*cells.columns], cells.reset_index(drop=True), list(range(1, len(cells) + 1)))


def _texts(column: pd.Series) -> pd.Series:
    """A typed column as the texts that a file would hold; missing stays missing."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        texts = column.dt.tz_convert("UTC").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    elif pd.api.types.is_datetime64_any_dtype(column):
        texts = column.dt.strftime("%Y-%m-%d %H:%M:%S")
    elif pd.api.types.is_float_dtype(column):
        whole = column.dropna()
        texts = (
            column.astype("Int64")
            if len(whole) and bool((whole == whole.round()).all()) and whole.abs().max() < 2**53
            else column
        )
    else:
        texts = column
    shown: pd.Series = texts.astype("str").where(column.notna())
    return shown


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    table = table_in(file, options.columns)
    assert table is not None
    found = understand(table.cells, options.columns, file.name)
    refuse_unclear(found, file.name)
    posts, notices = filled(table, found, file.name, options)
    if "posted_at" in posts.columns and "uploaded_at" in posts.columns:
        posts = _with_printed_days(posts)
    posts["status"] = pd.Series("published", index=posts.index, dtype="str")
    dates = table.cells[found.mapping["posted_at"]].dropna() if "posted_at" in found.mapping else pd.Series(dtype="str")
    return Reading(
        file.name,
        "sheet",
        rows=len(table.cells) + len(table.ragged),
        posts=posts,
        notices=tuple(notices),
        trust=45,
        matches_titles=not {"post_id", "link"} & set(found.mapping),
        supplies=tuple(found.mapping),
        date_order=infer_order(list(dates)),
        columns=found.mapping,
    )


def _with_printed_days(posts: pd.DataFrame) -> pd.DataFrame:
    """Days without an hour as days printed beside an upload, from which the hour follows where the two agree."""
    bare = posts["posted_at_precision"] == "day"
    if not bare.any() or not (bare | posts["posted_at"].isna()).all():
        return posts
    return posts.assign(printed_on=posts["posted_at"])


def understood(file: SourceFile, options: ReadOptions) -> Understanding | None:
    """How the columns of a file would be understood; None where it holds no table."""
    table = table_in(file, options.columns)
    return understand(table.cells, options.columns, file.name) if table is not None else None


READER = Reader("sheet", _recognise, _read, last=True)
