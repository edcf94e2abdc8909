"""What is usual at a post's reach, length and age, so that a post is not compared with a raw average.

Rates fall with reach and change with age and length. Each account with enough posts tells its own curve, drawn from the
assumed one as far as its posts say so; an account with fewer keeps the assumed curve. Where accounts are pooled, the
curve of all of them together takes the place of the assumed one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tiktok_coach.core.schema import column
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

    def curve(self, row: int, assumed: Curve) -> Curve:
        """The curve of one row, in place of the assumed one."""
        level, reach, length, age = self.slopes[row].tolist()
        fields = {"rate": float(np.clip(np.exp(level), LOWEST, HIGHEST)), "reach": reach, "length": length, "age": age}
        return assumed.model_copy(update={**fields, "spread": float(self.spread[row]), "posts": int(self.posts[row])})


@dataclass(frozen=True)
class Baseline:
    """The curve of every measured action: `curves` for an account without its own, `own` for those of `handles`."""

    curves: Mapping[str, Curve]
    handles: tuple[str, ...] = ()
    own: Mapping[str, AccountCurves] = field(default_factory=dict)

    def at(self, posts: pd.DataFrame) -> ExpectedRates:
        """What is usual for each of these posts."""
        codes, names = account_codes(posts)
        place = {handle: row for row, handle in enumerate(self.handles)}
        rows = np.array([place.get(name, -1) for name in names], dtype=np.int64)
        return ExpectedRates(self, curve_design(posts), rows[codes] if len(rows) else np.full(len(posts), -1))

    def expected(self, action: str, posts: pd.DataFrame) -> np.ndarray:
        """The usual rate of an action for each post, 0-1."""
        return self.at(posts).expected(action)

    def of_account(self, handle: str | None) -> dict[str, Curve]:
        """The curves that hold for one account."""
        row = self.handles.index(handle or "") if (handle or "") in self.handles else -1
        return {action: self._curve(action, row) for action in self.curves}

    def _curve(self, action: str, row: int) -> Curve:
        curve, own = self.curves[action], self.own.get(action)
        return curve if own is None or row < 0 else own.curve(row, curve)


@dataclass(frozen=True)
class ExpectedRates:
    """What is usual for each of some posts; `where` has a row a post, `account` the row of its account's own curves."""

    baseline: Baseline
    where: np.ndarray
    account: np.ndarray

    def expected(self, action: str) -> np.ndarray:
        """The usual rate of an action for each post, 0-1."""
        own = self.baseline.own.get(action)
        if own is None:
            return _rate(self.where @ curve_slopes(self.baseline.curves[action]))
        if not (self.account != self.account[:1]).any():
            return _rate(self.where @ own.slopes[self.account[0] if len(self.account) else -1])
        return _rate(np.einsum("ij,ij->i", self.where, own.slopes[self.account]))

    def spread(self, action: str) -> np.ndarray:
        """How far posts usually lie from it, as the standard deviation of the ratio."""
        own = self.baseline.own.get(action)
        if own is None:
            return np.full(len(self.where), self.baseline.curves[action].spread)
        return np.asarray(own.spread[self.account])

    def doubt(self, action: str) -> np.ndarray:
        """The variance (n) of the logarithm of what is usual; 0 for an assumed curve, which is not estimated."""
        own = self.baseline.own.get(action)
        if own is None or not own.covariance.any():
            return np.zeros(len(self.where))
        if not (self.account != self.account[:1]).any():
            return np.asarray(((self.where @ own.covariance[self.account[0]]) * self.where).sum(axis=1))
        return np.asarray(np.einsum("ij,ijk,ik->i", self.where, own.covariance[self.account], self.where))


def _rate(log: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(np.exp(log), LOWEST, HIGHEST))


def curve_slopes(curve: Curve) -> np.ndarray:
    """A curve as its level, on the logarithm, and its slopes on the logarithms of reach, length and age."""
    return np.array([np.log(curve.rate), curve.reach, curve.length, curve.age])


def assumed_baseline(catalogue: Catalogue) -> Baseline:
    """The assumed curves."""
    return Baseline({c.action: c for c in catalogue.baselines})


