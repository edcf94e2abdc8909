"""What following a tip does to an action: a documented lift as the prior, updated by what the account's own posts show.

For each action, the logarithm of a post's ratio to the usual is taken as linear in which rules it passes; the prior of
each effect is its documented factor with its doubt, and the account's posts weigh as much as their views allow.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from tiktok_coach.core.arrays import rows_by_code
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import COLUMNS, METRICS, out_of_range
from tiktok_coach.core.translation import _
from tiktok_coach.io.dates.parse import FIRST_YEAR, LAST_YEAR
from tiktok_coach.ranking.baseline import Baseline, action_counts
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.scoring import NORMAL_90, Shifts, score
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.findings import general_advice
from tiktok_coach.rules.kind import UNKNOWN

INTERCEPT_SD = 1.0
# Where a rule's answer is not known, half the posts are taken to pass.
HALF = 0.5
# Facts that move an action by less than a fiftieth are not named.
LEAST = 0.02
# No fact of a post is as large as this.
LARGEST = 1e15
FIXED = {"post_id", "account", "link", "sources", "status", "uploaded_at", "metrics_at", *METRICS}


@dataclass(frozen=True)
class RuleEffects:
    """The effects of rules on one action: `mean` and `cov` of the logarithms, `centre` the usual share that passes."""

    rules: tuple[str, ...]
    mean: np.ndarray
    cov: np.ndarray
    centre: np.ndarray
    posts: int


# By number of an account the effects of rules on each action.
AccountEffects = Mapping[int, Mapping[str, RuleEffects]]


def answers(evaluations: Sequence[Evaluation], rules: Sequence[str], rows: np.ndarray) -> np.ndarray:
    """Which rules the posts in `rows` pass: 1 pass, 0 fail, NaN otherwise; a row a post, a column a rule."""
    by_code = {e.code: e.status for e in evaluations}
    unknown, answer = np.full(len(rows), UNKNOWN), np.array([1.0, 0.0, np.nan, np.nan])
    return np.column_stack([answer[by_code[code][rows] if code in by_code else unknown] for code in rules])


def estimate_rule_effects(
    posts: pd.DataFrame, evaluations: Sequence[Evaluation], catalogue: Catalogue, baseline: Baseline
) -> dict[str, RuleEffects]:
    """The effects on every action that a lift speaks of, from the priors and these published posts."""
    measured, expected_rates = catalogue.measured(), baseline.expected_rates(posts)
    effects_by_action: dict[str, RuleEffects] = {}
    for action in dict.fromkeys(lift.action for lift in catalogue.lifts):
        lifts = [lift for lift in catalogue.lifts if lift.action == action]
        rules = tuple(lift.rule for lift in lifts)
        counted, views = action_counts(posts, action, measured[action][1])
        known = views > 0
        passes = answers(evaluations, rules, known.nonzero()[0])
        known_mask = ~np.isnan(passes)
        share = np.nan_to_num(passes).sum(axis=0) / np.maximum(known_mask.sum(axis=0), 1)
        centre = np.where(known_mask.any(axis=0), share, HALF)
        usual, spread, _doubt = (values[known] for values in expected_rates[action])
        chance = (1 - usual) / (views[known] * usual)
        weight = 1 / np.sqrt(spread**2 + chance)
        target = np.clip(counted[known] / views[known] / usual - 1, -0.9, 5)
        # The normal posterior of the effects; an intercept beside them is taken out.
        design = np.column_stack([np.ones(len(passes)), np.nan_to_num(passes - centre)]) * weight[:, None]
        precision = np.diag(1 / np.array([INTERCEPT_SD, *(lift.doubt for lift in lifts)]) ** 2)
        prior_mean = np.array([0.0, *np.log([lift.factor for lift in lifts])])
        cov = np.linalg.inv(precision + design.T @ design)
        mean = cov @ (precision @ prior_mean + design.T @ (target * weight))
        effects_by_action[action] = RuleEffects(rules, mean[1:], cov[1:, 1:], centre, int(known.sum()))
    return effects_by_action


def rule_shifts(
    effects: AccountEffects,
    account: np.ndarray,
    evaluations: Sequence[Evaluation],
    before: Sequence[Evaluation] | None = None,
) -> Shifts:
    """What its answers to the rules let expect of each post, by the effects of its account (a number in `account`).

    It is against the account's usual post or, where there are answers from `before` a change, against those: an answer
    that is unknown on either side then does nothing.
    """
    shifts: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    by_account = rows_by_code(account, max(effects, default=-1) + 1)
    for number, own in effects.items():
        rows = by_account[number]
        for action, effect in own.items():
            mean, variance = shifts.setdefault(action, (np.zeros(len(account)), np.zeros(len(account))))
            passes, usual = answers(evaluations, effect.rules, rows), effect.centre
            if before is None:
                variance[rows] = np.isnan(passes) * HALF**2 @ (effect.mean**2 + np.diag(effect.cov))
            else:
                usual = answers(before, effect.rules, rows)
            away = np.nan_to_num(passes - usual)
            mean[rows] = away @ effect.mean
            variance[rows] += np.einsum("ij,jk,ik->i", away, effect.cov, away)
    return shifts


def add_shifts(one: Shifts, other: Shifts) -> Shifts:
    """Two factors on the same actions, one after the other."""
    return {a: (mean + other[a][0], variance + other[a][1]) for a, (mean, variance) in one.items()}


@dataclass(frozen=True)
class Move:
    """A rule that a planned post passes or fails, and the factor on an action against the account's usual post."""

    code: str
    action: str
    passes: bool
    factor: float


