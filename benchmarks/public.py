"""Fits what posts of many accounts say of rules, whole tips and facts, and holds it against accounts that are left out.

The effects are those that the tool finds within each account; their means and spreads over accounts are random effects (Paule and Mandel).
Printed are the table with the grades, and cross-validated by account: how often the 90% interval for a new account's effect holds its
estimate, and whether the record foretells it better than the documented lifts and than "no effect, spread 0.3".

Run from the project's root: python -m benchmarks.public accounts/posts.parquet news_posts.csv outcomes/accounts.csv [-o rules/public.yaml]
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm, t
from statsmodels.stats.meta_analysis import combine_effects

from benchmarks.public_posts import data_arguments, read_sets, sets_of, yaml_text
from tests.analyses import analysis_of
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.arrays import rows_by_code
from tiktok_coach.core.schema import numbers
from tiktok_coach.ranking.scoring import NORMAL_90
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account import Questions
from tiktok_coach.stats.account_effects import fit_effects
from tiktok_coach.stats.advice import own_hashtag_bands
from tiktok_coach.stats.bands import load_bands
from tiktok_coach.stats.candidates import band_questions
from tiktok_coach.stats.effects import FEWEST, FEWEST_A_SIDE, false_discovery, last_coefficient, winsorize_residuals
from tiktok_coach.stats.outcomes import (
    ENGAGEMENT,
    HOUR,
    INTERACTIONS,
    LENGTH,
    VIEWS,
    covariate_columns,
    outcome_of,
    recent_level,
)
from tiktok_coach.stats.public_record import FEWEST_ACCOUNTS, Bin, Combination, PublicCurve, PublicEffect, PublicRecord

OUTCOMES = (VIEWS, ENGAGEMENT, *INTERACTIONS)
FOLDS, RESAMPLES = 10, 400
# What chance alone brings among so many is not written down.
SIGNIFICANT = 0.1
# The prior that an effect without any record is given to beat.
NO_EFFECT, ASSUMED_SPREAD = 0.0, 0.3


@dataclass(frozen=True)
class Accounts:
    """Every account's estimates of some questions on an outcome (accounts x questions), and what is known of each account."""

    codes: tuple[str, ...]
    log: np.ndarray
    variance: np.ndarray
    posts: np.ndarray
    account_set: np.ndarray
    moderators: dict[str, np.ndarray]
    years: np.ndarray


@dataclass(frozen=True)
class Pooled:
    """The mean of effects over accounts with its standard error, and the variance between accounts."""

    mean: float
    error: float
    between: float
    accounts: int


def pool(log: np.ndarray, variance: np.ndarray) -> Pooled:
    """Random effects (Paule and Mandel) with the standard error of Hartung and Knapp; fixed where there are too few to tell."""
    known = np.isfinite(log) & np.isfinite(variance)
    log, variance = log[known], variance[known]
    if len(log) < 3:
        return Pooled(np.nan, np.nan, np.nan, len(log))
    result = combine_effects(log, variance, method_re="iterated", use_t=False)
    return Pooled(float(result.mean_effect_re), float(result.sd_eff_w_re_hksj), max(float(result.tau2), 0.0), len(log))


def questions_of(analysis: Analysis) -> list[Questions]:
    """What rules, whole tips and facts ask of the posts."""
    bands = load_bands(rulebook())
    return [
        analysis.questions.family(tips=False),
        analysis.questions.family(tips=True),
        band_questions(analysis.posts, bands, analysis.catalogue),
    ]


