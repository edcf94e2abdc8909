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
    """A rule that a planned post passes or fails, and the factor by which that moves an action against the account's usual post."""

    code: str
    action: str
    passes: bool
    factor: float


def moves(
    found: Mapping[int, Mapping[str, RuleEffects]],
    account: np.ndarray,
    evaluations: Sequence[Evaluation],
    rows: np.ndarray,
) -> dict[int, list[Move]]:
    """By row, which rules move what is expected of the posts in these rows, the strongest first; `found` has the effects of each
    account, by the number that `account` gives its posts.
    """
    moved: dict[int, list[Move]] = {row: [] for row in rows.tolist()}
    for number, effects in found.items():
        mine = rows[account[rows] == number]
        for action, effect in effects.items() if len(mine) else ():
            held = answers(evaluations, effect.rules, len(account))[mine]
            logs = (held - effect.centre) * effect.mean
            for at, place in np.argwhere(np.abs(logs) >= LEAST).tolist():
                told = Move(effect.rules[place], action, bool(held[at, place]), float(np.exp(logs[at, place])))
                moved[int(mine[at])].append(told)
    return {row: sorted(held, key=lambda m: (-abs(np.log(m.factor)), m.code)) for row, held in moved.items()}
