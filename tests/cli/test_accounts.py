"""Several accounts are several accounts: a table of them first, then the one that is chosen, or each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Ran
from tests.writing import put
from tiktok_coach.stats.account_summaries import partial_pool

Coach = Callable[..., Ran]
HEAD = "post_id,account,posted_at,caption,views,likes,comments,hook_s,duration_s\n"


def sheet(accounts: dict[str, int], seed: int = 1) -> str:
    """Posts of accounts, as many of each; the hooks of an account come the later, the later its name."""
    rng = np.random.default_rng(seed)
    lines, number = [], 7_600_000_000_000_000_000
    for place, (handle, posts) in enumerate(accounts.items()):
        for n in range(posts):
            number += 10_000_000_000_000 + int(rng.integers(1_000_000))
            hook = rng.choice([1.0, 6.0], p=[0.9, 0.1] if place % 2 == 0 else [0.1, 0.9])
            caption = "Why rye? #foodtok" if rng.random() < 0.5 else "Rye #bread"
            day = f"2026-{1 + n % 9:02d}-{1 + n % 27:02d}"
            lines.append(f"{number},{handle},{day},{caption},{int(rng.lognormal(7, 1))},{n % 40},{n % 7},{hook},14\n")
    return HEAD + "".join(lines)


@pytest.fixture
def two(tmp_path: Path) -> Path:
    put(tmp_path / "two.csv", sheet({"baker": 40, "miller": 60}))
    return tmp_path / "two.csv"


@pytest.fixture
def many(tmp_path: Path) -> Path:
    put(tmp_path / "many.csv", sheet({f"shop{n:03d}": 3 + n % 30 for n in range(45)}))
    return tmp_path / "many.csv"


def audited(coach: Coach, *arguments: str | Path) -> dict[str, Any]:
    ran = coach("audit", *arguments, "--format", "json", "-q", "--today", "2026-11-25")
    assert ran.code == 0, ran.err
    held: dict[str, Any] = json.loads(ran.out)
    return held


def test_one_account_has_no_table(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "one.csv", sheet({"baker": 30}))
    assert coach("audit", "one.csv", "-q").out.startswith("@baker  30 posts")
    assert list(audited(coach, "one.csv")["accounts"][0]) == list(audited(coach, "one.csv")["account"])


def test_a_table_comes_first_and_then_the_account_with_most_posts(coach: Coach, two: Path) -> None:
    out = coach("audit", two, "-q", "--full").out
    table, rest = out.split("\n@miller\n")
    assert table.startswith("2 accounts")
    assert "@baker" in table
    assert rest.startswith("60 posts")
    assert coach("audit", two, "--account", "baker", "-q").out.startswith("@baker  40 posts")


def test_a_screen_of_several_accounts_says_the_first_thing_to_do_of_each(coach: Coach, two: Path) -> None:
    out = coach("audit", two, "-q").out
    assert out.startswith("2 accounts")
    assert re.search(r"@baker .* \(T\d{3}\)", out)
    assert out.splitlines()[-1].startswith("Next: tiktok-coach audit ")


def test_each_account_stands_as_it_does_alone(coach: Coach, two: Path) -> None:
    for standing in audited(coach, two)["accounts"]:
        alone = audited(coach, two, "--account", standing["handle"])
        assert standing["tips"] == alone["tips"]
        assert standing["groups"] == alone["groups"]
        assert standing["missing"] == alone["missing"]
        assert {c["code"]: (c["gain"], c["failing"], c["known"]) for c in standing["changes"]} == {
            c["code"]: (c["gain"], c["failing"], c["known"])
            for c in [*alone["changes"], *alone["hurting"]]
            if c["code"] in {s["code"] for s in standing["changes"]}
        }
        assert standing["posts"] == len(alone["posts"])


def test_the_whole_of_each_is_given_by_account(coach: Coach, two: Path) -> None:
    each = audited(coach, two, "--each-account", "--sort", "name")
    assert [one["account"]["handle"] for one in each["audits"]] == ["baker", "miller"]
    assert each["audits"][0] == audited(coach, two, "--account", "baker")
    out = coach("audit", two, "--each-account", "-q").out
    assert "@baker  40 posts" in out
    assert "@miller  60 posts" in out
    told = coach("audit", two, "--each-account", "--format", "markdown", "-q").out
    assert "# Audit of baker" in told
    assert "# Audit of miller" in told


def test_what_parts_the_accounts_is_marked_beyond_chance(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "six.csv", sheet({f"shop{n}": 60 for n in range(6)}))
    held = {a["handle"]: a for a in audited(coach, "six.csv")["accounts"]}
    told = [held[f"shop{n}"]["beyond_chance"] for n in range(6)]
    assert all(sign in {0, wanted} for sign, wanted in zip(told, [1, -1] * 3, strict=True))
    assert sum(map(abs, told)) >= 2
    assert all(held[f"shop{n}"]["rank"] <= 3 for n in (0, 2, 4))
    for account in held.values():
        low, high = account["interval"]
        assert low < account["score"] < high
        assert account["rank_interval"][0] <= account["rank"] <= account["rank_interval"][1]


@pytest.mark.parametrize("sort", ["gain", "score", "views", "posts", "name"])
def test_a_long_table_is_sorted_and_cut(coach: Coach, many: Path, sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = coach("audit", many, "--sort", sort, "--limit", "10", "-q").out
    assert out.startswith("45 accounts")
    assert out.count("\n @shop") == 10
    assert "and 35 more; --limit 45 lists them all" in out
    assert max(map(len, out.splitlines())) <= 80
    if sort == "posts":
        assert " 32 " in out.splitlines()[4]
    if sort == "name":
        assert "@shop000" in out.splitlines()[4]


def test_accounts_of_few_posts_come_last_and_each_has_the_day_of_its_last_post(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    # The hooks of the second are late: it has most to gain.
    put(tmp_path / "all.csv", sheet({"baker": 30, "few": 4, "miller": 30}))
    lines = coach("audit", "all.csv", "-q").out.splitlines()
    rows = [line.split() for line in lines if line.startswith(" @")]
    assert [row[0] for row in rows][-1] == "@few"
    assert [row[3] for row in rows] == ["2026-09-27"] * 2 + ["2026-04-04"]
    assert "score" not in lines[2]


def test_a_post_is_shown_whosever_it_is(coach: Coach, two: Path) -> None:
    post = two.read_text("utf-8").splitlines()[1].split(",")[0]
    assert "score" in coach("audit", two, "--post", post, "-q").out
    assert coach("audit", two, "--post", post, "--each-account").code == 2
    assert coach("audit", two, "--sort", "fame").err.startswith("error: --sort 'fame' is not known; use one of gain,")


STUDIES = {
    "audit": "audits",
    "simulate": "simulations",
    "evidence": "evidence",
    "times": "times",
    "backtest": "backtests",
}
TODAY = ("--today", "2026-11-25")


def asked(coach: Coach, command: str, *arguments: str | Path) -> Any:
    feed = ("--viewers", "0") if command == "simulate" else ()
    ran = coach(command, *arguments, *feed, *TODAY, "-q", "--format", "json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


@pytest.mark.parametrize("command", STUDIES)
def test_every_study_shows_the_accounts_first_and_answers_for_each_as_for_it_alone(
    coach: Coach, two: Path, command: str
) -> None:
    feed = ("--viewers", "0") if command == "simulate" else ()
    full = ("--full",) if command == "audit" else ()
    shown = coach(command, two, "-q", *feed, *full, *TODAY).out
    assert shown.startswith("2 accounts")
    assert shown.index("@baker") < shown.rindex("@miller")
    assert coach(command, two, "-q", "--format", "markdown", *feed, *TODAY).out.startswith("# 2 accounts\n")
    chosen, each = asked(coach, command, two), asked(coach, command, two, "--each-account", "--sort", "name")
    audit = asked(coach, "audit", two)
    assert chosen["accounts"] == audit["accounts"]
    assert all({"tips", "changes", "missing"} <= {*account} for account in chosen["accounts"])
    assert [one["handle"] for one in each["accounts"]] == ["baker", "miller"]
    assert each[STUDIES[command]] == [asked(coach, command, two, "--account", name) for name in ("baker", "miller")]
    alone = each[STUDIES[command]][1]
    assert {**chosen, "accounts": 0} == {**alone, "accounts": 0}


@pytest.mark.parametrize("command", ["simulate", "evidence", "times", "backtest"])
def test_csv_holds_the_chosen_account_and_says_so_or_each_with_its_name(coach: Coach, two: Path, command: str) -> None:
    form = ("--format", "csv", *TODAY, *(("--viewers", "0") if command == "simulate" else ()))
    ran = coach(command, two, *form)
    assert "of 2 accounts this is @miller alone; --each-account gives each" in ran.err
    assert ran.out == coach(command, two, "--account", "miller", *form).out
    head, *rows = coach(command, two, "--each-account", *form).out.splitlines()
    assert head.startswith("account,")
    assert {row.split(",")[0] for row in rows} == {"baker", "miller"}
    alone = [coach(command, two, "--account", name, *form).out.splitlines()[1:] for name in ("miller", "baker")]
    assert len(rows) == sum(map(len, alone))


@pytest.mark.parametrize("command", ["evidence", "backtest"])
def test_accounts_are_pooled_where_that_is_asked_and_never_else(coach: Coach, two: Path, command: str) -> None:
    assert "all accounts" not in coach(command, two, "-q", *TODAY).out.casefold()
    pooled = coach(command, two, "--pool", "-q", *TODAY).out
    assert pooled.startswith("2 accounts")
    assert "all accounts" in pooled.casefold()
    refused = coach(command, two, "--pool", "--each-account")
    assert (refused.code, "leave out --each-account" in refused.err) == (2, True)


def test_accounts_drawn_together_are_scored_beside_each_other(coach: Coach, two: Path) -> None:
    alone, drawn = asked(coach, "simulate", two), asked(coach, "simulate", two, "--pool")
    assert [p["post_id"] for p in alone["posts"]] != []
    assert {p["post_id"] for p in alone["posts"]} == {p["post_id"] for p in drawn["posts"]}
    assert alone["posts"] != drawn["posts"]


def test_a_post_is_explained_whosever_it_is(coach: Coach, two: Path) -> None:
    post = two.read_text("utf-8").splitlines()[1].split(",")[0]
    found = coach("simulate", two, "--post", post, "--viewers", "0", "-q", *TODAY).out
    assert found == coach("simulate", two, "--account", "baker", "--post", post, "--viewers", "0", "-q", *TODAY).out


def test_a_report_of_several_accounts_begins_with_them_and_one_of_each_names_no_other(
    coach: Coach, two: Path, tmp_path: Path
) -> None:
    assert coach("report", two, "-o", "all.html", "-q", *TODAY).code == 0
    whole = (tmp_path / "all.html").read_text("utf-8")
    assert whole.index('id="accounts"') < whole.index('id="tips"')
    assert "all that follows their table is of @miller alone" in whole
    ran = coach("report", two, "-o", "each.html", "--each-account", *TODAY)
    assert ran.err.splitlines()[-3:] == ["wrote each.html", "wrote each-miller.html", "wrote each-baker.html"]
    table, miller = ((tmp_path / name).read_text("utf-8") for name in ("each.html", "each-miller.html"))
    assert 'href="each-baker.html"' in table
    assert "<script" not in table
    # A client's page is to be sent: nothing in it is of another client.
    assert "baker" not in miller.replace(two.name, "")
    assert miller.split("<main", 1)[1] == _alone(coach, two, tmp_path).split("<main", 1)[1]
    refused = coach("report", two, "-o", "p.html", "--each-account", "--plan", "plan.yaml")
    assert (refused.code, "is of one account" in refused.err) == (2, True)


def _alone(coach: Coach, exports: Path, folder: Path) -> str:
    assert coach("report", exports, "--account", "miller", "-o", "alone.html", "-q", *TODAY).code == 0
    return (folder / "alone.html").read_text("utf-8")


def test_posts_that_tell_no_account_stand_by_themselves_among_several(coach: Coach, tmp_path: Path) -> None:
    text = sheet({"baker": 20, "miller": 30, "nobody": 10}).replace(",nobody,", ",,")
    put(tmp_path / "some.csv", text)
    held = {account["handle"]: account["posts"] for account in asked(coach, "audit", tmp_path / "some.csv")["accounts"]}
    assert held == {"baker": 20, "miller": 30, None: 10}
    each = asked(coach, "audit", tmp_path / "some.csv", "--each-account")["audits"]
    assert sum(len(one["posts"]) for one in each) == 60
    assert "Account without a name" in coach("audit", tmp_path / "some.csv", "-q").out


def test_the_outlook_of_an_account_counts_its_posts(coach: Coach, two: Path) -> None:
    for account in asked(coach, "audit", two)["accounts"]:
        assert 0 <= sum(account["outlook"].values()) <= account["posts"]


def test_a_failure_of_any_account_counts(coach: Coach, two: Path) -> None:
    assert coach("audit", two, "--fail-on", "error", "-q").code == 1


@settings(max_examples=50)
@given(st.lists(st.lists(st.floats(0, 100), min_size=2, max_size=30), min_size=2, max_size=8), st.floats(-50, 50))
def test_means_are_drawn_towards_that_of_all_and_move_with_them(groups: list[list[float]], shift: float) -> None:
    values = np.concatenate([np.array(g) for g in groups])
    owner = np.repeat(np.arange(len(groups)), [len(g) for g in groups])
    drawn = partial_pool(values, owner, len(groups))
    means = np.array([np.mean(g) for g in groups])
    known = np.isfinite(drawn.middle)
    assert ((drawn.middle[known] >= means.min() - 1e-6) & (drawn.middle[known] <= means.max() + 1e-6)).all()
    moved = partial_pool(values + shift, owner, len(groups))
    assert np.allclose(moved.middle[known], drawn.middle[known] + shift, atol=1e-4)


def test_an_account_with_nothing_known_has_no_score() -> None:
    drawn = partial_pool(np.array([50.0, 60.0, np.nan, 70.0, 80.0]), np.array([0, 0, 1, 2, 2]), 3)
    assert np.isfinite(drawn.middle).tolist() == [True, False, True]
    assert drawn.significant[1] == 0
