"""Plans and changes: documented lifts as priors, which the account's own posts update."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.analyses import analysis_of
from tests.ranking.worlds import CATALOGUE, REFERENCE
from tests.writing import read
from tiktok_coach.analysis.simulate import Question, Simulation, simulate_account
from tiktok_coach.core.account import Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export
from tiktok_coach.ranking.lifts import estimate_rule_effects, parse_changes
from tiktok_coach.ranking.scoring import exclusions
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.rules.subjects import Context

RULES = load_rules([rulebook()])


def export(rows: list[dict[str, object]]) -> Export:
    posts = conform(pd.DataFrame([{"post_id": f"p{n}", **row} for n, row in enumerate(rows)]))
    return Export(posts, posts[["post_id"]], (Account(timezone="UTC"),))


def run(rows: list[dict[str, object]], **options: object) -> Simulation:
    return simulate_account(analysis_of(export(rows)), Question(viewers=0, seed=1, **options))  # type: ignore[arg-type]


def history(rng: np.random.Generator, count: int, lift: float) -> list[dict[str, object]]:
    """Published posts in whose comments a question makes a difference of this factor."""
    rows = []
    for number in range(count):
        asks = bool(number % 2)
        views = 20_000
        comments = int(rng.binomial(views, 0.005 * (lift if asks else 1.0)))
        rows.append(
            {
                "caption": f"Rye {number}{'?' if asks else ''}",
                "views": views,
                "comments": comments,
                "likes": 1200,
                "status": "published",
            }
        )
    return rows


def test_without_evidence_a_documented_lift_holds_with_its_doubt() -> None:
    posts = conform(pd.DataFrame({"post_id": ["a"], "caption": ["x"]}))
    found = estimate_rule_effects(posts, evaluate(RULES, posts, Context()), CATALOGUE, REFERENCE)["completion"]
    place = found.rules.index("T303")
    assert np.exp(found.mean[place]) == pytest.approx(1.7)
    assert np.sqrt(found.cov[place, place]) == pytest.approx(0.4)


@pytest.mark.parametrize("lift", [1.0, 1.6])
def test_the_accounts_own_posts_update_a_lift(lift: float) -> None:
    rows = history(np.random.default_rng(5), 400, lift)
    posts = export(rows).posts
    found = estimate_rule_effects(posts, evaluate(RULES, posts, Context()), CATALOGUE, REFERENCE)["comment"]
    assert np.exp(found.mean[0]) == pytest.approx(lift, rel=0.25)
    assert np.sqrt(found.cov[0, 0]) < 0.1
    assert found.posts == 400


def test_a_plan_that_follows_the_tips_is_expected_to_do_better_and_is_uncertain() -> None:
    good = {
        "status": "planned",
        "caption": "Can you guess?",
        "opening_emotion": "surprise",
        "hook_s": 1.0,
        "width": 1080.0,
        "height": 1920.0,
        "duration_s": 14.0,
    }
    poor = {**good, "caption": "Rye", "opening_emotion": "neutral", "width": 1920.0, "height": 1080.0}
    found = run([good, poor, {"status": "planned", "caption": "Buns"}])
    first, second, third = found.table["signal_score"]
    assert first > second
    assert found.table["coverage"].tolist() == [0.0, 0.0, 0.0]
    assert (found.table["high"] - found.table["low"] > 30).all()
    assert np.allclose(found.contributions.sum(axis=1), found.table["signal_score"], atol=1e-9)
    assert 40 < third < 60 or first > third > second


def test_history_tells_what_a_plan_may_expect_and_is_not_listed() -> None:
    plan = export([{"status": "planned", "caption": "Why?"}, {"status": "planned", "caption": "Rye"}])
    past = export([{**row, "post_id": f"h{n}"} for n, row in enumerate(history(np.random.default_rng(5), 300, 2.0))])
    found = simulate_account(analysis_of(plan), Question(viewers=0, seed=1), past)
    assert found.posts["post_id"].tolist() == ["p0", "p1"]
    assert found.history_posts == 300
    assert found.contributions["S103"].iloc[0] > found.contributions["S103"].iloc[1] + 0.3


def test_a_planned_copy_of_a_published_post_is_never_recommended() -> None:
    plan = export([{"status": "planned", "video_file": "a.mp4", "posted_at": pd.Timestamp("2026-12-01", tz="UTC")}])
    past = export(
        [
            {
                "post_id": "old",
                "status": "published",
                "video_file": "a.mp4",
                "posted_at": pd.Timestamp("2026-01-01", tz="UTC"),
                "views": 5,
            }
        ]
    )
    found = simulate_account(analysis_of(plan), Question(viewers=0, seed=1), past)
    assert found.table["eligible"].tolist() == [False]
    assert found.table["reasons"].tolist() == ["X401"]
    assert found.table["signal_score"].tolist() == [0.0]


def test_what_if_shows_before_and_after() -> None:
    rows = [
        {"status": "planned", "caption": "Rye", "opening_emotion": "neutral"},
        {"views": 900, "likes": 60, "comments": 5, "opening_emotion": "surprise"},
    ]
    found = run(rows, what_if=parse_changes(["opening_emotion=surprise", "posted_at=2026-12-01T18:30:00Z"]))
    assert found.table["signal_score"].iloc[0] > found.table["before"].iloc[0] + 5
    assert found.table["signal_score"].iloc[1] == pytest.approx(found.table["before"].iloc[1], abs=1e-9)
    assert found.posts["posted_at_precision"].tolist() == ["second", "second"]


def test_a_change_that_makes_two_posts_alike_makes_no_copies_of_them() -> None:
    rows = [{"views": 900, "caption": "The crust sang to us all morning", "duration_s": s} for s in (12.0, 31.0)]
    found = run([*rows, {"views": 5, "graphic": False}], what_if=parse_changes(["duration_s=14", "graphic=yes"]))
    assert found.table["reasons"].tolist() == ["X404", "X404", "X404"]
    assert run(rows, what_if=parse_changes(["duration_s=14"])).table["eligible"].tolist() == [True, True]


@pytest.mark.parametrize(("age", "reason"), [(15, "X406"), (16, ""), (None, "")])
def test_posts_of_a_young_owner_are_never_recommended(age: int | None, reason: str) -> None:
    of_owner = replace(export([{"views": 900, "likes": 60}] * 2), accounts=(Account(timezone="UTC", owner_age=age),))
    found = simulate_account(analysis_of(of_owner), Question(viewers=0, seed=1))
    assert found.table["reasons"].tolist() == [reason, reason]


def test_of_several_accounts_that_of_a_young_owner_alone_is_left_out() -> None:
    accounts = (Account("young", owner_age=14), Account("grown", owner_age=40))
    posts = conform(pd.DataFrame({"post_id": list("abc"), "account": ["young", "grown", None], "views": [9, 9, 9]}))
    rules = [rule for rule in RULES if rule.code == "E010"]
    found = exclusions(CATALOGUE, evaluate(rules, posts, Context(accounts)))
    assert found["X406"].tolist() == [True, False, False]


def test_a_watermark_alone_keeps_no_post_out_of_the_feed() -> None:
    rows = [{"views": 900, "likes": 60, "watermark": mark} for mark in ("CapCut", "none", None)]
    assert run(rows).table["reasons"].tolist() == ["", "", ""]


def test_suggestions_are_single_changes_with_intervals_over_posts_that_fail() -> None:
    rows = [
        {"views": 900, "likes": 60, "comments": 5, "opening_emotion": "neutral", "caption": "Rye", "intro": True},
        {"views": 900, "likes": 60, "comments": 5, "opening_emotion": "joy", "caption": "Rye?"},
    ]
    found = {s.code: s for s in run(rows, suggest=True).suggestions}
    assert found["T303"].posts == 1
    assert found["T303"].low < 0 < found["T303"].gain < found["T303"].high or found["T303"].low > 0
    assert found["T303"].gain == max(s.gain for s in found.values())
    assert set(found) >= {"T303", "T302", "T403"}
    assert not run(rows).suggestions


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hook_s", "changes no fact of a post"),
        ("views=5", "changes no fact of a post"),
        ("colour=red", "changes no fact of a post"),
        ("hook_s=soon", "is not a number"),
        ("hook_s=-1", "is outside what hook_s can be"),
        ("intro=maybe", "is neither yes nor no"),
        ("duration_s=nan", "is not a number"),
        ("duration_s=inf", "is outside what duration_s can be"),
        ("bpm=-inf", "is outside what bpm can be"),
        ("photos=nan", "is not a number"),
        ("photos=1.5", "is outside what photos can be"),
        ("photos=1e30", "is outside what photos can be"),
        ("photos=inf", "is outside what photos can be"),
        ("posted_at=soon", "is not a time"),
        ("posted_at=nan", "is not a time"),
        ("posted_at=", "is not a time"),
        ("posted_at=1066-10-14", "is outside what posted_at can be"),
        ("kind=poem", "is outside what kind can be; original, duet"),
    ],
)
def test_a_change_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(CoachError, match=message):
        parse_changes([text])


def test_the_bakerys_own_posts_show_that_questions_bring_comments(bakery: object) -> None:
    found = read(bakery, timezone="Europe/Copenhagen")  # type: ignore[arg-type]
    result = simulate_account(analysis_of(found), Question(viewers=0, seed=1, suggest=True))
    question = next(s for s in result.suggestions if s.code == "T403")
    assert question.low > 0
    effect = result.effects["comment"]
    assert 1.4 < np.exp(effect.mean[0]) < 2.3
    assert abs(result.effects["share"].mean[0]) < 0.2
