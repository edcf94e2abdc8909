"""Accounts whose truth is known: what their posts' facts do to views, and what only seems to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from unittest.mock import patch

import numpy as np
import pandas as pd

from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import conform
from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.stats import account_effects
from tiktok_coach.stats.account import posts_of as posts_with
from tiktok_coach.stats.account_effects import effect_table, fit_effects
from tiktok_coach.stats.outcomes import outcome_of

RULES = load_rules([rulebook()])
CATALOGUE = load_signals(rulebook())
COUNTED = pd.Timestamp("2026-11-01T09:00", tz="UTC")
# The facts that a planted effect can hang on, and the rule that asks for each.
RULE_OF = {"hook": "T301", "emotion": "T303", "question": "T403", "vertical": "T506", "light": "T501", "tempo": "T508"}
QUESTIONS = ("Rye or wheat today?", "Would you eat the crust?")
STATEMENTS = ("The crust is the best of it.", "We fold it twice and wait.")


@dataclass(frozen=True)
class World:
    """`effects` on the logarithm of views by fact; how far posts lie apart; what weekends do, and whether hooks come on weekends."""

    posts: int = 60
    effects: Mapping[str, float] = field(default_factory=dict)
    spread: float = 0.6
    weekend: float = 0.0
    hooks_on_weekends: bool = False
    growth: float = 0.35


def posts_of(rng: np.random.Generator, world: World, handle: str) -> pd.DataFrame:
    """One account's posts with their facts and counts."""
    count = world.posts
    posted = (COUNTED - pd.to_timedelta(np.sort(rng.uniform(2, 300, count))[::-1], unit="D")).floor("s")
    weekend = posted.day_of_week >= 5
    chance = np.where(weekend, 0.8, 0.3) if world.hooks_on_weekends else np.full(count, 0.5)
    facts = {name: rng.random(count) < 0.5 for name in RULE_OF} | {"hook": rng.random(count) < chance}
    age = ((COUNTED - posted).total_seconds() / 86400).to_numpy()
    level = 7.0 + rng.normal(0, 0.8) + world.growth * np.log1p(age / 7) + world.weekend * weekend
    level = level + sum(world.effects.get(name, 0.0) * held for name, held in facts.items())
    views = np.exp(level + rng.normal(0, world.spread, count)).round().astype("int64")
    table = pd.DataFrame(
        {
            "post_id": [f"{handle}-{n}" for n in range(count)],
            "account": handle,
            "status": "published",
            "posted_at": posted,
            "posted_at_precision": "second",
            "metrics_at": COUNTED,
            "views": views,
            "likes": rng.binomial(views, 0.06),
            "comments": rng.binomial(views, 0.006),
            "shares": rng.binomial(views, 0.006),
            "completion_rate": np.clip(np.exp(rng.normal(np.log(0.3), 0.3, count)), 0.01, 1.0),
            "hook_s": np.where(facts["hook"], 1.5, 6.0),
            "opening_emotion": np.where(facts["emotion"], "surprise", "neutral"),
            "caption": np.where(facts["question"], rng.choice(QUESTIONS, count), rng.choice(STATEMENTS, count)),
            "width": np.where(facts["vertical"], 1080.0, 1920.0),
            "height": np.where(facts["vertical"], 1920.0, 1080.0),
            "good_light": facts["light"],
            "bpm": np.where(facts["tempo"], 128.0, 96.0),
            "duration_s": rng.uniform(8, 40, count),
        }
    )
    return conform(table)


def accounts_of(rng: np.random.Generator, worlds: Sequence[World]) -> pd.DataFrame:
    """The posts of an account a world."""
    return conform(pd.concat([posts_of(rng, w, f"a{n:04d}") for n, w in enumerate(worlds)], ignore_index=True))


def evidence_of(
    posts: pd.DataFrame, *, alone: bool = True, cores: int = 1, outcomes: Sequence[str] = ("views",)
) -> pd.DataFrame:
    """The effects that the tool finds. `alone` takes every account by itself, as a creator would."""
    names = sorted(posts["account"].unique())
    accounts = tuple(Account(handle=name, timezone="UTC") for name in names)
    parts = [(posts, accounts)]
    if alone:
        parts = [(posts[posts["account"] == account.handle].reset_index(drop=True), (account,)) for account in accounts]
    tables = []
    for table, whose in parts:
        part = posts_with(table, whose, {})
        questions = part.questions(evaluate(RULES, part.subjects), CATALOGUE)
        with patch.object(account_effects, "PROCESSES", cores):
            fits = {
                name: fit_effects(
                    outcome_of(name, table, part.account), part.at, questions, part.account, len(part.names)
                )
                for name in outcomes
            }
        tables.append(effect_table(fits, questions, part.names))
    return pd.concat(tables, ignore_index=True)
