"""What subjects are after: a post its own goal, where it says one, and else the goals of its account in their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tiktok_coach.core.account import Account
from tiktok_coach.core.arrays import is_in
from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.rules.subjects import Subjects


def goal_mask(subjects: Subjects, goals: Sequence[str]) -> np.ndarray:
    """Which subjects (n, bool) have one of some goals, whether it comes first or not."""
    return _mask(subjects, "any", goals, lambda account: account.goals)


def first_goal_mask(subjects: Subjects, goals: Sequence[str]) -> np.ndarray:
    """Which subjects (n, bool) have one of some goals as their first, which decides where rules differ."""
    return _mask(subjects, "first", goals, lambda account: account.goals[:1])


def goals_of(subjects: Subjects, row: int) -> tuple[str, ...]:
    """The goals of one subject, the most important first."""
    own = subjects.column("goal") if subjects.scope == "post" else None
    if own is not None and (goal := text_at(own, row)):
        return (goal,)
    return subjects.account_of(row).goals


def _mask(
    subjects: Subjects, which: str, goals: Sequence[str], goals_of_account: Callable[[Account], Sequence[str]]
) -> np.ndarray:
    def compute() -> np.ndarray:
        of_accounts = [bool(set(goals) & set(goals_of_account(account))) for account in subjects.context.accounts]
        # Subjects of no account are at -1, the last place.
        mask = np.array([*of_accounts, False])[subjects.account_index()]
        own = subjects.column("goal") if subjects.scope == "post" else None
        return mask if own is None else np.where(known_mask(own), is_in(own, list(goals)), mask)

    return subjects.cached((which, "goal", *goals), compute)
