"""Do the tool's numbers rank posts as reality did? What was known before holds against what came after, beside plain baselines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.stats import rankdata

# From how many tests on a correlation is told.
FEWEST = 8
RESAMPLES = 400
LOW, HIGH = 0.05, 0.95
# Origins, as shares of the posts that lie before them: each is learnt from, and the posts up to the next are foretold.
ORIGINS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class Predictor:
    """What something said of each test: `value` (higher is more; NaN where it said nothing), with a 90% interval where it gives one.
    A `baseline` is what the tool's own numbers must be better than.
    """

    name: str
    value: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    baseline: bool = False


@dataclass(frozen=True)
class Accuracy:
    """How a predictor did: Spearman's correlation with what came (mean over accounts where `within` them) and its 90% interval, the share of its
    top quarter that came in the top quarter, the share of its intervals that held, on how many posts; `over` is the best baseline and by how
    much (90%) the predictor's correlation lies above it.
    """

    name: str
    outcome: str
    within: bool
    baseline: bool
    spearman: float
    low: float
    high: float
    top: float
    coverage: float
    posts: int
    over: tuple[str, float, float] | None = None

    @property
    def better(self) -> bool | None:
        """Whether it is better than every baseline; None for a baseline, or where there is none to set it beside."""
        return None if self.over is None else self.over[1] > 0


def origins(posted: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rolling origins over times of posting (days): the places of the posts before each, and of those up to the next."""
    told = np.isfinite(posted)
    if told.sum() < 2 * FEWEST:
        return
    bounds = np.quantile(posted[told], ORIGINS)
    for start, end in pairwise(bounds):
        last = end == bounds[-1]
        with np.errstate(invalid="ignore"):
            after = (posted >= start) & ((posted <= end) if last else (posted < end))
            before = posted < start
        if after.any() and before.any():
            yield before.nonzero()[0], after.nonzero()[0]


def measure_accuracy(
    outcome: str, came: np.ndarray, predictors: Sequence[Predictor], account: np.ndarray, rng: np.random.Generator
) -> list[Accuracy]:
    """Each predictor held against what `came`; over all posts, and with several accounts within each of them too.

    All are judged on the posts of which every one of them that speaks at all says something.
    """
    speaking = [p for p in predictors if np.isfinite(p.value).sum() >= FEWEST]
    if not speaking:
        return []
    rows = np.isfinite(came) & np.logical_and.reduce([np.isfinite(p.value) for p in speaking])
    if rows.sum() < FEWEST:
        return []
    _, code = np.unique(account[rows], return_inverse=True)
    views = [False, True] if code.max(initial=0) > 0 else [False]
    return [one for within in views for one in _scope(outcome, came[rows], speaking, rows, code, rng, within=within)]


def _scope(
    outcome: str,
    came: np.ndarray,
    predictors: Sequence[Predictor],
    rows: np.ndarray,
    code: np.ndarray,
    rng: np.random.Generator,
    *,
    within: bool,
) -> list[Accuracy]:
    values = np.column_stack([p.value[rows] for p in predictors])
    parts = [part for part in _parts(code) if len(part) >= FEWEST] if within else [np.arange(len(came))]
    if not parts:
        return []
    point = np.mean([_spearman(values[part], came[part]) for part in parts], axis=0)
    drawn = np.array([_resampled(values, came, code, parts, rng, within=within) for _ in range(RESAMPLES)])
    bases = [place for place, p in enumerate(predictors) if p.baseline and np.isfinite(point[place])]
    best = max(bases, key=lambda place: point[place], default=None)
    found = []
    for place, predictor in enumerate(predictors):
        held = drawn[:, place][np.isfinite(drawn[:, place])]
        low, high = np.quantile(held, [LOW, HIGH]) if len(held) else (np.nan, np.nan)
        over = None
        if best is not None and not predictor.baseline:
            gap = drawn[:, place] - drawn[:, best]
            gap = gap[np.isfinite(gap)]
            least, most = np.quantile(gap, [LOW, HIGH]).tolist() if len(gap) else (np.nan, np.nan)
            over = (predictors[best].name, least, most)
        found.append(
            Accuracy(
                predictor.name,
                outcome,
                within,
                predictor.baseline,
                float(point[place]),
                float(low),
                float(high),
                float(np.mean([_top(values[part, place], came[part]) for part in parts])),
                _held(predictor, rows, came),
                int(sum(map(len, parts))),
                over,
            )
        )
    return found


def _parts(code: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(code, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(code[order])) + 1)


def _resampled(
    values: np.ndarray,
    came: np.ndarray,
    code: np.ndarray,
    parts: Sequence[np.ndarray],
    rng: np.random.Generator,
    *,
    within: bool,
) -> np.ndarray:
    """The correlations on posts drawn anew, or on accounts where there are several."""
    if within:
        chosen = rng.integers(0, len(parts), len(parts))
        each = [
            _spearman(values[part], came[part])
            for part in (parts[n][rng.integers(0, len(parts[n]), len(parts[n]))] for n in chosen)
        ]
        return np.asarray(np.nanmean(each, axis=0)) if np.isfinite(each).any() else np.full(values.shape[1], np.nan)
    groups = _parts(code)
    if len(groups) > 1:
        rows = np.concatenate([groups[n] for n in rng.integers(0, len(groups), len(groups))])
    else:
        rows = rng.integers(0, len(came), len(came))
    return _spearman(values[rows], came[rows])


def _spearman(values: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Spearman's correlation of each column with what came: that of the ranks; 0 for what says the same of every post."""
    ranks, outcome = rankdata(values, axis=0), rankdata(came)
    away, off = ranks - ranks.mean(axis=0), outcome - outcome.mean()
    size = np.sqrt(np.square(away).sum(axis=0) * float(np.square(off).sum()))
    return np.asarray(np.where(size > 0, (away * off[:, None]).sum(axis=0) / np.where(size > 0, size, 1.0), 0.0))


def _top(value: np.ndarray, came: np.ndarray) -> float:
    """The share of the top quarter of what was foretold that came in the top quarter; ties count as chance has it."""
    count = max(round(len(came) / 4), 1)
    good = came >= np.sort(came)[-count]
    edge = np.sort(value)[-count]
    sure, tied = value > edge, value == edge
    left = count - int(sure.sum())
    return float((good[sure].sum() + left * good[tied].mean()) / count)


def _held(predictor: Predictor, rows: np.ndarray, came: np.ndarray) -> float:
    if predictor.low is None or predictor.high is None:
        return float("nan")
    return float(np.mean((predictor.low[rows] <= came) & (came <= predictor.high[rows])))