def estimates(analysis: Analysis, name: str, asked: Sequence[Questions]) -> Accounts:
    """The estimates of every account on an outcome."""
    posts, outcome = analysis.posts, outcome_of(name, analysis.export.posts, analysis.posts.account)
    count = len(posts.names)
    fits = [fit_effects(outcome, posts.at, questions, posts.account, count) for questions in asked]
    by_part = {
        part: np.hstack([np.array([getattr(one, part) for one in of_family]) for of_family in fits])
        for part in ("log", "se", "freedom", "posts")
    }
    # As wide as Student's t, so that few posts do not look sure.
    wide = by_part["se"] * t.ppf(0.95, by_part["freedom"]) / NORMAL_90
    sets = pd.Series(analysis.export.posts["set"].to_numpy()).groupby(posts.account).first().reindex(range(count))
    years = pd.Series(analysis.export.posts["posted_at"].dt.year.to_numpy()).groupby(posts.account).agg(["min", "max"])
    return Accounts(
        tuple(code for questions in asked for code in questions.codes),
        by_part["log"],
        wide**2,
        by_part["posts"],
        sets.to_numpy(),
        account_facts(analysis),
        years.reindex(range(count)).to_numpy(),
    )


def account_facts(analysis: Analysis) -> dict[str, np.ndarray]:
    """What effects may depend on, by account: followers and views (log10), era (years since 2020) and usual length (log2 s)."""
    posts, account = analysis.export.posts, analysis.posts.account
    with np.errstate(divide="ignore", invalid="ignore"):
        facts = {
            "followers": np.log10(numbers(posts, "followers")),
            "views": np.log10(numbers(posts, "views")),
            "year": (posts["posted_at"].dt.year - 2020 + posts["posted_at"].dt.day_of_year / 365).to_numpy(
                dtype="float64"
            ),
            "length": np.log2(numbers(posts, "duration_s")),
        }
    by_account = {
        name: pd.Series(np.where(np.isfinite(v), v, np.nan)).groupby(account).median() for name, v in facts.items()
    }
    return {name: values.reindex(range(len(analysis.posts.names))).to_numpy() for name, values in by_account.items()}


PER = {
    "followers": "ten times the followers",
    "views": "ten times the views",
    "year": "a year later",
    "length": "twice the usual length",
}


def moderated(
    log: np.ndarray, variance: np.ndarray, between: float, moderator: np.ndarray
) -> tuple[float, float, float] | None:
    """The slope of effects along a moderator with its error and p-value; None where it cannot be told."""
    known = np.isfinite(log) & np.isfinite(variance) & np.isfinite(moderator)
    if known.sum() < 3 * FEWEST_ACCOUNTS or np.ptp(moderator[known]) < 0.3:
        return None
    weight = 1 / np.sqrt(variance[known] + between)
    design = np.column_stack([np.ones(known.sum()), moderator[known] - moderator[known].mean()]) * weight[:, None]
    inverse = np.linalg.inv(design.T @ design)
    slope = (inverse @ design.T @ (log[known] * weight))[1]
    error = float(np.sqrt(inverse[1, 1]))
    return float(slope), error, float(2 * norm.sf(abs(slope) / error))


def sets_agree(log: np.ndarray, variance: np.ndarray, account_set: np.ndarray) -> bool | None:
    """Whether the means of the sets lie no further apart than chance (Cochran's Q over sets, 10%); None for fewer than two."""
    pools = [pool(log[account_set == name], variance[account_set == name]) for name in pd.unique(account_set)]
    of_sets = [one for one in pools if one.accounts >= FEWEST_ACCOUNTS]
    if len(of_sets) < 2:
        return None
    means, weights = np.array([one.mean for one in of_sets]), np.array([one.error**-2 for one in of_sets])
    apart = float((weights * (means - np.average(means, weights=weights)) ** 2).sum())
    return bool(chi2.sf(apart, len(of_sets) - 1) > SIGNIFICANT)


