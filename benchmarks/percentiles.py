"""Fits the percentiles of likes, comments, shares and saves per view by reach, and holds them against accounts left out.

Quantile regression (Koenker and Bassett 1978) of the logarithm of each rate on log views, linear between 1, 3, 10, ...
times 100. Accounts are weighed alike over all their posts and at each reach (the geometric mean of both weights). Year,
length and followers join where they lower the loss on accounts left out.
Printed is, over accounts left out, the share of posts under each percentile, and under the 25th in each decile of reach.

Run from the project's root:
python -m benchmarks.percentiles accounts/posts.parquet news_posts.csv outcomes/*.csv [-o rules/benchmarks.yaml]
"""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from statsmodels.regression.quantile_regression import QuantReg

from benchmarks.public_posts import data_arguments, read_sets, sets_of, yaml_text
from tiktok_coach.core.schema import numbers
from tiktok_coach.stats.benchmarks import Benchmarks, RateCurve, deviations, log_rate, reach_weights
from tiktok_coach.stats.outcomes import INTERACTIONS, published_mask

PERCENTILES = (10.0, 25.0, 50.0, 75.0, 90.0)
REFERENCE = {"year": 2025.0, "length": 15.0, "followers": 100_000.0}
FOLDS = 5
# A fact joins where it lowers the loss on accounts left out by this share.
BETTER = 0.002
LIMITS = (
    "accounts that others picked, most of the earlier ones well known; reach above 100 views; the sets differ in country "
    "and year at once, so that what goes with the year may be the country's"
)


@dataclass(frozen=True)
class Rates:
    """The logarithm of a rate (n), the facts of each post, its account, and the weight that weighs accounts alike."""

    value: np.ndarray
    views: np.ndarray
    away: dict[str, np.ndarray]
    fold: np.ndarray
    weight: np.ndarray
    account: np.ndarray

    @property
    def reach(self) -> tuple[float, ...]:
        """Reaches that most of the posts lie between."""
        low, high = np.quantile(self.views, [0.005, 0.995])
        return tuple(r for power in range(2, 10) for r in (10.0**power, 3 * 10.0**power) if low <= r <= high)

    @cached_property
    def fit_weight(self) -> np.ndarray:
        """The weight with which posts are fitted: accounts alike over all, and alike at each reach."""
        at_reach = pd.Series(np.round(2 * np.log10(self.views)))
        size = at_reach.groupby([self.account, at_reach]).transform("size").to_numpy()
        return np.asarray(np.sqrt(self.weight / size))

    def design(self, facts: tuple[str, ...]) -> np.ndarray:
        """The design of a regression: reach, and some facts."""
        return np.column_stack([reach_weights(self.views, self.reach), *(self.away[name] for name in facts)])


def rates_of(posts: pd.DataFrame, rate: str, years: tuple[float, float], rng: np.random.Generator) -> Rates:
    """A rate of the posts that tell it."""
    value = log_rate(posts, rate)
    rows = (np.isfinite(value) & published_mask(posts)).nonzero()[0]
    known = posts.iloc[rows]
    account, names = pd.factorize(known["account"])
    size = np.bincount(account)
    fold = (rng.permutation(len(names)) % FOLDS)[account]
    away = deviations(known, REFERENCE, years)
    return Rates(value[rows], numbers(known, "views"), away, fold, 1 / size[account], account)


def fit(value: np.ndarray, design: np.ndarray, weight: np.ndarray, percentile: float) -> np.ndarray:
    """The coefficients of a weighted quantile regression: the loss is proportional to the weight of a post."""
    scale = weight / weight.mean()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = QuantReg(value * scale, design * scale[:, None])
        return np.asarray(model.fit(q=percentile / 100, max_iter=300, p_tol=1e-4).params)


def left_out(rates: Rates, facts: tuple[str, ...], percentile: float) -> np.ndarray:
    """The percentile foretold for each post (n) from the accounts of other folds."""
    design, foretold = rates.design(facts), np.empty(len(rates.value))
    for number in range(FOLDS):
        out = rates.fold == number
        foretold[out] = design[out] @ fit(rates.value[~out], design[~out], rates.fit_weight[~out], percentile)
    return foretold


