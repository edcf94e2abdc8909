"""The hours to post at, for calendars and experiments: clearly better ones, else the followers', else the usual."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _
from tiktok_coach.rules.checks.active_hours import ActiveHours, best_hours, hour_of
from tiktok_coach.stats.posting_times import HOURS

# Of the hours at which an account posts, so many are taken.
USUAL = 4
# Where good hours are too few for a day, others follow: evening, noon and morning, and then any.
FURTHER = (18, 12, 8, 21, *range(9, 24))


@dataclass(frozen=True)
class GoodHours:
    """Hours of the day (0-23), the best first, and what they rest on in words; no hours where nothing tells them."""

    hours: tuple[int, ...]
    basis: str


def hours_apart(hours: Sequence[int], count: int, apart: float) -> list[int]:
    """At most `count` hours that lie `apart` hours from each other: good ones, then others of the day.

    >>> hours_apart([19, 20], 3, apart=3)
    [19, 12, 8]
    """
    chosen: list[int] = []
    for hour in (*hours, *FURTHER):
        if all(min((hour - other) % HOURS, (other - hour) % HOURS) >= apart for other in chosen):
            chosen.append(hour)
    return chosen[:count]


def good_hours(analysis: Analysis) -> GoodHours:
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
    handle = analysis.account.handle
    rule_hours, basis = best_hours(subjects.context, handle, hours, views[rows], params)
    if better := analysis.best_hours(handle, 0, 0):
        basis = _("your own posts, which clearly got more views then")
        agreed = [hour for hour in better if rule_hours is None or hour in rule_hours]
        return GoodHours(tuple(agreed or better), basis)
    if rule_hours is not None:
        return GoodHours(tuple(rule_hours), basis)
    counts = np.bincount(hours, minlength=HOURS)
    order = np.argsort(-counts, kind="stable")[: int((counts > 0).sum())].tolist()
    return GoodHours(tuple(order[:USUAL]), _("when you post most, since no hour is clearly better yet"))
