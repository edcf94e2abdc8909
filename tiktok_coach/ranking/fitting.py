"""Fits the log-linear curve of an action for many accounts: quasi-likelihood, a normal prior on each slope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# How far an account's own curve may lie from the prior one before its posts have been seen: level, reach, length, age.
PRIOR_SD = np.array([2.0, 0.15, 0.3, 0.15])
SPREAD_PRIOR_POSTS = 20
ROUNDS = 12
CLOSE = 1e-9
LOWEST, HIGHEST = 1e-7, 0.97


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
