"""How far the ranking rests on the assumed values: over many plausible ones, how often does a post keep its place?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.posterior import Ratios
from tiktok_coach.ranking.scoring import relative_size, weights

# A value may be half or twice what is assumed, about two times in three.
DOUBT = 0.7
WEIGHTINGS = 200
MOST_SCORES = 10_000_000
NEAR = 0.05


def weightings(catalogue: Catalogue, count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` rows of weights, from values drawn round the assumed ones that keep every sourced ordering and sign."""
    values = catalogue.values()
    names = list(values)
    assumed = np.array([values[n] for n in names])
    place = {name: i for i, name in enumerate(names)}
    rows: list[np.ndarray] = []
    while len(rows) < count:
        sampled = assumed * np.exp(rng.normal(0, DOUBT, len(names)))
        if all(sampled[place[o.stronger]] > sampled[place[o.weaker]] for o in catalogue.orderings):
            rows.append(weights(catalogue, dict(zip(names, sampled, strict=True))))
    return np.array(rows)


def rank_stability(
    ratios: Ratios, eligible: np.ndarray, catalogue: Catalogue, rng: np.random.Generator, *, whole: bool = False
) -> pd.DataFrame:
    """The share of weightings under which a post stays within one place in twenty of its rank; else missing."""
    count = int(eligible.sum())
    stable = pd.Series(np.nan, index=range(len(eligible)))
    if not count:
        return pd.DataFrame({"rank_stability": stable})
    scored_mask = np.ones_like(ratios.known) if whole else ratios.scored_mask()
    away = np.where(scored_mask, ratios.mean - 1, 0.0)
    if not eligible.all():
        scored_mask, away = scored_mask[eligible], away[eligible]
    assumed = ranks_of(_relative(away, scored_mask, weights(catalogue), catalogue))
    tries = int(np.clip(MOST_SCORES // max(count, 1), 10, WEIGHTINGS))
    near = max(1, int(NEAR * count))
    stable_count = np.zeros(count)
    for row in weightings(catalogue, tries, rng):
        stable_count += np.abs(ranks_of(_relative(away, scored_mask, row, catalogue)) - assumed) <= near
    stable[eligible] = stable_count / tries
    return pd.DataFrame({"rank_stability": stable})


def _relative(away: np.ndarray, scored_mask: np.ndarray, share: np.ndarray, catalogue: Catalogue) -> np.ndarray:
    """What each post brings above the usual, as far as posts usually lie apart in its held signals."""
    return np.asarray(np.einsum("ij,j->i", away, share) / relative_size(scored_mask, share, catalogue))


def ranks_of(values: np.ndarray) -> np.ndarray:
    """1 for the highest; equal values share the place of their first, so that the order of posts does not matter."""
    order = np.argsort(-values)
    ranked = values[order]
    first = np.maximum.accumulate(
        np.where(np.concatenate([[True], ranked[1:] != ranked[:-1]]), np.arange(len(values)), 0)
    )
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[order] = first + 1
    return ranks