def effects_of(accounts: Accounts, outcome: str) -> list[PublicEffect]:
    """What the accounts say of each question; those that fewer than three accounts can tell are left out."""
    found, slopes = [], []
    for place, code in enumerate(accounts.codes):
        log, variance = accounts.log[:, place], accounts.variance[:, place]
        pooled, known = pool(log, variance), np.isfinite(log) & np.isfinite(variance)
        if not np.isfinite(pooled.mean):
            continue
        found.append(
            {
                "subject": code,
                "outcome": outcome,
                **factor(pooled.mean, pooled.error),
                "spread": round(float(np.sqrt(pooled.between)), 3),
                "accounts": pooled.accounts,
                "posts": int(accounts.posts[known, place].sum()),
                "years": (int(accounts.years[known, 0].min()), int(accounts.years[known, 1].max())),
                "sets": len(set(accounts.account_set[known])),
                "sets_agree": sets_agree(log, variance, accounts.account_set),
            }
        )
        for name, moderator in accounts.moderators.items():
            slope = moderated(log, variance, pooled.between, moderator)
            if slope is not None:
                slopes.append((len(found) - 1, name, *slope))
    q = false_discovery(np.array([slope[-1] for slope in slopes])) if slopes else []
    for (row, name, slope, error, _p), chance in zip(slopes, q, strict=True):
        if chance <= SIGNIFICANT:
            numbers_of = factor(slope, error)
            one = {"by": name, "per": PER[name], "factor": numbers_of["effect"], "interval": numbers_of["interval"]}
            found[row].setdefault("moderators", []).append(one)
    return [PublicEffect(**one) for one in found]


def factor(mean: float, error: float) -> dict[str, Any]:
    """A factor with its 90% interval, as the record holds it."""
    low, high = np.exp([mean - NORMAL_90 * error, mean + NORMAL_90 * error])
    return {"effect": round(float(np.exp(mean)), 3), "interval": (round(float(low), 3), round(float(high), 3))}


def hashtag_estimates(analysis: Analysis) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The log effects on views of hashtags that accounts use now and then, their variances, and whose each is."""
    logs, variances, owners = [], [], []
    for number, handle in enumerate(analysis.posts.names):
        part = analysis.for_account(handle)
        if len(part.export.posts) < FEWEST or not (bands := own_hashtag_bands(part.posts)):
            continue
        questions = band_questions(part.posts, bands, analysis.catalogue)
        [fit] = fit_effects(part.outcome(VIEWS), part.posts.at, questions, part.posts.account, 1)
        logs.append(fit.log)
        variances.append((fit.se * t.ppf(0.95, fit.freedom) / NORMAL_90) ** 2)
        owners.append(np.full(len(fit.log), number))
    return np.concatenate(logs), np.concatenate(variances), np.concatenate(owners)


def own_hashtags(analysis: Analysis) -> PublicEffect:
    """The effects on views of hashtags that accounts use on some of their posts, over all such hashtags of all accounts."""
    log, variance, owner = hashtag_estimates(analysis)
    pooled, known = pool(log, variance), np.isfinite(log)
    is_tested = np.isin(analysis.posts.account, owner[known])
    years = analysis.export.posts["posted_at"].dt.year[is_tested]
    return PublicEffect(
        subject="own hashtag",
        outcome=VIEWS,
        **factor(pooled.mean, pooled.error),
        spread=round(float(np.sqrt(pooled.between)), 3),
        accounts=len(np.unique(owner[known])),
        posts=int(is_tested.sum()),
        years=(int(years.min()), int(years.max())),
        sets=int(analysis.export.posts["set"][is_tested].nunique()),
    )


# Facts of many values, and where their bins begin.
BINS = {
    "duration_s": (0, 8, 12, 15, 20, 30, 60, 120, 300),
    "caption_utf16": (0, 25, 50, 100, 150, 300, 600),
    "hashtag_count": (0, 1, 2, 3, 4, 6, 9),
    "hour": (0, 6, 9, 12, 15, 18, 21),
    "posts_a_week": (0, 2, 4, 7, 14, 28),
}


def fact_values(analysis: Analysis) -> dict[str, np.ndarray]:
    """Every fact of every post; posts a week are those of the account in the three days before and after."""
    values = {name: analysis.posts.values[name] for name in BINS if name in analysis.posts.values}
    at, account = analysis.posts.at.posted, analysis.posts.account
    order = np.lexsort((at, account))
    # Accounts lie further apart than any window.
    place = at[order] + account[order] * 1e5
    around = np.searchsorted(place, place + 3.5) - np.searchsorted(place, place - 3.5)
    week = np.full(len(at), np.nan)
    week[order] = np.where(np.isnan(at[order]), np.nan, around)
    return values | {"posts_a_week": week}


def adjusted(analysis: Analysis, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The outcome of every post and the covariates of its account, each with what the covariates foretell taken out.

    Returned are the residuals (n) and, by row, a basis of the covariates (for the facts), as the account's own rows of one matrix.
    """
    outcome, count = analysis.outcome(name), len(analysis.posts.table)
    residual, basis = np.full(count, np.nan), np.zeros((count, 12))
    for rows in rows_by_code(
        np.where(np.isfinite(outcome.value), analysis.posts.account, -1), len(analysis.posts.names)
    ):
        if len(rows) < FEWEST:
            continue
        at, value = analysis.posts.at.rows(rows), outcome.value[rows]
        columns, groups = covariate_columns(at, reach=name != VIEWS, level=recent_level(value, at.posted))
        held = columns[:, [group not in {HOUR, LENGTH} for group in groups]]
        q, _ = np.linalg.qr(np.column_stack([np.ones(len(rows)), held]))
        value = winsorize_residuals(value, np.ones(len(rows)), held)
        residual[rows] = value - q @ (q.T @ value)
        basis[rows, : q.shape[1]] = q
    return residual, basis


