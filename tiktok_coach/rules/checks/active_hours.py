"""active_hours: a post went out in the hours in which the account's audience is most active.

The hours come from FollowerActivity where it has rows, else from the account's own results; the finding says which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from pydantic import Field

from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.core.translation import N_, _
from tiktok_coach.rules.kind import FAIL, PASS, TIMES, UNKNOWN, CheckKind, Outcome, Params, Subjects, all_unknown
from tiktok_coach.rules.subjects import Context, text_equals

# Hours differ where chance alone gives as much in no more than so large a share of accounts.
SIGNIFICANT = 0.05
# So many posts of an hour tell whether it differs; they are taken evenly from more.
MANY = 2000


class ActiveHours(Params):
    """The `top` hours of the 24 count as most active.

    From own results, hours are those at which posts did best, only with `min_posts` posts in all,
    `min_posts_per_hour` in each of at least `top` + 1 hours, and where any hour is clearly better.
    """

    top: int = Field(8, ge=1, le=23)
    min_posts: int = Field(40, ge=1)
    min_posts_per_hour: int = Field(3, ge=1)

    @property
    def condition(self) -> str:
        """When a subject passes."""
        return N_("{field} must be in one of the {top} hours in which your audience is most active")


def evaluate(subjects: Subjects, field: str, params: ActiveHours) -> Outcome:  # noqa: ARG001 - the kind's signature
    """Pass where the local hour is among the most active; unknown where the hour, or the audience's hours, are not."""
    local = subjects.local_times()
    if local is None:
        return all_unknown(len(subjects))
    status = np.full(len(subjects), UNKNOWN, dtype=np.int8)
    index = subjects.account_index()
    terms_of: dict[int, tuple[Any, ...]] = {}
    is_timed, all_views = known_mask(local), subjects.column_or_null("views")
    all_hours = np.full(len(subjects), -1, dtype=np.int8)
    all_hours[is_timed] = hour_of(local[is_timed])
    for position, rows in enumerate(subjects.account_rows(is_timed)):
        account = subjects.context.accounts[position]
        hour, views = all_hours[rows], all_views[rows]
        hours, basis = best_hours(subjects.context, account.handle, hour, views, params)
        if hours is not None:
            status[rows] = np.where(np.isin(hour, hours), PASS, FAIL)
            terms_of[position] = spans(sorted(hours)), basis, hours

    def term(part: int) -> Callable[[int], Any]:
        return lambda row: terms_of.get(int(index[row]), ("", "", []))[part]

    @cache
    def by_day() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Posts by account and day, those in active hours first; where each day begins, and the day of each post."""
        days = local.astype("datetime64[D]").astype(np.int64)
        order = np.lexsort((local, status, days, index))
        begins = (np.diff(index[order], prepend=-2) != 0) | (np.diff(days[order], prepend=0) != 0)
        day_of = np.empty(len(order), dtype=np.int64)
        day_of[order] = np.cumsum(begins) - 1
        return order, np.append(np.flatnonzero(begins), len(order)), day_of

    def free_hour(row: int) -> str:
        """The active hour for a post outside them that no other post of its day has or is moved to."""
        order, starts, day_of = by_day()
        hours, used = terms_of[int(index[row])][2], set()
        better = _better_hours_for(subjects, row)
        for other in order[starts[day_of[row]] : starts[day_of[row] + 1]].tolist():
            hour = int(all_hours[other])
            if status[other] == FAIL:
                choices = by_preference(hours, better, hour)
                hour = next((one for one in choices if one not in used), choices[0])
            if other == row:
                return f"{hour:02d}:00"
            used.add(hour)
        return ""

    terms = {"hours": term(0), "basis": term(1), "active": term(2)}
    return Outcome(status, local, {**terms, "hour": lambda row: free_hour(row) if status[row] == FAIL else ""})


def better_hours(context: Context, handle: str | None) -> Sequence[int]:
    """The hours at which an account's own posts clearly did better, the best first; none where no hour is."""
    return context.best_hours(handle, 0, 0)


def _better_hours_for(subjects: Subjects, row: int) -> Sequence[int]:
    """The better hours of a post's account; none for a post that is out, which cannot move."""
    if text_at(subjects.column_or_null("status"), row) != "planned":
        return ()
    handle = subjects.account_of(row).handle
    return subjects.cached(("better hours", handle), lambda: better_hours(subjects.context, handle))


