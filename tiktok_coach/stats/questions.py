"""Which posts follow each rule and each whole tip, as the columns whose effects are estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.outcome import FAIL, PASS
from tiktok_coach.stats.outcomes import COMPLETION, ENGAGEMENT, VIEWS

# Where no source gives a number, an effect is taken to lie within a factor of 2.3 either way, nine times in ten.
NO_NUMBER = 0.5
LIFTED = {COMPLETION: ("completion", "playtime"), ENGAGEMENT: ("like", "comment", "share", "save"), VIEWS: ()}


@dataclass(frozen=True)
class Questions:
    """Questions by `codes` (a rule's, or T3 for the whole of tip 3), with the `fields` they are about.

    `answers` (posts x questions) is 1 where a post follows, 0 where not, NaN where that is not known.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    fields: tuple[str, ...]
    tip: np.ndarray
    answers: np.ndarray
    catalogue: Catalogue

    def priors(self, outcome: str) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of the logarithm of each question's effect on an outcome, as documented."""
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
        columns = (self.tip == tips).nonzero()[0]
        codes, names, fields = (tuple(texts[c] for c in columns) for texts in (self.codes, self.names, self.fields))
        return replace(
            self, codes=codes, names=names, fields=fields, tip=self.tip[columns], answers=self.answers[:, columns]
        )


def build_questions(
    evaluations: Sequence[Evaluation],
    catalogue: Catalogue,
    account: np.ndarray,
    hours_known: np.ndarray,
    rows: np.ndarray | slice = slice(None),
    *,
    tips: bool = True,
) -> Questions:
    """Returns the questions that the answers to rules ask of the posts in `rows` of what was evaluated.

    Parameters
    ----------
    evaluations : answers of rules to all posts
    catalogue : what is documented of the rules' effects
    account : the number of each post's account, of those in `rows`
    hours_known : whether the followers' activity tells the active hours of each post's account: inferred from the
        posts' own views, they prove nothing by them
    rows : row numbers of the posts that are asked about
    tips : whether to ask of whole tips too
    """
    causes = [e for e in evaluations if e.compiled.is_cause]
    columns = []
    for evaluation in causes:
        status = evaluation.status[rows]
        answer = np.where(status == PASS, 1.0, np.where(status == FAIL, 0.0, np.nan))
        columns.append(np.where(hours_known, answer, np.nan) if evaluation.compiled.kind.learns_from_views else answer)
    codes = [e.code for e in causes]
    names = [e.compiled.rule.words for e in causes]
    fields = [e.compiled.rule.field for e in causes]
    numbers = sorted({e.compiled.tip for e in causes if e.compiled.tip is not None}) if tips else []
    for tip in numbers:
        members = [place for place, e in enumerate(causes) if e.compiled.tip == tip]
        weights = np.array([causes[place].compiled.rule.weight for place in members])
        columns.append(_above_median(np.column_stack([columns[place] for place in members]), weights, account))
        codes.append(f"T{tip}")
        names.append(causes[members[0]].compiled.title)
        only = {fields[place] for place in members}
        fields.append(only.pop() if len(only) == 1 else "")
    answers = np.column_stack(columns) if columns else np.zeros((len(account), 0))
    is_tip = np.arange(len(codes)) >= len(causes)
    return Questions(tuple(codes), tuple(names), tuple(fields), is_tip, answers, catalogue)


def weighted_share(answers: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The share (0-1) of the weight of the rules known of each post that it follows; NaN where none is known.

    Parameters
    ----------
    answers : n x r: 1 where a post follows a rule, 0 where not, NaN where that is not known
    weights : r, the weights of the rules
    """
    total = ~np.isnan(answers) @ weights
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, (np.nan_to_num(answers) @ weights) / np.where(total > 0, total, 1), np.nan)


def _above_median(answers: np.ndarray, weights: np.ndarray, account: np.ndarray) -> np.ndarray:
    """1 where a post follows more of a tip than its account's median post, 0 where not, NaN where not known."""
    share = weighted_share(answers, weights)
    result = np.full(len(share), np.nan)
    order = np.argsort(account, kind="stable")
    starts = np.flatnonzero(np.diff(account[order], prepend=-1))
    for group in np.split(order, starts[1:]) if len(order) else []:
        rows = group[~np.isnan(share[group])]
        if len(rows):
            median = float(np.median(share[rows]))
            above = share[rows] > median
            # Where the median post follows all of it, the others are those that do not.
            result[rows] = above if above.any() else share[rows] >= median
    return result
