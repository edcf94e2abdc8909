"""What a change would do to a post's score: a change that somebody asks about, and those worth suggesting."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import COLUMNS, METRICS, out_of_range
from tiktok_coach.core.translation import _
from tiktok_coach.io.dates.parse import FIRST_YEAR, LAST_YEAR
from tiktok_coach.ranking.baseline import Baseline
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.lifts import AccountEffects, RuleEffects, answers, by_account
from tiktok_coach.ranking.posterior import Shifts
from tiktok_coach.ranking.scoring import NORMAL_90, score
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.findings import general_advice

# No fact of a post is as large as this.
LARGEST = 1e15
FIXED = {"post_id", "account", "link", "sources", "status", "uploaded_at", "metrics_at", *METRICS}


@dataclass(frozen=True)
class Suggestion:
    """A rule that posts fail, and what passing it would add to their score: mean gain in points with its 90% interval.

    `evidence` is how many of the account's own posts tell of it; without any, a documented lift and its doubt are all
    there is.
    """

    code: str
    name: str
    fix: str
    posts: int
    gain: float
    low: float
    high: float
    evidence: int

    @property
    def certain(self) -> bool:
        """Whether it raises scores beyond doubt: its interval does not include no effect."""
        return self.low > 0


def parse_changes(texts: Sequence[str]) -> dict[str, object]:
    """`duration_s=14` and its like as columns and values. Raises CoachError for what is no fact of a post.

    >>> parse_changes(["hook_s=1.5", "intro=no"])
    {'hook_s': 1.5, 'intro': False}
    """
    changes: dict[str, object] = {}
    for text in texts:
        name, mark, value = text.partition("=")
        name, value = name.strip(), value.strip()
        if not mark or name not in COLUMNS or name in FIXED:
            possible = ", ".join(c for c in COLUMNS if c not in FIXED)
            hint = _("write it as hook_s=1; the facts are {possible}", possible=possible)
            raise CoachError(_("--what-if {text!r} changes no fact of a post", text=text), hint=hint)
        changes[name] = _typed(name, value)
    return changes


def _typed(name: str, text: str) -> object:
    """The value that a text gives a column. Raises CoachError for one that is no such value or out of range."""
    spec = COLUMNS[name]
    value: object = text
    if spec.kind == "flag":
        if text.casefold() not in {"yes", "true", "1", "no", "false", "0"}:
            raise CoachError(_("--what-if {name}={value!r} is neither yes nor no", name=name, value=text))
        return text.casefold() in {"yes", "true", "1"}
    if spec.kind == "time":
        value = pd.to_datetime(text, utc=True, errors="coerce")
        if pd.isna(value):
            problem = _("--what-if {name}={value!r} is no time", name=name, value=text)
            raise CoachError(problem, hint=_("write it as 2026-12-01T18:30:00+01:00"))
        outside = not FIRST_YEAR <= value.year < LAST_YEAR
    elif spec.kind in {"number", "count", "share"}:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if math.isnan(value):
            raise CoachError(_("--what-if {name}={value!r} is no number", name=name, value=text))
        outside = not abs(value) < LARGEST or (spec.kind == "count" and not value.is_integer())
    else:
        outside = False
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


def change_shifts(
    effects: AccountEffects, account: np.ndarray, before: Sequence[Evaluation], after: Sequence[Evaluation]
) -> Shifts:
    """The factors on each action that a change of answers lets expect, of each post by the effects of its account."""

    def change(effect: RuleEffects, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return effect.change(*(answers(e, effect.rules, len(account))[rows] for e in (before, after)))

    return by_account(effects, account, change)


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
    for number, own in effects.items():
        for action, effect in own.items():
            table = answers(evaluations, effect.rules, len(posts))
            for position, code in enumerate(effect.rules):
                rows = ((table[:, position] == 0) & eligible & (account == number)).nonzero()[0]
                if len(rows):
                    own_shifts = {a: (mean[rows], variance[rows]) for a, (mean, variance) in shifts.items()}
                    gains = _gains(posts.iloc[rows], action, effect, position, own_shifts, catalogue, baseline)
                    parts.setdefault(code, []).append((gains, effect.posts))
    result = []
    for code, gains_of_accounts in parts.items():
        gains = np.concatenate([gain for gain, _ in gains_of_accounts])
        mean, low, high = gains.mean(axis=0).tolist()
        rule, count = compiled[code].rule, sum(n for _, n in gains_of_accounts)
        fix = general_advice(rule, compiled[code].params)
        result.append(Suggestion(code, rule.name, fix, len(gains), mean, low, high, count))
    return sorted(result, key=lambda s: (-s.gain, s.code))


def _gains(
    posts: pd.DataFrame,
    action: str,
    effect: RuleEffects,
    position: int,
    shifts: Shifts,
    catalogue: Catalogue,
    baseline: Baseline,
) -> np.ndarray:
    """What a change adds to each post: the mean, and the ends of its 90% interval, a row a post."""
    mean, sd = effect.mean[position], float(np.sqrt(effect.cov[position, position]))
    before, variance = shifts.get(action, (np.zeros(len(posts)), np.zeros(len(posts))))

    def points(moved: Shifts) -> np.ndarray:
        return score(posts, catalogue, baseline, shifts=moved, whole=True).table["signal_score"].to_numpy()

    now, logs = points(shifts), (mean, mean - NORMAL_90 * sd, mean + NORMAL_90 * sd)
    return np.column_stack([points({**shifts, action: (before + log, variance)}) - now for log in logs])
