"""A backtest: the tool's score, outlook and expected views held against what became of posts. What the reports show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.analysis.accounts import Accounts, by_account
from tiktok_coach.analysis.options import AnalysisOptions, Progress
from tiktok_coach.analysis.session import Analysis, open_analysis
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import column, conform
from tiktok_coach.core.translation import N_
from tiktok_coach.io.export import Export
from tiktok_coach.ranking.ageing import ENOUGH_POSTS, ages
from tiktok_coach.ranking.baseline import fit_baseline
from tiktok_coach.ranking.outlook import count_pairs, forecast
from tiktok_coach.ranking.scoring import score
from tiktok_coach.rules.scores import post_scores
from tiktok_coach.stats.backtest import Accuracy, Predictor, measure_accuracy, origins
from tiktok_coach.stats.outcomes import ENGAGEMENT, VIEWS, numbers, outcome_of
from tiktok_coach.stats.planned import fit_views_model, post_features
from tiktok_coach.stats.views_model import Features

SCHEMA_VERSION = "1"
GROWTH = "growth"


@dataclass(frozen=True)
class Backtest:
    """`judged` are the predictors by outcome and scope; `accounts` how many accounts were tested, `origins` the rolling origins."""

    export: Export
    account: Account
    accuracies: tuple[Accuracy, ...]
    accounts: int
    origins: int
    ridge: float


def backtest(
    options: AnalysisOptions, *, pool: bool = False, seed: int = 7, progress: Progress | None = None
) -> Accounts[Backtest]:
    """How the tool's numbers did on the exports that a user names, account by account; with `pool` on all accounts together."""
    analysis = open_analysis(options, progress)
    return by_account(analysis, lambda one: backtest_of_account(one, seed=seed), together=pool)


def backtest_of_account(analysis: Analysis, *, seed: int = 7) -> Backtest:
    """How the tool's numbers did on the posts of an analysis; intervals are simulated with `seed`."""
    rng = np.random.default_rng(seed)
    views, count, ridge = _views(analysis, rng)
    results = [*views, *_growth(analysis, rng)]
    return Backtest(analysis.export, analysis.account, tuple(results), len(analysis.posts.names), count, ridge)


def _views(analysis: Analysis, rng: np.random.Generator) -> tuple[list[Accuracy], int, float]:
    """Views: learnt on the past of each origin, foretold for the posts up to the next."""
    posts = analysis.posts
    table, account, count = posts.table, posts.account, len(posts.names)
    age = ages(table)
    if np.isnan(age).all():
        # Where no export says when it was taken, all posts are taken to be of like age.
        age = np.zeros(len(table))
    came = np.where(posts.out & ~np.isnan(age), numbers(table, "views"), np.nan)
    plain = post_features(posts)
    kinds = {N_("expected views"): plain}
    if np.isfinite(numbers(table, "followers")[np.isfinite(came)]).any():
        kinds[N_("expected views, with followers")] = post_features(posts, followers=True)
    told = {name: np.full((3, len(table)), np.nan) for name in (*kinds, N_("age only"))}
    middle, by_hour = np.full(len(table), np.nan), np.full(len(table), np.nan)
    rounds, ridge = 0, float("inf")
    times = np.where(np.isfinite(came), posts.at.posted, np.nan)
    for before, after in origins(times):
        rounds += 1
        enough = np.bincount(account[before], minlength=count)[account[after]] >= ENOUGH_POSTS
        rows = after[enough]
        if not len(rows):
            continue
        for name, facts in {**kinds, "age only": Features((), np.zeros((len(table), 0)))}.items():
            taught = fit_views_model(posts, facts, before, age)
            if taught is not None:
                told[name][:, rows] = taught.at(age[rows], facts.rows(rows), account[rows])
                ridge = taught.ridge if name == "expected views" else ridge
        middle[rows], by_hour[rows] = _plain(came, posts.at.hour, account, before, rows)
    marks = analysis.signal_scores.table["signal_score"].to_numpy()
    causes = [e for e in analysis.evaluations if e.compiled.is_cause]
    tips = post_scores(causes, len(table))["score"].to_numpy(dtype="float64")
    foretold = np.isfinite(middle)
    predictors = [
        *(Predictor(name, told[name][0], told[name][1], told[name][2]) for name in kinds),
        Predictor("score", np.where(foretold, marks, np.nan)),
        Predictor(N_("tips followed"), np.where(foretold, tips, np.nan)),
        Predictor(
            N_("raw engagement rate"), np.where(foretold, analysis.outcome(ENGAGEMENT).value, np.nan), baseline=True
        ),
        Predictor(N_("account median"), middle, baseline=True),
        Predictor(N_("posting hour only"), by_hour, baseline=True),
        Predictor(N_("age only"), told["age only"][0], told["age only"][1], told["age only"][2], baseline=True),
    ]
    return measure_accuracy(VIEWS, came, predictors, account, rng), rounds, ridge


