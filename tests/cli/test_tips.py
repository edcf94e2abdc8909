"""tips: what the article says, what others measured, what public accounts show, and what this account shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_accounts import sheet
from tests.conftest import Ran
from tests.writing import put
from tiktok_coach.render.values import views_change
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.public_record import load_public_record

Coach = Callable[..., Ran]


@pytest.mark.parametrize(
    ("factors", "text"),
    [
        ((1.06, 1.02, 1.10), "6% more views (2–10%)"),
        ((0.82, 0.74, 0.92), "18% fewer views (8–26%)"),
        ((1.6, 1.1, 2.4), "60% more views (10–140%)"),
        ((3.0, 2.0, 4.5), "3 times the views (2–4.5)"),
        ((0.4, 0.2, 0.8), "0.4 times the views (0.2–0.8)"),
    ],
)
def test_a_factor_on_views_is_said_in_plain_words(factors: tuple[float, float, float], text: str) -> None:
    assert views_change(*factors) == text


def test_the_nine_tips_are_a_table_that_fits_80_columns(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = coach("tips").out
    assert max(map(len, shown.splitlines())) <= 80
    rows = [line for line in shown.splitlines() if line[1:2].isdigit() and line[2:4] == ". "]
    assert [int(line[1]) for line in rows] == list(range(1, 10))
    assert "not tested" in rows[0]
    assert "your posts" not in shown.splitlines()[2]


def test_the_words_of_public_accounts_are_those_of_the_record(coach: Coach) -> None:
    text = coach("tips", "--format", "markdown").out
    question = load_public_record(rulebook()).effect("T403", "views")
    assert question is not None
    assert question.grade == "supported"
    assert f"End captions with a question: {views_change(question.effect, *question.interval)}" in text
    assert "differs between accounts" in text
    assert "(Buffer, 1.1M)" in text
    assert text.count("\n| ") == 11, "the heads, a line and nine tips"


def test_no_study_is_named_without_the_one_that_contradicts_it(coach: Coach) -> None:
    text = coach("tips", "--format", "markdown").out
    assert "(Socialinsider, 600k); on Kwai, longer captions get more likes and comments (Chen)" in text
    assert "Metricool, 2.3M" not in text, "Socialinsider says the opposite, and there is no room for both"
    measured = json.loads(coach("tips", "--format", "json").out)["tips"][5]["measured"]
    assert {"Metricool", "Socialinsider"} <= {one["name"] for one in measured}


def test_an_export_adds_what_its_own_posts_show(coach: Coach, bakery: Path) -> None:
    options = ("--select", "T3", "--select", "T4", "--format")
    facts = json.loads(coach("tips", bakery, "-q", *options, "json").out)
    effects = json.loads(coach("evidence", bakery, "-q", "--format", "json").out)["effects"]
    own = {e["code"]: [e["verdict"], e["effect"], e["interval"]] for e in effects if e["outcome"] == "views"}
    hook = next(rule for rule in facts["tips"][0]["rules"] if rule["code"] == "T301")
    assert [hook["own"][key] for key in ("verdict", "effect", "interval")] == own["T301"]
    assert facts["posts"] > 100
    assert [tip["tip"] for tip in facts["tips"]] == [3, 4]
    shown = coach("tips", bakery, "-q", *options, "markdown").out
    assert "| your posts |" in shown
    assert "Bring the hook within the first 3 seconds: " in shown
    none = json.loads(coach("tips", *options, "json").out)
    assert none["account"] is None
    assert {rule["own"] for tip in none["tips"] for rule in tip["rules"]} == {None}


def test_every_study_of_a_tip_is_in_json_once(coach: Coach) -> None:
    for tip in json.loads(coach("tips", "--format", "json").out)["tips"]:
        claims = [one["claim"] for one in tip["measured"]]
        assert len(claims) == len(set(claims))
        assert all(one["design"] and one["code"].startswith(f"T{tip['tip']}") for one in tip["measured"])


def test_of_several_accounts_one_is_shown_and_named(coach: Coach, tmp_path: Path) -> None:
    both = put(tmp_path / "both.csv", sheet({"baker": 20, "miller": 30}))
    ran = coach("tips", both)
    assert ran.code == 0
    assert "of 2 accounts this is @miller alone; --account names another" in ran.err
    assert json.loads(coach("tips", both, "--account", "baker", "--format", "json").out)["account"] == "baker"
    assert coach("tips", "none").code == 2
