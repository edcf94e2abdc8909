"""A backtest as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tiktok_coach.evidence.backtesting import Judged
from tiktok_coach.language.words import N_
from tiktok_coach.report.escaping import json_text
from tiktok_coach.report.pages.numbers import number, pair
from tiktok_coach.report.pages.showing import rows_csv
from tiktok_coach.studies.backtest import SCHEMA_VERSION, Backtest

COLUMNS = ("name", "outcome", "scope", "baseline", "spearman", "interval", "top_quartile_precision", "coverage", "posts", "best_baseline", "above_interval", "better")  # fmt: skip


def backtest_json(found: Backtest) -> Iterator[str]:
    """A backtest as JSON."""
    head = {
        "schema_version": SCHEMA_VERSION,
        "accounts": found.accounts,
        "origins": found.origins,
        "facts_foretell_views": found.ridge < float("inf"),
        "predictors": [_row(one) for one in found.judged],
    }
    yield json_text(head, indent=1) + "\n"


def backtest_csv(found: Backtest) -> Iterator[str]:
    """A backtest as CSV, a row a predictor, outcome and scope."""
    return rows_csv(COLUMNS, map(_row, found.judged))


def _row(one: Judged) -> dict[str, Any]:
    return {
        "name": one.name,
        "outcome": one.outcome,
        "scope": N_("within accounts") if one.within else N_("all posts"),
        "baseline": one.baseline,
        "spearman": number(one.spearman),
        "interval": pair(one.low, one.high),
        "top_quartile_precision": number(one.top),
        "coverage": number(one.coverage),
        "posts": one.posts,
        "best_baseline": None if one.over is None else one.over[0],
        "above_interval": None if one.over is None else pair(*one.over[1:]),
        "better": one.better,
    }
