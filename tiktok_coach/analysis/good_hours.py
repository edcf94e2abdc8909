"""The hours to post at, for calendars and experiments: clearly better ones, else the followers', else the usual."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.translation import _
from tiktok_coach.rules.checks.active_hours import ActiveHours, best_hours, hour_of
from tiktok_coach.stats.posting_times import DAYS, HOURS, by_hour

# Of the hours at which an account posts, so many are taken.
USUAL = 4


@dataclass(frozen=True)
class GoodHours:
    """Hours of the day (0-23), the best first, and what they rest on in words; no hours where nothing tells them."""

    hours: tuple[int, ...]
    basis: str


def good_hours(analysis: Analysis, rng: np.random.Generator) -> GoodHours:
    """The hours at which the posts of one account's `analysis` clearly did better.

    Where none is clear, those of the followers' activity, and where that is unknown those at which the account posts
    most. Hours that its rule on active hours asks for go first.
    """
    subjects = analysis.posts.subjects
    local, views = subjects.local_times(), subjects.column_or_null("views")
    rows = np.zeros(0, dtype=np.int64) if local is None else known_mask(local).nonzero()[0]
    hours = np.zeros(0, dtype=np.int64) if local is None else hour_of(local[rows])
    params = next(
        (rule.params for rule in analysis.settings.every_rule if isinstance(rule.params, ActiveHours)), ActiveHours()
    )
    audience = subjects.context.audience(analysis.account.handle)
    rule_hours, basis = best_hours(audience, hours, views[rows], params)
    slots, active = analysis.fit_week(rng)
    if slots is not None and slots.is_better.any():
        level = np.where(slots.is_better.reshape(DAYS, HOURS).any(axis=0), by_hour(np.log(slots.effect)), -np.inf)
        order = np.argsort(-level, kind="stable")[: int(np.isfinite(level).sum())].tolist()
        basis = _("your own posts, which clearly got more views then")
        return GoodHours(
            tuple(hour for hour in order if rule_hours is None or hour in rule_hours) or tuple(order), basis
        )
    if rule_hours is not None and np.isfinite(active).any():
        return GoodHours(tuple(rule_hours), basis)
    counts = np.bincount(hours, minlength=HOURS)
    order = np.argsort(-counts, kind="stable")[: int((counts > 0).sum())].tolist()
    usual = [hour for hour in order if rule_hours is None or hour in rule_hours][:USUAL]
    return GoodHours(tuple(usual), _("when you post most, since no hour is clearly better yet"))
