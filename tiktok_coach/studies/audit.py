"""An audit: an export held against rules, with the scores that follow. What the reports show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from tiktok_coach.evidence.changes import Change, ordered, view_effects
from tiktok_coach.ingest.export import Export
from tiktok_coach.posts.account import Account
from tiktok_coach.posts.schema import column
from tiktok_coach.request.asked import Asked, Progress
from tiktok_coach.request.exports import load_settled
from tiktok_coach.request.setting import settle
from tiktok_coach.rules.evaluate import Evaluation, evaluate
from tiktok_coach.rules.findings import supplier
from tiktok_coach.rules.load import CompiledRule, rulebook
from tiktok_coach.rules.outcome import UNKNOWN
from tiktok_coach.rules.scores import TipScore, opportunities, post_scores, tip_scores
from tiktok_coach.rules.subjects import Context
from tiktok_coach.signals.catalogue import load_signals

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Missing:
    """Something that would turn unknown answers into known ones: which rules wait for it."""

    supplier: str
    codes: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Audit:
    """Everything that an audit found, before anyone has decided how to show it."""

    export: Export
    evaluations: tuple[Evaluation, ...]
    tips: tuple[TipScore, ...]
    changes: tuple[Change, ...]
    hurting: tuple[Change, ...]
    scores: pd.DataFrame
    missing: tuple[Missing, ...]

    @property
    def posts(self) -> pd.DataFrame:
        """The posts, a row each, in the order of `scores`."""
        return self.export.posts

    @property
    def account(self) -> Account:
        """The account with most posts."""
        return self.export.accounts[0]

    def period(self) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        """First and last time a post went out; None where no time is known."""
        posted = column(self.posts, "posted_at").dropna()
        return (posted.min(), posted.max()) if len(posted) else None


def audit(asked: Asked, progress: Progress | None = None) -> Audit:
    """How the exports that a user names stand on the rules that hold for them."""
    setting = settle(asked)
    rules = setting.rules
    export = load_settled(asked.inputs, setting, progress)
    return audited(export, rules)


def audited(export: Export, rules: Sequence[CompiledRule]) -> Audit:
    """An export held against rules."""
    context = Context(export.accounts, export.audiences, export.trends)
    evaluations = tuple(evaluate(rules, export.posts, context))
    catalogue = load_signals(rulebook())
    worth, hurting = ordered(opportunities(evaluations), view_effects(export, evaluations, catalogue), catalogue)
    return Audit(
        export,
        evaluations,
        tuple(tip_scores(evaluations)),
        tuple(worth),
        tuple(hurting),
        post_scores(evaluations, len(export.posts)),
        _missing(evaluations),
    )


def _missing(evaluations: Sequence[Evaluation]) -> tuple[Missing, ...]:
    """What would answer the unknown, the most weight first."""
    waiting: dict[str, list[tuple[str, float]]] = {}
    for evaluation in evaluations:
        counts = evaluation.counts
        if counts[UNKNOWN]:
            share = counts[UNKNOWN] / len(evaluation.status)
            waiting.setdefault(supplier(evaluation), []).append(
                (evaluation.code, evaluation.compiled.rule.weight * share)
            )
    found = [
        Missing(name, tuple(code for code, _ in codes), sum(w for _, w in codes)) for name, codes in waiting.items()
    ]
    return tuple(sorted(found, key=lambda m: (-m.weight, m.supplier)))
