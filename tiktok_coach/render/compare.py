"""Two periods or two accounts side by side; as a page, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.analysis.compare import FACTOR, POINTS, SCHEMA_VERSION, SHARE, Comparison, Side
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.pages.charts import distribution, spark
from tiktok_coach.render.pages.page import Page, Part, Picture, Table, TextColumn, Words, columns
from tiktok_coach.render.values import between, facts_of, json_cell, rows_csv
from tiktok_coach.stats.effects import FALSE_SHARE

READING = N_(
    "before and after: means, and medians of views, completion and engagement; the difference of these is a "
    "factor, at like age of the posts (of rates at like views too). 90% intervals. Beyond chance: at most "
    "{false:.0%} of what is called so is expected to be chance (Benjamini-Hochberg). What differs between two "
    "periods need not come from what you changed."
)
SPARKS = 60
WHOLE = "whole"


def compare_page(result: Comparison) -> Page:
    """The report."""
    table = result.differences
    significant_mask = table["beyond_chance"].to_numpy(dtype=bool)
    known_mask = table["p"].notna().to_numpy()
    parts: list[Part] = [
        f"{_side(result.before)}; {_side(result.after)}.",
        _table(_("Different beyond chance"), table[significant_mask])
        if significant_mask.any()
        else _("Nothing is different beyond chance."),
    ]
    if (known_mask & ~significant_mask).any():
        parts.append(_table(_("Not told from chance"), table[known_mask & ~significant_mask]))
    if silent := table.loc[~known_mask, "what"].tolist():
        parts.append(_("Not enough data, or all alike: {names}.", names=", ".join(_(str(what)) for what in silent)))
    for side, views in zip((result.before, result.after), result.views, strict=True):
        if lines := distribution(views, _("views")):
            parts.append(Picture(_("Views of the posts, {name}", name=_(side.name)), lines))
    score = result.scores[np.isfinite(result.scores)]
    if len(score) >= 2:
        chunks = np.array_split(score, min(SPARKS, len(score)))
        parts.append(Picture(_("Score of the signals, oldest to newest"), [spark([float(c.mean()) for c in chunks])]))
    parts.append(Words(_(READING, false=FALSE_SHARE), faint=True))
    return Page(_("What changed"), parts)


def _side(side: Side) -> str:
    posts = _(side.name) + ": " + plural("{count:,} post", "{count:,} posts", side.posts)
    if side.first is None or side.last is None:
        return posts
    return _("{posts} of {first:%Y-%m-%d} to {last:%Y-%m-%d}", posts=posts, first=side.first, last=side.last)


def _table(title: str, table: pd.DataFrame) -> Table:
    rows = []
    for row in table.to_dict("records"):
        kind = str(row["kind"])
        gap, low, high = (float(row[name]) for name in ("difference", "low", "high"))
        if kind == FACTOR:
            change, band = fill("×{gap:.2f}", gap=gap), between(low, high)
        else:
            change, least, most = (_amount(value, kind, sign=True) for value in (gap, low, high))
            band = _("{low} to {high}", low=least, high=most)
        what, unit = str(row["what"]), row["unit"]
        plain = WHOLE if what in ("views", "people reached") else SHARE if kind == FACTOR else kind
        name = f"{_(what)}, {_(unit)}" if unit else _(what)
        rows.append([name, _amount(row["before"], plain), _amount(row["after"], plain), change, band])
    heads = columns(TextColumn(N_("what")), N_("before"), N_("after"), N_("difference"), N_("90%"))
    return Table(title, heads, rows)


def _amount(value: Any, kind: str, *, sign: bool = False) -> str:
    size = float(value)
    if not np.isfinite(size):
        return "–"
    plus = "+" if sign else ""
    if kind == SHARE:
        return format_value(size, f"{plus}.1%")
    if kind == WHOLE:
        return format_value(size, ",.0f")
    return format_value(size, f"{plus}.0f" if kind == POINTS else f"{plus}.1f")


COLUMNS = "what kind unit before after difference interval p q beyond_chance posts_before posts_after"


def compare_json(result: Comparison) -> Iterator[str]:
    """A comparison as JSON."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "before": _side_json(result.before),
        "after": _side_json(result.after),
        "differences": list(_rows(result)),
    }
    yield json_text(content, indent=1) + "\n"


def compare_csv(result: Comparison) -> Iterator[str]:
    """A comparison as CSV, a row a quantity."""
    return rows_csv(COLUMNS, _rows(result))


def _side_json(side: Side) -> dict[str, Any]:
    return {"name": side.name, "posts": side.posts, "from": json_cell(side.first), "to": json_cell(side.last)}


def _rows(result: Comparison) -> Iterator[dict[str, Any]]:
    return (facts_of(row, COLUMNS) for row in result.differences.itertuples(index=False))
