"""Holds first advice against what became of the posts that followed it.

Accounts are split in time. The first half of each gets advice, by the public record of the other accounts; its later posts that follow the
first advice are held against those that do not, by a regression on the recent level and age. Beside it the order of the tips' weights, the
account's own posts alone, the record alone, and chance.

Two placebos say what part may be confounding: the first advice of another account, and whether a post does better where the next one
follows the advice, beside whether it follows itself, which nothing but what changes slowly can bring about.

Run from the project's root: python -m benchmarks.advice accounts/posts.parquet news_posts.csv outcomes/accounts.csv
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from benchmarks.public import FOLDS, Pooled, estimates, hashtag_estimates, pool
from benchmarks.public_posts import data_arguments, read_sets
from tests.analyses import analysis_of
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.schema import SNAPSHOT_COLUMNS
from tiktok_coach.io.reading import Export
from tiktok_coach.rules.findings import Opportunity, opportunities
from tiktok_coach.rules.kind import FAIL, PASS
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.advice import Advice, Prior, advise, followed, is_own_hashtag, own_hashtag_bands
from tiktok_coach.stats.bands import Band, load_bands
from tiktok_coach.stats.candidates import band_answers, band_questions
from tiktok_coach.stats.effects import FALSE_SHARE, false_discovery, residuals
from tiktok_coach.stats.follow_up import effect_of_following
from tiktok_coach.stats.outcomes import VIEWS, Outcome

FEWEST_POSTS = 45
RESAMPLES = 1000
OURS = "own posts and record"


def half(export: Export, rows: np.ndarray) -> Analysis:
    """An analysis of some posts of one account."""
    posts = export.posts.iloc[rows].reset_index(drop=True)
    return analysis_of(Export(posts, pd.DataFrame(columns=list(SNAPSHOT_COLUMNS)), export.accounts))


@dataclass
class Results:
    """By order of advice the log effect on each account of following what came first, with its information."""

    rng: np.random.Generator
    effects: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    chosen: Counter[str] = field(default_factory=Counter)
    by_weight: Counter[str] = field(default_factory=Counter)
    others: list[Advice] = field(default_factory=list)

    def judge(self, name: str, one: Analysis, later: np.ndarray, follows: np.ndarray) -> bool:
        """Whether the later posts of an account tell what following did."""
        effect = effect_of_following(one.posts, one.outcome(VIEWS), later, follows)
        if np.isfinite(effect.log):
            self.effects.setdefault(name, []).append((effect.log, effect.information))
        return bool(np.isfinite(effect.log))

    def judge_account(self, one: Analysis, bands: Sequence[Band], facts: Prior, tags: tuple[float, float]) -> None:
        """The first advice of each order on the first half of an account's posts, by those of the second."""
        rows = np.argsort(one.posts.at.posted, kind="stable")
        rows = rows[np.isfinite(one.outcome(VIEWS).value[rows])]
        if len(rows) < FEWEST_POSTS:
            return
        later = rows[len(rows) // 2 :]
        first = half(one.export, rows[: len(rows) // 2])
        own = own_hashtag_bands(first.posts)
        for name, advice in orders(first, [*bands, *own], facts, tags, self.rng).items():
            if not advice:
                continue
            follows = followed(one.posts, advice[0].band, has=advice[0].has)
            if self.judge(name, one, later, follows) and name == OURS:
                self.placebos(one, rows, later, follows)
                self.chosen[advice[0].id.split(":")[0]] += 1
                if not is_own_hashtag(advice[0].band):
                    self.others.append(advice[0])
        code = first_by_weight(first)
        if code is not None and self.judge("order of the weights", one, later, by_rule(one, code)):
            self.by_weight[code] += 1

    def placebos(self, one: Analysis, rows: np.ndarray, later: np.ndarray, follows: np.ndarray) -> None:
        """What later posts tell of advice that was not theirs."""
        self.judge("placebo: the next post", one, later, following_next(follows, rows))
        if self.others:
            other = self.others[int(self.rng.integers(len(self.others)))]
            self.judge("placebo: another's advice", one, later, followed(one.posts, other.band, has=other.has))

    def print(self) -> None:
        """What each order is worth, and what came first."""
        for name, effects in self.effects.items():
            mean, low, high = weighted(np.array(effects), self.rng)
            print(f"{name:26} {len(effects):4} accounts: {mean:.3f} times the views ({low:.3f}-{high:.3f})")
        for title, counts in (("first advice", self.chosen), ("first by weight", self.by_weight)):
            print(f"{title}:", ", ".join(f"{name} {count}" for name, count in counts.most_common()))


def main() -> None:
    given = data_arguments(__doc__)
    whole = analysis_of(read_sets(given.data))
    bands = load_bands(rulebook())
    public = estimates(whole, VIEWS, [band_questions(whole.posts, bands, whole.catalogue)])
    tag_log, tag_variance, tag_owner = hashtag_estimates(whole)
    results = Results(np.random.default_rng(1))
    fold = results.rng.permutation(len(whole.posts.names)) % FOLDS
    for number in range(FOLDS):
        taught = fold != number
        pools = [pool(public.log[taught, place], public.variance[taught, place]) for place in range(len(bands))]
        facts = Prior(np.array([one.mean for one in pools]), np.array([spread_of(one) for one in pools]))
        of_tags = taught[tag_owner]
        tags = pool(tag_log[of_tags], tag_variance[of_tags])
        for account in np.flatnonzero(~taught).tolist():
            one = whole.for_account(whole.posts.names[account])
            results.judge_account(one, bands, facts, (tags.mean, spread_of(tags)))
    results.print()


def orders(
    first: Analysis, candidates: Sequence[Band], facts: Prior, tags: tuple[float, float], rng: np.random.Generator
) -> dict[str, list[Advice]]:
    """The advice on an account's first posts in each order; own hashtags are the candidates after the facts."""
    count, own = len(facts.mean), len(candidates) - len(facts.mean)
    both = Prior(*(np.append(part, np.full(own, tag)) for part, tag in zip((facts.mean, facts.sd), tags, strict=True)))
    flat = Prior(np.zeros(len(candidates)), np.full(len(candidates), 3.0))
    outcome = first.outcome(VIEWS)
    silent = Outcome(outcome.name, np.full(len(outcome.value), np.nan), outcome.weight)
    return {
        OURS: advise(first.posts, outcome, candidates, both, first.catalogue),
        "facts alone": advise(first.posts, outcome, candidates[:count], facts, first.catalogue),
        "own posts alone": advise(first.posts, outcome, candidates, flat, first.catalogue),
        "record alone": advise(first.posts, silent, candidates[:count], facts, first.catalogue),
        "chance": chance(first, candidates, rng),
    }


def first_by_weight(first: Analysis) -> str | None:
    """The rule that came first before there was a record: shown to help by own posts, else with a lift, else by weight."""
    effects = first.view_effects.dropna(subset="p").set_index("code")
    clear = effects[(false_discovery(effects["p"].to_numpy()) <= FALSE_SHARE) & (effects["estimate"] > 1)]
    lifts = {lift.rule for lift in first.catalogue.lifts if lift.factor > 1}

    def rank(one: Opportunity) -> tuple[int, float]:
        code = one.evaluation.code
        if code in clear.index:
            return 0, -one.failing / one.known * (float(clear.at[code, "estimate"]) - 1)
        return (1, 0.0) if code in lifts else (2, 0.0)

    ranked = sorted((o for o in opportunities(first.evaluations) if o.evaluation.compiled.is_cause), key=rank)
    return ranked[0].evaluation.code if ranked else None


def by_rule(whole: Analysis, code: str) -> np.ndarray:
    """Which posts pass a rule: 1 or 0, NaN where that is not known."""
    [evaluation] = whole.evaluate([rule for rule in whole.settings.rules if rule.code == code])
    return np.where(evaluation.status == PASS, 1.0, np.where(evaluation.status == FAIL, 0.0, np.nan))


def following_next(follows: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """By post whether the next in `rows` follows, beside what is foretold of that by whether it follows itself."""
    later = np.full(len(follows), np.nan)
    later[rows[:-1]] = follows[rows[1:]]
    known = np.isfinite(later) & np.isfinite(follows)
    if known.any():
        later[known] = residuals(later[known], follows[known, None])
    return np.where(known, later, np.nan)


def spread_of(pooled: Pooled) -> float:
    """The standard deviation of the log effect on one more account."""
    return float(np.hypot(np.sqrt(pooled.between), pooled.error))


def chance(first: Analysis, bands: Sequence[Band], rng: np.random.Generator) -> list[Advice]:
    """One of the facts that some posts have and some lack, in either direction, at random."""
    answers = band_answers(first.posts, bands)
    share = np.nansum(answers, axis=0) / np.maximum((~np.isnan(answers)).sum(axis=0), 1)
    mixed = np.flatnonzero((share > 0.1) & (share < 0.9))
    if not len(mixed):
        return []
    return [Advice(bands[rng.choice(mixed)], bool(rng.random() < 0.5), "", 1, 1, 1, 0.5, 0, 1)]


def weighted(table: np.ndarray, rng: np.random.Generator) -> tuple[float, float, float]:
    """The factor over accounts, each weighed by what its posts tell, with a 90% interval from resampling accounts."""
    log, weight = table.T
    picks = rng.integers(0, len(table), (RESAMPLES, len(table)))
    means = (log[picks] * weight[picks]).sum(axis=1) / weight[picks].sum(axis=1)
    low, high = np.exp(np.quantile(means, [0.05, 0.95]))
    return float(np.exp(np.average(log, weights=weight))), float(low), float(high)


if __name__ == "__main__":
    main()
