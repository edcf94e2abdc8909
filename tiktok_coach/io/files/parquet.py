"""Reads Parquet files."""

from __future__ import annotations

import io

import pandas as pd
import pyarrow as pa

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.io.files.source_files import SourceFile


def read_parquet(file: SourceFile, hint: str) -> pd.DataFrame:
    """The table of a Parquet file. Raises CoachError, with `hint`, for a damaged one."""
    try:
        return pd.read_parquet(file.path if file.path is not None else io.BytesIO(file.content))
    except MemoryError:
        raise
    except Exception as error:  # pyarrow raises many kinds for a damaged file
        raise CoachError(_("the Parquet file cannot be read"), where=file.name, hint=hint) from error


def parquet_columns(file: SourceFile) -> list[str]:
    """The names of a Parquet file's columns, without reading its rows; none where it is damaged."""
    import pyarrow.parquet as pq

    try:
        return list(pq.read_schema(file.path if file.path is not None else io.BytesIO(file.content)).names)
    except (pa.ArrowException, OSError):
        return []
