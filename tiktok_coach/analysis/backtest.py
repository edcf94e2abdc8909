"""Backtest: how well the tool's score, outlook and expected views predict what became of posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from tiktok_coach.analysis.session import Accounts, Analysis, by_account, open_analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress
from tiktok_coach.core.account import Account
from tiktok_coach.core.arrays import rows_by_code
from tiktok_coach.core.periods import day_number
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, conform, numbers
from tiktok_coach.core.translation import N_
from tiktok_coach.io.reading import Export
from tiktok_coach.ranking.baseline import ENOUGH_POSTS, ages, fit_baseline
from tiktok_coach.ranking.outlook import count_pairs, forecast
from tiktok_coach.ranking.scoring import score
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account import weighted_share
from tiktok_coach.stats.outcomes import ENGAGEMENT, VIEWS, outcome_of
from tiktok_coach.stats.views_model import fit_views_model, load_views_record, views_design

SCHEMA_VERSION = "1"
GROWTH = "growth"
AGE, RAW = N_("age only"), N_("raw engagement rate")
EXPECTED, RECENT = N_("expected views"), N_("recent level")
FIRST_COUNT = ("post_id", "posted_at", "metrics_at", "views", "likes", "comments", "shares", "saves")
# Fewer posts give no correlation.
FEWEST = 8
RESAMPLES = 400
# Origins, as shares of the posts before them: models are fitted to those, and predict the posts up to the next.
ORIGINS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class Backtest:
    """How well each predictor did over `accounts` and rolling `origins`."""

    export: Export
    account: Account
    accuracies: tuple[Accuracy, ...]
    accounts: int
    origins: int

    @property
    def facts_foretell_views(self) -> bool:
        """Whether expected views rank posts better than the recent level alone, within accounts where several are."""
        ranks = {one.name: one.spearman for one in self.accuracies if one.outcome == VIEWS}
        return EXPECTED in ranks and ranks[EXPECTED] > ranks[RECENT]


def backtest(
    options: AnalysisOptions, *, pool: bool = False, seed: int = 7, progress: Progress | None = None
) -> Accounts[Backtest]:
    """How well the tool's numbers predicted, account by account; with `pool`, on all accounts together."""
    analysis = open_analysis(options, progress)
    return by_account(analysis, lambda one: backtest_of_account(one, seed=seed), pool=pool)


def backtest_of_account(analysis: Analysis, *, seed: int = 7) -> Backtest:
    """How well the tool's numbers predicted the posts of an analysis; intervals are simulated with `seed`."""
    rng = np.random.default_rng(seed)
    views, count = _views(analysis, rng)
    accuracies = (*views, *_growth(analysis, rng))
    return Backtest(analysis.export, analysis.account, accuracies, len(analysis.posts.names), count)


