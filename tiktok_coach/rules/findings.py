"""What evaluations come to: findings in words, scores over what is known, and the changes that would raise them most.

A tip's score is the weighted mean, over its rules with a known answer, of the share of subjects that pass, as
Lighthouse scores a category: rules that do not apply carry no weight. Coverage is the weighted mean of the share
of applicable subjects with a known answer, so that an unknown lowers the coverage and never the score.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tiktok_coach.core.facts import text_at, value_at
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import COLUMNS, CONFIDENCES, describe, measure_of
from tiktok_coach.core.translation import _
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.goals import goals_of
from tiktok_coach.rules.kind import FAIL, NAMES, NOT_APPLICABLE, PASS, UNKNOWN, Params
from tiktok_coach.rules.model import Rule
from tiktok_coach.rules.phrases import fill_text, shown_term, terms_in
from tiktok_coach.rules.remarks import remarks
from tiktok_coach.rules.subjects import ACCOUNT_FACTS, DAY_FACTS, DERIVED_FIELDS, MONTH_FACTS
from tiktok_coach.rules.suggestions import SUGGESTIONS

if TYPE_CHECKING:
    import pandas as pd

POSTS_AT_ONCE = 2**16


def findings(evaluation: Evaluation, statuses: Sequence[int], limit: int | None = None) -> Iterator[dict[str, Any]]:
    """The findings of one rule with one of `statuses`, in the order of the subjects, as JSON shows them."""
    if evaluation.counts[list(statuses)].any():
        for row in np.isin(evaluation.status, statuses).nonzero()[0][:limit]:
            yield finding_of(evaluation, int(row))


def finding_of(evaluation: Evaluation, row: int, part: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a rule says of the subject at position `row`, or of a part of it that is at fault; else of the first."""
    rule, compiled = evaluation.compiled.rule, evaluation.compiled
    status = int(evaluation.status[row])
    label = evaluation.subjects.label(row)
    if status in {PASS, FAIL}:
        outcome = evaluation.outcome
        terms: dict[str, Any] = {**compiled.params.all_values, "code": rule.code}
        terms |= {name: term(row) if callable(term) else term for name, term in outcome.terms.items()}
        terms |= {} if outcome.value is None else {"value": value_at(outcome.value, row)}
        if status == FAIL:
            terms |= part if part is not None else outcome.parts(row)[0] if outcome.parts is not None else {}
            suggestions = SUGGESTIONS.get(rule.field, {}).items()
            terms |= {name: suggest(evaluation.subjects, row, compiled.params) for name, suggest in suggestions}
        # How the fact that a rule reads of a post was measured from its video.
        measured = evaluation.subjects.column("measured") if rule.scope == "post" else None
        measure = None if measured is None else measure_of(compiled.source_column, text_at(measured, row))
        message = fill_text(rule.passed if status == PASS else rule.message, terms)
    else:
        terms, measure = {}, None
        message = _("does not apply to this post") if rule.scope == "post" else _("does not apply")
        if status == UNKNOWN:
            source = evaluation.subjects.cached(f"source of {rule.code}", lambda: provided_by(evaluation))
            message = _("not known; {source} would tell", source=source)
    return {
        "code": rule.code,
        "tip": compiled.tip,
        "post_id": label if rule.scope == "post" else None,
        "subject": label,
        "status": NAMES[status],
        "severity": rule.severity,
        "confidence": min(rule.confidence, measure.confidence, key=CONFIDENCES.index) if measure else rule.confidence,
        "value": _json_value(terms.get("value")),
        "expected": {**compiled.params.set_values, **({"max": terms["most"]} if "most" in terms else {})},
        "measured": measure.as_dict() if measure else None,
        "message": f"{message} ({describe(measure)})" if measure else message,
        "fix": _fix_text(evaluation, row, terms) if status == FAIL else None,
    }


def _fix_text(evaluation: Evaluation, row: int, terms: dict[str, Any]) -> str:
    """What to do about a failure, and what to keep in mind with it."""
    compiled, subjects = evaluation.compiled, evaluation.subjects
    fix = fill_text(compiled.rule.fix, terms)
    if not (compiled.has_alternatives or compiled.rule.caveats):
        return fix
    return " ".join([fix, *remarks(compiled, subjects.account_of(row), goals_of(subjects, row))])


def provided_by(evaluation: Evaluation) -> str:
    """What would supply the fact that a rule lacks."""
    rule = evaluation.compiled.rule
    return _(evaluation.missing_input) if evaluation.missing_input else supplied_by(rule.field, rule.scope)


