"""The staged test: a post is shown to a small pool, and to wider ones as long as what it brings holds up.

The ranker says how much each viewer is expected to make of each post, from the published signals. Every signal is a
product of something of the viewer and something of the post, so that all scores are one product of two matrices and a
logistic curve.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field, field_validator

from tiktok_coach.core.captions import post_hashtags
from tiktok_coach.core.documents.document import read_yaml, validate
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, numbers
from tiktok_coach.core.translation import _
from tiktok_coach.ranking.catalogue import ASSUMED, Catalogue
from tiktok_coach.ranking.scoring import Ratios, weights
from tiktok_coach.rules.model import Strict

# Viewers are drawn afresh for each run, in crowds of so many scores that memory stays bounded.
MOST_PAIRS = 2_000_000
# How far the order of a pool follows the score: the standard deviation of what else decides.
CHANCE = 0.15
FOLLOWERS_WHO_LOOK = 0.3
# What no post counts: rates per view, assumed.
FOLLOW_RATE, HIDE_RATE = 0.003, 0.0005
MOST = 0.97
MOST_TOPICS = 48
DEVICES = 2
CATEGORIES = 8
# How unlike viewers' interests are: the concentration of a gamma distribution, smaller being more unlike.
CONCENTRATION = 0.3
# How far viewers lie apart in their liking of longer videos.
LENGTH_TASTE = 0.5
Share = Annotated[float, Field(ge=0, le=1)]


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
        usual = [values[a] * rate for a, rate in self.catalogue.usual().items()]
        threshold, size_of_all = sum(usual), sum(map(abs, usual))
        # That a viewer follows the account is another thing than that one comes to, which other platforms weigh.
        posts = post_matrix(self.traits, self.catalogue.values(ASSUMED))
        # How many viewers each stage adds for each post, and how fond they are of it, summed over crowds.
        shown = np.zeros((len(posts), len(self.settings.stages)), dtype=np.int64)
        fondness = np.zeros(shown.shape)
        size = max(1, min(self.count, MOST_PAIRS // max(len(posts), 1)))
        follows = 0
        for start in range(0, self.count, size):
            crowd = self.audience(min(size, self.count - start), rng)
            follows += int(crowd.follows.sum())
            liking = scores(posts, viewer_matrix(crowd))
            liking[:, crowd.hidden] = 0
            _add_pools(shown, fondness, liking, self.settings, rng)
        # What viewers do hangs on how fond of a post they are, and not on why it was shown to them.
        warmth = np.sqrt(np.where(shown > 0, fondness / np.maximum(shown, 1), 1.0))
        for _draw in range(draws):
            rate = self.rates.sample(rng)
            brought = np.empty(shown.shape)
            for stage in range(shown.shape[1]):
                counts = rng.binomial(shown[:, stage, None], np.clip(rate * warmth[:, stage, None], 0, MOST))
                # What complaints take away may be more than all else brings: 1 is the usual, whatever its sign.
                above = counts @ value / np.maximum(shown[:, stage], 1) - threshold
                brought[:, stage] = 1 + above / size_of_all
            # The Following feed asks no ranking and excludes nothing.
            yield Run(shown, brought, rng.binomial(follows, FOLLOWERS_WHO_LOOK, len(posts)))


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


def _add_pools(
    shown: np.ndarray, fondness: np.ndarray, liking: np.ndarray, settings: AudienceSettings, rng: np.random.Generator
) -> None:
    """Add the pools of one crowd, stage by stage, to how many are `shown` a post and to how fond they are of it.

    A pool is the viewers who rank the post highest, with some chance in the order, and a share chosen without regard to
    rank, for the diversity that TikTok mixes into the feed. Who has seen a post, here or elsewhere, is not shown it
    again.
    """
    mean = liking.mean(axis=1, keepdims=True)
    order = liking + rng.standard_normal(liking.shape, dtype=np.float32) * np.float32(CHANCE)
    order[rng.random(liking.shape, dtype=np.float32) < settings.diversity] += np.float32(2)
    closed = rng.random(liking.shape, dtype=np.float32) < settings.seen_elsewhere
    closed |= liking == 0
    order[closed] = -np.inf
    count = liking.shape[1]
    open_to = count - np.count_nonzero(closed, axis=1)
    ends = [round(stage.share * count) for stage in settings.stages]
    # Who is in a stage matters, and not in which order.
    ranked = np.argpartition(-order, sorted({min(end, count - 1) for end in ends}), axis=1)
    relative = liking / np.maximum(mean, 1e-9)
    relative[closed] = 0
    relative = np.take_along_axis(relative, ranked, axis=1)
    start, before = 0, np.zeros(len(liking), dtype=np.int64)
    for number, end in enumerate(ends):
        wide = np.minimum(end, open_to)
        shown[:, number] += wide - before
        fondness[:, number] += relative[:, start:end].sum(axis=1, dtype=np.float64)
        start, before = end, wide


@dataclass(frozen=True)
class PostTraits:
    """What the ranker sees of posts: `topics` (posts x topics, rows up to 1), log quality, category, hour or -1, and
    `length`, the logarithm of the seconds against 15, 0 where not known.
    """

    topics: np.ndarray
    quality: np.ndarray
    category: np.ndarray
    hour: np.ndarray
    length: np.ndarray


def viewer_matrix(viewers: Viewers) -> np.ndarray:
    """Viewers as float32 rows: interests, then a constant, then the sides that a post can meet."""
    flags = [viewers.follows, viewers.own_country, viewers.own_language, viewers.device == 0]
    categories, angle = np.eye(CATEGORIES)[viewers.category], 2 * np.pi * viewers.hour / 24
    columns = [np.ones(len(angle)), *flags, categories, viewers.creates, np.cos(angle), np.sin(angle), viewers.longer]
    return np.ascontiguousarray(np.column_stack([viewers.interests - 1, *columns]), dtype=np.float32)


def post_matrix(traits: PostTraits, values: Mapping[str, float]) -> np.ndarray:
    """Posts as float32 rows, to meet those of viewer_matrix; the values of signals.yaml weigh them."""
    flags = [values["follow"], values["country"], values["language"], values["device"] / DEVICES]
    categories = values["category"] * np.eye(CATEGORIES)[traits.category]
    own_topic = values["own_topic"] * traits.topics.sum(axis=1)
    known_hour, angle = 0.2 * (traits.hour >= 0), 2 * np.pi * np.maximum(traits.hour, 0) / 24
    columns = [values["interest"] * traits.topics, traits.quality, np.tile(flags, (len(angle), 1)), categories]
    columns += [own_topic, known_hour * np.cos(angle), known_hour * np.sin(angle), values["longer"] * traits.length]
    return np.ascontiguousarray(np.column_stack(columns), dtype=np.float32)


def topics_of(posts: pd.DataFrame) -> tuple[list[list[str]], list[str]]:
    """Each post's hashtags, sound and effects, and the most used of them, which are the topics of the feed."""
    tags = post_hashtags(posts)
    for row, sound in enumerate(column(posts, "sound")):
        if isinstance(sound, str):
            tags[row].append(f"sound: {sound.casefold()}")
    for row, effects in enumerate(column(posts, "effects")):
        if isinstance(effects, str) and effects.casefold() != "none":
            tags[row] += [f"effect: {e.strip().casefold()}" for e in effects.split(";")]
    counts = Counter(chain.from_iterable(tags))
    ordered = sorted(counts, key=lambda tag: (-counts[tag], tag))
    return tags, ordered[:MOST_TOPICS] or ["none"]


