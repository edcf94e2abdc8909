"""What is known beside a calendar: the account's published posts, and trends."""

from __future__ import annotations

import datetime as dt
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tiktok_coach.analysis.settings import Progress, Settings
from tiktok_coach.core.account import Account, Trends
from tiktok_coach.core.facts import Facts, facts_from_frame
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import planned_mask
from tiktok_coach.io.reading import Export

if TYPE_CHECKING:
    from tiktok_coach.rules.subjects import BestHours

# Accounts with their timezones, and the day on which they are asked about.
Clocks = tuple[tuple[Account, ...], dt.date]


@dataclass(frozen=True)
class Beside:
    """Published posts, where there are any, and trends that come without them.

    What lint works out of them is kept, as an editor lints a plan beside the same ones after every key.
    """

    history: Export | None = None
    trends: Trends | None = None
    _hours: dict[Clocks, BestHours] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def published(self) -> Facts:
        """The posts that are out, as rules read them; there must be a history."""
        assert self.history is not None
        return facts_from_frame(self.history.posts[~planned_mask(self.history.posts)])

    def best_hours(self, accounts: tuple[Account, ...], settings: Settings) -> BestHours:
        """The hours at which posts of the history did best, on the clocks of `accounts`; there must be a history."""
        assert self.history is not None
        key = accounts, settings.now.date()
        if key not in self._hours:
            # Slow to import, and asked for beside published posts alone.
            from tiktok_coach.analysis.session import Analysis

            self._hours[key] = Analysis(replace(self.history, accounts=accounts), settings).best_hours
        return self._hours[key]


def history_paths(settings: Settings) -> tuple[Path, ...]:
    """The exports of published posts that the settings name."""
    return (*settings.config.paths(settings.config.lint.history), *settings.options.history)


def read_beside(settings: Settings, progress: Progress | None = None) -> Beside:
    """The published posts, where any are named, and the trends that come without them. Raises CoachError."""
    if history := history_paths(settings):
        from tiktok_coach.analysis.exports import load_export

        return Beside(load_export(history, settings, progress))
    if settings.trends:
        from tiktok_coach.io.load import load_trends

        return Beside(trends=load_trends(settings.trends, settings.read_options))
    return Beside()
