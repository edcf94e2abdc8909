"""An audit: an export held against rules, with the scores that follow. What the reports show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from tiktok_coach.analysis.accounts import Accounts, by_account
from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.options import AnalysisOptions, Progress
from tiktok_coach.analysis.settings import resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import column
from tiktok_coach.io.export import Export
from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.rules.evaluate import Evaluation, evaluate
from tiktok_coach.rules.load import CompiledRule, rulebook
from tiktok_coach.rules.missing_inputs import MissingInput, missing_inputs
from tiktok_coach.rules.scores import TipScore, opportunities, post_scores, rule_counts, tip_scores
from tiktok_coach.rules.subjects import Context
from tiktok_coach.stats.changes import Change, ordered, view_effects

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Audit:
    """Everything that an audit found, before anyone has decided how to show it."""

    export: Export
    evaluations: tuple[Evaluation, ...]
    tips: tuple[TipScore, ...]
    changes: tuple[Change, ...]
    hurting: tuple[Change, ...]
    scores: pd.DataFrame
    missing: tuple[MissingInput, ...]

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


def audit(options: AnalysisOptions, progress: Progress | None = None) -> Accounts[Audit]:
    """How the exports that a user names stand on the rules that hold for them, account by account."""
    settings = resolve_settings(options)
    rules = settings.rules
    return by_account(load_export(options.inputs, settings, progress), rules, lambda export: audited(export, rules))


def audited(export: Export, rules: Sequence[CompiledRule]) -> Audit:
    """An export of one account held against rules."""
    evaluations = tuple(evaluate(rules, export.posts, Context(export.accounts, export.audiences, export.trends)))
    catalogue = load_signals(rulebook())
    answers = rule_counts(evaluations)
    effects = view_effects(export, evaluations, catalogue)
    together = effects["account"].isna()
    effects = (effects[together] if together.any() else effects).set_index("code")
    worth, hurting = ordered(opportunities(answers), effects, catalogue)
    return Audit(
        export,
        evaluations,
        tuple(tip_scores(answers)),
        tuple(worth),
        tuple(hurting),
        post_scores(evaluations, len(export.posts)),
        missing_inputs(answers),
    )