def supplied_by(field: str, scope: str = "post") -> str:
    """Which file or setting gives a field."""
    name = DERIVED_FIELDS.get(field, field)
    if scope == "account" or name.startswith("account."):
        return _(ACCOUNT_FACTS[name.removeprefix("account.")][1])
    return _({**DAY_FACTS, **MONTH_FACTS}[name] if scope in {"day", "month"} else COLUMNS[name].supplied_by)


def params_text(params: Params) -> str:
    """A check's parameters in words.

    >>> from tiktok_coach.rules.checks.range import Range
    >>> params_text(Range(max=0))
    'max 0'
    """
    return ", ".join(f"{name} {shown_term(value)}" for name, value in params.set_values.items())


def general_advice(rule: Rule, params: Params) -> str:
    """What to do to pass a rule, whatever its fix fills in of a post: a whole sentence."""
    values, words = params.all_values, rule.advice or rule.fix
    if terms_in(words) <= {name for name, value in values.items() if value is not None}:
        return fill_text(words, values)
    return f"{rule.do}."


def _json_value(value: Any) -> Any:
    if isinstance(value, dt.date):
        return f"{value:%H:%M}" if isinstance(value, dt.datetime) else value.isoformat()
    if isinstance(value, float):
        return None if np.isnan(value) else int(value) if value.is_integer() else round(value, 6)
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


@dataclass(frozen=True)
class MissingInput:
    """Something that would turn unknown answers into known ones: which rules wait for it, and their weight."""

    provided_by: str
    codes: tuple[str, ...]
    weight: float


def missing_inputs(evaluations: Sequence[Evaluation]) -> tuple[MissingInput, ...]:
    """What would answer the unknown, the most weight first."""
    waiting: dict[str, list[Evaluation]] = defaultdict(list)
    for evaluation in evaluations:
        if evaluation.counts[UNKNOWN]:
            waiting[provided_by(evaluation)].append(evaluation)

    def weight(evaluation: Evaluation) -> float:
        return float(evaluation.compiled.rule.weight * evaluation.counts[UNKNOWN] / evaluation.counts.sum())

    inputs = (MissingInput(name, tuple(e.code for e in es), sum(map(weight, es))) for name, es in waiting.items())
    return tuple(sorted(inputs, key=lambda one: (-one.weight, one.provided_by)))


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
    counts = np.array([e.counts for e in evaluations]).reshape(-1, 1, len(NAMES))
    return tip_scores_by_account(evaluations, counts)[0]


def tip_scores_by_account(evaluations: Sequence[Evaluation], counts: np.ndarray) -> list[list[TipScore]]:
    """The tips' scores of each account, from the `counts` of its answers (rules x accounts x statuses)."""
    groups: dict[tuple[bool, int, str], list[int]] = {}
    for position, evaluation in enumerate(evaluations):
        tip = evaluation.compiled.tip
        groups.setdefault((tip is None, tip or 0, evaluation.compiled.group), []).append(position)
    scores: list[list[TipScore]] = [[] for _account in range(counts.shape[1])]
    for (is_other, _tip, _group), members in sorted(groups.items(), key=lambda item: item[0][:2]):
        first, own = evaluations[members[0]].compiled, counts[members]
        weights = np.array([evaluations[member].compiled.rule.weight for member in members])
        known = own[..., PASS] + own[..., FAIL]
        applicable = known + own[..., UNKNOWN]
        means = 100 * _weighted_means(own[..., PASS], known, weights)
        score = [None if is_nan else mean for mean, is_nan in zip(means.tolist(), np.isnan(means), strict=True)]
        coverage = np.nan_to_num(_weighted_means(known, applicable, weights)).tolist()
        totals = list(map(tuple, own.sum(axis=0).tolist()))
        # Many accounts of few posts have the same answers, of which one score is made.
        made: dict[tuple[Any, ...], TipScore] = {}
        for account in np.flatnonzero(applicable.any(axis=0) | (not is_other)).tolist():
            key = score[account], coverage[account], totals[account]
            if key not in made:
                total = dict(zip(NAMES, totals[account], strict=True))
                made[key] = TipScore(first.tip, first.group, first.title, *key[:2], total)
            scores[account].append(made[key])
    return scores


def mean_coverage_and_gap(scores: Sequence[TipScore]) -> tuple[float, float]:
    """The tips' mean coverage (0-1), and how many points they lack of 100 in the mean, by what is known."""
    tips = [one for one in scores if one.tip is not None]
    gaps = [100 - one.score for one in tips if one.score is not None]
    coverage = sum(one.coverage for one in tips) / max(len(tips), 1)
    return coverage, sum(gaps) / max(len(gaps), 1)


