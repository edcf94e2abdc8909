"""Evidence as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tiktok_coach.analysis.evidence import SCHEMA_VERSION, Evidence
from tiktok_coach.core.translation import N_
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.json_csv import number, pair, rows_csv
from tiktok_coach.stats.curves import Curve

COLUMNS = (
    "account",
    "outcome",
    "code",
    "name",
    "effect",
    "interval",
    "estimate",
    "followed",
    "posts",
    "verdict",
    "prior",
    "p",
    "q",
)
CAVEATS = (
    N_(
        "What goes along with better results need not cause them: posts that follow a tip may differ in more than "
        "that. An experiment tells."
    ),
    N_(
        "Posts picked because they did very well or very badly come nearer to the usual by themselves (regression to "
        "the mean)."
    ),
)


SELECTED = N_(
    "All posts come from Studio's lists of the most seen: winners are over-represented, and what sets them apart "
    "from the others is not in the data."
)


def caveats(found: Evidence) -> list[str]:
    """What must be kept in mind of these effects."""
    counted = [source for source in found.export.sources if source.rows and "views" in source.supplies]
    return [*CAVEATS, *([SELECTED] if counted and all(source.lists_most_viewed for source in counted) else [])]


def evidence_json(found: Evidence, accounts: Sequence[Mapping[str, Any]] | None = None) -> Iterator[str]:
    """Evidence as pieces of one JSON text. `accounts` is how several stand beside each other."""
    head = {
        "schema_version": SCHEMA_VERSION,
        "account": found.account.handle,
        **({"accounts": list(accounts)} if accounts is not None else {}),
        "posts": found.posts,
        "left_out": found.left_out,
        "caveats": caveats(found),
    }
    yield json_text(head, indent=1)[:-2] + ',\n "effects": [\n'
    for place, row in enumerate(_effects(found)):
        yield (",\n  " if place else "  ") + json_text(row)
    yield '\n ],\n "curves": [\n'
    yield ",\n".join("  " + json_text(_curve(c)) for c in found.curves)
    yield "\n ]\n}\n"


def evidence_csv(found: Iterable[Evidence]) -> Iterator[str]:
    """The effects as CSV, a row an account, outcome and code."""
    return rows_csv(COLUMNS, (row for one in found for row in _effects(one)))


def _effects(found: Evidence) -> Iterator[dict[str, Any]]:
    for row in found.effects.itertuples(index=False):
        yield {
            "code": row.code,
            "name": found.names[str(row.code)],
            "account": row.account if isinstance(row.account, str) else None,
            "outcome": row.outcome,
            "effect": number(row.effect),
            "interval": pair(row.low, row.high),
            "estimate": number(row.estimate),
            "followed": number(row.followed),
            "posts": int(row.posts),  # type: ignore[arg-type]
            "verdict": row.verdict,
            "prior": number(row.prior),
            "p": number(row.p),
            "q": number(row.q),
        }


def _curve(curve: Curve) -> dict[str, Any]:
    return {
        "fact": curve.fact,
        "unit": curve.unit,
        "outcome": curve.outcome,
        "posts": curve.posts,
        "x": [number(v) for v in curve.x],
        "effect": [number(v) for v in curve.effect],
        "interval": [pair(a, b) for a, b in zip(curve.low, curve.high, strict=True)],
        "best": None if curve.best is None else pair(*curve.best),
        "p": number(curve.p),
        "q": number(curve.q),
        "tip": None if curve.tip is None else {"code": curve.tip[0], "min": curve.tip[1], "max": curve.tip[2]},
    }
