"""What is usual at a post's reach, length and age, so that a post is not compared with a raw average.

Rates fall with reach and change with age and length. Each account with enough posts tells its own curve, drawn from the
assumed one as far as its posts say so; an account with fewer keeps the assumed curve. Where accounts are pooled, the
curve of all of them together takes the place of the assumed one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

import numpy as np
import pandas as pd

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, numbers
from tiktok_coach.ranking.catalogue import Catalogue, Curve

# How far an account's own curve may lie from the prior one before its posts have been seen: level, reach, length, age.
PRIOR_SD = np.array([2.0, 0.15, 0.3, 0.15])
SPREAD_PRIOR_POSTS = 20
ROUNDS = 12
CLOSE = 1e-9
LOWEST, HIGHEST = 1e-7, 0.97
DAY = 86_400.0
# From so many posts on an account's own tell what is usual for it.
ENOUGH_POSTS = 12
# Views of the first hours tell little of those of a week.
YOUNGEST_DAYS = 1.0


@dataclass(frozen=True)
class AccountCurves:
    """The curves of one action, a row an account and a last one for all others.

    `slopes` (n x 4) are level, reach, length and age; their `covariance` (n x 4 x 4) is 0 where nothing was estimated.
    """

    slopes: np.ndarray
    spread: np.ndarray
    posts: np.ndarray
    covariance: np.ndarray

    @classmethod
    def from_prior(cls, prior: Curve, count: int) -> AccountCurves:
        """As many rows of one curve, of which nothing is estimated."""
        level = [np.log(prior.rate), prior.reach, prior.length, prior.age]
        posts, covariance = np.zeros(count, dtype=np.int64), np.zeros((count, 4, 4))
        return cls(np.tile(level, (count, 1)), np.full(count, prior.spread), posts, covariance)

    def curve(self, row: int, prior: Curve) -> Curve:
        """The curve of one row; the prior one where nothing was estimated."""
        if not self.posts[row]:
            return prior.model_copy(update={"posts": 0})
        level, reach, length, age = self.slopes[row].tolist()
        fields = {"rate": float(np.clip(np.exp(level), LOWEST, HIGHEST)), "reach": reach, "length": length, "age": age}
        return prior.model_copy(update={**fields, "spread": float(self.spread[row]), "posts": int(self.posts[row])})


@dataclass(frozen=True)
class Baseline:
    """The curve of every measured action: `curves` for an account without its own, `own` for those of `handles`."""

    curves: Mapping[str, Curve]
    handles: tuple[str, ...] = ()
    own: Mapping[str, AccountCurves] = field(default_factory=dict)

    def expected_rates(self, posts: pd.DataFrame) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """By action, of each post: the usual rate (0-1), how far posts usually lie from it, and how sure it is.

        The second is the standard deviation of the ratio to it; the third the variance of its logarithm, which is 0 for
        an assumed curve, as that is not estimated.
        """
        codes, names = account_codes(posts)
        place = {handle: row for row, handle in enumerate(self.handles)}
        account = np.array([place.get(name, -1) for name in names], dtype=np.int64)[codes]
        # Posts of one account need its curves but once.
        account = account if (account != account[:1]).any() else account[:1]
        where, rates = curve_design(posts), {}
        for action in self.curves:
            curves = self.account_curves(action)
            covariance = curves.covariance[account]
            doubt = np.zeros(len(where))
            if covariance.any():
                away = where @ covariance[0] if len(account) == 1 else np.einsum("ij,ijk->ik", where, covariance)
                doubt = np.einsum("ij,ij->i", away, where)
            spread = np.broadcast_to(curves.spread[account], len(where))
            rates[action] = _usual_rates(where, curves.slopes[account]), spread, doubt
        return rates

    def of_account(self, handle: str | None) -> dict[str, Curve]:
        """The curves that hold for one account."""
        row = self.handles.index(handle or "") if (handle or "") in self.handles else -1
        return {action: self.account_curves(action).curve(row, curve) for action, curve in self.curves.items()}

    def account_curves(self, action: str) -> AccountCurves:
        """The curves of an action by account."""
        return self.own.get(action) or AccountCurves.from_prior(self.curves[action], 1)


def _usual_rates(where: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Rates (n) at `where` (n x 4), by the slopes of each post or by one row for all."""
    log = where @ slopes[0] if len(slopes) == 1 else np.einsum("ij,ij->i", where, slopes)
    return np.asarray(np.clip(np.exp(log), LOWEST, HIGHEST))


