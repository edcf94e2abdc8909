"""Where each post stands among the others: what lies clearly above and below it, and what values change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tiktok_coach.core.arrays import rows_by_code
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.scoring import Ratios, usual_spread, weights

# A value may be half or twice what is taken, about two times in three.
DOUBT = 0.7
WEIGHTINGS = 200
MOST_SCORES = 10_000_000
NEAR = 0.05
RANKS = ["rank", "rank_low", "rank_high"]


def rank_posts(table: pd.DataFrame, account: np.ndarray, ranked: np.ndarray) -> pd.DataFrame:
    """The places of the `ranked` posts by the bands (possible_low to possible_high) in which their scores could lie.

    rank_low and rank_high leave room for every post whose band overlaps; rank is the place where they are the same, and
    else missing, as for posts that are not ranked. like_previous says whether a band overlaps that of the post with the
    next higher score; better_than is the share of its account's other ranked posts that lie clearly below.
    """
    result = pd.DataFrame({name: pd.Series(pd.NA, index=range(len(table)), dtype="Int64") for name in RANKS})
    result["like_previous"], result["better_than"] = False, np.nan
    rows = ranked.nonzero()[0]
    low, high, points = (table[name].to_numpy()[rows] for name in ("possible_low", "possible_high", "signal_score"))
    best, worst = 1 + _above(low, high), len(rows) - _below(low, high)
    result.loc[rows, "rank_low"], result.loc[rows, "rank_high"] = best, worst
    certain = best == worst
    result.loc[rows[certain], "rank"] = best[certain]
    # Equal scores stay in the order of the posts.
    order = np.argsort(-points, kind="stable")
    result.loc[rows[order[1:]], "like_previous"] = high[order[1:]] >= low[order[:-1]]
    if len(rows):
        for own in rows_by_code(account[rows], int(account[rows].max()) + 1):
            if len(own) > 1:
                result.loc[rows[own], "better_than"] = _below(low[own], high[own]) / (len(own) - 1)
    return result


def _above(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """How many bands lie wholly above each."""
    return np.asarray(len(low) - np.searchsorted(np.sort(low), high, side="right"))


def _below(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """How many bands lie wholly below each."""
    return np.asarray(np.searchsorted(np.sort(high), low, side="left"))


def weightings(catalogue: Catalogue, count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` rows of weights: those of every profile, then values about each in turn, which keep the orderings."""
    profiles = [catalogue.values(profile.name) for profile in catalogue.signal_profiles]
    rows = [weights(catalogue, values) for values in profiles][:count]
    while len(rows) < count:
        profile = profiles[len(rows) % len(profiles)]
        factors = np.exp(rng.normal(0, DOUBT, len(profile)))
        values = {name: value * factor for (name, value), factor in zip(profile.items(), factors, strict=True)}
        if all(values[order.stronger] > values[order.weaker] for order in catalogue.orderings):
            rows.append(weights(catalogue, values))
    return np.array(rows)


def rank_stability(
    ratios: Ratios, eligible: np.ndarray, catalogue: Catalogue, rng: np.random.Generator, *, whole: bool = False
) -> pd.DataFrame:
    """The share of weightings under which a post stays within one place in twenty of its rank; else missing."""
    count = int(eligible.sum())
    stable = pd.DataFrame({"rank_stability": np.full(len(eligible), np.nan)})
    if not count:
        return stable
    scored_mask = (np.ones_like(ratios.known) if whole else ratios.scored_mask())[eligible]
    away = np.where(scored_mask, ratios.mean[eligible] - 1, 0.0)

    def ranks(share: np.ndarray) -> np.ndarray:
        """By what each post brings above the usual, as far as posts usually lie apart in its known signals."""
        return ranks_of(np.einsum("ij,j->i", away, share) / usual_spread(scored_mask, share, catalogue))

    in_use, near = ranks(weights(catalogue)), max(1, int(NEAR * count))
    tries = int(np.clip(MOST_SCORES // count, 10, WEIGHTINGS))
    stable_count = sum(np.abs(ranks(row) - in_use) <= near for row in weightings(catalogue, tries, rng))
    stable.loc[eligible, "rank_stability"] = stable_count / tries
    return stable


def ranks_of(values: np.ndarray) -> np.ndarray:
    """1 for the highest; equal values share the place of their first, so that the order of posts does not matter."""
    return np.asarray(1 + len(values) - np.searchsorted(np.sort(values), values, side="right"))
