"""Evidence: each tip and rule held against the account's own results. What the reports show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.evidence.account import posts_of
from tiktok_coach.evidence.accounts import effect_table
from tiktok_coach.evidence.curves import Curve, curves, values_of
from tiktok_coach.evidence.outcomes import OUTCOMES, outcome_of
from tiktok_coach.ingest.export import Export
from tiktok_coach.posts.account import Account
from tiktok_coach.posts.facts import frame_facts
from tiktok_coach.request.accounts import Accounts, by_account
from tiktok_coach.request.asked import Asked, Progress
from tiktok_coach.request.exports import load_settled
from tiktok_coach.request.setting import settle
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.load import CompiledRule, rulebook
from tiktok_coach.rules.subjects import Context
from tiktok_coach.signals.catalogue import load_signals

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
        order = pd.DataFrame({"tip": ~mine["tip"], "q": mine["q"].fillna(2.0), "p": mine["p"].fillna(2.0), "code": mine["code"]})  # fmt: skip
        return mine.loc[order.sort_values(["tip", "q", "p", "code"], kind="stable").index]

    @property
    def handle(self) -> str | None:
        """The account as `effects` names it."""
        return self.account.handle if (self.effects["account"] == self.account.handle).any() else None


def evidence(
    asked: Asked,
    *,
    outcomes: Sequence[str] = OUTCOMES,
    pool: bool = False,
    seed: int = 7,
    progress: Progress | None = None,
) -> Accounts[Evidence]:
    """What the exports that a user names say of each tip, account by account; with `pool` of all accounts together, and of each drawn towards them."""
    setting = settle(asked)
    export = load_settled(asked.inputs, setting, progress)

    def ask(part: Export) -> Evidence:
        return found(part, setting.rules, outcomes=outcomes, rng=np.random.default_rng(seed))

    return by_account(export, setting.rules, ask, together=pool)


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
    values = {name: value[rows] for name, value in values_of(frame_facts(export.posts), context, posts.at).items()}
    drawn = [c for o in measured if o.name in told for c in curves(o.rows(rows), posts.at.rows(rows), values, rules, rng)]  # fmt: skip
    out = int(posts.out.sum())
    return Evidence(export, main, table, dict(zip(asked.codes, asked.names, strict=True)), tuple(drawn), told, out, len(export.posts) - out)  # fmt: skip
