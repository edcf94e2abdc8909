"""What to do about what stands in a video's seconds, and what sources say of it, from the folder of the rules."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from tiktok_coach.core.documents.document import read_model
from tiktok_coach.rules.model import Claim, Code, Line, Strict
from tiktok_coach.rules.sources import complete_claim, load_ledger
from tiktok_coach.stats.moments import EVENTS

FILE = "retention.yaml"
Event = Literal["cut", "pause", "text", "speech", "black", "still", "no cut for long", "louder", "quieter", "motion"]


class RuleOnEvent(Strict):
    """The rule that speaks of the same, and whether it asks for more or for less of it."""

    code: Code
    asks: Literal["more", "less"]


class EventTip(Strict):
    """What to do about an event where viewers stay or leave, and what is expected before any video is looked at.

    `factor` is how many times as many viewers are expected to leave in a second with it.
    """

    event: Event
    if_helps: Line
    if_hurts: Line
    rule: RuleOnEvent | None = None
    factor: float = Field(1.0, gt=0.2, lt=5)
    assumption: str | None = None
    sources: tuple[Claim, ...] = ()

    @model_validator(mode="after")
    def _factor_has_a_source(self) -> EventTip:
        if self.factor != 1 and (self.assumption is None or all(claim.effect is None for claim in self.sources)):
            raise ValueError("a factor needs a source with an effect, and the assumption by which it follows from that")
        return self

    def code(self, *, has: bool) -> str:
        """The name of having more of it, `no-cut-for-long`, or less, `not-pause`, as commands and plans know it."""
        return ("" if has else "not-") + self.event.replace(" ", "-")

    def do(self, *, has: bool) -> str:
        """What to do to have more of it, or less, in English."""
        return self.if_helps if has else self.if_hurts


class EventTips(Strict):
    """The file of tips on events."""

    events: tuple[EventTip, ...]

    @model_validator(mode="after")
    def _each_once(self) -> EventTips:
        if sorted(tip.event for tip in self.events) != sorted(EVENTS):
            raise ValueError("each event stands there once")
        return self


@cache
def load_event_tips(folder: Path) -> tuple[EventTip, ...]:
    """The tip on each of EVENTS, in their order, in a folder of rules; sources as its ledger knows them."""
    ledger = load_ledger(folder)
    tips = {
        tip.event: tip.model_copy(update={"sources": tuple(complete_claim(claim, ledger) for claim in tip.sources)})
        for tip in read_model(EventTips, folder / FILE).events
    }
    return tuple(tips[event] for event in EVENTS)  # type: ignore[index]


def leaving_prior(folder: Path) -> np.ndarray:
    """The logarithm of the factor that is expected of each of EVENTS before an account's videos are looked at."""
    return np.log([tip.factor for tip in load_event_tips(folder)])
