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
from audit import posts as million
from measure import interleaved, once, show

from tiktok_coach.feed.audience import viewers
from tiktok_coach.feed.ranker import PostTraits, post_matrix, scores, viewer_matrix
from tiktok_coach.feed.settings import AudienceSettings
from tiktok_coach.rules.load import rulebook
from tiktok_coach.signals.catalogue import load_signals

RUNS = 15
VIEWERS, POSTS, TOPICS = 50_000, 200, 48
CODE = """
import numpy as np, pandas as pd, time
from tiktok_coach.rules.load import rulebook
from tiktok_coach.signals.catalogue import load_signals
from tiktok_coach.signals.baseline import fitted
from tiktok_coach.signals.scoring import score
from tiktok_coach.signals.sensitivity import rank_stability
posts = pd.read_parquet({path!r}); catalogue = load_signals(rulebook())
started = time.perf_counter()
found = score(posts, catalogue, fitted(posts, catalogue))
rank_stability(found.ratios, np.ones(len(posts), dtype=bool), catalogue, np.random.default_rng(0))
print(time.perf_counter() - started)
"""
FEED = """
import numpy as np, pandas as pd
from tiktok_coach.posts.account import Account, Audience
from tiktok_coach.feed.settings import AudienceSettings
from tiktok_coach.feed.staging import feed_of
from tiktok_coach.rules.load import rulebook
from tiktok_coach.signals.baseline import reference
from tiktok_coach.signals.catalogue import load_signals
from tiktok_coach.signals.scoring import score
posts = pd.read_parquet({path!r}).head(200); catalogue = load_signals(rulebook())
found = score(posts, catalogue, reference(catalogue))
feed_of(posts, found.ratios, np.ones(200, dtype=bool), catalogue, AudienceSettings(), Account(), Audience(), np.random.default_rng(0), count=1_000_000, runs=1)
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
        whole = interleaved({"simulate": [sys.executable, "-m", "tiktok_coach", "simulate", str(bakery), "-q"]}, 5)[
            "simulate"
        ]
        show("simulate on the bundled example, seconds", whole.seconds, 5, " s")
        path = Path(folder) / "posts.parquet"
        million(1_000_000, rng).to_parquet(path, index=False)
        done = subprocess.run(
            [sys.executable, "-c", CODE.format(path=str(path))], check=True, capture_output=True, text=True
        )
        show("scoring 1,000,000 posts without the feed, seconds", float(done.stdout), 10, " s")
        taken, peak = once([sys.executable, "-c", FEED.format(path=str(path))])
        # The million posts are read whole to take 200 of them, which is part of the peak.
        show(f"1,000,000 viewers x 200 posts in {taken:.0f} s, peak MB", peak, 1024, " MB")
