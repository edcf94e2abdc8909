"""Reads every file of the inputs, each by its format's reader; what cannot be read is left out and named, and ends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tiktok_coach.core.config import NAMES as CONFIG_NAMES
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice, Source
from tiktok_coach.core.translation import _
from tiktok_coach.io.dates.parse import UndecidedOrderError
from tiktok_coach.io.files.source_files import SourceFile, open_inputs
from tiktok_coach.io.options import ReadOptions
from tiktok_coach.io.reading import Reading
from tiktok_coach.io.registry import reader_of, readers, unrecognised


@dataclass(frozen=True)
class Gathered:
    """What the files gave, what was odd about them, and those that could not be read."""

    readings: list[Reading]
    notices: list[Notice]
    unreadable: list[Source]


def gather(
    paths: Sequence[Path],
    options: ReadOptions,
    progress: Callable[[str], None],
    *,
    needed: Iterable[Path] = (),
    strict: bool = False,
) -> Gathered:
    """Every file at `paths`, read.

    A file that cannot be read is left out with a notice. It raises CoachError where it is the only one, where nothing else could be
    read either, where its path is one of `needed`, and where `strict` wants all to be read.
    """
    # What stops a reader stops every file, and is no failure of one.
    readers()
    readings: list[Reading] = []
    failures: dict[str, CoachError] = {}
    waiting: list[SourceFile] = []
    must = {path.resolve() for path in needed}
    for entry in open_inputs(paths):
        if isinstance(entry, CoachError):
            failures[entry.where or ""] = entry
            continue
        if Path(entry.name).name in CONFIG_NAMES:
            continue
        progress(entry.name)
        try:
            readings.append(_read(entry, options))
        except UndecidedOrderError as error:
            waiting.append(entry)
            failures[entry.name] = error
        except CoachError as error:
            if entry.path is not None and entry.path.resolve() in must:
                raise
            failures[entry.name] = error
    notices = _read_waiting(waiting, readings, failures, options)
    _refuse(failures, readings, strict=strict)
    absent = options.required - {name for reading in readings for name in reading.columns.values()}
    if absent:
        raise CoachError(
            _("no input has a column {name!r} to be read so", name=min(absent)),
            hint=_("`tiktok-coach columns FILE` lists those that are there"),
        )
    notices += [_left_out(name, error) for name, error in failures.items()]
    unreadable = [Source(name, "", 0, "unreadable", problem=error.advice) for name, error in failures.items()]
    return Gathered(_without_copies(readings, notices), notices, unreadable)


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    reader = reader_of(file, options)
    if reader is None:
        raise unrecognised(file)
    return reader.read(file, options)


def _read_waiting(
    waiting: Sequence[SourceFile], readings: list[Reading], failures: dict[str, CoachError], options: ReadOptions
) -> list[Notice]:
    """Files whose dates may be read in two orders, read in the one that all other files show."""
    sources_by_order = {reading.date_order: reading.source for reading in readings if reading.date_order}
    notices: list[Notice] = []
    if len(sources_by_order) != 1:
        return notices
    [(order, source)] = sources_by_order.items()
    for file in waiting:
        try:
            readings.append(_read(file, replace(options, date_order=order)))
        except CoachError as error:
            failures[file.name] = error
            continue
        del failures[file.name]
        first = "day" if order == "dmy" else "month" if order == "mdy" else "year"
        notices.append(
            Notice(
                file.name,
                _("its dates are read {first}-first, as those of {source} are", first=first, source=source),
                level="info",
            )
        )
    return notices


def _refuse(failures: dict[str, CoachError], readings: Sequence[Reading], *, strict: bool) -> None:
    if not failures or (readings and not strict):
        return
    first = next(iter(failures.values()))
    if strict and readings:
        raise CoachError(
            first.problem, where=first.where, line=first.line, column=first.column, hint=_strictly(first.hint)
        ) from first
    if len(failures) == 1:
        raise first
    raise CoachError(
        _("{problem} (and {count} more files that cannot be read)", problem=first.problem, count=len(failures) - 1),
        where=first.where,
        line=first.line,
        column=first.column,
        hint=first.hint,
    ) from first


def _strictly(hint: str | None) -> str:
    return _("{hint}; without --strict it is left out", hint=hint) if hint else _("without --strict it is left out")


def _left_out(name: str, error: CoachError) -> Notice:
    hint = f"; {error.hint}" if error.hint else ""
    return Notice(error.where or name, _("{problem}; left out{hint}", problem=error.problem, hint=hint), error.line)


def _without_copies(readings: list[Reading], notices: list[Notice]) -> list[Reading]:
    """Readings of the same rows once: `Content.csv` and `Content (1).csv` are often one download."""
    distinct: list[Reading] = []
    for reading in readings:
        twin = next((k for k in distinct if _same_rows(k, reading)), None)
        if twin is None:
            distinct.append(reading)
        else:
            notices.append(
                Notice(
                    reading.source, _("holds the same rows as {source}; read once", source=twin.source), level="info"
                )
            )
    return distinct


def _same_rows(one: Reading, other: Reading) -> bool:
    if one.format != other.format or one.rows != other.rows or not one.rows or one.posts is None or other.posts is None:
        return False
    return one.exported_on == other.exported_on and one.posts.equals(other.posts)
