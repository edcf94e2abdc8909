"""How several accounts compare: each by its own posts, shrunk to all as far as its posts are few."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.core.account import Account
from tiktok_coach.core.periods import Period
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column
from tiktok_coach.core.special_functions import ndtr
from tiktok_coach.io.reading import Export
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.outlook import GROWS, OVER, USUAL
from tiktok_coach.ranking.scoring import NORMAL_90
from tiktok_coach.rules import findings
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.kind import NAMES
from tiktok_coach.stats.account_effects import Change, Changes, order_changes, paule_mandel, weighted_mean
from tiktok_coach.stats.benchmarks import RatePlace
from tiktok_coach.stats.effects import FALSE_SHARE, false_discovery

# For so many days the outlook of accounts speaks.
HORIZON = 14
# Ranks are told from so many draws of what the accounts' scores may be.
DRAWS = 2000
# Scores that lie apart by less than this are the same.
LEAST = 1e-6


@dataclass(frozen=True)
class PeriodBefore:
    """How an account did in the period before its `period`.

    It had so many `posts` (None: not known), and the views of a usual post changed since by the share `views_change`
    (0.12 is 12% more), None where there is no clear change.
    """

    period: Period
    posts: int | None
    views_change: float | None


@dataclass(frozen=True)
class AccountSummary:
    """One account among several.

    `score` is the mean of its posts' scores (0-100), shrunk to that of all accounts as far as its posts are few, with
    its 90% interval; NaN where nothing is known. `rank` (1 is the best) is by that; `significant` is 1 where it is
    better than the others beyond chance, -1 where worse, else 0. `to_gain` is how many points its tips lack of 100 in
    the mean. `views` is the median of its posts; `outlook` counts them by their word over the next fortnight. The
    evaluations of all that is `failing` are those of all accounts. `before` is None without a period.
    """

    account: Account
    posts: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    views: float
    score: float
    low: float
    high: float
    coverage: float
    rank: int | None
    ranks: tuple[int, int] | None
    significant: int
    to_gain: float
    tips: tuple[findings.TipScore, ...]
    failing: tuple[findings.Opportunity, ...]
    outlook: dict[str, int]
    rates: tuple[RatePlace, ...]
    changes_of: Callable[[], Changes]
    evaluations_of: Callable[[], Sequence[Evaluation]]
    before: PeriodBefore | None = None

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What to change, that first which is expected to be worth most; worked out when it is asked for."""
        return self.changes_of().first

    @cached_property
    def missing(self) -> tuple[findings.MissingInput, ...]:
        """What would answer the unknown, the most weight first; worked out when it is asked for."""
        return findings.missing_inputs(self.evaluations_of())


@dataclass(frozen=True)
class ShrunkMeans:
    """Partially pooled means, an entry an account, with 90% interval, sd, and significance against all (1, 0, -1)."""

    middle: np.ndarray
    low: np.ndarray
    high: np.ndarray
    sd: np.ndarray
    significant: np.ndarray


def summarize_accounts(
    export: Export,
    owner: np.ndarray,
    evaluations: Sequence[Evaluation],
    scores: pd.DataFrame,
    effects_of: Callable[[str | None], Mapping[str, Sequence[Any]]],
    growth: pd.Series,
    rates: Sequence[tuple[RatePlace, ...]],
    catalogue: Catalogue,
    rng: np.random.Generator,
) -> tuple[AccountSummary, ...]:
    """Every account of an export, that with most to gain first.

    `owner` is the position of each post's account, `effects_of` gives those of rules on views of a handle (see
    `effects_by_account`), `growth` says in one of three words how much each post is expected to grow over the next
    fortnight, and `rates` by account how its rates per view compare with public posts.
    """
    accounts = export.accounts
    means = partial_pool(scores["score"].to_numpy(), owner, len(accounts))
    order, low, high = _ranks(means, rng)
    posts = pd.DataFrame({"posted": column(export.posts, "posted_at"), "views": column(export.posts, "views")})
    posts["views"] = posts["views"].astype("float64")
    by_account = posts.groupby(owner)
    totals = by_account.agg(first=("posted", "min"), last=("posted", "max"), views=("views", "median")).to_dict("index")
    growing = posts.groupby([owner, growth]).size().to_dict()
    counts = np.array([e.counts_by_account for e in evaluations]).reshape(-1, len(accounts), len(NAMES))
    gains = findings.opportunities_by_account(evaluations, counts)
    tips_of_accounts = findings.tip_scores_by_account(evaluations, counts)
    summaries = []
    for place, account in enumerate(accounts):
        own_rows = np.asarray(by_account.indices.get(place, []), dtype=np.int64)
        tips = tuple(tips_of_accounts[place])
        coverage, to_gain = findings.mean_coverage_and_gap(tips)
        total = totals.get(place, {"first": pd.NaT, "last": pd.NaT, "views": float("nan")})
        scored = np.isfinite(means.middle[place])
        summaries.append(
            AccountSummary(
                account=account,
                posts=len(own_rows),
                first=None if total["first"] is pd.NaT else total["first"],
                last=None if total["last"] is pd.NaT else total["last"],
                views=total["views"],
                score=float(means.middle[place]),
                low=float(means.low[place]),
                high=float(means.high[place]),
                coverage=coverage,
                rank=int(order[place]) if scored else None,
                ranks=(int(low[place]), int(high[place])) if scored else None,
                significant=int(means.significant[place]),
                to_gain=to_gain,
                tips=tips,
                failing=tuple(gains[place]),
                changes_of=partial(_changes, gains[place], effects_of, account, catalogue),
                evaluations_of=partial(_slices, evaluations, own_rows, account.handle),
                outlook={word: growing.get((place, word), 0) for word in (GROWS, USUAL, OVER)},
                rates=rates[place],
            )
        )
    return tuple(sorted(summaries, key=lambda one: (-one.to_gain, one.account.handle or "")))


