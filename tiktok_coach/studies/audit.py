"""An audit: an export held against rules, with the scores that follow. What the reports show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.evidence.changes import Change, ordered, view_effects
from tiktok_coach.evidence.standings import Standing, standings
from tiktok_coach.ingest.export import Export
from tiktok_coach.posts.account import Account
from tiktok_coach.posts.schema import column
from tiktok_coach.request.asked import Asked, Progress
from tiktok_coach.request.exports import load_settled, of_account
from tiktok_coach.request.setting import settle
from tiktok_coach.rules.evaluate import Evaluation, evaluate
from tiktok_coach.rules.lacking import Missing, missing
from tiktok_coach.rules.load import CompiledRule, rulebook
from tiktok_coach.rules.scores import TipScore, counted, opportunities, post_scores, tip_scores
from tiktok_coach.rules.subjects import Context
from tiktok_coach.signals.catalogue import load_signals

SCHEMA_VERSION = "1"
# What the ranks of accounts are drawn with; the same files give the same bytes.
SEED = 0


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


@dataclass(frozen=True)
class Audits:
    """Every account of an export: how each stands, that with most to gain first (none where there is one alone), and the audit of the one with most posts."""

    standings: tuple[Standing, ...]
    chosen: Audit
    export: Export
    rules: Sequence[CompiledRule]

    def each(self, handles: Sequence[str | None]) -> Iterator[Audit]:
        """The audit of every account of these that has a name; of the one where there is one alone."""
        if not self.standings:
            yield self.chosen
        for handle in filter(None, handles):
            yield audited(of_account(self.export, handle), self.rules)


def audit(asked: Asked, progress: Progress | None = None) -> Audits:
    """How the exports that a user names stand on the rules that hold for them, account by account."""
    setting = settle(asked)
    rules = setting.rules
    export = load_settled(asked.inputs, setting, progress)
    if len(export.accounts) < 2:
        return Audits((), audited(export, rules), export, rules)
    return Audits(_standings(export, rules), audited(_most(export), rules), export, rules)


def _most(export: Export) -> Export:
    """The export of the account with most posts that has a name; as it is where none has."""
    named = next((a.handle for a in export.accounts if a.handle), None)
    return of_account(export, named) if named else export


def audited(export: Export, rules: Sequence[CompiledRule]) -> Audit:
    """An export of one account held against rules."""
    evaluations = tuple(evaluate(rules, export.posts, Context(export.accounts, export.audiences, export.trends)))
    catalogue = load_signals(rulebook())
    answers = counted(evaluations)
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
        missing(answers),
    )


def _standings(export: Export, rules: Sequence[CompiledRule]) -> tuple[Standing, ...]:
    evaluations = evaluate(rules, export.posts, Context(export.accounts, export.audiences, export.trends))
    catalogue = load_signals(rulebook())
    effects = view_effects(export, evaluations, catalogue)
    scores = post_scores(evaluations, len(export.posts))
    return standings(export, evaluations, scores, effects, catalogue, np.random.default_rng(SEED))
