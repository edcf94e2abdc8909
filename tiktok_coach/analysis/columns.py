"""Columns: how each column of a file is understood, so that a user can see it and settle it."""

from __future__ import annotations

from dataclasses import dataclass

from tiktok_coach.analysis.settings import AnalysisOptions, Progress, resolve_settings
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.admission import of_tiktok
from tiktok_coach.io.columns.inference import ColumnMapping, infer_columns, of_format
from tiktok_coach.io.files.source_files import SourceFile, open_inputs
from tiktok_coach.io.readers.any_sheet import READER as ANY_SHEET
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.io.registry import fitting_tabs, reader_of, unrecognised

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class SheetColumns:
    """One file: the format that reads it (None where none does), how its columns are understood, or why it isn't read.

    A `columns:` block of the config decides how it is read where it `is_configurable`.
    """

    file: str
    format: str | None
    mapping: ColumnMapping | None
    problem: CoachError | None = None
    is_configurable: bool = False


def columns(options: AnalysisOptions, progress: Progress | None = None) -> list[SheetColumns]:
    """How the columns of each file are understood. Raises CoachError where the only file holds no table at all."""
    read_options = resolve_settings(options).read_options
    results = []
    for file in open_inputs(options.inputs):
        if isinstance(file, CoachError):
            results.append(SheetColumns(file.where or "", None, None, file))
            continue
        if progress is not None:
            progress(file.name)
        try:
            tabs, _notices = fitting_tabs(file, read_options)
        except CoachError as error:
            results.append(SheetColumns(file.name, None, None, error))
            continue
        results += [_of_file(tab, read_options) for tab in tabs]
    if len(results) == 1 and results[0].problem is not None and results[0].mapping is None:
        raise results[0].problem
    return results


def _of_file(file: SourceFile, options: ReadOptions) -> SheetColumns:
    try:
        reader = reader_of(file, options)
        # Of a file, that table alone is looked at which reading takes: what lies beside it may be private.
        table_of = (reader or ANY_SHEET).table
        table = table_of(file, options) if table_of is not None else None
        table = of_tiktok(table, file.name) if table is not None else None
        mapping = infer_columns(table.cells, options.columns, file.name, options.units) if table is not None else None
        if reader is None:
            return SheetColumns(file.name, None, mapping, unrecognised(file), is_configurable=True)
        if reader.is_fallback or table is None or mapping is None:
            return SheetColumns(file.name, reader.format, mapping, is_configurable=reader.is_fallback)
        read = reader.read(file, options)
    except CoachError as error:
        return SheetColumns(file.name, None, None, error)
    return SheetColumns(file.name, read.format, of_format(mapping, read.columns, table.as_written))
