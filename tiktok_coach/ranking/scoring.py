"""How the published signals would score each post: expected value per impression, in the form of the published formula.

"TikTok Algo 101", described by the New York Times on 2021-12-05 and confirmed as genuine, gives a video's score as a
sum over actions of probability times value. The values were never published; those here are assumed, beside those that
another platform published (see signals.yaml).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import planned_mask
from tiktok_coach.core.special_functions import expit, gammaincinv
from tiktok_coach.ranking.baseline import Baseline, action_counts
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.kind import FAIL

NORMAL_90 = 1.6448536269514722
NEUTRAL = 50.0
# Of a published post of which less of the weight is known there is no score.
LEAST_KNOWN = 0.15
# From this shape on a gamma distribution is found by its cube root.
FINE = 12.0
PART = 100_000
BASE = "base"
# Factors on actions: mean and variance of the logarithm, of each post.
Shifts = Mapping[str, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Scores:
    """Scores of posts, a row each in their order.

    `table` has signal_score (0-100), low and high (its 90% interval), possible_low and possible_high (where it could
    lie if what is not known were known), coverage (0-1), eligible and reasons (codes, `;` between). `contributions` has
    a column a signal's code, and `base`; its rows add up to signal_score. Where too little is known all of it is NaN.
    """

    table: pd.DataFrame
    contributions: pd.DataFrame
    ratios: Ratios


def weights(catalogue: Catalogue, values: Mapping[str, float] | None = None) -> np.ndarray:
    """For each measured action, its value times how often it usually happens: what it usually brings per impression."""
    usual, values = catalogue.usual(), values or catalogue.values()
    return np.array([values[action] * usual[action] for action in catalogue.measured()])


def score(
    posts: pd.DataFrame,
    catalogue: Catalogue,
    baseline: Baseline,
    excluded: Mapping[str, np.ndarray] | None = None,
    shifts: Shifts | None = None,
    *,
    whole: bool = False,
) -> Scores:
    """Score every post against `baseline`.

    A score is of the signals that the data holds, in standard deviations of what those usually bring; a published post
    has none where less than LEAST_KNOWN of the weight is known. Of a planned post, or where the `whole` is asked for,
    it is of all that is expected. `excluded` takes a code of what is never recommended to the posts it holds for: those
    score 0. `shifts` are factors on actions, as mean and variance of their logarithm, from what a plan or a change is
    expected to do.
    """
    excluded, shifts = excluded or {}, shifts or {}
    if len(posts) > PART:
        # A post's score hangs on no other's, so that many are scored part by part, in less memory than all at once.
        joined: dict[str, dict[str, np.ndarray]] = {"ratios": {}, "table": {}, "contributions": {}}
        for start in range(0, len(posts), PART):
            rows = slice(start, start + PART)
            out = {code: mask[rows] for code, mask in excluded.items()}
            moved = {action: (mean[rows], variance[rows]) for action, (mean, variance) in shifts.items()}
            part = score(posts.iloc[rows], catalogue, baseline, out, moved, whole=whole)
            for (kind, name), values in _arrays(part).items():
                if name not in joined[kind]:
                    joined[kind][name] = np.empty((len(posts), *values.shape[1:]), dtype=values.dtype)
                joined[kind][name][rows] = values
        table = pd.DataFrame(joined["table"], index=posts.index, copy=False).astype({"reasons": "str"})
        contributions = pd.DataFrame(joined["contributions"], index=posts.index, copy=False)
        return Scores(table, contributions, Ratios(part.ratios.actions, **joined["ratios"]))
    ratio = ratios(posts, catalogue, baseline).shifted(shifts)
    share = weights(catalogue)
    scored_mask = ratio.scored_mask() if not whole else np.ones_like(ratio.known)
    scale = usual_spread(scored_mask, share, catalogue)
    terms = ratio.mean - 1
    terms *= share
    terms *= scored_mask
    terms /= scale[:, None]
    # Sums run along rows, not through BLAS, whose last digit depends on where in the table a post stands.
    total = terms.sum(axis=1)
    variance = (ratio.variance * (share**2 * scored_mask)).sum(axis=1)
    # Skewed upwards from nothing at all, as far as the whole weight lies above that.
    level = (scored_mask * np.abs(share)).sum(axis=1)
    low, high = _interval(level + total * scale, variance)
    points = 100 * expit(total)
    low, high = 100 * expit((low - level) / scale), 100 * expit((high - level) / scale)
    table = pd.DataFrame({"signal_score": points, "low": low, "high": high}, index=posts.index)
    # Where the score could lie if every signal were known, and no less than its own interval.
    usual, spread = np.abs(share).sum(), usual_spread(np.ones((1, len(share)), dtype=bool), share, catalogue)
    ends = _interval(usual + (share * (ratio.mean - 1)).sum(axis=1), (ratio.variance * share**2).sum(axis=1))
    least, most = (100 * expit((end - usual) / spread) for end in ends)
    table["possible_low"], table["possible_high"] = np.minimum(low, least), np.maximum(high, most)
    table["coverage"] = (ratio.known * np.abs(share)).sum(axis=1) / usual
    contributions = _contributions(terms, total, points, catalogue, posts.index)
    return _without_unknown(_without_excluded(Scores(table, contributions, ratio), excluded), posts)


def _arrays(part: Scores) -> dict[tuple[str, str], np.ndarray]:
    """The arrays of scores, by what they belong to and their name."""
    arrays = {("ratios", name): getattr(part.ratios, name) for name in ("mean", "variance", "known")}
    for kind, frame in (("table", part.table), ("contributions", part.contributions)):
        arrays |= {(kind, n): frame[n].to_numpy(dtype=object if n == "reasons" else None) for n in frame.columns}
    return arrays


def usual_spread(scored_mask: np.ndarray, share: np.ndarray, catalogue: Catalogue) -> np.ndarray:
    """How far posts usually lie apart (n, a standard deviation) in what the scored signals (n x actions) bring.

    So a score is one of the known signals alone, and one post in six lies above 73 whichever they are.
    """
    spread = {curve.action: curve.spread for curve in catalogue.baselines}
    square = np.square(share * [spread[action] for action in catalogue.measured()])
    return np.asarray(np.sqrt(np.einsum("ij,j->i", scored_mask, square)))


def _interval(mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A 90% interval of the gamma distribution with these moments, which is skewed as rates of few views are."""
    variance = np.maximum(variance, 1e-300)
    shape = np.square(mean) / variance
    spread = NORMAL_90 * np.sqrt(variance)
    low, high = mean - spread, mean + spread
    skewed = (mean > 0) & (shape > 0.05) & (shape < FINE)
    if skewed.any():
        rate = mean[skewed] / variance[skewed]
        low[skewed], high[skewed] = (gammaincinv(shape[skewed], share) / rate for share in (0.05, 0.95))
    # Beyond, the cube root of a gamma variable is as good as normal (Wilson and Hilferty, 1931), and far quicker.
    fine = (mean > 0) & (shape >= FINE) & (shape < 1e6)
    root = 1 - 1 / (9 * shape[fine])
    step = NORMAL_90 / (3 * np.sqrt(shape[fine]))
    low[fine], high[fine] = mean[fine] * (root - step) ** 3, mean[fine] * (root + step) ** 3
    return low, high


