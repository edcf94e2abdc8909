"""Runs compiled rules over posts. What comes out stays in columns: a status a subject, words only when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from tiktok_coach.core.arrays import is_in, text_array
from tiktok_coach.core.facts import Array, Facts, facts_from_columns, facts_from_frame
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.rules.outcome import NOT_APPLICABLE, Outcome, counts, same_status
from tiktok_coach.rules.periods import account_subjects, day_subjects, month_subjects
from tiktok_coach.rules.subjects import Context, Subjects, post_subjects, text_equals

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Evaluation:
    """What one rule says of every subject of its scope."""

    compiled: CompiledRule
    subjects: Subjects
    outcome: Outcome

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.compiled.code

    @property
    def status(self) -> np.ndarray:
        """Statuses of the subjects, in their order: 0 pass, 1 fail, 2 unknown, 3 not applicable."""
        return self.outcome.status

    @cached_property
    def counts(self) -> np.ndarray:
        """How many subjects pass, fail, are unknown, and are not applicable."""
        return counts(self.status)


def evaluate(rules: Sequence[CompiledRule], posts: pd.DataFrame | Facts, context: Context) -> list[Evaluation]:
    """Every rule over `posts`, in the order of the rules."""
    facts = posts if isinstance(posts, Facts) else facts_from_frame(posts)
    scopes = {"post": post_subjects(facts, context)}
    periods = {"day": day_subjects, "month": month_subjects, "account": account_subjects}
    # A post that says nothing of it is out already, as every export's posts are.
    planned = text_equals(facts.column_or_null("status"), "planned")
    held = {
        name for name, any_ in (("planned", planned.any()), ("published", not planned.all() or not len(facts))) if any_
    }
    results = []
    for compiled in rules:
        scope = compiled.rule.scope
        if scope != "post" and not held & set(compiled.rule.applies_to):
            results.append(
                _not_applicable(compiled, Subjects(scope, facts_from_columns({}, 0), text_array([]), context, {}))
            )
            continue
        if scope not in scopes:
            scopes[scope] = periods[scope](scopes["post"])
        results.append(_evaluated(compiled, scopes[scope]))
    # What rules shared is needed no more: findings ask anew for the little that they show.
    for subjects in scopes.values():
        subjects.clear_cache()
    return results


def _evaluated(compiled: CompiledRule, subjects: Subjects) -> Evaluation:
    outside = _outside(compiled, subjects)
    if outside is not None and outside.all():
        return _not_applicable(compiled, subjects)
    outcome = compiled.kind.evaluate(subjects, compiled.rule.field, compiled.params)
    if outside is not None and outside.any():
        status = np.where(outside, np.int8(NOT_APPLICABLE), outcome.status)
        outcome = replace(outcome, status=status)
    return Evaluation(compiled, subjects, outcome)


def _not_applicable(compiled: CompiledRule, subjects: Subjects) -> Evaluation:
    return Evaluation(compiled, subjects, Outcome(same_status(NOT_APPLICABLE, len(subjects))))


def _outside(compiled: CompiledRule, subjects: Subjects) -> np.ndarray | None:
    """The subjects to which a rule does not apply; where that is not known, it applies."""
    rule = compiled.rule
    outside: np.ndarray | None = None
    if len(set(rule.applies_to)) == 1 and rule.scope == "post":
        planned = subjects.cached("planned", lambda: text_equals(subjects.column_or_null("status"), "planned"))
        outside = planned if rule.applies_to[0] == "published" else ~planned
    posted = subjects.column("posted_at")
    if rule.since is not None and posted is not None:
        before = posted < np.datetime64(rule.since)
        outside = before if outside is None else outside | before
    for conditions, wanted in ((rule.when, True), (rule.unless, False)):
        for name, value in conditions.items():
            held = subjects.column(name)
            # Where nothing says that the condition holds, a rule for a special kind of post waits for that.
            met = np.zeros(len(subjects), dtype=bool) if held is None else _met(subjects, name, held, _listed(value))
            excluded = ~met if wanted else met
            outside = excluded if outside is None else outside | excluded
    return outside


def _met(subjects: Subjects, name: str, held: Array, values: list[Any]) -> np.ndarray:
    return subjects.cached(f"{name} is {values}", lambda: _is_in(held, values))


def _is_in(array: Array, values: list[Any]) -> np.ndarray:
    if isinstance(array, pa.Array):
        return is_in(array, [str(v) for v in values])
    return np.isin(array, [float(v) for v in values])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
