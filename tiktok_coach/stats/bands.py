"""Facts of posts in bands, which advice may ask for or against, and what the public record says of rules and bands.

Nothing heavy is imported here: commands that only list rules load it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from tiktok_coach.core.documents.document import read_model
from tiktok_coach.rules.model import Code, Strict
from tiktok_coach.stats.public_record import NOT_TESTED, PublicEffect, load_public_record

FILE = "facts.yaml"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$|^hashtag:\S+$")]


class Band(Strict):
    """A fact of a post: a `field` from `min` to `max` (or below `below`), or one that is `any_of` some texts."""

    id: Name
    field: str
    min: float | None = None
    max: float | None = None
    below: float | None = None
    any_of: tuple[str, ...] = ()
    do: str
    instead: str | None = None
    tip: int | None = Field(None, ge=1, le=9)
    code: Code | None = None
    opposite: bool = Field(default=False, description="whether the rule asks for the opposite")

    @model_validator(mode="after")
    def _has_bounds(self) -> Band:
        if not self.any_of and self.min is None and self.max is None and self.below is None:
            raise ValueError("a band has a bound")
        return self


class BandFile(Strict):
    """The file of facts that come with the rules."""

    facts: tuple[Band, ...] = Field(min_length=1)


@cache
def load_bands(folder: Path) -> tuple[Band, ...]:
    """The facts in a folder of rules."""
    return read_model(BandFile, folder / FILE).facts


@cache
def public_effects(folder: Path, outcome: str) -> dict[str, PublicEffect]:
    """By code of a rule or tip, or id of a band, what enough public accounts show of its effect on an outcome."""
    record, bands = load_public_record(folder), load_bands(folder)
    subjects = [*(one.subject for one in record.effects), *(band.code for band in bands if band.code is not None)]
    effects = {subject: record.rule_effect(subject, outcome, bands) for subject in subjects}
    return {subject: one for subject, one in effects.items() if one is not None and one.grade != NOT_TESTED}


def hashtag_band(tag: str) -> Band:
    """The fact that a post carries a hashtag."""
    return Band(
        id=f"hashtag:{tag}", field="hashtags", any_of=(tag,), do=f"Use #{tag}", instead=f"Leave out #{tag}", tip=8
    )
