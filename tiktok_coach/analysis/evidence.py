"""Evidence: each tip and rule held against the account's own results. What the reports show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.analysis.accounts import Accounts, by_account
from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.options import AnalysisOptions, Progress
from tiktok_coach.analysis.settings import resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.core.facts import facts_from_frame
from tiktok_coach.io.export import Export
from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.load import CompiledRule, rulebook
from tiktok_coach.rules.subjects import Context
from tiktok_coach.stats.account import posts_of
from tiktok_coach.stats.account_effects import effect_table
from tiktok_coach.stats.curves import Curve, curves, values_of
from tiktok_coach.stats.outcomes import OUTCOMES, outcome_of

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

    def shown(self, outcome: str, handle: str | None) -> pd.DataFrame:
        """The effects on one outcome for one account (None: all together), clear ones first, those without data last."""
        table = self.effects
        own = table["account"].isna() if handle is None else table["account"] == handle
        mine = table[(table["outcome"] == outcome) & own]
        order = pd.DataFrame(
            {"tip": ~mine["tip"], "q": mine["q"].fillna(2.0), "p": mine["p"].fillna(2.0), "code": mine["code"]}
        )
        return mine.loc[order.sort_values(["tip", "q", "p", "code"], kind="stable").index]

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
    """What the exports that a user names say of each tip, account by account; with `pool` of all accounts together, and of each drawn towards them."""
    settings = resolve_settings(options)
    export = load_export(options.inputs, settings, progress)

    def ask(part: Export) -> Evidence:
        return found(part, settings.rules, outcomes=outcomes, rng=np.random.default_rng(seed))

    return by_account(export, settings.rules, ask, together=pool)


def found(
    export: Export, rules: Sequence[CompiledRule], *, outcomes: Sequence[str], rng: np.random.Generator
) -> Evidence:
    """The evidence in an export."""
    posts = posts_of(export.posts, export.accounts, export.audiences)
    context = Context(export.accounts, export.audiences, export.trends)
    asked = posts.asked(evaluate(rules, export.posts, context), load_signals(rulebook()))
    measured = [outcome_of(name, export.posts, posts.account) for name in outcomes]
    told = tuple(o.name for o in measured if np.isfinite(o.value).any())
    table = effect_table(posts, asked, outcomes=told)
    main = export.accounts[0]
    rows = posts.of(main.handle)
    values = {name: value[rows] for name, value in values_of(facts_from_frame(export.posts), context, posts.at).items()}
    drawn = [
        c for o in measured if o.name in told for c in curves(o.rows(rows), posts.at.rows(rows), values, rules, rng)
    ]
    out = int(posts.out.sum())
    return Evidence(
        export,
        main,
        table,
        dict(zip(asked.codes, asked.names, strict=True)),
        tuple(drawn),
        told,
        out,
        len(export.posts) - out,
    )
