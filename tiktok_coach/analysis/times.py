"""Times: when followers are active and when own posts did well, hour by hour of the week. What the reports show."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tiktok_coach.analysis.session import Accounts, Analysis, by_account, open_analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress
from tiktok_coach.core.account import Account
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.timezones import parse_timezone
from tiktok_coach.io.reading import Export
from tiktok_coach.stats.account_effects import HELPS
from tiktok_coach.stats.outcomes import VIEWS
from tiktok_coach.stats.posting_times import Slots, fit_week, per_day, slot_of

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Times:
    """When one account should post.

    `active` has by weekday and hour (7 x 24) the share of the most active hour's followers (0-1), NaN if not known.
    `own` and `both` are the hours of the week by the posts alone, and with the followers' activity; None for fewer than
    16 posts. Of so many posts the hour is known (`used`) or the day alone (`by_day`); the `other` are planned, younger
    than a day, or without views. `days` is about posts a day (see `per_day`), `tips` has the effects on views of rules
    that help.
    """

    export: Export
    account: Account
    timezone: str | None
    activity_timezone: str | None
    active: np.ndarray
    own: Slots | None
    both: Slots | None
    used: int
    by_day: int
    other: int
    days: pd.DataFrame
    tips: pd.DataFrame

    @property
    def slots(self) -> Slots | None:
        """The hours of the week by all that is known of them."""
        return self.both or self.own

    @property
    def is_clear(self) -> bool:
        """Whether any hour is clearly better or worse than another; if not, nothing of hours is shown as a result."""
        return self.slots is not None and self.slots.is_clear

    def best(self, count: int) -> list[int]:
        """At most `count` hours of the week (0-167) that are clearly better than the usual post, the best first."""
        return [] if self.slots is None else self.slots.best_slots(count)


def times(
    options: AnalysisOptions, *, activity_timezone: str | None = None, seed: int = 7, progress: Progress | None = None
) -> Accounts[Times]:
    """When each account of the exports that a user names should post. Raises CoachError for an unknown timezone."""
    written_in = parse_timezone(activity_timezone).key if activity_timezone else None
    analysis = open_analysis(options, progress)
    return by_account(analysis, lambda one: times_of_account(one, activity_timezone=written_in, seed=seed))


def times_of_account(analysis: Analysis, *, activity_timezone: str | None = None, seed: int = 7) -> Times:
    """When one account should post; intervals are simulated with `seed`."""
    rng, posts, outcome = np.random.default_rng(seed), analysis.posts, analysis.outcome(VIEWS)
    active = analysis.activity(activity_timezone)
    residuals, slot = analysis.slot_residuals
    own = fit_week(residuals, slot, None, rng)
    both = fit_week(residuals, slot, active, rng) if np.isfinite(active).any() else None
    has_views = np.isfinite(outcome.value)
    by_day = has_views & (slot_of(posts.at) < 0)
    effects, days = analysis.view_effects, per_day(outcome, posts.at, posts.out)
    tips = effects[effects["verdict"] == HELPS].sort_values("effect", ascending=False, kind="stable")
    return Times(
        export=analysis.export,
        account=analysis.account,
        timezone=analysis.account.timezone,
        activity_timezone=activity_timezone,
        active=active.reshape(7, 24),
        own=own,
        both=both,
        used=int((has_views & ~by_day).sum()),
        by_day=int(by_day.sum()),
        other=int((~has_views).sum()),
        days=days,
        tips=tips,
    )
