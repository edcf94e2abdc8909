"""What would turn unknown answers into known ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.findings import provided_by
from tiktok_coach.rules.outcome import UNKNOWN


@dataclass(frozen=True)
class MissingInput:
    """Something that would turn unknown answers into known ones: which rules wait for it, and their weight."""

    provided_by: str
    codes: tuple[str, ...]
    weight: float


def missing_inputs(evaluations: Sequence[Evaluation]) -> tuple[MissingInput, ...]:
    """What would answer the unknown, the most weight first."""
    waiting: dict[str, list[Evaluation]] = {}
    for evaluation in evaluations:
        if evaluation.counts[UNKNOWN]:
            waiting.setdefault(provided_by(evaluation), []).append(evaluation)

    def weight(evaluation: Evaluation) -> float:
        return float(evaluation.compiled.rule.weight * evaluation.counts[UNKNOWN] / evaluation.counts.sum())

    inputs = [
        MissingInput(name, tuple(e.code for e in group), sum(map(weight, group))) for name, group in waiting.items()
    ]
    return tuple(sorted(inputs, key=lambda one: (-one.weight, one.provided_by)))
