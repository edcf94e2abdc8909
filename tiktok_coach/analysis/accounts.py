"""A question asked of every account of an export: how the accounts compare, and the answer for any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tiktok_coach.analysis.session import Analysis
from tiktok_coach.io.reading import Export
from tiktok_coach.stats.account_summaries import AccountSummary

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Accounts(Generic[Answer]):
    """A question asked of every account of an export.

    Attributes
    ----------
    summaries
        How each account does, that with most to gain first; empty where there is one alone.
    answer
        Of the account with most posts, or of all together where it `is_pooled`.
    analysis
        Of all accounts.
    analyze
        Answers for an analysis of one account, as it would for that account alone.
    """

    summaries: tuple[AccountSummary, ...]
    answer: Answer
    analysis: Analysis
    analyze: Callable[[Analysis], Answer]
    is_pooled: bool = False

    @property
    def export(self) -> Export:
        """What was read, of all accounts."""
        return self.analysis.export

    def answers(self, summaries: Sequence[AccountSummary]) -> Iterator[Answer]:
        """The answers for these accounts one after the other; the one answer where there is one account alone."""
        if not self.summaries:
            yield self.answer
        for one in summaries:
            yield self.analyze(self.analysis.for_account(one.account.handle))

    def for_post(self, row: int) -> Answer:
        """The answer for the account that has a post of the export, by the post's position."""
        if not self.summaries:
            return self.answer
        owner = self.export.posts["account"].iloc[row]
        return self.analyze(self.analysis.for_account(owner if isinstance(owner, str) else None))


def by_account(analysis: Analysis, analyze: Callable[[Analysis], Answer], *, pool: bool = False) -> Accounts[Answer]:
    """Ask a question account by account; with `pool` the answer is of all accounts at once."""
    if len(analysis.export.accounts) < 2:
        return Accounts((), analyze(analysis), analysis, analyze)
    summaries = analysis.summaries
    answer = analyze(analysis if pool else analysis.for_account(analysis.account.handle))
    return Accounts(summaries, answer, analysis, analyze, pool)
