"""The views that a post lets expect before it is out: from its account's recent level, its age, and its facts.

The logarithm of views lies about the recent level (the mean of earlier posts, newer ones weighing more), moved by how
the post's facts differ from those of the posts that make up the level, and by what its hashtags and words brought
before. How far each moves views is known from public posts (rules/views.yaml, fitted by benchmarks/foretold.py), with
how far accounts differ; an account's own posts update that.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import Field

from tiktok_coach.core.arrays import rows_by_code
from tiktok_coach.core.documents.document import read_model
from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import numbers
from tiktok_coach.core.special_functions import stdtrit
from tiktok_coach.ranking.baseline import ENOUGH_POSTS, ages
from tiktok_coach.rules.load import rulebook
from tiktok_coach.rules.model import Date, Origin, Strict
from tiktok_coach.stats.account import Posts
from tiktok_coach.stats.bands import load_bands
from tiktok_coach.stats.candidates import band_answers, hours_since_post
from tiktok_coach.stats.outcomes import HALF_LIFE

FILE = "views.yaml"
# The age at which views of planned posts are expected.
DAYS = 7
# How the logarithm of views usually goes with that of 1 + days of age: the median over 1,029 public posts counted
# twice, 1 to 90 days old. Accounts lie about it by so much.
AGE_SLOPE, AGE_DOUBT = 0.2, 0.15
# Levels of other half-lives (posts): beside the recent one they say whether views rise, or come back to the usual.
HALF_LIVES = (1.0, 2.0, 20.0, 1000.0)
BANDS = ("question", "generic-hashtag", "video-reply", "under-12-seconds", "60-seconds-or-longer")
FACTS = (
    *("hour_sine", "hour_cosine", "half_day_sine", "half_day_cosine", "weekend", "length", "length_squared"),
    *("caption", "hashtag_count", "hashtag_root", "own_sound", "gap", "gap_squared", "photo", *BANDS),
)
FEATURES = (
    *("age", *(f"level_{half_life:.0f}" for half_life in HALF_LIVES)),
    *("hashtags_mean", "hashtags_most", "words_mean", "words_most", *FACTS),
)
# A hashtag or a word also has so many posts that brought nothing, and no post brought more than so much (log).
WORD_POSTS, WORD_MOST = 5.0, 2.0
WORD = re.compile(r"(?<![#\w])\w{3,}")
# So many earlier posts make a level.
START = 5
# The spread of public accounts counts as much as so many posts of one's own, and no post as further off than so many.
SPREAD_POSTS, FARTHEST = 8.0, 3.0
HIGH = 0.95


class ViewsRecord(Strict):
    """What public posts say of how far each of FEATURES moves the logarithm of views.

    `slopes` are the means over accounts and `doubts` how far accounts lie apart (standard deviation); `spread` is how
    far a post usually lies from what is expected.
    """

    source: Origin
    fitted: Date
    slopes: dict[str, float]
    doubts: dict[str, float]
    spread: float = Field(gt=0)


@cache
def load_views_record(folder: Path) -> ViewsRecord:
    """The record in a folder of rules."""
    return read_model(ViewsRecord, folder / FILE)


def post_facts(posts: Posts) -> np.ndarray:
    """FACTS of every post (n x facts), NaN where not known."""
    at, turn = posts.at, posts.at.hour * np.pi / 12
    kind = posts.subjects.column_or_null("kind")
    with np.errstate(invalid="ignore", divide="ignore"):
        length = np.log(np.maximum(at.seconds, 0.5)) - np.log(15)
        gap = np.log(np.clip(hours_since_post(posts), 0.1, 240))
        columns = [np.sin(turn), np.cos(turn), np.sin(2 * turn), np.cos(2 * turn)]
        columns += [np.where(np.isnan(at.weekday), np.nan, at.weekday >= 5), length, np.square(length)]
        columns += [np.log1p(posts.values["caption_utf16"]), posts.values["hashtag_count"]]
        columns += [np.sqrt(posts.values["hashtag_count"]), numbers(posts.table, "sound_original"), gap, np.square(gap)]
        columns += [np.where(known_mask(kind), np.asarray(kind) == "photo", np.nan)]
    bands = {band.id: band for band in load_bands(rulebook())}
    return np.column_stack([*columns, band_answers(posts, [bands[name] for name in BANDS])]).astype("float64")


@dataclass(frozen=True)
class ViewsDesign:
    """Every post (n) beside those of its account before it.

    `value` is the logarithm of 1 + views, NaN where not known; `recent` the mean of earlier ones, and `level` that with
    the usual growth by age; `features` (n x FEATURES) are 0 where not known. `earlier` counts the earlier posts.
    """

    value: np.ndarray
    recent: np.ndarray
    level: np.ndarray
    features: np.ndarray
    earlier: np.ndarray
    account: np.ndarray
    accounts: int


def log_age(days: np.ndarray) -> np.ndarray:
    """The logarithm of 1 + age in days; NaN where a post was counted a day or more before it was out.

    Where only the days of both are known, a post may seem to be counted some hours before.
    """
    return np.asarray(np.log1p(np.where(days > -1, np.maximum(days, 0.0), np.nan)))


def views_design(posts: Posts, days: np.ndarray, known_rows: np.ndarray) -> ViewsDesign:
    """The design of posts at an age of `days`, from the views of posts in `known_rows` (n, bool)."""
    views, account, age = numbers(posts.table, "views"), posts.account, log_age(days)
    with np.errstate(invalid="ignore"):
        known = known_rows & (views > 0) & np.isfinite(age)
    grown = AGE_SLOPE * age
    value = np.where(known, np.log1p(np.where(known, views, 0.0)), np.nan)
    order = np.lexsort((posts.at.posted, account))
    age_less = np.where(known, value - grown, np.nan)
    facts = np.column_stack([age, post_facts(posts)])
    columns = np.column_stack([value, age_less, np.where(known[:, None], facts, np.nan)])
    usual = _earlier_means(columns, account, order, HALF_LIFE)
    level, away = usual[:, 1], facts - usual[:, 2:]
    trends = [_earlier_means(age_less[:, None], account, order, half_life)[:, 0] - level for half_life in HALF_LIVES]
    words = _word_features(posts, np.clip(age_less - level, -WORD_MOST, WORD_MOST), order)
    features = np.column_stack([away[:, 0], *trends, words, away[:, 1:]])
    count = pd.Series(known[order].astype(np.int64)).groupby(account[order])
    earlier = np.empty(len(views), dtype=np.int64)
    earlier[order] = (count.cumsum() - known[order]).to_numpy()
    return ViewsDesign(value, usual[:, 0], level + grown, np.nan_to_num(features), earlier, account, len(posts.names))


def _earlier_means(values: np.ndarray, account: np.ndarray, order: np.ndarray, half_life: float) -> np.ndarray:
    """By post the mean of each column over its account's earlier posts, newer ones weighing more; NaN for the first."""
    frame, by = pd.DataFrame(values[order]), account[order]
    running = frame.groupby(by).ewm(halflife=half_life, ignore_na=True).mean().droplevel(0).sort_index()
    means = np.empty_like(values)
    means[order] = running.groupby(by).shift().to_numpy()
    return means