def _contributions(
    terms: np.ndarray, total: np.ndarray, points: np.ndarray, catalogue: Catalogue, index: pd.Index
) -> pd.DataFrame:
    """Points of each signal: its term times the mean slope of the score from a usual post to this one.

    So they add up to the score's distance from neutral (Aumann and Shapley's rule).
    """
    slope = np.where(np.abs(total) > 1e-9, (points - NEUTRAL) / np.where(total == 0, 1, total), 25.0)
    table = pd.DataFrame({BASE: np.full(len(points), NEUTRAL)}, index=index)
    for place, (code, _) in enumerate(catalogue.measured().values()):
        table[code] = table.get(code, 0.0) + terms[:, place] * slope
    # What rounding leaves goes to the base, so that the sum is the score itself.
    table[BASE] += points - table.sum(axis=1)
    return table


def _without_excluded(scores: Scores, excluded: Mapping[str, np.ndarray]) -> Scores:
    """Excluded posts score 0: what is never recommended has no score to speak of."""
    table, contributions = scores.table.copy(), scores.contributions.copy()
    out = np.zeros(len(table), dtype=bool)
    reasons = np.full(len(table), "", dtype=object)
    for code, mask in excluded.items():
        fresh = mask & ~out
        contributions[code] = np.where(fresh, -table["signal_score"], 0.0)
        reasons[mask] = [f"{earlier}; {code}" if earlier else code for earlier in reasons[mask]]
        out |= mask
    for name in ("signal_score", "low", "high", "possible_low", "possible_high"):
        table[name] = table[name].mask(out, 0.0)
    table["eligible"] = ~out
    table["reasons"] = pd.Series(reasons, index=table.index, dtype="str")
    return replace(scores, table=table, contributions=contributions)


