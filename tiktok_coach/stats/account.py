"""An export's posts as statistics need them: accounts, covariates, facts, and which posts follow which rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd

from tiktok_coach.core.account import Account, Audience, Trends
from tiktok_coach.core.arrays import take
from tiktok_coach.core.facts import facts_from_frame
from tiktok_coach.core.records import dataclass
from tiktok_coach.ranking.baseline import account_codes
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.kind import FAIL, PASS
from tiktok_coach.rules.load import rulebook
from tiktok_coach.rules.subjects import BestHours, Context, Subjects, no_hours, post_subjects
from tiktok_coach.stats.bands import public_effects
from tiktok_coach.stats.curves import values_of
from tiktok_coach.stats.outcomes import (
    COMPLETION,
    ENGAGEMENT,
    VIEWS,
    Covariates,
    covariates_of,
    days_posted,
    published_mask,
)

# Where neither public posts nor a source tell, an effect is taken to lie within a factor of 2.3 either way, nine
# times in ten.
NO_NUMBER = 0.5
LIFTED = {COMPLETION: ("completion", "playtime"), ENGAGEMENT: ("like", "comment", "share", "save"), VIEWS: ()}


@dataclass(frozen=True)
class Posts:
    """A table of posts with its `subjects`."""

    table: pd.DataFrame
    subjects: Subjects

    @cached_property
    def _codes(self) -> tuple[np.ndarray, Sequence[str]]:
        return account_codes(self.table)

    @property
    def account(self) -> np.ndarray:
        """The number of each post's account among `names`."""
        return self._codes[0]

    @property
    def names(self) -> Sequence[str]:
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
    def days(self) -> np.ndarray:
        """The day of every post on its account's clock, as days since 1970-01-01; NaN where not known."""
        return np.asarray(np.floor(days_posted(self.subjects)))

    def days_of(self, rows: np.ndarray) -> np.ndarray:
        """The `days` of some posts alone, which of very many are worked out sooner than all."""
        facts, labels = self.subjects.facts.take(rows), take(self.subjects.labels, rows)
        return np.asarray(np.floor(days_posted(Subjects("post", facts, labels, self.context))))

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

    def for_account(self, handle: str | None) -> Posts:
        """The posts of one account alone."""
        context, table = self.context.for_account(handle), self.table.iloc[self.of(handle)].reset_index(drop=True)
        return posts_of(table, context.accounts, context.audiences, context.trends)

    def questions(
        self,
        evaluations: Sequence[Evaluation],
        catalogue: Catalogue,
        rows: np.ndarray | slice = slice(None),
        *,
        tips: bool = True,
    ) -> Questions:
        """What answers to rules ask of these posts (`rows` of what was evaluated), and of whole tips with `tips`."""
        # Active hours that are inferred from the posts' own views prove nothing by them.
        active = [self.context.audience(name or None).activity for name in self.names]
        hours_known = np.array([table is not None and len(table) > 0 for table in active], dtype=bool)
        known_mask = hours_known[self.account] if len(hours_known) else np.zeros(len(self.table), dtype=bool)
        causes = [e for e in evaluations if e.compiled.is_cause]
        columns = []
        for evaluation in causes:
            status = evaluation.status[rows]
            answer = np.where(status == PASS, 1.0, np.where(status == FAIL, 0.0, np.nan))
            is_circular = evaluation.compiled.kind.learns_from_views
            columns.append(np.where(known_mask, answer, np.nan) if is_circular else answer)
        codes = [e.code for e in causes]
        names = [e.compiled.rule.words for e in causes]
        fields = [e.compiled.rule.field for e in causes]
        for tip in sorted({e.compiled.tip for e in causes if e.compiled.tip is not None}) if tips else []:
            members = [place for place, e in enumerate(causes) if e.compiled.tip == tip]
            weights = np.array([causes[place].compiled.rule.weight for place in members])
            columns.append(_above_median(np.column_stack([columns[place] for place in members]), weights, self.account))
            codes.append(f"T{tip}")
            names.append(causes[members[0]].compiled.title)
            only = {fields[place] for place in members}
            fields.append(only.pop() if len(only) == 1 else "")
        answers = np.column_stack(columns) if columns else np.zeros((len(self.account), 0))
        is_tip = np.arange(len(codes)) >= len(causes)
        return Questions(tuple(codes), tuple(names), tuple(fields), is_tip, answers, catalogue)


def posts_of(
    posts: pd.DataFrame,
    accounts: tuple[Account, ...],
    audiences: dict[str, Audience],
    trends: Trends | None = None,
    best_hours: BestHours = no_hours,
) -> Posts:
    """A table of posts with its accounts."""
    context = Context(accounts, audiences, trends, best_hours=best_hours)
    return Posts(posts, post_subjects(facts_from_frame(posts), context))


@dataclass(frozen=True)
class Questions:
    """Questions by `codes` (a rule's, or T3 for the whole of tip 3), with the `fields` they are about.

    `answers` (posts x questions) is 1 where a post follows, 0 where not, NaN where that is not known. Separate ones are
    each asked by itself.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    fields: tuple[str, ...]
    tip: np.ndarray
    answers: np.ndarray
    catalogue: Catalogue
    is_separate: bool = False

    @property
    def families(self) -> np.ndarray:
        """The number of each question's family, within which questions are tested beside each other."""
        return np.arange(len(self.codes)) if self.is_separate else self.tip.astype(np.int64)

    def priors(self, outcome: str) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of the logarithm of each question's effect on an outcome of a new account.

        They are those of the public accounts, or where those do not tell, as documented.
        """
        mean, doubt = self.documented_priors(outcome)
        public = public_effects(rulebook(), outcome)
        for place, code in enumerate(self.codes):
            if code in public:
                mean[place], doubt[place] = public[code].log, public[code].doubt
        return mean, doubt

    def documented_priors(self, outcome: str) -> tuple[np.ndarray, np.ndarray]:
        """The same by the documented lifts alone."""
        mean, doubt = np.zeros(len(self.codes)), np.full(len(self.codes), NO_NUMBER)
        for lift in self.catalogue.lifts:
            if lift.rule in self.codes and lift.action in LIFTED[outcome] and lift.factor != 1.0:
                place = self.codes.index(lift.rule)
                mean[place], doubt[place] = np.log(lift.factor), lift.doubt
        return mean, doubt

    def rows(self, rows: np.ndarray) -> Questions:
        """The questions of some posts."""
        return replace(self, answers=self.answers[rows])

    def family(self, *, tips: bool) -> Questions:
        """The questions of whole tips alone, or of rules alone."""
        at = (self.tip == tips).nonzero()[0]
        codes, names, fields = (tuple(texts[c] for c in at) for texts in (self.codes, self.names, self.fields))
        return Questions(codes, names, fields, self.tip[at], self.answers[:, at], self.catalogue)


def weighted_share(answers: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The share (0-1) of the weight of known rules that each post follows, NaN for none; `answers` as in Questions."""
    total = ~np.isnan(answers) @ weights
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, (np.nan_to_num(answers) @ weights) / np.where(total > 0, total, 1), np.nan)


def _above_median(answers: np.ndarray, weights: np.ndarray, account: np.ndarray) -> np.ndarray:
    """1 where a post follows more of a tip than its account's median post, 0 where not, NaN where not known."""
    share = pd.Series(weighted_share(answers, weights))
    median = share.groupby(account).transform("median")
    above = share > median
    # Where the median post follows all of it, the others are those that do not.
    follows = above.where(above.groupby(account).transform("any"), share >= median)
    return follows.astype("float64").where(share.notna()).to_numpy()
