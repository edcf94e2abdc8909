"""The tool's own posts table as CSV, Parquet or JSON: what `convert` writes.

A file may leave columns out. A column that the schema does not know is kept as it is, and named. A CSV in which every
cell is written as `convert` writes it is read by Arrow at once; any other is read cell by cell, which takes four times
as long and names what cannot be read. Both give the same.
"""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import IN_FULL_LIST, PROVENANCE, Notice, Pattern, Provenance, Source
from tiktok_coach.core.schema import COLUMNS, DERIVED, Column, conform, out_of_range, unescape_formulas, units_of
from tiktok_coach.core.translation import _, plural, plurals
from tiktok_coach.io.admission import TIKTOK_LINK, of_tiktok, refuse_elsewhere, row_role, with_plain_status
from tiktok_coach.io.dates.parse import FIRST_YEAR, LAST_YEAR
from tiktok_coach.io.files.decoding import records, rows_of
from tiktok_coach.io.files.parquet import parquet_columns, parquet_table, read_parquet
from tiktok_coach.io.files.sheets import Table, separator_of
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import fill, identify, named_by_schema, odd_entries, table_of
from tiktok_coach.io.parse import parse_column
from tiktok_coach.io.reading import Reader, Reading, ReadOptions
from tiktok_coach.io.row_notices import row_notices

# A canonical file is told by the schema's own name of the id, beside at least one of these.
MARKS = set(COLUMNS) | DERIVED
# Shares and lengths of the own format have one spelling, so nothing is decided from the column.
_OWN_UNITS = {name: "share" if spec.kind == "share" else "s" for name, spec in COLUMNS.items() if units_of(spec)}
DOUBTFUL = 2
EARLIEST, LATEST = (pd.Timestamp(year, 1, 1, tz="UTC") for year in (FIRST_YEAR, LAST_YEAR))
IGNORED = {*DERIVED, PROVENANCE, IN_FULL_LIST}
# A part of what `convert` writes as the sources of a post, and the formats among them that leave posts out.
SOURCE = re.compile(r"(?P<format>[^;:()]+) \((?P<name>.*?)\): (?P<columns>\w+(?:, \w+)*)(?:; |\Z)", re.DOTALL)
PARTIAL_FORMATS = frozenset(
    {"studio content", "studio page in part", "sidecar", "hand-kept sheet", "video", "subtitles"}
)
CONTENT = {"caption", "views", "likes", "posted_at", "uploaded_at", "status"}
# Clean cells by the kind of their column; the years of times are from FIRST_YEAR to LAST_YEAR.
NUMBER = r"^\d{1,12}(?:\.\d{1,12})?$"
TIME = r"^20\d\d-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?$"
TIKTOK = "https://www.tiktok.com/"
CLEAN = {"count": r"^\d{1,15}$", "share": NUMBER, "number": NUMBER, "time": TIME}


def _marks(names: set[str]) -> int:
    if "post_id" not in names or not names & CONTENT:
        return 0
    # What `convert` writes names its sources; a sheet of another make may share a few of the names.
    is_own = "sources" in names or len(names & MARKS) * 2 >= len(names)
    return len(names & MARKS) + 3 if is_own else DOUBTFUL


