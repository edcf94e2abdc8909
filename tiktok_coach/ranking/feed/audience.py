"""The audience: viewers with interests, follows, hidden creators, a language, a country, a device and active hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field, field_validator

from tiktok_coach.core.documents.document import read_yaml, validate
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.rules.model import Strict

DEVICES = 2
CATEGORIES = 8
# How unlike viewers' interests are: the concentration of a gamma distribution, smaller being more unlike.
CONCENTRATION = 0.3
Share = Annotated[float, Field(ge=0, le=1)]


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
    return Viewers(taste * popularity, follows, hidden, in_country, speaks, device, category, creates, hour)


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
            raise ValueError(_("the pools must grow from stage to stage"))
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
