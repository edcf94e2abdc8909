"""Scores over what is known, with their coverage, and the changes that would raise them most.

A tip's score is the weighted mean, over its rules with a known answer, of the share of subjects that pass, as
Lighthouse scores a category: rules that do not apply carry no weight. Coverage is the weighted mean of the share
of applicable subjects with a known answer, so that an unknown lowers the coverage and never the score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.outcome import FAIL, NAMES, NOT_APPLICABLE, PASS, UNKNOWN

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class TipScore:
    """The score (0-100, None where nothing is known) and coverage (0-1) of a tip or another group of rules."""

    tip: int | None
    group: str
    title: str
    score: float | None
    coverage: float
    counts: dict[str, int]


@dataclass(frozen=True)
class Opportunity:
    """A rule that fails: by how many points its tip's score would rise if all its subjects passed."""

    evaluation: Evaluation
    gain: float
    failing: int
    known: int


@dataclass(frozen=True)
class RuleCounts:
    """A rule's answers on some of its subjects: how many pass, fail, are unknown, and are not applicable."""

    evaluation: Evaluation
    counts: np.ndarray


def rule_counts(evaluations: Sequence[Evaluation]) -> list[RuleCounts]:
    """The answers on all subjects."""
    return [RuleCounts(e, e.counts) for e in evaluations]


def rule_counts_by_account(evaluations: Sequence[Evaluation], accounts: int) -> list[list[RuleCounts]]:
    """The answers on the subjects of each account, by its position among the context's."""
    told = []
    for evaluation in evaluations:
        index = evaluation.subjects.account_index()
        mine = index >= 0
        places = index[mine] * 4 + evaluation.status[mine]
        told.append(np.bincount(places, minlength=4 * accounts).reshape(accounts, 4))
    return [
        [RuleCounts(e, counts[place]) for e, counts in zip(evaluations, told, strict=True)] for place in range(accounts)
    ]


def tip_scores(answers: Sequence[RuleCounts]) -> list[TipScore]:
    """The score of every tip, then of every other group of which anything applies, in the order of the rules."""
    groups: dict[str, list[RuleCounts]] = {}
    for one in answers:
        groups.setdefault(one.evaluation.compiled.group, []).append(one)

    def first(group: Sequence[RuleCounts]) -> int | None:
        return group[0].evaluation.compiled.tip

    ordered = sorted(groups.values(), key=lambda group: (first(group) is None, first(group) or 0))
    return [_tip_score(group) for group in ordered if first(group) is not None or _applies(group)]


def mean_coverage_and_gap(scores: Sequence[TipScore]) -> tuple[float, float]:
    """Of all tips the mean coverage (0-1), and how many points they lack of 100 in the mean by what is known; groups that are no tips do not count."""
    tips = [one for one in scores if one.tip is not None]
    missing_input = [100 - one.score for one in tips if one.score is not None]
    coverage = float(np.mean([one.coverage for one in tips])) if tips else 0.0
    return coverage, float(np.mean(missing_input)) if missing_input else 0.0


def _applies(group: Sequence[RuleCounts]) -> bool:
    return any(one.counts[:NOT_APPLICABLE].any() for one in group)


def _tip_score(group: Sequence[RuleCounts]) -> TipScore:
    counts = np.array([one.counts for one in group])
    weights = np.array([one.evaluation.compiled.rule.weight for one in group])
    score, coverage = _score(counts, weights)
    first = group[0].evaluation.compiled
    total = {name: int(n) for name, n in zip(NAMES, counts.sum(axis=0), strict=True)}
    return TipScore(first.tip, first.group, first.title, score, coverage, total)


def _score(counts: np.ndarray, weights: np.ndarray) -> tuple[float | None, float]:
    known = counts[:, PASS] + counts[:, FAIL]
    applicable = known + counts[:, UNKNOWN]
    counted, relevant = known > 0, applicable > 0
    coverage = (
        float(np.average(known[relevant] / applicable[relevant], weights=weights[relevant]))
        if weights[relevant].sum() > 0
        else 0.0
    )
    if weights[counted].sum() <= 0:
        return None, coverage
    return float(100 * np.average(counts[counted, PASS] / known[counted], weights=weights[counted])), coverage


def opportunities(answers: Sequence[RuleCounts]) -> list[Opportunity]:
    """The rules that fail, the most valuable first: by the gain in the score of their tip, weighted by severity and
    confidence, then by code.
    """
    importance = {"error": 1.0, "warning": 0.7, "info": 0.4}
    trust = {"high": 1.0, "medium": 0.8, "low": 0.4}
    weights: dict[str, float] = {}
    for one in answers:
        if one.counts[PASS] + one.counts[FAIL]:
            group = one.evaluation.compiled.group
            weights[group] = weights.get(group, 0.0) + one.evaluation.compiled.rule.weight
    found = []
    for one in answers:
        evaluation, counts = one.evaluation, one.counts
        failing, known = int(counts[FAIL]), int(counts[PASS] + counts[FAIL])
        total = weights.get(evaluation.compiled.group, 0.0)
        if failing and total:
            gain = 100 * evaluation.compiled.rule.weight / total * failing / known
            found.append(Opportunity(evaluation, gain, failing, known))

    def value(opportunity: Opportunity) -> float:
        rule = opportunity.evaluation.compiled.rule
        return opportunity.gain * importance[rule.severity] * trust[rule.confidence]

    return sorted(found, key=lambda o: (-value(o), o.evaluation.code))


def _how_many(evaluations: Sequence[Evaluation], answer: int, count: int) -> np.ndarray:
    """How many rules answer so of each of `count` posts; numbers are as small as they can be, since the posts are many."""
    many = np.zeros(count, dtype=np.uint16)
    for evaluation in evaluations:
        if evaluation.counts[answer] == count:
            many += 1
        elif evaluation.counts[answer]:
            many += evaluation.status == answer
    return many.astype(np.int64)


def post_scores(evaluations: Sequence[Evaluation], count: int) -> pd.DataFrame:
    """For each post: score (0-100, NaN where nothing is known), coverage (0-1), failed (how many rules)."""
    import pandas as pd

    passed, known, applicable = (np.zeros(count) for _ in range(3))
    failed = np.zeros(count, dtype=np.int64)
    of_posts = [e for e in evaluations if e.compiled.rule.scope == "post"]
    for weight in sorted({e.compiled.rule.weight for e in of_posts}):
        alike = [e for e in of_posts if e.compiled.rule.weight == weight]
        passes, fails, outside = (_how_many(alike, answer, count) for answer in (PASS, FAIL, NOT_APPLICABLE))
        passed += weight * passes
        known += weight * (passes + fails)
        applicable += weight * (len(alike) - outside)
        failed += fails
    with np.errstate(invalid="ignore", divide="ignore"):
        score, coverage = 100 * passed / known, np.where(applicable > 0, known / applicable, 0.0)
    return pd.DataFrame({"score": score, "coverage": coverage, "failed": failed})
