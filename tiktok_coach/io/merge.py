"""Merges what all files say of each post into one row, and records which file each fact came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

import numpy as np
import pandas as pd

from tiktok_coach.core.arrays import maybe_duplicated
from tiktok_coach.core.captions import arrow_text
from tiktok_coach.core.notices import IN_FULL_LIST, PROVENANCE, Notice, Provenance, Source
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import (
    COLUMNS,
    METRICS,
    RETENTION_COLUMNS,
    SNAPSHOT_COLUMNS,
    column,
    conform,
    numbers,
    schema_order,
)
from tiktok_coach.core.translation import N_, _, plural, plurals
from tiktok_coach.io.reading import Reading

# What grows for as long as a post is out belongs to its measurement; shares, averages and first hours hold later too.
_COUNTS = {name for name in METRICS if COLUMNS[name].kind == "count"}
GROWING = frozenset(_COUNTS - {"first_48h_views", "views_hour_1"} | {"total_watch_time_s"})
# A rounded count may exceed the exact one by this; counts no further apart may be of one day.
ROUNDING = 0.95
# Counts that hardly fall, the surest first: of two measurements of a post the one with more is the newer. So few may be
# taken back in between.
MONOTONE, TAKEN_BACK = ("views", "likes", "comments", "shares", "saves"), 2
_GROWN = plurals(
    "{count} post ({first}) is in several rows with different counts; the largest are used as the newest",
    "{count} posts (such as {first}) are in several rows with different counts; the largest are used as the newest",
)
_CONTRARY = plurals(
    "{count} post ({first}) is in several rows, with more of one count and less of another; the first is used",
    "{count} posts (such as {first}) are in several rows, with more of one count and less of another; the first row "
    "of each is used",
)
# The posts of readings by their position, and positions of rows in a table by what they are for.
Parts = Mapping[int, pd.DataFrame]
Rows = dict[str, np.ndarray]


@dataclass(frozen=True)
class Merged:
    """One row per post, every dated measurement of each, where columns come from, and what the user should know."""

    posts: pd.DataFrame
    snapshots: pd.DataFrame
    provenance: Provenance = field(default_factory=Provenance)
    notices: list[Notice] = field(default_factory=list)


def merge_readings(readings: Sequence[Reading], sources: Sequence[Source]) -> Merged:
    """Merge readings of which every post has an id; `sources` describes them one by one.

    Of the measurements of a post one wins as a whole: the newest, or where a date is missing the one with the largest
    counts; an exact one over a rounded one of the same time. Counts that it lacks are filled from the same day alone.
    Other facts come from the most trusted source that has them.
    """
    notices: list[Notice] = []
    lists = [i for i, r in enumerate(readings) if not r.is_sidecar and r.posts is not None and len(r.posts)]
    sidecars = [i for i, r in enumerate(readings) if r.is_sidecar and r.posts is not None]
    parts = {i: _part(readings[i]) for i in lists}
    listed = set().union(*(part["post_id"] for part in parts.values())) if sidecars else set()
    for i in sidecars:
        part = _part(readings[i])
        is_listed = part["post_id"].isin(listed)
        if not is_listed.all():
            lost = part["post_id"][~is_listed]
            text = plural(
                "{count} row of {all} names a post that no other file has ({first}); left out",
                "{count} rows of {all} name posts that no other file has (such as {first}); left out",
                len(lost),
                all=len(part),
                first=lost.iloc[0],
            )
            notices.append(Notice(readings[i].source, text))
        if is_listed.any():
            parts[i] = part[is_listed.to_numpy()]
    unique = {i for i in lists if _is_unique(parts[i]["post_id"])}
    for i in lists:
        if i not in unique:
            parts[i], repeats = _settle_repeats(readings[i].source, parts[i])
            notices += repeats
    snapshots = _snapshots(readings, sources, parts)
    if not parts:
        return Merged(conform(pd.DataFrame({"post_id": pd.Series(dtype="str")})), snapshots, notices=notices)
    [(i, part), *more] = parts.items()
    if not more and (i in unique or _is_unique(part["post_id"])):
        provenance = readings[i].provenance
        if provenance is None:
            columns = tuple(c for c in schema_order(part.columns) if c in COLUMNS and c != "post_id")
            provenance = Provenance(tuple(sources), (((i, columns),),))
            part = part.assign(**{PROVENANCE: np.zeros(len(part), dtype="int8")})
        return Merged(conform(part), snapshots, provenance, notices)
    undated = [i for i, part in parts.items() if "views" in part.columns and column(part, "metrics_at").isna().any()]
    text = N_(
        "does not say when its counts were taken; where a post has two, the one with more views is used as the newer"
    )
    notices += [Notice(readings[i].source, _(text), level="info") for i in undated]
    notices += [notice for i, part in parts.items() for notice in _shared_id_notice(readings[i].source, part)]
    posts, provenance = _combine(readings, sources, parts)
    return Merged(posts, snapshots, provenance, notices)


def _part(reading: Reading) -> pd.DataFrame:
    """The posts of a reading in the schema's types, with IN_FULL_LIST where it is not true of all of them."""
    assert reading.posts is not None
    part = conform(reading.posts.drop(columns=["printed_on", "sources", IN_FULL_LIST], errors="ignore"))
    if reading.provenance is not None:
        complete = np.array([*reading.provenance.in_full_list(), True])[part[PROVENANCE].to_numpy()]
    else:
        complete = np.full(len(part), reading.lists_every_post)
    return part if complete.all() else part.assign(**{IN_FULL_LIST: complete})


