"""The ranker: how much each viewer is expected to make of each post, from the published signals. It only ranks.

Every signal is a product of something of the viewer and something of the post, so that all of them together are one
product of two matrices, and the score of every viewer for every post is that product and a logistic curve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tiktok_coach.ranking.feed.audience import CATEGORIES, DEVICES, Viewers


@dataclass(frozen=True)
class PostTraits:
    """What the ranker sees of posts: `topics` (posts x topics, rows up to 1), log quality, category, and hour or -1."""

    topics: np.ndarray
    quality: np.ndarray
    category: np.ndarray
    hour: np.ndarray


def viewer_matrix(viewers: Viewers) -> np.ndarray:
    """Viewers as float32 rows: interests, then a constant, then the sides that a post can meet."""
    columns = [
        viewers.interests - 1,
        np.ones((len(viewers), 1)),
        viewers.follows[:, None],
        viewers.own_country[:, None],
        viewers.own_language[:, None],
        (viewers.device == 0)[:, None],
        np.eye(CATEGORIES)[viewers.category],
        viewers.creates[:, None],
        np.cos(2 * np.pi * viewers.hour / 24)[:, None],
        np.sin(2 * np.pi * viewers.hour / 24)[:, None],
    ]
    return np.ascontiguousarray(np.hstack(columns), dtype=np.float32)


def post_matrix(traits: PostTraits, values: Mapping[str, float]) -> np.ndarray:
    """Posts as float32 rows, to meet those of viewer_matrix; the values of signals.yaml weigh them."""
    count = len(traits.quality)
    flat = np.ones((count, 1))
    known_hour = (traits.hour >= 0)[:, None]
    angle = 2 * np.pi * np.maximum(traits.hour, 0)[:, None] / 24
    columns = [
        values["interest"] * traits.topics,
        traits.quality[:, None],
        values["follow"] * flat,
        values["country"] * flat,
        values["language"] * flat,
        values["device"] / DEVICES * flat,
        values["category"] * np.eye(CATEGORIES)[traits.category],
        values["own_topic"] * traits.topics.sum(axis=1, keepdims=True),
        0.2 * known_hour * np.cos(angle),
        0.2 * known_hour * np.sin(angle),
    ]
    return np.ascontiguousarray(np.hstack(columns), dtype=np.float32)


def scores(viewer_rows: np.ndarray, post_rows: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """The score (0-1) of every viewer (row) for every post (column), float32. `out` is filled where it is given."""
    product = np.matmul(viewer_rows, post_rows.T, out=out)
    # 1 / (1 + exp(-x)), in place.
    np.negative(product, out=product)
    np.exp(product, out=product)
    product += np.float32(1)
    return np.reciprocal(product, out=product)


def topic_matrix(tags: Sequence[Sequence[str]], topics: Sequence[str]) -> np.ndarray:
    """Which topics each post is on, its weight parted among them.

    >>> topic_matrix([["rye", "bread"], []], ["bread", "rye"]).tolist()
    [[0.5, 0.5], [0.0, 0.0]]
    """
    place = {topic: column for column, topic in enumerate(topics)}
    table = np.zeros((len(tags), len(topics)))
    for row, post_tags in enumerate(tags):
        known = [place[tag] for tag in post_tags if tag in place]
        if known:
            table[row, known] = 1 / len(known)
    return table