def loss(rates: Rates, foretold: np.ndarray, percentile: float) -> float:
    """The mean loss of a quantile, accounts weighed alike."""
    away, share = rates.value - foretold, percentile / 100
    return float(np.average(np.maximum(share * away, (share - 1) * away), weights=rates.weight))


def chosen_facts(rates: Rates) -> tuple[str, ...]:
    """The facts that each lower the loss of the median on accounts left out, beside reach."""
    alone = loss(rates, left_out(rates, (), 50.0), 50.0)
    varying = [name for name, values in rates.away.items() if np.ptp(values) > 0]
    return tuple(n for n in varying if loss(rates, left_out(rates, (n,), 50.0), 50.0) < (1 - BETTER) * alone)


def curve_of(rates: Rates, rate: str, facts: tuple[str, ...], sets: tuple[str, ...]) -> RateCurve:
    """The curve of a rate, from all accounts."""
    design, knots = rates.design(facts), len(rates.reach)
    by_percentile = np.column_stack([fit(rates.value, design, rates.fit_weight, one) for one in PERCENTILES])
    shares = np.exp(np.maximum.accumulate(by_percentile[:knots], axis=1))
    factors = {name: _rounded(np.exp(row)) for name, row in zip(facts, by_percentile[knots:], strict=True)}
    return RateCurve(
        rate=rate,
        accounts=len(np.unique(rates.account)),
        posts=len(rates.value),
        sets=sets,
        reach=rates.reach,
        shares=tuple(_rounded(row) for row in shares),
        factors=factors,
    )


def _rounded(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(f"{value:.3g}") for value in values)


def show(rates: Rates, rate: str, facts: tuple[str, ...]) -> None:
    """How many posts of accounts left out lie under each percentile, accounts weighed alike."""
    under = {one: rates.value < left_out(rates, facts, one) for one in PERCENTILES}
    shares = ", ".join(
        f"{one:.0f}th {np.average(is_under, weights=rates.weight):.1%}" for one, is_under in under.items()
    )
    print(f"{rate}: {len(rates.value):,} posts, {len(np.unique(rates.account)):,} accounts, by reach {' '.join(facts)}")
    print(f"  under {shares}")
    order = np.argsort(rates.views, kind="stable")
    decile = np.minimum((np.cumsum(rates.weight[order]) / rates.weight.sum() * 10).astype(int), 9)
    for label, by in (("fitted", under[25.0]), ("plain table", rates.value < left_out(rates, (), 25.0))):
        each = [np.average(by[order][decile == n], weights=rates.weight[order][decile == n]) for n in range(10)]
        own = pd.DataFrame({"under": by[order], "decile": decile, "account": rates.account[order]})
        alike = own.groupby(["decile", "account"])["under"].mean().groupby("decile").mean()
        print(f"  under the 25th by decile of reach, {label}: {' '.join(f'{x:.0%}' for x in each)}")
        print(f"    accounts of a decile alike:         {' '.join(f'{x:.0%}' for x in alike)}")


def main() -> None:
    given = data_arguments(__doc__, "the percentiles")
    posts, rng = read_sets(given.data).posts, np.random.default_rng(7)
    posted = posts["posted_at"].dt.year
    # Of the first years, and the last, only few posts tell.
    years = tuple(map(float, np.quantile(posted.dropna(), [0.02, 0.98])))
    curves = []
    for rate in INTERACTIONS:
        rates = rates_of(posts, rate, (years[0], years[1] + 1), rng)
        facts = chosen_facts(rates)
        show(rates, rate, facts)
        sets = tuple(posts.loc[np.isfinite(log_rate(posts, rate)), "set"].unique())
        curves.append(curve_of(rates, rate, facts, sets))
    if given.output:
        benchmarks = Benchmarks(
            source={
                "name": f"{len(posts):,} public posts of {posts['account'].nunique():,} accounts",
                "as_of": "2026-11",
            },
            fitted=dt.datetime.now(dt.UTC).date().isoformat(),
            sets=sets_of(posts),
            limits=LIMITS,
            percentiles=PERCENTILES,
            reference=REFERENCE,
            years=(years[0], years[1] + 1),
            rates=tuple(curves),
        )
        comment = "Percentiles of rates per view of public posts, by reach. Written by benchmarks/percentiles.py; aggregates alone."
        given.output.write_text(yaml_text(benchmarks, comment), "utf-8")


if __name__ == "__main__":
    main()
