"""The staged test: a post is shown to a small pool, and to wider ones as long as what it brings holds up.

The ranker says how much each viewer is expected to make of each post, from the published signals. Every signal is a
product of something of the viewer and something of the post, so that all scores are one product of two matrices and a
logistic curve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.feed.audience import CATEGORIES, DEVICES, AudienceSettings, Viewers
from tiktok_coach.ranking.scoring import Ratios

# Viewers are drawn afresh for each run, in crowds of so many scores that memory stays bounded.
MOST_PAIRS = 2_000_000
# How far the order of a pool follows the score: the standard deviation of what else decides.
CHANCE = 0.15
FOLLOWERS_WHO_LOOK = 0.3
# What no post counts: rates per view, assumed.
FOLLOW_RATE, HIDE_RATE = 0.003, 0.0005
MOST = 0.97


@dataclass(frozen=True)
class Feed:
    """Posts and who may see them: `audience` draws viewers, of which each run has `count`."""

    audience: Callable[[int, np.random.Generator], Viewers]
    count: int
    traits: PostTraits
    rates: Rates
    catalogue: Catalogue
    settings: AudienceSettings

    def runs(self, rng: np.random.Generator, draws: int = 1) -> Iterator[Run]:
        """A run with fresh viewers, once for each of the `draws` of what is not known of the posts."""
        values = self.catalogue.values()
        value = np.array([values.get(action, 0.0) for action in self.rates.actions])
        threshold = sum(values[a] * rate for a, rate in self.catalogue.usual().items() if a in values)
        posts = post_matrix(self.traits, values)
        pools = _Pools(len(posts), len(self.settings.stages))
        size = max(1, min(self.count, MOST_PAIRS // max(len(posts), 1)))
        follows = 0
        for start in range(0, self.count, size):
            crowd = self.audience(min(size, self.count - start), rng)
            follows += int(crowd.follows.sum())
            liking = scores(posts, viewer_matrix(crowd))
            liking[:, crowd.hidden] = 0
            pools.add(liking, self.settings, rng)
        for _ in range(draws):
            rate = self.rates.sample(rng)
            brought = np.empty(pools.size.shape)
            for stage in range(brought.shape[1]):
                # What viewers do hangs on how fond of a post they are, and not on why it was shown to them.
                shown, warmth = pools.size[:, stage], np.sqrt(pools.warmth(stage))
                counts = rng.binomial(shown[:, None], np.clip(rate * warmth[:, None], 0, MOST))
                brought[:, stage] = counts @ value / np.maximum(shown, 1) / threshold
            # The Following feed asks no ranking and excludes nothing.
            yield Run(pools.size, brought, rng.binomial(follows, FOLLOWERS_WHO_LOOK, len(posts)))


@dataclass(frozen=True)
class Run:
    """One run: viewers that each stage adds (posts x stages), what they bring, and how many see it in Following."""

    size: np.ndarray
    brought: np.ndarray
    followers: np.ndarray

    def of(self, posts: np.ndarray) -> Run:
        """The same run, of some posts."""
        return Run(self.size[posts], self.brought[posts], self.followers[posts])

    def passed(self, holds: np.ndarray, eligible: np.ndarray) -> np.ndarray:
        """Beyond which stages each post goes; `holds` are what each stage asks of it, as a share of the usual value."""
        going = (self.size > 0) & (self.brought >= holds) & eligible[:, None]
        return np.asarray(np.logical_and.accumulate(going, axis=1))

    def viewer_count(self, passed: np.ndarray, eligible: np.ndarray) -> np.ndarray:
        """How many viewers each post is shown to in For You."""
        before = np.hstack([eligible[:, None], passed[:, :-1]])
        return np.asarray((self.size * before).sum(axis=1))


class _Pools:
    """How many viewers each stage adds for each post, and how fond they are of it, summed over crowds.

    A pool is the viewers who rank the post highest, with some chance in the order, and a share chosen without regard to
    rank, for the diversity that TikTok mixes into the feed. Who has seen a post, here or elsewhere, is not shown it
    again.
    """

    def __init__(self, posts: int, stages: int) -> None:
        self.size = np.zeros((posts, stages), dtype=np.int64)
        self.fondness = np.zeros((posts, stages))

    def add(self, liking: np.ndarray, settings: AudienceSettings, rng: np.random.Generator) -> None:
        """Add the pools of one crowd."""
        mean = liking.mean(axis=1, keepdims=True)
        order = liking + rng.standard_normal(liking.shape, dtype=np.float32) * np.float32(CHANCE)
        order[rng.random(liking.shape, dtype=np.float32) < settings.diversity] += np.float32(2)
        order[rng.random(liking.shape, dtype=np.float32) < settings.seen_elsewhere] = -np.inf
        order[liking == 0] = -np.inf
        ranked = np.argsort(-order, axis=1)
        fond = np.cumsum(np.take_along_axis(liking / np.maximum(mean, 1e-9), ranked, axis=1), axis=1, dtype=np.float64)
        fond = np.hstack([np.zeros((len(liking), 1)), fond])
        open_to = np.isfinite(order).sum(axis=1)
        rows, before = np.arange(len(liking)), np.zeros(len(liking), dtype=np.int64)
        for number, stage in enumerate(settings.stages):
            wide = np.minimum(round(stage.share * liking.shape[1]), open_to)
            self.size[:, number] += wide - before
            self.fondness[:, number] += fond[rows, wide] - fond[rows, before]
            before = wide

    def warmth(self, stage: int) -> np.ndarray:
        """The mean fondness of a stage's new viewers, 1 being that of all."""
        size = self.size[:, stage]
        return np.where(size > 0, self.fondness[:, stage] / np.maximum(size, 1), 1.0)


