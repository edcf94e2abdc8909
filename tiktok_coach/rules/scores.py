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
from tiktok_coach.rules.kind import FAIL, NAMES, NOT_APPLICABLE, PASS, UNKNOWN

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


def tip_scores(evaluations: Sequence[Evaluation]) -> list[TipScore]:
    """The score of every tip, then of every other group of which anything applies, in the order of the rules."""
    groups: dict[tuple[bool, int, str], list[Evaluation]] = {}
    for evaluation in evaluations:
        tip = evaluation.compiled.tip
        groups.setdefault((tip is None, tip or 0, evaluation.compiled.group), []).append(evaluation)
    ordered = sorted(groups.items(), key=lambda item: item[0][:2])
    scores = [_tip_score(group) for _key, group in ordered]
    return [s for s in scores if s.tip is not None or any(s.counts[name] for name in NAMES[:NOT_APPLICABLE])]


def mean_coverage_and_gap(scores: Sequence[TipScore]) -> tuple[float, float]:
    """The tips' mean coverage (0-1), and how many points they lack of 100 in the mean, by what is known."""
    tips = [one for one in scores if one.tip is not None]
    gaps = [100 - one.score for one in tips if one.score is not None]
    coverage = float(np.mean([one.coverage for one in tips])) if tips else 0.0
    return coverage, float(np.mean(gaps)) if gaps else 0.0


def _tip_score(group: Sequence[Evaluation]) -> TipScore:
    first = group[0].compiled
    counts = np.array([evaluation.counts for evaluation in group])
    weights = np.array([evaluation.compiled.rule.weight for evaluation in group])
    known = counts[:, PASS] + counts[:, FAIL]
    applicable = known + counts[:, UNKNOWN]
    passing = _weighted_mean(counts[:, PASS], known, weights)
    coverage = _weighted_mean(known, applicable, weights) or 0.0
    total = {name: int(n) for name, n in zip(NAMES, counts.sum(axis=0), strict=True)}
    return TipScore(first.tip, first.group, first.title, None if passing is None else 100 * passing, coverage, total)


def _weighted_mean(parts: np.ndarray, wholes: np.ndarray, weights: np.ndarray) -> float | None:
    """The weighted mean of parts of wholes, over those wholes that are not 0; None where nothing has weight."""
    counts = wholes > 0
    if weights[counts].sum() <= 0:
        return None
    return float(np.average(parts[counts] / wholes[counts], weights=weights[counts]))


def opportunities(evaluations: Sequence[Evaluation]) -> list[Opportunity]:
    """The rules that fail, by the gain in their tip's score, weighted by severity and confidence, then by code."""
    importance = {"error": 1.0, "warning": 0.7, "info": 0.4}
    trust = {"high": 1.0, "medium": 0.8, "low": 0.4}
    weights: dict[str, float] = {}
    for e in evaluations:
        if e.counts[PASS] + e.counts[FAIL]:
            weights[e.compiled.group] = weights.get(e.compiled.group, 0.0) + e.compiled.rule.weight
    results = []
    for e in evaluations:
        failing, known = int(e.counts[FAIL]), int(e.counts[PASS] + e.counts[FAIL])
        total = weights.get(e.compiled.group, 0.0)
        if failing and total:
            gain = 100 * e.compiled.rule.weight / total * failing / known
            results.append(Opportunity(e, gain, failing, known))

    def value(opportunity: Opportunity) -> float:
        rule = opportunity.evaluation.compiled.rule
        return opportunity.gain * importance[rule.severity] * trust[rule.confidence]

    return sorted(results, key=lambda o: (-value(o), o.evaluation.code))


def _count_rules(evaluations: Sequence[Evaluation], answer: int, posts: int) -> np.ndarray:
    """How many rules give each post an answer; the counts are small numbers, since the posts are many."""
    rules = np.zeros(posts, dtype=np.uint16)
    for evaluation in evaluations:
        if evaluation.counts[answer] == posts:
            rules += 1
        elif evaluation.counts[answer]:
            rules += evaluation.status == answer
    return rules.astype(np.int64)


def post_scores(evaluations: Sequence[Evaluation], count: int) -> pd.DataFrame:
    """For each post: score (0-100, NaN where nothing is known), coverage (0-1), failed (how many rules)."""
    import pandas as pd

    passed, known, applicable = (np.zeros(count) for _column in range(3))
    failed = np.zeros(count, dtype=np.int64)
    of_posts = [e for e in evaluations if e.compiled.rule.scope == "post"]
    for weight in sorted({e.compiled.rule.weight for e in of_posts}):
        group = [e for e in of_posts if e.compiled.rule.weight == weight]
        passes, fails, outside = (_count_rules(group, answer, count) for answer in (PASS, FAIL, NOT_APPLICABLE))
        passed += weight * passes
        known += weight * (passes + fails)
        applicable += weight * (len(group) - outside)
        failed += fails
    with np.errstate(invalid="ignore", divide="ignore"):
        score, coverage = 100 * passed / known, np.where(applicable > 0, known / applicable, 0.0)
    return pd.DataFrame({"score": score, "coverage": coverage, "failed": failed})