def moves(
    account_effects: AccountEffects, account: np.ndarray, evaluations: Sequence[Evaluation], rows: np.ndarray
) -> dict[int, list[Move]]:
    """By row, the rules that move what is expected of these posts, the strongest first, by their account's effects."""
    moved: dict[int, list[Move]] = {row: [] for row in rows.tolist()}
    by_account = rows_by_code(account[rows], max(account_effects, default=-1) + 1)
    for number, effects in account_effects.items():
        own_rows = rows[by_account[number]]
        for action, effect in effects.items() if len(own_rows) else ():
            passes = answers(evaluations, effect.rules, own_rows)
            logs = (passes - effect.centre) * effect.mean
            for at, place in np.argwhere(np.abs(logs) >= LEAST).tolist():
                move = Move(effect.rules[place], action, bool(passes[at, place]), float(np.exp(logs[at, place])))
                moved[int(own_rows[at])].append(move)
    return {row: sorted(own, key=lambda m: (-abs(np.log(m.factor)), m.code)) for row, own in moved.items()}


@dataclass(frozen=True)
class Suggestion:
    """A rule that posts fail, and what passing it would add to their score: mean gain in points with its 90% interval.

    `evidence` is how many of the account's own posts tell of it; without any, a documented lift and its doubt are all
    there is.
    """

    code: str
    name: str
    do: str
    fix: str
    posts: int
    gain: float
    low: float
    high: float
    evidence: int


def parse_changes(texts: Sequence[str]) -> dict[str, object]:
    """`duration_s=14` and its like as columns and values. Raises CoachError for what says nothing about a post.

    >>> parse_changes(["hook_s=1.5", "intro=no"])
    {'hook_s': 1.5, 'intro': False}
    """
    changes: dict[str, object] = {}
    for text in texts:
        name, mark, value = (part.strip() for part in text.partition("="))
        if not mark or name not in COLUMNS or name in FIXED:
            possible = ", ".join(c for c in COLUMNS if c not in FIXED)
            hint = _("write it as hook_s=1; the facts are {possible}", possible=possible)
            raise CoachError(_("--what-if {text!r} changes no fact of a post", text=text), hint=hint)
        changes[name] = _typed(name, value)
    return changes


