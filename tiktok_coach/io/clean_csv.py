"""The tool's own table as CSV, read by Arrow at once where every cell is written as `convert` writes it.

Any other file is read cell by cell, which takes four times as long and names what cannot be read; both give the same.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv

from tiktok_coach.core.documents.spreadsheets import unescape_formulas
from tiktok_coach.core.schema import COLUMNS, DERIVED, Column, out_of_range
from tiktok_coach.io.files.sheets import separator_of
from tiktok_coach.io.parse.values import parse_column

if TYPE_CHECKING:
    from tiktok_coach.io.files.source_files import SourceFile

COUNT = r"^\d{1,15}$"
NUMBER = r"^\d{1,12}(?:\.\d{1,12})?$"
# As FIRST_YEAR and LAST_YEAR have it.
SECOND = r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
DAY = r"^20\d\d-\d\d-\d\d$"
ID = r"^\d{1,20}$"


class _NotCleanError(Exception):
    """Something that only the careful way can read."""


def header_of(file: SourceFile) -> list[str]:
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


def read_clean(file: SourceFile) -> pd.DataFrame | None:
    """The columns of the posts table in a clean file, before ids are looked into; None for any other file."""
    names = header_of(file)
    if file.path is None or len(set(names)) < len(names) or not set(names) <= set(COLUMNS) | DERIVED:
        return None
    try:
        return _posts(_table(file, names))
    except (_NotCleanError, pa.ArrowException, UnicodeDecodeError, OverflowError):
        return None


def _table(file: SourceFile, names: list[str]) -> pa.Table:
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
    if spec.kind == "count":
        _only(texts, COUNT)
        return pd.Series(
            texts.cast(pa.int64()).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get), name=spec.name
        )
    if spec.kind in {"share", "number"}:
        _only(texts, NUMBER)
        return pd.Series(texts.cast(pa.float64()).to_pandas(), name=spec.name, dtype="float64")
    if spec.kind == "time":
        return _times(texts, spec.name)
    if spec.name == "post_id" and _all(texts, ID):
        return pd.Series(texts, dtype="str", name=spec.name)
    if spec.kind == "text" and not spec.choices and spec.name in {"caption", "title"}:
        return unescape_formulas(pd.Series(texts, dtype="str", name=spec.name))
    coded = texts.dictionary_encode()
    distinct = unescape_formulas(pd.Series(coded.dictionary, dtype="str", name=spec.name))
    values, bad, _ = parse_column(distinct, spec, percent=False)
    if bad.any():
        raise _NotCleanError
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    missing = codes < 0
    if spec.kind == "label":
        # Categories in the order that a category of texts has.
        within: Any = np.append(values.cat.codes.to_numpy(), -1)[codes]
        return pd.Series(pd.Categorical.from_codes(within, categories=values.cat.categories), name=spec.name)
    result = values.take(codes.clip(min=0)).reset_index(drop=True) if len(values) else values.reindex(range(len(codes)))
    return result.mask(missing).rename(spec.name)


def _only(texts: pa.Array, pattern: str) -> None:
    if not _all(texts, pattern):
        raise _NotCleanError


def _all(texts: pa.Array, pattern: str) -> bool:
    return pc.all(pc.match_substring_regex(texts, pattern), skip_nulls=True, min_count=0).as_py() is not False


def _times(texts: pa.Array, name: str) -> pd.Series:
    """Times to the second in UTC, and bare days as their midnight."""
    if not _all(texts, f"{SECOND}|{DAY}"):
        raise _NotCleanError
    midnight = pc.binary_join_element_wise(texts, pa.scalar("T00:00:00Z", texts.type), pa.scalar("", texts.type))
    whole = pc.if_else(pc.equal(pc.binary_length(texts), 10), midnight, texts)
    at = whole.cast(pa.timestamp("us", tz="UTC"))
    return pd.Series(at.to_pandas(), name=name).astype("datetime64[us, UTC]")


def _precision(texts: pa.Array) -> pd.Series:
    """How far times can be trusted, by whether they have an hour."""
    bare = pc.equal(pc.binary_length(texts), 10)
    return pd.Series(pc.if_else(bare, "day", "second").cast(pa.large_string()), dtype="str", name="posted_at_precision")
