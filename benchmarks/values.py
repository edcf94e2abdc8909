"""Asks what the values of likes, comments, shares and saves would be if outcomes chose them, and how far that depends on how firmly the
assumed ones are held to.

The values keep their signs and the sourced orderings. `doubt` is the standard deviation of a value's logarithm about the assumed one. The
rank correlation of the score with the further growth in views, given age, is cross-validated by account; saves alone are the bar.

Run: python benchmarks/values.py GROWTH.csv
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from outcomes import FOLDS, OFFSET, REPEATS, folds, partial, posts_of
from scipy.optimize import minimize

from tiktok_coach.rules.load import rulebook
from tiktok_coach.signals.baseline import reference
from tiktok_coach.signals.catalogue import Catalogue, load_signals
from tiktok_coach.signals.posterior import ratios

ACTIONS = ("like", "comment", "share", "save")
DOUBTS = (0.5, 1.0, 2.0, 4.0, np.inf)
STARTS = ((0.0, 0.0, 0.0, 0.0), (-2.0, -2.0, -2.0, 0.0), (-3.0, -5.0, -5.0, 1.0))


class Fit:
    """Values fitted to growth: the score's line through it, the values drawn towards the assumed ones."""

    def __init__(self, growth: pd.DataFrame, catalogue: Catalogue) -> None:
        found = ratios(posts_of(growth), catalogue, reference(catalogue))
        self.above = found.mean[:, [found.actions.index(action) for action in ACTIONS]] - 1
        usual, values = catalogue.usual(), catalogue.values()
        self.usual = np.array([usual[action] for action in ACTIONS])
        self.assumed = np.array([values[action] for action in ACTIONS])
        # Among the orderings, those that bound an action of these from below.
        self.least = np.array([max((values[o.weaker] for o in catalogue.orderings if o.stronger == action), default=0.0) for action in ACTIONS])  # fmt: skip
        self.growth = np.log(growth["views_later"] / growth["views"]).to_numpy(dtype="float64")
        self.target = np.log(self.growth + OFFSET)
        self.given = np.column_stack([np.ones(len(growth)), np.log(growth[["age_days", "gap_days"]].to_numpy(dtype="float64"))])  # fmt: skip

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
        return np.maximum(self.assumed * np.exp(np.clip(logs, -8, 8)), self.least)

    @staticmethod
    def _beside(values: np.ndarray, given: np.ndarray) -> np.ndarray:
        return values - given @ np.linalg.lstsq(given, values, rcond=None)[0]

    def scored(self, values: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """What each post brings above the usual, as a share of that."""
        share = self.usual * values
        return self.above[rows] @ share / share.sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("growth", type=Path)
    growth = pd.read_csv(parser.parse_args().growth).dropna().reset_index(drop=True)
    age, account = growth["age_days"].to_numpy(dtype="float64"), growth["account"].to_numpy()
    fit, everyone = Fit(growth, load_signals(rulebook())), np.arange(len(growth))
    print(f"{len(growth):,} posts; values of {', '.join(ACTIONS)}; correlations given age, cross-validated by account")
    print(f"{'assumed':>12} {np.round(fit.assumed, 2)!s:34} {partial(fit.scored(fit.assumed, everyone), fit.growth, age):+.3f}")  # fmt: skip
    print(f"{'saves alone':>12} {'':34} {partial(fit.above[:, 3], fit.growth, age):+.3f}")
    for doubt in DOUBTS:
        values, gained = fit.values(everyone, doubt)
        held = []
        for seed in range(REPEATS):
            part, scored = folds(account, seed), np.zeros(len(growth))
            for number in range(FOLDS):
                rows = part == number
                scored[rows] = fit.scored(fit.values(np.flatnonzero(~rows), doubt)[0], rows)
            held.append(partial(scored, fit.growth, age))
        weight = fit.usual * values
        print(f"doubt {doubt:6.1f} {np.round(values, 2)!s:34} {np.mean(held):+.3f}  {gained:.2f} nats better, {weight[3] / weight.sum():.0%} of the weight on saves")  # fmt: skip


if __name__ == "__main__":
    main()