def curves_of(analysis: Analysis, outcome: str) -> list[PublicCurve]:
    """The outcome along facts of many values, within accounts, by bins; intervals from resampling accounts."""
    residual, basis = adjusted(analysis, outcome)
    account, rng, curves = analysis.posts.account, np.random.default_rng(11), []
    for fact, value in fact_values(analysis).items():
        edges = np.array(BINS[fact], dtype="float64")
        rows = (np.isfinite(residual) & np.isfinite(value)).nonzero()[0]
        codes, bins = np.unique(account[rows], return_inverse=True), len(edges)
        dummies = np.eye(bins)[np.clip(np.searchsorted(edges, value[rows], side="right") - 1, 0, bins - 1)]
        # Frisch and Waugh: what an account's covariates foretell of the bins is taken out of them too.
        by_account = []
        for number in range(len(codes[0])):
            own = codes[1] == number
            q, d, y = basis[rows[own]], dummies[own], residual[rows[own]]
            d = d - q @ (q.T @ d)
            by_account.append((d.T @ d, d.T @ y))
        grams, sides = (np.array(parts) for parts in zip(*by_account, strict=True))
        usual = dummies.mean(axis=0)

        def solve(
            weights: np.ndarray, grams: np.ndarray = grams, sides: np.ndarray = sides, usual: np.ndarray = usual
        ) -> np.ndarray:
            slopes = np.linalg.pinv(np.tensordot(weights, grams, 1), rcond=1e-6) @ (weights @ sides)
            return np.asarray(slopes - usual @ slopes)

        middle = solve(np.ones(len(grams)))
        picks = rng.multinomial(len(grams), np.full(len(grams), 1 / len(grams)), RESAMPLES)
        low, high = np.quantile([solve(pick.astype("float64")) for pick in picks], [0.05, 0.95], axis=0)
        uppers = (*edges[1:], None)
        curves.append(
            PublicCurve(
                fact=fact,
                outcome=outcome,
                accounts=len(grams),
                bins=tuple(
                    Bin(
                        low=float(edges[k]),
                        high=None if uppers[k] is None else float(uppers[k]),
                        effect=round(float(np.exp(middle[k])), 3),
                        interval=(round(float(np.exp(low[k])), 3), round(float(np.exp(high[k])), 3)),
                        posts=int(dummies[:, k].sum()),
                    )
                    for k in range(bins)
                ),
            )
        )
    return curves


