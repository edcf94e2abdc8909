"""Merges what all files say of each post into one row, and remembers which file each fact came from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tiktok_coach.core.arrays import maybe_duplicated
from tiktok_coach.core.captions import arrow_text
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.schema import (
    COLUMNS,
    METRICS,
    RETENTION_COLUMNS,
    SNAPSHOT_COLUMNS,
    conform,
    empty_column,
    schema_order,
)
from tiktok_coach.core.translation import _
from tiktok_coach.io.reading import Reading

SECOND = "second"
WORKING = ("printed_on",)
ROUNDING = 0.95


def label(reading: Reading) -> str:
    """How the `sources` column names a reading."""
    return f"{reading.format} ({reading.source})"


def merged(readings: Sequence[Reading]) -> tuple[pd.DataFrame, pd.DataFrame, list[Notice]]:
    """One row per post, the snapshots of its metrics, and notices of added facts that no post takes.

    Newest metrics win, exact ones over rounded ones of the same time; other facts come from the most trusted source.
    """
    added = [r for r in readings if r.is_sidecar and r.posts is not None]
    base = [r for r in readings if not r.is_sidecar and r.posts is not None and len(r.posts)]
    notices: list[Notice] = []
    kept: list[Reading] = list(base)
    parts = [_part(r) for r in base]
    known = set().union(*(part["post_id"] for part in parts)) if added else set()
    for reading in added:
        assert reading.posts is not None
        inside = reading.posts["post_id"].isin(known)
        if not inside.all():
            first = reading.posts.loc[~inside, "post_id"].iloc[0]
            text = _(
                "{lost} of {count} rows name posts that no other file holds (such as {first}); left out",
                lost=int((~inside).sum()),
                count=len(inside),
                first=first,
            )
            notices.append(Notice(reading.source, text))
        if inside.any():
            kept.append(reading)
            parts.append(_part(reading)[inside.to_numpy()])
    if not parts:
        return conform(pd.DataFrame({"post_id": pd.Series(dtype="str")})), _no_snapshots(), notices
    if len(parts) == 1 and _each_its_own(parts[0]["post_id"]):
        posts = parts[0]
        if "sources" not in posts.columns:
            given = ", ".join(
                c for c in schema_order(posts.columns) if c in COLUMNS and c not in {"post_id", "sources"}
            )
            posts = posts.assign(
                sources=pd.Categorical.from_codes(
                    np.zeros(len(posts), dtype=np.int8), pd.Index([f"{label(kept[0])}: {given}"])
                )
            )
        return conform(posts), _snapshots([posts], kept), notices
    notices += [*undated_notices(kept, parts), *_of_one_id(kept, parts)]
    table = pd.concat([p.assign(_reading=i) for i, p in enumerate(parts)], ignore_index=True)
    return _combined(table, kept), _snapshots(parts, kept), notices


def _part(reading: Reading) -> pd.DataFrame:
    assert reading.posts is not None
    return conform(reading.posts.drop(columns=[c for c in WORKING if c in reading.posts.columns]))


def _each_its_own(ids: pd.Series) -> bool:
    # Only of ids that look alike is it worth to number each; most exports hold none.
    return bool(ids[maybe_duplicated(arrow_text(ids))].is_unique)


def _combined(table: pd.DataFrame, kept: Sequence[Reading]) -> pd.DataFrame:
    """The rows of one post as one: each column from the first source, in its own order of preference, that has it."""
    trust = table["_reading"].map({i: r.trust for i, r in enumerate(kept)})
    sure = table["_reading"].map({i: r.time_trust for i, r in enumerate(kept)})
    rounded = table["counts_rounded"].fillna(value=False).astype(int) if "counts_rounded" in table.columns else 0
    taken = table["metrics_at"] if "metrics_at" in table.columns else empty_column("metrics_at", table.index)
    exact = (table["posted_at_precision"] == SECOND).astype(int) if "posted_at_precision" in table.columns else 0
    keys = pd.DataFrame({"trust": -trust, "sure": -sure, "rounded": rounded})
    keys["age"] = _newness(table, taken)
    keys["vague"] = -exact
    keys["name"] = table["_reading"].map({i: label(r) for i, r in enumerate(kept)})
    by_trust = keys.sort_values(["trust", "age", "name"], kind="stable").index
    by_age = keys.sort_values(["age", "rounded", "trust", "name"], kind="stable").index
    by_time = keys.sort_values(["sure", "vague", "trust", "name"], kind="stable").index
    timed = {"posted_at", "posted_at_precision"}
    metrics = {*METRICS, "metrics_at", "counts_rounded"}
    columns = [c for c in table.columns if c not in {"_reading", "sources", *timed}]
    static = _first(table.loc[by_trust], [c for c in columns if c not in metrics])
    counted = _first(table.loc[by_age], [c for c in columns if c in metrics])
    if "views" in table.columns:
        # When the counts were taken, and whether they are rounded, goes with the counts that won and not with any that lost.
        winner = table.loc[by_age].dropna(subset=["views"]).drop_duplicates("post_id").set_index("post_id")
        for name in ("counts_rounded", "metrics_at"):
            if name in counted.columns:
                counted[name] = winner[name].reindex(counted.index)
    result = static.join(counted)
    if "posted_at" in table.columns:
        placed = table.loc[by_time].dropna(subset=["posted_at"]).drop_duplicates("post_id").set_index("post_id")
        result = result.join(placed[["posted_at", "posted_at_precision"]])
    result["sources"] = _sources(
        table, kept, {"trust": by_trust, "age": by_age, "time": by_time}, metrics, timed
    ).reindex(result.index)
    result = result.reset_index()
    when = result["posted_at"] if "posted_at" in result.columns else empty_column("posted_at", result.index)
    result = result.assign(_when=when).sort_values(
        ["_when", "post_id"], ascending=[False, True], kind="stable", ignore_index=True
    )
    return conform(result.drop(columns="_when"))


def _newness(table: pd.DataFrame, taken: pd.Series) -> pd.Series:
    """A key that sorts the newest counts of each post first: by the time they were taken, or, where that is not known of
    all of them, by views, since a count of views only grows.
    """
    age = -taken.astype("int64").astype("float64").where(taken.notna(), -np.inf)
    if "views" not in table.columns:
        return age
    undated = taken.isna() & table["views"].notna()
    by_views = table["post_id"].isin(table.loc[undated, "post_id"])
    views = table["views"].astype("float64").fillna(-1.0)
    if "counts_rounded" in table.columns:
        # A rounded count may be above the exact one that it stands for.
        views = views.mask(table["counts_rounded"].fillna(value=False).astype(bool), views * ROUNDING)
    return age.mask(by_views, -views)


def undated_notices(kept: Sequence[Reading], parts: Sequence[pd.DataFrame]) -> list[Notice]:
    """A note on each file whose counts have no date, where other files count the same posts."""
    notices = []
    for reading, part in zip(kept, parts, strict=True):
        undated = "metrics_at" not in part.columns or bool(part["metrics_at"].isna().any())
        if undated and "views" in part.columns:
            text = _(
                "does not say when its counts were taken; of counts of one post, the one with more views is taken for the newer"
            )
            notices.append(Notice(reading.source, text, level="info"))
    return notices


def _of_one_id(kept: Sequence[Reading], parts: Sequence[pd.DataFrame]) -> list[Notice]:
    """A warning on each file in which rows with different captions have one id, since they become one post."""
    notices = []
    for reading, part in zip(kept, parts, strict=True):
        if "caption" not in part.columns or _each_its_own(part["post_id"]):
            continue
        worded = part.loc[part["post_id"].duplicated(keep=False), ["post_id", "caption"]].dropna().drop_duplicates()
        several = worded.loc[worded["post_id"].duplicated(), "post_id"]
        if len(several):
            rows = int(part["post_id"].isin(several).sum())
            text = _(
                "{rows} rows share an id and differ in their captions (such as {value}); rows of one id are one post",
                rows=rows,
                value=several.iloc[0],
            )
            notices.append(Notice(reading.source, text))
    return notices


def _first(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    names = [c for c in columns if c != "post_id"]
    return table[["post_id", *names]].groupby("post_id", sort=True).first()


def _sources(
    table: pd.DataFrame, kept: Sequence[Reading], orders: dict[str, pd.Index], metrics: set[str], timed: set[str]
) -> pd.Series:
    """For each post, `source: columns; source: columns`, by which source each column came from."""
    columns = schema_order(c for c in table.columns if c in COLUMNS and c not in {"post_id", "sources"})
    winners = []
    for key, order in orders.items():
        mine = [c for c in columns if key == ("age" if c in metrics else "time" if c in timed else "trust")]
        rows = table.loc[order]
        told = pd.DataFrame({name: rows["_reading"].where(rows[name].notna()) for name in mine}, index=rows.index)
        winners.append(told.groupby(rows["post_id"]).first())
    won = pd.concat(winners, axis=1)[columns].fillna(-1).astype(int)
    patterns, which = np.unique(won.to_numpy(), axis=0, return_inverse=True)
    names = np.array(won.columns)
    texts = [
        "; ".join(
            f"{label(kept[i])}: {', '.join(names[pattern == i])}"
            for i in sorted(set(pattern.tolist()) - {-1}, key=lambda i: label(kept[i]))
        )
        for pattern in patterns
    ]
    return pd.Series(pd.Categorical.from_codes(which.ravel(), pd.Index(texts)), index=won.index)


def _snapshots(parts: Sequence[pd.DataFrame], kept: Sequence[Reading]) -> pd.DataFrame:
    """Every dated measurement of every post, oldest first; a table holds more than one a post only where exports differ."""
    tables = []
    several = len(parts) > 1 or any(reading.history is not None for reading in kept)
    for part, reading in zip(parts, kept, strict=True):
        measured = [c for c in METRICS if c in part.columns]
        if "metrics_at" in part.columns and measured:
            columns = ["post_id", *(c for c in ("account",) if c in part.columns), "metrics_at", *measured]
            rows = part.loc[part["metrics_at"].notna(), columns]
            tables.append(rows.assign(source=label(reading)) if several else rows)
        if reading.history is not None:
            tables.append(reading.history.assign(source=label(reading)))
    if not tables:
        return _no_snapshots()
    if len(tables) == 1:
        return tables[0]
    table = pd.concat(tables, ignore_index=True)
    table = table.sort_values(["post_id", "metrics_at", "source"], kind="stable")
    return table[[c for c in SNAPSHOT_COLUMNS if c in table.columns]].reset_index(drop=True)


def _no_snapshots() -> pd.DataFrame:
    return pd.DataFrame({"post_id": pd.Series(dtype="str"), "metrics_at": pd.Series(dtype="datetime64[us, UTC]")})


def retention(readings: Sequence[Reading], posts: pd.DataFrame) -> pd.DataFrame:
    """The newest retention curve of every post: a row a post and second, in their order."""
    curves = [r.retention.assign(source=label(r)) for r in readings if r.retention is not None]
    if not curves:
        return pd.DataFrame(columns=list(RETENTION_COLUMNS), dtype="str")
    together = pd.concat(curves, ignore_index=True)
    newest = together.sort_values(["metrics_at", "source"], kind="stable", na_position="first")
    newest = newest.drop_duplicates("post_id", keep="last")[["post_id", "metrics_at", "source"]]
    # A moment that is not known equals itself here, as it does not in a comparison.
    table = together.merge(newest, on=["post_id", "metrics_at", "source"]).drop_duplicates(
        ["post_id", "second"], keep="last"
    )
    owners = posts.set_index("post_id")["account"] if "account" in posts.columns else pd.Series(dtype="str")
    table = table[table["post_id"].isin(posts["post_id"])].assign(
        account=lambda t: t["post_id"].map(owners).astype("str")
    )
    return table.sort_values(["post_id", "second"], kind="stable", ignore_index=True)[list(RETENTION_COLUMNS)]