def _without_unknown(scores: Scores, posts: pd.DataFrame) -> Scores:
    """Published posts of which too little is known have no score, unless they are never recommended."""
    published = ~planned_mask(posts)
    unknown = published & (scores.table["coverage"] < LEAST_KNOWN) & scores.table["eligible"]
    if not unknown.any():
        return scores
    names = ["signal_score", "low", "high", "possible_low", "possible_high"]
    table, contributions = scores.table.copy(), scores.contributions.copy()
    table.loc[unknown, names], contributions.loc[unknown] = np.nan, np.nan
    return replace(scores, table=table, contributions=contributions)


def exclusions(catalogue: Catalogue, evaluations: Sequence[Evaluation]) -> dict[str, np.ndarray]:
    """For each exclusion's code, whether it holds for each post. What is not known excludes nothing."""
    by_code = {e.code: e.post_status == FAIL for e in evaluations}
    excluded: dict[str, np.ndarray] = {}
    for signal in catalogue.signals:
        masks = [by_code[code] for code in signal.rules if code in by_code]
        if signal.direction == "excludes" and masks:
            excluded[signal.code] = np.logical_or.reduce(masks)
    return excluded


@dataclass(frozen=True)
class Ratios:
    """For each action (column) and post (row): mean and variance of rate / usual rate, and whether it was measured."""

    actions: tuple[str, ...]
    mean: np.ndarray
    variance: np.ndarray
    known: np.ndarray

    def scored_mask(self) -> np.ndarray:
        """The actions by which each post is scored: those measured, or all where none is, as of a planned post."""
        return self.known | ~self.known.any(axis=1, keepdims=True)

    def measured(self) -> list[str]:
        """The actions that any post measures."""
        return [action for action, known in zip(self.actions, self.known.T, strict=True) if known.any()]

    def rows(self, rows: np.ndarray) -> Ratios:
        """Those of some posts, by their places or as a mask."""
        return Ratios(self.actions, self.mean[rows], self.variance[rows], self.known[rows])

    def shifted(self, shifts: Shifts) -> Ratios:
        """The ratios times a factor, given as mean and variance of its logarithm for each post."""
        if not shifts:
            return self
        mean, variance = self.mean.copy(), self.variance.copy()
        for action, (log_mean, log_variance) in shifts.items():
            column = self.actions.index(action)
            factor, spread = np.exp(log_mean + log_variance / 2), np.expm1(log_variance)
            square = mean[:, column] ** 2
            mean[:, column] *= factor
            variance[:, column] = factor**2 * (variance[:, column] * (1 + spread) + square * spread)
        return Ratios(self.actions, mean, variance, self.known)


def ratios(posts: pd.DataFrame, catalogue: Catalogue, baseline: Baseline) -> Ratios:
    """The posterior of every measured action of every post; where it was not measured, the prior.

    Empirical Bayes, so that 3 likes of 10 views prove little: a rate has a beta prior about what is usual for the post,
    which weighs as much as (1 - usual) / (usual * spread**2) - 1 views.
    """
    measured, expected_rates = catalogue.measured(), baseline.expected_rates(posts)
    mean, variance = np.empty((2, len(posts), len(measured)))
    known = np.empty(mean.shape, dtype=bool)
    for place, (action, (_, source)) in enumerate(measured.items()):
        counted, views = action_counts(posts, action, source)
        counted, (usual, spread, doubt) = np.nan_to_num(counted), expected_rates[action]
        weight = np.maximum((1 - usual) / (usual * spread**2) - 1, 0.5)
        hits, misses = usual * weight + counted, (1 - usual) * weight + (views - counted)
        total = hits + misses
        rate = hits / total
        mean[:, place] = ratio = rate / usual
        variance[:, place] = rate * (1 - rate) / (total + 1) / usual**2 + ratio**2 * doubt
        known[:, place] = views > 0
    return Ratios(tuple(measured), mean, variance, known)