def _is_unique(ids: pd.Series) -> bool:
    # Only of ids that look alike is it worth to number each; most exports hold none.
    return bool(ids[maybe_duplicated(arrow_text(ids))].is_unique)


def _combine(readings: Sequence[Reading], sources: Sequence[Source], parts: Parts) -> tuple[pd.DataFrame, Provenance]:
    """The rows of one post as one, and which reading each of its columns is from."""
    table = pd.concat(parts.values(), ignore_index=True)
    reading = np.repeat(np.array(list(parts), dtype="int32"), [len(part) for part in parts.values()])
    labels = [source.label for source in sources]
    post, ids = pd.factorize(table["post_id"], sort=True)
    rows = _rows_by_column(table, post, len(ids), _preferences(table, readings, labels, reading))
    is_known = {name: (at >= 0) & table[name].notna().to_numpy()[at] for name, at in rows.items()}
    posts = pd.DataFrame({"post_id": ids, **{name: table[name].reindex(at).array for name, at in rows.items()}})
    # A first column of none lets a table hold nothing but ids.
    origins = {"": np.full(len(ids), -1, dtype=reading.dtype)}
    origins |= {name: np.where(is_known[name], reading[at], -1) for name, at in rows.items() if name in COLUMNS}
    distinct, codes = np.unique(np.column_stack(list(origins.values())), axis=0, return_inverse=True)
    names = np.array(list(origins))

    def columns_by_source(pattern: np.ndarray) -> tuple[tuple[int, tuple[str, ...]], ...]:
        by_label = sorted({*pattern.tolist()} - {-1}, key=labels.__getitem__)
        return tuple((i, tuple(names[pattern == i].tolist())) for i in by_label)

    patterns = tuple(map(columns_by_source, distinct))
    posts[PROVENANCE] = codes.ravel().astype(np.min_scalar_type(-len(patterns) - 1))
    complete = np.concatenate([part.get(IN_FULL_LIST, np.ones(len(part), dtype=bool)) for part in parts.values()])
    if not complete.all():
        posts[IN_FULL_LIST] = np.bincount(post[complete.astype(bool)], minlength=len(ids)) > 0
    newest_first = column(posts, "posted_at").sort_values(ascending=False, kind="stable").index
    return conform(posts.loc[newest_first].reset_index(drop=True)), Provenance(tuple(sources), patterns)


def _preferences(table: pd.DataFrame, readings: Sequence[Reading], labels: Sequence[str], reading: np.ndarray) -> Rows:
    """The rows of a table in orders of preference: of most facts, of counts, and of times of posting."""
    is_exact = (column(table, "posted_at_precision") == "second").fillna(value=False)
    trust = np.array([-r.trust for r in readings])[reading]
    time_trust = np.array([-r.time_trust for r in readings])[reading]
    label = np.unique(labels, return_inverse=True)[1][reading]
    age = _age(table).to_numpy()
    fewer = -np.nansum([*_monotone(table).values()], axis=0)
    # np.lexsort takes the first key last.
    return {
        "facts": np.lexsort((label, age, trust)),
        "counts": np.lexsort((fewer, label, trust, _is_rounded(table), age)),
        "times": np.lexsort((label, trust, ~is_exact.astype(bool), time_trust)),
    }


