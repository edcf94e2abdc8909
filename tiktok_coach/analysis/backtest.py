"""Backtest: how well the tool's score, outlook and expected views predict what became of posts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.analysis.session import Accounts, Analysis, by_account, open_analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import column, conform, numbers
from tiktok_coach.core.translation import N_
from tiktok_coach.io.reading import Export
from tiktok_coach.ranking.baseline import ENOUGH_POSTS, ages, fit_baseline
from tiktok_coach.ranking.outlook import count_pairs, forecast
from tiktok_coach.ranking.scoring import score
from tiktok_coach.stats.account import weighted_share
from tiktok_coach.stats.backtest import Accuracy, Predictor, measure_accuracy, rolling_origins
from tiktok_coach.stats.outcomes import ENGAGEMENT, VIEWS, outcome_of
from tiktok_coach.stats.views_model import fit_views_model, post_features

SCHEMA_VERSION = "1"
GROWTH = "growth"
AGE, RAW = N_("age only"), N_("raw engagement rate")
FIRST_COUNT = ("post_id", "posted_at", "metrics_at", "views", "likes", "comments", "shares", "saves")


@dataclass(frozen=True)
class Backtest:
    """The accuracy of each predictor by outcome and scope, over `accounts` accounts and `origins` rolling origins.

    `ridge` is the penalty of the last fit of expected views; infinite where facts of posts did not predict them.
    """

    export: Export
    account: Account
    accuracies: tuple[Accuracy, ...]
    accounts: int
    origins: int
    ridge: float


def backtest(
    options: AnalysisOptions, *, pool: bool = False, seed: int = 7, progress: Progress | None = None
) -> Accounts[Backtest]:
    """How well the tool's numbers predicted, account by account; with `pool`, on all accounts together."""
    analysis = open_analysis(options, progress)
    return by_account(analysis, lambda one: backtest_of_account(one, seed=seed), pool=pool)


def backtest_of_account(analysis: Analysis, *, seed: int = 7) -> Backtest:
    """How well the tool's numbers predicted the posts of an analysis; intervals are simulated with `seed`."""
    rng = np.random.default_rng(seed)
    views, count, ridge = _views(analysis, rng)
    accuracies = (*views, *_growth(analysis, rng))
    return Backtest(analysis.export, analysis.account, accuracies, len(analysis.posts.names), count, ridge)


def _views(analysis: Analysis, rng: np.random.Generator) -> tuple[list[Accuracy], int, float]:
    """Views: models are fitted to the posts before each origin, and predict those up to the next."""
    posts = analysis.posts
    table, account, count = posts.table, posts.account, len(posts.names)
    age = ages(table)
    if np.isnan(age).all():
        # Where no export says when it was taken, all posts are taken to be of like age.
        age = np.zeros(len(table))
    actual = np.where(posts.out & ~np.isnan(age), numbers(table, "views"), np.nan)
    features = {N_("expected views"): post_features(posts), AGE: np.zeros((len(table), 0))}
    if np.isfinite(numbers(table, "followers")[np.isfinite(actual)]).any():
        features[N_("expected views, with followers")] = post_features(posts, followers=True)
    expected = {name: np.full((3, len(table)), np.nan) for name in features}
    median, by_hour = np.full(len(table), np.nan), np.full(len(table), np.nan)
    rounds, ridge = 0, float("inf")
    for before, after in rolling_origins(np.where(np.isfinite(actual), posts.at.posted, np.nan)):
        rounds += 1
        rows = after[np.bincount(account[before], minlength=count)[account[after]] >= ENOUGH_POSTS]
        if not len(rows):
            continue
        for name, columns in features.items():
            model = fit_views_model(posts, columns, before, age)
            if model is not None:
                expected[name][:, rows] = model.predict(age[rows], columns[rows], account[rows])
                ridge = model.ridge if name == "expected views" else ridge
        median[rows], by_hour[rows] = _baselines(actual, posts.at.hour, account, before, rows)
    tested = np.isfinite(median)
    # What reads the result, such as the share that watched to the end, is no tip that was followed beforehand.
    questions = posts.questions(analysis.evaluations, analysis.catalogue, tips=False)
    weights = {rule.code: rule.rule.weight for rule in analysis.settings.rules}
    followed = weighted_share(questions.answers, np.array([weights[code] for code in questions.codes]))
    marks = analysis.signal_scores.table["signal_score"].to_numpy()
    engagement = analysis.outcome(ENGAGEMENT).value
    predictors = [
        # Followers are those of the day when posts were counted.
        *(
            Predictor(name, middle, low, high, uses_final_counts="followers" in name)
            for name, (middle, low, high) in expected.items()
            if name != AGE
        ),
        Predictor("score", np.where(tested, marks, np.nan), uses_final_counts=True),
        Predictor(N_("tips followed"), np.where(tested, followed, np.nan)),
        Predictor(RAW, np.where(tested, engagement, np.nan), baseline=True, uses_final_counts=True),
        Predictor(N_("account median"), median, baseline=True),
        Predictor(N_("posting hour only"), by_hour, baseline=True),
        Predictor(AGE, expected[AGE][0], expected[AGE][1], expected[AGE][2], baseline=True),
    ]
    return measure_accuracy(VIEWS, actual, predictors, account, rng), rounds, ridge


