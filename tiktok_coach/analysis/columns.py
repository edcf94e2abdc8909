"""Columns: how each column of a file is understood, so that a user can see it and settle it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from tiktok_coach.analysis.settings import AnalysisOptions, Progress, resolve_settings
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.io.admission import of_tiktok
from tiktok_coach.io.columns.inference import ColumnMapping
from tiktok_coach.io.columns.profile import profile_column
from tiktok_coach.io.columns.sheet import refuse_strangers
from tiktok_coach.io.files.source_files import SourceFile, open_inputs, places_as_typed
from tiktok_coach.io.fill import map_columns
from tiktok_coach.io.readers.any_sheet import READER as ANY_SHEET
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.io.registry import fitting_tabs, reader_of, unrecognised

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class SheetColumns:
    """One file: the format that reads it (None where none does), how its columns are understood, or why it isn't read.

    `samples` has values of each column by its heading. A `columns:` block of the config decides how it is read where it
    `is_configurable`.
    """

    file: str
    format: str | None
    mapping: ColumnMapping | None
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problem: CoachError | None = None
    is_configurable: bool = False


def columns(options: AnalysisOptions, progress: Progress | None = None) -> list[SheetColumns]:
    """How the columns of each file are understood. Raises CoachError where the only file has no table at all."""
    read_options = resolve_settings(options).read_options
    results = []
    for file in open_inputs(options.inputs, progress):
        if isinstance(file, CoachError):
            results.append(SheetColumns(file.where or "", None, None, problem=file))
            continue
        try:
            tabs, notices = fitting_tabs(file, read_options)
        except CoachError as error:
            results.append(SheetColumns(file.name, None, None, problem=error))
            continue
        results += [_of_file(tab, read_options) for tab in tabs]
        results += [SheetColumns(file.name, None, None, problem=CoachError(notice.text)) for notice in notices]
    if len(results) == 1 and results[0].problem is not None and results[0].mapping is None:
        with places_as_typed(options.inputs):
            raise results[0].problem
    return results


def _of_file(file: SourceFile, options: ReadOptions) -> SheetColumns:
    try:
        reader = reader_of(file, options)
        # Of a file, that table alone is looked at which reading takes: what lies beside it may be private.
        table_of = (reader or ANY_SHEET).table
        table = table_of(file, options) if table_of is not None else None
        if table is None:
            problem = unrecognised(file) if reader is None else None
            return SheetColumns(file.name, reader.format if reader else None, None, problem=problem)
        table = of_tiktok(table, file.name)
        mapping = map_columns(table, file.name, options)
        if table.known is None:
            refuse_strangers(table, mapping, file.name)
    except CoachError as error:
        return SheetColumns(file.name, None, None, problem=error)
    samples = {
        table.as_written.get(name, name): profile_column(table.cells[name]).samples for name in map(str, table.cells)
    }
    problem = unrecognised(file) if reader is None else None
    is_configurable = reader is None or reader.is_fallback
    return SheetColumns(file.name, reader.format if reader else None, mapping, samples, problem, is_configurable)
