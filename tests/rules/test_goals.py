"""For which goals rules hold: a post's own goal, else those of its account, of which the first decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from tiktok_coach.core.account import Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.render.rule import goal_texts
from tiktok_coach.rules.evaluate import Evaluation, evaluate
from tiktok_coach.rules.examples import example_posts
from tiktok_coach.rules.findings import findings
from tiktok_coach.rules.kind import FAIL, NAMES
from tiktok_coach.rules.load import CompiledRule, link_replacements, load_rules, rulebook
from tiktok_coach.rules.subjects import Context

RULES = {rule.code: rule for rule in load_rules([rulebook()])}
SHORT = {"duration_s": 14.0, "kind": "original"}
LONG = {"duration_s": 80.0, "kind": "original"}


def run(code: str, posts: pd.DataFrame, *accounts: Account, rules: dict[str, CompiledRule] = RULES) -> Evaluation:
    [evaluation] = evaluate([rules[code]], posts, Context(accounts or (Account(),)))
    return evaluation


def answers(code: str, posts: pd.DataFrame, *accounts: Account) -> list[str]:
    return [NAMES[status] for status in run(code, posts, *accounts).status]


def fixes(code: str, posts: pd.DataFrame, *accounts: Account) -> list[str]:
    return [str(finding["fix"]) for finding in findings(run(code, posts, *accounts), [FAIL])]


def after(*goals: str, handle: str | None = None, **facts: Any) -> Account:
    return Account(handle=handle, goals=goals, **facts)


def test_without_a_goal_the_tip_holds_and_no_rule_of_a_goal() -> None:
    posts = example_posts([SHORT, LONG])
    assert answers("T504", posts) == ["pass", "fail"]
    assert {code: answers(code, posts) for code in ("G002", "G003", "G007")} == dict.fromkeys(
        ("G002", "G003", "G007"), ["not_applicable"] * 2
    )


@pytest.mark.parametrize(
    ("goals", "tip", "rewards"),
    [
        (("rewards",), ["not_applicable"] * 2, ["fail", "pass"]),
        (("rewards", "reach"), ["not_applicable"] * 2, ["fail", "pass"]),
        (("reach", "rewards"), ["pass", "fail"], ["not_applicable"] * 2),
        (("reach",), ["pass", "fail"], ["not_applicable"] * 2),
        (("sales", "community"), ["pass", "fail"], ["not_applicable"] * 2),
    ],
)
def test_the_first_goal_decides_which_length_is_asked_for(goals: tuple[str, ...], tip: Any, rewards: Any) -> None:
    posts = example_posts([SHORT, LONG])
    assert answers("T504", posts, after(*goals)) == tip
    assert answers("G002", posts, after(*goals)) == rewards


def test_a_posts_own_goal_outweighs_those_of_the_account() -> None:
    posts = example_posts([SHORT, {**SHORT, "goal": "reach"}, {**SHORT, "goal": "rewards"}])
    assert answers("G002", posts, after("rewards", "reach")) == ["fail", "not_applicable", "fail"]
    assert answers("T504", posts, after("rewards", "reach")) == ["not_applicable", "pass", "not_applicable"]
    assert answers("G002", posts, after("community")) == ["not_applicable", "not_applicable", "fail"]


def test_each_account_of_several_has_its_own_goals() -> None:
    posts = example_posts([{**SHORT, "account": name} for name in ("a", "b", "c", "nobody")])
    accounts = after("rewards", handle="a"), after("reach", handle="b"), after(handle="c")
    assert answers("G002", posts, *accounts) == ["fail", *["not_applicable"] * 3]
    assert answers("T504", posts, *accounts) == ["not_applicable", *["pass"] * 3]
    of_a = run("G002", posts, *accounts).counts_by_account
    assert of_a[:, FAIL].tolist() == [1, 0, 0]


def test_a_rule_that_takes_no_place_holds_for_a_later_goal_too() -> None:
    posts = example_posts([{"disclosure": "paid"}])
    assert answers("G004", posts, after("community", "rewards")) == ["fail"]
    assert answers("G004", posts, after("community")) == ["not_applicable"]


def test_a_post_that_is_to_sell_is_told_once_to_be_disclosed() -> None:
    posts = example_posts([{"caption": "20% off with code BREAD10", "disclosure": "none"}])
    assert (answers("G007", posts, after("sales")), answers("D003", posts, after("sales"))) == (
        ["fail"],
        ["not_applicable"],
    )
    assert (answers("G007", posts), answers("D003", posts)) == (["not_applicable"], ["fail"])
    # Both ask for the same, so that no goal wants something else.
    assert "goal" not in fixes("G007", posts, after("sales", "reach"))[0]


@pytest.mark.parametrize("kind", ["photo", "duet"])
def test_what_an_account_should_do_too_is_no_tip_for_one_post(kind: str) -> None:
    [fix] = fixes("G003", example_posts([{"kind": kind}]), after("rewards", "reach"))
    assert fix == "Film a video of your own about it."


def test_a_rule_names_no_goal_as_first_for_which_another_takes_its_place() -> None:
    [text] = goal_texts(RULES["D003"])
    assert text.startswith("Not where the goal sales comes first")


@pytest.mark.parametrize(
    ("kind", "goals", "tip", "rewards"),
    [
        ("personal", (), "fail", "not_applicable"),
        ("personal", ("reach",), "fail", "not_applicable"),
        ("personal", ("rewards",), "not_applicable", "pass"),
        ("creator", ("rewards", "sales"), "not_applicable", "pass"),
        ("business", ("rewards",), "not_applicable", "fail"),
        ("business", ("reach", "rewards"), "pass", "not_applicable"),
        (None, ("rewards",), "not_applicable", "unknown"),
    ],
)
def test_the_type_of_the_account_is_judged_by_its_first_goal(
    kind: str | None, goals: tuple[str, ...], tip: str, rewards: str
) -> None:
    account = after(*goals, type=kind)
    assert (answers("T101", example_posts([SHORT]), account), answers("G001", example_posts([SHORT]), account)) == (
        [tip],
        [rewards],
    )


def test_a_personal_account_is_a_hint_at_most_and_told_what_each_type_cannot_do() -> None:
    rule = RULES["T101"].rule
    assert rule.severity == "info"
    [fix] = fixes("T101", example_posts([SHORT]), Account(type="personal"))
    assert "Commercial Music Library" in rule.why
    assert "Creator Rewards are for personal accounts alone" in rule.why
    assert fix.endswith("For Creator Rewards, or for popular songs, choose no business account.")


def test_a_failure_says_what_the_tip_is_for_the_other_goals() -> None:
    short, long = example_posts([SHORT]), example_posts([LONG])
    [fix] = fixes("G002", short, after("rewards", "reach", "sales"))
    assert fix == (
        "Add 46 s, with something that viewers stay for. This follows your goal, Creator Rewards; for reach, sales the tip "
        "is “Make videos of 12 to 15 seconds” (T504)."
    )
    assert fixes("G002", short, after("rewards"))[0].endswith(
        "for other goals the tip is “Make videos of 12 to 15 seconds” (T504)."
    )
    assert fixes("T504", long, after("reach", "rewards"))[0].endswith(
        "This follows your goal, reach; for Creator Rewards the tip is “Make videos of 60 seconds or longer” (G002)."
    )
    # Nothing differs for these.
    assert fixes("T504", long, after("reach", "sales")) == fixes("T504", long)


def test_a_business_account_is_told_which_sounds_it_may_use() -> None:
    posts = example_posts([{"sound_trending": False}])
    caveat = "A business account may use only the Commercial Music Library: choose the sound there."
    assert caveat in fixes("T901", posts, Account(type="business"))[0]
    assert caveat not in fixes("T901", posts, Account(type="personal"))[0] + fixes("T901", posts)[0]


def test_duets_and_photos_earn_nothing_and_need_not_be_made_for_rewards() -> None:
    posts = example_posts([{"kind": kind} for kind in ("original", "duet", "stitch", "photo", "video_reply")])
    assert answers("G003", posts, after("rewards")) == ["pass", "fail", "fail", "fail", "pass"]
    assert answers("T703", example_posts([{"kind": "original"}]), after("rewards")) == ["not_applicable"]
    assert answers("T703", example_posts([{"kind": "original"}]), after("community")) == ["fail"]


RULE = """
code: H101
name: longer
title: "Videos are short"
do: "Make longer videos"
goals: [community]
instead_of: [T504]
check: range
field: duration_s
params: {min: 30}
severity: info
message: short
passed: long
why: "For us."
fix: "Go on."
sources: [{claim: longer, name: us, as_of: 2026-01}]
examples:
  pass: [{duration_s: 30, goal: community}]
  fail: [{duration_s: 2, goal: community}]
  unknown: [{goal: community}]
