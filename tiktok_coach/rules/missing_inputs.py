"""What would turn unknown answers into known ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tiktok_coach.rules.findings import provided_by
from tiktok_coach.rules.outcome import UNKNOWN
from tiktok_coach.rules.scores import RuleCounts


@dataclass(frozen=True)
class MissingInput:
    """Something that would turn unknown answers into known ones: which rules wait for it."""

    provided_by: str
    codes: tuple[str, ...]
    weight: float


def missing_inputs(answers: Sequence[RuleCounts]) -> tuple[MissingInput, ...]:
    """What would answer the unknown, the most weight first."""
    waiting: dict[str, list[tuple[str, float]]] = {}
    for one in answers:
        if one.counts[UNKNOWN]:
            weight = one.evaluation.compiled.rule.weight * one.counts[UNKNOWN] / one.counts.sum()
            waiting.setdefault(provided_by(one.evaluation), []).append((one.evaluation.code, float(weight)))
    found = [
        MissingInput(name, tuple(code for code, _w in held), sum(w for _c, w in held)) for name, held in waiting.items()
    ]
    return tuple(sorted(found, key=lambda m: (-m.weight, m.provided_by)))
