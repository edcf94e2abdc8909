"""The order of changes: what own and public posts let expect first, then what is documented, then the rules' weight; what hurts is none of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tests.analyses import analysis_of
from tests.stats.worlds import World, posts_of
from tiktok_coach.analysis.audit import Audit, audit_account
from tiktok_coach.core.account import Account
from tiktok_coach.io.reading import Export
from tiktok_coach.stats.account_effects import DOCUMENTED, LIFTED, MEASURED, NO_GAIN, PUBLIC, UNMEASURED, Change
from tiktok_coach.stats.advice import Advice


def audit_of(posts: pd.DataFrame) -> Audit:
    return audit_account(analysis_of(Export(posts, pd.DataFrame(), (Account(handle="a", timezone="UTC"),))))


def codes(changes: Sequence[object]) -> list[str]:
    return [one.evaluation.code for one in changes if isinstance(one, Change)]


def test_what_is_measured_comes_first_then_what_is_documented_then_the_weight() -> None:
    world = World(posts=120, effects={"hook": 0.6, "question": 0.4}, spread=0.35)
    audit = audit_of(posts_of(np.random.default_rng(1), world, "a"))
    ranks = [change.expected.rank for change in audit.changes]
    assert codes(audit.changes)[:2] == ["T301", "T403"]
    assert ranks == sorted(ranks)
    assert set(ranks) == {MEASURED, LIFTED, UNMEASURED, NO_GAIN}
    assert "T506" in {change.evaluation.code for change in audit.changes if change.expected.basis == DOCUMENTED}
    first = audit.changes[0].expected
    assert first.low is not None
    assert first.total is not None
    assert first.low > 1
    assert 1 < first.total < (first.effect or 0)


def test_advice_is_on_facts_and_rules_by_their_worth_and_never_twice_on_one() -> None:
    world = World(posts=120, effects={"hook": 0.6, "question": 0.4}, spread=0.35)
    audit = audit_of(posts_of(np.random.default_rng(1), world, "a"))
    assert codes(audit.advice)[0] == "T301"
    assert "question" in {one.id for one in audit.advice if isinstance(one, Advice)}
    assert "T403" not in codes(audit.advice), "the rule that speaks of the same"
    measured = [
        (one.is_clear, one.worth) for one in audit.advice if isinstance(one, Advice) or one.expected.rank == MEASURED
    ]
    assert measured == sorted(measured, reverse=True), "what is clear comes first"
    below = [one.expected.rank for one in audit.advice[len(measured) :] if isinstance(one, Change)]
    assert below == sorted(below)
    assert set(below) == {LIFTED, UNMEASURED}, "what was measured without a gain is no advice"


def test_a_tip_that_hurts_this_account_is_said_and_is_no_change() -> None:
    world = World(posts=120, effects={"light": -0.6}, spread=0.35)
    found = audit_of(posts_of(np.random.default_rng(2), world, "a"))
    assert [change.evaluation.code for change in found.hurting] == ["T501"]
    assert "T501" not in codes([*found.changes, *found.advice])


def test_a_tip_that_public_accounts_contradict_is_no_advice_whatever_its_weight() -> None:
    posts = posts_of(np.random.default_rng(3), World(posts=40), "a").assign(duration_s=400.0)
    audit = audit_of(posts)
    (change,) = audit.contradicted
    assert (change.evaluation.code, change.failing) == ("T505", 40)
    assert "T505" not in codes([*audit.changes, *audit.advice])


def test_without_views_public_posts_are_what_is_left_and_the_rules_weight_below_them() -> None:
    posts = posts_of(np.random.default_rng(3), World(posts=40), "a").drop(
        columns=["views", "likes", "comments", "shares", "completion_rate"]
    )
    audit = audit_of(posts)
    assert {one.basis for one in audit.advice if isinstance(one, Advice)} == {PUBLIC}
    ranks = [one.expected.rank for one in audit.advice if isinstance(one, Change)]
    assert set(ranks) == {LIFTED, UNMEASURED}
    assert audit.hurting == ()