def _rows_by_column(table: pd.DataFrame, post: np.ndarray, count: int, preferred: Rows) -> Rows:
    """For each column, the row of the table that gives it to each of `count` posts; -1 where none does."""
    is_known = {name: table[name].notna().to_numpy() for name in table.columns}

    def first(order: np.ndarray, is_usable: np.ndarray) -> np.ndarray:
        usable = order[is_usable[order]][::-1]
        rows = np.full(count, -1)
        rows[post[usable]] = usable
        return rows

    nowhere = np.zeros(len(table), dtype=bool)
    by_views = first(preferred["counts"], is_known.get("views", nowhere))
    has_counts = np.logical_or.reduce([nowhere, *(is_known[name] for name in METRICS if name in is_known)])
    winner = np.where(by_views < 0, first(preferred["counts"], has_counts), by_views)
    is_same_day = _is_same_day(table, winner[post])
    # Of a measurement without a date, rows of several days may be as near: those of the newest day complete it.
    day = _days(table)
    dated = is_same_day & ~np.isnat(day)
    newest = day[first(preferred["counts"], dated)][post]
    is_same_day &= ~dated | (day == newest)
    rows: Rows = {}
    for name in schema_order(table.columns):
        if name in {"post_id", PROVENANCE, IN_FULL_LIST}:
            continue
        if name in {"metrics_at", "counts_rounded"}:
            rows[name] = winner
        elif name in METRICS:
            rows[name] = first(preferred["counts"], is_known[name] & is_same_day if name in GROWING else is_known[name])
        elif name not in {"posted_at", "posted_at_precision"}:
            rows[name] = first(preferred["facts"], is_known[name])
        elif "posted_at" in is_known:
            rows[name] = first(preferred["times"], is_known["posted_at"])
    return rows


def _is_same_day(table: pd.DataFrame, winner: np.ndarray) -> np.ndarray:
    """Whether each row was measured on the day of the row that `winner` gives for it.

    Where a day is not known, counts of views tell: they are near to each other, or one of them is missing.
    """
    day, views = _days(table), column(table, "views").astype("float64").to_numpy()
    low, high = np.fmin(views, views[winner]), np.fmax(views, views[winner])
    is_near = (low >= ROUNDING * high) | np.isnan(views) | np.isnan(views[winner])
    return np.asarray(np.where(np.isnat(day) | np.isnat(day[winner]), is_near, day == day[winner]))


def _days(table: pd.DataFrame) -> np.ndarray:
    return np.asarray(column(table, "metrics_at").dt.tz_convert(None).to_numpy().astype("datetime64[D]"))


def _is_rounded(table: pd.DataFrame) -> pd.Series:
    return column(table, "counts_rounded").fillna(value=False).astype(bool)


