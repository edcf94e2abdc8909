"""Evidence: each tip and rule held against the account's own results. What the reports show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tiktok_coach.analysis.session import Accounts, Analysis, by_account, open_analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress
from tiktok_coach.core.account import Account
from tiktok_coach.core.records import dataclass
from tiktok_coach.io.reading import Export
from tiktok_coach.stats.curves import Curve, curves
from tiktok_coach.stats.outcomes import OUTCOMES

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Evidence:
    """What the posts say of each tip.

    `account` is the one with most posts, of which `curves` are. `effects` has a row for each account, outcome and
    question (see `effect_table`); by the questions' codes `names` has their titles, and `actions` what they ask a
    creator to do. `outcomes` are those known of any post. `posts` are used, and `left_out` are planned or younger than
    a day.
    """

    export: Export
    account: Account
    effects: pd.DataFrame
    names: dict[str, str]
    actions: dict[str, str]
    curves: tuple[Curve, ...]
    outcomes: tuple[str, ...]
    posts: int
    left_out: int

    def effects_on(self, outcome: str, handle: str | None) -> pd.DataFrame:
        """The effects on one outcome for one account (None: all), clear ones first, those without data last."""
        table = self.effects
        own = table["account"].isna() if handle is None else table["account"] == handle
        rows = table[(table["outcome"] == outcome) & own]
        return rows.sort_values(["tip", "q", "p", "code"], ascending=[False, True, True, True])

    @property
    def handle(self) -> str | None:
        """The account as `effects` names it."""
        return self.account.handle if (self.effects["account"] == self.account.handle).any() else None


def evidence(
    options: AnalysisOptions,
    *,
    outcomes: Sequence[str] = OUTCOMES,
    pool: bool = False,
    seed: int = 7,
    progress: Progress | None = None,
) -> Accounts[Evidence]:
    """The evidence in a user's exports, account by account; with `pool` of all together, each shrunk towards it."""
    analysis = open_analysis(options, progress)
    return by_account(analysis, lambda one: evidence_of_account(one, outcomes=outcomes, seed=seed), pool=pool)


def evidence_of_account(analysis: Analysis, *, outcomes: Sequence[str] = OUTCOMES, seed: int = 7) -> Evidence:
    """The evidence in one account's posts; the curves' bands are simulated with `seed`."""
    posts = analysis.posts
    measured = [one for name in outcomes if np.isfinite((one := analysis.outcome(name)).value).any()]
    names = tuple(one.name for one in measured)
    rows = posts.of(analysis.account.handle)
    values = {name: value[rows] for name, value in posts.values.items()}
    at, rules, rng = posts.at.rows(rows), analysis.settings.rules, np.random.default_rng(seed)
    curves_of_outcomes = tuple(curve for one in measured for curve in curves(one.rows(rows), at, values, rules, rng))
    effects, used = analysis.effects(names), int(posts.out.sum())
    titles = dict(zip(analysis.questions.codes, analysis.questions.names, strict=True))
    return Evidence(
        export=analysis.export,
        account=analysis.account,
        effects=effects,
        names=titles,
        actions=titles | {rule.code: rule.rule.do for rule in rules},
        curves=curves_of_outcomes,
        outcomes=names,
        posts=used,
        left_out=len(posts.out) - used,
    )
