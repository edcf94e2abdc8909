"""Evidence: each tip and rule held against the account's own results. What the reports show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.analysis.accounts import Accounts, by_account
from tiktok_coach.analysis.options import AnalysisOptions, Progress
from tiktok_coach.analysis.session import Analysis, open_analysis
from tiktok_coach.core.account import Account
from tiktok_coach.io.export import Export
from tiktok_coach.stats.curves import Curve, curves
from tiktok_coach.stats.outcomes import OUTCOMES

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Evidence:
    """`effects` has a row for each account, outcome and question (see `effect_table`), `names` what each code is called; `curves` are of
    `account`, the one with most posts. `outcomes` are those that any post tells; `posts` how many are out, `left_out` how many are not.
    """

    export: Export
    account: Account
    effects: pd.DataFrame
    names: dict[str, str]
    curves: tuple[Curve, ...]
    outcomes: tuple[str, ...]
    posts: int
    left_out: int

    def effects_on(self, outcome: str, handle: str | None) -> pd.DataFrame:
        """The effects on one outcome for one account (None: all together), clear ones first, those without data last."""
        table = self.effects
        own = table["account"].isna() if handle is None else table["account"] == handle
        rows = table[(table["outcome"] == outcome) & own]
        order = pd.DataFrame(
            {"tip": ~rows["tip"], "q": rows["q"].fillna(2.0), "p": rows["p"].fillna(2.0), "code": rows["code"]}
        )
        return rows.loc[order.sort_values(["tip", "q", "p", "code"], kind="stable").index]

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
    """What the exports that a user names say of each tip, account by account; with `pool` of all accounts together, and of
    each drawn towards them.
    """

    def study(analysis: Analysis) -> Evidence:
        return evidence_of_account(analysis, outcomes=outcomes, seed=seed)

    return by_account(open_analysis(options, progress), study, pool=pool)


def evidence_of_account(analysis: Analysis, *, outcomes: Sequence[str] = OUTCOMES, seed: int = 7) -> Evidence:
    """The evidence in one account's posts; the curves' bands are simulated with `seed`."""
    posts = analysis.posts
    measured = [one for name in outcomes if np.isfinite((one := analysis.outcome(name)).value).any()]
    names = tuple(one.name for one in measured)
    rows = posts.of(analysis.account.handle)
    values = {name: value[rows] for name, value in posts.values.items()}
    at, rules, rng = posts.at.rows(rows), analysis.settings.rules, np.random.default_rng(seed)
    return Evidence(
        analysis.export,
        analysis.account,
        analysis.effects(names),
        dict(zip(analysis.questions.codes, analysis.questions.names, strict=True)),
        tuple(curve for one in measured for curve in curves(one.rows(rows), at, values, rules, rng)),
        names,
        int(posts.out.sum()),
        int((~posts.out).sum()),
    )
