"""What to keep in mind with a rule's advice: that another goal asks for something else, or what accounts may not do."""

from __future__ import annotations

from collections.abc import Sequence

from tiktok_coach.core.account import Account, goal_names
from tiktok_coach.core.translation import _
from tiktok_coach.rules.load import CompiledRule


def remarks(compiled: CompiledRule, account: Account, goals: Sequence[str]) -> list[str]:
    """Sentences on a rule that a post of an account fails; `goals` are the post's, the most important first."""
    caveats = [one.text for one in compiled.rule.caveats if one.is_about(account)]
    conflict = conflict_text(compiled, goals)
    return [*caveats, conflict] if conflict else caveats


def conflict_text(compiled: CompiledRule, goals: Sequence[str]) -> str | None:
    """A sentence on the tip that differs for other goals than the first of `goals`; None where none does.

    A rule that takes the place of another names that one, unless only one of them is about single posts. A rule whose
    place is taken for a goal that comes later in `goals` names the one that takes it.
    """
    if not goals:
        return None
    first, *later = goals
    pairs: list[tuple[CompiledRule, tuple[str, ...]]] = []
    if first in compiled.rule.goals:
        others = tuple(goal for goal in later if goal not in compiled.rule.goals)
        # What an account should do beside its other posts is no tip for this one.
        pairs += [(other, others) for other in compiled.replaces if other.rule.scope == compiled.rule.scope]
    for other in compiled.replaced_by:
        if others := tuple(goal for goal in later if goal in other.rule.goals):
            pairs.append((other, others))
    by_goals: dict[tuple[str, ...], str] = {}
    for other, others in pairs:
        # Where both ask for the same nothing differs, and of the same goals one clause is enough.
        if other.rule.do != compiled.rule.do:
            whose = goal_names(others) or _("other goals")
            clause = _("for {goals} the tip is “{do}” ({code})", goals=whose, do=other.rule.do, code=other.code)
            by_goals.setdefault(others, clause)
    if not by_goals:
        return None
    return _("This follows your goal, {goal}; {others}.", goal=goal_names([first]), others="; ".join(by_goals.values()))
