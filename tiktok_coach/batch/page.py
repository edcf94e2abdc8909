"""A fleet's accounts beside each other, as people read them when the work is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

import numpy as np
import pyarrow as pa

from tiktok_coach.batch.scheduler import FAILURES
from tiktok_coach.batch.worker import FleetResult
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.render.accounts import MARKS
from tiktok_coach.render.pages.page import Column, Page, Table, Words, columns
from tiktok_coach.stats.account_summaries import partial_pool_means

# So many failures are named.
MOST_FAILURES = 5


@dataclass(frozen=True)
class _Listing:
    """How the accounts of a command are listed: the heads after the name and the posts, their cells, by what they are
    sorted, and how to read them.
    """

    heads: tuple[str, ...]
    cells: Callable[[Mapping[str, Any]], list[str]]
    by: str
    reading: str


def _number(value: float | None, spec: str = ",.0f") -> str:
    return "–" if value is None or value != value else format_value(value, spec)


LISTINGS = {
    "audit": _Listing(
        (N_("views"), N_("score"), N_("90%"), N_("to gain"), N_("first")),
        lambda one: [
            _number(one["median_views"]),
            MARKS[one["significant"]] + _number(one["middle"]),
            fill("{low:.0f}–{high:.0f}", low=one["low"], high=one["high"]) if one["low"] == one["low"] else "–",
            _number(one["to_gain"]),
            one["first_change"] or "–",
        ],
        "to_gain",
        N_(
            "views: of a usual post; score: how far posts follow the tips, of 100, pulled towards the average where "
            "posts are few; ▲ ▼ clearly above or below the others; to gain: points that the tips lack of 100; first: "
            "the rule to follow first (`tiktok-coach rules CODE`)."
        ),
    ),
    "simulate": _Listing(
        (N_("views"), N_("score"), N_("growing"), N_("not recommended")),
        lambda one: [
            _number(one[name]) for name in ("median_views", "median_signal_score", "grow_on", "never_recommended")
        ],
        "grow_on",
        N_(
            "views and score: of a usual post; growing: posts expected to grow more than usual in two weeks; not "
            "recommended: posts that TikTok may leave out of For You."
        ),
    ),
    "evidence": _Listing(
        (N_("views"), N_("helps"), N_("hurts")),
        lambda one: [_number(one[name]) for name in ("median_views", "helps", "hurts")],
        "helps",
        N_("views: of a usual post; helps, hurts: tips with a clear effect on the account's posts."),
    ),
}


def fleet_page(command: str, accounts: pa.Table, result: FleetResult, folder: str, *, most: int) -> Page:
    """The accounts, `most` of them, and which failed."""
    listing = LISTINGS[command]
    rows = _rows(command, accounts)
    order = sorted(rows, key=lambda one: (-(one[listing.by] or 0.0), str(one["account"])))
    table = Table(
        "",
        columns(Column(N_("account"), is_text=True), N_("posts"), *listing.heads),
        [[str(one["account"]), _number(one["posts"]), *listing.cells(one)] for one in order[:most]],
    )
    parts: list[Table | Words] = [table] if order else []
    if len(order) > most:
        parts.append(Words(_("and {rest:,} more in {folder}", rest=len(order) - most, folder=folder), faint=True))
    parts += [Words(_(listing.reading), faint=True)] if order else []
    for failure in result.failures[:MOST_FAILURES]:
        # The table of failures has the whole path.
        file = PurePath(failure.file or failure.input).name
        place = f"{file}:{failure.line}" if failure.line else file
        parts.append(Words(f"{failure.account}: {place}: {failure.reason}"))
    failed = len(result.failures)
    if (rest := failed - MOST_FAILURES) > 0:
        more = plural(
            "and {count:,} more failure; {file} has them all",
            "and {count:,} more failures; {file} has them all",
            rest,
            file=FAILURES,
        )
        parts.append(Words(more))
    title = plural("{count:,} account", "{count:,} accounts", result.accounts)
    title += _(", {kept:,} as before", kept=result.unchanged) if result.unchanged else ""
    return Page(title + (_(", {failed:,} not read", failed=failed) if failed else ""), parts)


def _rows(command: str, accounts: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = accounts.to_pylist()
    if command != "audit":
        return rows
    size = np.array([row["scored"] or 0 for row in rows], dtype="float64")
    mean, squares = (
        np.array([np.nan if row[name] is None else row[name] for row in rows]) for name in ("score", "squares")
    )
    pooled = partial_pool_means(mean, np.nan_to_num(squares), size)
    for name in ("middle", "low", "high", "significant"):
        for row, value in zip(rows, getattr(pooled, name).tolist(), strict=True):
            row[name] = value
    return rows
