"""Loads any mix of exports into one posts table: open, recognise, read, date, join, merge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from tiktok_coach.core.account import Account, Audience, Trends
from tiktok_coach.core.captions import arrow_text
from tiktok_coach.core.config import NAMES as CONFIG_NAMES
from tiktok_coach.core.errors import CoachError, NothingReadError
from tiktok_coach.core.notices import Notice, Source, input_names
from tiktok_coach.core.schema import column
from tiktok_coach.core.timezones import parse_timezone
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.io import join, merge
from tiktok_coach.io.dates import printed_days
from tiktok_coach.io.dates.parse import UndecidedOrderError
from tiktok_coach.io.files.source_files import SourceFile, open_inputs, places_as_typed
from tiktok_coach.io.reading import Export, Reading, ReadOptions
from tiktok_coach.io.registry import fitting_tabs, reader_of, readers, unrecognised


def load(
    paths: Sequence[Path],
    options: ReadOptions,
    *,
    needed: Sequence[Path] = (),
    sources: Sequence[SourceFile] = (),
    strict: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Export:
    """Read every file at `paths`, those `needed` beside them, and `sources` that came as content, into one Export.

    A file that cannot be read is left out and named, unless it is `needed` or all must be read (`strict`).
    Raises CoachError where nothing can be used, with the file as it is found from where the user is.
    """
    with places_as_typed((*paths, *needed)):
        return _load(paths, options, needed, progress, sources=sources, strict=strict)


def _load(
    paths: Sequence[Path],
    options: ReadOptions,
    needed: Sequence[Path],
    progress: Callable[[str], None] | None,
    *,
    sources: Sequence[SourceFile],
    strict: bool,
) -> Export:
    if options.timezone:
        options = replace(options, timezone=parse_timezone(options.timezone).key)
    readings, notices, unreadable = _gather(paths, needed, options, progress, sources=sources, strict=strict)
    main_handles = [_main_handle(reading.posts) for reading in readings]
    handles = _handles(readings, main_handles)
    readings, date_notices = _resolved(readings, handles, options)
    for reading in readings:
        if strict and reading.problem:
            raise CoachError(reading.problem, where=reading.source)
    readings, joined = join.assign_ids(readings)
    own = [_source(reading, handle) for reading, handle in zip(readings, main_handles, strict=True)]
    merged = merge.merge_readings(readings, own)
    if not len(merged.posts):
        _refuse_empty(paths, readings, notices)
    of_readings = (n for r in readings for n in r.notices)
    # In one piece, so that whatever reads a column of texts as an array needs no copy of its own.
    texts = {name: values for name, values in merged.posts.items() if str(values.dtype) == "str"}
    pieces = {str(name): pd.array(arrow_text(values), dtype=values.dtype) for name, values in texts.items()}
    return Export(
        posts=merged.posts.assign(**pieces),
        snapshots=merged.snapshots,
        accounts=_accounts(merged.posts, readings),
        audiences=_audiences(readings, handles),
        trends=_trends(readings),
        notices=(*of_readings, *notices, *date_notices, *joined, *merged.notices),
        sources=(*own, *unreadable),
        retention=merge.newest_retention(readings, own, merged.posts),
        provenance=merged.provenance,
    )


def load_trends(paths: Sequence[Path], options: ReadOptions) -> Trends | None:
    """Trends files alone, as one list; None for none. Raises CoachError for a file that holds no trends."""
    readings, _notices, _unreadable = _gather((), paths, options, None, strict=False)
    if (other := next((r for r in readings if r.trends is None), None)) is not None:
        hint = _("docs/guides/your-own-export.md shows one")
        raise CoachError(_("is not a trends file"), where=other.source, hint=hint)
    return _trends(readings)


def _gather(
    paths: Sequence[Path],
    needed: Sequence[Path],
    options: ReadOptions,
    progress: Callable[[str], None] | None,
    *,
    sources: Sequence[SourceFile] = (),
    strict: bool,
) -> tuple[list[Reading], list[Notice], list[Source]]:
    """What every file gives, what is odd about them, and those that cannot be read, each of which is named.

    Raises CoachError where nothing can be read, where a file of `needed` cannot, and where one cannot that `strict`
    wants to be read.
    """
    # What stops a reader stops every file, and is no failure of one.
    readers()
    readings: list[Reading] = []
    failures: dict[str, CoachError] = {}
    waiting: list[SourceFile] = []
    notices: list[Notice] = []
    must = {path.resolve() for path in needed}
    for entry in chain(open_inputs((*paths, *needed), progress, options.bounds), sources):
        if isinstance(entry, CoachError):
            failures[entry.where or ""] = entry
        elif Path(entry.name).name not in CONFIG_NAMES:
            for file, error in _read_tabs(entry, options.at(entry.name), readings, notices):
                failures[file.name] = error
                if isinstance(error, UndecidedOrderError):
                    waiting.append(file)
                elif file.path is not None and file.path.resolve() in must:
                    raise error
    notices += _read_waiting(waiting, readings, failures, options)
    _refuse(failures, readings, strict=strict)
    if absent := options.required - {name for reading in readings for name in reading.headings}:
        raise CoachError(
            _("no input has a column {name!r} to be read so", name=min(absent)),
            hint=_("`tiktok-coach columns FILE` lists those that are there"),
        )
    notices += [_left_out(name, failure) for name, failure in failures.items()]
    unreadable = [Source(name, "", 0, "unreadable", problem=error.advice) for name, error in failures.items()]
    return _without_copies(readings, notices), notices, unreadable


def _read_tabs(
    book: SourceFile, options: ReadOptions, readings: list[Reading], notices: list[Notice]
) -> Iterator[tuple[SourceFile, CoachError]]:
    """Adds what each tab of a workbook gives, or any other file; gives what cannot be read, and why."""
    try:
        tabs, left = fitting_tabs(book, options)
    except CoachError as error:
        yield book, error
        return
    notices += left
    for file in tabs:
        try:
            readings.append(_read(file, options))
        except CoachError as error:
            yield file, error


def _left_out(name: str, failure: CoachError) -> Notice:
    hint = f"; {failure.hint}" if failure.hint else ""
    text = _("{problem}; left out{hint}", problem=failure.problem, hint=hint)
    return Notice(failure.where or name, text, failure.line)


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    reader = reader_of(file, options)
    if reader is None:
        raise unrecognised(file)
    reading = reader.read(file, options)
    # Of rows that were left out, a table keeps the gaps.
    return reading if reading.posts is None else replace(reading, posts=reading.posts.reset_index(drop=True))


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
            readings.append(_read(file, replace(options.at(file.name), date_order=order)))
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
        problem = plural(
            "{problem} (and {count} more file that cannot be read)",
            "{problem} (and {count} more files that cannot be read)",
            others,
            problem=problem,
        )
    raise CoachError(problem, where=first.where, line=first.line, column=first.column, hint=hint) from first


def _without_copies(readings: list[Reading], notices: list[Notice]) -> list[Reading]:
    """Readings of the same rows once: `Content.csv` and `Content (1).csv` are often one download."""
    distinct: list[Reading] = []
    for reading in readings:
        twin = next((k for k in distinct if _same_rows(k, reading)), None)
        if twin is None:
            distinct.append(reading)
        else:
            text = _("has the same rows as {source}; read once", source=twin.source)
            notices.append(Notice(reading.source, text, level="info"))
    return distinct


def _same_rows(one: Reading, other: Reading) -> bool:
    if one.posts is None or other.posts is None or not one.rows:
        return False
    traits, others = ((reading.format, reading.rows, reading.exported_on) for reading in (one, other))
    return traits == others and one.posts.equals(other.posts)


def _resolved(
    readings: list[Reading], handles: Sequence[str | None], options: ReadOptions
) -> tuple[list[Reading], list[Notice]]:
    """Readings with years on their days and times on their posts, an account at a time."""
    done = list(readings)
    notices: list[Notice] = []
    for handle in sorted(set(handles), key=str):
        positions = [i for i, h in enumerate(handles) if h == handle]
        of_group = options.at(readings[positions[0]].source)
        group, date_notices = printed_days.date_tables([readings[i] for i in positions], of_group)
        group, zones = _timed(group, of_group)
        notices += date_notices + zones
        for position, reading in zip(positions, group, strict=True):
            done[position] = reading
    return done, notices


def _handles(readings: Sequence[Reading], main_handles: Sequence[str | None]) -> list[str | None]:
    """The account each reading is of: from its posts, else from its file's name, else the only one there is."""
    handles = [
        handle or printed_days.handle_from_name(reading.source)
        for reading, handle in zip(readings, main_handles, strict=True)
    ]
    distinct = [*{h for h in handles if h}]
    return [h or (distinct[0] if len(distinct) == 1 else None) for h in handles]


