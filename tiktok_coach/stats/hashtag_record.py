"""What an account's own posts say of one hashtag: how often it is used, and the views of posts with it and without."""

from __future__ import annotations

import datetime as dt

import numpy as np

from tiktok_coach.core.periods import DAY, EPOCH
from tiktok_coach.core.records import dataclass
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.scoring import NORMAL_90
from tiktok_coach.stats.account import Posts
from tiktok_coach.stats.account_effects import fit_effects, thin
from tiktok_coach.stats.advice import ENOUGH, posterior_of, record_prior
from tiktok_coach.stats.bands import hashtag_band
from tiktok_coach.stats.candidates import band_questions
from tiktok_coach.stats.outcomes import Outcome
from tiktok_coach.stats.public_record import PublicRecord


@dataclass(frozen=True)
class HashtagRecord:
    """How one account's published posts with a hashtag did.

    `posts` of `of` carry it, the last on the day `last`. `typical` is the median of their views and `typical_others`
    that of the others', None where none is known. `effect` is the factor on the views of a post that carries it beside
    others of the same recent level, age, time and length, with the 90% interval from `low` to `high`; None where fewer
    than 8 posts with it, or without it, have their views.
    """

    tag: str
    posts: int
    of: int
    last: dt.date | None = None
    typical: float | None = None
    typical_others: float | None = None
    effect: tuple[float, float, float] | None = None


def hashtag_record(
    posts: Posts, outcome: Outcome, tag: str, record: PublicRecord, catalogue: Catalogue
) -> HashtagRecord:
    """The record of a hashtag (lower case, without #) among one account's posts.

    `outcome` holds the logarithm of each post's views. What public accounts' own hashtags do is what is expected of it
    before its posts are looked at.
    """
    tags = posts.subjects.hashtags()
    has = np.zeros(len(posts.table), dtype=bool)
    has[tags.rows_with((tag,))] = True
    used = has & posts.out
    count, total = int(used.sum()), int(posts.out.sum())
    if not count:
        return HashtagRecord(tag, 0, total)
    views = np.expm1(outcome.value)
    typical, others = (_median(views[rows]) for rows in (used, posts.out & ~has))
    days = posts.days[used]
    last = EPOCH + int(days[np.isfinite(days)].max()) * DAY if np.isfinite(days).any() else None
    return HashtagRecord(tag, count, total, last, typical, others, _effect(posts, outcome, tag, record, catalogue))


def _median(views: np.ndarray) -> float | None:
    known = views[np.isfinite(views)]
    return float(np.median(known)) if len(known) else None


def _effect(
    posts: Posts, outcome: Outcome, tag: str, record: PublicRecord, catalogue: Catalogue
) -> tuple[float, float, float] | None:
    bands = [hashtag_band(tag)]
    whose = np.zeros(len(posts.table), dtype=np.int64)
    rows = thin(whose, ENOUGH)
    questions = band_questions(posts, bands, catalogue).rows(rows)
    [fit] = fit_effects(outcome.rows(rows), posts.at.rows(rows), questions, whose[rows], 1)
    if not np.isfinite(fit.log[0]):
        return None
    (mean,), (sd,) = posterior_of(fit, record_prior(record, bands))
    step = NORMAL_90 * sd
    low, middle, high = np.exp([mean - step, mean, mean + step]).tolist()
    return middle, low, high
