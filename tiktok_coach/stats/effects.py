"""The effect of following a rule on one account's results: a factor with its interval and p-value.

The logarithm of the result is linear in what follows the rule, in covariates, and in every rule with a smaller p-value:
so a tip that goes along with another is not credited with it. Estimates are least squares with Student's t; what a
documented lift says is the prior of the interval, and takes no part in the test.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.special_functions import stdtr, stdtrit
from tiktok_coach.ranking.scoring import NORMAL_90
from tiktok_coach.stats.outcomes import OF_FIELD

# So many posts in all, and on each side of a rule, or there is not enough data.
FEWEST, FEWEST_A_SIDE = 16, 8
# Results further than this many spreads from what is expected count as so many: one post that went round the world is
# one post.
FARTHEST, ROUNDS = 3.0, 10
# Rules with a clearer mark stand beside a rule if chance gives theirs no more often than this, and no more of them than
# one to ten posts.
CLEAR = 0.05
POSTS_PER_RULE = 10
LEAST_FREEDOM = 3
NOTHING = (float("nan"), float("nan"), float("nan"))
# Values that lie no further apart are the same.
CONSTANT = 1e-12
# Of what is called a finding, so much may be expected to be chance. SciPy has corrections for many tests and robust
# spreads too, in scipy.stats, whose import takes longer than an audit of a small export; the tests compare them.
FALSE_SHARE = 0.10
# The standard deviation of a normal variable over its median absolute deviation.
NORMAL_MAD = 1.482602218505602


@dataclass(frozen=True)
class Estimates:
    """Of every rule: `log` effect, its error, freedom and two-sided p, the share that follows, how many posts tell."""

    log: np.ndarray
    se: np.ndarray
    freedom: np.ndarray
    p: np.ndarray
    followed: np.ndarray
    posts: np.ndarray

    def beside(self, other: Estimates) -> Estimates:
        """These and, after them, the estimates of further questions on the same posts."""
        names = self.__dataclass_fields__
        return Estimates(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in names))


def estimate_effects(
    value: np.ndarray,
    weight: np.ndarray,
    covariates: np.ndarray,
    groups: Sequence[str],
    answers: np.ndarray,
    fields: Sequence[str],
    family: np.ndarray,
) -> Estimates:
    """The effects of rules on one account's results, each beside the rules whose own mark is clearer.

    `value` (n) is the logarithm of the result without NaN, `weight` (n) the inverse of its error; `covariates` (n x k)
    and the `groups` of their columns are those of `covariate_columns`. `answers` (n x r) is 1 where a post follows a
    rule, 0 where not, NaN where that is not known; `fields` are the columns of the posts table that the rules read.
    Rules are tested beside those of an equal number in `family` (r).
    """
    result, count, known_mask = no_estimates(answers), len(answers), ~np.isnan(answers)
    log, se, freedom, p, posts = result.log, result.se, result.freedom, result.p, result.posts
    followed = np.nansum(answers, axis=0)
    testable = (posts >= FEWEST) & (np.minimum(followed, posts - followed) >= FEWEST_A_SIDE)
    if not testable.any():
        return result
    value = winsorize_residuals(value, weight, covariates)
    parts = np.array(groups)
    free = {field: ~np.isin(parts, OF_FIELD[field]) for field in OF_FIELD}

    def fit(rule: int, beside: Sequence[int]) -> tuple[float, float, float]:
        rows = known_mask[:, rule]
        own_covariates = covariates[:, free[fields[rule]]] if fields[rule] in free and len(parts) else covariates
        others = [np.where(known_mask[:, s], answers[:, s] - followed[s] / posts[s], 0.0) for s in beside]
        design = np.column_stack([np.ones(count), own_covariates, *others, np.nan_to_num(answers[:, rule])])
        return last_coefficient(design[rows] * weight[rows, None], value[rows] * weight[rows])

    alone = {rule: fit(rule, ()) for rule in testable.nonzero()[0].tolist()}
    marks = {rule: t_test_p_value(*one) for rule, one in alone.items()}
    clears: dict[int, list[int]] = {int(number): [] for number in np.unique(family)}
    for rule in sorted(marks, key=lambda r: (np.nan_to_num(marks[r], nan=1.0), r)):
        clear = clears[int(family[rule])]
        estimate = fit(rule, clear) if clear else alone[rule]
        log[rule], se[rule], freedom[rule] = estimate
        p[rule] = t_test_p_value(*estimate)
        if p[rule] < CLEAR and len(clear) < count // POSTS_PER_RULE:
            clear.append(rule)
    return result


def no_estimates(answers: np.ndarray) -> Estimates:
    """How many posts answer each rule, and the share that follows it, without any effect."""
    posts = (~np.isnan(answers)).sum(axis=0)
    share = np.where(posts > 0, np.nansum(answers, axis=0) / np.maximum(posts, 1), np.nan)
    log, se, freedom, p = np.full((4, answers.shape[1]), np.nan)
    return Estimates(log, se, freedom, p, share, posts)


def no_estimates_by_account(answers: np.ndarray, account: np.ndarray, accounts: int) -> list[Estimates]:
    """The same for each account (below `accounts`), whose position `account` is by row; all at once."""
    known, posts, share = ~np.isnan(answers), *np.zeros((2, accounts, answers.shape[1]))
    np.add.at(posts, account, known)
    np.add.at(share, account, np.where(known, answers, 0))
    share = np.where(posts > 0, share / np.maximum(posts, 1), np.nan)
    nothing = np.full(answers.shape[1], np.nan)
    return [Estimates(nothing, nothing, nothing, nothing, *one) for one in zip(share, posts.astype(int), strict=True)]


def residuals(value: np.ndarray, covariates: np.ndarray) -> np.ndarray:
    """The residuals (n) of `value` after least squares on the covariates (n x k) and a constant."""
    design = np.column_stack([np.ones(len(value)), covariates])
    slopes, *_ = np.linalg.lstsq(design, value, rcond=None)
    return np.asarray(value - design @ slopes)


def winsorize_residuals(value: np.ndarray, weight: np.ndarray, covariates: np.ndarray) -> np.ndarray:
    """The results with residuals beyond FARTHEST robust spreads cut to those (Huber's winsorizing, by iteration)."""
    design = np.column_stack([np.ones(len(value)), covariates])
    winsorized = value
    for _ in range(ROUNDS):
        slopes, *_ = np.linalg.lstsq(design * weight[:, None], winsorized * weight, rcond=None)
        expected = design @ slopes
        away = value - expected
        spread = robust_spread(away)
        if spread < 1e-9:
            return value
        clipped = expected + np.clip(away, -FARTHEST * spread, FARTHEST * spread)
        if np.abs(clipped - winsorized).max() < 1e-6:
            break
        winsorized = clipped
    return np.asarray(winsorized)


def last_coefficient(design: np.ndarray, value: np.ndarray) -> tuple[float, float, float]:
    """The last coefficient of least squares, its standard error and degrees of freedom; NaN where not identified."""
    freedom = len(value) - design.shape[1]
    if freedom < LEAST_FREEDOM:
        return NOTHING
    # Of an orthogonal basis, the last direction is what of the last column the others do not hold: all that its
    # coefficient rests on.
    basis, upper = np.linalg.qr(design)
    along = basis.T @ value
    own, whole = float(upper[-1, -1]), float(np.linalg.norm(design[:, -1]))
    error = max(float(value @ value - along @ along), 0.0) / freedom
    if abs(own) <= 1e-3 * whole or error < 1e-12:
        return NOTHING
    return float(along[-1]) / own, float(np.sqrt(error)) / abs(own), float(freedom)


def t_test_p_value(log: float, se: float, freedom: float) -> float:
    """The two-sided p-value of a coefficient by Student's t; NaN where it has no standard error."""
    return float("nan") if np.isnan(se) else float(2 * stdtr(freedom, -abs(log) / se))


def welch_test(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float, float]:
    """By how much the mean of `other` is above that of `one`, its 90% interval and p-value (Welch, 1947).

    All but the difference is NaN where no value differs from another on either side.
    """
    gap = float(other.mean() - one.mean())
    if float(np.ptp(one)) < CONSTANT and float(np.ptp(other)) < CONSTANT:
        return gap, *NOTHING
    parts, sizes = (
        np.array([np.var(side, ddof=1) / len(side) for side in (one, other)]),
        np.array([len(one), len(other)]),
    )
    se, freedom = float(np.sqrt(parts.sum())), float(parts.sum() ** 2 / (parts**2 / (sizes - 1)).sum())
    step = float(stdtrit(freedom, 0.95)) * se
    return gap, gap - step, gap + step, t_test_p_value(gap, se, freedom)


def posterior(
    log: np.ndarray, se: np.ndarray, freedom: np.ndarray, prior: np.ndarray, doubt: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posterior mean and 90% interval of log effects under normal priors (mean, sd `doubt`), as wide as Student's t."""
    with np.errstate(invalid="ignore"):
        wide = se * stdtrit(freedom, 0.95) / NORMAL_90
        precision = 1 / wide**2 + 1 / doubt**2
        mean = (log / wide**2 + prior / doubt**2) / precision
    step = NORMAL_90 / np.sqrt(precision)
    return mean, mean - step, mean + step


def false_discovery(p: np.ndarray) -> np.ndarray:
    """q-values of Benjamini and Hochberg (1995): of findings with q up to FALSE_SHARE, that share may be false."""
    order = np.argsort(p, kind="stable")
    stepped = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return q


def robust_spread(values: np.ndarray) -> float:
    """The standard deviation by the median absolute deviation, which outliers do not move."""
    return float(np.median(np.abs(values - np.median(values)))) * NORMAL_MAD
