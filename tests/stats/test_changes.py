"""The order of changes: the account's own posts first, then what is documented, then the rules' weight; what hurts is not among them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.analyses import analysis_of
from tests.stats.worlds import World, posts_of
from tiktok_coach.analysis.audit import Audit, audit_account
from tiktok_coach.core.account import Account
from tiktok_coach.io.reading import Export
from tiktok_coach.stats.account_effects import DOCUMENTED, OWN, WEIGHT


def audit_of(posts: pd.DataFrame) -> Audit:
    return audit_account(analysis_of(Export(posts, pd.DataFrame(), (Account(handle="a", timezone="UTC"),))))


def test_what_the_own_posts_show_comes_first_then_what_is_documented_then_the_weight() -> None:
    world = World(posts=120, effects={"hook": 0.6, "question": 0.4}, spread=0.35)
    found = audit_of(posts_of(np.random.default_rng(1), world, "a"))
    bases = [change.expected.basis for change in found.changes]
    assert [change.evaluation.code for change in found.changes[:2]] == ["T301", "T403"]
    assert bases == sorted(bases, key=[OWN, DOCUMENTED, WEIGHT].index)
    assert "T506" in {c.evaluation.code for c in found.changes if c.expected.basis == DOCUMENTED}
    first = found.changes[0].expected
    assert first.low is not None
    assert first.total is not None
    assert first.low > 1
    assert 1 < first.total < (first.effect or 0)


def test_a_tip_that_hurts_this_account_is_said_and_is_no_change() -> None:
    world = World(posts=120, effects={"light": -0.6}, spread=0.35)
    found = audit_of(posts_of(np.random.default_rng(2), world, "a"))
    assert [change.evaluation.code for change in found.hurting] == ["T501"]
    assert "T501" not in {change.evaluation.code for change in found.changes}


def test_without_views_the_rules_weight_is_what_is_left() -> None:
    posts = posts_of(np.random.default_rng(3), World(posts=40), "a").drop(
        columns=["views", "likes", "comments", "shares", "completion_rate"]
    )
    found = audit_of(posts)
    assert {change.expected.basis for change in found.changes} == {DOCUMENTED, WEIGHT}
    assert found.hurting == ()
