"""What an account is after decides what comes first, and what is no advice at all.

Effects are measured on views, which is what reach is; that something serves another goal is what its rule says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tiktok_coach.rules.checks.range import Range
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.load import CompiledRule, rulebook
from tiktok_coach.rules.model import Rule
from tiktok_coach.stats.bands import Band, public_effects
from tiktok_coach.stats.public_record import SUPPORTED, PublicEffect

REACH = "reach"
# What the public record measures of a goal beside views.
OUTCOMES = {"community": "comments"}


def served_goal(rule: Rule | None, goals: Sequence[str], *, is_measured: bool) -> str | None:
    """The most important of some goals that a rule serves, or that a measured gain in views does; None for none."""
    served: set[str] = {*rule.goals, *rule.first_for} if rule is not None else set()
    served |= {REACH} if is_measured else set()
    return next((goal for goal in goals if goal in served), None)


def goal_gain(goal: str | None, code: str | None) -> PublicEffect | None:
    """What public accounts that do as a rule says got of a goal's own outcome, where more of it is supported."""
    effect = public_effects(rulebook(), OUTCOMES[goal]).get(code or "") if goal in OUTCOMES else None
    # A mean that differs between accounts, or between sets of posts, promises nothing to one account.
    return effect if effect is not None and effect.grade == SUPPORTED and effect.effect > 1 else None


def goal_place(goal: str | None, goals: Sequence[str]) -> int:
    """The place of a goal among some in the order of importance; that of none is last."""
    return len(goals) if goal is None else goals.index(goal)


def deciding_rules(evaluations: Sequence[Evaluation], goals: Sequence[str]) -> list[CompiledRule]:
    """The rules that take the place of others for the first of some goals."""
    rules = (one.compiled for one in evaluations)
    return [one for one in rules if one.replaces and set(goals[:1]) & set(one.rule.goals)]


def rules_out(compiled: CompiledRule, band: Band, *, has: bool) -> bool:
    """Whether no post that has the fact of a band, or has it not, passes a rule on a range of the same fact."""
    params = compiled.params
    if band.field != compiled.rule.field or not isinstance(params, Range) or band.any_of:
        return False
    low = -math.inf if band.min is None else band.min
    high = next((bound for bound in (band.max, band.below) if bound is not None), math.inf)
    # Outside a band there are the values below it and those above.
    parts = [(low, high)] if has else [(-math.inf, low), (high, math.inf)]
    least = -math.inf if params.min is None else params.min
    most = math.inf if params.max is None else params.max
    # A band that ends where the range begins shares no more than an edge with it.
    return all(end <= least or start >= most for start, end in parts if start < end)