def _word_features(posts: Posts, gain: np.ndarray, order: np.ndarray) -> np.ndarray:
    """What earlier posts with its hashtags, and with its words, got beyond their level (log): mean and most of each."""
    tags = posts.subjects.hashtags()
    captions = np.asarray(posts.subjects.column_or_null("caption"), dtype=object)
    words = [(row, word) for row, text in enumerate(captions) if text for word in set(WORD.findall(text.lower()))]
    pairs = [tags.pairs(), words]
    return np.column_stack([_gains_of_words(one, posts.account, gain, order) for one in pairs])


def _gains_of_words(
    pairs: list[tuple[int, str]], account: np.ndarray, gain: np.ndarray, order: np.ndarray
) -> np.ndarray:
    """By post (n) the mean and the most of what its words brought on earlier posts of the account, 0 for no words."""
    result = np.zeros((len(gain), 2))
    if not pairs:
        return result
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    table = pd.DataFrame(pairs, columns=["row", "word"])
    table["account"] = account[table["row"]]
    table["gain"] = np.nan_to_num(gain)[table["row"]]
    table["known"] = np.isfinite(gain)[table["row"]].astype("float64")
    table = table.iloc[np.argsort(place[table["row"]], kind="stable")]
    sums = table.groupby(["account", "word"], sort=False)[["gain", "known"]].cumsum() - table[["gain", "known"]]
    brought = sums["gain"] / (sums["known"] + WORD_POSTS)
    farthest = brought.groupby(table["row"]).agg(["mean", "max", "min"])
    most = np.where(farthest["max"] >= -farthest["min"], farthest["max"], farthest["min"])
    result[farthest.index.to_numpy()] = np.column_stack([farthest["mean"], most])
    return result


