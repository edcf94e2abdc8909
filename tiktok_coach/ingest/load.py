"""Loads any mix of exports into one posts table: open, recognise, read, date, join, merge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from tiktok_coach.config import NAMES as CONFIG_NAMES
from tiktok_coach.errors import CoachError
from tiktok_coach.files.opening import SourceFile, open_inputs
from tiktok_coach.ingest.dating import timing, years
from tiktok_coach.ingest.export import Export
from tiktok_coach.ingest.merging import joining, merging
from tiktok_coach.ingest.reading import Reading
from tiktok_coach.ingest.registry import reader_of, unrecognised
from tiktok_coach.notices import Notice, Source
from tiktok_coach.posts.account import Account, Audience
from tiktok_coach.posts.captions import arrow_text
from tiktok_coach.posts.schema import column
from tiktok_coach.posts.trends import Trends
from tiktok_coach.values.dates import zone
from tiktok_coach.values.options import Options


def load(paths: Sequence[Path], options: Options, *, progress: Callable[[str], None] | None = None) -> Export:
    """Read every file at `paths` into one Export.

    A file given by name must be readable; in a folder or ZIP, a file of no known format is left out and named.
    Raises CoachError for an input that cannot be used.
    """
    if options.timezone:
        zone(options.timezone)
    readings, left_out = _read_all(paths, options, progress or (lambda _: None))
    handles = _handles(readings)
    readings, found = _resolved(readings, handles, options)
    readings, joined = joining.joined(readings)
    posts, snapshots, merged = merging.merged(readings)
    if not len(posts):
        _refuse_empty(paths, readings, left_out)
    notices = [*(n for r in readings for n in r.notices), *left_out, *found, *joined, *merged]
    return Export(
        _in_one_piece(posts),
        snapshots,
        _accounts(posts, readings),
        _audiences(readings, handles),
        _trends(readings),
        tuple(notices),
        tuple(_source(r) for r in readings),
    )


def _in_one_piece(posts: pd.DataFrame) -> pd.DataFrame:
    """The posts with every text column in one piece, so that whatever reads it as an array needs no copy of its own."""
    texts = [name for name in posts.columns if str(posts[name].dtype) == "str"]
    return posts.assign(**{name: pd.array(arrow_text(posts[name]), dtype=posts[name].dtype) for name in texts})


def load_trends(paths: Sequence[Path], options: Options) -> Trends | None:
    """Trends files alone, as one list; None for none. Raises CoachError for a file that holds no trends."""
    readings, left_out = _read_all(paths, options, lambda _: None)
    for source in [n.source for n in left_out] + [r.source for r in readings if r.trends is None]:
        raise CoachError("is no trends file", where=source, hint="the README shows one")
    return _trends(readings)


def _read_all(
    paths: Sequence[Path], options: Options, progress: Callable[[str], None]
) -> tuple[list[Reading], list[Notice]]:
    readings: list[Reading] = []
    left_out: list[Notice] = []
    named = {path.name for path in paths if path.is_file()}
    for file in open_inputs(paths):
        if Path(file.name).name in CONFIG_NAMES:
            continue
        progress(file.name)
        reading = _read_one(file, options, named)
        if isinstance(reading, Notice):
            left_out.append(reading)
        else:
            readings.append(reading)
    return _without_copies(readings, left_out), left_out


def _read_one(file: SourceFile, options: Options, named: Iterable[str]) -> Reading | Notice:
    reader = reader_of(file)
    if reader is None:
        error = unrecognised(file)
        if file.name in named:
            raise error
        return Notice(file.name, f"{error.problem}; left out")
    return reader.read(file, options)


def _without_copies(readings: list[Reading], left_out: list[Notice]) -> list[Reading]:
    """Readings of the same rows once: `Content.csv` and `Content (1).csv` are often one download."""
    kept: list[Reading] = []
    for reading in readings:
        twin = next((k for k in kept if _same_rows(k, reading)), None)
        if twin is None:
            kept.append(reading)
        else:
            left_out.append(Notice(reading.source, f"holds the same rows as {twin.source}; read once", level="info"))
    return kept


def _same_rows(one: Reading, other: Reading) -> bool:
    if one.format != other.format or one.rows != other.rows or not one.rows or one.posts is None or other.posts is None:
        return False
    return one.exported_on == other.exported_on and one.posts.equals(other.posts)


def _resolved(
    readings: list[Reading], handles: Sequence[str | None], options: Options
) -> tuple[list[Reading], list[Notice]]:
    """Readings with years on their days and times on their posts, an account at a time."""
    done: list[Reading] = list(readings)
    notices: list[Notice] = []
    for handle in sorted(set(handles), key=str):
        positions = [i for i, h in enumerate(handles) if h == handle]
        group, said = years.with_tables([readings[i] for i in positions], options)
        group, zones = _timed(group, options)
        notices += said + zones
        for position, reading in zip(positions, group, strict=True):
            done[position] = reading
    return done, notices


def _handles(readings: Sequence[Reading]) -> list[str | None]:
    """The account each reading is of: from its posts, else from its file's name, else the only one there is."""
    handles = [_main_handle(r.posts) or years.named_handle(r.source) for r in readings]
    found = {h for h in handles if h}
    only = found.pop() if len(found) == 1 else None
    return [h or only for h in handles]


