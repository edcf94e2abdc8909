"""Simulated accounts whose truth is known: what a post's actions are worth, before chance has made counts of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from tiktok_coach.core.schema import conform
from tiktok_coach.ranking.baseline import Baseline
from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.ranking.scoring import usual_spread, weights
from tiktok_coach.rules.load import rulebook

CATALOGUE = load_signals(rulebook())
REFERENCE = Baseline({curve.action: curve for curve in CATALOGUE.baselines})


def account(rng: np.random.Generator, count: int, baseline: Baseline = REFERENCE) -> tuple[pd.DataFrame, np.ndarray]:
    """Posts with counts, and the score that each would have if its rates were known."""
    views = np.maximum(rng.lognormal(6.5, 1.3, count).astype(int), 20)
    facts = pd.DataFrame(
        {"post_id": [f"p{n}" for n in range(count)], "views": views, "duration_s": rng.uniform(6, 60, count)}
    )
    table = facts.copy()
    ratios = []
    for action, (_, column) in CATALOGUE.measured().items():
        spread = baseline.curves[action].spread
        usual = baseline.expected_rates(facts)[action][0]
        ratio = np.minimum(rng.gamma(1 / spread**2, spread**2, count), 0.95 / usual)
        ratios.append(ratio)
        counted = rng.binomial(views, usual * ratio)
        if action == "completion":
            table[column] = counted / views
        elif action == "playtime":
            table[column] = counted / views * facts["duration_s"]
        else:
            table[column] = counted
    share = weights(CATALOGUE)
    spread = usual_spread(np.ones((1, len(share)), dtype=bool), share, CATALOGUE)
    truth = 100 * expit((np.column_stack(ratios) - 1) @ share / spread)
    return conform(table), truth