def _recognise(file: SourceFile) -> int:
    if file.is_parquet:
        # Reading says what is wrong with a damaged one.
        names = parquet_columns(file)
        return _marks(set(names)) or int(not names or not COLUMNS.keys().isdisjoint(names))
    if (sheet := file.sheet) is not None:
        return _marks({cell.strip() for cell in sheet.rows[0].cells}) if sheet.rows else 0
    rows = rows_of(file.json, "posts", "")
    first = rows[0] if rows else None
    return _marks(set(first)) if isinstance(first, dict) else 0


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    notices: list[Notice] = []
    if file.is_parquet:
        posts, notices = _read_parquet(file)
    elif (clean := _clean(file)) is not None:
        posts = clean
    else:
        posts, notices = _read_texts(file, options)
    posts = posts.drop(columns=[c for c in posts.columns if c in IGNORED])
    extras = [c for c in posts.columns if c not in COLUMNS]
    if extras:
        names = ", ".join(extras[:8]) + (", …" if len(extras) > 8 else "")
        text = _("columns the posts table does not know are kept as extras: {named}", named=names)
        notices.append(Notice(file.name, text, level="info"))
    columns = tuple(c for c in posts.columns if c in COLUMNS)
    posts, provenance = _with_provenance(posts)
    return Reading(
        file.name,
        "canonical",
        rows=len(posts),
        posts=posts,
        notices=tuple(notices),
        trust=80,
        time_trust=2,
        supplies=columns,
        headings=frozenset(columns),
        provenance=provenance,
    )


def _with_provenance(posts: pd.DataFrame) -> tuple[pd.DataFrame, Provenance | None]:
    """The posts with what their column `sources` says as fields; None where they have no such column."""
    if "sources" not in posts.columns:
        return posts, None
    ids: dict[Source, int] = {}
    patterns: list[Pattern] = []
    for sentence in map(str, posts["sources"].cat.categories):
        parts = [*SOURCE.finditer(sentence)]
        if "; ".join(part[0].removesuffix("; ") for part in parts) != sentence:
            # Another's own words are kept as they are.
            patterns.append(((ids.setdefault(Source(sentence, ""), len(ids)), ()),))
            continue
        sources = [Source(p["name"], p["format"], lists_every_post=p["format"] not in PARTIAL_FORMATS) for p in parts]
        columns = [tuple(part["columns"].split(", ")) for part in parts]
        patterns.append(tuple((ids.setdefault(s, len(ids)), c) for s, c in zip(sources, columns, strict=True)))
    codes = posts["sources"].cat.codes
    return posts.drop(columns="sources").assign(**{PROVENANCE: codes}), Provenance(tuple(ids), tuple(patterns))


def _read_parquet(file: SourceFile) -> tuple[pd.DataFrame, list[Notice]]:
    hint = _("write it again with convert")
    posts = read_parquet(file, hint)
    if "post_id" not in posts.columns:
        raise CoachError(_("a Parquet file needs a column post_id"), where=file.name, hint=_("write it with convert"))
    if not pd.api.types.is_string_dtype(posts["post_id"]):
        text = _("post_id is not text, so ids may have lost digits")
        raise CoachError(text, where=file.name, hint=_("write ids as texts"))
    try:
        posts = conform(posts)
    except (ValueError, TypeError) as error:
        raise CoachError(_("a column has the wrong type ({error})", error=error), where=file.name, hint=hint) from error
    roles = [name for name in posts.columns if name in {"post_id", "link"} or row_role(name)]
    table = of_tiktok(Table(roles, posts[roles].astype("str"), range(1, len(posts) + 1)), file.name)
    refuse_elsewhere(table, file.name)
    posts, notices = posts if len(table.cells) == len(posts) else posts.loc[table.cells.index], [*table.left]
    for name in [n for n in posts.columns if n in COLUMNS and COLUMNS[n].kind == "time"]:
        # A typed file may hold any number of microseconds, also such as no calendar shows.
        outside = (posts[name].array < EARLIEST) | (posts[name].array >= LATEST)
        if outside.any():
            posts[name] = posts[name].mask(outside)
            text = plural(
                "{name}: {count} time is outside {first_year}-{last_year}; left empty",
                "{name}: {count} times are outside {first_year}-{last_year}; left empty",
                int(outside.sum()),
                name=name,
                first_year=FIRST_YEAR,
                last_year=LAST_YEAR,
            )
            notices.append(Notice(file.name, text))
    return posts, notices


