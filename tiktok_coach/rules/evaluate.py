"""Runs compiled rules over posts. What comes out stays in columns: a status a subject, words only when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from tiktok_coach.core.arrays import is_in, text_array
from tiktok_coach.core.facts import Array, Facts, facts_from_columns, facts_from_frame
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.rules.outcome import NOT_APPLICABLE, Outcome, all_unknown, counts, same_status
from tiktok_coach.rules.periods import account_subjects, day_subjects, month_subjects
from tiktok_coach.rules.subjects import Context, Subjects, post_subjects, text_equals

if TYPE_CHECKING:
    import pandas as pd


PERIODS = {"day": day_subjects, "month": month_subjects, "account": account_subjects}


@dataclass(frozen=True)
class Evaluation:
    """The answers of one rule for every subject of its scope."""

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

    @cached_property
    def missing_input(self) -> str | None:
        """What would turn its unknown answers into known ones, where that is not simply the rule's field."""
        kind, name = self.compiled.kind, self.compiled.rule.field
        if kind.missing_input is None or (kind.needs_field and self.subjects.column(name) is None):
            return None
        return kind.missing_input(self.subjects, name, self.compiled.params)

    def for_account(self, account_rows: np.ndarray, handle: str | None) -> Evaluation:
        """The answers for one account, the same as an evaluation of its posts alone gives.

        Parameters
        ----------
        account_rows : positions of the account's posts among all that were evaluated, in ascending order.
        handle : the account's handle, None for posts that name no account.
        """
        posts = self.subjects.posts
        if len(posts.context.accounts) == 1 and len(account_rows) == len(posts):
            return self
        account_posts, _rows = posts.for_account(handle, account_rows)
        if not _is_about(self.compiled, account_posts):
            return _empty(self.compiled, account_posts)
        subjects, rows = self.subjects.for_account(handle, account_rows)
        return Evaluation(self.compiled, subjects, self.outcome.rows(rows, account_rows))


def evaluate(
    rules: Sequence[CompiledRule], posts: pd.DataFrame | Facts | Subjects, context: Context | None = None
) -> list[Evaluation]:
    """The answers of every rule, in the order of the rules.

    Parameters
    ----------
    posts : a table of posts, or subjects made by `post_subjects`, which keep what the rules derive from the posts for
        a later evaluation of other rules.
    context : what is known beside the posts; subjects have their own.
    """
    if isinstance(posts, Subjects):
        return [_evaluated(compiled, posts) for compiled in rules]
    facts = posts if isinstance(posts, Facts) else facts_from_frame(posts)
    subjects = post_subjects(facts, context or Context())
    evaluations = [_evaluated(compiled, subjects) for compiled in rules]
    # What rules shared is needed no more: findings derive anew the little that they show.
    for evaluation in evaluations:
        evaluation.subjects.clear_cache()
    subjects.clear_cache()
    return evaluations


def _evaluated(compiled: CompiledRule, posts: Subjects) -> Evaluation:
    scope = compiled.rule.scope
    if not _is_about(compiled, posts):
        return _empty(compiled, posts)
    subjects = posts if scope == "post" else posts.cached(f"{scope} subjects", lambda: PERIODS[scope](posts))
    outside = _outside(compiled, subjects)
    if outside is not None and outside.all():
        return Evaluation(compiled, subjects, Outcome(same_status(NOT_APPLICABLE, len(subjects))))
    kind, name = compiled.kind, compiled.rule.field
    if kind.needs_field and subjects.column(name) is None:
        outcome = all_unknown(len(subjects))
    else:
        outcome = kind.evaluate(subjects, name, compiled.params)
    if outside is not None and outside.any():
        outcome = replace(outcome, status=np.where(outside, np.int8(NOT_APPLICABLE), outcome.status))
    return Evaluation(compiled, subjects, outcome)


def _is_about(compiled: CompiledRule, posts: Subjects) -> bool:
    """Whether a rule has any subjects: one about periods or accounts needs posts of the states it applies to."""
    if compiled.rule.scope == "post":
        return True
    planned = _planned(posts)
    states = [("planned", planned.any()), ("published", not planned.all() or not len(posts))]
    return any(state in compiled.rule.applies_to for state, exists in states if exists)


def _planned(posts: Subjects) -> np.ndarray:
    """Which posts are planned. One that says nothing of it is out already, as every export's posts are."""
    return posts.cached("planned", lambda: text_equals(posts.column_or_null("status"), "planned"))


def _empty(compiled: CompiledRule, posts: Subjects) -> Evaluation:
    subjects = Subjects(compiled.rule.scope, facts_from_columns({}, 0), text_array([]), posts.context, posts=posts)
    return Evaluation(compiled, subjects, Outcome(same_status(NOT_APPLICABLE, 0)))


def _outside(compiled: CompiledRule, subjects: Subjects) -> np.ndarray | None:
    """The subjects to which a rule does not apply; where that is not known, it applies."""
    rule = compiled.rule
    masks: list[np.ndarray] = []
    if len(set(rule.applies_to)) == 1 and rule.scope == "post":
        masks.append(_planned(subjects) if rule.applies_to[0] == "published" else ~_planned(subjects))
    posted = subjects.column("posted_at")
    if rule.since is not None and posted is not None:
        masks.append(posted < np.datetime64(rule.since))
    for conditions, is_required in ((rule.when, True), (rule.unless, False)):
        for name, value in conditions.items():
            # Where nothing says that the condition holds, a rule for a special kind of post waits for that.
            is_met = subjects.cached(f"{name} is {value}", partial(_is_one_of, subjects.column(name), value))
            masks.append(~is_met if is_required else is_met)
    return np.logical_or.reduce(np.broadcast_arrays(*masks, np.zeros(len(subjects), dtype=bool))) if masks else None


def _is_one_of(array: Array | None, value: Any) -> np.ndarray:
    values = value if isinstance(value, list) else [value]
    if array is None:
        return np.zeros(1, dtype=bool)
    if isinstance(array, pa.Array):
        return is_in(array, [str(v) for v in values])
    return np.isin(array, [float(v) for v in values])
