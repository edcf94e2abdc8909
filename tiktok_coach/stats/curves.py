"""Where an account's own best lies: results along a fact that has many values, as a smooth curve with its band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from tiktok_coach.core.captions import utf16_length
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.special_functions import fdtrc, stdtrit
from tiktok_coach.core.translation import N_
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.rules.subjects import Subjects
from tiktok_coach.stats.effects import FALSE_SHARE, false_discovery, winsorize_residuals
from tiktok_coach.stats.outcomes import HOUR, LENGTH, VIEWS, Covariates, Outcome, covariate_columns

# A curve needs so many posts and values, and bends so often.
FEWEST, FEWEST_VALUES, BENDS = 30, 4, 3
GRID, DRAWS = 48, 1000


@dataclass(frozen=True)
class Fact:
    """A fact with many values: the column that holds it, whether on a logarithm, the covariate that it replaces."""

    name: str
    field: str
    unit: str
    control: str | None = None
    log: bool = True


FACTS = (
    Fact(N_("length"), "duration_s", N_("s"), LENGTH),
    Fact(N_("hour"), "hour", N_("o'clock"), HOUR, log=False),
    Fact(N_("hook"), "hook_s", N_("s")),
    Fact(N_("caption length"), "caption_utf16", N_("characters")),
    Fact(N_("hashtags"), "hashtag_count", N_("hashtags"), log=False),
)


@dataclass(frozen=True)
class Curve:
    """Results along a fact: at `x` the `effect` against the account's usual post, with its band `low` and `high` (90%).

    `best` is between which values, nine times in ten, the best lies; None where the curve is no more than chance (`q`
    above a tenth). `tip` is the code of a rule on the same fact, with the range that it asks for.
    """

    fact: str
    unit: str
    outcome: str
    posts: int
    x: np.ndarray
    effect: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: float
    q: float = 1.0
    best: tuple[float, float] | None = None
    tip: tuple[str, float | None, float | None] | None = None


def values_of(subjects: Subjects, at: Covariates) -> dict[str, np.ndarray]:
    """Every fact of every post, NaN where it is not known."""
    length = utf16_length(subjects.column_or_null("shown_caption"))
    values = {"hour": at.hour, "caption_utf16": length}
    plain = [fact.field for fact in FACTS if fact.field not in values]
    return values | {name: np.asarray(subjects.column_or_null(name), dtype="float64") for name in plain}


# Of a fitted curve the coefficients, their covariance, and the terms of each place of the grid.
Shape: TypeAlias = tuple[np.ndarray, np.ndarray, np.ndarray]


def curves(
    outcome: Outcome,
    at: Covariates,
    values: Mapping[str, np.ndarray],
    rules: Sequence[CompiledRule],
    rng: np.random.Generator,
) -> list[Curve]:
    """The curves of one account's posts that have enough values; q-values over all of them."""
    of_facts = ((fact, _curve(fact, outcome, at, values[fact.field])) for fact in FACTS)
    curves_of_facts = [(fact, *one) for fact, one in of_facts if one is not None]
    if not curves_of_facts:
        return []
    chance = false_discovery(np.array([curve.p for _, curve, _ in curves_of_facts]))
    return [
        replace(curve, q=float(q), best=_best(curve, shape, rng) if q <= FALSE_SHARE else None, tip=_tip(fact, rules))
        for (fact, curve, shape), q in zip(curves_of_facts, chance, strict=True)
    ]


def _best(curve: Curve, shape: Shape, rng: np.random.Generator) -> tuple[float, float]:
    """Between which places the highest point of the curve lies, nine times in ten."""
    slopes, covariance, away = shape
    simulated = rng.multivariate_normal(slopes, covariance, DRAWS, method="eigh") @ away.T
    low, high = np.quantile(curve.x[np.argmax(simulated, axis=1)], [0.05, 0.95])
    return float(low), float(high)