def _table(file: SourceFile, _options: ReadOptions) -> Table:
    if file.is_parquet:
        table = parquet_table(file, _("write it again with convert"))
    elif (sheet := file.sheet) is not None:
        table = sheet.below(0, [cell.strip() for cell in sheet.rows[0].cells])
    else:
        table = table_of(records(rows_of(file.json, "posts", "") or [])[0])
    return named_by_schema(table)


def _read_texts(file: SourceFile, options: ReadOptions) -> tuple[pd.DataFrame, list[Notice]]:
    table = _table(file, options)
    notices: list[Notice] = []
    if file.sheet is not None:
        # An empty field of a CSV is a missing value; a JSON text that is empty says so.
        for name, texts in [*table.cells.items()]:
            table.cells[name] = unescape_formulas(texts.mask(texts == ""))
    else:
        notices += odd_entries(records(rows_of(file.json, "posts", "") or [])[1], file.name)
    table = of_tiktok(table, file.name)
    refuse_elsewhere(table, file.name)
    if "status" in table.cells.columns:
        table = with_plain_status(table, file.name)
    known = {name: name for name in COLUMNS if name in table.cells.columns}
    posts, more = fill(table, known, file.name, options, units=_OWN_UNITS, is_own=True)
    if "posted_at_precision" in table.cells.columns:
        posts["posted_at_precision"] = table.cells["posted_at_precision"].fillna(posts.get("posted_at_precision"))
    posts, ids = identify(posts, file.name, table.line)
    extras = {name: table.cells[name] for name in table.cells.columns if name not in MARKS}
    if "post_id" in posts.columns:
        text = plurals("{count} row has no post_id", "{count} rows have no post_id")
        notices += row_notices(file.name, table.line, posts["post_id"].isna(), text)
    return conform(posts.assign(**extras)), [*notices, *more, *ids]


class _NotCleanError(Exception):
    """Something that only the careful way can read."""


def _header(file: SourceFile) -> list[str]:
    """The cells of the first line of a comma-separated file, from its head alone; empty where it is none."""
    if file.suffix != ".csv" or b"\0" in file.head:
        return []
    text = file.head.decode("utf-8-sig", "replace")
    line, newline, _ = text.partition("\n")
    if not newline or separator_of(text) != ",":
        return []
    try:
        return next(csv.reader(io.StringIO(line.removesuffix("\r"))), [])
    except csv.Error:
        return []


def _glance(file: SourceFile) -> bool:
    """Whether the head of a file tells that it is a CSV of the posts table and nothing else."""
    names = set(_header(file))
    return bool(names) and names <= MARKS and "post_id" in names and bool(names & CONTENT)


def _clean(file: SourceFile) -> pd.DataFrame | None:
    """The posts of a clean CSV; None for one in which anything is to be named."""
    names = _header(file)
    if file.path is None or not _glance(file) or len(set(names)) < len(names):
        return None
    try:
        posts = _posts(_arrow_table(file, names))
    except (_NotCleanError, pa.ArrowException, UnicodeDecodeError, OverflowError):
        return None
    posts, notices = identify(posts, file.name, range(len(posts)))
    return None if notices or posts["post_id"].isna().any() else conform(posts)


def _arrow_table(file: SourceFile, names: list[str]) -> pa.Table:
    content = file.content
    if b"\r" in content or b"\0" in content or (b'"' in content and not _quoted_well(content)):
        raise _NotCleanError
    columns = [name for name in names if name in COLUMNS]
    return pc_csv.read_csv(
        pa.BufferReader(content),
        read_options=pc_csv.ReadOptions(block_size=1 << 24),
        parse_options=pc_csv.ParseOptions(newlines_in_values=True),
        convert_options=pc_csv.ConvertOptions(
            include_columns=columns,
            column_types=dict.fromkeys(columns, pa.large_string()),
            strings_can_be_null=True,
            null_values=[""],
            quoted_strings_can_be_null=True,
        ),
    )


