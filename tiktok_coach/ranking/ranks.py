"""Where each post stands among the others: its rank with its 90% range, and which others it beats beyond doubt.

What a post brings is taken as normal about its mean. In a long list posts that are as good and as sure as each other
are counted together, so that a million are compared as quickly as a thousand.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from tiktok_coach.core.arrays import rows_by_code
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.scoring import Ratios, relative_size, weights

SURE = 0.95
# Neighbours of which the better one is the better one with less than this chance cannot be told apart.
TOLD_APART = 0.75
EXACT = 1_500
MEANS, DOUBTS = 400, 8
LEVELS = np.array([0.05, 0.95])
RANKS = ["rank", "rank_low", "rank_high"]
# A value may be half or twice what is assumed, about two times in three.
DOUBT = 0.7
WEIGHTINGS = 200
MOST_SCORES = 10_000_000
NEAR = 0.05


def rank_posts(value: np.ndarray, doubt: np.ndarray, account: np.ndarray, eligible: np.ndarray) -> pd.DataFrame:
    """A row a post: rank (1 is the highest), missing where it is not eligible, rank_low and rank_high (its 90% range),
    like_previous (whether it cannot be told from the one before it), better_than (the share of its account's other
    eligible posts that it beats with 95%).
    """
    count = len(value)
    table = pd.DataFrame({name: pd.Series(pd.NA, index=range(count), dtype="Int64") for name in RANKS})
    table["like_previous"], table["better_than"] = False, np.nan
    rows = eligible.nonzero()[0]
    if not len(rows):
        return table
    mean, spread = value[rows], np.maximum(doubt[rows], 1e-12)
    # Equal scores stay in the order of the posts.
    order = np.argsort(-mean, kind="stable")
    rank = _ranks_in(order, mean)
    table.loc[rows, "rank"] = rank
    table.loc[rows, "rank_low"], table.loc[rows, "rank_high"] = _range(mean, spread, rank)
    before, after = order[:-1], order[1:]
    chance = ndtr((mean[before] - mean[after]) / np.hypot(spread[before], spread[after]))
    like = np.zeros(len(rows), dtype=bool)
    like[after] = chance < TOLD_APART
    table.loc[rows, "like_previous"] = like
    table.loc[rows, "better_than"] = _beaten(mean, spread, account[rows])
    return table


def _groups(mean: np.ndarray, spread: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Posts as groups of equals: the mean and the doubt of each group, how many it has, and the group of each post."""
    if len(mean) <= EXACT:
        return mean, spread, np.ones(len(mean)), np.arange(len(mean))
    edges = np.unique(np.quantile(spread, np.linspace(0, 1, DOUBTS + 1)[1:-1]))
    steps = np.unique(np.quantile(mean, np.linspace(0, 1, MEANS + 1)[1:-1]))
    code = np.searchsorted(steps, mean) * (len(edges) + 1) + np.searchsorted(edges, spread)
    _, group, size = np.unique(code, return_inverse=True, return_counts=True)
    return np.bincount(group, mean) / size, np.bincount(group, spread) / size, size.astype("float64"), group


def _range(mean: np.ndarray, spread: np.ndarray, rank: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The ranks that each post would have at the ends of its own 90%, the others where they are likely to be."""
    centre, width, size, group = _groups(mean, spread)
    ranks_at_ends = np.empty((len(centre), 2))
    for side, step in enumerate(ndtri(LEVELS)):
        at = centre + step * width
        better = [(size * ndtr((centre - at[rows, None]) / width)).sum(axis=1) for rows in _pieces(len(at))]
        # A post is not better than itself.
        ranks_at_ends[:, 1 - side] = np.concatenate(better) - ndtr(-step)
    ranks = np.clip(np.rint(ranks_at_ends + 1), 1, len(mean)).astype(np.int64)[group]
    return np.minimum(ranks[:, 0], rank), np.maximum(ranks[:, 1], rank)


def _pieces(count: int) -> list[np.ndarray]:
    """The positions of as many groups, so few at a time that comparing them with all takes little memory."""
    return np.array_split(np.arange(count), max(count // 500, 1))


def _beaten(mean: np.ndarray, spread: np.ndarray, account: np.ndarray) -> np.ndarray:
    """The share of each account's other posts that each post beats with 95%."""
    share_beaten, sure = np.full(len(mean), np.nan), ndtri(SURE)
    for own in rows_by_code(account, int(account.max()) + 1):
        if len(own) < 2:
            continue
        centre, width, size, group = _groups(mean[own], spread[own])
        beats = [
            ((centre[rows, None] - centre) >= sure * np.hypot(width[rows, None], width)) @ size
            for rows in _pieces(len(centre))
        ]
        share_beaten[own] = np.minimum(np.concatenate(beats)[group] / (len(own) - 1), 1.0)
    return share_beaten


def weightings(catalogue: Catalogue, count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` rows of weights, from values drawn round the assumed ones that keep every sourced ordering and sign."""
    assumed = catalogue.values()
    rows: list[np.ndarray] = []
    while len(rows) < count:
        factors = np.exp(rng.normal(0, DOUBT, len(assumed)))
        values = {name: value * factor for (name, value), factor in zip(assumed.items(), factors, strict=True)}
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
        return ranks_of(np.einsum("ij,j->i", away, share) / relative_size(scored_mask, share, catalogue))

    assumed, near = ranks(weights(catalogue)), max(1, int(NEAR * count))
    tries = int(np.clip(MOST_SCORES // count, 10, WEIGHTINGS))
    stable_count = sum(np.abs(ranks(row) - assumed) <= near for row in weightings(catalogue, tries, rng))
    stable.loc[eligible, "rank_stability"] = stable_count / tries
    return stable


def ranks_of(values: np.ndarray) -> np.ndarray:
    """1 for the highest; equal values share the place of their first, so that the order of posts does not matter."""
    return _ranks_in(np.argsort(-values), values)


def _ranks_in(order: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The ranks of values whose order is known."""
    ranks = np.empty(len(values), dtype=np.int64)
    is_first = np.diff(values[order], prepend=np.inf) != 0
    ranks[order] = np.maximum.accumulate(np.where(is_first, np.arange(len(values)), 0)) + 1
    return ranks