def traits_of(
    posts: pd.DataFrame, ratios: Ratios, catalogue: Catalogue, timezone: str | None
) -> tuple[PostTraits, list[str]]:
    """The traits of posts, and the topics of the feed."""
    tags, topics = topics_of(posts)
    table = topic_matrix(tags, topics)
    share = weights(catalogue)
    quality = np.log(np.maximum(1 + (ratios.mean - 1) @ share / np.abs(share).sum(), 0.05))
    posted, precision = column(posts, "posted_at"), column(posts, "posted_at_precision")
    hour = np.full(len(posts), -1)
    if timezone:
        exact = (precision == "second").to_numpy(dtype=bool) & posted.notna().to_numpy()
        hour[exact] = posted[exact].dt.tz_convert(timezone).dt.hour
    length = np.nan_to_num(np.log(np.maximum(numbers(posts, "duration_s"), 1) / 15))
    return PostTraits(table, quality, table.argmax(axis=1) % CATEGORIES, hour, length), topics


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
        table[row, known] = 1 / max(len(known), 1)
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


@dataclass(frozen=True)
class Viewers:
    """Viewers as columns, a row each: `interests` (float32, a column a topic, mean 1), and flags and codes beside them.

    `country` and `language` are True where they are the account's own; `hour` is the hour in which a viewer is most
    active, and `longer` (mean 0) how much one likes longer videos.
    """

    interests: np.ndarray
    follows: np.ndarray
    hidden: np.ndarray
    own_country: np.ndarray
    own_language: np.ndarray
    device: np.ndarray
    category: np.ndarray
    creates: np.ndarray
    hour: np.ndarray
    longer: np.ndarray


