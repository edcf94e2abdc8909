"""Experiments as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from tiktok_coach.analysis.experiment import SCHEMA_VERSION, Design, Reading
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.json_csv import json_cell, number, pair, rows_csv

SLOTS = ("publish_at", "pair", "arm")
PAIRS = (
    "pair",
    "follow_post",
    "leave_post",
    "follow_views",
    "leave_views",
    "follow_did",
    "leave_did",
    "difference",
    "why",
)


def design_json(found: Design) -> Iterator[str]:
    """The size and the calendar of an experiment as JSON."""
    held = {
        "schema_version": SCHEMA_VERSION,
        "rule": found.rule.code,
        "effect": found.size.effect,
        "spread": number(found.size.spread),
        "posts": found.posts,
        "power": found.size.power,
        "alpha": found.size.alpha,
        "pairs": found.size.pairs,
        "posts_in_each_arm": found.size.pairs,
        "slots": list(_slots(found)),
    }
    yield json_text(held, indent=1) + "\n"


def design_csv(found: Design) -> Iterator[str]:
    """The calendar of an experiment as CSV, a row a post."""
    return rows_csv(SLOTS, _slots(found))


def _slots(found: Design) -> Iterator[dict[str, Any]]:
    for slot in found.slots:
        yield {"publish_at": slot.at.isoformat(), "pair": slot.pair, "arm": slot.arm}


def reading_json(found: Reading) -> Iterator[str]:
    """What came of an experiment as JSON."""
    result = found.result
    held = {
        "schema_version": SCHEMA_VERSION,
        "rule": found.rule.code,
        "effect": None if result is None else number(result.effect),
        "interval": None if result is None else pair(result.low, result.high),
        "p": None if result is None else number(result.p),
        "anytime": None
        if result is None
        else {"p": number(result.p_anytime), "evidence": number(result.evidence), "interval": pair(*result.anytime)},
        "pairs": 0 if result is None else result.pairs,
        "planned_pairs": found.planned,
        "planned_effect": found.effect,
        "followed": number(found.followed),
        "excluded": found.excluded,
        "each": list(_pairs(found)),
    }
    yield json_text(held, indent=1) + "\n"


def reading_csv(found: Reading) -> Iterator[str]:
    """The pairs of an experiment as CSV, a row each."""
    return rows_csv(PAIRS, _pairs(found))


def _pairs(found: Reading) -> Iterator[dict[str, Any]]:
    for row in found.pairs[list(PAIRS)].to_dict("records"):
        yield {str(name): None if pd.isna(value) else json_cell(value) for name, value in row.items()}