def _main_handle(posts: pd.DataFrame | None) -> str | None:
    if posts is None or "account" not in posts.columns:
        return None
    counts = posts["account"].value_counts()
    return str(counts.index[0]) if len(counts) else None


def _timed(readings: list[Reading], options: Options) -> tuple[list[Reading], list[Notice]]:
    lists = [r for r in readings if r.posts is not None and "printed_on" in r.posts.columns]
    if not lists:
        return readings, []
    tables = [r.posts[["uploaded_at", "printed_on"]] for r in lists if r.posts is not None]
    together = pd.concat(tables, ignore_index=True).drop_duplicates(ignore_index=True)
    zones = timing.infer_zone(together["uploaded_at"], together["printed_on"], options.timezone)
    done = []
    for reading in readings:
        posts = reading.posts
        if posts is not None and "printed_on" in posts.columns:
            at, precision = timing.posted(posts["uploaded_at"], posts["printed_on"], zones.zones)
            done.append(replace(reading, posts=posts.assign(posted_at=at, posted_at_precision=precision)))
        else:
            done.append(reading)
    return done, [Notice(lists[0].source, timing.zone_notice(zones), level="info")] if zones.known else []


def _refuse_empty(paths: Sequence[Path], readings: Sequence[Reading], left_out: Sequence[Notice]) -> None:
    where = ", ".join(path.name for path in paths)
    if not readings:
        why = f"; {left_out[0].source}: {left_out[0].text}" if left_out else ""
        raise CoachError(
            f"holds no export that can be read{why}",
            where=where,
            hint="`tiktok-coach audit --help` lists the formats",
        )
    empty = ", ".join(sorted({r.source for r in readings}))
    raise CoachError(
        f"holds no posts (read: {empty})",
        where=where,
        hint="add Content.csv of the same download, or another export with posts",
    )


def _accounts(posts: pd.DataFrame, readings: Sequence[Reading]) -> tuple[Account, ...]:
    counts = column(posts, "account").value_counts()
    handles = sorted(counts.index, key=lambda handle: (-counts[handle], handle))
    if not handles:
        handles = [h for h in dict.fromkeys(years.named_handle(r.source) for r in readings) if h]
    known = tuple(Account(handle=str(handle)) for handle in handles) or (Account(),)
    told = next((r.account for r in readings if r.account is not None), None)
    if told is None:
        return known
    return tuple(a.filled_from(told) if told.handle in {None, a.handle} or a.handle is None else a for a in known)


def _audiences(readings: Sequence[Reading], handles: Sequence[str | None]) -> dict[str, Audience]:
    """The account's own tables by handle ('' where none is known); of overlapping exports the newest day's file wins."""
    found: dict[str, dict[str, list[pd.DataFrame]]] = {}
    for reading, handle in zip(readings, handles, strict=True):
        for name, table in reading.tables.items():
            found.setdefault(handle or "", {}).setdefault(name, []).append(table)
    return {
        handle: Audience(**{name: _newest(tables) for name, tables in parts.items()})
        for handle, parts in sorted(found.items())
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
    found: Trends | None = None
    for reading in readings:
        if reading.trends is not None:
            found = reading.trends if found is None else found.merged(reading.trends)
    return found


def _source(reading: Reading) -> Source:
    state = "read" if reading.rows else "header only"
    handle = _main_handle(reading.posts)
    return Source(reading.source, reading.format, reading.rows, state, handle, reading.supplies if reading.rows else ())