def by_preference(hours: Sequence[int], better: Sequence[int], hour: int) -> list[int]:
    """Active hours in the order in which a post at another `hour` takes them: the better ones, then the nearest.

    >>> by_preference([7, 8, 18, 19], [19, 22], 3)
    [19, 7, 8, 18]
    """
    rank = {one: position for position, one in enumerate(better)}
    return sorted(hours, key=lambda one: (rank.get(one, len(rank)), abs(one - hour), one))


def missing_input(subjects: Subjects, field: str, params: ActiveHours) -> str:  # noqa: ARG001 - the kind's signature
    """What would tell the hour of the posts, or the hours of the audience."""
    has_hour = text_equals(subjects.column_or_null("posted_at_precision"), "second").any()
    if not (has_hour and any(account.timezone for account in subjects.context.accounts)):
        return N_("the hour of the post, and the account's timezone")
    return N_("FollowerActivity.csv with rows, or enough posts with their hour and views; and the account's timezone")


def hour_of(local: np.ndarray) -> np.ndarray:
    """The hour (0-23) of times on a clock, a byte each."""
    return (local.astype("datetime64[h]").astype(np.int64) % 24).astype(np.int8)


def best_hours(
    context: Context, handle: str | None, hours: np.ndarray, views: np.ndarray, params: ActiveHours
) -> tuple[list[int] | None, str]:
    """The hours (0-23, on the account's clock) in which an audience is most active, the best first, and the basis.

    None where neither the followers' activity nor the `hours` and `views` of the account's posts say.
    """
    activity = context.audience(handle).activity
    if activity is not None and len(activity):
        mean = activity.groupby("hour")["active_followers"].mean().dropna()
        if len(mean) >= params.top + 1 and mean.max() > mean.min():
            busiest = mean.sort_values(ascending=False, kind="stable").index[: params.top]
            return [int(hour) for hour in busiest], _("your followers' activity")
    hours, views = hours[known_mask(views)], views[known_mask(views)]
    if len(views) < params.min_posts:
        return None, ""
    # A byte each, which NumPy sorts by counting.
    by_hour = views[np.argsort(hours, kind="stable")]
    parts = np.split(by_hour, np.cumsum(np.bincount(hours, minlength=24))[:-1])
    parts = [part for part in parts if len(part) >= params.min_posts_per_hour]
    if len(parts) < params.top + 1 or not hours_differ(parts):
        return None, ""
    best = context.best_hours(handle, params.top, params.min_posts_per_hour)
    return (list(best), _("the views of your posts")) if best else (None, "")


def hours_differ(views: list[np.ndarray]) -> bool:
    """Whether the views of the posts of some hour differ from those of the others by more than chance.

    It is quick, and spares most of very many accounts the fit of their week, which says which hours are better. The
    test is Kruskal and Wallis' (1952), the share of the ranks' variance between hours, which SciPy's `kruskal` takes
    many times as long for.
    """
    # Slow to import, and asked for by posts with views alone.
    import pandas as pd

    from tiktok_coach.core.special_functions import chdtrc

    views = [part[:: len(part) // MANY + 1] for part in views]
    ranks = pd.Series(np.concatenate(views)).rank().to_numpy()
    away = ranks - ranks.mean()
    sizes = np.array([len(part) for part in views])
    sums = np.add.reduceat(away, np.cumsum(sizes) - sizes)
    total = float(np.square(away).sum())
    between = float((np.square(sums) / sizes).sum())
    return total > 0 and bool(chdtrc(len(views) - 1, (len(ranks) - 1) * between / total) <= SIGNIFICANT)


def spans(hours: list[int]) -> str:
    """Hours as spans of the clock.

    >>> spans([7, 8, 18, 19, 20])
    '07-09, 18-21'
    """
    starts, ends = ([h for h in hours if h + step not in hours] for step in (-1, 1))
    return ", ".join(f"{start:02d}-{end + 1:02d}" for start, end in zip(starts, ends, strict=True))


KIND = CheckKind(
    "active_hours",
    ActiveHours,
    evaluate,
    fields=TIMES,
    terms={"value", "hours", "basis", "hour"},
    needs_field=False,
    learns_from_views=True,
    missing_input=missing_input,
)
