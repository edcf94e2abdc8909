"""What people searched for is unsaid only where every caption is known."""

from __future__ import annotations

from typing import Any

import pytest

from tiktok_coach.core.account import Account
from tiktok_coach.rules.checks import never_said
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.examples import example_posts
from tiktok_coach.rules.kind import NAMES
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.rules.subjects import Context

[RULE] = [rule for rule in load_rules([rulebook()]) if rule.code == "T814"]


def answer(*posts: dict[str, Any]) -> tuple[str, str]:
    [evaluation] = evaluate([RULE], example_posts([*posts]), Context((Account(),)))
    return NAMES[evaluation.status[0]], evaluation.outcome.terms["terms"](0)


def test_a_caption_that_is_not_known_may_say_it() -> None:
    searched = {"caption": "New", "search_terms": "rye 24%; buns 20%"}
    assert answer(searched, {"caption": "Buns"}) == ("fail", "“rye” (24%)")
    assert answer(searched, {"caption": "Buns"}, {"views": 10})[0] == "unknown"
    assert answer(searched, {"caption": "Rye buns"}, {"views": 10})[0] == "pass"


def test_a_search_is_the_same_however_it_is_written() -> None:
    rare = {"caption": "New", "search_terms": "Rye Bread 4%"}
    assert answer(rare, {"caption": "Buns", "search_terms": "rye bread 30%"}) == ("fail", "“Rye Bread” (17%)")


def test_of_very_many_posts_only_the_first_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(never_said, "MOST_POSTS", 3)
    monkeypatch.setattr(never_said, "AT_ONCE", 2)
    searched, other = {"caption": "New", "search_terms": "rye 24%"}, {"caption": "Buns"}
    assert answer(searched, other, other)[0] == "fail"
    assert answer(searched, other, {"caption": "Rye"}, other)[0] == "pass"
    assert answer(searched, other, other, other)[0] == "unknown"
