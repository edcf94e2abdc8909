"""--since, --until and --last: every study of a period beside the one before it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_accounts import sheet
from tests.conftest import Ran
from tests.writing import put

Coach = Callable[..., Ran]
STUDIES = ("audit", "simulate", "times", "evidence", "backtest", "tips", "why", "compare")
LINE = "2026-07-01 to 2026-09-30, beside the 91 days before: "


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return put(tmp_path / "one.csv", sheet({"baker": 120}))


@pytest.mark.parametrize("study", STUDIES)
def test_every_study_takes_a_period(coach: Coach, one: Path, study: str) -> None:
    # Of the newest five posts, which are what `why` is about, one is older; a comparison needs posts before too.
    since, parted = ("2026-07-01", ("--before", "2026-07-01")) if study == "compare" else ("2026-09-27", ())
    ran = coach(study, one, "--since", since, "--until", "2026-09-30", "-q")
    assert ran.code == 0, ran.err
    assert ran.out != coach(study, one, "-q", "--until", "2026-09-30", *parted).out


@pytest.mark.parametrize("study", ["times", "evidence", "simulate", "backtest"])
def test_a_study_says_its_period_beside_the_one_before(coach: Coach, one: Path, study: str) -> None:
    chosen = (study, one, "-q", "--since", "2026-07-01", "--until", "2026-09-30")
    said = coach(*chosen, "--format", "markdown").out
    assert LINE + "39 posts (39 before)" in said
    period = json.loads(coach(*chosen, "--format", "json").out)["period"]
    assert (period["since"], period["until"], period["before"]) == (
        "2026-07-01",
        "2026-09-30",
        ["2026-04-01", "2026-06-30"],
    )
    assert period["posts"] == {"value": 39, "before": 39, "change": 0, "interval": None}
    assert "period" not in json.loads(coach(study, one, "-q", "--format", "json").out)


@pytest.mark.parametrize("study", STUDIES)
def test_what_is_no_period_ends_in_one_line_and_2(coach: Coach, one: Path, study: str) -> None:
    for options, problem in (
        (("--last", "a month"), "--last 'a month' is no period; write a number and d, w, m or y"),
        (("--since", "yesterday"), "--since 'yesterday' is not a date; write it as YYYY-MM-DD"),
        (("--last", "4w", "--since", "2026-01-01"), "--since and --last both say where to begin; leave one out"),
        (
            ("--since", "2026-02-01", "--until", "2026-01-01"),
            "--since 2026-02-01 is after --until 2026-01-01; swap them",
        ),
        (("--since", "2030-01-01"), "--since 2030-01-01 is after the newest day of the data, 2026-09-27"),
    ):
        ran = coach(study, one, *options)
        assert ran.code == 2, options
        assert problem in ran.err.replace("\n", " ")
        assert ran.err.count("\n") == 1


def test_a_period_without_posts_says_of_when_they_are(coach: Coach, one: Path) -> None:
    ran = coach("audit", one, "--last", "1d", "--until", "2025-01-01")
    assert (ran.code, ran.out) == (2, "")
    assert "no posts up to 2025-01-01; the posts are of 2026-01-01 to 2026-09-27" in ran.err


def test_of_an_account_that_paused_the_last_post_is_said(coach: Coach, tmp_path: Path) -> None:
    rows = "".join(f"p{n},baker,2026-03-{n + 1:02d},{100 + n},2026-09-27\n" for n in range(9))
    put(tmp_path / "paused.csv", f"post_id,account,posted_at,views,metrics_at\n{rows}")
    ran = coach("audit", "paused.csv", "--last", "28d")
    assert (ran.code, ran.out) == (2, "")
    assert "@baker: no post since 2026-03-09; without a period the newest posts are shown" in ran.err


def test_accounts_that_paused_are_named_together_and_the_others_shown(coach: Coach, tmp_path: Path) -> None:
    quiet = _quiet() + _quiet().replace("quiet", "silent").replace("0001,", "0002,")
    put(tmp_path / "all.csv", sheet({"baker": 90, "miller": 120}) + quiet)
    ran = coach("audit", "all.csv", "--last", "28d", "--until", "2026-09-27")
    assert "@quiet, @silent have no posts then, and are left out" in ran.err
    assert ran.out.startswith("2 accounts")


def test_the_months_of_several_clients_are_one_command(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "clients" / "all.csv", sheet({"baker": 90, "miller": 120}) + _quiet())
    ran = coach("report", "clients", "-o", "june.html", "--each-account", "--last", "3m", "--until", "2026-06-30")
    assert ran.code == 0, ran.err
    assert sorted(path.name for path in tmp_path.glob("*.html")) == ["june-baker.html", "june-miller.html", "june.html"]
    assert "@quiet has no posts then, and is left out" in ran.err
    table = (tmp_path / "june.html").read_text("utf-8")
    assert "2026-04-01 to 2026-06-30; in brackets posts in the 90 days before" in table
    assert '<td class="n" data-head="Posts">30 (30)</td>' in table
    page = (tmp_path / "june-baker.html").read_text("utf-8")
    assert "2026-07-" not in page.split("<script")[0]


def _quiet() -> str:
    return "7699000000000000001,quiet,2026-01-01,Rye,10,1,0,,\n"


def test_two_inputs_are_compared_in_the_same_way_within_a_period(coach: Coach, tmp_path: Path, one: Path) -> None:
    other = put(tmp_path / "other.csv", sheet({"miller": 60}, seed=2))
    ran = coach("compare", one, other, "-q", "--since", "2026-07-01", "--format", "json")
    sides = json.loads(ran.out)
    assert sides["before"]["name"] == "@baker"
    assert sides["before"]["from"] >= "2026-07-01"
    assert sides["after"]["from"] >= "2026-07-01"


def test_a_day_parts_the_posts_of_a_period(coach: Coach, one: Path) -> None:
    ran = coach("compare", one, "-q", "--last", "6m", "--before", "2026-07-01", "--format", "json")
    sides = json.loads(ran.out)
    assert "2026-03" < sides["before"]["from"] < sides["before"]["to"] < "2026-07-01" <= sides["after"]["from"]


def test_a_comparison_begins_with_its_answer(coach: Coach, one: Path) -> None:
    said = coach("compare", one, "-q", "--last", "3m").out.splitlines()
    assert said[1].startswith(("No clear change.", "Clearly different: "))
    full = coach("compare", one, "-q", "--last", "3m", "--full").out
    assert "pp (" in full
    assert "pp: percentage points." in full
    assert "at the same age" in full


def test_the_change_as_counted_is_the_headline_and_what_age_allows_for_stands_apart(coach: Coach, bakery: Path) -> None:
    run = ("compare", bakery, "-q", "--before", "2026-06-01")
    found = {row["what"]: row for row in json.loads(coach(*run, "--format", "json").out)["differences"]}
    counted, adjusted = found["views"]["change"], found["views"]["difference"] - 1
    assert abs(counted - adjusted) > 0.1
    title, *lines = coach(*run).out.splitlines()
    assert title == "What changed, @ovnkrogen"
    answer = " ".join(" ".join(lines[:3]).split())
    assert answer.startswith(f"Clearly different: views {counted:+.0%}, watched to the end +2.0 pp,")
    assert f"At the same age: views {adjusted:+.0%}," in answer


def test_a_comparison_says_whose_posts_it_is_of(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "clients.csv", sheet({"baker": 14, "miller": 40}))
    title, *lines = coach("compare", "clients.csv", "-q", "--before", "2026-03-01").out.splitlines()
    assert title == "What changed, @miller"
    assert "1 other account is left out; --account shows one." in lines
    alone = coach("compare", "clients.csv", "-q", "--before", "2026-02-01", "--account", "baker").out
    assert alone.startswith("What changed, @baker\n")
    assert "left out" not in alone


def test_an_audit_up_to_a_day_is_followed_up_by_the_posts_after_it(coach: Coach, bakery: Path, tmp_path: Path) -> None:
    ran = coach("audit", bakery, "-q", "--until", "2026-05-31", "--format", "json", "--output", "may.json")
    assert ran.code == 0, ran.err
    may = json.loads((tmp_path / "may.json").read_text("utf-8"))
    assert may["as_of"].startswith("2026-05-31T21:59:59")
    later = json.loads(coach("follow-up", "may.json", bakery, "-q", "--format", "json").out)
    assert later["accounts"][0]["posts"] > 60


def test_python_takes_a_period_too(bakery: Path) -> None:
    import tiktok_coach as tc

    october = tc.load(bakery, timezone="Europe/Copenhagen", last="28d")
    assert len(october) < len(tc.load(bakery)) / 5
    numbers = tc.audit(october).to_dict()["overview"]
    assert numbers["period"] == ["2026-10-05", "2026-11-01"]
    assert numbers["posts"]["value"] == len(october)


def test_the_table_of_accounts_has_the_period_before_in_brackets(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "clients.csv", sheet({"baker": 90, "miller": 120}))
    chosen = ("clients.csv", "-q", "--since", "2026-07-01", "--until", "2026-09-30")
    assert "39 (39)" in coach("audit", *chosen).out
    accounts = json.loads(coach("audit", *chosen, "--format", "json").out)["accounts"]
    before = {one["handle"]: one["before"] for one in accounts}
    assert before["miller"] == {"since": "2026-04-01", "until": "2026-06-30", "posts": 39, "views_change": None}
    assert "in brackets" not in coach("audit", "clients.csv", "-q").out


def test_the_next_command_is_of_the_same_period(coach: Coach, one: Path) -> None:
    assert "one.csv --last 3m -o report.html" in coach("audit", "one.csv", "-q", "--last", "3m").out


def test_the_next_command_is_of_the_same_account(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "clients.csv", sheet({"baker": 14, "miller": 40}))
    assert "report clients.csv --account baker -o r" in coach("audit", "clients.csv", "-q", "--account", "baker").out


def test_of_few_posts_on_a_side_no_change_is_shown(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "few.csv", sheet({"baker": 14}))
    said = coach("compare", "few.csv", "-q", "--before", "2026-02-01").out
    assert said.splitlines()[1].startswith("Cannot tell yet: it takes 5 posts on each side.")
    assert "%" not in said.split("views")[1].splitlines()[0]
