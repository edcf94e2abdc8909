"""Times: when followers are active and when own posts did well, hour by hour of the week. What the reports show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.analysis.accounts import Accounts, by_account
from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.options import AnalysisOptions, Progress
from tiktok_coach.analysis.settings import resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.io.dates.parse import parse_timezone
from tiktok_coach.io.export import Export
from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.load import CompiledRule, rulebook
from tiktok_coach.rules.subjects import Context
from tiktok_coach.stats.account import posts_of
from tiktok_coach.stats.account_effects import HELPS, effect_table
from tiktok_coach.stats.days import per_day
from tiktok_coach.stats.outcomes import VIEWS, outcome_of
from tiktok_coach.stats.posting_times import Slots, activity_of, fit_week, slot_of, slot_residuals

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Times:
    """`active` (7 x 24, from Monday 0 o'clock) is the share of the most active hour's followers, NaN where not known; `own` what the posts
    alone say of each hour of the week, `both` what they say with the followers' activity (None where fewer than 16 posts tell an hour).

    `used` posts tell hours; `by_day` have their day alone, `other` are planned, younger than a day or without views. `days` are posts a
    day (see `per_day`), `tips` what rules that help this account do to views.
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
    def seen(self) -> np.ndarray:
        """Of which hours of the week a post or the followers' activity tells."""
        told: np.ndarray = np.isfinite(self.active.ravel())
        return told if self.slots is None else np.logical_or(self.slots.posts > 0, told)

    def best(self, count: int) -> list[int]:
        """The best hours of the week: by the results (and the activity), or by the activity alone where posts are too few."""
        slots = self.slots
        if slots is None:
            level = np.nan_to_num(self.active.ravel(), nan=-1.0)
            return [int(s) for s in np.argsort(-level, kind="stable")[:count] if level[s] >= 0]
        # An hour at which nothing was ever seen is told by its neighbours alone, and is not recommended.
        seen = self.seen
        return [int(s) for s in np.argsort(np.where(seen, -slots.effect, np.inf), kind="stable")[:count] if seen[s]]


def times(
    options: AnalysisOptions, *, activity_timezone: str | None = None, seed: int = 7, progress: Progress | None = None
) -> Accounts[Times]:
    """When each account of the exports that a user names should post. Raises CoachError for an unknown timezone."""
    settings = resolve_settings(options)
    written = parse_timezone(activity_timezone).key if activity_timezone else None
    export = load_export(options.inputs, settings, progress)

    def ask(part: Export) -> Times:
        return found(part, settings.rules, written, np.random.default_rng(seed))

    return by_account(export, settings.rules, ask)


def found(export: Export, rules: tuple[CompiledRule, ...], written: str | None, rng: np.random.Generator) -> Times:
    """The times in an export, of the account with most posts."""
    account = export.accounts[0]
    whole = posts_of(export.posts, export.accounts, export.audiences)
    rows = whole.of(account.handle)
    posts = posts_of(
        export.posts.iloc[rows].reset_index(drop=True),
        (account,),
        {account.handle or "": whole.context.audience(account.handle)},
    )
    outcome = outcome_of(VIEWS, posts.table, posts.account)
    audience = whole.context.audience(account.handle)
    active = activity_of(audience.activity, account.timezone, written)
    left, slot = slot_residuals(outcome, posts.at)
    told = np.isfinite(outcome.value)
    by_day = told & (slot_of(posts.at) < 0)
    context = Context((account,), posts.context.audiences, export.trends)
    asked = posts.asked(evaluate(rules, posts.table, context), load_signals(rulebook()), tips=False)
    effects = effect_table(posts, asked, outcomes=(VIEWS,))
    helping = effects[effects["verdict"] == HELPS].sort_values("effect", ascending=False, kind="stable")
    return Times(
        export,
        account,
        account.timezone,
        written,
        active.reshape(7, 24),
        fit_week(left, slot, None, rng),
        fit_week(left, slot, active, rng) if np.isfinite(active).any() else None,
        int((told & ~by_day).sum()),
        int(by_day.sum()),
        int((~told).sum()),
        per_day(outcome, posts.at, posts.out),
        helping,
    )
