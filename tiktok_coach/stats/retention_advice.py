"""What to change in videos so that viewers stay, by what goes along with leaving in an account's own curves.

A gain in watch time is no measured gain in views, and is never turned into one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from tiktok_coach.core.records import dataclass
from tiktok_coach.stats.account_effects import HELPS, LEAST_EFFECT, Change
from tiktok_coach.stats.advice import Advice

if TYPE_CHECKING:
    from tiktok_coach.stats.event_tips import EventTip
    from tiktok_coach.stats.leaving import EventEffect
    from tiktok_coach.stats.leaving_worth import Worth

# On what such advice rests, as JSON names it, and how many are given at most.
BASIS, MOST = "retention", 2
# What viewers do while they watch serves these goals: reach follows from it, and Creator Rewards count views of 5 s.
GOALS = ("reach", "rewards")


@dataclass(frozen=True)
class RetentionAdvice:
    """To have more of what goes along with staying (`has`), or less of what goes along with leaving.

    `effect` is on leaving in a second, `worth` what as much, or as little, of it as in the account's best quarter of
    videos would be worth. `goal` is the most important of the account's goals that it serves.
    """

    tip: EventTip
    has: bool
    effect: EventEffect
    worth: Worth
    goal: str | None = None

    @property
    def id(self) -> str:
        """The name of the advice, the same from audit to audit, and of what an experiment on it tries."""
        return self.tip.code(has=self.has)

    @property
    def asks_same(self) -> bool:
        """Whether the rule that speaks of the same asks for the same."""
        return self.tip.rule is not None and (self.tip.rule.asks == "more") == self.has


AnyAdvice: TypeAlias = Advice | Change | RetentionAdvice


def advise_on_watching(
    tips: Sequence[EventTip], effects: Sequence[EventEffect], worth: Mapping[str, Worth]
) -> list[RetentionAdvice]:
    """What is worth most watch time, of what clearly goes along with leaving or staying; `tips` are as `effects`."""
    each = zip(tips, effects, strict=True)
    known = [
        RetentionAdvice(tip, effect.verdict == HELPS, effect, worth[effect.event])
        for tip, effect in each
        if effect.event in worth
    ]
    known = [one for one in known if one.worth.watch_time_gain[0] >= (LEAST_EFFECT - 1) * one.worth.watch_time_now_s]
    return sorted(known, key=lambda one: -one.worth.watch_time_gain[0])[:MOST]