@dataclass(frozen=True)
class ViewsModel:
    """By account the `slopes` of FEATURES with their `covariance`, the `spread` of posts with its degrees of `freedom`,
    and its number of `posts`.
    """

    slopes: np.ndarray
    covariance: np.ndarray
    spread: np.ndarray
    freedom: np.ndarray
    posts: np.ndarray

    def log_views(self, design: ViewsDesign, rows: np.ndarray) -> np.ndarray:
        """The logarithm of 1 + views that is expected of posts, NaN where START earlier posts make no level."""
        middle = design.level[rows] + np.einsum("ij,ij->i", design.features[rows], self.slopes[design.account[rows]])
        return np.where(design.earlier[rows] >= START, middle, np.nan)

    def log_variance(self, design: ViewsDesign, rows: np.ndarray) -> np.ndarray:
        """The variance of what is expected of posts, by that of their account's slopes."""
        variance = np.zeros(len(rows))
        for number, own in enumerate(rows_by_code(design.account[rows], design.accounts)):
            features = design.features[rows[own]]
            variance[own] = np.einsum("ij,ij->i", features @ self.covariance[number], features)
        return variance

    def predict(self, design: ViewsDesign, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Views of posts: the median and the 90% of one post; NaN where START earlier posts make no level."""
        account, middle = design.account[rows], self.log_views(design, rows)
        step = stdtrit(self.freedom[account], HIGH) * self.spread[account]
        low, median, high = (np.maximum(np.expm1(value), 0.0) for value in (middle - step, middle, middle + step))
        return median, low, high


def fit_views_model(design: ViewsDesign, rows: np.ndarray, record: ViewsRecord) -> ViewsModel:
    """Each account's slopes and spread, from the posts in `rows` that have views and a level: public ones, updated."""
    prior = np.array([record.slopes[name] for name in FEATURES])
    precision = np.diag(1 / np.square([record.doubts[name] for name in FEATURES]))
    slopes = np.tile(prior, (design.accounts, 1))
    covariances = np.tile(np.linalg.inv(precision), (design.accounts, 1, 1))
    spread, freedom = np.full(design.accounts, record.spread), np.full(design.accounts, SPREAD_POSTS)
    posts = np.bincount(design.account[rows[np.isfinite(design.value[rows])]], minlength=design.accounts)
    rows = rows[np.isfinite(design.value[rows]) & (design.earlier[rows] >= START)]
    for number, own in enumerate(rows_by_code(design.account[rows], design.accounts)):
        if not len(own):
            continue
        features = design.features[rows[own]]
        away = design.value[rows[own]] - design.level[rows[own]] - features @ prior
        shared = SPREAD_POSTS * record.spread**2
        sd = np.sqrt((shared + np.square(away).sum()) / (SPREAD_POSTS + len(own)))
        away = np.clip(away, -FARTHEST * sd, FARTHEST * sd)
        covariance = np.linalg.inv(features.T @ features / sd**2 + precision)
        update = covariance @ (features.T @ away) / sd**2
        # What each post would be missed by if it were left out.
        leverage = np.einsum("ij,jk,ik->i", features, covariance, features) / sd**2
        missed = (away - features @ update) / np.maximum(1 - leverage, 0.1)
        slopes[number] += update
        covariances[number] = covariance
        freedom[number] += len(own)
        spread[number] = np.sqrt((shared + np.square(missed).sum()) / freedom[number])
    return ViewsModel(slopes, covariances, spread, freedom, posts)


def expected_views(posts: Posts, planned: np.ndarray, due: np.ndarray) -> pd.DataFrame:
    """The views expected at seven days of age of the planned posts that are `due`: a row each, by their place.

    These are views (the median), low and high (90%, of one post), on how many posts of its account that rests, and
    whether its facts moved it; missing for accounts with fewer than 12 posts of known age and views.
    """
    due_rows = (planned & due).nonzero()[0]
    table = pd.DataFrame(np.nan, index=due_rows, columns=pd.Index(["views", "low", "high"]))
    table["posts"], table["moved"] = 0, False
    if not len(due_rows):
        return table
    design = views_design(posts, np.where(planned, DAYS, ages(posts.table)), ~planned & posts.out)
    model = fit_views_model(design, (~planned).nonzero()[0], load_views_record(rulebook()))
    table["posts"] = model.posts[posts.account[due_rows]]
    rows = due_rows[(table["posts"] >= ENOUGH_POSTS).to_numpy()]
    for name, values in zip(("views", "low", "high"), model.predict(design, rows), strict=True):
        table.loc[rows, name] = values
    table.loc[rows, "moved"] = (design.features[rows][:, -len(FACTS) :] != 0).any(axis=1)
    return table