def _weighted_means(parts: np.ndarray, wholes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """By account the weighted mean of parts of wholes (rules x accounts) that are not 0; NaN where none has weight."""
    used = weights[:, None] * (wholes > 0)
    total = used.sum(axis=0)
    return np.asarray((used * (parts / np.maximum(wholes, 1))).sum(axis=0) / np.where(total > 0, total, np.nan))


def opportunities(evaluations: Sequence[Evaluation]) -> list[Opportunity]:
    """The rules that fail, by the gain in their tip's score, weighted by severity and confidence, then by code."""
    counts = np.array([e.counts for e in evaluations]).reshape(-1, 1, len(NAMES))
    return opportunities_by_account(evaluations, counts)[0]


def opportunities_by_account(evaluations: Sequence[Evaluation], counts: np.ndarray) -> list[list[Opportunity]]:
    """The opportunities of each account, from the `counts` of its answers (rules x accounts x statuses)."""
    importance = {"error": 1.0, "warning": 0.7, "info": 0.4}
    trust = {"high": 1.0, "medium": 0.8, "low": 0.4}
    # In the order of codes, which is kept among equals.
    order = sorted(range(len(evaluations)), key=lambda position: evaluations[position].code)
    sorted_evaluations, own = [evaluations[position] for position in order], counts[order]
    rules = [e.compiled.rule for e in sorted_evaluations]
    groups = np.array([e.compiled.group for e in sorted_evaluations], dtype=object)
    weight = np.array([rule.weight for rule in rules], dtype="float64")[:, None]
    failing, known = own[..., FAIL], own[..., PASS] + own[..., FAIL]
    total = np.zeros(known.shape)
    for group in dict.fromkeys(groups):
        members = groups == group
        total[members] = (weight[members] * (known[members] > 0)).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        gain = 100 * weight / total * failing / known
    severity = np.array([importance[rule.severity] for rule in rules])[:, None]
    confidence = np.array([trust[rule.confidence] for rule in rules])[:, None]
    ranked = np.argsort(-gain * severity * confidence, axis=0, kind="stable")
    is_chance = (failing > 0) & (total > 0)
    by_account: list[list[Opportunity]] = [[] for _account in range(counts.shape[1])]
    places, ranks = np.take_along_axis(is_chance, ranked, axis=0).T.nonzero()
    rows = ranked[ranks, places]
    numbers = (table[rows, places].tolist() for table in (gain, failing, known))
    for place, row, points, fails, knows in zip(places.tolist(), rows.tolist(), *numbers, strict=True):
        by_account[place].append(Opportunity(sorted_evaluations[row], points, fails, knows))
    return by_account


def _count_rules(evaluations: Sequence[Evaluation], answer: int, rows: slice, posts: int) -> np.ndarray:
    """How many rules give each post at `rows` of all `posts` an answer; the counts are small numbers."""
    rules = np.zeros(rows.stop - rows.start, dtype=np.uint16)
    for evaluation in evaluations:
        if evaluation.counts[answer] == posts:
            rules += 1
        elif evaluation.counts[answer]:
            rules += evaluation.status[rows] == answer
    return rules


def post_scores(evaluations: Sequence[Evaluation], count: int) -> pd.DataFrame:
    """For each post: score (0-100, NaN where nothing is known), coverage (0-1), failed (how many rules)."""
    import pandas as pd

    by_weight: dict[float, list[Evaluation]] = defaultdict(list)
    for evaluation in evaluations:
        if evaluation.compiled.rule.scope == "post":
            by_weight[evaluation.compiled.rule.weight].append(evaluation)
    score, coverage, failed = np.empty(count), np.empty(count), np.empty(count, dtype=np.int64)
    # Of a million posts each array on the way would be as large as a column of their table.
    for start in range(0, count, POSTS_AT_ONCE):
        rows = slice(start, min(start + POSTS_AT_ONCE, count))
        score[rows], coverage[rows], failed[rows] = _scores(by_weight, rows, count)
    return pd.DataFrame({"score": score, "coverage": coverage, "failed": failed}, copy=False)


def _scores(
    by_weight: Mapping[float, Sequence[Evaluation]], rows: slice, count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Score, coverage and failing rules of the posts at `rows` of `count`."""
    passed, known, applicable, failed = (np.zeros(rows.stop - rows.start) for _number in range(4))
    for weight, group in sorted(by_weight.items()):
        passes, fails, outside = (_count_rules(group, answer, rows, count) for answer in (PASS, FAIL, NOT_APPLICABLE))
        passed += weight * passes
        known += weight * (passes + fails)
        applicable += weight * (len(group) - outside)
        failed += fails
    with np.errstate(invalid="ignore", divide="ignore"):
        return 100 * passed / known, np.where(applicable > 0, known / applicable, 0.0), failed
