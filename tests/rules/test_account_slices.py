"""An evaluation of several accounts, sliced by account, is that of the account's posts alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiktok_coach.core.account import KINDS, Account, Audience, Trends
from tiktok_coach.core.config import Config, RuleSettings
from tiktok_coach.core.schema import column, conform
from tiktok_coach.rules.evaluate import Evaluation, evaluate
from tiktok_coach.rules.examples import example_parts, example_posts
from tiktok_coach.rules.findings import findings, provided_by
from tiktok_coach.rules.load import apply_rule_settings, load_rules, rulebook
from tiktok_coach.rules.subjects import Context, post_subjects

# Few posts are enough here to learn what is usual.
FEW = {"T601": RuleSettings(params={"min_posts": 6, "min_posts_per_hour": 1, "top": 2})}
RULES = apply_rule_settings(load_rules([rulebook()]), Config(rules=FEW))
EXAMPLES = pd.concat(
    [
        example_parts(example)[0]
        for rule in RULES
        for examples in (rule.rule.examples.passing, rule.rule.examples.failing, rule.rule.examples.not_applicable)
        for example in examples
    ],
    ignore_index=True,
)
HANDLES = ("rye", "bun", None)
TIMEZONES = (None, "Europe/Copenhagen", "America/New_York")
WORDS = ("rye", "bread", "fittok", "fyp", "bun")


def make_posts(rng: np.random.Generator) -> pd.DataFrame:
    """Posts of several accounts, made of the rules' own examples, with times, hashtags and shares that vary."""
    count = int(rng.integers(3, 60))
    posts = EXAMPLES.iloc[rng.integers(0, len(EXAMPLES), count)].reset_index(drop=True)
    posts["post_id"] = pd.Series([f"post-{n}" for n in range(count)], dtype="str")
    posts["account"] = (
        pd.Series(rng.choice(np.array(HANDLES, dtype=object), count)).astype("str").where(lambda s: s != "None")
    )
    times = pd.Timestamp("2026-03-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 24 * 40, count), unit="h")
    anew = rng.random(count) < 0.7
    posts["posted_at"] = column(posts, "posted_at").where(~anew, pd.Series(times).astype("datetime64[us, UTC]"))
    posts["posted_at_precision"] = column(posts, "posted_at_precision").where(~anew, "second")
    tags = pd.Series(["#" + " #".join(rng.choice(WORDS, 2)) for _ in range(count)], dtype="str")
    posts["caption"] = column(posts, "caption").where(pd.Series(rng.random(count) < 0.5), tags)
    shares = pd.Series(rng.random(count))
    for name in ("retention_1s", "retention_3s", "completion_rate", "views"):
        values = (shares * 10_000).round().astype("Int64") if name == "views" else shares
        posts[name] = column(posts, name).where(pd.Series(rng.random(count) < 0.3), values)
    if rng.random() < 0.5:
        posts["sources"] = pd.Series(rng.choice(["tiktok api", "studio content"], count)).astype("category")
    if rng.random() < 0.5:
        of_one = (column(posts, "account") == "rye").to_numpy(dtype=bool)
        posts.loc[of_one, "posted_at"] = pd.NaT
    return conform(posts)


def make_context(rng: np.random.Generator, posts: pd.DataFrame) -> Context:
    """What is known of the accounts that have posts: settings, audiences and trends, each with gaps."""
    owners = column(posts, "account")
    accounts = tuple(
        Account(
            handle=handle,
            timezone=TIMEZONES[int(rng.integers(3))],
            country=(None, "DK", "US")[int(rng.integers(3))],
            subcultures=((), ("fittok",), ("bread", "bun"))[int(rng.integers(3))],
            type=(None, "creator", "business")[int(rng.integers(3))],
            small_business=(None, True)[int(rng.integers(2))],
        )
        for handle in HANDLES
        if (owners.isna() if handle is None else owners == handle).any()
    )
    hours = pd.DataFrame({"hour": range(24), "active_followers": rng.integers(1, 100, 24)})
    activity = {a.handle or "": Audience(activity=hours.head(24 * int(rng.integers(2)))) for a in accounts[:2]}
    trends = pd.DataFrame(
        {
            "kind": rng.choice(KINDS, 12),
            "name": rng.choice(WORDS, 12),
            "region": rng.choice(np.array(["DK", "US", None], dtype=object), 12),
            "as_of": pd.Timestamp("2026-03-20", tz="UTC"),
            "window_days": 7,
        }
    )
    now = pd.Timestamp("2026-03-10", tz="UTC") if rng.random() < 0.5 else None
    return Context(accounts, activity, Trends(trends) if rng.random() < 0.7 else None, now)


def answer(evaluation: Evaluation) -> dict[str, Any]:
    """All that an evaluation says."""
    subjects, outcome = evaluation.subjects, evaluation.outcome
    return {
        "status": evaluation.status.tolist(),
        "counts": evaluation.counts.tolist(),
        "labels": subjects.labels.to_pylist(),
        "shown_at": None if subjects.shown_at is None else subjects.shown_at.tolist(),
        # Of a failure alone is it said which other post it is about.
        "related": [] if outcome.related is None else outcome.related[evaluation.status == 1].tolist(),
        "provided_by": provided_by(evaluation) if evaluation.counts[2] else None,
        "findings": list(findings(evaluation, [0, 1, 2, 3])),
    }


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_a_slice_is_the_evaluation_of_the_account_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    posts = make_posts(rng)
    context = make_context(rng, posts)
    together = evaluate(RULES, posts, context)
    for account in context.accounts:
        owner = column(posts, "account")
        own = (owner.isna() if account.handle is None else owner == account.handle).to_numpy(dtype=bool)
        audiences = {h: a for h, a in context.audiences.items() if h == (account.handle or "")}
        alone_context = Context((account,), audiences, context.trends, context.now)
        alone = evaluate(RULES, posts[own].reset_index(drop=True), alone_context)
        for one, other in zip(together, alone, strict=True):
            sliced = one.for_account(own.nonzero()[0], account.handle)
            assert answer(sliced) == answer(other), (one.code, account.handle)


@pytest.mark.parametrize("neighbour", [(), ("bun",)])
def test_a_neighbours_communities_change_no_verdict(neighbour: tuple[str, ...]) -> None:
    posts = example_posts(
        [{"caption": "#bun", "account": "rye", "post_id": "1"}, {"caption": "#bun", "account": "bun", "post_id": "2"}]
    )
    accounts = (Account(handle="rye", subcultures=("bread",)), Account(handle="bun", subcultures=neighbour))
    [evaluation] = evaluate([r for r in RULES if r.code == "T202"], posts, Context(accounts))
    assert evaluation.status.tolist() == [1, 0 if neighbour else 2]


def test_a_neighbours_country_changes_no_verdict() -> None:
    [rule] = [r for r in RULES if r.code == "T804"]
    posts = example_posts(
        [
            {"caption": "#rye", "account": handle, "post_id": handle, "posted_at": "2026-03-01"}
            for handle in ("dane", "american", "nobody")
        ]
    )
    rows = [
        {
            "kind": "hashtag",
            "name": "rye",
            "region": "US",
            "as_of": pd.Timestamp("2026-03-01", tz="UTC"),
            "window_days": 7,
        }
    ]
    rows.append(rows[0] | {"name": "other", "region": "DK"})
    accounts = (
        Account(handle="dane", country="dk"),
        Account(handle="american", country="US"),
        Account(handle="nobody"),
    )
    [evaluation] = evaluate([rule], posts, Context(accounts, trends=Trends(pd.DataFrame(rows))))
    assert evaluation.status.tolist() == [1, 0, 2]


def test_subjects_are_built_once_and_serve_a_later_evaluation() -> None:
    posts = example_posts([{"caption": "Why? #rye"}, {"caption": "x"}])
    from tiktok_coach.core.facts import facts_from_frame

    subjects = post_subjects(facts_from_frame(posts), Context())
    first, second = evaluate(RULES[:10], subjects), evaluate(RULES, subjects)
    assert all(e.subjects is subjects for e in first if e.compiled.rule.scope == "post")
    assert (
        len({id(e.subjects) for e in [*first, *second] if len(e.subjects) and e.compiled.rule.scope == "account"}) <= 1
    )
    assert [e.status.tolist() for e in second] == [e.status.tolist() for e in evaluate(RULES, posts, Context())]