def _curve(fact: Fact, outcome: Outcome, at: Covariates, x: np.ndarray) -> tuple[Curve, Shape] | None:
    rows = (np.isfinite(outcome.value) & np.isfinite(x)).nonzero()[0]
    if len(rows) < FEWEST or len(np.unique(x[rows])) < FEWEST_VALUES:
        return None
    covariates, groups = covariate_columns(at.rows(rows), reach=outcome.name != VIEWS)
    beside = covariates[:, [group != fact.control for group in groups]] if groups else covariates
    grid = _grid(fact, x[rows])
    shape, on_grid = _terms(fact, x[rows], grid)
    weight = outcome.weight[rows]
    y = winsorize_residuals(outcome.value[rows], weight, beside) * weight
    base = np.column_stack([np.ones(len(rows)), beside]) * weight[:, None]
    design = np.column_stack([base, shape * weight[:, None]])
    freedom, bends = len(rows) - design.shape[1], shape.shape[1]
    slopes, _, rank, _ = np.linalg.lstsq(design, y, rcond=1e-9)
    sum_of_squares = float(np.square(y - design @ slopes).sum())
    if freedom < bends or rank < design.shape[1] or sum_of_squares < 1e-9:
        return None
    flat = float(np.square(y - base @ np.linalg.lstsq(base, y, rcond=1e-9)[0]).sum())
    p = float(fdtrc(bends, freedom, max(flat - sum_of_squares, 0.0) / bends / (sum_of_squares / freedom)))
    covariance = np.linalg.inv(design.T @ design)[-bends:, -bends:] * sum_of_squares / freedom
    away = on_grid - shape.mean(axis=0)
    middle = away @ slopes[-bends:]
    step = float(stdtrit(freedom, 0.95)) * np.sqrt(np.einsum("ij,jk,ik->i", away, covariance, away))
    low, high = np.exp(middle - step), np.exp(middle + step)
    curve = Curve(fact.name, fact.unit, outcome.name, len(rows), grid, np.exp(middle), low, high, p)
    return curve, (slopes[-bends:], covariance, away)


def _grid(fact: Fact, x: np.ndarray) -> np.ndarray:
    """Where the curve is shown: the middle nine tenths of the account's posts, or the hours that it has."""
    if fact.control == HOUR:
        return np.unique(x)
    low, high = np.quantile(x, [0.05, 0.95])
    if not fact.log:
        return np.arange(np.floor(low), np.ceil(high) + 1)
    return np.asarray(np.expm1(np.linspace(np.log1p(low), np.log1p(high), GRID)))


def _terms(fact: Fact, x: np.ndarray, grid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The terms at the posts and on the grid: two waves a day for the hour, else a natural cubic spline."""
    if fact.control == HOUR:
        angles = [[turn * values * np.pi / 12 for turn in (1, 2)] for values in (x, grid)]
        at_posts, on_grid = (np.column_stack([f(a) for a in of for f in (np.sin, np.cos)]) for of in angles)
        return at_posts, on_grid
    from patsy.mgcv_cubic_splines import CR

    values, grid = (np.log1p(values) if fact.log else values for values in (x, grid))
    bends = min(BENDS, len(np.unique(values)) - 1)
    spline, shape = CR(), {"df": bends, "constraints": "center"}
    spline.memorize_chunk(values, **shape)
    spline.memorize_finish()
    return np.asarray(spline.transform(values, **shape)), np.asarray(spline.transform(grid, **shape))


def _tip(fact: Fact, rules: Sequence[CompiledRule]) -> tuple[str, float | None, float | None] | None:
    """The rule of a tip that asks for a range of the fact, one with both ends before others."""
    of_field = {fact.field, "shown_caption"} if fact.field == "caption_utf16" else {fact.field}
    asking = [
        (c.code, getattr(c.params, "min", None) or None, getattr(c.params, "max", None))
        for c in rules
        if c.tip is not None and c.rule.field in of_field
    ]
    ranges = [one for one in asking if one[1] is not None or one[2] is not None]
    return min(ranges, key=lambda one: (one[1] is None) + 2 * (one[2] is None), default=None)