def combinations_of(analysis: Analysis, outcome: str, questions: Questions) -> list[Combination]:
    """Pairs of facts that together do more or less than each by itself, as far as chance seldom brings it (10% false, of all pairs)."""
    residual, basis = adjusted(analysis, outcome)
    count, answers = len(questions.codes), questions.answers
    pairs = [(i, j) for i in range(count) for j in range(i) if questions.fields[i] != questions.fields[j]]
    logs = np.full((len(analysis.posts.names), len(pairs)), np.nan)
    variances = logs.copy()
    for number, rows in enumerate(rows_by_code(np.where(np.isfinite(residual), analysis.posts.account, -1), len(logs))):
        for place, (i, j) in enumerate(pairs if len(rows) >= FEWEST * 2 else ()):
            known = ~np.isnan(answers[rows, i]) & ~np.isnan(answers[rows, j])
            one, other = answers[rows, i][known], answers[rows, j][known]
            both = one * other
            cells = (both.sum(), (one - both).sum(), (other - both).sum(), ((1 - one) * (1 - other)).sum())
            if min(cells) < FEWEST_A_SIDE / 2:
                continue
            design = np.column_stack([basis[rows[known]], one, other, both])
            design = design[:, np.abs(design).max(axis=0) > 0]
            log, se, _freedom = last_coefficient(design, residual[rows[known]])
            logs[number, place], variances[number, place] = log, se**2
    pools = [pool(logs[:, place], variances[:, place]) for place in range(len(pairs))]
    tested = [place for place, one in enumerate(pools) if one.accounts >= FEWEST_ACCOUNTS and np.isfinite(one.mean)]
    q = false_discovery(np.array([2 * norm.sf(abs(pools[place].mean) / pools[place].error) for place in tested]))
    print(f"\n{len(tested)} pairs of facts tested on {outcome}, {(q <= SIGNIFICANT).sum()} beyond chance")
    found = []
    for place, chance in zip(tested, q, strict=True):
        if chance <= SIGNIFICANT:
            i, j = pairs[place]
            numbers_of = factor(pools[place].mean, pools[place].error)
            one = Combination(
                facts=(questions.codes[i], questions.codes[j]),
                outcome=outcome,
                factor=numbers_of["effect"],
                interval=numbers_of["interval"],
                accounts=pools[place].accounts,
            )
            print(
                f"  {one.facts[0]} and {one.facts[1]}: x{one.factor} ({one.interval[0]}-{one.interval[1]}), {one.accounts} accounts"
            )
            found.append(one)
    return found


def crossed(accounts: Accounts, outcome: str, priors: Sequence[tuple[float, float]]) -> pd.DataFrame:
    """By question, over accounts left out: the coverage of 90% intervals, and log scores of record, lifts and no effect."""
    rng, rows = np.random.default_rng(7), []
    fold = rng.permutation(len(accounts.log)) % FOLDS
    for place, code in enumerate(accounts.codes):
        log, variance = accounts.log[:, place], accounts.variance[:, place]
        known = np.isfinite(log) & np.isfinite(variance)
        if known.sum() < FEWEST_ACCOUNTS:
            continue
        inside, scores = [], []
        for number in range(FOLDS):
            out, taught = known & (fold == number), known & (fold != number)
            if not out.any():
                continue
            pooled = pool(log[taught], variance[taught])
            sd = np.sqrt(pooled.between + pooled.error**2 + variance[out])
            inside.append(np.abs(log[out] - pooled.mean) <= NORMAL_90 * sd)
            lift, doubt = priors[place]
            others = ((lift, doubt), (NO_EFFECT, ASSUMED_SPREAD))
            scores.append(
                np.column_stack(
                    [norm.logpdf(log[out], pooled.mean, sd)]
                    + [norm.logpdf(log[out], mean, np.sqrt(spread**2 + variance[out])) for mean, spread in others]
                )
            )
        held, score = np.concatenate(inside), np.vstack(scores).mean(axis=0)
        rows.append((code, outcome, int(known.sum()), float(held.mean()), *score))
    return pd.DataFrame(rows, columns=["code", "outcome", "accounts", "inside", "record", "lifts", "none"])


