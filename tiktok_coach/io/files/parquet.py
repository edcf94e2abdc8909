"""Reads Parquet files, and splits large ones so that none shares a value of a column with another."""

from __future__ import annotations

import contextlib
import io
import warnings
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_coach.core.arrays import factorize
from tiktok_coach.core.errors import CoachError, access_error
from tiktok_coach.core.translation import _
from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.files.source_files import SourceFile

# Rows of a table that is read in one piece, and rows that are held while a larger one is parted.
PIECE, BATCH = 250_000, 131_072


def read_parquet(file: SourceFile, hint: str) -> pd.DataFrame:
    """The table of a Parquet file. Raises CoachError, with `hint`, for a damaged one."""
    import pyarrow.parquet as pq

    try:
        # What pd.read_parquet gives, but each text column in one piece, so that nothing need put pieces together.
        with pq.ParquetFile(file.path if file.path is not None else io.BytesIO(file.content)) as parquet:
            # By one thread, which leaves less memory behind than several do.
            table = parquet.read(use_threads=False)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "make_block is deprecated")
            posts: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True)
        del table
        # Decoding leaves behind two thirds of the table's size, which Arrow would keep for later.
        pa.default_memory_pool().release_unused()
        return posts
    except MemoryError:
        raise
    except Exception as error:  # pyarrow raises many kinds for a damaged file
        raise CoachError(_("the Parquet file cannot be read"), where=file.name, hint=hint) from error


def parquet_table(file: SourceFile, hint: str, most: int | None = None) -> Table:
    """The table of a Parquet file, or its first `most` rows, as the texts that another file would hold.

    Raises CoachError, with `hint`, for a damaged one.
    """
    rows = read_parquet(file, hint)[:most]
    cells = pd.DataFrame({str(name): _texts(rows[name]) for name in rows.columns}).reset_index(drop=True)
    return Table([*cells.columns], cells, range(1, len(cells) + 1))


def _texts(column: pd.Series) -> pd.Series:
    """A typed column as the texts that a file would hold; missing stays missing."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        texts = column.dt.tz_convert("UTC").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    elif pd.api.types.is_datetime64_any_dtype(column):
        texts = column.dt.strftime("%Y-%m-%d %H:%M:%S")
    elif pd.api.types.is_float_dtype(column):
        numbers = column.dropna()
        is_whole = len(numbers) and bool((numbers == numbers.round()).all()) and numbers.abs().max() < 2**53
        # Of a fraction, three digits behind the point get a fourth, since a text that ends so may be one of thousands.
        texts = (
            column.astype("Int64")
            if is_whole
            else column.astype("str").str.replace(r"(\.\d{3})$", r"\g<1>0", regex=True)
        )
    else:
        texts = column
    result: pd.Series = texts.astype("str").where(column.notna())
    return result


def parquet_columns(file: SourceFile) -> list[str]:
    """The names of a Parquet file's columns, without reading its rows; none where it is damaged."""
    import pyarrow.parquet as pq

    try:
        return list(pq.read_schema(file.path if file.path is not None else io.BytesIO(file.content)).names)
    except (pa.ArrowException, OSError):
        return []


def parts_of(paths: Sequence[Path], folder: Path, by: str, piece: int = PIECE) -> Iterator[tuple[Path, ...]]:
    """The groups of files that are to be read together: all of `paths`, unless they are large tables in Parquet.

    Tables of more rows than a `piece` are split by a column of texts into files of the same names in `folder`, a batch
    of rows at a time. Raises CoachError where these cannot be written.
    """
    rows = _rows(paths, by)
    if rows <= piece:
        yield tuple(paths)
        return
    count = -(-rows // piece)
    try:
        with contextlib.ExitStack() as open_files:
            _part(paths, folder, by, count, open_files)
    except (pa.ArrowException, OSError) as error:
        # What Arrow cannot read is no error of the system: who reads the table in one piece says what is wrong.
        if isinstance(error, OSError) and error.errno:
            raise access_error("written", error, str(folder)) from error
        yield tuple(paths)
        return
    for part in range(count):
        if files := sorted((folder / str(part)).glob("*/*")):
            yield tuple(files)


def _rows(paths: Sequence[Path], by: str) -> int:
    """How many rows tables in Parquet with such a column have together; 0 where any of the paths is something else."""
    import pyarrow.parquet as pq

    rows = 0
    for path in paths:
        try:
            metadata = pq.read_metadata(path)
        except (pa.ArrowException, OSError):
            return 0
        kind = {field.name: field.type for field in metadata.schema.to_arrow_schema()}.get(by, pa.null())
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            return 0
        rows += metadata.num_rows
    return rows


def _part(paths: Sequence[Path], folder: Path, by: str, count: int, open_files: contextlib.ExitStack) -> None:
    import pyarrow.parquet as pq

    part_by_name: dict[str | None, int] = {}
    for number, path in enumerate(paths):
        writers: dict[int, Any] = {}
        table = open_files.enter_context(pq.ParquetFile(path))
        for batch in table.iter_batches(BATCH):
            part_of = _part_of_rows(batch.column(by), count, part_by_name)
            for part in np.unique(part_of).tolist():
                if part not in writers:
                    place = folder / str(part) / f"{number:05d}"
                    place.mkdir(parents=True)
                    writers[part] = open_files.enter_context(pq.ParquetWriter(place / path.name, table.schema_arrow))
                writers[part].write_batch(batch.take((part_of == part).nonzero()[0]))


def _part_of_rows(texts: Any, count: int, part_by_name: dict[str | None, int]) -> np.ndarray:
    """The part of each row by its text, whatever its case; rows without one go where the first text goes."""
    code, names = factorize(texts)
    for name in names:
        if name not in part_by_name:
            part_by_name[name] = zlib.crc32(name.casefold().encode("utf-8", "replace")) % count
    nameless = part_by_name.setdefault(None, part_by_name[names[0]] if names else 0)
    of_names = np.array([*(part_by_name[name] for name in names), nameless], dtype=np.int64)
    return np.asarray(of_names[code])
