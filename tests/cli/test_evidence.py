"""evidence, times, compare, backtest and experiment, as a user meets them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Ran
from tests.stats.worlds import World, accounts_of, posts_of
from tests.writing import put
from tiktok_coach.core.schema import conform
from tiktok_coach.render.table import to_csv

Coach = Callable[..., Ran]
COMMANDS = {
    "evidence": ("evidence",),
    "times": ("times",),
    "compare": ("compare", "--before", "2026-06-01"),
    "backtest": ("backtest",),
    "design": ("experiment", "design", "--rule", "T301"),
}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
HOSTILE = "=1+1 [red]bold[/red] <script>alert(1)</script> \x1b[31m ‮ |`*_ @all #tag"


def call(coach: Coach, command: str, path: Path, *more: str) -> Ran:
    return coach(*COMMANDS[command], path, "--timezone", "UTC", "--today", "2026-11-23", *more)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean table of one account, whose captions are as bad as captions come."""
    posts = posts_of(np.random.default_rng(1), World(posts=90, effects={"hook": 0.6}, spread=0.4), "=cmd")
    posts["caption"] = posts["caption"] + " " + HOSTILE
    return put(tmp_path_factory.mktemp("e") / "posts.csv", to_csv(conform(posts)))


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Posts whose hour makes no difference."""
    posts = posts_of(np.random.default_rng(4), World(posts=60), "a")
    return put(tmp_path_factory.mktemp("e") / "noise.csv", to_csv(conform(posts)))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(
        tmp_path_factory.mktemp("e") / "many.csv", to_csv(accounts_of(np.random.default_rng(2), [World(posts=30)] * 4))
    )


@pytest.mark.parametrize("output", ["text", "json", "markdown", "csv"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_format_is_clean_and_the_same_twice(coach: Coach, sheet: Path, command: str, output: str) -> None:
    ran = call(coach, command, sheet, "--format", output, "-q")
    assert ran.code == 0, ran.err
    assert ran.out
    assert ran.err == ""
    assert not CONTROL.search(ran.out.replace("\n", ""))
    assert ran.out == call(coach, command, sheet, "--format", output, "-q").out
    if output == "json":
        assert json.loads(ran.out)["schema_version"] == "1"
    elif output == "csv":
        rows = list(csv.DictReader(io.StringIO(ran.out)))
        assert rows
        assert not any(cell.startswith(("=", "@")) for row in rows for cell in row.values())
    elif output == "markdown":
        assert ran.out.startswith("# ")
        assert "<script" not in ran.out
        tables = [line for line in ran.out.splitlines() if line.startswith("|")]
        assert all(line.endswith("|") for line in tables)


@pytest.mark.parametrize("width", ["80", "110", "160"])
def test_no_line_of_compare_is_wider_than_the_terminal(
    coach: Coach, bakery: Path, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    ran = coach(*COMMANDS["compare"], bakery, "--today", "2026-11-23", "-q")
    assert ran.code == 0, ran.err
    assert max(len(line.rstrip()) for line in ran.out.splitlines()) <= int(width)


def test_the_planted_structure_of_the_example_is_found_and_nothing_else_is_claimed(coach: Coach, bakery: Path) -> None:
    effects = json.loads(coach("evidence", bakery, "--format", "json", "-q").out)["effects"]
    claimed = {
        (e["code"], e["outcome"], e["verdict"])
        for e in effects
        if e["verdict"] in ("helps", "hurts") and len(e["code"]) == 4
    }
    planted = {
        ("T301", "views", "helps"),
        ("T303", "views", "helps"),
        ("T601", "views", "helps"),
        ("T301", "completion", "helps"),
        ("T504", "completion", "helps"),
        ("T403", "engagement", "helps"),
    }
    assert claimed == planted


def test_json_is_as_documented(coach: Coach, sheet: Path) -> None:
    shapes = {
        "evidence": (
            "effects",
            {"code", "account", "outcome", "effect", "interval", "followed", "posts", "verdict", "prior", "q"},
        ),
        "times": ("slots", {"weekday", "hour", "active", "effect", "interval", "posts"}),
        "compare": ("differences", {"what", "before", "after", "difference", "interval", "beyond_chance"}),
        "backtest": (
            "predictors",
            {"name", "outcome", "spearman", "interval", "top_quartile_precision", "coverage", "posts"},
        ),
    }
    for command, (key, wanted) in shapes.items():
        rows = json.loads(call(coach, command, sheet, "--format", "json", "-q").out)[key]
        assert rows
        assert all(wanted <= set(row) for row in rows)
        for row in rows:
            interval = row["interval"]
            assert interval is None or interval[0] <= interval[1]
    slots = json.loads(call(coach, "times", sheet, "--format", "json", "-q").out)["slots"]
    assert len(slots) == 7 * 24


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("kept", [0, 1, 3])
def test_few_posts_get_sensible_words(coach: Coach, sheet: Path, tmp_path: Path, command: str, kept: int) -> None:
    lines = sheet.read_text("utf-8").splitlines(keepends=True)
    few = put(tmp_path / "few.csv", "".join(lines[: kept + 1]))
    ran = call(coach, command, few, "-q")
    assert "Traceback" not in ran.err
    if command in {"design", "compare"} or kept == 0:
        assert ran.code == 2
        assert ran.err.startswith("error: ")
        assert ran.err.count("\n") == 1
    else:
        assert ran.code == 0, ran.err
        words = {"times": "Too few of your posts have an hour"}.get(command, "ot enough data")
        assert words in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_posts_of_which_no_day_is_known_are_no_fault(coach: Coach, tmp_path: Path, command: str) -> None:
    rows = "".join(f"Rye nr {n},{100 + 7 * n},{5 + n}\n" for n in range(30))
    ran = call(coach, command, put(tmp_path / "no_days.csv", f"Caption,Views,Likes\n{rows}"), "-q")
    assert ran.code in {0, 2}
    assert "fault of tiktok-coach" not in ran.err


def test_several_accounts_are_pooled_where_that_is_asked_and_each_is_there(coach: Coach, many: Path) -> None:
    found = json.loads(coach("evidence", many, "--pool", "--timezone", "UTC", "--format", "json", "-q").out)
    assert {e["account"] for e in found["effects"]} == {None, "a0000", "a0001", "a0002", "a0003"}
    shown = coach("evidence", many, "--pool", "--timezone", "UTC", "-q").out
    assert "All accounts together" in shown
    assert "Verdicts on rules, account by account" in shown
    alone = json.loads(coach("evidence", many, "--account", "a0002", "--timezone", "UTC", "--format", "json", "-q").out)
    assert {e["account"] for e in alone["effects"]} == {"a0002"}
    scopes = {
        p["scope"]
        for p in json.loads(coach("backtest", many, "--pool", "--timezone", "UTC", "--format", "json", "-q").out)[
            "predictors"
        ]
    }
    assert scopes == {"all posts", "within accounts"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("evidence", "--outcome", "fame"), "--outcome 'fame' is not known"),
        (("times", "--activity-timezone", "Mars/Crater"), "'Mars/Crater' is not a timezone"),
        (("compare",), "1 input and no day that parts them"),
        (("compare", "--before", "someday"), "--before"),
        (("backtest", "--format", "yaml"), "--format 'yaml' is not known"),
        (("experiment", "design", "--rule", "T601"), "which the pairs of an experiment share"),
        (("experiment", "design", "--rule", "T999"), "is no rule"),
        (("experiment", "design", "--rule", "T701"), "no choice of the creator"),
        (("experiment", "design", "--rule", "T301", "--effect", "1"), "--effect 1 means no effect"),
        (("experiment", "design", "--rule", "T301", "--hours", "25"), "are no hours"),
        (("experiment", "design", "--rule", "T301", "--write-plan", "x.txt"), "end the name in .yaml"),
    ],
)
def test_what_cannot_be_used_is_one_line(coach: Coach, sheet: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = coach(*arguments, sheet, "--timezone", "UTC")
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert ran.out == ""


def test_an_experiment_is_drawn_linted_filled_in_and_read(
    coach: Coach, bakery: Path, sheet: Path, tmp_path: Path
) -> None:
    ran = call(coach, "design", sheet, "--effect", "1.5", "--write-plan", "trial.yaml", "--start", "2026-12-01", "-q")
    assert ran.code == 0, ran.err
    assert coach("lint", "trial.yaml", "--today", "2026-11-23").code == 0
    drawn = (tmp_path / "trial.yaml").read_text("utf-8")
    times = re.findall(r"publish_at: (\S+)", drawn)
    arms = re.findall(r"trial_arm: (\w+)", drawn)
    assert len(times) == len(arms) == drawn.count("trial_pair")
    rng = np.random.default_rng(3)
    rows = ["post_id,account,posted_at,posted_at_precision,metrics_at,views,hook_s,caption"]
    for number, (at, arm) in enumerate(zip(times, arms, strict=True)):
        views = round(float(np.exp(7 + 0.5 * (arm == "follow") + rng.normal(0, 0.3))))
        rows.append(
            f"v{number},=cmd,{at},second,2027-06-01T00:00:00Z,{views},{1.0 if arm == 'follow' else 7.0},post {number}"
        )
    since = put(tmp_path / "since.csv", "\n".join(rows) + "\n")
    told = json.loads(
        coach("experiment", "read", "trial.yaml", since, "--timezone", "UTC", "--format", "json", "-q").out
    )
    assert told["interval"][0] <= np.exp(0.5) <= told["interval"][1] * 1.1
    assert told["p"] < 0.05
    assert told["followed"] == 1.0
    assert told["excluded"] == 0
    assert "Decided: the tip helps" in coach("experiment", "read", "trial.yaml", since, "--timezone", "UTC", "-q").out
    assert "Not enough data" in coach("experiment", "read", "trial.yaml", sheet, "-q").out
    both = coach("experiment", "read", "trial.yaml", sheet, bakery, "--format", "json", "-q")
    assert (
        json.loads(both.out)["pairs"]
        == json.loads(coach("experiment", "read", "trial.yaml", sheet, "--format", "json", "-q").out)["pairs"]
    )
    other = put(tmp_path / "other.csv", since.read_text("utf-8").replace(",=cmd,", ",neighbour,"))
    wrong = coach("experiment", "read", "trial.yaml", other)
    assert (wrong.code, wrong.out) == (2, "")
    assert "no posts of account '=cmd'; the files are of: neighbour" in wrong.err
    beside = coach("experiment", "read", "trial.yaml", sheet, other, "-q")
    assert "Not enough data" in beside.out, "another account's posts finish no trial"
    anonymous = put(tmp_path / "anonymous.yaml", re.sub("handle: [^,]*, ", "", drawn))
    wrong = coach("experiment", "read", anonymous, sheet, other)
    assert wrong.code == 2
    assert "names no account, and the exports hold several" in wrong.err
    wrong = coach("experiment", "read", put(tmp_path / "plan.yaml", "posts:\n  - caption: Rye\n"), since)
    assert wrong.code == 2
    assert "is no plan of an experiment" in wrong.err


def test_an_experiment_on_what_is_in_videos_is_drawn_by_completion_and_read(
    coach: Coach, bakery: Path, tmp_path: Path
) -> None:
    design = ("experiment", "design", bakery, "--rule", "not-pause", "--write-plan", "pauses.yaml", "-q")
    page = " ".join(coach(*design, "--start", "2026-12-01").out.split())
    assert "Experiment: Cut out pauses (not-pause)" in page
    assert "30% more completion" in page
    plan = (tmp_path / "pauses.yaml").read_text("utf-8")
    assert "trial_rule: not-pause" in plan
    assert "trial_outcome: completion" in plan
    assert 'notes: "Cut out pauses."' in plan
    assert 'notes: "Do NOT follow the tip in this post: Cut out pauses. Instead: leave pauses in your speech."' in plan
    assert "With the tip: cut out pauses. Without: leave pauses in your speech. A video with less of it than" in page
    assert "with --media VIDEOS your own curves may tell" in page
    assert coach("lint", "pauses.yaml", "--today", "2026-11-23").code == 0
    read = json.loads(coach("experiment", "read", "pauses.yaml", bakery, "--json", "-q").out)
    assert (read["rule"], read["outcome"], read["followed"]) == ("not-pause", "completion", None)


def test_a_trial_of_more_than_half_a_year_is_not_feasible_and_what_would_be_is_said(coach: Coach, sheet: Path) -> None:
    shown = " ".join(call(coach, "design", sheet, "--effect", "1.1", "-q").out.split())
    assert "Not feasible: to find 10% more views takes" in shown
    assert "The first posts" not in shown
    result = json.loads(call(coach, "design", sheet, "--effect", "1.1", "--format", "json", "-q").out)
    assert result["weeks"] > 26
    assert not result["feasible"]
    other = str(result["feasible_effect"])
    assert f"--effect {other}" in shown
    assert json.loads(call(coach, "design", sheet, "--effect", other, "--format", "json", "-q").out)["feasible"]
    assert "Not feasible: 1% more views is too little" in call(coach, "design", sheet, "--effect", "1.01", "-q").out


def test_a_draft_takes_the_hours_at_which_own_posts_did_best(coach: Coach, bakery: Path) -> None:
    ran = coach("plan", "new", "--history", bakery, "--slots", "4", "--today", "2026-11-23")
    assert "your own posts, which clearly got more views then" in ran.out
    hours = [int(at) for at in re.findall(r"publish_at: \S+T(\d\d)", ran.out)]
    assert set(hours) <= set(range(17, 22)), "the example's posts do best in the evening"
    assert len(set(hours)) == 4, "good hours take turns"


@pytest.mark.parametrize("language", ["en", "da"])
def test_noise_names_no_hour_anywhere(coach: Coach, noise: Path, tmp_path: Path, language: str) -> None:
    for more in ((), ("--full",)):
        shown = call(coach, "times", noise, *more, "--lang", language, "-q").out
        assert "█" not in shown
        assert "[" not in shown
    if language == "en":
        assert "No hour is clearly better yet: post when it suits you." in shown
    result = json.loads(call(coach, "times", noise, "--format", "json", "-q").out)
    assert result["best"] == []
    coach("report", noise, "--timezone", "UTC", "-o", "r.html", "-q")
    assert 'class="heat"' not in (tmp_path / "r.html").read_text("utf-8")


def test_without_a_clear_hour_a_draft_takes_the_hours_that_the_account_uses(coach: Coach, noise: Path) -> None:
    drafted = coach("plan", "new", "--history", noise, "--slots", "8", "--timezone", "UTC", "--today", "2026-11-23").out
    assert "since no hour is clearly better yet" in drafted
    posted = Counter(row["posted_at"][11:13] for row in csv.DictReader(io.StringIO(noise.read_text("utf-8"))))
    hours = Counter(re.findall(r"publish_at: \S+T(\d\d)", drafted))
    assert set(hours) <= set(posted)
    assert set(hours.values()) == {2}, "each of four hours twice"


def test_lists_of_the_most_seen_alone_are_said_to_be_such(coach: Coach, bakery: Path) -> None:
    alone = coach("evidence", bakery / "studio", "--timezone", "Europe/Copenhagen", "-q").out
    assert "winners are over-represented" in " ".join(alone.split())
    assert "winners" not in coach("evidence", bakery, "-q").out
