"""Findings in words: what a rule says of a subject, the value it saw, what it expected and how to mend it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tiktok_coach.core.facts import text_at, value_at
from tiktok_coach.core.measures import Measure, describe, lower_confidence, measure_of
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import _, format_value
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.kind import Params
from tiktok_coach.rules.load import terms_in
from tiktok_coach.rules.model import Rule
from tiktok_coach.rules.outcome import FAIL, NAMES, PASS, UNKNOWN
from tiktok_coach.rules.subjects import ACCOUNT_FACTS, DAY_FACTS, DERIVED_FIELDS, MONTH_FACTS


def findings(evaluation: Evaluation, statuses: Sequence[int], limit: int | None = None) -> Iterator[dict[str, Any]]:
    """The findings of one rule with one of `statuses`, in the order of the subjects, as JSON shows them."""
    if not evaluation.counts[list(statuses)].any():
        return
    rows = np.isin(evaluation.status, statuses).nonzero()[0]
    alike = _alike(evaluation)
    for row in rows[:limit]:
        yield _finding(evaluation, int(row), alike)


def finding_of(evaluation: Evaluation, row: int) -> dict[str, Any]:
    """What a rule says of the subject at position `row`."""
    return _finding(evaluation, row, _alike(evaluation))


@dataclass(frozen=True)
class _Alike:
    """What a rule says alike of every subject: its parameters, those that are given, and its words by status where no subject is in them."""

    params: dict[str, Any]
    expected: dict[str, Any]
    words: dict[int, str] = field(default_factory=dict)


def _alike(evaluation: Evaluation) -> _Alike:
    params = evaluation.compiled.params
    return evaluation.subjects.cached(
        f"alike {evaluation.code}", lambda: _Alike(params.model_dump(), set_params(params))
    )


def _finding(evaluation: Evaluation, row: int, alike: _Alike) -> dict[str, Any]:
    rule = evaluation.compiled.rule
    status = int(evaluation.status[row])
    label = evaluation.subjects.label(row)
    if status in {PASS, FAIL}:
        terms, measure = _terms(evaluation, row, alike.params), _measure(evaluation, row)
        message = fill_text(rule.passed if status == PASS else rule.message, terms)
    else:
        terms, measure = {}, None
        if status not in alike.words:
            alike.words[status] = _unanswered(evaluation, status)
        message = alike.words[status]
    return {
        "code": rule.code,
        "tip": evaluation.compiled.tip,
        "post_id": label if rule.scope == "post" else None,
        "subject": label,
        "status": NAMES[status],
        "severity": rule.severity,
        "confidence": lower_confidence(rule.confidence, measure.confidence) if measure else rule.confidence,
        "value": _json_value(terms.get("value")),
        "expected": alike.expected,
        "measured": measure.as_dict() if measure else None,
        "message": f"{message} ({describe(measure)})" if measure else message,
        "fix": fill_text(rule.fix, terms) if status == FAIL else None,
    }


def _measure(evaluation: Evaluation, row: int) -> Measure | None:
    """How the fact that a rule reads of a post was measured from its video; None where it was not."""
    rule = evaluation.compiled.rule
    if rule.scope != "post":
        return None
    told = evaluation.subjects.column("measured")
    return None if told is None else measure_of(DERIVED_FIELDS.get(rule.field, rule.field), text_at(told, row))


def _unanswered(evaluation: Evaluation, status: int) -> str:
    if status == UNKNOWN:
        return _("not known; {supplier} would tell", supplier=provided_by(evaluation))
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


def set_params(params: Params) -> dict[str, Any]:
    """A check's parameters without those left at nothing: None, an empty list, an option that is off."""
    held = params.model_dump()
    return {k: v for k, v in held.items() if v is not None and v != [] and (v is not False or k == "expected")}


def params_text(params: Params) -> str:
    """A check's parameters in words.

    >>> from tiktok_coach.rules.checks.range import Range
    >>> params_text(Range(max=0))
    'max 0'
    """
    return ", ".join(f"{name} {_shown(value)}" for name, value in set_params(params).items())


def _terms(evaluation: Evaluation, row: int, params: Mapping[str, Any]) -> dict[str, Any]:
    outcome = evaluation.outcome
    terms: dict[str, Any] = {**params, "code": evaluation.code}
    for name, held in outcome.terms.items():
        terms[name] = held(row) if callable(held) else held
    if outcome.value is not None:
        terms["value"] = value_at(outcome.value, row)
    return terms


def fill_text(words: str, terms: dict[str, Any]) -> str:
    """A rule's text with its terms filled in; one that is not known leaves an ellipsis."""
    return words.format_map(_Filling(terms))


def general_advice(rule: Rule, params: Params) -> str:
    """What to do to pass a rule, said of no post in particular: a whole sentence, whatever its fix fills in of a post."""
    held = params.model_dump()
    words = rule.advice or rule.fix
    if terms_in(words) <= {name for name, value in held.items() if value is not None}:
        return fill_text(words, held)
    return _("Do what {code} asks ({name}).", code=rule.code, name=rule.words)


class _Filling(dict[str, Any]):
    """Terms as the words show them, worked out for those alone that stand in them."""

    def __getitem__(self, name: str) -> str:
        return _shown(super().__getitem__(name)) if name in self else "…"


def _shown(value: Any) -> str:
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
        return _clock(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, 6)
    return value if isinstance(value, (bool, int, str)) else str(value)


def _clock(value: dt.date) -> str:
    """A local time as its hour and minute, a day as it is."""
    return f"{value:%H:%M}" if isinstance(value, dt.datetime) else value.isoformat()