def _main_handle(posts: pd.DataFrame | None) -> str | None:
    counts = column(posts, "account").value_counts() if posts is not None else pd.Series()
    return str(counts.index[0]) if len(counts) else None


def _timed(readings: list[Reading], options: ReadOptions) -> tuple[list[Reading], list[Notice]]:
    printed = {i: r.posts for i, r in enumerate(readings) if r.posts is not None and "printed_on" in r.posts.columns}
    if not printed:
        return readings, []
    owner = np.repeat([*printed], [len(posts) for posts in printed.values()])
    every = pd.concat([posts[["uploaded_at", "printed_on"]] for posts in printed.values()], ignore_index=True)
    distinct = every.drop_duplicates(ignore_index=True)
    zones, text = printed_days.infer_zones(distinct["uploaded_at"], distinct["printed_on"], options.timezone)
    at, precision = printed_days.posting_times(every["uploaded_at"], every["printed_on"], zones)
    timed = list(readings)
    for i, posts in printed.items():
        own_at, own_precision = (times[owner == i].set_axis(posts.index) for times in (at, precision))
        timed[i] = replace(timed[i], posts=posts.assign(posted_at=own_at, posted_at_precision=own_precision))
    where = readings[min(printed)].source
    return timed, [Notice(where, text, level="info")] if text else []


