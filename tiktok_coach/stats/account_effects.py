"""The effects of rules and tips on the results of every account and of all together, and what to change first."""

from __future__ import annotations

import math
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.core.arrays import rows_by_code
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.special_functions import ndtr
from tiktok_coach.core.translation import N_
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.scoring import NORMAL_90
from tiktok_coach.rules.findings import Opportunity
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account import Questions
from tiktok_coach.stats.bands import public_effects
from tiktok_coach.stats.effects import (
    FALSE_SHARE,
    FEWEST,
    Estimates,
    estimate_effects,
    false_discovery,
    no_estimates_by_account,
    posterior,
)
from tiktok_coach.stats.goals import goal_place, served_goal
from tiktok_coach.stats.outcomes import VIEWS, Covariates, Outcome, covariate_columns, recent_level
from tiktok_coach.stats.public_record import CONTRADICTED, PublicEffect

HELPS, HURTS, UNCLEAR, NOT_ENOUGH = "helps", "hurts", N_("no clear effect"), N_("not enough data")
# An interval that reaches further than this factor either way says too little to speak of no effect.
TOO_WIDE = float(np.log(2.0))
# A verdict needs a p-value as small as this by itself too; tests of 60 posts are a little surer than they say.
SIGNIFICANT = 0.04
# From so many accounts on the work is parted among the cores.
MANY_ACCOUNTS, PROCESSES = 60, min(os.cpu_count() or 1, 8)
COLUMNS = ["account", "outcome", "code", "effect", "low", "high", "estimate"]
COLUMNS += ["followed", "posts", "verdict", "prior", "p", "q", "tip"]
OWN, OWN_AND_PUBLIC, PUBLIC = "own posts", "own posts and public record", "public record"
DOCUMENTED, WEIGHT = "documented lift", "weight of the rule"
# The order of changes: measured results let expect a gain, a lift is documented, nobody measured, and no gain was seen.
MEASURED, LIFTED, UNMEASURED, NO_GAIN = range(4)
# What is measured is worth doing where it helps with so large a probability, and by so much.
LEAST_CHANCE, LEAST_EFFECT = 0.7, 1.02
# An effect whose interval reaches below this is shown as one that may be nothing.
CLEAR = 1.005
# So many posts of an account tell what tips do; more make an audit slow and the answer no other.
ENOUGH = 20_000
# Accounts may differ by as much as this before they have been looked at; fewer than so many tell nothing of how they
# differ.
BETWEEN, FEWEST_ACCOUNTS = 0.3, 3
# The iteration for the variance between accounts ends when its equation is met so closely, or after so many rounds.
CLOSE, ROUNDS = 1e-5, 50


