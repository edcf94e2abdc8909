"""The views that a post lets expect before it is out: from its account's level, its age, and what is known beforehand.

The logarithm of views is linear in the facts. Their coefficients are shrunk (a ridge) as far as leaving parts of the
posts out, whole accounts where there are several, shows that they foretell nothing; an account's level and spread are
shrunk to those of the others as far as its posts are few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from tiktok_coach.core.arrays import rows_by_code
from tiktok_coach.core.schema import numbers
from tiktok_coach.ranking.baseline import ENOUGH_POSTS, ages
from tiktok_coach.stats.account import Posts

# The age at which views of planned posts are expected.
DAYS = 7

# Strengths of the ridge, in posts, from facts that speak freely to facts that say nothing.
RIDGES = (3.0, 10.0, 30.0, 100.0, 300.0, np.inf)
# How the logarithm of views usually goes with that of 1 + days of age: the median over 1,029 public posts counted
# twice, 1 to 90 days old. Where an account's posts are all of like age, it counts as much as so many posts.
AGE_SLOPE, AGE_RIDGE = 0.2, 10.0
FOLDS = 5
# Facts must foretell better by this share before they are listened to.
BETTER = 0.01
# The spread of the other accounts counts as much as so many posts of one's own.
SPREAD_POSTS = 8.0
HIGH = 0.95
# Rates at which an account's level may drift, and how many posts tell where it begins.
RATES, START = (0.03, 0.07, 0.15, 0.3), 5


def post_features(posts: Posts, *, followers: bool = False) -> np.ndarray:
    """What is known of posts before they are out, a row each, NaN where not; the account's followers if asked for."""
    at, turn = posts.at, posts.at.hour * np.pi / 12
    with np.errstate(invalid="ignore", divide="ignore"):
        length = np.log(np.maximum(at.seconds, 0.5)) - np.log(15)
        is_weekend = np.where(np.isnan(at.weekday), np.nan, at.weekday >= 5)
        columns = [np.sin(turn), np.cos(turn), is_weekend, length, np.square(length)]
        columns += [np.log1p(posts.values["caption_utf16"]), posts.values["hashtag_count"]]
        columns += [numbers(posts.table, "sound_original")]
        columns += [np.log1p(numbers(posts.table, "followers"))] if followers else []
    return np.column_stack(columns).astype("float64")


