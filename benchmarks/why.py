"""Holds `why` against accounts whose truth is known, and with --accounts looks at public ones.

Generated accounts have 30 to 150 posts, which lie as far apart and as skewed as those of public accounts, a level that stays or wanders a
little, and their own growth by age. On one kind nothing is planted, on one a single post of the newest five gets a fiftieth of its views,
on one all posts get a fifth of their views for the newest 12 to 25 posts. Printed are how often the right cause is named, with how often
the interval of its beginning and that of its size hold the truth, how often smaller failures and drops are seen, and false alarms.

On public accounts nothing is known: printed is how often something is named, whether a place means what it says (of posts that fewer than
1% of such posts lie below, 1% should be), and how public posts lie about what is expected, as stats/expected_place.py has it.

Run from the project's root: python -m benchmarks.why [--seeds 1 2 3] [--worlds 200] [--accounts accounts/posts.parquet]
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.public_posts import read_sets
from tests.analyses import analysis_of
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.why import (
    LEVEL_FELL,
    LEVEL_ROSE,
    NEWEST,
    NOTHING,
    POST_FEWER,
    POST_MORE,
    TOO_FEW,
    AccountWhy,
    explain_posts,
)
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import SNAPSHOT_COLUMNS, conform
from tiktok_coach.io.reading import Export
from tiktok_coach.ranking.baseline import ages
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.expected_place import place_posts
from tiktok_coach.stats.views_model import AGE_SLOPE, load_views_record, views_design

COUNTED = pd.Timestamp("2026-11-01T09:00", tz="UTC")
# What must be so of the planted worlds: the least share of right causes, and the largest of false alarms.
RIGHT, FALSE = 0.90, 0.05
FAILURE, DROP = 1 / 50, 1 / 5
SMALLER = (1 / 10, 1 / 20, 1 / 30), (1 / 2, 1 / 3, 1 / 4)
# Gumbel's distribution has a standard deviation of 1.2825 about 0.5772.
MEAN, SD = 0.5772, 1.2825
CAPTIONS = ("Rye or wheat today?", "The crust is the best of it", "We fold it twice and wait", "Monday at the oven")


@dataclass(frozen=True)
class World:
    """What is planted: the newest posts from which on views are multiplied by `drop`, or one that gets `failure`.

    The variance by which the level wanders from post to post is one of the shares in `wandering` of that of single posts.
    """

    drop: float = 1.0
    failure: float = 1.0
    wandering: tuple[float, ...] = (0.0, 0.002, 0.005)


@dataclass(frozen=True)
class Truth:
    """The account, its level by post (log), the id of the post that fails, and the time from which on all get fewer."""

    analysis: Analysis
    level: np.ndarray
    failing: str | None
    since: pd.Timestamp | None


def account(rng: np.random.Generator, world: World) -> Truth:
    """One account of a world."""
    count = int(rng.integers(30, 151))
    gaps = rng.exponential(rng.uniform(0.5, 3.0), count)
    posted = (COUNTED - pd.to_timedelta(1.0 + np.cumsum(gaps)[::-1], unit="D")).floor("s")
    age = ((COUNTED - posted).total_seconds() / 86400).to_numpy()
    spread = float(np.clip(rng.lognormal(np.log(0.7), 0.2), 0.45, 1.1))
    wandering = rng.choice(world.wandering)
    level = 7.5 + rng.normal(0, 1) + np.cumsum(rng.normal(0, spread * np.sqrt(wandering), count))
    noise = (rng.gumbel(size=count) - MEAN) / SD * spread
    log_views = level + noise + (AGE_SLOPE + rng.normal(0, 0.08)) * (np.log1p(age) - np.log1p(7))
    first, fails = count - int(rng.integers(12, 26)), count - 1 - int(rng.integers(NEWEST))
    log_views[first:] += np.log(world.drop)
    log_views[fails] += np.log(world.failure)
    ids = [f"p{n}" for n in range(count)]
    table = pd.DataFrame(
        {
            "post_id": ids,
            "account": "baker",
            "status": "published",
            "posted_at": posted,
            "posted_at_precision": "second",
            "metrics_at": COUNTED,
            "caption": rng.choice(CAPTIONS, count),
            "duration_s": rng.integers(8, 60, count),
            "views": np.maximum(np.exp(log_views), 0).round().astype("int64"),
        }
    )
    export = Export(conform(table), pd.DataFrame(columns=list(SNAPSHOT_COLUMNS)), (Account("baker", timezone="UTC"),))
    failing = ids[fails] if world.failure < 1 else None
    return Truth(analysis_of(export), level, failing, posted[first] if world.drop < 1 else None)


def names_the_cause(answer: AccountWhy, truth: Truth) -> bool:
    """Whether the cause is the true one: of a failing post that one and no other, nor the level."""
    if truth.failing is not None:
        named = [reason.place.post_id for reason in answer.reasons]
        return answer.causes == (POST_FEWER,) and named == [truth.failing]
    if truth.since is not None:
        return answer.causes[0] == LEVEL_FELL
    return answer.causes == (NOTHING,)


def judge(seeds: list[int], worlds: int, world: World) -> tuple[float, list[float]]:
    """The share of accounts whose cause is named, and of those with a drop how often both intervals hold the truth."""
    right, dates, sizes = [], [], []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        for _ in range(worlds):
            truth = account(rng, world)
            [answer] = explain_posts(truth.analysis).accounts
            right.append(names_the_cause(answer, truth))
            if truth.since is not None and answer.recent is not None and right[-1]:
                dates.append(answer.recent.earliest <= truth.since <= answer.recent.latest)
                sizes.append(answer.recent.change.low <= world.drop <= answer.recent.change.high)
    return float(np.mean(right)), [float(np.mean(one)) if one else float("nan") for one in (dates, sizes)]


def generated(seeds: list[int], worlds: int) -> None:
    print(f"{worlds * len(seeds):,} generated accounts of each kind")
    calm, _none = judge(seeds, worlds, World())
    show("nothing planted: something is named", 1 - calm, FALSE, least=False)
    failure, _none = judge(seeds, worlds, World(failure=FAILURE))
    show("a post gets a fiftieth: that post alone is named", failure, RIGHT, least=True)
    drop, (date, size) = judge(seeds, worlds, World(drop=DROP))
    show("all posts get a fifth: the level is named", drop, RIGHT, least=True)
    print(f"  the interval of its beginning holds the truth {date:.0%}, that of its size {size:.0%} (90% is meant)")
    for factor in SMALLER[0]:
        print(f"  a post gets 1/{1 / factor:.0f}: named {judge(seeds, worlds, World(failure=factor))[0]:.0%}")
    for factor in SMALLER[1]:
        print(f"  all posts get 1/{1 / factor:.0f}: named {judge(seeds, worlds, World(drop=factor))[0]:.0%}")
    wandering(seeds, worlds)


def wandering(seeds: list[int], worlds: int) -> None:
    """How often a level that only wanders, as fast as that of most public accounts, is named, and whether it did move so."""
    named = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        for _ in range(worlds):
            truth = account(rng, World(wandering=(0.02,)))
            [answer] = explain_posts(truth.analysis).accounts
            if (move := answer.recent) is not None:
                before, since = np.split(truth.level[-answer.compared :], [-move.change.posts])
                named.append((since.mean() < before.mean()) == (move.change.effect < 1))
    share = len(named) / (worlds * len(seeds))
    print(
        f"  a level that wanders faster: named {share:.0%}, and to that side it did move in {np.mean(named or [np.nan]):.0%} of them"
    )


def show(label: str, value: float, bound: float, *, least: bool) -> None:
    """One line: a share, its bound, and whether it holds."""
    holds = value >= bound if least else value <= bound
    print(f"{label:58} {value:6.1%}  (at {'least' if least else 'most'} {bound:.0%}) {'ok' if holds else 'MISSED'}")


def public(path: Path) -> None:
    whole = analysis_of(read_sets([path]))
    causes: Counter[str] = Counter()
    newest, below, value = [], [], []
    record = load_views_record(rulebook())
    for name in whole.posts.names:
        one = whole.for_account(name)
        [answer] = explain_posts(one).accounts
        if answer.causes[0] == TOO_FEW:
            continue
        causes.update(set(answer.causes))
        newest.append(answer.newest[0].below)
        posts, days = one.posts, ages(one.posts.table)
        design = views_design(posts, days, posts.out)
        rows = np.flatnonzero(np.isfinite(design.value))
        rows = rows[np.argsort(posts.at.posted[rows], kind="stable")][-NEWEST:]
        places, _model = place_posts(design, rows, record, fewest=1)
        below.append(places.below[rows])
        value.append(places.value[rows])
    count, last = len(newest), np.array(newest)
    print(f"{path.parent.name}/{path.name}: {count:,} accounts with enough posts")
    for cause in (NOTHING, POST_FEWER, POST_MORE, LEVEL_FELL, LEVEL_ROSE):
        print(f"  {cause:20} {causes[cause] / count:6.1%}")
    print(f"  the newest post alone is out of the ordinary in {np.mean((last < 0.0025) | (last > 0.9975)):.1%}")
    place, away = np.concatenate(below), np.concatenate(value)
    for share in (0.0025, 0.01, 0.05, 0.25, 0.5):
        print(
            f"  below {share:7.2%}: {np.nanmean(place < share):6.2%}   above {1 - share:7.2%}: {np.nanmean(place > 1 - share):6.2%}"
        )
    away = away[np.isfinite(away)]
    median = float(np.median(away))
    lower, upper = (
        float(np.sqrt(np.square(side - median).mean())) for side in (away[away < median], away[away > median])
    )
    print(f"  public posts: median {median:.2f}, lower spread {lower:.2f}, upper spread {upper:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--worlds", type=int, default=100, help="accounts of each kind and seed; 0 leaves them out")
    parser.add_argument("--accounts", type=Path, help="public posts, as benchmarks/public_posts.py reads them")
    given = parser.parse_args()
    if given.worlds:
        generated(given.seeds, given.worlds)
    if given.accounts:
        public(given.accounts)


if __name__ == "__main__":
    main()