def show(effects: Sequence[PublicEffect]) -> None:
    """The table of what was fitted."""
    print(f"{'':26} {'outcome':11} effect  90% interval  spread accounts  posts  sets  grade")
    for one in effects:
        agree = {True: "agree", False: "differ", None: ""}[one.sets_agree]
        low, high = one.interval
        print(
            f"{one.subject:26} {one.outcome:11} {one.effect:6.3f}  {low:.3f}-{high:.3f}   {one.spread:.3f} {one.accounts:8,} {one.posts:6,}  {one.sets} {agree:7}{one.grade}"
        )
        for by in one.moderators:
            print(f"{'':28} x{by.factor:.3f} ({by.interval[0]:.3f}-{by.interval[1]:.3f}) with {by.per}")


def show_curves(curves: Sequence[PublicCurve]) -> None:
    """The curves, a line each."""
    for curve in curves:
        print(f"\n{curve.fact} and {curve.outcome}, {curve.accounts} accounts, against the account's usual post")
        for one in curve.bins:
            upper = "" if one.high is None else f"-{one.high:g}"
            print(
                f"  {one.low:g}{upper:8} x{one.effect:.3f} ({one.interval[0]:.3f}-{one.interval[1]:.3f}) {one.posts:,} posts"
            )


def main() -> None:
    given = data_arguments(__doc__, "the record")
    export = read_sets(given.data)
    analysis = analysis_of(export)
    asked = questions_of(analysis)
    effects: list[PublicEffect] = []
    tables = []
    for name in OUTCOMES:
        accounts = estimates(analysis, name, asked)
        effects += effects_of(accounts, name)
        if name in (VIEWS, ENGAGEMENT):
            means, doubts = (
                np.concatenate(parts) for parts in zip(*(q.documented_priors(name) for q in asked), strict=True)
            )
            tables.append(crossed(accounts, name, list(zip(means, doubts, strict=True))))
    hashtags = own_hashtags(analysis)
    show([*effects, hashtags])
    curves = [curve for name in (VIEWS, ENGAGEMENT) for curve in curves_of(analysis, name)]
    show_curves(curves)
    combinations = combinations_of(analysis, VIEWS, asked[-1])
    table = pd.concat(tables, ignore_index=True)
    print(
        "\nAccounts left out: share of estimates within the 90% interval, mean log score of the record, the lifts, no effect"
    )
    print(table.round(3).to_string(index=False))
    weight = table["accounts"]
    print(f"within 90%: {np.average(table['inside'], weights=weight):.1%} of estimates")
    better = (table["record"] > table["lifts"]) & (table["record"] > table["none"])
    print(f"better than the lifts and than no effect: {better.mean():.0%} of questions")
    if given.output:
        posts = export.posts
        record = PublicRecord(
            source={"name": f"{len(posts):,} public posts of {len(export.accounts):,} accounts", "as_of": "2026-11"},
            fitted=dt.datetime.now(dt.UTC).date().isoformat(),
            sets=sets_of(posts),
            covariates=("recent level", "age", "trend", "hour", "weekday", "length"),
            confounding=CONFOUNDING,
            limits=LIMITS,
            effects=effects,
            own_hashtags=hashtags,
            curves=curves,
            combinations=combinations,
        )
        given.output.write_text(yaml_text(record, COMMENT), "utf-8")


COMMENT = "What posts of many public accounts say of the tips. Written by benchmarks/public.py; aggregates alone."
CONFOUNDING = (
    "what a post is about, how well it is made, paid promotion, and whatever else an account changed in the same weeks; "
    "posts are compared with others of their account, and nothing was tried at random"
)
LIMITS = "accounts that were well known when they were picked, with ten posts or more; counts are rounded as the app shows them"


if __name__ == "__main__":
    main()
