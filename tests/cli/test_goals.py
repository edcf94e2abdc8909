"""What an account is after, from the config file or --goal: what the example's audit says for each goal."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from rich.console import Console

import tiktok_coach as tc
from tests.conftest import Ran
from tests.writing import content, content_row, put
from tiktok_coach.analysis.audit import Audit, audit_account
from tiktok_coach.core.account import GOALS, Goal
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.render.advice import advice_facts, code_of, do_text, worth_text
from tiktok_coach.render.audit import audit_json
from tiktok_coach.render.output import RenderOptions
from tiktok_coach.render.pages.show import print_page
from tiktok_coach.render.screen import audit_screen
from tiktok_coach.rules.kind import NAMES
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.bands import public_effects
from tiktok_coach.stats.public_record import DIFFERS

Coach = Callable[..., Ran]
LONG, SHORT = "Make videos of 60 seconds or longer", "Make videos of 12 to 15 seconds"


def screen(audit: Audit) -> list[str]:
    file = io.StringIO()
    print_page(audit_screen(audit, RenderOptions(top=3, inputs="bakery")), Console(file=file, width=80))
    return file.getvalue().splitlines()


def export_in(folder: Path) -> Path:
    row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")
    return put(folder / "x" / "Content.csv", content([row])).parent


@pytest.fixture(scope="module")
def audit_for(bakery: Path) -> Callable[[str], Audit]:
    """The audit of the example for a goal, or several with commas."""
    return cache(lambda goal: audit_account(tc.load(bakery, goal=goal)._analysis))


def statuses(audit: Audit, *codes: str) -> dict[str, set[str]]:
    by_code = {one.code: one for one in audit.evaluations}
    return {code: {name for name, count in zip(NAMES, by_code[code].counts, strict=True) if count} for code in codes}


# By goal the first three pieces of advice on the example, and the answers of the rules in question.
TIP = {"T101": {"pass"}, "T504": {"pass", "fail"}, "G001": {"not_applicable"}, "G002": {"not_applicable"}}
REWARDS = {"T101": {"not_applicable"}, "T504": {"not_applicable"}, "G001": {"fail"}, "G002": {"pass", "fail"}}
FOR_VIEWS = ["T301", "T303", "evening"]
EXPECTED = {
    "": (FOR_VIEWS, TIP),
    "reach": (FOR_VIEWS, TIP),
    "followers": (["T202", "T203", "T301"], TIP),
    "community": (["video-reply", "T701", "T403"], TIP),
    "search": (["T801", "T814", "T407"], TIP),
    "rewards": (["G001", "G002", "G005"], REWARDS),
    "sales": (FOR_VIEWS, TIP),
    "rewards, reach": (["G001", "G002", "G005"], REWARDS),
    "reach, rewards": (FOR_VIEWS, TIP),
}


@pytest.mark.parametrize("goal", EXPECTED)
def test_what_comes_first_on_the_example_follows_the_goal(audit_for: Callable[[str], Audit], goal: str) -> None:
    audit = audit_for(goal)
    first, expected = EXPECTED[goal]
    assert [advice_facts(one)["id"] for one in audit.advice][:3] == first
    assert statuses(audit, *expected) == expected


def test_for_rewards_no_advice_asks_for_short_videos(audit_for: Callable[[str], Audit]) -> None:
    def lengths(goal: str) -> set[str]:
        return {text for text in map(do_text, audit_for(goal).advice) if re.match(r"Make videos .*seconds", text)}

    assert lengths("reach") == {SHORT}
    assert lengths("rewards") == {LONG}


@pytest.mark.parametrize("goal", [goal for goal in EXPECTED if goal])
def test_the_screen_names_the_goals_and_stays_a_screen(audit_for: Callable[[str], Audit], goal: str) -> None:
    lines = screen(audit_for(goal))
    assert len(lines) < 30
    assert all(len(line) <= 80 for line in lines)
    names = goal.replace("rewards", "Creator Rewards").replace("followers", "more followers")
    # No advice of the example serves sales.
    assert ("Do next" if goal == "sales" else f"Do next for {names}") in lines


def test_the_screen_says_where_goals_differ_and_what_the_goal_still_needs(audit_for: Callable[[str], Audit]) -> None:
    text = " ".join(" ".join(screen(audit_for("rewards, reach"))).split())
    assert (
        "This follows your goal, Creator Rewards; for reach the tip is “Switch to a creator or business account”"
        in text
    )
    assert f"for reach the tip is “{SHORT}” (T504)" in text
    assert "Not known yet: whether your posts are disclosed (G007)." in screen(audit_for("sales"))
    assert "Do next" in screen(audit_for(""))


def test_for_community_nothing_is_promised_that_differs_between_accounts(audit_for: Callable[[str], Audit]) -> None:
    by_code = {code_of(one): one for one in audit_for("community").advice}
    assert public_effects(rulebook(), "comments")["T403"].grade == DIFFERS
    assert "omments per view" not in worth_text(by_code["T403"])
    assert worth_text(by_code["T705"]).startswith("Together, your own and public posts point to 10% more views")
    assert worth_text(by_code["T701"]) == "First because it serves your goal, community."


def test_the_json_says_the_goals_and_which_of_them_advice_serves(audit_for: Callable[[str], Audit]) -> None:
    answer = json.loads("".join(audit_json(audit_for("rewards, reach"), RenderOptions())))
    assert answer["account"]["goal"] == ["rewards", "reach"]
    goals = {one["id"]: one["goal"] for one in answer["advice"]}
    assert {code: goals[code] for code in ("G001", "T301", "T901")} == {
        "G001": "rewards",
        "T301": "reach",
        "T901": None,
    }


@pytest.mark.parametrize(
    ("text", "goals"),
    [
        ("rewards", ["rewards"]),
        ("REWARDS", ["rewards"]),
        ("[Rewards, reach]", ["rewards", "reach"]),
        ("rewards, Reach, rewards", ["rewards", "reach"]),
        ("", []),
    ],
)
def test_the_config_says_a_goal_or_several_in_any_case(coach: Coach, tmp_path: Path, text: str, goals: Any) -> None:
    exports = export_in(tmp_path)
    (exports / "tiktok-coach.yaml").write_text(f"account:\n  goal: {text}\n", "utf-8")
    assert json.loads(coach("audit", exports, "--json").out)["account"]["goal"] == goals
    # An option outweighs it.
    asked = json.loads(coach("audit", exports, "--json", "--goal", "search").out)
    assert asked["account"]["goal"] == ["search"]


@pytest.mark.parametrize("text", ["money", "[rewards, 3]", "{a: b}"])
def test_a_word_that_is_no_goal_is_named_with_its_line(coach: Coach, tmp_path: Path, text: str) -> None:
    exports = export_in(tmp_path)
    (exports / "tiktok-coach.yaml").write_text(f"account:\n  goal: {text}\n", "utf-8")
    result = coach("audit", exports)
    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert "tiktok-coach.yaml:2" in result.err
    assert "goal" in result.err


def test_a_wrong_goal_on_the_command_line_is_one_line_that_says_which_there_are(coach: Coach, bakery: Path) -> None:
    result = coach("audit", bakery, "--goal", "reward")
    assert result.code == 2
    assert result.err.strip() == (
        "error: --goal: 'reward' is no goal: use reach, followers, community, search, rewards, sales; did you mean rewards?"
    )
    with pytest.raises(CoachError, match="is no goal"):
        tc.load(bakery, goal="reward")


PLAN = """\
account: {handle: "@baker", timezone: Europe/Copenhagen, type: business, goal: [rewards, reach]}
posts:
  - {publish_at: 2026-12-01 18:00, caption: "Why does rye crack?", video: {duration_s: 14}}
  - {publish_at: 2026-12-02 18:00, caption: "Order by the link in bio", goal: sales, disclosure: none}
  - {publish_at: 2026-12-03 18:00, caption: "Rye again?", goal: reach, video: {duration_s: 40}}
