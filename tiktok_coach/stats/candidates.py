"""Which posts lie in which bands of facts, whether or not a tip speaks of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tiktok_coach.core.arrays import is_in
from tiktok_coach.core.facts import known_mask
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.stats.account import Posts, Questions
from tiktok_coach.stats.bands import Band

HOUR = np.timedelta64(1, "h")


def band_answers(posts: Posts, bands: Sequence[Band]) -> np.ndarray:
    """Which posts lie in which bands (posts x bands): 1 in it, 0 outside, NaN where the fact is not known."""
    return np.column_stack([_answer(posts, band) for band in bands]) if bands else np.zeros((len(posts.table), 0))


def band_questions(posts: Posts, bands: Sequence[Band], catalogue: Catalogue) -> Questions:
    """What the bands ask of these posts, each by itself."""
    codes, names, fields = (tuple(getattr(band, name) for band in bands) for name in ("id", "do", "field"))
    is_tip = np.zeros(len(bands), dtype=bool)
    return Questions(codes, names, fields, is_tip, band_answers(posts, bands), catalogue, is_separate=True)


def _answer(posts: Posts, band: Band) -> np.ndarray:
    if band.field == "hashtags":
        tags, answer = posts.subjects.hashtags(), np.zeros(len(posts.table))
        answer[tags.rows_with(band.any_of)] = 1.0
        return np.where(np.isnan(posts.values["hashtag_count"]), np.nan, answer)
    if band.any_of:
        texts = posts.subjects.column_or_null(band.field)
        return np.where(known_mask(texts), is_in(texts, band.any_of), np.nan)
    value = _values(posts, band.field)
    with np.errstate(invalid="ignore"):
        inside = np.ones(len(value), dtype=bool)
        for bound, holds in ((band.min, np.greater_equal), (band.max, np.less_equal), (band.below, np.less)):
            if bound is not None:
                inside &= holds(value, bound)
    return np.where(np.isnan(value), np.nan, inside)


def _values(posts: Posts, field: str) -> np.ndarray:
    if field in posts.values:
        return posts.values[field]
    if field == "weekday":
        return posts.at.weekday
    if field == "hours_since_post":
        return hours_since_post(posts)
    return np.asarray(posts.subjects.column_or_null(field), dtype="float64")


def hours_since_post(posts: Posts) -> np.ndarray:
    """Hours (n) since the account's post before, NaN for its first and where a time is not known to the second."""
    times = posts.subjects.column_or_null("posted_at")
    has_hour = is_in(posts.subjects.column_or_null("posted_at_precision"), ["second"])
    rows = (known_mask(times) & has_hour).nonzero()[0]
    order = rows[np.lexsort((times[rows], posts.account[rows]))]
    gaps = np.full(len(times), np.nan)
    same = posts.account[order[1:]] == posts.account[order[:-1]]
    gaps[order[1:]] = np.where(same, (times[order[1:]] - times[order[:-1]]) / HOUR, np.nan)
    return gaps
