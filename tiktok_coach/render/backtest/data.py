"""A backtest as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tiktok_coach.analysis.backtest import SCHEMA_VERSION, Backtest
from tiktok_coach.core.translation import N_
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.json_csv import number, pair, rows_csv
from tiktok_coach.stats.backtest import Accuracy

COLUMNS = (
    "name",
    "outcome",
    "scope",
    "baseline",
    "uses_final_counts",
    "spearman",
    "interval",
    "top_quartile_precision",
    "coverage",
    "posts",
    "best_baseline",
    "above_interval",
    "better",
)


def backtest_json(found: Backtest, accounts: Sequence[Mapping[str, Any]] | None = None) -> Iterator[str]:
    """A backtest as JSON. `accounts` is how several stand beside each other; of one account alone the key has the number of those tested."""
    head = {
        "schema_version": SCHEMA_VERSION,
        "account": found.account.handle if found.accounts < 2 else None,
        "accounts": found.accounts if accounts is None else list(accounts),
        "accounts_tested": found.accounts,
        "origins": found.origins,
        "facts_foretell_views": found.ridge < float("inf"),
        "predictors": [_row(one) for one in found.accuracies],
    }
    yield json_text(head, indent=1) + "\n"


def backtest_csv(found: Iterable[Backtest], *, several: bool = False) -> Iterator[str]:
    """A backtest as CSV, a row a predictor, outcome and scope; with a column of accounts where there are `several`."""
    rows = ({"account": one.account.handle, **_row(accuracy)} for one in found for accuracy in one.accuracies)
    return rows_csv(("account", *COLUMNS) if several else COLUMNS, rows)


def _row(one: Accuracy) -> dict[str, Any]:
    return {
        "name": one.name,
        "outcome": one.outcome,
        "scope": N_("within accounts") if one.within else N_("all posts"),
        "baseline": one.baseline,
        "uses_final_counts": one.uses_final_counts,
        "spearman": number(one.spearman),
        "interval": pair(one.low, one.high),
        "top_quartile_precision": number(one.top),
        "coverage": number(one.coverage),
        "posts": one.posts,
        "best_baseline": None if one.margin is None else one.margin[0],
        "above_interval": None if one.margin is None else pair(*one.margin[1:]),
        "better": one.better,
    }