def account_codes(posts: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
    """The account of each post as a position in the names; posts of none are the only account's, if there is one."""
    codes, names = pd.factorize(column(posts, "account"), sort=True)
    handles = [str(name) for name in names]
    if (codes >= 0).all():
        return np.asarray(codes), handles
    if len(handles) == 1:
        return np.zeros(len(posts), dtype=np.int64), handles
    return np.where(codes < 0, len(handles), codes), [*handles, ""]


def curve_design(posts: pd.DataFrame) -> np.ndarray:
    """The design (n x 4): 1 and the logarithms of reach, length and age, 0 (the usual) where not known."""
    design = np.ones((len(posts), 4))
    design[:, 1] = np.log(np.maximum(numbers(posts, "views"), 1) / 1000)
    design[:, 2] = np.log(np.maximum(numbers(posts, "duration_s"), 1) / 15)
    design[:, 3] = np.log1p(np.maximum(ages(posts), 0) / 30)
    return np.nan_to_num(design, copy=False)


def action_counts(posts: pd.DataFrame, action: str, source: str) -> tuple[np.ndarray, np.ndarray]:
    """How often an action happened (n) and out of how many views (n); NaN and 0 where it was not measured.

    A completion rate counts as so many of the views, at most all of them; average watch time as a share of the length,
    view by view.
    """
    views, values = numbers(posts, "views"), numbers(posts, source)
    if action == "completion":
        counted = np.minimum(values, 1.0) * views
    elif action == "playtime":
        counted = np.minimum(values / numbers(posts, "duration_s"), 1.0) * views
    else:
        counted = np.minimum(values, views)
    known = ~np.isnan(counted) & (views > 0)
    return np.where(known, counted, np.nan), np.where(known, views, 0.0)


def fit_baseline(posts: pd.DataFrame, catalogue: Catalogue, *, pool: bool = False) -> Baseline:
    """Each account's own curve of every action that ENOUGH_POSTS of its posts measure, the assumed one elsewhere.

    With `pool`, accounts shrink towards the curve of all of them together instead of the assumed one.
    """
    codes, names = account_codes(posts)
    design, measured = curve_design(posts), catalogue.measured()
    curves: dict[str, Curve] = {}
    own: dict[str, AccountCurves] = {}
    for prior in catalogue.baselines:
        counted, views = action_counts(posts, prior.action, measured[prior.action][1])
        known = views > 0
        measures = design[known], counted[known], views[known]
        if pool and len(names) > 1:
            prior = _fit_curves(*measures, np.zeros(len(measures[0]), dtype=np.int64), 1, prior).curve(0, prior)
        curves[prior.action] = prior
        own[prior.action] = _fit_curves(*measures, codes[known], len(names), prior)
    return Baseline(curves, tuple(names), own)


def _fit_curves(
    where: np.ndarray, counted: np.ndarray, views: np.ndarray, account: np.ndarray, count: int, prior: Curve
) -> AccountCurves:
    """The curves of `count` accounts from posts `where` (n x 4); those with fewer than ENOUGH_POSTS keep the prior.

    Log-linear, by quasi-likelihood, with a normal prior on each slope.
    """
    curves = AccountCurves.from_prior(prior, count + 1)
    fitted = (np.bincount(account, minlength=count) >= ENOUGH_POSTS).nonzero()[0]
    if not len(fitted):
        return curves
    rows = np.isin(account, fitted).nonzero()[0]
    rows = rows[np.argsort(account[rows], kind="stable")]
    where, views, rate = where[rows], views[rows], counted[rows] / views[rows]
    posts = np.bincount(account)[fitted]
    starts = np.concatenate([[0], np.cumsum(posts)[:-1]])
    slopes, spread, ridge = curves.slopes[fitted], curves.spread[fitted], 1 / PRIOR_SD**2
    for _ in range(ROUNDS):
        own_slopes, own_spread = (
            (slopes, spread) if len(fitted) == 1 else (slopes.repeat(posts, axis=0), spread.repeat(posts))
        )
        usual = _usual_rates(where, own_slopes)
        chance = (1 - usual) / (views * usual)
        ratio = rate / usual
        weight = 1 / (own_spread**2 + chance)
        # A step of Gauss and Newton; bounded, so that one odd post cannot throw it.
        normal = _products(where, weight, starts) + np.diag(ridge)
        pull = _sums(where, weight * np.clip(ratio - 1, -0.9, 5), starts) + (curves.slopes[fitted] - slopes) * ridge
        step = np.clip(np.linalg.solve(normal, pull[:, :, None])[:, :, 0], -1, 1)
        slopes, before = slopes + step, spread
        excess = np.add.reduceat(weight * ((ratio - 1) ** 2 - chance), starts) / np.add.reduceat(weight, starts)
        shared = SPREAD_PRIOR_POSTS * prior.spread**2 + posts * np.maximum(excess, 0.0)
        # By moments, drawn to what is assumed where posts are few.
        spread = np.clip(np.sqrt(shared / (SPREAD_PRIOR_POSTS + posts)), 0.05, 5)
        if np.abs(step).max() < CLOSE and np.abs(spread - before).max() < CLOSE:
            break
    curves.slopes[fitted], curves.spread[fitted], curves.posts[fitted] = slopes, spread, posts
    curves.covariance[fitted] = np.linalg.inv(normal)
    return curves


def _sums(where: np.ndarray, weight: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Weighted sums of each column, a row an account."""
    if len(starts) == 1:
        return np.asarray(weight @ where)[None, :]
    return np.column_stack([np.add.reduceat(where[:, i] * weight, starts) for i in range(4)])


def _products(where: np.ndarray, weight: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Weighted products of every two columns, a 4 x 4 matrix an account."""
    if len(starts) == 1:
        return np.asarray((where * weight[:, None]).T @ where)[None, :, :]
    products = np.empty((len(starts), 4, 4))
    for i in range(4):
        weighted = where[:, i] * weight
        for j in range(i, 4):
            products[:, i, j] = products[:, j, i] = np.add.reduceat(weighted * where[:, j], starts)
    return products


def ages(posts: pd.DataFrame) -> np.ndarray:
    """The age of each post when it was counted, in days; NaN where it is not known."""
    return np.asarray((column(posts, "metrics_at") - column(posts, "posted_at")).dt.total_seconds().to_numpy() / DAY)


def age_adjusted_views(age: np.ndarray, views: np.ndarray) -> tuple[np.ndarray, float | None]:
    """Views (above 0) at the median age of one account's posts, and that (days); unchanged where an age is unknown."""
    if not len(age) or np.isnan(age).any():
        return views, None
    days = float(np.median(age))
    away, log_views = np.log1p(age) - np.log1p(days), np.log(views)
    # Along the line through the logarithms of both, which is level where all have one age.
    centred = away - away.mean()
    spread = float((centred**2).sum())
    slope = float((centred * log_views).sum()) / spread if spread > 1e-9 else 0.0
    return np.exp(log_views - slope * away), days
