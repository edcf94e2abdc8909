"""A study of every account of an export: how the accounts stand beside each other, and the answer for any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tiktok_coach.analysis.session import Analysis
from tiktok_coach.io.export import Export
from tiktok_coach.stats.account_summaries import AccountSummary

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Accounts(Generic[Answer]):
    """Every account of an export: how each does, that with most to gain first (none where there is one alone), and the `answer` of
    the one with most posts, or of all together where `together` is set.

    `study` answers for an analysis of one account, as it would for that account alone.
    """

    standings: tuple[AccountSummary, ...]
    answer: Answer
    analysis: Analysis
    study: Callable[[Analysis], Answer]
    together: bool = False

    @property
    def export(self) -> Export:
        """What was read, of all accounts."""
        return self.analysis.export

    def each(self, standings: Sequence[AccountSummary]) -> Iterator[Answer]:
        """The answers for these accounts one after the other; the one answer where there is one account alone."""
        if not self.standings:
            yield self.answer
        for one in standings:
            yield self.study(self.analysis.for_account(one.account.handle))

    def owning(self, row: int) -> Answer:
        """The answer for the account that has a post of the export, by the post's position."""
        if not self.standings:
            return self.answer
        owner = self.export.posts["account"].iloc[row]
        return self.study(self.analysis.for_account(owner if isinstance(owner, str) else None))


def by_account(analysis: Analysis, study: Callable[[Analysis], Answer], *, together: bool = False) -> Accounts[Answer]:
    """A study account by account; with `together` the answer is of all accounts at once."""
    if len(analysis.export.accounts) < 2:
        return Accounts((), study(analysis), analysis, study)
    summaries = analysis.summaries
    answer = study(analysis if together else analysis.for_account(analysis.account.handle))
    return Accounts(summaries, answer, analysis, study, together)
