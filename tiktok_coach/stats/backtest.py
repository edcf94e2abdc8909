"""How well the tool's numbers rank posts by what became of them, beside plain baselines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.stats import rankdata

# Fewer posts give no correlation.
FEWEST = 8
RESAMPLES = 400
# Origins, as shares of the posts before them: models are fitted to those, and predict the posts up to the next.
ORIGINS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


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
    """The accuracy of each predictor of `actual`, over all posts and within accounts, on those that all predict."""
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
    groups = [rows for rows in _groups(codes) if len(rows) >= FEWEST] if within else [np.arange(len(actual))]
    if not groups:
        return []
    spearman = np.mean([_spearman(values[part], actual[part]) for part in groups], axis=0)
    clusters = groups if within else _groups(codes)
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
        correlation = float(spearman[n]), *_interval(samples[:, n])
        about = p.name, outcome, within, p.baseline, p.uses_final_counts
        accuracies.append(Accuracy(*about, *correlation, top, coverage, sum(map(len, groups)), margin))
    return accuracies


def _interval(samples: np.ndarray) -> tuple[float, float]:
    finite = samples[np.isfinite(samples)]
    low, high = np.quantile(finite, [0.05, 0.95]) if len(finite) else (np.nan, np.nan)
    return float(low), float(high)


def _groups(codes: np.ndarray) -> list[np.ndarray]:
    """The rows of each account."""
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)


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