def account_codes(posts: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
    """The account of each post as a position in the names; posts of none are the only account's, if there is one."""
    accounts = column(posts, "account")
    codes, names = pd.factorize(accounts, sort=True)
    handles = [str(name) for name in names]
    if (codes >= 0).all():
        return np.asarray(codes), handles
    if len(handles) == 1:
        return np.zeros(len(posts), dtype=np.int64), handles
    return np.where(codes < 0, len(handles), codes), [*handles, ""]


def curve_design(posts: pd.DataFrame) -> np.ndarray:
    """The design (n x 4): 1 and the logarithms of reach, length and age, 0 (the usual) where not known."""
    views = column(posts, "views").to_numpy(dtype="float64", na_value=np.nan)
    seconds = column(posts, "duration_s").to_numpy(dtype="float64", na_value=np.nan)
    days = ages(posts)
    design = np.ones((len(posts), 4))
    design[:, 1] = np.log(np.maximum(views, 1) / 1000)
    design[:, 2] = np.log(np.maximum(seconds, 1) / 15)
    design[:, 3] = np.log1p(np.maximum(days, 0) / 30)
    return np.nan_to_num(design, copy=False)


def action_counts(posts: pd.DataFrame, action: str, source: str) -> tuple[np.ndarray, np.ndarray]:
    """How often an action happened (n) and out of how many views (n); NaN and 0 where it was not measured.

    A completion rate counts as so many of the views; average watch time as a share of the length, view by view.
    """
    if source not in posts.columns or "views" not in posts.columns:
        return np.full(len(posts), np.nan), np.zeros(len(posts))
    views = posts["views"].to_numpy(dtype="float64", na_value=np.nan)
    values = posts[source].to_numpy(dtype="float64", na_value=np.nan)
    if action == "completion":
        counted = values * views
    elif action == "playtime":
        length = column(posts, "duration_s").to_numpy(dtype="float64", na_value=np.nan)
        counted = np.minimum(values / length, 1.0) * views
    else:
        counted = np.minimum(values, views)
    known = ~np.isnan(counted) & (views > 0)
    return np.where(known, counted, np.nan), np.where(known, views, 0.0)


def fit_baseline(posts: pd.DataFrame, catalogue: Catalogue, *, pool: bool = False) -> Baseline:
    """Each account's own curve of every action that ENOUGH_POSTS of its posts measure, the assumed one elsewhere.

    With `pool`, accounts shrink towards the curve of all of them together instead of the assumed one.
    """
    assumed = assumed_baseline(catalogue)
    codes, names = account_codes(posts)
    where = curve_design(posts)
    measured = catalogue.measured()
    curves: dict[str, Curve] = {}
    own: dict[str, AccountCurves] = {}
    for action, curve in assumed.curves.items():
        counted, views = action_counts(posts, action, measured[action][1])
        known = (views > 0).nonzero()[0]
        prior = curve
        if pool and len(names) > 1 and len(known) >= ENOUGH_POSTS:
            one = np.zeros(len(known), dtype=np.int64)
            slopes = curve_slopes(curve)
            together = fit_curves(where[known], counted[known], views[known], one, 1, slopes, curve.spread)
            prior = _rows(together, np.ones(1, dtype=bool), curve).curve(0, curve)
        curves[action] = prior
        each = np.bincount(codes[known], minlength=len(names))
        enough = each >= ENOUGH_POSTS
        if not enough.any():
            continue
        rows = known[enough[codes[known]]]
        place = np.cumsum(enough) - 1
        of_account, accounts = place[codes[rows]], int(enough.sum())
        slopes = curve_slopes(prior)
        fit = fit_curves(where[rows], counted[rows], views[rows], of_account, accounts, slopes, prior.spread)
        own[action] = _rows(fit, enough, prior)
    return Baseline(curves, tuple(names), own)


def _rows(fit: CurveFit, enough: np.ndarray, prior: Curve) -> AccountCurves:
    """The fits of accounts with enough posts among all of them, and the prior for the others."""
    count = len(enough) + 1
    slopes, spread = np.tile(curve_slopes(prior), (count, 1)), np.full(count, prior.spread)
    posts, covariance = np.zeros(count, dtype=np.int64), np.zeros((count, 4, 4))
    rows = enough.nonzero()[0]
    slopes[rows], spread[rows], posts[rows], covariance[rows] = (fit.slopes, fit.spread, fit.posts, fit.covariance)
    return AccountCurves(slopes, spread, posts, covariance)


@dataclass(frozen=True)
class CurveFit:
    """Slopes (a row an account), their covariance, the spread of posts about the curve, and how many posts told it."""

    slopes: np.ndarray
    covariance: np.ndarray
    spread: np.ndarray
    posts: np.ndarray


def fit_curves(
    where: np.ndarray,
    counted: np.ndarray,
    views: np.ndarray,
    account: np.ndarray,
    count: int,
    prior: np.ndarray,
    assumed: float,
) -> CurveFit:
    """The curves of `count` accounts from posts `where` (n x 4), shrunk to the `prior` slopes and `assumed` spread."""
    order = np.argsort(account, kind="stable") if count > 1 else slice(None)
    where, views, account = where[order], views[order], account[order]
    rate = counted[order] / views
    posts = np.bincount(account, minlength=count)
    starts = np.concatenate([[0], np.cumsum(posts)[:-1]])
    slopes, spread = np.tile(prior, (count, 1)), np.full(count, assumed)
    ridge = 1 / PRIOR_SD**2
    normal = np.zeros((count, 4, 4))
    for _ in range(ROUNDS):
        own = slopes[0] if count == 1 else slopes[account]
        usual = np.clip(np.exp(where @ own if count == 1 else np.einsum("ij,ij->i", where, own)), LOWEST, HIGHEST)
        chance = (1 - usual) / (views * usual)
        ratio = rate / usual
        weight = 1 / ((spread[0] if count == 1 else spread[account]) ** 2 + chance)
        # A step of Gauss and Newton; bounded, so that one odd post cannot throw it.
        normal = _products(where, weight, starts, count) + np.diag(ridge)
        pull = _sums(where, weight * np.clip(ratio - 1, -0.9, 5), starts, count) + (prior - slopes) * ridge
        step = np.clip(np.linalg.solve(normal, pull[:, :, None])[:, :, 0], -1, 1)
        slopes = slopes + step
        before = spread
        excess = _total(weight * ((ratio - 1) ** 2 - chance), starts) / _total(weight, starts)
        shared = (SPREAD_PRIOR_POSTS * assumed**2 + posts * np.maximum(excess, 0.0)) / (SPREAD_PRIOR_POSTS + posts)
        # By moments, drawn to what is assumed where posts are few.
        spread = np.clip(np.sqrt(shared), 0.05, 5)
        if np.abs(step).max() < CLOSE and np.abs(spread - before).max() < CLOSE:
            break
    return CurveFit(slopes, np.linalg.inv(normal), spread, posts)


def _total(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    return np.asarray(np.add.reduceat(values, starts))


def _sums(where: np.ndarray, weight: np.ndarray, starts: np.ndarray, count: int) -> np.ndarray:
    """Weighted sums of each column, a row an account."""
    if count == 1:
        return np.asarray(weight @ where)[None, :]
    return np.column_stack([np.add.reduceat(where[:, i] * weight, starts) for i in range(4)])


def _products(where: np.ndarray, weight: np.ndarray, starts: np.ndarray, count: int) -> np.ndarray:
    """Weighted products of every two columns, a 4 x 4 matrix an account."""
    if count == 1:
        return np.asarray((where * weight[:, None]).T @ where)[None, :, :]
    products = np.empty((count, 4, 4))
    for i in range(4):
        weighted = where[:, i] * weight
        for j in range(i, 4):
            products[:, i, j] = products[:, j, i] = np.add.reduceat(weighted * where[:, j], starts)
    return products


def ages(posts: pd.DataFrame) -> np.ndarray:
    """The age of each post when it was counted, in days; NaN where it is not known."""
    return np.asarray((column(posts, "metrics_at") - column(posts, "posted_at")).dt.total_seconds().to_numpy() / DAY)


def slope(x: np.ndarray, y: np.ndarray) -> float:
    """The slope of the line through points; 0 where all have one x."""
    away = x - x.mean()
    spread = float((away**2).sum())
    return float((away * y).sum()) / spread if spread > 1e-9 else 0.0


def age_adjusted_views(age: np.ndarray, views: np.ndarray) -> tuple[np.ndarray, float | None]:
    """Views (above 0) at the median age of one account's posts, and that (days); unchanged where an age is unknown."""
    if not len(age) or np.isnan(age).any():
        return views, None
    days = float(np.median(age))
    away = np.log1p(age) - np.log1p(days)
    return np.exp(np.log(views) - slope(away, np.log(views)) * away), days