@dataclass(frozen=True)
class PostTraits:
    """What the ranker sees of posts: `topics` (posts x topics, rows up to 1), log quality, category, and hour or -1."""

    topics: np.ndarray
    quality: np.ndarray
    category: np.ndarray
    hour: np.ndarray


def viewer_matrix(viewers: Viewers) -> np.ndarray:
    """Viewers as float32 rows: interests, then a constant, then the sides that a post can meet."""
    flags = [viewers.follows, viewers.own_country, viewers.own_language, viewers.device == 0]
    categories, angle = np.eye(CATEGORIES)[viewers.category], 2 * np.pi * viewers.hour / 24
    columns = [np.ones(len(angle)), *flags, categories, viewers.creates, np.cos(angle), np.sin(angle)]
    return np.ascontiguousarray(np.column_stack([viewers.interests - 1, *columns]), dtype=np.float32)


def post_matrix(traits: PostTraits, values: Mapping[str, float]) -> np.ndarray:
    """Posts as float32 rows, to meet those of viewer_matrix; the values of signals.yaml weigh them."""
    flags = [values["follow"], values["country"], values["language"], values["device"] / DEVICES]
    categories = values["category"] * np.eye(CATEGORIES)[traits.category]
    own_topic = values["own_topic"] * traits.topics.sum(axis=1)
    known_hour, angle = 0.2 * (traits.hour >= 0), 2 * np.pi * np.maximum(traits.hour, 0) / 24
    columns = [values["interest"] * traits.topics, traits.quality, np.tile(flags, (len(angle), 1)), categories]
    columns += [own_topic, known_hour * np.cos(angle), known_hour * np.sin(angle)]
    return np.ascontiguousarray(np.column_stack(columns), dtype=np.float32)


def scores(viewer_rows: np.ndarray, post_rows: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """The score (0-1) of every viewer (row) for every post (column), float32. `out` is filled where it is given."""
    product = np.matmul(viewer_rows, post_rows.T, out=out)
    # 1 / (1 + exp(-x)), in place.
    np.negative(product, out=product)
    np.exp(product, out=product)
    product += np.float32(1)
    return np.reciprocal(product, out=product)


def topic_matrix(tags: Sequence[Sequence[str]], topics: Sequence[str]) -> np.ndarray:
    """Which topics each post is on, its weight parted among them.

    >>> topic_matrix([["rye", "bread"], []], ["bread", "rye"]).tolist()
    [[0.5, 0.5], [0.0, 0.0]]
    """
    place = {topic: column for column, topic in enumerate(topics)}
    table = np.zeros((len(tags), len(topics)))
    for row, post_tags in enumerate(tags):
        known = [place[tag] for tag in post_tags if tag in place]
        if known:
            table[row, known] = 1 / len(known)
    return table


@dataclass(frozen=True)
class Rates:
    """How often a usual viewer does each action on each post: mean and variance, a row a post, a column an action."""

    actions: tuple[str, ...]
    mean: np.ndarray
    variance: np.ndarray

    def sample(self, rng: np.random.Generator) -> np.ndarray:
        """One draw of every rate from its posterior, so that what is not known stays uncertain in the reach."""
        shape = np.square(self.mean) / np.maximum(self.variance, 1e-18)
        sample = rng.standard_gamma(np.maximum(shape, 1e-3)) * self.mean / np.maximum(shape, 1e-3)
        return np.asarray(np.minimum(sample, MOST))


def rates(ratios: Ratios, catalogue: Catalogue) -> Rates:
    """Rates at usual circumstances: a post's ratio to the usual times the usual rate; beside them follow and hide."""
    usual = catalogue.usual()
    level = np.array([usual[a] for a in ratios.actions])
    extra = np.tile([FOLLOW_RATE, HIDE_RATE], (len(ratios.mean), 1))
    mean, variance = ratios.mean * level, ratios.variance * level**2
    actions = (*ratios.actions, "follow", "hide")
    return Rates(actions, np.hstack([mean, extra]), np.hstack([variance, np.square(extra * 0.5)]))
