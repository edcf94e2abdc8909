"""An audit: an export held against rules, with the scores that follow. What the reports show."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from tiktok_coach.analysis.follow_up import AccountFollowUp, follow_up_remembered
from tiktok_coach.analysis.session import Accounts, Analysis, by_account, open_analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import column
from tiktok_coach.io.reading import Export
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.findings import MissingInput, TipScore, missing_inputs, opportunities, tip_scores
from tiktok_coach.stats.account_effects import Change, effects_by_account, ordered
from tiktok_coach.stats.benchmarks import RatePlace

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Audit:
    """Everything that an audit found, before anyone has decided how to show it.

    `follow_up` is what became of the advice that an earlier audit kept.
    """

    export: Export
    evaluations: tuple[Evaluation, ...]
    tips: tuple[TipScore, ...]
    changes: tuple[Change, ...]
    hurting: tuple[Change, ...]
    scores: pd.DataFrame
    missing: tuple[MissingInput, ...]
    rates: tuple[RatePlace, ...]
    follow_up: AccountFollowUp | None = None

    @property
    def posts(self) -> pd.DataFrame:
        """The posts, a row each, in the order of `scores`."""
        return self.export.posts

    @property
    def account(self) -> Account:
        """The account with most posts."""
        return self.export.accounts[0]

    @property
    def is_out(self) -> pd.Series:
        """Which of the posts are published, rather than planned."""
        return column(self.posts, "status").fillna("published") != "planned"

    def period(self) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        """First and last time a post went out; None where no time is known."""
        posted = column(self.posts, "posted_at")[self.is_out].dropna()
        return (posted.min(), posted.max()) if len(posted) else None


def audit(options: AnalysisOptions, progress: Progress | None = None) -> Accounts[Audit]:
    """How the exports that a user names do by the rules that are chosen, account by account."""
    return by_account(open_analysis(options, progress), audit_account)


def audit_account(analysis: Analysis) -> Audit:
    """How one account does by the rules that are chosen."""
    effects = analysis.view_effects
    together = effects["account"].isna()
    parts = effects_by_account(effects[together] if together.any() else effects)
    own = {code: effect for of_one in parts.values() for code, effect in of_one.items()}
    evaluations = analysis.evaluations
    changes, hurting = map(tuple, ordered(opportunities(evaluations), own, analysis.catalogue))
    tips, missing = tuple(tip_scores(evaluations)), missing_inputs(evaluations)
    [rates] = analysis.rate_places
    follow_up = follow_up_remembered(analysis)
    return Audit(analysis.export, evaluations, tips, changes, hurting, analysis.scores, missing, rates, follow_up)
