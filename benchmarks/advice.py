"""Holds first advice against what became of the posts that followed it.

Accounts are split in time. The first half of each gets advice, by the public record of the other accounts; its later posts that follow the
first advice are held against those that do not, by a regression on the recent level and age. Beside it the order of the tips' weights, the
account's own posts alone, the record alone, and chance.

Run from the project's root: python -m benchmarks.advice accounts/posts.parquet news_posts.csv outcomes/accounts.csv
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.public import FOLDS, estimates, hashtag_estimates, pool
from benchmarks.public_posts import read_sets
from tests.analyses import analysis_of
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.schema import SNAPSHOT_COLUMNS
from tiktok_coach.io.reading import Export
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.advice import Advice, Prior, advise, followed, is_own_hashtag, own_hashtag_bands
from tiktok_coach.stats.bands import Band, load_bands
from tiktok_coach.stats.candidates import band_answers, band_questions
from tiktok_coach.stats.follow_up import effect_of_following
from tiktok_coach.stats.outcomes import VIEWS

FEWEST_POSTS = 45
RESAMPLES = 1000


def half(export: Export, rows: np.ndarray) -> Analysis:
    """An analysis of some posts of one account."""
    posts = export.posts.iloc[rows].reset_index(drop=True)
    return analysis_of(Export(posts, pd.DataFrame(columns=list(SNAPSHOT_COLUMNS)), export.accounts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="+")
    given = parser.parse_args()
    whole = analysis_of(read_sets(given.data))
    bands = load_bands(rulebook())
    public = estimates(whole, VIEWS, [band_questions(whole.posts, bands, whole.catalogue)])
    tag_log, tag_variance, tag_owner = hashtag_estimates(whole)
    rng = np.random.default_rng(1)
    fold = rng.permutation(len(whole.posts.names)) % FOLDS
    results: dict[str, list[tuple[float, float]]] = {}
    chosen: Counter[str] = Counter()
    for number in range(FOLDS):
        taught = fold != number
        pools = [pool(public.log[taught, place], public.variance[taught, place]) for place in range(len(bands))]
        of_tags = taught[tag_owner]
        tags = pool(tag_log[of_tags], tag_variance[of_tags])
        for account in np.flatnonzero(~taught).tolist():
            one = whole.for_account(whole.posts.names[account])
            rows = np.argsort(one.posts.at.posted, kind="stable")
            rows = rows[np.isfinite(one.outcome(VIEWS).value[rows])]
            if len(rows) < FEWEST_POSTS:
                continue
            early, later = rows[: len(rows) // 2], rows[len(rows) // 2 :]
            first = half(one.export, early)
            candidates = [*bands, *own_hashtag_bands(first.posts)]
            means = np.array([tags.mean if is_own_hashtag(b) else pools[k].mean for k, b in enumerate(candidates)])
            doubts = np.array([spread_of(tags if is_own_hashtag(b) else pools[k]) for k, b in enumerate(candidates)])
            orders: dict[str, Callable[[], Sequence[Advice]]] = {
                "own posts and record": lambda c=candidates, m=means, d=doubts, f=first: advise(
                    f.posts, f.outcome(VIEWS), c, Prior(m, d), f.catalogue
                ),
                "facts alone": lambda m=means, d=doubts, f=first: advise(
                    f.posts, f.outcome(VIEWS), bands, Prior(m[: len(bands)], d[: len(bands)]), f.catalogue
                ),
                "own posts alone": lambda c=candidates, f=first: advise(
                    f.posts, f.outcome(VIEWS), c, Prior(np.zeros(len(c)), np.full(len(c), 3.0)), f.catalogue
                ),
                "record alone": lambda m=means, d=doubts, f=first: record_alone(f, bands, m, d),
                "chance": lambda c=candidates, f=first: chance(f, c, rng),
            }
            for name, order in orders.items():
                advice = list(order())
                if not advice:
                    continue
                follows = followed(one.posts, advice[0].band, has=advice[0].has)
                effect = effect_of_following(one.posts, one.outcome(VIEWS), later, follows)
                if np.isfinite(effect.log):
                    results.setdefault(name, []).append((effect.log, effect.information))
                    if name == "own posts and record":
                        chosen[advice[0].id.split(":")[0]] += 1
    for name, effects in results.items():
        table = np.array(effects)
        mean, low, high = weighted(table, rng)
        print(f"{name:24} {len(table):4} accounts: {mean:.3f} times the views ({low:.3f}-{high:.3f})")
    print("first advice:", ", ".join(f"{name} {count}" for name, count in chosen.most_common()))


def spread_of(pooled: object) -> float:
    return float(np.hypot(np.sqrt(pooled.between), pooled.error))  # type: ignore[attr-defined]


def record_alone(first: Analysis, bands: Sequence[Band], means: np.ndarray, doubts: np.ndarray) -> list[Advice]:
    """Advice by the record, whatever the account's own posts say."""
    silent = first.outcome(VIEWS)
    nothing = type(silent)(silent.name, np.full(len(silent.value), np.nan), silent.weight)
    return advise(first.posts, nothing, bands, Prior(means[: len(bands)], doubts[: len(bands)]), first.catalogue)


def chance(first: Analysis, bands: Sequence[Band], rng: np.random.Generator) -> list[Advice]:
    """One of the facts that some posts have and some lack, in either direction, at random."""
    share = np.nanmean(band_answers(first.posts, bands), axis=0)
    mixed = np.flatnonzero((share > 0.1) & (share < 0.9))
    if not len(mixed):
        return []
    return [Advice(bands[rng.choice(mixed)], bool(rng.random() < 0.5), "", 1, 1, 1, 0.5, 0, 1)]


def weighted(table: np.ndarray, rng: np.random.Generator) -> tuple[float, float, float]:
    """The factor over accounts, each weighed by what its posts tell, with a 90% interval from resampling accounts."""
    log, weight = table.T
    picks = rng.integers(0, len(table), (RESAMPLES, len(table)))
    means = (log[picks] * weight[picks]).sum(axis=1) / weight[picks].sum(axis=1)
    low, high = np.exp(np.quantile(means, [0.05, 0.95]))
    return float(np.exp(np.average(log, weights=weight))), float(low), float(high)


if __name__ == "__main__":
    main()