def _views(analysis: Analysis, rng: np.random.Generator) -> tuple[list[Accuracy], int]:
    """Views: models are fitted to the posts before each origin, and predict those up to the next.

    The recent level moves on from post to post, as it does for who plans the next one. Of a period the posts of it are
    predicted, by all before them.
    """
    period, analysis = analysis.period, analysis.history
    posts = analysis.posts
    table, account, count = posts.table, posts.account, len(posts.names)
    age = ages(table)
    if np.isnan(age).all():
        # Where no export says when it was taken, all posts are taken to be of like age.
        age = np.zeros(len(table))
    actual = np.where(posts.out & ~np.isnan(age), numbers(table, "views"), np.nan)
    design, record = views_design(posts, age, np.isfinite(actual)), load_views_record(rulebook())
    middle, low, high = np.full((3, len(table)), np.nan)
    median, by_hour = np.full(len(table), np.nan), np.full(len(table), np.nan)
    rounds = 0
    for before, after in rolling_origins(np.where(np.isfinite(actual), posts.at.posted, np.nan)):
        if period is not None:
            after = after[posts.days[after] >= day_number(period.since)]
        rounds += int(len(after) > 0)
        rows = after[np.bincount(account[before], minlength=count)[account[after]] >= ENOUGH_POSTS]
        if not len(rows):
            continue
        middle[rows], low[rows], high[rows] = fit_views_model(design, before, record).predict(design, rows)
        median[rows], by_hour[rows] = _baselines(actual, posts.at.hour, account, before, rows)
    tested = np.isfinite(median)
    # What reads the result, such as the share that watched to the end, is no tip that was followed beforehand.
    questions = posts.questions(analysis.evaluations, analysis.catalogue, tips=False)
    weights = {rule.code: rule.rule.weight for rule in analysis.settings.rules}
    followed = weighted_share(questions.answers, np.array([weights[code] for code in questions.codes]))
    marks = analysis.signal_scores.table["signal_score"].to_numpy()
    engagement = analysis.outcome(ENGAGEMENT).value
    predictors = [
        Predictor(EXPECTED, middle, low, high),
        Predictor("score", np.where(tested, marks, np.nan), uses_final_counts=True),
        Predictor(N_("tips followed"), np.where(tested, followed, np.nan)),
        Predictor(RAW, np.where(tested, engagement, np.nan), baseline=True, uses_final_counts=True),
        Predictor(N_("account median"), median, baseline=True),
        Predictor(N_("posting hour only"), by_hour, baseline=True),
        Predictor(RECENT, np.where(tested, design.recent, np.nan), baseline=True),
    ]
    return measure_accuracy(VIEWS, actual, predictors, account, rng), rounds


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
        Predictor(N_("outlook"), growth[0], growth[1], growth[2]),
        Predictor(N_("score"), marks),
        Predictor(RAW, outcome_of(ENGAGEMENT, counts, codes).value, baseline=True),
        Predictor(AGE, -first["age"].to_numpy(dtype="float64"), baseline=True),
    ]
    actual = (first["later"] / first["views"]).to_numpy(dtype="float64")
    return measure_accuracy(GROWTH, actual, predictors, codes, rng)


@dataclass(frozen=True)
class Predictor:
    """What a number says of each post: `value` (n; NaN where nothing), with a 90% interval where it has one.

    The tool's own numbers must beat a `baseline`. `uses_final_counts` marks one that reads likes, comments or saves as
    the export has them: nobody had those when the post went out.
    """

    name: str
    value: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    baseline: bool = False
    uses_final_counts: bool = False


@dataclass(frozen=True)
class Accuracy:
    """How well a predictor ranked `posts` posts, over all of them or as the mean `within` accounts.

    `spearman` is its rank correlation with the outcome, with the bootstrap's 90% interval; `top` the share of its top
    quarter that came in the top quarter; `coverage` the share of its intervals that held the outcome. `margin` names
    the best baseline, with the 90% interval of how far the correlation lies above that of it.
    """

    name: str
    outcome: str
    within: bool
    baseline: bool
    uses_final_counts: bool
    spearman: float
    low: float
    high: float
    top: float
    coverage: float
    posts: int
    margin: tuple[str, float, float] | None = None

    @property
    def better(self) -> bool | None:
        """Whether it is better than every baseline; None for a baseline, or where there is none."""
        return None if self.margin is None else self.margin[1] > 0