def _monotone(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """The counts that hardly fall, as numbers."""
    return {name: numbers(table, name) for name in MONOTONE}


def _sizes(table: pd.DataFrame, post: np.ndarray) -> np.ndarray:
    """Of each row the first of the counts that hardly fall which any row of its post has; NaN where it has none."""
    sizes, is_open = np.full(len(table), np.nan), np.ones(len(table), dtype=bool)
    for values in _monotone(table).values():
        is_known = ~np.isnan(values)
        here = is_open & (np.bincount(post, weights=is_known) > 0)[post] if len(post) else is_open
        sizes[here] = values[here]
        is_open &= ~here
    return sizes


def _age(table: pd.DataFrame) -> pd.Series:
    """A key that sorts the newest counts of each post first.

    It is the time they were taken, or, where that is not known of all, the counts, since these only grow.
    """
    taken_at, sizes = column(table, "metrics_at"), pd.Series(_sizes(table, pd.factorize(table["post_id"])[0]))
    age = -taken_at.astype("int64").astype("float64").where(taken_at.notna(), -np.inf)
    is_undated = table["post_id"].isin(table.loc[taken_at.isna() & sizes.notna(), "post_id"])
    # A rounded count may be above the exact one that it stands for.
    nearest = sizes.mask(_is_rounded(table), sizes * ROUNDING).fillna(-1.0)
    return age.mask(is_undated, -nearest)


def _settle_repeats(where: str, part: pd.DataFrame) -> tuple[pd.DataFrame, list[Notice]]:
    """A file's posts of which some stand in several rows without dates of counting: which counts are taken is said.

    Where a row has more of one count and less of another than the others of its post, those of the first row count.
    """
    is_undated = column(part, "metrics_at").isna().groupby(part["post_id"]).transform("any")
    rows = (part["post_id"].duplicated(keep=False) & is_undated).to_numpy().nonzero()[0]
    if not len(rows):
        return part, []
    table = part.iloc[rows]
    post, ids = pd.factorize(table["post_id"])
    counts = _monotone(table)
    largest_first = np.lexsort((-np.nansum([*counts.values()], axis=0), -np.nan_to_num(_sizes(table, post), nan=-1)))
    winner = np.empty(len(ids), dtype=np.int64)
    winner[post[largest_first][::-1]] = largest_first[::-1]
    differs, contradicts = np.zeros(len(ids), dtype=bool), np.zeros(len(ids), dtype=bool)
    for values in counts.values():
        own = values[winner][post]
        differs[post[np.abs(values - own) > 0]] = True
        contradicts[post[values > np.maximum(own / ROUNDING, own + TAKEN_BACK)]] = True
    notices = []
    for is_kind, text, level in ((differs & ~contradicts, _GROWN, "info"), (contradicts, _CONTRARY, "warning")):
        if is_kind.any():
            shown = plural(*text, int(is_kind.sum()), first=str(ids[is_kind][0]))
            notices.append(Notice(where, shown, level=level))
    later = rows[contradicts[post] & table["post_id"].duplicated().to_numpy()]
    if len(later):
        is_later = pd.Series(np.isin(np.arange(len(part)), later), index=part.index)
        part = part.assign(**{name: part[name].mask(is_later) for name in METRICS if name in part.columns})
    return part, notices


def _shared_id_notice(where: str, part: pd.DataFrame) -> Iterator[Notice]:
    """A warning on a file in which rows with different captions have one id, since they become one post."""
    if "caption" not in part.columns or _is_unique(part["post_id"]):
        return
    captions = part.loc[part["post_id"].duplicated(keep=False), ["post_id", "caption"]].dropna().drop_duplicates()
    shared = captions.loc[captions["post_id"].duplicated(), "post_id"]
    if len(shared):
        rows = int(part["post_id"].isin(shared).sum())
        text = N_("{rows} rows share an id and differ in their captions (such as {value}); rows of one id are one post")
        yield Notice(where, _(text, rows=rows, value=shared.iloc[0]))


def _snapshots(readings: Sequence[Reading], sources: Sequence[Source], parts: Parts) -> pd.DataFrame:
    """Every dated measurement of every post, oldest first."""
    several = len(parts) > 1 or any(readings[i].history is not None for i in parts)
    tables = []
    for i, part in parts.items():
        columns = [name for name in SNAPSHOT_COLUMNS if name in part.columns]
        if "metrics_at" in columns and not set(METRICS).isdisjoint(columns):
            tables.append(part.loc[part["metrics_at"].notna(), columns])
        if (history := readings[i].history) is not None:
            tables.append(history)
        tables = [t if "source" in t.columns or not several else t.assign(source=sources[i].label) for t in tables]
    if not tables:
        return pd.DataFrame({"post_id": pd.Series(dtype="str"), "metrics_at": pd.Series(dtype="datetime64[us, UTC]")})
    if len(tables) == 1:
        return tables[0]
    table = pd.concat(tables, ignore_index=True)
    table = table.sort_values(["post_id", "metrics_at", "source"], kind="stable")
    return table[[c for c in SNAPSHOT_COLUMNS if c in table.columns]].reset_index(drop=True)


def newest_retention(readings: Sequence[Reading], sources: Sequence[Source], posts: pd.DataFrame) -> pd.DataFrame:
    """The newest retention curve of every post: a row a post and second, in their order."""
    pairs = zip(readings, sources, strict=True)
    curves = [r.retention.assign(source=source.label) for r, source in pairs if r.retention is not None]
    if not curves:
        return pd.DataFrame(columns=list(RETENTION_COLUMNS), dtype="str")
    together = pd.concat(curves, ignore_index=True)
    newest = together.sort_values(["metrics_at", "source"], kind="stable", na_position="first")
    newest = newest.drop_duplicates("post_id", keep="last")[["post_id", "metrics_at", "source"]]
    # A moment that is not known equals itself here, as it does not in a comparison.
    table = together.merge(newest, on=["post_id", "metrics_at", "source"])
    table = table.drop_duplicates(["post_id", "second"], keep="last")
    table = table[table["post_id"].isin(posts["post_id"])]
    accounts = pd.Series(column(posts, "account").array, index=posts["post_id"])
    table = table.assign(account=table["post_id"].map(accounts).astype("str"))
    return table.sort_values(["post_id", "second"], kind="stable", ignore_index=True)[list(RETENTION_COLUMNS)]
