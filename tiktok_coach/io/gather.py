"""Reads every file of the inputs, each by its format's reader; what cannot be read is left out and named."""

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
    """Read every file at `paths`; one that cannot be read is left out with a notice.

    Raises CoachError where nothing could be read, where a file of `needed` could not, and where one could not that
    `strict` wants to be read.
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
    for name, failure in failures.items():
        hint = f"; {failure.hint}" if failure.hint else ""
        text = _("{problem}; left out{hint}", problem=failure.problem, hint=hint)
        notices.append(Notice(failure.where or name, text, failure.line))
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
    if len(sources_by_order) != 1:
        return []
    notices: list[Notice] = []
    [(order, source)] = sources_by_order.items()
    for file in waiting:
        try:
            readings.append(_read(file, replace(options, date_order=order)))
        except CoachError as error:
            failures[file.name] = error
            continue
        del failures[file.name]
        first = {"dmy": "day", "mdy": "month"}.get(order, "year")
        text = _("its dates are read {first}-first, as those of {source} are", first=first, source=source)
        notices.append(Notice(file.name, text, level="info"))
    return notices


def _refuse(failures: dict[str, CoachError], readings: Sequence[Reading], *, strict: bool) -> None:
    """Raise the first failure where nothing could be read, or where all must be."""
    if not failures or (readings and not strict):
        return
    first = next(iter(failures.values()))
    problem, hint = first.problem, first.hint
    if readings and hint:
        hint = _("{hint}; without --strict it is left out", hint=hint)
    elif readings:
        hint = _("without --strict it is left out")
    elif len(failures) == 1:
        raise first
    else:
        others = len(failures) - 1
        problem = _("{problem} (and {count} more files that cannot be read)", problem=problem, count=others)
    raise CoachError(problem, where=first.where, line=first.line, column=first.column, hint=hint) from first


def _without_copies(readings: list[Reading], notices: list[Notice]) -> list[Reading]:
    """Readings of the same rows once: `Content.csv` and `Content (1).csv` are often one download."""
    distinct: list[Reading] = []
    for reading in readings:
        twin = next((k for k in distinct if _same_rows(k, reading)), None)
        if twin is None:
            distinct.append(reading)
        else:
            text = _("holds the same rows as {source}; read once", source=twin.source)
            notices.append(Notice(reading.source, text, level="info"))
    return distinct


def _same_rows(one: Reading, other: Reading) -> bool:
    if one.posts is None or other.posts is None or not one.rows:
        return False
    traits = [(reading.format, reading.rows, reading.exported_on) for reading in (one, other)]
    return traits[0] == traits[1] and one.posts.equals(other.posts)
