"""The audience: viewers with interests, follows, hidden creators, a language, a country, a device and active hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tiktok_coach.ranking.feed.settings import AudienceSettings

DEVICES = 2
CATEGORIES = 8
# How unlike viewers' interests are: the concentration of a gamma distribution, smaller being more unlike.
CONCENTRATION = 0.3


@dataclass(frozen=True)
class Viewers:
    """Viewers as columns, a row each: `interests` (float32, a column a topic, mean 1), and flags and codes beside them.

    `country` and `language` are True where they are the account's own; `hour` is the hour in which a viewer is most
    active.
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

    def __len__(self) -> int:
        return len(self.follows)


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
    return Viewers(
        taste * popularity,
        rng.random(count) < settings.followers,
        rng.random(count) < settings.hidden,
        rng.random(count) < _own_share(settings.countries, country),
        rng.random(count) < _own_share(settings.languages, language),
        rng.integers(0, DEVICES, count),
        rng.integers(0, CATEGORIES, count),
        rng.random(count) < 0.3,
        rng.choice(24, count, p=weights / weights.sum()),
    )


def _own_share(shares: dict[str, float], own: str | None) -> float:
    """The share of viewers in the account's own country, or of its language; four in five where nothing tells."""
    share_of = {key.casefold(): share for key, share in shares.items()}
    return share_of.get(own.casefold(), 0.0) if own and share_of else 0.8
