"""Which facts of a planned post move its score, by what its account's own posts and documented lifts say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tiktok_coach.ranking.lifts import RuleEffects, answers
from tiktok_coach.rules.evaluate import Evaluation

# Facts that move an action by less than a fiftieth are not named.
LEAST = 0.02


@dataclass(frozen=True)
class Move:
    """A rule that a planned post passes or fails, and the factor on an action against the account's usual post."""

    code: str
    action: str
    passes: bool
    factor: float


def moves(
    effects_of_accounts: Mapping[int, Mapping[str, RuleEffects]],
    account: np.ndarray,
    evaluations: Sequence[Evaluation],
    rows: np.ndarray,
) -> dict[int, list[Move]]:
    """By row, the rules that move what is expected of these posts, the strongest first, by their account's effects."""
    moved: dict[int, list[Move]] = {row: [] for row in rows.tolist()}
    for number, effects in effects_of_accounts.items():
        own_rows = rows[account[rows] == number]
        for action, effect in effects.items() if len(own_rows) else ():
            passes = answers(evaluations, effect.rules, len(account))[own_rows]
            logs = (passes - effect.centre) * effect.mean
            for at, place in np.argwhere(np.abs(logs) >= LEAST).tolist():
                move = Move(effect.rules[place], action, bool(passes[at, place]), float(np.exp(logs[at, place])))
                moved[int(own_rows[at])].append(move)
    return {
        row: sorted(moves_of_post, key=lambda m: (-abs(np.log(m.factor)), m.code))
        for row, moves_of_post in moved.items()
    }
