"""Holds changes between two periods of 28 days against generated accounts whose truth is known.

Of no change, and of views multiplied by --lift in the newer period, printed are how often views are called clearly different by `compare`
and by an overview, how often their 90% ranges hold the truth, and the share of other differences that are called clear, by how fast views
grow with age.

Run from the project's root: python -m benchmarks.periods [--accounts 40] [--posts 150] [--lift 2]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from tests.analyses import analysis_of
from tests.stats.worlds import World, posts_of
from tiktok_coach.analysis.compare import compare_with_before
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import numbers
from tiktok_coach.io.reading import Export

GROWTH = (0.0, 0.2, 0.35, 0.5)
SINCE = pd.Timestamp("2026-10-05", tz="UTC")


def results(accounts: int, posts: int, lift: float) -> Iterator[dict[str, float]]:
    """By account what is said of a change of its views by so much."""
    for growth in GROWTH:
        for seed in range(accounts):
            table = posts_of(np.random.default_rng(1000 + seed), World(posts=posts, growth=growth, spread=0.7), "a")
            later = (table["posted_at"] >= SINCE).to_numpy(dtype=bool)
            views = np.round(numbers(table, "views") * np.where(later, lift, 1.0))
            table = table.assign(views=pd.Series(views, dtype="Int64"))
            whole = analysis_of(Export(table, table.iloc[:0], (Account("a", timezone="UTC"),)))
            settings = whole.settings.with_changes(options=replace(whole.settings.options, last="28d"))
            period = Analysis(whole.export, settings).in_period()
            differences = compare_with_before(period).differences.set_index("what")
            own, figure = differences.loc["views"], period.overview.views
            others = differences.drop(index="views")
            yield {
                "growth": growth,
                "compare": float(own["beyond_chance"]),
                "range holds": float(own["low"] <= lift <= own["high"]),
                "overview": float(figure.is_clear),
                "its range holds": float(figure.low is not None and figure.low <= lift - 1 <= (figure.high or 0.0)),
                "others clear": float(others["beyond_chance"].sum() / max(others["p"].notna().sum(), 1)),
            }


def main() -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=40)
    parser.add_argument("--posts", type=int, default=150)
    parser.add_argument("--lift", type=float, default=2.0)
    asked = parser.parse_args()
    for lift in (1.0, asked.lift):
        table = pd.DataFrame(results(asked.accounts, asked.posts, lift))
        print(f"\nviews times {lift:g}")
        print(table.groupby("growth").mean().round(3).to_string())
        print(table.drop(columns="growth").mean().round(3).to_string())


if __name__ == "__main__":
    main()