def _refuse_empty(paths: Sequence[Path], readings: Sequence[Reading], notices: Sequence[Notice]) -> None:
    where = ", ".join(input_names(paths))
    of_readings = (notice for reading in readings for notice in reading.notices)
    odd = next((n for n in (*notices, *of_readings) if n.level == "warning"), None)
    why = f"; {odd.where}: {odd.text}" if odd else ""
    if not readings:
        hint = _("`tiktok-coach audit --help` lists the formats")
        raise NothingReadError(_("has no export that I can read{why}", why=why), where=where, hint=hint)
    empty = ", ".join(sorted({r.source for r in readings}))
    problem = _("has no posts{why}", why=why)
    if empty != where:
        problem = _("has no posts (read: {empty}){why}", empty=empty, why=why)
    downloads = {reading.download for reading in readings}
    if downloads == {"archive"}:
        hint = _(
            "ask TikTok for the archive again, as JSON and with your posts in it, or add Content.csv of TikTok Studio"
        )
    elif downloads - {None}:
        hint = _("add Content.csv of the same download, or another export with posts")
    else:
        hint = _("add an export that lists posts, such as Content.csv of TikTok Studio")
    raise CoachError(problem, where=where, hint=hint)


def _accounts(posts: pd.DataFrame, readings: Sequence[Reading]) -> tuple[Account, ...]:
    counts = column(posts, "account").value_counts()
    handles = sorted(counts.index, key=lambda handle: (-counts[handle], handle))
    if not handles:
        handles = [h for h in dict.fromkeys(printed_days.handle_from_name(r.source) for r in readings) if h]
    known = tuple(Account(handle=str(handle)) for handle in handles) or (Account(),)
    if len(known) > 1 and column(posts, "account").isna().any():
        # Of several accounts, posts that tell none are nobody's, and stand by themselves.
        known = (*known, Account())
    facts = [r.account for r in readings if r.account is not None]
    return tuple(reduce(_fill_account, facts, account) for account in known)


def _fill_account(account: Account, facts: Account) -> Account:
    """An account with what a file says of it, or of one that it does not name."""
    applies = account.handle is None or facts.handle in {None, account.handle}
    return account.fill_from(facts) if applies else account


def _audiences(readings: Sequence[Reading], handles: Sequence[str | None]) -> dict[str, Audience]:
    """The accounts' own tables by handle ('' where none is known); of overlapping exports the newest file wins."""
    tables_by_handle: dict[str, dict[str, list[pd.DataFrame]]] = {}
    for reading, handle in zip(readings, handles, strict=True):
        for name, table in reading.tables.items():
            tables_by_handle.setdefault(handle or "", {}).setdefault(name, []).append(table)
    return {
        handle: Audience(**{name: _newest(tables) for name, tables in parts.items()})
        for handle, parts in sorted(tables_by_handle.items())
    }


def _newest(tables: list[pd.DataFrame]) -> pd.DataFrame:
    full = [t for t in tables if len(t)]
    if len(full) <= 1 or "date" not in full[0].columns:
        return full[-1] if full else tables[0]
    oldest_first = sorted(range(len(full)), key=lambda i: full[i]["date"].max())
    together = pd.concat([full[i] for i in oldest_first], ignore_index=True)
    keys = ["date", "hour"] if "hour" in together.columns else ["date"]
    return together.drop_duplicates(keys, keep="last").sort_values(keys, ignore_index=True)


def _trends(readings: Sequence[Reading]) -> Trends | None:
    trends = [reading.trends for reading in readings if reading.trends is not None]
    return reduce(Trends.merge, trends) if trends else None


def _source(reading: Reading, handle: str | None) -> Source:
    if reading.problem:
        return Source(reading.source, reading.format, state="unreadable", problem=reading.problem)
    return Source(
        reading.source,
        reading.format,
        reading.rows,
        state="read" if reading.rows else N_("header only"),
        account=handle,
        supplies=reading.supplies if reading.rows else (),
        lists_every_post=reading.lists_every_post,
        lists_most_viewed=reading.lists_most_viewed,
        download=reading.download,
    )
