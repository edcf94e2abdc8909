"""A question asked of every account of an export: how the accounts stand beside each other, and the answer for any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from tiktok_coach.analysis.exports import of_account
from tiktok_coach.io.export import Export
from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.ranking.outlook import load_outlook
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.load import CompiledRule, rulebook
from tiktok_coach.rules.scores import post_scores
from tiktok_coach.rules.subjects import Context
from tiktok_coach.stats.account_summaries import Standing, standings
from tiktok_coach.stats.changes import view_effects

# What the ranks of accounts are drawn with; the same files give the same bytes.
SEED = 0

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Accounts(Generic[Answer]):
    """Every account of an export: how each stands, that with most to gain first (none where there is one alone), and the `answer` of the one with most posts, or of all together.

    `ask` answers for an export of one account, as it would for that account alone; `together` says that the answer is of all accounts.
    """

    standings: tuple[Standing, ...]
    answer: Answer
    export: Export
    ask: Callable[[Export], Answer]
    together: bool = False

    def each(self, standings: Sequence[Standing]) -> Iterator[Answer]:
        """The answers for these accounts one after the other; the one answer where there is one account alone."""
        if not self.standings:
            yield self.answer
        for one in standings:
            yield self.ask(of_account(self.export, one.account.handle))

    def owning(self, row: int) -> Answer:
        """The answer for the account that has a post of the export, by the post's position."""
        if not self.standings:
            return self.answer
        owner = self.export.posts["account"].iloc[row]
        return self.ask(of_account(self.export, owner if isinstance(owner, str) else None))


def by_account(
    export: Export, rules: Sequence[CompiledRule], ask: Callable[[Export], Answer], *, together: bool = False
) -> Accounts[Answer]:
    """A question asked account by account; `together` it is first asked of all accounts at once."""
    if len(export.accounts) < 2:
        return Accounts((), ask(export), export, ask)
    first = export if together else of_account(export, export.accounts[0].handle)
    return Accounts(_standings(export, rules), ask(first), export, ask, together)


def _standings(export: Export, rules: Sequence[CompiledRule]) -> tuple[Standing, ...]:
    evaluations = evaluate(rules, export.posts, Context(export.accounts, export.audiences, export.trends))
    catalogue = load_signals(rulebook())
    effects = view_effects(export, evaluations, catalogue)
    scores = post_scores(evaluations, len(export.posts))
    rng = np.random.default_rng(SEED)
    return standings(export, evaluations, scores, effects, catalogue, load_outlook(rulebook()), rng)
