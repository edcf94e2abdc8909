"""What each profile of values knows of a plain list, how its score goes along with growth, and the profile that is fitted to growth.

The score is not there to foretell growth, so that the fitted values are a profile beside the others and no default. They keep their signs, the
sourced orderings and, together, the weight that is assumed for likes, comments, shares and saves; what is fitted is how these share it.
`doubt` is the standard deviation of a value's logarithm about the assumed one: the firmest is taken whose rank correlation of the score with
the further growth in views, given age and cross-validated by account, lies within one standard error of the freest. Saves alone are the bar.

Run: python benchmarks/values.py GROWTH.csv
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from outcomes import FOLDS, OFFSET, REPEATS, folds, partial, posts_of, resampled
from scipy.optimize import minimize

from tiktok_coach.ranking.baseline import Baseline
from tiktok_coach.ranking.catalogue import ASSUMED, CONSENSUS, Catalogue, load_signals
from tiktok_coach.ranking.scoring import NORMAL_90, ratios, weights
from tiktok_coach.rules.load import rulebook

ACTIONS = ("like", "comment", "share", "save")
PLAIN = ("like", "comment", "share")
RESAMPLED = 200
DOUBTS = (0.5, 1.0, 2.0, 4.0, np.inf)
STARTS = ((0.0, 0.0, 0.0, 0.0), (-2.0, -2.0, -2.0, 0.0), (-3.0, -5.0, -5.0, 1.0))


class Fit:
    """Values fitted to growth: the score's line through it, the values drawn towards the assumed ones."""

    def __init__(self, growth: pd.DataFrame, catalogue: Catalogue) -> None:
        baseline = Baseline({curve.action: curve for curve in catalogue.baselines})
        found = ratios(posts_of(growth), catalogue, baseline)
        self.above = found.mean[:, [found.actions.index(action) for action in ACTIONS]] - 1
        usual, values = catalogue.usual(), catalogue.values(ASSUMED)
        self.usual = np.array([usual[action] for action in ACTIONS])
        self.assumed = np.array([values[action] for action in ACTIONS])
        self.together = float(self.usual @ self.assumed)
        # Among the orderings, those that bound an action of these from below.
        self.least = np.array(
            [
                max((values[o.weaker] for o in catalogue.orderings if o.stronger == action), default=0.0)
                for action in ACTIONS
            ]
        )
        self.growth = np.log(growth["views_later"] / growth["views"]).to_numpy(dtype="float64")
        self.target = np.log(self.growth + OFFSET)
        self.given = np.column_stack(
            [np.ones(len(growth)), np.log(growth[["age_days", "gap_days"]].to_numpy(dtype="float64"))]
        )

    def values(self, rows: np.ndarray, doubt: float) -> tuple[np.ndarray, float]:
        """The values that the posts in these rows support, and by how much (log-likelihood) they do better than the assumed ones."""
        given = self.given[rows]
        target = self._beside(self.target[rows], given)

        def misfit(logs: np.ndarray) -> float:
            held = self._beside(self.above[rows] @ (self.usual * self._kept(logs)), given)
            slope = max(float(held @ target) / max(float(held @ held), 1e-12), 0.0)
            return float(np.square(target - slope * held).sum() / (2 * target.var()))

        def drawn(logs: np.ndarray) -> float:
            return misfit(logs) + float(np.square(logs).sum()) / (2 * doubt**2)

        best = min(
            (minimize(drawn, start, method="Nelder-Mead", options={"maxiter": 4000}) for start in STARTS),
            key=lambda found: found.fun,
        )
        return self._kept(best.x), misfit(np.zeros(len(ACTIONS))) - misfit(best.x)

    def _kept(self, logs: np.ndarray) -> np.ndarray:
        values = self.assumed * np.exp(np.clip(logs, -8, 8))
        return np.maximum(values * self.together / (self.usual @ values), self.least)

    @staticmethod
    def _beside(values: np.ndarray, given: np.ndarray) -> np.ndarray:
        return values - given @ np.linalg.lstsq(given, values, rcond=None)[0]

    def scored(self, values: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """What each post brings above the usual, as a share of that."""
        share = self.usual * values
        return self.above[rows] @ share / share.sum()


def crossed(fit: Fit, account: np.ndarray, age: np.ndarray, doubt: float) -> tuple[float, float]:
    """The cross-validated correlation of the score with growth, given age, and its standard error over accounts."""
    scored = np.zeros((REPEATS, len(account)))
    for seed in range(REPEATS):
        part = folds(account, seed)
        for number in range(FOLDS):
            rows = part == number
            scored[seed, rows] = fit.scored(fit.values(np.flatnonzero(~rows), doubt)[0], rows)
    low, high = resampled(account, lambda rows: partial(scored[0][rows], fit.growth[rows], age[rows]))
    return float(np.mean([partial(one, fit.growth, age) for one in scored])), (high - low) / (2 * NORMAL_90)


def print_profiles(fit: Fit, catalogue: Catalogue, account: np.ndarray, age: np.ndarray) -> None:
    """For each profile the share of the weight that a list knows, and the score's correlation with growth, given age."""
    everyone, measured = np.arange(len(account)), list(catalogue.measured())
    print(f"{'profile':>12} {'plain list':>11} {'with saves':>11}  growth, given age (90% over accounts)")
    for name in (CONSENSUS, *(profile.name for profile in catalogue.signal_profiles)):
        values = catalogue.values(name)
        share = dict(zip(measured, np.abs(weights(catalogue, values)), strict=True))
        plain, saved = (sum(share[action] for action in some) / sum(share.values()) for some in (PLAIN, ACTIONS))
        scores = fit.scored(np.array([values[action] for action in ACTIONS]), everyone)
        low, high = resampled(account, lambda rows, s=scores: partial(s[rows], fit.growth[rows], age[rows]))
        whole = partial(scores, fit.growth, age)
        print(f"{name:>12} {plain:11.1%} {saved:11.1%}  {whole:+.3f} ({low:+.3f} to {high:+.3f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("growth", type=Path)
    growth = pd.read_csv(parser.parse_args().growth).dropna().reset_index(drop=True)
    age, account = growth["age_days"].to_numpy(dtype="float64"), growth["account"].to_numpy()
    catalogue, everyone = load_signals(rulebook()), np.arange(len(growth))
    fit = Fit(growth, catalogue)
    print_profiles(fit, catalogue, account, age)
    print(f"{len(growth):,} posts; values of {', '.join(ACTIONS)}; correlations given age, cross-validated by account")
    print(
        f"{'assumed':>12} {np.round(fit.assumed, 2)!s:34} {partial(fit.scored(fit.assumed, everyone), fit.growth, age):+.3f}"
    )
    print(f"{'saves alone':>12} {'':34} {partial(fit.above[:, 3], fit.growth, age):+.3f}")
    held = {doubt: crossed(fit, account, age, doubt) for doubt in DOUBTS}
    for doubt in DOUBTS:
        values, gained = fit.values(everyone, doubt)
        weight = fit.usual * values
        print(
            f"doubt {doubt:6.1f} {np.round(values, 2)!s:34} {held[doubt][0]:+.3f} (se {held[doubt][1]:.3f})  {gained:.2f} nats better, {weight[3] / weight.sum():.0%} of the weight on saves"
        )
    freest, error = held[DOUBTS[-1]]
    chosen = next(doubt for doubt in DOUBTS if held[doubt][0] >= freest - error)
    values, _ = fit.values(everyone, chosen)
    rng = np.random.default_rng(0)
    by_account = list(pd.Series(everyone).groupby(account).indices.values())
    many = np.array(
        [
            fit.values(
                np.concatenate([by_account[i] for i in rng.integers(0, len(by_account), len(by_account))]), chosen
            )[0]
            for _ in range(RESAMPLED)
        ]
    )
    print(f"chosen: doubt {chosen}; values with 90% over resampled accounts")
    ends = np.quantile(many, [0.05, 0.95], axis=0).T
    print(f"    values: {{{', '.join(f'{a}: {v:.3g}' for a, v in zip(ACTIONS, values, strict=True))}}}")
    print(
        f"    intervals: {{{', '.join(f'{a}: [{e[0]:.3g}, {e[1]:.3g}]' for a, e in zip(ACTIONS, ends, strict=True))}}}"
    )


if __name__ == "__main__":
    main()