"""


def pack(folder: Path, **changes: Any) -> Path:
    rule = yaml.safe_load(RULE) | changes
    text = {"group": "house", "title": "House", "source": {"name": "us", "as_of": "2026-01"}, "rules": [rule]}
    (folder / "house.yaml").write_text(yaml.safe_dump(text), "utf-8")
    return folder


def test_a_rule_in_one_file_takes_the_place_of_a_tip_for_its_goals(tmp_path: Path) -> None:
    rules = {rule.code: rule for rule in load_rules([rulebook(), pack(tmp_path)])}
    posts = example_posts([LONG])
    assert run("T504", posts, after("community"), rules=rules).counts.tolist() == [0, 0, 0, 1]
    assert run("H101", posts, after("community"), rules=rules).counts.tolist() == [1, 0, 0, 0]
    assert run("T504", posts, after("reach"), rules=rules).counts.tolist() == [0, 1, 0, 0]
    # Without the tip's own file it is a rule like any other, and what it takes the place of is left out.
    [alone] = load_rules([tmp_path])
    assert alone.replaces == ()
    assert link_replacements([alone]) == [alone]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"goals": []}, "instead_of needs goals"),
        ({"goals": ["money"]}, "'money' is not known; use one of reach"),
        ({"when": {"goal": "sales"}}, "names the goal, which is also the account's"),
    ],
)
def test_a_faulty_goal_of_a_rule_is_named_with_its_line(tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(CoachError, match=r"house\.yaml:\d+.*") as raised:
        load_rules([pack(tmp_path, **changes)])
    assert problem in str(raised.value)