def _baselines(
    actual: np.ndarray, hour: np.ndarray, account: np.ndarray, before: np.ndarray, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Two predictions: the median of the account's earlier views, and of those within an hour of the post's own."""
    past = before[np.isfinite(actual[before])]
    median, by_hour = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for number in np.unique(account[rows]).tolist():
        own_past, own = past[account[past] == number], account[rows] == number
        median[own] = float(np.median(actual[own_past])) if len(own_past) else np.nan
        for at in np.unique(hour[rows[own]][np.isfinite(hour[rows[own]])]).tolist():
            near = own_past[np.abs((hour[own_past] - at + 12) % 24 - 12) <= 1]
            by_hour[own & (hour[rows] == at)] = float(np.median(actual[near])) if len(near) else median[own][0]
    return median, by_hour


def _growth(analysis: Analysis, rng: np.random.Generator) -> list[Accuracy]:
    """Further growth of posts that two exports of different days count, predicted from the first count."""
    export, outlook, catalogue = analysis.export, analysis.outlook, analysis.catalogue
    first = count_pairs(export.posts, analysis.posts.account, export.snapshots, outlook)
    if not len(first):
        return []
    codes = first["_account"].to_numpy(dtype=np.int64)
    counts = conform(first[[name for name in FIRST_COUNT if name in first]])
    counts["account"] = pd.Series(np.array(analysis.posts.names, dtype=object)[codes], dtype="str")
    lengths = export.posts.set_index("post_id")
    counts["duration_s"] = column(lengths, "duration_s").reindex(counts["post_id"]).to_numpy()
    gap = np.round(first["gap"].to_numpy(dtype="float64"))
    growth = np.full((3, len(first)), np.nan)
    for days in np.unique(gap).tolist():
        rows = (gap == days).nonzero()[0]
        part = forecast(counts.iloc[rows].reset_index(drop=True), pd.DataFrame(), outlook, int(days), codes[rows]).table
        growth[:, rows] = part[["growth", "low", "high"]].to_numpy().T
    marks = score(counts, catalogue, fit_baseline(counts, catalogue)).table["signal_score"].to_numpy()
    predictors = [
        Predictor("outlook", growth[0], growth[1], growth[2]),
        Predictor("score", marks),
        Predictor(RAW, outcome_of(ENGAGEMENT, counts, codes).value, baseline=True),
        Predictor(AGE, -first["age"].to_numpy(dtype="float64"), baseline=True),
    ]
    actual = (first["later"] / first["views"]).to_numpy(dtype="float64")
    return measure_accuracy(GROWTH, actual, predictors, codes, rng)