def _typed(name: str, text: str) -> object:
    """The value that a text gives a column. Raises CoachError for one that is no such value or out of range."""
    spec, outside = COLUMNS[name], False
    value: object = text
    if spec.kind == "flag":
        if text.casefold() not in {"yes", "true", "1", "no", "false", "0"}:
            raise CoachError(_("--what-if {name}={value!r} is neither yes nor no", name=name, value=text))
        return text.casefold() in {"yes", "true", "1"}
    if spec.kind == "time":
        value = pd.to_datetime(text, utc=True, errors="coerce")
        if pd.isna(value):
            problem = _("--what-if {name}={value!r} is not a time", name=name, value=text)
            raise CoachError(problem, hint=_("write it as 2026-12-01T18:30:00+01:00"))
        outside = not FIRST_YEAR <= value.year < LAST_YEAR
    elif spec.kind in {"number", "count", "share"}:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if math.isnan(value):
            raise CoachError(_("--what-if {name}={value!r} is not a number", name=name, value=text))
        outside = not abs(value) < LARGEST or (spec.kind == "count" and not value.is_integer())
    if outside or out_of_range(pd.Series([value], name=name)).any():
        problem = _("--what-if {name}={value!r} is outside what {name} can be", name=name, value=text)
        raise CoachError(problem, hint=", ".join(spec.choices) or None)
    return value


def apply_changes(posts: pd.DataFrame, changes: Mapping[str, object]) -> pd.DataFrame:
    """The posts with every change made to each of them."""
    table = posts.copy()
    for name, value in changes.items():
        table[name] = pd.Series([value] * len(posts), index=posts.index).astype(COLUMNS[name].dtype)  # type: ignore[call-overload]
        if name == "posted_at":
            table["posted_at_precision"] = pd.Series("second", index=posts.index, dtype="str")
    return table


def suggestions(
    posts: pd.DataFrame,
    evaluations: Sequence[Evaluation],
    effects: AccountEffects,
    account: np.ndarray,
    catalogue: Catalogue,
    baseline: Baseline,
    shifts: Shifts,
    eligible: np.ndarray,
) -> list[Suggestion]:
    """Each rule with a lift that eligible posts fail: what passing it alone would add, the most first."""
    compiled = {e.code: e.compiled for e in evaluations}
    parts: dict[str, list[tuple[np.ndarray, int]]] = {}
    by_account = rows_by_code(np.where(eligible, account, -1), max(effects, default=-1) + 1)
    for number, own in effects.items():
        own_rows = by_account[number]
        for action, effect in own.items():
            table = answers(evaluations, effect.rules, own_rows)
            spread = NORMAL_90 * np.sqrt(np.diag(effect.cov))
            for position, code in enumerate(effect.rules):
                rows = own_rows[table[:, position] == 0]
                if len(rows):
                    own_shifts = {a: (mean[rows], variance[rows]) for a, (mean, variance) in shifts.items()}
                    logs = effect.mean[position] + np.array([0, -1, 1]) * spread[position]
                    gains = _gains(posts.iloc[rows], own_shifts, action, logs, catalogue, baseline)
                    parts.setdefault(code, []).append((gains, effect.posts))
    result = []
    for code, gains_of_accounts in parts.items():
        gains = np.concatenate([gain for gain, _ in gains_of_accounts])
        rule, count = compiled[code].rule, sum(n for _, n in gains_of_accounts)
        fix = general_advice(rule, compiled[code].params)
        mean, low, high = gains.mean(axis=0).tolist()
        result.append(Suggestion(code, rule.name, rule.do, fix, len(gains), mean, low, high, count))
    return sorted(result, key=lambda s: (-s.gain, s.code))


def _gains(
    posts: pd.DataFrame, shifts: Shifts, action: str, logs: np.ndarray, catalogue: Catalogue, baseline: Baseline
) -> np.ndarray:
    """What factors (by their `logs`) on an action add to each post, a column a factor."""
    before, variance = shifts.get(action, (np.zeros(len(posts)), np.zeros(len(posts))))

    def points(moved: Shifts) -> np.ndarray:
        return score(posts, catalogue, baseline, shifts=moved, whole=True).table["signal_score"].to_numpy()

    now = points(shifts)
    return np.column_stack([points({**shifts, action: (before + log, variance)}) - now for log in logs])