def rolling_origins(posted: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The rows before each origin and those from it to the next, by times of posting (days; NaN where not known)."""
    known_mask = np.isfinite(posted)
    if known_mask.sum() < 2 * FEWEST:
        return
    bounds = np.quantile(posted[known_mask], ORIGINS)
    for start, end in pairwise(bounds):
        with np.errstate(invalid="ignore"):
            after = (posted >= start) & ((posted <= end) if end == bounds[-1] else (posted < end))
            before = posted < start
        if after.any() and before.any():
            yield before.nonzero()[0], after.nonzero()[0]


def measure_accuracy(
    outcome: str, actual: np.ndarray, predictors: Sequence[Predictor], account: np.ndarray, rng: np.random.Generator
) -> list[Accuracy]:
    """The accuracy of each predictor of `actual` (n; NaN where not measured), over all posts and within accounts.

    All are compared on posts of which each predictor with FEWEST values says something; none with fewer posts.
    """
    usable = [p for p in predictors if np.isfinite(p.value).sum() >= FEWEST]
    rows = np.logical_and.reduce([np.isfinite(actual), *(np.isfinite(p.value) for p in usable)])
    if not usable or rows.sum() < FEWEST:
        return []
    _, codes = np.unique(account[rows], return_inverse=True)
    scopes = [False, True] if codes.max(initial=0) > 0 else [False]
    return [one for within in scopes for one in _scope(outcome, actual[rows], usable, rows, codes, rng, within=within)]


def _scope(
    outcome: str,
    actual: np.ndarray,
    predictors: Sequence[Predictor],
    rows: np.ndarray,
    codes: np.ndarray,
    rng: np.random.Generator,
    *,
    within: bool,
) -> list[Accuracy]:
    values = np.column_stack([p.value[rows] for p in predictors])
    by_account = rows_by_code(codes, int(codes.max()) + 1)
    groups = [part for part in by_account if len(part) >= FEWEST] if within else [np.arange(len(actual))]
    if not groups:
        return []
    spearman = np.mean([_spearman(values[part], actual[part]) for part in groups], axis=0)
    clusters = groups if within else by_account
    samples = np.array([_resample(values, actual, clusters, rng, within=within) for _ in range(RESAMPLES)])
    baselines = [n for n, p in enumerate(predictors) if p.baseline and np.isfinite(spearman[n])]
    best = max(baselines, key=lambda n: spearman[n], default=None)
    accuracies = []
    for n, p in enumerate(predictors):
        margin = None
        if best is not None and not p.baseline:
            margin = (predictors[best].name, *_interval(samples[:, n] - samples[:, best]))
        top = float(np.mean([_top_precision(values[part, n], actual[part]) for part in groups]))
        coverage = float("nan")
        if p.low is not None and p.high is not None:
            coverage = float(np.mean((p.low[rows] <= actual) & (actual <= p.high[rows])))
        low, high = _interval(samples[:, n])
        accuracies.append(
            Accuracy(
                name=p.name,
                outcome=outcome,
                within=within,
                baseline=p.baseline,
                uses_final_counts=p.uses_final_counts,
                spearman=float(spearman[n]),
                low=low,
                high=high,
                top=top,
                coverage=coverage,
                posts=sum(map(len, groups)),
                margin=margin,
            )
        )
    return accuracies


def _interval(samples: np.ndarray) -> tuple[float, float]:
    finite = samples[np.isfinite(samples)]
    low, high = np.quantile(finite, [0.05, 0.95]) if len(finite) else (np.nan, np.nan)
    return float(low), float(high)


def _resample(
    values: np.ndarray, actual: np.ndarray, groups: Sequence[np.ndarray], rng: np.random.Generator, *, within: bool
) -> np.ndarray:
    """The correlations of one bootstrap sample: of accounts where there are several, and of posts within them."""
    if not within and len(groups) == 1:
        rows = rng.integers(0, len(actual), len(actual))
        return _spearman(values[rows], actual[rows])
    picks = rng.integers(0, len(groups), len(groups))
    if not within:
        rows = np.concatenate([groups[n] for n in picks])
        return _spearman(values[rows], actual[rows])
    parts = (groups[n][rng.integers(0, len(groups[n]), len(groups[n]))] for n in picks)
    each = [_spearman(values[part], actual[part]) for part in parts]
    return np.asarray(np.nanmean(each, axis=0)) if np.isfinite(each).any() else np.full(values.shape[1], np.nan)


def _spearman(values: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Spearman's rank correlation of each column with the outcome; 0 for a column that says the same of every post."""
    ranks, outcome = rankdata(values, axis=0), rankdata(actual)
    x, y = ranks - ranks.mean(axis=0), outcome - outcome.mean()
    size = np.sqrt(np.square(x).sum(axis=0) * float(np.square(y).sum()))
    return np.asarray(np.where(size > 0, (x * y[:, None]).sum(axis=0) / np.where(size > 0, size, 1.0), 0.0))


def _top_precision(value: np.ndarray, actual: np.ndarray) -> float:
    """The share of the predicted top quarter that came in the top quarter; ties count as chance has it."""
    count = max(round(len(actual) / 4), 1)
    good = actual >= np.sort(actual)[-count]
    edge = np.sort(value)[-count]
    above, tied = value > edge, value == edge
    return float((good[above].sum() + (count - int(above.sum())) * good[tied].mean()) / count)