def _changes(
    failing: Sequence[findings.Opportunity],
    effects_of: Callable[[str | None], Mapping[str, Sequence[Any]]],
    account: Account,
    catalogue: Catalogue,
) -> Changes:
    return order_changes(failing, effects_of(account.handle), catalogue, account.goals)


def _slices(evaluations: Sequence[Evaluation], rows: np.ndarray, handle: str | None) -> list[Evaluation]:
    return [e.for_account(rows, handle) for e in evaluations]


def partial_pool(values: np.ndarray, owner: np.ndarray, count: int) -> ShrunkMeans:
    """The mean of each account's values, shrunk towards that of all by the method of Paule and Mandel (1982)."""
    known_mask = np.isfinite(values) & (owner >= 0)
    size = np.bincount(owner[known_mask], minlength=count).astype("float64")
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(owner[known_mask], values[known_mask], minlength=count) / size
    squares = np.bincount(owner[known_mask], (values[known_mask] - mean[owner[known_mask]]) ** 2, minlength=count)
    return partial_pool_means(mean, squares, size)


def partial_pool_means(mean: np.ndarray, squares: np.ndarray, size: np.ndarray) -> ShrunkMeans:
    """Shrunk means, from each account's mean, the sum of squares about it, and how many values there are."""
    count = len(size)
    with np.errstate(invalid="ignore", divide="ignore"):
        free = int(size.sum() - (size > 0).sum())
        error = np.sqrt(float(squares.sum()) / free / size) if free > 0 else np.full(count, np.nan)
    known = (size > 0) & np.isfinite(error) & (error > LEAST)
    nothing = np.full(count, np.nan)
    if known.sum() < 2:
        middle = np.where(size > 0, mean, np.nan)
        return ShrunkMeans(middle, nothing, nothing, nothing, np.zeros(count, dtype=int))
    effect, variance = mean[known, None], error[known, None] ** 2
    between = paule_mandel(effect, variance, np.isfinite(effect))
    (all_,), (doubt,) = weighted_mean(effect, variance + between, np.isfinite(effect))
    with np.errstate(invalid="ignore", divide="ignore"):
        own = between / (between + error**2)
        middle, sd = all_ + own * (mean - all_), np.sqrt(own) * error
        p = 2 * ndtr(-np.abs(mean - all_) / np.hypot(error, doubt))
    middle, sd = (np.where(known, array, np.nan) for array in (middle, sd))
    significant = np.zeros(count, dtype=int)
    significant[known] = np.where(false_discovery(p[known]) <= FALSE_SHARE, np.sign(mean - all_)[known], 0)
    return ShrunkMeans(middle, middle - NORMAL_90 * sd, middle + NORMAL_90 * sd, sd, significant)


def _ranks(means: ShrunkMeans, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rank of each account by its score, 1 the best, with the 90% interval that its doubt and the others' leave."""
    known = np.isfinite(means.middle)
    middle = np.where(known, means.middle, -np.inf)
    rank = np.empty(len(middle), dtype=int)
    rank[np.argsort(-middle, kind="stable")] = np.arange(1, len(middle) + 1)
    low, high = rank.copy(), rank.copy()
    if known.any() and np.isfinite(means.sd[known]).all():
        draws = means.middle[known] + means.sd[known] * rng.standard_normal((DRAWS, int(known.sum())))
        order, ranks = np.argsort(-draws, axis=1, kind="stable"), np.empty(draws.shape, dtype=np.int32)
        np.put_along_axis(ranks, order, np.arange(1, draws.shape[1] + 1, dtype=np.int32)[None], axis=1)
        low[known], high[known] = np.quantile(ranks, [0.05, 0.95], axis=0, method="nearest")
    return rank, low, high