@dataclass(frozen=True)
class ViewsModel:
    """A fit to published posts.

    `slopes` of age and facts have a `covariance` in units of the posts' variance. Each account has its `level`, the
    variance of that (`doubt`), its mean design (`middle`), its `spread` with the degrees of `freedom` of that, and its
    count of `posts`. `ridge` is infinite where the facts foretell nothing.
    """

    slopes: np.ndarray
    covariance: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    level: np.ndarray
    doubt: np.ndarray
    middle: np.ndarray
    spread: np.ndarray
    freedom: np.ndarray
    posts: np.ndarray
    ridge: float

    def predict(
        self, days: np.ndarray, facts: np.ndarray, account: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Views at an age in days: the median and the 90% of one post; NaN for an account without posts."""
        known = account < len(self.level)
        place = np.where(known, account, 0)
        away = _design(days, facts, self.centre, self.scale) - self.middle[place]
        middle = self.level[place] + away @ self.slopes
        leverage = np.einsum("ij,jk,ik->i", away, self.covariance, away)
        variance = self.spread[place] ** 2 * (1 + leverage) + self.doubt[place]
        step = stdtrit(self.freedom[place], HIGH) * np.sqrt(variance)
        known_views = np.where(known & (self.posts[place] > 0), 1.0, np.nan)
        return tuple(known_views * np.maximum(np.expm1(value), 0.0) for value in (middle, middle - step, middle + step))


def _design(days: np.ndarray, facts: np.ndarray, centre: np.ndarray, scale: np.ndarray) -> np.ndarray:
    away = np.where(np.isnan(facts), 0.0, (facts - centre) / scale)
    return np.column_stack([np.log1p(days), away])


def fit_views_model(
    posts: Posts, facts: np.ndarray, rows: np.ndarray, age: np.ndarray | None = None
) -> ViewsModel | None:
    """The fit to those posts in `rows` that are out and of known views and `age` (in days); None for few."""
    age = ages(posts.table) if age is None else age
    views = numbers(posts.table, "views")
    with np.errstate(invalid="ignore"):
        rows = rows[posts.out[rows] & (views[rows] > 0) & ~np.isnan(age[rows])]
    if len(rows) < 3:
        return None
    # In order of time, along which levels drift.
    rows = rows[np.argsort(posts.subjects.column_or_null("posted_at")[rows], kind="stable")]
    return _fit(np.log1p(views[rows]), age[rows], facts[rows], posts.account[rows], len(posts.names))


def expected_views(posts: Posts, planned: np.ndarray, due: np.ndarray) -> pd.DataFrame:
    """The views expected at seven days of age of the planned posts that are `due`: a row each, by their place.

    These are views (the median), low and high (90%, of one post), on how many posts of its account that rests, and
    whether its facts moved it; missing for accounts with fewer than 12 posts of known age and views.
    """
    due_rows = (planned & due).nonzero()[0]
    table = pd.DataFrame(np.nan, index=due_rows, columns=pd.Index(["views", "low", "high"]))
    table["posts"], table["moved"] = 0, False
    if not len(due_rows):
        return table
    facts, account = post_features(posts), posts.account
    model = fit_views_model(posts, facts, (~planned).nonzero()[0])
    if model is None:
        return table
    table["posts"] = model.posts[account[due_rows]]
    rows = due_rows[(table["posts"] >= ENOUGH_POSTS).to_numpy()]
    expected = model.predict(np.full(len(rows), DAYS), facts[rows], account[rows])
    for name, values in zip(("views", "low", "high"), expected, strict=True):
        table.loc[rows, name] = values
    table.loc[rows, "moved"] = bool(np.isfinite(model.ridge))
    return table


def _fit(value: np.ndarray, days: np.ndarray, facts: np.ndarray, account: np.ndarray, count: int) -> ViewsModel:
    """The fit to `value` (log of 1 + views) at ages of `days`, of posts of `count` accounts in order of time."""
    known_mask = ~np.isnan(facts)
    counts = np.maximum(known_mask.sum(axis=0), 1)
    centre = np.where(known_mask, facts, 0.0).sum(axis=0) / counts
    scale = np.sqrt(np.where(known_mask, np.square(facts - centre), 0.0).sum(axis=0) / counts)
    scale = np.where(scale > 1e-9, scale, 1.0)
    design = _design(days, facts, centre, scale)
    posts = np.bincount(account, minlength=count)
    middle = _means(design, account, posts)
    inside, centred = design - middle[account], value - _means(value[:, None], account, posts)[account, 0]
    ridge = _ridge(inside, centred, account, posts)
    slopes, covariance, used = _solved(inside, centred, ridge)
    rest = centred - inside @ slopes
    accounts = int((posts > 0).sum())
    spare = max(len(value) - accounts - used, 1.0)
    common = float(rest @ rest) / spare
    level, doubt = _levels(_means(value[:, None], account, posts)[:, 0], posts, common)
    own = np.bincount(account, np.square(rest), count).astype("float64")
    rate, latest, wider = _drift(rest, account, count)
    if rate:
        level, doubt = level + latest, np.maximum(doubt, common * rate / (2 - rate))
        common, own = common * wider, own * wider
    if accounts > 1:
        freedom = SPREAD_POSTS + np.maximum(posts - 1, 0)
        spread = np.sqrt((SPREAD_POSTS * common + own) / freedom)
    else:
        freedom, spread = np.full(count, spare), np.full(count, np.sqrt(common))
    return ViewsModel(slopes, covariance, centre, scale, level, doubt, middle, spread, freedom, posts, ridge)


def _means(values: np.ndarray, account: np.ndarray, posts: np.ndarray) -> np.ndarray:
    sums = np.column_stack([np.bincount(account, column, len(posts)) for column in values.T])
    return np.asarray(sums / np.maximum(posts, 1)[:, None])


def _solved(inside: np.ndarray, centred: np.ndarray, ridge: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Coefficients, their covariance over the posts' variance, and how many degrees of freedom they take."""
    free = inside.shape[1] if np.isfinite(ridge) else 1
    penalty = np.full(free, ridge if np.isfinite(ridge) else 0.0)
    penalty[0] = AGE_RIDGE
    part = inside[:, :free]
    inverse = np.linalg.inv(part.T @ part + np.diag(penalty))
    slopes, covariance = np.zeros(inside.shape[1]), np.zeros((inside.shape[1], inside.shape[1]))
    usual = np.zeros(free)
    usual[0] = AGE_SLOPE
    slopes[:free], covariance[:free, :free] = usual + inverse @ (part.T @ (centred - part @ usual)), inverse
    return slopes, covariance, float(np.trace(inverse @ (part.T @ part)))


def _ridge(inside: np.ndarray, centred: np.ndarray, account: np.ndarray, posts: np.ndarray) -> float:
    """The strength that predicts posts left out best: whole accounts where enough, else stretches of time."""
    accounts = int((posts > 0).sum())
    fold = account % FOLDS if accounts >= 2 * FOLDS else np.arange(len(centred)) * FOLDS // max(len(centred), 1)
    errors = []
    for ridge in RIDGES:
        error = 0.0
        for number in np.unique(fold).tolist():
            out = fold == number
            slopes, _, _ = _solved(inside[~out], centred[~out], ridge)
            error += float(np.square(centred[out] - inside[out] @ slopes).sum())
        errors.append(error)
    best = int(np.argmin(errors))
    return RIDGES[best] if errors[best] < (1 - BETTER) * errors[-1] else float(np.inf)


def _drift(rest: np.ndarray, account: np.ndarray, count: int) -> tuple[float, np.ndarray, float]:
    """The rate at which levels drift (exponential smoothing; 0 for none), how far by now, and a factor on variance."""
    parts = [rows for rows in rows_by_code(account, count) if len(rows) > START]
    latest = np.zeros(count)
    if not parts:
        return 0.0, latest, 1.0
    errors = dict.fromkeys((0.0, *RATES), 0.0)
    for rows in parts:
        values = rest[rows]
        running = np.cumsum(values)[:-1] / np.arange(1, len(values))
        errors[0.0] += float(np.square(values[START:] - running[START - 1 :]).sum())
        for rate in RATES:
            errors[rate] += float(np.square(values[START:] - _smoothed(values, rate)[START - 1 : -1]).sum())
    best = min(RATES, key=lambda rate: errors[rate])
    if errors[best] >= (1 - BETTER) * errors[0.0]:
        return 0.0, latest, 1.0
    for rows in parts:
        latest[account[rows[0]]] = _smoothed(rest[rows], best)[-1]
    inside = float(np.square(np.concatenate([rest[rows] for rows in parts])).mean())
    return best, latest, max(errors[best] / sum(len(rows) - START for rows in parts) / max(inside, 1e-12), 1.0)


def _smoothed(values: np.ndarray, rate: float) -> np.ndarray:
    """The level after each value; the first few tell where it begins."""
    begun = pd.Series(np.concatenate([[values[:START].mean()], values]))
    return begun.ewm(alpha=rate, adjust=False).mean().to_numpy()[1:]


def _levels(mean: np.ndarray, posts: np.ndarray, common: float) -> tuple[np.ndarray, np.ndarray]:
    """The level of each account, drawn to that of all as far as its posts are few, and the variance of it."""
    has_posts = posts > 0
    if has_posts.sum() < 2:
        return mean, common / np.maximum(posts, 1)
    noise = common / np.maximum(posts, 1)
    between = max(float(np.var(mean[has_posts], ddof=1)) - float(noise[has_posts].mean()), 1e-3)
    weight = between / (between + noise)
    centre = float(np.average(mean[has_posts], weights=1 / (between + noise[has_posts])))
    return centre + weight * (mean - centre), weight * noise
