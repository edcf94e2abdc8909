"""Findings in words: what a rule says of a subject, the value it saw, what it expected and how to mend it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tiktok_coach.core.facts import text_at, value_at
from tiktok_coach.core.schema import COLUMNS, CONFIDENCES, Measure, describe, measure_of
from tiktok_coach.core.translation import _, format_value
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.kind import FAIL, NAMES, PASS, UNKNOWN, Params
from tiktok_coach.rules.load import set_params, terms_in
from tiktok_coach.rules.model import Rule
from tiktok_coach.rules.subjects import ACCOUNT_FACTS, DAY_FACTS, DERIVED_FIELDS, MONTH_FACTS


def findings(evaluation: Evaluation, statuses: Sequence[int], limit: int | None = None) -> Iterator[dict[str, Any]]:
    """The findings of one rule with one of `statuses`, in the order of the subjects, as JSON shows them."""
    if evaluation.counts[list(statuses)].any():
        for row in np.isin(evaluation.status, statuses).nonzero()[0][:limit]:
            yield finding_of(evaluation, int(row))


def finding_of(evaluation: Evaluation, row: int) -> dict[str, Any]:
    """What a rule says of the subject at position `row`."""
    rule, compiled = evaluation.compiled.rule, evaluation.compiled
    status = int(evaluation.status[row])
    label = evaluation.subjects.label(row)
    if status in {PASS, FAIL}:
        terms, measure = _terms(evaluation, row), _measure(evaluation, row)
        message = fill_text(rule.passed if status == PASS else rule.message, terms)
    else:
        terms, measure = {}, None
        message = evaluation.subjects.cached(
            f"{status} by {evaluation.code}", lambda: _unanswered_text(evaluation, status)
        )
    return {
        "code": rule.code,
        "tip": compiled.tip,
        "post_id": label if rule.scope == "post" else None,
        "subject": label,
        "status": NAMES[status],
        "severity": rule.severity,
        "confidence": min(rule.confidence, measure.confidence, key=CONFIDENCES.index) if measure else rule.confidence,
        "value": _json_value(terms.get("value")),
        "expected": compiled.set_params,
        "measured": measure.as_dict() if measure else None,
        "message": f"{message} ({describe(measure)})" if measure else message,
        "fix": fill_text(rule.fix, terms) if status == FAIL else None,
    }


def _measure(evaluation: Evaluation, row: int) -> Measure | None:
    """How the fact that a rule reads of a post was measured from its video; None where it was not."""
    measured = evaluation.subjects.column("measured") if evaluation.compiled.rule.scope == "post" else None
    return None if measured is None else measure_of(evaluation.compiled.source_column, text_at(measured, row))


def _unanswered_text(evaluation: Evaluation, status: int) -> str:
    if status == UNKNOWN:
        return _("not known; {source} would tell", source=provided_by(evaluation))
    return _("does not apply to this post") if evaluation.compiled.rule.scope == "post" else _("does not apply")


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
    return ", ".join(f"{name} {_text(value)}" for name, value in set_params(params).items())


def _terms(evaluation: Evaluation, row: int) -> dict[str, Any]:
    outcome = evaluation.outcome
    terms: dict[str, Any] = {**evaluation.compiled.all_params, "code": evaluation.code}
    terms |= {name: term(row) if callable(term) else term for name, term in outcome.terms.items()}
    return terms if outcome.value is None else terms | {"value": value_at(outcome.value, row)}


def fill_text(words: str, terms: dict[str, Any]) -> str:
    """A rule's text with its terms filled in; one that is not known leaves an ellipsis."""
    return words.format_map(_Terms(terms))


def general_advice(rule: Rule, params: Params) -> str:
    """What to do to pass a rule, whatever its fix fills in of a post: a whole sentence."""
    values, words = params.model_dump(), rule.advice or rule.fix
    if terms_in(words) <= {name for name, value in values.items() if value is not None}:
        return fill_text(words, values)
    return _("Do what {code} asks ({name}).", code=rule.code, name=rule.words)


class _Terms(dict[str, Any]):
    """Terms as texts, made of those alone that a text fills in."""

    def __getitem__(self, name: str) -> str:
        return _text(super().__getitem__(name)) if name in self else "…"


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return "?"
    if isinstance(value, dt.date):
        return format_value(value, "%H:%M" if isinstance(value, dt.datetime) else "%Y-%m-%d")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (float, np.floating)):
        return format_value(value, ".0f" if float(value).is_integer() else ".4g")
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _json_value(value: Any) -> Any:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, dt.date):
        return f"{value:%H:%M}" if isinstance(value, dt.datetime) else value.isoformat()
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, 6)
    return value if isinstance(value, (bool, int, str)) else str(value)


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
