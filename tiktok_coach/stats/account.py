"""An export's posts as statistics need them: account, covariates, outcomes, and facts that curves run along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from tiktok_coach.core.account import Account, Audience
from tiktok_coach.core.facts import facts_from_frame
from tiktok_coach.core.trends import Trends
from tiktok_coach.ranking.baseline import account_codes
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.subjects import Context, Subjects, post_subjects
from tiktok_coach.stats.covariates import Covariates, covariates_of
from tiktok_coach.stats.curves import values_of
from tiktok_coach.stats.outcomes import published_mask
from tiktok_coach.stats.questions import Questions, build_questions


@dataclass(frozen=True)
class Posts:
    """A table of posts with its `subjects`."""

    table: pd.DataFrame
    subjects: Subjects

    @cached_property
    def _codes(self) -> tuple[np.ndarray, tuple[str, ...]]:
        codes, names = account_codes(self.table)
        return codes, tuple(names)

    @property
    def account(self) -> np.ndarray:
        """The number of each post's account among `names`."""
        return self._codes[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The handles of the posts' accounts, '' for those of posts that tell none."""
        return self._codes[1]

    @property
    def context(self) -> Context:
        """Whose posts they are, and what is known beside them."""
        return self.subjects.context

    @cached_property
    def at(self) -> Covariates:
        """The covariates of every post."""
        return covariates_of(self.table, self.subjects)

    @cached_property
    def values(self) -> dict[str, np.ndarray]:
        """By name of a fact its value for every post, NaN where it is not known."""
        return values_of(self.subjects, self.at)

    @cached_property
    def out(self) -> np.ndarray:
        """Which posts are published, and a day old or more."""
        return published_mask(self.table)

    def of(self, handle: str | None) -> np.ndarray:
        """The row numbers of one account's posts."""
        if len(self.names) <= 1:
            return np.arange(len(self.table))
        number = self.names.index(handle or "") if (handle or "") in self.names else -1
        return np.asarray((self.account == number).nonzero()[0])

    def questions(
        self,
        evaluations: Sequence[Evaluation],
        catalogue: Catalogue,
        rows: np.ndarray | slice = slice(None),
        *,
        tips: bool = True,
    ) -> Questions:
        """What the answers to rules ask of these posts, of whole tips too unless `tips` is off; they are in `rows` of
        what was evaluated.
        """
        active = [self.context.audience(name or None).activity for name in self.names]
        hours_known = np.array([table is not None and len(table) > 0 for table in active], dtype=bool)
        known_mask = hours_known[self.account] if len(hours_known) else np.zeros(len(self.table), dtype=bool)
        return build_questions(evaluations, catalogue, self.account, known_mask, rows, tips=tips)


def posts_of(
    posts: pd.DataFrame, accounts: tuple[Account, ...], audiences: dict[str, Audience], trends: Trends | None = None
) -> Posts:
    """A table of posts with its accounts."""
    return Posts(posts, post_subjects(facts_from_frame(posts), Context(accounts, audiences, trends)))
