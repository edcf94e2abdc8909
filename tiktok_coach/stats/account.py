"""Everything that evidence asks of posts at once: whose each is, its circumstances, and what it answers to the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.core.account import Account, Audience
from tiktok_coach.ranking.baseline import account_codes
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.subjects import Context
from tiktok_coach.stats.covariates import Covariates, covariates_of
from tiktok_coach.stats.outcomes import published_mask
from tiktok_coach.stats.questions import Questions, build_questions


@dataclass(frozen=True)
class Posts:
    """Posts with what evidence needs of them: `account` numbers whose each is among `names`, `at` are their circumstances."""

    table: pd.DataFrame
    context: Context
    account: np.ndarray
    names: tuple[str, ...]
    at: Covariates

    @property
    def out(self) -> np.ndarray:
        """Which are published, and a day old or more."""
        return published_mask(self.table)

    def of(self, handle: str | None) -> np.ndarray:
        """The places of one account's posts."""
        if len(self.names) <= 1:
            return np.arange(len(self.table))
        number = self.names.index(handle or "") if (handle or "") in self.names else -1
        return np.asarray((self.account == number).nonzero()[0])

    def asked(self, evaluations: Sequence[Evaluation], catalogue: Catalogue, *, tips: bool = True) -> Questions:
        """The questions that answers of rules put to these posts."""
        told = np.array([_tells(self.context.audience(name or None)) for name in self.names], dtype=bool)
        hours = told[self.account] if len(told) else np.zeros(len(self.table), dtype=bool)
        return build_questions(evaluations, catalogue, self.account, hours, tips=tips)


def posts_of(posts: pd.DataFrame, accounts: tuple[Account, ...], audiences: dict[str, Audience]) -> Posts:
    """Posts of an export, with their accounts."""
    context = Context(accounts, audiences)
    account, names = account_codes(posts)
    return Posts(posts, context, account, tuple(names), covariates_of(posts, context))


def _tells(audience: Audience) -> bool:
    return audience.activity is not None and len(audience.activity) > 0
