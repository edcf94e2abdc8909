"""tiktok-coach simulate, as a user meets it."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_other_commands import Terminal
from tests.conftest import Ran
from tests.writing import put
from tiktok_coach.cli.app import run
from tiktok_coach.core.errors import CoachError

Coach = Callable[..., Ran]
PLAN = """\
account: {handle: ovnkrogen, timezone: Europe/Copenhagen, country: DK}
posts:
  - id: one
    publish_at: 2026-12-01T18:30:00+01:00
    caption: "Kan du gætte? #foodtok"
    hashtags: [foodtok, "#rye"]
    video:
      {file: a.mp4, duration_s: 14.2, width: 1080, height: 1920, hook_s: 1.2, intro: false,
       opening_emotion: surprise, effects: [green-screen]}
    sound: {name: "Song", trending: true}
    engagement: {duet: true, stitch: false, video_reply_to: null, reply_to_comments: true}
  - id: two
    publish_at: 2026-12-02 08:30
    caption: "=Brød"
    video: {file: a.mp4, effects: []}
"""


def test_json_adds_up_and_is_ranked(coach: Coach, bakery: Path) -> None:
    ran = coach("simulate", bakery, "--viewers", "300", "--runs", "5", "--format", "json", "-q")
    assert ran.code == 0, ran.err
    result = json.loads(ran.out)
    assert result["schema_version"] == "2"
    ranks = [p["rank"] for p in result["posts"] if p["rank"]]
    assert ranks == sorted(ranks)
    for post in result["posts"]:
        assert set(post) == {
            "post_id",
            "compared_with_usual",
            "signal_score",
            "views",
            "interval",
            "possible",
            "rank",
            "rank_interval",
            "like_previous",
            "better_than",
            "outlook",
            "rank_stability",
            "coverage",
            "eligible",
            "reasons",
            "contributions",
            "reach",
            "observed",
        }
        assert 0.6 < post["observed"]["for you"] < 0.93
        assert sum(post["contributions"].values()) == pytest.approx(post["signal_score"], abs=1e-9)
        assert set(post["reach"]) == {"unit", "median", "interval", "for_you_share", "beyond_stage", "why"}
    excluded = [p for p in result["posts"] if not p["eligible"]]
    assert excluded
    assert all(p["signal_score"] == 0 and p["reasons"] and p["rank"] is None for p in excluded)


@pytest.mark.parametrize("name", ["text", "json"])
def test_the_same_seed_gives_the_same_bytes(coach: Coach, bakery: Path, name: str) -> None:
    arguments = ("simulate", bakery, "--viewers", "200", "--runs", "3", "--format", name, "-q", "--suggest")
    first, second = coach(*arguments), coach(*arguments)
    assert first.out == second.out != ""
    if name == "json":
        assert coach(*arguments, "--seed", "8").out != first.out


def test_a_plan_with_history(coach: Coach, bakery: Path, tmp_path: Path) -> None:
    plan = put(tmp_path / "plan.yaml", PLAN)
    shown = coach("simulate", plan, "--history", bakery, "--viewers", "200", "--runs", "3", "-q").out
    assert "never" in shown
    assert "X401" in shown
    assert "2026-12-01" in shown
    assert "Scores are simulated: what TikTok's signals weigh is not public" in shown
    run = ("simulate", plan, "--history", bakery, "--viewers", "200", "--runs", "3")
    assert "fitted on the account's own posts for like, comment" in " ".join(coach(*run, "-v").out.split())
    rows = list(csv.DictReader(io.StringIO(coach("simulate", plan, "--viewers", "0", "--format", "csv", "-q").out)))
    assert [r["post_id"] for r in rows] == ["one", "two"]
    assert rows[1]["caption"] == "'=Brød"
    assert rows[1]["eligible"] == "false"
    found = json.loads(coach("audit", plan, "--format", "json", "-q").out)
    assert found["account"]["timezone"] == "Europe/Copenhagen"
    assert found["posts"][0]["posted_at"] == "2026-12-01T17:30:00Z"
    assert {f["status"] for f in found["findings"] if f["code"] == "T706" and f["post_id"] == "one"} == {"pass"}


def test_explain_is_a_waterfall_with_sources(coach: Coach, bakery: Path) -> None:
    ids = [
        p["post_id"]
        for p in json.loads(coach("simulate", bakery, "--viewers", "0", "--format", "json", "-q").out)["posts"]
    ]
    shown = coach("simulate", bakery, "--viewers", "100", "--runs", "2", "--post", ids[0][-9:], "-q").out
    assert "liked or shared (S104)" in shown
    assert "Simulated reach" in shown
    assert "of it in For You and the rest in Following" in " ".join(shown.split())
    assert "could be" in shown
    gone = coach("simulate", bakery, "--viewers", "0", "--post", ids[-1], "-q").out
    assert "never recommended: X401" in gone
    ran = coach("simulate", bakery, "--viewers", "0", "--post", "nothing", "-q")
    assert ran.code == 2
    assert "fits no post" in ran.err


def test_what_if_shows_the_change(coach: Coach, tmp_path: Path) -> None:
    plan = put(tmp_path / "plan.yaml", PLAN.replace("surprise", "neutral"))
    result = json.loads(
        coach("simulate", plan, "--viewers", "0", "--what-if", "opening_emotion=joy", "--format", "json", "-q").out
    )
    first = result["posts"][0]
    assert first["signal_score"] > first["before"]
    assert ") +" in coach("simulate", plan, "--viewers", "0", "--what-if", "opening_emotion=joy", "-q").out
    rows = list(
        csv.DictReader(
            io.StringIO(
                coach(
                    "simulate", plan, "--viewers", "0", "--what-if", "opening_emotion=joy", "--format", "csv", "-q"
                ).out
            )
        )
    )
    assert float(rows[0]["before"]) < float(rows[0]["signal_score"])


def test_suggestions_and_the_rest_of_a_long_list(coach: Coach, bakery: Path) -> None:
    shown = coach("simulate", bakery, "--viewers", "0", "--suggest", "--top", "3", "-q").out
    assert "Single changes that would raise scores" in shown
    assert "more; --top" in shown
    assert (
        "## Single changes"
        in coach("simulate", bakery, "--viewers", "0", "--suggest", "--format", "markdown", "-q").out
    )


PLAIN = "post_id,posted_at,views,likes,comments,shares\n" + "".join(
    f"{n},2026-05-{n:02d}T10:00:00Z,{500 * n},{20 + 3 * n},{n % 3},{n % 4}\n" for n in range(1, 9)
)


def test_a_plain_list_says_what_is_plain_first_and_ranks_no_posts_apart_whose_bands_overlap(
    coach: Coach, tmp_path: Path
) -> None:
    file = put(tmp_path / "posts.csv", PLAIN)
    shown = coach("simulate", file, "--viewers", "50", "--runs", "2", "-q").out
    assert shown.splitlines()[1] == "No post scores clearly above another: they are too close to call."
    assert "likes, comments, shares: how many times those of a usual post with as many views" in shown
    assert "capture guide" in shown
    assert "rank" not in shown
    found = json.loads(coach("simulate", file, "--viewers", "50", "--runs", "2", "--format", "json", "-q").out)
    for post in found["posts"]:
        assert post["coverage"] >= 0.2
        assert set(post["compared_with_usual"]) == {"like", "comment", "share"}
        low, high = post["possible"]
        assert low < post["signal_score"] < high
        assert post["views"] >= 500
        assert post["reach"]["interval"][1] <= 1
    for one in found["posts"]:
        for other in found["posts"]:
            overlap = one["possible"][1] >= other["possible"][0] and other["possible"][1] >= one["possible"][0]
            assert not overlap or one["rank_interval"][0] <= other["rank_interval"][1]
    explained = " ".join(coach("simulate", file, "--viewers", "0", "--post", "1", "-q").out.split())
    assert "times that of a usual post." in explained


def test_where_little_is_known_there_is_no_score_no_rank_and_no_feed(coach: Coach, tmp_path: Path) -> None:
    rows = [line.rsplit(",", 2)[0] for line in PLAIN.splitlines()]
    file = put(tmp_path / "posts.csv", "\n".join(rows) + "\n")
    shown = coach("simulate", file, "-q").out
    assert "No score where less than 15% of what the signals weigh is known." in shown
    assert "likes: how many times those of a usual post with as many views" in shown
    assert "score:" not in shown
    found = json.loads(coach("simulate", file, "--suggest", "--format", "json", "-q").out)
    for post in found["posts"]:
        empty = ("signal_score", "interval", "possible", "rank", "rank_interval", "contributions")
        assert all(post[name] is None for name in empty)
        assert "reach" not in post
        assert post["compared_with_usual"]["like"] > 0
    assert found["feed"] is None
    assert found["suggestions"] == []
    assert coach("simulate", file, "--format", "csv", "-q").code == 0
    assert "No score" in coach("simulate", file, "--post", "1", "-q").out


def test_weights_are_a_profile_with_its_source(coach: Coach, tmp_path: Path) -> None:
    file = put(tmp_path / "posts.csv", PLAIN)
    run = ("simulate", file, "--viewers", "0", "-q", "--weights")
    found = json.loads(coach(*run, "x-2026", "--format", "json").out)["assumptions"]
    assert found["weights"] == "x-2026"
    assert found["evidence"]["comment"] == "x-2026"
    assert found["evidence"]["country"] == "assumed"
    assert {one["name"]: one["platform"] for one in found["profiles"]}["x-2026"] == "X"
    assert "another platform, X (2026-08-12)" in " ".join(coach(*run, "x-2026", "-v").out.split())
    # Of a plain list the values fitted to growth know next to nothing.
    assert "No score" in coach(*run, "fitted").out
    refused = coach(*run, "mine")
    assert refused.code == 2
    assert "no profile of values is called 'mine'" in refused.err


def test_what_was_measured_may_not_hold_for_an_account_in_the_us(coach: Coach, tmp_path: Path) -> None:
    rows = "".join(f"p{n},{1000 + n},{50 + n},{5 + n},{9 + n},{14}\n" for n in range(6))
    export = put(tmp_path / "posts.csv", f"post_id,views,likes,comments,shares,duration_s\n{rows}")

    def simulated(country: str, *more: str) -> str:
        put(tmp_path / "tiktok-coach.yaml", f"account: {{country: {country}}}\n")
        ran = coach("simulate", export, "--viewers", "50", "--runs", "2", "-q", *more)
        assert ran.code == 0, ran.err
        return " ".join(ran.out.split())

    said = "its recommender is retrained on US data: what was measured before, or elsewhere, may not hold there."
    assert said in simulated("US", "-v")
    assert said not in simulated("US"), "no noise on the first screen"
    assert said not in simulated("DK", "-v")
    assumptions = json.loads(simulated("US", "--format", "json"))["assumptions"]
    assert [said in limit for limit in assumptions["limits"]] == [True]
    assert (
        assumptions["baselines_source"]["source"]["as_of"],
        assumptions["baselines_source"]["source"]["url"][:8],
    ) == ("2026", "https://")


def test_own_values_in_the_config_and_an_audience_file(coach: Coach, bakery: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(bakery, tmp_path / "b")
    (folder / "tiktok-coach.yaml").write_text("signal_values: {like: 9}\n")
    result = json.loads(coach("simulate", folder, "--viewers", "0", "--format", "json", "-q").out)
    assert result["assumptions"]["values"]["like"] == 9
    (folder / "tiktok-coach.yaml").write_text("select: [T4]\nignore: [T403]\n")
    chosen = json.loads(coach("simulate", folder, "--viewers", "0", "--format", "json", "-q").out)
    # A rule that an audit leaves out still measures an exclusion.
    assert any("X401" in post["reasons"] for post in chosen["posts"])
    (folder / "tiktok-coach.yaml").write_text("signal_values: {country: 99}\n")
    assert "must be above that of country" in coach("simulate", folder, "--viewers", "0").err
    (folder / "tiktok-coach.yaml").unlink()
    audience = put(tmp_path / "audience.yaml", "stages: [{share: 0.5}, {share: 1}]\n")
    one = json.loads(
        coach(
            "simulate", folder, "--viewers", "100", "--runs", "2", "--audience", audience, "--format", "json", "-q"
        ).out
    )
    assert len(one["posts"][0]["reach"]["beyond_stage"]) == 2
    only = coach("simulate", folder, "--viewers", "0", "--account", "ovnkrogen", "-q")
    assert only.code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            PLAN.replace("hook_s", "hock_s"),
            r"plan.yaml:8: a planned post has no key 'video.hock_s'; did you mean hook_s?",
        ),
        (PLAN.replace("country: DK", "land: DK"), "plan.yaml:1: account: unknown key land"),
    ],
)
def test_a_faulty_plan_is_named_with_its_line(coach: Coach, tmp_path: Path, text: str, message: str) -> None:
    ran = coach("simulate", put(tmp_path / "plan.yaml", text))
    assert ran.code == 2
    assert message in ran.err


def test_a_plan_for_another_account_does_not_rename_an_exports(tmp_path: Path, bakery: Path) -> None:
    from tests.writing import read

    plan = put(tmp_path / "plan.yaml", PLAN.replace("ovnkrogen", "miller"))
    assert read(bakery, plan).accounts[0].country is None
    assert read(bakery, put(tmp_path / "own.yaml", PLAN)).accounts[0].country == "DK"


@pytest.mark.parametrize("width", ["60", "80", "100", "160"])
def test_tables_fit_the_terminal_and_always_name_the_post(
    coach: Coach, bakery: Path, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    for arguments in (
        ("simulate", bakery, "--viewers", "50", "--runs", "2", "--top", "5", "-q"),
        ("audit", bakery, "-q"),
    ):
        lines = coach(*arguments).out.splitlines()
        assert max(len(line) for line in lines) <= int(width)
        assert any("2026-0" in line for line in lines)
    assert any("Switch to a" in line for line in lines)


def test_progress_of_long_runs(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR")
    terminal = Terminal()
    with contextlib.redirect_stderr(terminal), contextlib.redirect_stdout(io.StringIO()):
        assert run(["simulate", str(bakery), "-q", "--viewers", "50", "--runs", "2"]) == 0
    assert "simulating: run 2 of 2" in terminal.getvalue()


def test_several_posts_with_one_ending_are_asked_for_in_full(coach: Coach, tmp_path: Path) -> None:
    file = put(tmp_path / "p.csv", "post_id,views,status\n11,5,published\n21,5,published\n1,5,published\n")
    assert coach("simulate", file, "--viewers", "0", "--post", "1", "-q").code == 0
    put(file, "post_id,views,status\n11,5,published\n21,5,published\n")
    assert "fits 2 posts" in coach("simulate", file, "--viewers", "0", "--post", "1", "-q").err
    with pytest.raises(CoachError):
        coach("simulate", file, "--viewers", "0", "--post", "1", "--debug")


def test_reach_is_in_views_and_held_against_the_accounts_own(coach: Coach, bakery: Path, tmp_path: Path) -> None:
    run = ("--viewers", "800", "--runs", "5", "-q")
    found = json.loads(coach("simulate", bakery, *run, "--format", "json").out)
    (check,) = found["feed"]
    assert check["posts"] > 100
    assert check["percentiles"] == [0.1, 0.5, 0.9]
    assert check["close"] == all(
        0.8 <= s / o <= 1.25 for s, o in zip(check["simulated_views"], check["own_views"], strict=True)
    )
    assert check["close"]
    assert {p["reach"]["unit"] for p in found["posts"]} == {"views"}
    shown = " ".join(coach("simulate", bakery, *run[:-1], "--verbose").out.split())
    assert "Reach is in views at" in shown
    assert "own / simulated views: 10% " in shown
    assert "own / simulated" not in coach("simulate", bakery, *run).out
    plan = put(tmp_path / "plan.yaml", PLAN)
    alone = json.loads(coach("simulate", plan, *run, "--format", "json").out)
    assert {p["reach"]["unit"] for p in alone["posts"]} == {"share of viewers"}
    assert alone["feed"] == []
    assert "reach is a share of the simulated viewers" in " ".join(coach("simulate", plan, *run[:-1], "-v").out.split())
    after = json.loads(coach("simulate", plan, "--history", bakery, *run, "--format", "json").out)
    assert not any("reach" in p for p in after["posts"]), "a planned post has one number of views"
    assert all(p["expected"]["views"] > 0 for p in after["posts"])
    told = coach("simulate", plan, "--history", bakery, *run, "--format", "markdown").out
    assert "views in 7 days (" in told
    rows = list(csv.DictReader(io.StringIO(coach("simulate", bakery, *run, "--format", "csv").out)))
    assert {r["reach_unit"] for r in rows} == {"views"}
