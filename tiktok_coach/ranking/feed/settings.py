"""What the simulated feed assumes: who watches, and how a post is tested. Everything here can be set in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from tiktok_coach.core.documents.document import read_yaml, validate
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.rules.model import Strict

Share = Annotated[float, Field(ge=0, le=1)]


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
