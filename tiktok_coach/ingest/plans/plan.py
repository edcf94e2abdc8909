"""One file of planned posts, read: its posts as a table, the place of every fact, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.account import Account, Notice
from tiktok_coach.errors import CoachError
from tiktok_coach.ingest.columns import WANTED, text_of, values_of
from tiktok_coach.ingest.dates import parse_times
from tiktok_coach.ingest.numbers import missing
from tiktok_coach.ingest.plans.keys import key_of
from tiktok_coach.ingest.plans.places import Places
from tiktok_coach.ingest.reading import Options
from tiktok_coach.posts import COLUMNS, Column, out_of_range

NO_ZONE = (
    "local times, and no timezone to place them in: their hours are not known; say account.timezone, or --timezone"
)


@dataclass(frozen=True)
class Plan:
    """One file of planned posts. `text` is the file's, empty for a workbook; `account_places` names where the file says what
    of its account.
    """

    name: str
    format: str
    text: str
    posts: pd.DataFrame
    places: Places
    account: Account | None = None
    problems: tuple[CoachError, ...] = ()
    notices: tuple[Notice, ...] = ()


def typed(
    rows: Sequence[Mapping[str, Any]], places: Places, where: str, options: Options, timezone: str | None
) -> tuple[pd.DataFrame, list[CoachError], list[Notice]]:
    """Planned posts as columns of the posts table, from each post's facts by column.

    A fact that cannot be read is left missing and is a problem at its place. Local times need `timezone`; without one only
    their day is known.
    """
    posts = pd.DataFrame(index=range(len(rows)))
    problems: list[CoachError] = []
    notices: list[Notice] = []

    def refuse(mask: pd.Series, name: str, what: str) -> None:
        for row in mask.to_numpy().nonzero()[0].tolist():
            place = places.of(row, name)
            shown = str(rows[row][name])
            cut = f"{shown[:40]!r}{'…' if len(shown) > 40 else ''}"
            problems.append(
                CoachError(f"{key_of(name)} {cut} {what}", where=place.file, line=place.line, column=place.column)
            )

    for name in dict.fromkeys(column for row in rows for column in row):
        spec = COLUMNS[name]
        raw = [row.get(name) for row in rows]
        if name == "posted_at":
            timed, bad, more = _times(pd.Series([text_of(v) for v in raw], dtype="str"), where, options, timezone)
            posts = posts.assign(**timed)
            notices += more
        else:
            posts[name], bad = _values(raw, spec)
        refuse(bad, name, f"is not {WANTED.get(spec.kind) or 'one of ' + ', '.join(spec.choices)}")
        if spec.kind in {"count", "number", "share"}:
            odd = out_of_range(posts[name])
            refuse(odd, name, f"is outside {spec.low:g}-{spec.high or float('inf'):g}")
            posts[name] = posts[name].mask(odd)
    posts["status"] = pd.Series("planned", index=posts.index, dtype="str")
    return posts, problems, notices


def _values(raw: list[Any], spec: Column) -> tuple[pd.Series, pd.Series]:
    """Values of a column, and where one cannot be read; what YAML has typed already is taken as it is."""
    types = set(map(type, raw)) - {type(None)}
    if (spec.kind == "number" and types <= {int, float}) or (spec.kind == "count" and types <= {int}):
        try:
            values = pd.Series(raw, dtype="float64")
            if spec.kind == "number" or (values.abs().fillna(0) < 2**53).all():
                return values.astype(spec.dtype), values.isna() & False  # type: ignore[call-overload]
        except OverflowError:
            pass
    if spec.kind == "flag" and types <= {bool}:
        flags = pd.Series(raw, dtype="boolean")
        return flags, flags.isna() & False
    texts = pd.Series([text_of(v) for v in raw], dtype="str")
    values, bad, _ = values_of(texts, spec, percent=None)
    return values, bad


def _times(
    texts: pd.Series, where: str, options: Options, timezone: str | None
) -> tuple[dict[str, pd.Series], pd.Series, list[Notice]]:
    times = parse_times(texts, where, order=options.date_order, timezone=timezone or "UTC")
    floating = (times.clock == "local").to_numpy(dtype=bool) & (timezone is None)
    hourly = times.has_hour.to_numpy() & ~floating
    known = times.at.notna().to_numpy()
    precision = pd.Series(np.where(hourly, "second", "day"), dtype="str").where(known)
    change = times.clock.where(times.clock.isin(["gap", "overlap"]), "none").where(known & hourly)
    at = times.at.mask(floating, times.at.dt.normalize())
    columns = {"posted_at": at, "posted_at_precision": precision, "clock_change": change.astype("str")}
    return columns, times.bad & ~missing(texts), [Notice(where, NO_ZONE)] if floating.any() else []


def with_ids(posts: pd.DataFrame, stem: str) -> pd.DataFrame:
    """The posts with an id each; one that has none is named after its file."""
    held = posts["post_id"] if "post_id" in posts.columns else pd.Series(None, index=posts.index, dtype="str")
    made = pd.Series([stem if len(posts) == 1 else f"{stem}-{n}" for n in range(1, len(posts) + 1)], dtype="str")
    return posts.assign(post_id=held.where(held.fillna("").str.strip() != "").fillna(made))