def fit_effects(
    outcome: Outcome, at: Covariates, questions: Questions, account: np.ndarray, accounts: int
) -> list[Estimates]:
    """The effects of what is asked of posts on one outcome of each account (below `accounts`), by its posts alone."""
    by_account = rows_by_code(np.where(np.isfinite(outcome.value), account, -1), accounts)
    # The posts of a small account tell nothing that would have to be fitted.
    large = [number for number, rows in enumerate(by_account) if len(rows) >= FEWEST]
    tasks = [(outcome.rows(rows), at.rows(rows), questions.rows(rows)) for rows in map(by_account.__getitem__, large)]
    if len(large) < MANY_ACCOUNTS or PROCESSES == 1:
        fits = [_fit(*task) for task in tasks]
    else:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        # Started afresh: threads of libraries do not survive a fork.
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            fits = list(pool.map(_fit, *zip(*tasks, strict=True), chunksize=-(-len(tasks) // (PROCESSES * 4))))
    small = np.concatenate([np.empty(0, dtype=np.int64), *(rows for rows in by_account if len(rows) < FEWEST)])
    estimates = no_estimates_by_account(questions.answers[small], account[small], accounts)
    for number, fit in zip(large, fits, strict=True):
        estimates[number] = fit
    return estimates


def _fit(outcome: Outcome, at: Covariates, questions: Questions) -> Estimates:
    """The effects on one account's posts in an outcome."""
    level = recent_level(outcome.value, at.posted)
    covariates, groups = covariate_columns(at, reach=outcome.name != VIEWS, level=level)
    answers, fields, family = questions.answers, questions.fields, questions.families
    return estimate_effects(outcome.value, outcome.weight, covariates, groups, answers, fields, family)


def effect_table(
    fits: Mapping[str, Sequence[Estimates]], questions: Questions, names: Sequence[str], *, pool: bool = True
) -> pd.DataFrame:
    """A row for each account, outcome and question, from the estimates of each account by outcome (see `fit_effects`).

    It has account, outcome, code, effect with low and high (a factor and its 90% interval), estimate (of the data
    alone), followed (the share of posts), posts, verdict, prior (a factor), p, q, and tip (whether it is of a whole
    tip). With several accounts that it pools there are rows without an account, of all of them together. One in ten of
    the verdicts on an account's rules of one tip may be false (Benjamini and Hochberg, 1995): each tip is a family of
    its own, as Efron (2008) parts what has little to do with each other, and whole tips are one.
    """
    parts = [_rows(outcome, each, questions, names, pool=pool) for outcome, each in fits.items()]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(parts, ignore_index=True)
    q, p = np.full(len(table), np.nan), table["p"].to_numpy(dtype="float64")
    tested = np.flatnonzero(~np.isnan(p))
    # The letter and first digit of a rule's code are those of its tip.
    rules = table.iloc[tested]
    family = rules["code"].str[:2].where(~rules["tip"], "")
    for rows in rules.groupby(["account", family], dropna=False, sort=False).indices.values():
        q[tested[rows]] = false_discovery(p[tested[rows]])
    verdict = verdicts(table["low"].to_numpy(), table["high"].to_numpy(), p, q)
    return table.assign(q=q, verdict=verdict).reindex(columns=COLUMNS)


def _rows(
    outcome: str, fits: Sequence[Estimates], questions: Questions, names: Sequence[str], *, pool: bool
) -> pd.DataFrame:
    prior, doubt = questions.priors(outcome)
    names_of_parts = "log", "se", "freedom", "p", "followed", "posts"
    log, se, freedom, p, followed, posts = (np.array([getattr(one, part) for one in fits]) for part in names_of_parts)
    several = pool and len(names) > 1
    handles: list[str | None] = [name or None for name in names]
    means, doubts = np.tile(prior, (len(fits), 1)), np.tile(doubt, (len(fits), 1))
    if several:
        # The account itself is drawn towards all accounts together, and those towards what is documented.
        joint = pool_effects(log, se, prior, doubt)
        means, doubts = np.tile(joint.expected, (len(fits), 1)), np.tile(joint.doubt, (len(fits), 1))
    middle, low, high = posterior(log, se, freedom, means, doubts)
    if several:
        all_posts = posts.sum(axis=0)
        share = np.nansum(followed * posts, axis=0) / np.maximum(all_posts, 1)
        joint_followed = np.where(all_posts > 0, share, np.nan)
        above = (joint.middle, joint.low, joint.high, joint.log, joint.p, joint_followed, all_posts)
        below = (middle, low, high, log, p, followed, posts)
        middle, low, high, log, p, followed, posts = (np.vstack(pair) for pair in zip(above, below, strict=True))
        handles = [None, *handles]
        means = np.vstack([prior, means])
    count = len(questions.codes)
    columns = {
        "account": pd.array(handles, dtype="str").repeat(count),
        "outcome": outcome,
        "code": pd.array(questions.codes, dtype="str").take(np.tile(np.arange(count), len(handles))),
        "tip": np.tile(questions.tip, len(handles)),
        "followed": followed.ravel(),
        "posts": posts.ravel().astype(np.int64),
        "p": p.ravel(),
    }
    factors = {"effect": middle, "low": low, "high": high, "estimate": log, "prior": means}
    return pd.DataFrame(columns | {name: np.exp(values).ravel() for name, values in factors.items()})


def verdicts(low: np.ndarray, high: np.ndarray, p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """What each effect comes to: a clear one has an interval without no effect, and small p- and q-values."""
    with np.errstate(invalid="ignore"):
        # Beside clear findings of its family a rule would pass that would not by itself.
        clear = (q <= FALSE_SHARE) & (p <= SIGNIFICANT)
        wide = np.log(high / low) / 2 > TOO_WIDE
    conditions = [np.isnan(q) | np.isnan(low), clear & (low > 1), clear & (high < 1), wide]
    return np.select(conditions, [NOT_ENOUGH, HELPS, HURTS, NOT_ENOUGH], UNCLEAR)


@dataclass(frozen=True)
class PooledEffects:
    """Of every question over all accounts: `log`, `p`, posterior `middle`, `low` and `high` (90%).

    `expected` and `doubt` are the mean and standard deviation for one more account.
    """

    log: np.ndarray
    p: np.ndarray
    middle: np.ndarray
    low: np.ndarray
    high: np.ndarray
    expected: np.ndarray
    doubt: np.ndarray


def pool_effects(log: np.ndarray, se: np.ndarray, prior: np.ndarray, doubt: np.ndarray) -> PooledEffects:
    """Random-effects pooling of `log` effects (accounts x questions) with standard errors `se`, NaN for none.

    `prior` and `doubt` are the mean and standard deviation of each question's prior.
    """
    known_mask = np.isfinite(log) & (se > 0)
    few = known_mask.sum(axis=0) < FEWEST_ACCOUNTS
    between = np.where(few, BETWEEN**2, paule_mandel(log, se**2, known_mask))
    mean, error = weighted_mean(log, se**2 + between, known_mask)
    between[~known_mask.any(axis=0)] = np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = 1 / error**2 + 1 / doubt**2
        middle = (mean / error**2 + prior / doubt**2) / precision
        step = NORMAL_90 / np.sqrt(precision)
        p = 2 * ndtr(-np.abs(mean) / error)
    nothing = np.isnan(mean)
    expected = np.where(nothing, prior, middle)
    sd = np.where(nothing, doubt, np.sqrt(1 / precision + np.nan_to_num(between)))
    return PooledEffects(mean, p, middle, middle - step, middle + step, expected, sd)


def paule_mandel(effect: np.ndarray, variance: np.ndarray, known_mask: np.ndarray) -> np.ndarray:
    """The variance between accounts (>= 0) in each column of effects with sampling variances, over those known.

    The method of Paule and Mandel (1982) as DerSimonian and Kacker (2007, appendix 8) iterate it. statsmodels has it
    too, for one column, and takes half a second to import.
    """
    between = np.zeros(effect.shape[1])
    degrees = np.maximum(known_mask.sum(axis=0) - 1, 0)
    for _round in range(ROUNDS):
        weight = np.where(known_mask, 1 / np.where(known_mask, variance + between, 1), 0)
        mean, _error = weighted_mean(effect, variance + between, known_mask)
        squares = np.where(known_mask, (effect - mean) ** 2, 0)
        excess = (weight * squares).sum(axis=0) - degrees
        steep = excess > CLOSE
        if not steep.any():
            break
        between[steep] += excess[steep] / (weight**2 * squares).sum(axis=0)[steep]
    return between


def weighted_mean(effect: np.ndarray, variance: np.ndarray, known_mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By column the mean weighted by precision and its standard error; NaN where nothing is known."""
    weight = np.where(known_mask, 1 / np.where(known_mask, variance, 1), 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        total = np.where(known_mask.any(axis=0), weight.sum(axis=0), np.nan)
        return np.where(known_mask, weight * effect, 0).sum(axis=0) / total, np.sqrt(1 / total)


# What of an effect decides what to expect of a change.
EFFECT = ("verdict", "posts", "effect", "low", "high")
NO_EFFECT = (NOT_ENOUGH, 0, np.nan, np.nan, np.nan)


@dataclass(frozen=True)
class Expected:
    """What a change is expected to do to `outcome` of a post that fails: a factor with its 90% interval.

    `chance` is the probability that it helps, and `total` the factor for all the account's posts together; `verdict` is
    that of the account's own posts.
    """

    basis: str
    outcome: str | None = None
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    total: float | None = None
    posts: int = 0
    verdict: str = NOT_ENOUGH

    @property
    def rank(self) -> int:
        """The place of its basis in the order of changes."""
        if self.basis in (DOCUMENTED, WEIGHT):
            return LIFTED if self.basis == DOCUMENTED else UNMEASURED
        helps = (self.chance or 0.0) >= LEAST_CHANCE and (self.effect or 0.0) >= LEAST_EFFECT
        return MEASURED if helps or self.verdict == HELPS else NO_GAIN


def shown_effect(
    basis: str, effect: float, low: float, high: float, public: PublicEffect | None
) -> tuple[float, float, float]:
    """The factor and interval to show of what is expected: the mean of public accounts where own posts tell nothing."""
    return (public.effect, *public.interval) if basis == PUBLIC and public is not None else (effect, low, high)


@dataclass(frozen=True)
class Change(Opportunity):
    """A rule that fails, and what is to be expected of mending that.

    `public` is what public accounts show of it, and `goal` the most important of the account's goals that it serves.
    """

    expected: Expected
    public: PublicEffect | None = None
    goal: str | None = None

    @property
    def shown(self) -> tuple[float, float, float] | None:
        """The factor on views to show with its 90% interval, see `shown_effect`; None where none was measured."""
        one = self.expected
        if one.rank != MEASURED or one.effect is None or one.low is None or one.high is None:
            return None
        return shown_effect(one.basis, one.effect, one.low, one.high, self.public)

    @property
    def is_clear(self) -> bool:
        """Whether all of the interval that is shown is a gain."""
        return self.shown is not None and self.shown[1] >= CLEAR

    @property
    def worth(self) -> float:
        """What mending all that fails is expected to add to the account's views: a share of them."""
        return (self.expected.total or 1.0) - 1


@dataclass(frozen=True)
class Changes:
    """The failing rules: those worth mending in order, those whose followers demonstrably do worse on this account,
    and those that public accounts contradict.
    """

    first: tuple[Change, ...]
    hurting: tuple[Change, ...]
    contradicted: tuple[Change, ...]


def thin(account: np.ndarray, most: int = ENOUGH) -> np.ndarray:
    """Row numbers of evenly so many posts of each account with more than `most`, and of all others."""
    counts = np.bincount(account, minlength=1)
    if counts.max(initial=0) <= most:
        return np.arange(len(account))
    parts = rows_by_code(account, len(counts))
    even = [p[np.linspace(0, len(p) - 1, most).astype(np.int64)] if len(p) > most else p for p in parts]
    return np.sort(np.concatenate(even))


def effects_by_account(effects: pd.DataFrame) -> dict[str | None, dict[str, Sequence[Any]]]:
    """Of a table of effects on one outcome by account and code the columns EFFECT of each row."""
    # By whole columns, and the rows of an account that follow each other at once: 10,000 have half a million.
    code, *parts = (effects[name].to_numpy().tolist() for name in ("code", *EFFECT))
    account, of_codes = effects["account"].to_numpy(dtype=object), list(zip(*parts, strict=True))
    if not len(account):
        return {}
    starts = np.flatnonzero(account[1:] != account[:-1]) + 1
    by_account: dict[str | None, dict[str, Sequence[Any]]] = defaultdict(dict)
    for start, stop in pairwise([0, *starts.tolist(), len(account)]):
        by_account[account[start]].update(zip(code[start:stop], of_codes[start:stop], strict=True))
    return by_account


def order_changes(
    opportunities: Sequence[Opportunity],
    effects: Mapping[str, Sequence[Any]],
    catalogue: Catalogue,
    goals: Sequence[str] = (),
) -> Changes:
    """The changes in the order of what they are expected to be worth to this account.

    What serves the account's `goals` comes before all else, in their order. Of these, and then of the rest, first come
    those that its own posts or public accounts let expect a gain of, by what mending all that fails would do
    to views; then those with a documented lift, likewise; then those that nobody measured, as the rules weigh them; and
    last what was measured without a gain. `effects` holds by code what the account's own posts tell of a rule's effect
    on views (see `effects_by_account`).
    """
    changes, public = [], public_effects(rulebook(), VIEWS)
    for one in opportunities:
        code = one.evaluation.code
        expected = _expected(one, effects.get(code, NO_EFFECT), public.get(code), catalogue)
        goal = served_goal(one.evaluation.compiled.rule, goals, is_measured=expected.rank == MEASURED)
        changes.append(Change(one.evaluation, one.gain, one.failing, one.known, expected, public.get(code), goal))
    parts: dict[str, list[Change]] = {"first": [], "hurting": [], "contradicted": []}
    for change in changes:
        is_contradicted = change.public is not None and change.public.grade == CONTRADICTED
        own = change.expected.verdict
        part = "hurting" if own == HURTS else "contradicted" if is_contradicted and own != HELPS else "first"
        parts[part].append(change)
    # The order of the opportunities, which is that of their weight, is kept among equals.
    first = sorted(parts["first"], key=lambda c: (goal_place(c.goal, goals), c.expected.rank, -c.worth))
    return Changes(tuple(first), tuple(parts["hurting"]), tuple(parts["contradicted"]))


def _expected(one: Opportunity, own: Sequence[Any], public: PublicEffect | None, catalogue: Catalogue) -> Expected:
    code = one.evaluation.code
    share = one.failing / max(one.known, 1)
    verdict, posts, effect, low, high = own
    is_clear, is_known = verdict in (HELPS, HURTS), bool(np.isfinite(effect))
    if is_clear or public is not None:
        if public is not None and not is_known:
            effect, low, high = np.exp(public.log + NORMAL_90 * public.doubt * np.array([0, -1, 1])).tolist()
        basis = OWN if is_clear else OWN_AND_PUBLIC if is_known else PUBLIC
        doubt = math.log(high / low) / (2 * NORMAL_90)
        total, chance = 1 + share * (effect - 1), float(ndtr(math.log(effect) / max(doubt, 1e-9)))
        return Expected(basis, VIEWS, effect, low, high, chance, total, posts, verdict)
    lift = next((lift for lift in catalogue.lifts if lift.rule == code and lift.factor > 1), None)
    if lift is not None:
        factor, wide = lift.factor, float(np.exp(NORMAL_90 * lift.doubt))
        total = 1 + share * (factor - 1)
        return Expected(DOCUMENTED, lift.action, factor, factor / wide, factor * wide, None, total, posts, verdict)
    if verdict == NOT_ENOUGH:
        return Expected(WEIGHT, posts=posts, verdict=verdict)
    return Expected(WEIGHT, VIEWS, effect, low, high, posts=posts, verdict=verdict)
