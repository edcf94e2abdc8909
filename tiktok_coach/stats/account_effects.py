"""The effects of rules and tips on the results of every account, and of all of them together."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
import pandas as pd

from tiktok_coach.core.translation import N_
from tiktok_coach.stats.account import Posts
from tiktok_coach.stats.covariates import Covariates, covariate_columns
from tiktok_coach.stats.effects import Estimates, estimate_effects, posterior
from tiktok_coach.stats.multiple_testing import FALSE_SHARE, false_discovery
from tiktok_coach.stats.outcomes import OUTCOMES, VIEWS, Outcome, outcome_of
from tiktok_coach.stats.pooling import pool_effects
from tiktok_coach.stats.questions import Questions

HELPS, HURTS, UNCLEAR, NOT_ENOUGH = "helps", "hurts", N_("no clear effect"), N_("not enough data")
# An interval that reaches further than this factor either way says too little to speak of no effect.
TOO_WIDE = float(np.log(2.0))
# From so many accounts on the work is parted among the cores.
MANY_ACCOUNTS = 60


@dataclass(frozen=True)
class Task:
    """One account's posts in one outcome."""

    account: int
    outcome: str
    value: np.ndarray
    weight: np.ndarray
    at: Covariates
    answers: np.ndarray


def effect_table(
    posts: Posts, asked: Questions, *, outcomes: Sequence[str] = OUTCOMES, cores: int | None = None
) -> pd.DataFrame:
    """A row for each account, outcome and question: account, outcome, code, effect, low, high (90%), estimate (the data alone), followed,
    posts, verdict, prior (a factor), p, q, and whether the question is of a whole tip. With several accounts there are rows without an account, of all of them together.

    The verdicts of one account are held, all together, to one false one in ten (Benjamini and Hochberg, 1995).
    """
    names = posts.names
    measured = [outcome_of(name, posts.table, posts.account) for name in outcomes]
    tasks = list(_tasks(measured, posts.at, asked, posts.account, len(names)))
    found = _run(tasks, asked.fields, asked.tip, cores)
    parts: list[pd.DataFrame] = []
    for name in outcomes:
        mine = [(task, one) for task, one in zip(tasks, found, strict=True) if task.outcome == name]
        if mine:
            parts.append(_rows(name, mine, asked, names, several=len(names) > 1))
    table = _judged(pd.concat(parts, ignore_index=True)) if parts else pd.DataFrame()
    columns = [
        "account",
        "outcome",
        "code",
        "effect",
        "low",
        "high",
        "estimate",
        "followed",
        "posts",
        "verdict",
        "prior",
        "p",
        "q",
        "tip",
    ]
    return table.reindex(columns=columns)


def _tasks(
    measured: Sequence[Outcome], at: Covariates, asked: Questions, account: np.ndarray, count: int
) -> Iterator[Task]:
    order = np.argsort(account, kind="stable")
    starts = np.searchsorted(account[order], np.arange(count + 1))
    for number in range(count):
        mine = order[starts[number] : starts[number + 1]]
        for outcome in measured:
            rows = mine[np.isfinite(outcome.value[mine])]
            yield Task(
                number, outcome.name, outcome.value[rows], outcome.weight[rows], at.rows(rows), asked.answers[rows]
            )


def _run(tasks: Sequence[Task], fields: Sequence[str], tip: np.ndarray, cores: int | None) -> list[Estimates]:
    several = min(cores or os.cpu_count() or 1, 8)
    if len({task.account for task in tasks}) < MANY_ACCOUNTS or several == 1:
        return [_estimated(task, fields, tip) for task in tasks]
    size = -(-len(tasks) // (several * 4))
    chunks = [(tasks[n : n + size], fields, tip) for n in range(0, len(tasks), size)]
    # Started afresh: threads of libraries do not survive a fork.
    with ProcessPoolExecutor(several, mp_context=get_context("spawn")) as pool:
        return [one for part in pool.map(_estimated_all, chunks) for one in part]


def _estimated_all(chunk: tuple[Sequence[Task], Sequence[str], np.ndarray]) -> list[Estimates]:
    tasks, fields, tip = chunk
    return [_estimated(task, fields, tip) for task in tasks]


def _estimated(task: Task, fields: Sequence[str], tip: np.ndarray) -> Estimates:
    held, groups = covariate_columns(task.at, reach=task.outcome != VIEWS)
    return estimate_effects(task.value, task.weight, held, groups, task.answers, fields, tip)


def _rows(
    outcome: str, mine: Sequence[tuple[Task, Estimates]], asked: Questions, names: Sequence[str], *, several: bool
) -> pd.DataFrame:
    prior, doubt = asked.priors(outcome)
    log, se, freedom, p, followed, posts = (
        np.array([getattr(one, name) for _, one in mine]) for name in ("log", "se", "freedom", "p", "followed", "posts")
    )
    shown: list[str | None] = [names[task.account] or None for task, _ in mine]
    means, doubts = np.tile(prior, (len(mine), 1)), np.tile(doubt, (len(mine), 1))
    if several:
        # The account itself is drawn towards all accounts together, and those towards what is documented.
        joint = pool_effects(log, se, prior, doubt)
        means, doubts = np.tile(joint.expected, (len(mine), 1)), np.tile(joint.doubt, (len(mine), 1))
    middle, low, high = posterior(log, se, freedom, means, doubts)
    if several:
        told = posts.sum(axis=0)
        share = np.nansum(followed * posts, axis=0) / np.maximum(told, 1)
        middle, low, high, log, p, followed, posts = (
            np.vstack([above, below])
            for above, below in (
                (joint.middle, middle),
                (joint.low, low),
                (joint.high, high),
                (joint.log, log),
                (joint.p, p),
                (np.where(told > 0, share, np.nan), followed),
                (told, posts),
            )
        )
        shown = [None, *shown]
        means = np.vstack([prior, means])
    count = len(asked.codes)
    return pd.DataFrame(
        {
            "account": np.repeat(np.array(shown, dtype=object), count),
            "outcome": outcome,
            "code": np.tile(np.array(asked.codes, dtype=object), len(shown)),
            "tip": np.tile(asked.tip, len(shown)),
            "effect": np.exp(middle).ravel(),
            "low": np.exp(low).ravel(),
            "high": np.exp(high).ravel(),
            "estimate": np.exp(log).ravel(),
            "followed": followed.ravel(),
            "posts": posts.ravel().astype(np.int64),
            "prior": np.exp(means).ravel(),
            "p": p.ravel(),
        }
    )


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    """The effects with their q-values, an account's own questions together, those on rules and those on whole tips apart."""
    q = np.full(len(table), np.nan)
    p = table["p"].to_numpy(dtype="float64")
    for rows in table.groupby(["account", "tip"], dropna=False, sort=False).indices.values():
        tested = np.asarray(rows)[~np.isnan(p[rows])]
        if len(tested):
            q[tested] = false_discovery(p[tested])
    return table.assign(q=q, verdict=verdicts(table["low"].to_numpy(), table["high"].to_numpy(), q))


def verdicts(low: np.ndarray, high: np.ndarray, q: np.ndarray) -> np.ndarray:
    """What each effect comes to in words: a clear one has an interval without no effect, and survives the other questions."""
    with np.errstate(invalid="ignore"):
        clear = q <= FALSE_SHARE
        wide = np.log(high / low) / 2 > TOO_WIDE
    return np.select(
        [np.isnan(q) | np.isnan(low), clear & (low > 1), clear & (high < 1), wide],
        [NOT_ENOUGH, HELPS, HURTS, NOT_ENOUGH],
        UNCLEAR,
    )
