"""The staged test: a post is shown to a small pool, and to wider ones as long as what it brings holds up.

Run many times with fresh viewers and fresh draws of what is not known, it gives a distribution of reach, not a forecast.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.feed.audience import Viewers
from tiktok_coach.feed.ranker import PostTraits, post_matrix, scores, viewer_matrix
from tiktok_coach.feed.response import Rates, respond
from tiktok_coach.feed.settings import AudienceSettings
from tiktok_coach.signals.catalogue import Catalogue

# Viewers are drawn afresh for each run, in crowds of so many scores that memory stays bounded.
MOST_PAIRS = 2_000_000
# How far the order of a pool follows the score: the standard deviation of what else decides.
CHANCE = 0.15
FOLLOWERS_WHO_LOOK = 0.3


@dataclass(frozen=True)
class Reach:
    """Reach of each post over all runs: `table` has median, low and high (90% interval, people), for_you_share (of all
    who saw it), and `stages` the chance of going beyond each stage, a column a stage. `why` says what held it back.
    """

    table: pd.DataFrame
    stages: pd.DataFrame
    why: list[str]


def run_feed(
    audience: Callable[[int, np.random.Generator], Viewers],
    count: int,
    runs: int,
    traits: PostTraits,
    rates: Rates,
    eligible: np.ndarray,
    catalogue: Catalogue,
    settings: AudienceSettings,
    rng: np.random.Generator,
    progress: Callable[[int], None] = lambda _: None,
) -> Reach:
    """Run the feed `runs` times over `count` viewers; posts that are not eligible reach followers alone."""
    values = catalogue.values()
    posts = post_matrix(traits, values)
    usual = catalogue.usual()
    value = np.array([values.get(action, 0.0) for action in rates.actions])
    threshold = float(sum(values[a] * r for a, r in usual.items() if a in values))
    reached = np.zeros((runs, len(posts)))
    followers = np.zeros((runs, len(posts)))
    passed = np.zeros((len(settings.stages), len(posts)))
    crowd_size = max(1, min(count, MOST_PAIRS // max(len(posts), 1)))
    for number in range(runs):
        pools = _Pools(len(posts), len(settings.stages))
        follows = 0
        for start in range(0, count, crowd_size):
            crowd = audience(min(crowd_size, count - start), rng)
            follows += int(crowd.follows.sum())
            pools.add(_liking(crowd, posts), settings, rng)
        shown, beyond = _staged(pools, rates.drawn(rng), value, threshold, eligible, settings, rng)
        reached[number] = shown
        # The Following feed asks no ranking and excludes nothing.
        followers[number] = rng.binomial(follows, FOLLOWERS_WHO_LOOK, len(posts))
        passed += beyond
        progress(number + 1)
    return _summary(reached, followers, passed / runs, eligible, settings)


def _liking(crowd: Viewers, posts: np.ndarray) -> np.ndarray:
    """Scores of the crowd, a row a post; those who have hidden the creator have none."""
    liking = scores(posts, viewer_matrix(crowd))
    liking[:, crowd.hidden] = 0
    return liking


class _Pools:
    """How many viewers each stage adds for each post, and how fond they are of it, summed over crowds.

    A pool is the viewers who rank the post highest, with some chance in the order, and a share chosen without regard to
    rank, for the diversity that TikTok mixes into the feed. Who has seen a post, here or elsewhere, is not shown it again.
    """

    def __init__(self, posts: int, stages: int) -> None:
        self.size = np.zeros((posts, stages), dtype=np.int64)
        self.fondness = np.zeros((posts, stages))

    def add(self, liking: np.ndarray, settings: AudienceSettings, rng: np.random.Generator) -> None:
        """Add the pools of one crowd."""
        count = liking.shape[1]
        mean = liking.mean(axis=1, keepdims=True)
        order = liking + rng.standard_normal(liking.shape, dtype=np.float32) * np.float32(CHANCE)
        order[rng.random(liking.shape, dtype=np.float32) < settings.diversity] += np.float32(2)
        order[rng.random(liking.shape, dtype=np.float32) < settings.seen] = -np.inf
        order[liking == 0] = -np.inf
        ranked = np.argsort(-order, axis=1)
        fond = np.cumsum(np.take_along_axis(liking / np.maximum(mean, 1e-9), ranked, axis=1), axis=1, dtype=np.float64)
        fond = np.hstack([np.zeros((len(liking), 1)), fond])
        open_to = np.isfinite(order).sum(axis=1)
        rows, before = np.arange(len(liking)), np.zeros(len(liking), dtype=np.int64)
        for number, stage in enumerate(settings.stages):
            wide = np.minimum(round(stage.share * count), open_to)
            self.size[:, number] += wide - before
            self.fondness[:, number] += fond[rows, wide] - fond[rows, before]
            before = wide

    def warmth(self, stage: int) -> np.ndarray:
        """The mean fondness of a stage's new viewers, 1 being that of all."""
        size = self.size[:, stage]
        return np.where(size > 0, self.fondness[:, stage] / np.maximum(size, 1), 1.0)


def _staged(
    pools: _Pools,
    rate: np.ndarray,
    value: np.ndarray,
    threshold: float,
    eligible: np.ndarray,
    settings: AudienceSettings,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """How many viewers each post is shown to in all, and beyond which stages it goes."""
    shown = np.zeros(len(eligible), dtype=np.int64)
    beyond = np.zeros((len(settings.stages), len(eligible)))
    going = eligible.copy()
    for number, stage in enumerate(settings.stages):
        fresh = np.where(going, pools.size[:, number], 0)
        counts = respond(rate, fresh, np.sqrt(pools.warmth(number)), rng)
        brought = counts @ value / np.maximum(fresh, 1)
        shown = shown + fresh
        going = going & (fresh > 0) & (brought >= stage.hold * threshold)
        beyond[number] = going
    return shown, beyond


def _summary(
    reached: np.ndarray, followers: np.ndarray, passed: np.ndarray, eligible: np.ndarray, settings: AudienceSettings
) -> Reach:
    everyone = reached + followers
    low, median, high = np.quantile(everyone, [0.05, 0.5, 0.95], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(everyone.sum(axis=0) > 0, reached.sum(axis=0) / everyone.sum(axis=0), np.nan)
    table = pd.DataFrame({"median": median, "low": low, "high": high, "for_you_share": share})
    stages = pd.DataFrame(passed.T, columns=[f"beyond_{n}" for n in range(1, len(settings.stages) + 1)])
    return Reach(table, stages, [_why(passed[:, post], bool(eligible[post])) for post in range(len(eligible))])


def _why(passed: np.ndarray, eligible: bool) -> str:  # noqa: FBT001 - said of one post
    """Where most runs end, in words."""
    if not eligible:
        return "never recommended: seen in Following alone"
    stopped = -np.diff(np.concatenate([[1.0], passed[:-1], [0.0]]))
    stage = int(np.argmax(stopped)) + 1
    if stage == len(passed):
        return f"held up through every pool in {stopped[-1]:.0%} of runs"
    return f"most often ({stopped[stage - 1]:.0%} of runs) did not hold the usual value in pool {stage}"