def _quoted_well(content: bytes) -> bool:
    """Whether every quotation mark opens a field, closes one, or stands doubled within a quoted one.

    What a mark elsewhere means is read differently by different readers.
    """
    octets = np.frombuffer(content, dtype=np.uint8)
    marks = (octets == ord('"')).nonzero()[0]
    edges = np.frombuffer(b',\n"', dtype=np.uint8)
    opening, closing = marks[::2], marks[1::2]
    before = octets[opening[opening > 0] - 1]
    after = octets[closing[closing < len(octets) - 1] + 1]
    return len(opening) == len(closing) and bool(np.isin(before, edges).all() and np.isin(after, edges).all())


def _posts(table: pa.Table) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for name in table.column_names:
        spec, texts = COLUMNS[name], table.column(name).combine_chunks()
        if name == "link" and not _all(texts.filter(pc.invert(pc.starts_with(texts, TIKTOK))), TIKTOK_LINK):
            raise _NotCleanError
        columns[name] = _column(spec, texts)
        if name == "posted_at":
            columns["posted_at_precision"] = _precision(texts)
        if spec.kind not in {"text", "label", "flag", "time"} and bool(out_of_range(columns[name]).any()):
            raise _NotCleanError
    if "posted_at_precision" in table.column_names:
        precision = pd.Series(table.column("posted_at_precision").combine_chunks(), dtype="str")
        if "posted_at" in columns:
            precision = precision.fillna(_precision(table.column("posted_at").combine_chunks()))
        columns["posted_at_precision"] = precision
    return pd.DataFrame(columns)


def _column(spec: Column, texts: pa.Array) -> pd.Series:
    """A column of clean texts as its type. Raises _NotCleanError where any is not clean."""
    if spec.kind in CLEAN and not _all(texts, CLEAN[spec.kind]):
        raise _NotCleanError
    if spec.kind == "count":
        integers = texts.cast(pa.int64()).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
        return pd.Series(integers, name=spec.name)
    if spec.kind in {"share", "number"}:
        return pd.Series(texts.cast(pa.float64()).to_pandas(), name=spec.name, dtype="float64")
    if spec.kind == "time":
        return _times(texts, spec.name)
    if spec.name == "post_id" and _all(texts, r"^\d{1,20}$"):
        return pd.Series(texts, dtype="str", name=spec.name)
    if spec.kind == "text" and not spec.choices and spec.name in {"caption", "title"}:
        return unescape_formulas(pd.Series(texts, dtype="str", name=spec.name))
    coded = texts.dictionary_encode()
    distinct = unescape_formulas(pd.Series(coded.dictionary, dtype="str", name=spec.name))
    parsed = parse_column(distinct, spec, _OWN_UNITS.get(spec.name))
    if parsed.bad.any():
        raise _NotCleanError
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    values = parsed.values.astype("category") if spec.kind == "label" else parsed.values
    values = values.reindex(codes)
    return values.reset_index(drop=True).rename(spec.name)


def _all(texts: pa.Array, pattern: str) -> bool:
    return pc.all(pc.match_substring_regex(texts, pattern), skip_nulls=True, min_count=0).as_py() is not False


def _times(texts: pa.Array, name: str) -> pd.Series:
    """Times to the second in UTC, and bare days as their midnight."""
    midnight = pc.binary_join_element_wise(texts, pa.scalar("T00:00:00Z", texts.type), pa.scalar("", texts.type))
    whole = pc.if_else(pc.equal(pc.binary_length(texts), 10), midnight, texts)
    at = whole.cast(pa.timestamp("us", tz="UTC"))
    return pd.Series(at.to_pandas(), name=name).astype("datetime64[us, UTC]")


def _precision(texts: pa.Array) -> pd.Series:
    """How far times can be trusted, by whether they have an hour."""
    bare = pc.equal(pc.binary_length(texts), 10)
    return pd.Series(pc.if_else(bare, "day", "second").cast(pa.large_string()), dtype="str", name="posted_at_precision")


READER = Reader("canonical", _recognise, _read, glance=_glance, table=_table)