"""


def test_lint_follows_the_account_of_the_plan_and_the_goal_of_each_post(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "plan" / "plan.yaml", PLAN)
    codes = "--select", "G", "--select", "T504", "--select", "T101", "--select", "D003"

    def found(*more: str) -> list[tuple[str, int]]:
        findings = json.loads(coach("lint", "plan", *codes, "--json", *more).out)["findings"]
        return [(one["code"], one["line"]) for one in findings]

    assert found() == [("G001", 1), ("G002", 3), ("G007", 4), ("T504", 5)]
    # What --goal says is of every account, and a post's own goal stays.
    assert found("--goal", "reach") == [("G007", 4), ("T504", 5)]


def test_start_writes_the_goal_and_later_commands_read_it(coach: Coach, tmp_path: Path) -> None:
    exports = export_in(tmp_path)
    first = coach("start", exports, "--goal", "rewards,reach", "--timezone", "Copenhagen")
    assert first.code == 0
    config = (exports / "tiktok-coach.yaml").read_text("utf-8")
    assert "  goal: rewards, reach  # " in config
    assert json.loads(coach("audit", exports, "--json").out)["account"]["goal"] == ["rewards", "reach"]
    coach("start", exports, "--type", "personal")
    assert "goal: rewards, reach" in (exports / "tiktok-coach.yaml").read_text("utf-8")


def test_the_page_to_show_names_the_goal(coach: Coach, tmp_path: Path) -> None:
    exports = export_in(tmp_path)
    assert coach("report", exports, "--goal", "rewards,reach", "-o", "page.html").code == 0
    assert "Do next for Creator Rewards, reach</h2>" in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.parametrize("command", ["tips", "evidence", "simulate", "report", "lint", "why"])
def test_every_command_with_findings_or_advice_takes_a_goal(coach: Coach, command: str) -> None:
    assert "--goal" in coach(command, "--help-all").out


def test_the_page_of_a_rule_says_for_which_goals_it_holds(coach: Coach) -> None:
    def page(code: str) -> str:
        return " ".join(coach("rules", code).out.split())

    assert "Only with the goal Creator Rewards." in page("G002")
    assert f"It takes the place of T504 where that goal comes first: {SHORT}." in page("G002")
    assert f"Not where the goal Creator Rewards comes first: G002 takes its place ({LONG})." in page("T504")
    assert "Comes first with the goal community" in page("T403")
    assert "By goal" not in page("T401")


def test_goals_are_named_the_same_everywhere() -> None:
    assert tuple(GOALS) == get_args(Goal) == COLUMNS["goal"].choices


def test_the_guide_says_what_comes_first_on_the_example(audit_for: Callable[[str], Audit]) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "goals.md").read_text("utf-8")
    table = guide.partition("## The example, goal by goal")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ") and "`" in line]
    goals = [re.findall(r"`(\w+)`", row[0])[0] for row in rows]
    assert goals == list(GOALS)
    for goal, (_goal, first, _type, length) in zip(goals, rows, strict=True):
        if goal != "sales":
            codes = [code_of(one) for one in audit_for(goal).advice[:3]]
            assert re.findall(r"[TG]\d{3}", first) == [code for code in codes if code], goal
        assert ("G002" in length) == (goal == "rewards")