def viewers(
    count: int,
    topics: Sequence[str],
    settings: AudienceSettings,
    rng: np.random.Generator,
    *,
    country: str | None = None,
    language: str | None = None,
    hours: np.ndarray | None = None,
) -> Viewers:
    """`count` viewers; `hours` (24) are weights of the hours in which they are active, alike by default."""
    popularity = np.array([settings.interests.get(topic, 1.0) for topic in topics], dtype=np.float32)
    taste = rng.standard_gamma(CONCENTRATION, (count, len(topics)), dtype=np.float32) / np.float32(CONCENTRATION)
    weights = np.ones(24) if hours is None or hours.sum() <= 0 else hours
    own_country, own_language = _own_share(settings.countries, country), _own_share(settings.languages, language)
    shares = (settings.followers, settings.hidden, own_country, own_language)
    follows, hidden, in_country, speaks = (rng.random(count) < share for share in shares)
    device, category = rng.integers(0, DEVICES, count), rng.integers(0, CATEGORIES, count)
    creates = rng.random(count) < 0.3
    hour = rng.choice(24, count, p=weights / weights.sum())
    longer = LENGTH_TASTE * rng.standard_normal(count)
    return Viewers(taste * popularity, follows, hidden, in_country, speaks, device, category, creates, hour, longer)


def _own_share(shares: dict[str, float], own: str | None) -> float:
    """The share of viewers in the account's own country, or of its language; four in five where nothing tells."""
    share_of = {key.casefold(): share for key, share in shares.items()}
    return share_of.get(own.casefold(), 0.0) if own and share_of else 0.8


class Stage(Strict):
    """One pool of the staged test: its share of the audience, and the share of the usual value to go on."""

    share: float = Field(gt=0, le=1)
    hold: float = Field(1.0, ge=0, le=10)


class AudienceSettings(Strict):
    """The audience and the test. All of it is assumed, except where an export tells countries or active hours.

    Staged tests of growing pools are widely described and not confirmed by TikTok.
    """

    countries: dict[str, Share] = Field(
        {}, description="share of viewers by country; an export's top territories by default"
    )
    languages: dict[str, Share] = Field({}, description="share of viewers by language")
    interests: dict[str, float] = Field({}, description="how widely a hashtag or sound is liked, 1 being usual")
    followers: Share = Field(0.03, description="share of viewers that follow the account")
    hidden: Share = Field(0.002, description="share of viewers that have hidden the account")
    seen_elsewhere: Share = Field(0.01, alias="seen", description="share of viewers that have seen a post elsewhere")
    diversity: Share = Field(0.1, description="share of every pool filled without regard to rank")
    stages: list[Stage] = Field(
        [Stage(share=share, hold=hold) for share, hold in ((0.04, 0.8), (0.12, 0.95), (0.35, 1.05), (1.0, 1.0))],
        min_length=1,
        max_length=10,
    )

    @field_validator("stages")
    @classmethod
    def _growing(cls, stages: list[Stage]) -> list[Stage]:
        shares = [stage.share for stage in stages]
        if shares != sorted(set(shares)):
            raise ValueError(_("audiences must grow from stage to stage"))
        return stages

    @field_validator("countries", "languages")
    @classmethod
    def _whole(cls, shares: dict[str, float]) -> dict[str, float]:
        if shares and sum(shares.values()) > 1.001:
            raise ValueError(_("the shares add up to more than 1"))
        return shares


def read_audience(path: Path) -> AudienceSettings:
    """The settings in a YAML file. Raises CoachError, with the line, where they are not valid."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        hint = _("name a YAML file in UTF-8")
        raise CoachError(_("the audience file cannot be read"), where=str(path), hint=hint) from error
    return validate(AudienceSettings, read_yaml(text, str(path)))