def _plain(
    came: np.ndarray, hour: np.ndarray, account: np.ndarray, before: np.ndarray, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The median of the earlier views of each post's account, and of those at its hour and the two beside it, where there are any."""
    past = before[np.isfinite(came[before])]
    middle, by_hour = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for number in np.unique(account[rows]).tolist():
        mine, own = past[account[past] == number], account[rows] == number
        middle[own] = float(np.median(came[mine])) if len(mine) else np.nan
        for at in np.unique(hour[rows[own]][np.isfinite(hour[rows[own]])]).tolist():
            near = mine[np.abs((hour[mine] - at + 12) % 24 - 12) <= 1]
            by_hour[own & (hour[rows] == at)] = float(np.median(came[near])) if len(near) else middle[own][0]
    return middle, by_hour


def _growth(analysis: Analysis, rng: np.random.Generator) -> list[Accuracy]:
    """Further growth, where two exports of different days count the same posts."""
    export, outlook, catalogue = analysis.export, analysis.outlook, analysis.catalogue
    account, names = analysis.posts.account, analysis.posts.names
    found = count_pairs(export.posts, account, export.snapshots, outlook)
    if not len(found):
        return []
    first = found.drop(columns=[c for c in ("account", "source") if c in found.columns]).reset_index(drop=True)
    counts = conform(
        first[
            [
                c
                for c in ("post_id", "posted_at", "metrics_at", "views", "likes", "comments", "shares", "saves")
                if c in first
            ]
        ]
    )
    mine = first["_account"].to_numpy(dtype=np.int64)
    counts["account"] = pd.Series(np.array(names, dtype=object)[mine], dtype="str")
    lengths = export.posts.set_index("post_id")
    counts["duration_s"] = column(lengths, "duration_s").reindex(counts["post_id"]).to_numpy()
    gap = first["gap"].to_numpy(dtype="float64")
    later, before = (first[name].to_numpy(dtype="float64") for name in ("later", "views"))
    came = later / before
    told = np.full((3, len(first)), np.nan)
    for days in np.unique(np.round(gap)).tolist():
        rows = (np.round(gap) == days).nonzero()[0]
        part = forecast(counts.iloc[rows].reset_index(drop=True), pd.DataFrame(), outlook, int(days), mine[rows]).table
        told[:, rows] = part[["growth", "low", "high"]].to_numpy().T
    marks = score(counts, catalogue, fit_baseline(counts, catalogue)).table["signal_score"].to_numpy()
    predictors = [
        Predictor("outlook", told[0], told[1], told[2]),
        Predictor("score", marks),
        Predictor(N_("raw engagement rate"), outcome_of(ENGAGEMENT, counts, mine).value, baseline=True),
        Predictor(N_("age only"), -first["age"].to_numpy(dtype="float64"), baseline=True),
    ]
    return measure_accuracy(GROWTH, came, predictors, mine, rng)
