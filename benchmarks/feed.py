"""How fast the feed's ranker scores viewers beside a plain NumPy product and sigmoid of the same size; what a whole simulation takes.

Run: python benchmarks/feed.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from measure import interleaved, once, show

from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.ranking.feed.simulation import (
    AudienceSettings,
    PostTraits,
    post_matrix,
    scores,
    viewer_matrix,
    viewers,
)
from tiktok_coach.rules.load import rulebook

RUNS = 15
VIEWERS, POSTS, TOPICS = 50_000, 200, 48
WRITE = """
import numpy as np
from audit import posts
table = posts(1_000_000, np.random.default_rng(0))
table.to_parquet({path!r}, index=False)
table.assign(account=[f"a{{n % 10000:05d}}" for n in range(len(table))]).to_parquet({many!r}, index=False)
print(table.memory_usage(deep=True).sum() / 2**20)
"""
FEED = """
import numpy as np, pandas as pd
from tiktok_coach.core.account import Account, Audience
from tiktok_coach.ranking.feed.simulation import AudienceSettings
from tiktok_coach.ranking.feed.reach import FeedPosts, simulate_reach
from tiktok_coach.rules.load import rulebook
from tiktok_coach.ranking.baseline import Baseline
from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.ranking.scoring import score
posts = pd.read_parquet({path!r}).head(200); catalogue = load_signals(rulebook())
found = score(posts, catalogue, Baseline({{curve.action: curve for curve in catalogue.baselines}}))
showing = FeedPosts(posts, found.ratios, np.ones(200, dtype=bool), np.zeros(200, dtype=np.int64))
nothing = showing.rows(np.array([], dtype=np.int64))
simulate_reach(showing, nothing, [""], catalogue, AudienceSettings(), Account(), Audience(), np.random.default_rng(0), count=1_000_000, runs=1)
"""


def median_seconds(work: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of two pieces of work, run in turn."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(RUNS):
        for piece, times in zip((work, other), taken, strict=True):
            started = time.perf_counter()
            piece()
            times.append(time.perf_counter() - started)
    return statistics.median(taken[0]), statistics.median(taken[1])


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    values = load_signals(rulebook()).values()
    crowd = viewers(VIEWERS, [str(n) for n in range(TOPICS)], AudienceSettings(), rng)
    traits = PostTraits(
        rng.dirichlet(np.ones(TOPICS), POSTS),
        rng.normal(0, 0.2, POSTS),
        rng.integers(0, 8, POSTS),
        rng.integers(-1, 24, POSTS),
        rng.normal(0, 0.5, POSTS),
    )
    rows, columns = viewer_matrix(crowd), post_matrix(traits, values)
    plain_rows, plain_columns = rng.random(rows.shape, dtype=np.float32), rng.random(columns.shape, dtype=np.float32)
    held = np.empty((VIEWERS, POSTS), dtype=np.float32)

    def plain() -> np.ndarray:
        return 1 / (1 + np.exp(-(plain_rows @ plain_columns.T)))

    ours, reference = median_seconds(lambda: scores(rows, columns, held), plain)
    pairs = VIEWERS * POSTS
    print(
        f"{VIEWERS:,} viewers x {POSTS} posts, {rows.shape[1]} columns: ranker {pairs / ours / 1e6:.0f} million pairs a second, NumPy {pairs / reference / 1e6:.0f}"
    )
    print(
        f"{'rate of the ranker / rate of NumPy':58} {reference / ours:7.2f}x  (at least 0.4x) {'ok' if reference / ours >= 0.4 else 'UNDER'}"
    )
    print(
        f"{'million pairs a second':58} {pairs / ours / 1e6:7.0f}   (at least 40 where NumPy does 200) {'ok' if pairs / ours >= 4e7 else 'UNDER'}"
    )
    with tempfile.TemporaryDirectory() as folder:
        bakery = Path(folder) / "bakery"
        subprocess.run([sys.executable, "-m", "tiktok_coach", "demo", str(bakery)], check=True, capture_output=True)
        coach, of_example = [sys.executable, "-m", "tiktok_coach"], [str(bakery), "--no-cache", "-q"]
        example = interleaved(
            {
                "simulate": [*coach, "simulate", *of_example],
                "scores": [*coach, "simulate", "--viewers", "0", *of_example],
                "audit": [*coach, "audit", *of_example],
            },
            5,
        )
        show("simulate on the bundled example, seconds", example["simulate"].seconds, 5, " s")
        show("simulate of it without the feed / audit of it", example["scores"].seconds / example["audit"].seconds, 1.3)
        path, many = Path(folder) / "posts.parquet", Path(folder) / "many.parquet"
        # In a process of its own, since a child's peak begins with what its parent holds.
        size = float(
            subprocess.run(
                [sys.executable, "-c", WRITE.format(path=str(path), many=str(many))],
                check=True,
                capture_output=True,
                text=True,
                cwd=Path(__file__).parent,
            ).stdout
        )
        found = interleaved(
            {
                "simulate": [*coach, "simulate", str(path), "--no-cache", "--viewers", "0", "-q"],
                "read": [sys.executable, "-c", f"import pandas; pandas.read_parquet({str(path)!r})"],
                "many": [*coach, "simulate", str(many), "--no-cache", "--viewers", "0", "-q"],
            },
            5,
        )
        print(
            f"1,000,000 posts: {', '.join(f'{name} {m.seconds:.2f} s' for name, m in found.items())}; {size:,.0f} MB as a table"
        )
        show(
            "simulate without the feed / pandas reading the file", found["simulate"].seconds / found["read"].seconds, 13
        )
        show("peak memory of that simulate / the table's", found["simulate"].peak_mb / size, 6)
        show(
            "simulate of 10,000 accounts / of one, 1,000,000 posts",
            found["many"].seconds / found["simulate"].seconds,
            3,
        )
        ran = once([sys.executable, "-c", FEED.format(path=str(path))])
        # The million posts are read whole to take 200 of them, which is part of the peak.
        show(f"1,000,000 viewers x 200 posts in {ran.seconds:.0f} s, peak MB", ran.peak_mb, 1024, " MB")
