"""A comparison as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tiktok_coach.analysis.compare import SCHEMA_VERSION, Comparison, Side
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.json_csv import json_cell, number, pair, rows_csv

COLUMNS = (
    "what",
    "kind",
    "unit",
    "before",
    "after",
    "difference",
    "interval",
    "p",
    "q",
    "beyond_chance",
    "posts_before",
    "posts_after",
)


def compare_json(found: Comparison) -> Iterator[str]:
    """A comparison as JSON."""
    held = {
        "schema_version": SCHEMA_VERSION,
        "before": _side(found.before),
        "after": _side(found.after),
        "differences": list(_rows(found)),
    }
    yield json_text(held, indent=1) + "\n"


def compare_csv(found: Comparison) -> Iterator[str]:
    """A comparison as CSV, a row a quantity."""
    return rows_csv(COLUMNS, _rows(found))


def _side(side: Side) -> dict[str, Any]:
    return {"name": side.name, "posts": side.posts, "from": json_cell(side.first), "to": json_cell(side.last)}


def _rows(found: Comparison) -> Iterator[dict[str, Any]]:
    for row in found.differences.itertuples(index=False):
        yield {
            "what": row.what,
            "kind": row.kind,
            "unit": row.unit,
            "before": number(row.before),
            "after": number(row.after),
            "difference": number(row.difference),
            "interval": pair(row.low, row.high),
            "p": number(row.p),
            "q": number(row.q),
            "beyond_chance": bool(row.beyond_chance),
            "posts_before": int(row.posts_before),  # type: ignore[arg-type]
            "posts_after": int(row.posts_after),  # type: ignore[arg-type]
        }
