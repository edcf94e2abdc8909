"""why: what happened to a post, and whether it was the post, the account or chance."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import tiktok_coach as tc
from benchmarks.why import DROP, FAILURE, World, judge
from tests.conftest import Ran
from tests.writing import content, content_row, put

Coach = Callable[..., Ran]
NEWEST = pd.Timestamp("2026-11-18 17:00")


def posts(
    count: int, *, views: float = 2000, drop: int = 0, failing: int | None = None, handle: str = "baker", seed: int = 1
) -> bytes:
    """A Content.csv: a post every two days; the last `drop` get a fifth, the `failing`-th last one a sixtieth."""
    rng, rows = np.random.default_rng(seed), []
    for n in range(count):
        at = NEWEST - pd.Timedelta(days=2 * (count - 1 - n), hours=int(rng.integers(9)))
        got = views * np.exp(rng.normal(0, 0.6))
        got *= 1 / 5 if n >= count - drop else 1
        got *= 1 / 60 if n == count - 1 - (failing if failing is not None else count) else 1
        caption = f"Rye bread number {n} #baking"
        counts = (int(got * 0.05), int(got * 0.004), int(got * 0.003), int(got))
        rows.append(content_row(str(at), str(at.date()), "2026-11-22", caption, counts=counts, low=n, handle=handle))
    return content(rows)


def answered(coach: Coach, *arguments: str | Path) -> dict[str, Any]:
    ran = coach("why", *arguments, "-q", "--format", "json", "--today", "2026-11-23")
    assert ran.code == 0, ran.err
    facts: dict[str, Any] = json.loads(ran.out)
    return facts


def shown(coach: Coach, monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> list[str]:
    """The lines of the page, which fits a terminal of 80 columns and 40 lines."""
    monkeypatch.setenv("COLUMNS", "80")
    ran = coach("why", *arguments, "-q", "--today", "2026-11-23")
    assert ran.code == 0, ran.err
    lines = [line.rstrip() for line in ran.out.splitlines()]
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 38
    return lines


def test_nothing_unusual_is_said_first(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "Content.csv", posts(25))
    lines = shown(coach, monkeypatch, "Content.csv")
    assert lines[0] == "What happened to your posts? @baker"
    assert lines[1] == "Nothing unusual: your 5 newest posts got about as many views as expected."
    assert lines[2] == "Your usual views did not clearly move within your 25 newest posts."
    assert sum(line.endswith(("…", "#baking")) for line in lines) == 5


def test_one_post_that_failed_is_named_alone(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "Content.csv", posts(40, failing=1))
    lines = shown(coach, monkeypatch, "Content.csv")
    assert lines[1] == "1 of your 5 newest posts got far fewer views than expected."
    assert "Rye bread number 38" in "\n".join(lines)
    [account] = answered(coach, "Content.csv")["accounts"]
    assert account["causes"] == ["post_got_fewer"]
    [post] = account["explained"]
    assert post["place"] == "fewer"
    assert post["share_below"] < 0.0025
    assert post["interval"][0] > post["views"]
    assert account["level"]["recent"] is None


def test_a_fall_of_all_posts_is_no_matter_of_one(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "Content.csv", posts(50, drop=14))
    lines = shown(coach, monkeypatch, "Content.csv")
    assert lines[1] == "Your posts in general get fewer views."
    [account] = answered(coach, "Content.csv")["accounts"]
    recent = account["level"]["recent"]
    assert account["causes"] == ["level_fell"]
    assert recent["between"][0] <= "2026-10-23" <= recent["between"][1][:10]
    assert recent["interval"][0] < 0.2 < recent["interval"][1] < 0.6
    # The fall is no sign by itself: it has many reasons, and no capture says where views come from.
    assert "Are you shadowbanned? These files cannot tell." in lines
    assert {s["sign"]: s["shown"] for s in account["signs"]}["level"] is True
    newest = answered(coach, "Content.csv", "--post", account["newest"][0]["post_id"])["accounts"][0]
    assert newest["causes"] == ["level_fell"], "the post itself is as usual since"


def test_a_post_before_the_fall_is_not_explained_by_it(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "Content.csv", posts(50, drop=14))
    early = tc.load(tmp_path / "Content.csv").posts.sort_values("posted_at")["post_id"].iloc[-30]
    [account] = answered(coach, "Content.csv", "--post", early)["accounts"]
    assert account["causes"] == ["nothing_unusual"]
    assert account["level"]["recent"] is None
    assert account["level"]["moves"], "it is in the answer all the same"
    assert "Your usual views only moved later, about 2026-10-" in coach("why", "Content.csv", "-q", "--post", early).out


def steps(*levels: tuple[int, float], seed: int = 1) -> str:
    """A sheet of posts every other day: so many with about so many views, and then so many with others."""
    rng = np.random.default_rng(seed)
    return sheet([views * np.exp(rng.normal(0, 0.4)) for count, views in levels for _one in range(count)])


def test_of_several_moves_the_one_before_the_post_counts(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "posts.csv", steps((25, 4000), (25, 500), (25, 4000)))
    for post, cause, move in (("p35", "level_fell", "2026-09-20"), ("p60", "level_rose", "2026-11-09")):
        [account] = answered(coach, "posts.csv", "--post", post)["accounts"]
        assert account["causes"] == [cause]
        first, last = account["level"]["recent"]["between"]
        assert first[:10] <= move <= last[:10]
    page = " ".join(coach("why", "posts.csv", "-q", "--post", "p35").out.split())
    assert "Your posts in general got fewer views then, not this one alone. From about 2026-09-" in page
    assert re.search(r" to about 2026-1\d-\d\d your posts got 0\.\d+ times the views", page)


def test_between_two_moves_of_long_ago_and_later_nothing_moved(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "posts.csv", steps((12, 500), (66, 6000), (15, 500)))
    page = " ".join(coach("why", "posts.csv", "-q", "--post", "p72").out.split())
    assert re.search(r"views did not clearly move from about 2026-08-\d\d to about 2027-01-\d\d\.", page)


def test_a_post_that_went_the_other_way_is_not_explained_by_all_posts(coach: Coach, tmp_path: Path) -> None:
    for views, causes, said in (
        (1500, ["level_fell"], "Your posts in general get fewer views, not this one alone."),
        (
            3000,
            ["nothing_unusual"],
            "Nothing clearly unusual: this post got more views than expected, which could be chance.",
        ),
        (4600, ["post_got_more"], "This post got clearly more views than expected; your posts in general did not."),
    ):
        put(tmp_path / "posts.csv", steps((40, 3500), (30, 1500)) + f"p70,2026-12-19,Rye,{views}\n")
        [account] = answered(coach, "posts.csv", "--post", "p70")["accounts"]
        assert account["causes"] == causes
        assert account["level"]["recent"]["interval"][1] < 1, "it is in the answer all the same"
        assert headline(coach, "posts.csv", "--post", "p70") == said


def test_a_post_of_unknown_views_is_not_explained_by_all_posts(coach: Coach, tmp_path: Path) -> None:
    text = steps((25, 4000), (20, 500))
    put(tmp_path / "posts.csv", re.sub(r"(Rye 40),\d+", r"\1,", text))
    assert headline(coach, "posts.csv", "--post", "p40") == "Cannot tell: the views of this post are not known."


def test_the_headline_says_no_more_than_the_figure_below_it(coach: Coach, tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    usual = (2000 * np.exp(rng.normal(0, 0.5, 39))).tolist()
    for views, expected in {
        2000: "Nothing unusual: this post got about as many views as expected.",
        900: "Nothing clearly unusual: this post got fewer views than expected, which could be chance.",
        5000: "Nothing clearly unusual: this post got more views than expected, which could be chance.",
    }.items():
        put(tmp_path / "posts.csv", sheet([*usual, views]))
        assert headline(coach, "posts.csv", "--post", "p39") == expected
    put(tmp_path / "posts.csv", sheet([*usual, 700]))
    [account] = answered(coach, "posts.csv")["accounts"]
    assert account["causes"] == ["nothing_unusual"]
    page = " ".join(coach("why", "posts.csv", "-q").out.split())
    assert (
        f"one post is far from expected, which by chance alone happens on {account['by_chance']:.0%} of accounts."
        in page
    )


def test_a_move_of_long_ago_explains_nothing_of_today(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "Content.csv", posts(90, drop=60))
    [account] = answered(coach, "Content.csv")["accounts"]
    assert account["causes"] == ["nothing_unusual"]
    assert "Your usual views did not clearly move since about 2026-07-" in coach("why", "Content.csv", "-q").out


@pytest.mark.parametrize(("drop", "moved"), [(0, 0), (15, 1)])
def test_other_accounts_are_a_control(coach: Coach, tmp_path: Path, drop: int, moved: int) -> None:
    put(tmp_path / "a" / "Content.csv", posts(50, drop=14))
    put(tmp_path / "b" / "Content.csv", posts(45, drop=drop, handle="miller", seed=6))
    [account] = answered(coach, "a", "b", "--account", "baker")["accounts"]
    control = account["level"]["control"]
    assert [control["accounts"], control["moved"]] == [1, moved]
    said = "Your other account moved too" if moved else "Your other account did not move then"
    assert said in " ".join(coach("why", "a", "b", "--account", "baker", "-q").out.split())


def test_of_several_accounts_what_happened_comes_first(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, handle in enumerate(("baker", "miller", "butcher")):
        put(tmp_path / handle / "Content.csv", posts(45, drop=14 * (place == 1), handle=handle, seed=place))
    lines = shown(coach, monkeypatch, "baker", "miller", "butcher")
    assert lines[0] == "What happened to your posts?"
    assert "Nothing unusual on 2 accounts." in lines
    assert lines[lines.index("@miller") + 1] == "Your posts in general get fewer views."
    accounts = answered(coach, "baker", "miller", "butcher")["accounts"]
    assert [one["causes"][0] for one in accounts] == ["level_fell", "nothing_unusual", "nothing_unusual"]


def test_few_posts_say_how_many_it_takes(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "Content.csv", posts(5))
    needed = "Cannot tell yet: it takes {} with a date and at least 1 view."
    assert shown(coach, monkeypatch, "Content.csv")[1] == needed.format("7 more posts")
    put(tmp_path / "Content.csv", posts(11))
    assert shown(coach, monkeypatch, "Content.csv")[1] == needed.format("1 more post")


def test_a_capture_says_where_views_came_from_and_when_they_stopped(
    coach: Coach, bakery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = "7700592303800631314"
    lines = "\n".join(shown(coach, monkeypatch, bakery, "--post", post[-9:]))
    for text in ("From For You: ", "Still watching at 3 seconds: ", "First 3 hours: ", "views hour by hour"):
        assert text in lines
    [explained] = answered(coach, bakery, "--post", post)["accounts"][0]["explained"]
    assert [one["name"] for one in explained["insights"]] == [
        *("traffic_for_you", "retention_3s", "retention_half", "completion_rate")
    ]
    hours = explained["hours"]
    assert hours["posts"] > 100
    assert 1 <= hours["stop"] <= 48


def test_a_post_that_for_you_shows_little_of_has_a_sign(coach: Coach, tmp_path: Path) -> None:
    rng, lines = np.random.default_rng(4), ["post_id,account,posted_at,metrics_at,caption,views,traffic_for_you"]
    for n in range(30):
        at, views, share = NEWEST - pd.Timedelta(days=29 - n), 2000 * np.exp(rng.normal(0, 0.5)), 0.7
        if n == 28:
            views, share = views / 80, 0.02
        row = f"p{n},baker,{at.isoformat()}Z,2026-11-22T09:00Z,Rye {n},{views:.0f},{share}"
        lines.append(row)
    put(tmp_path / "posts.csv", "\n".join(lines) + "\n")
    [account] = answered(coach, "posts.csv")["accounts"]
    assert account["causes"] == ["post_got_fewer"]
    assert {s["sign"]: s["shown"] for s in account["signs"]} == {
        "for_you": True,
        "stopped": None,
        "level": False,
        "excluded": None,
    }
    assert "Are you shadowbanned? Some signs show; other reasons can show them too." in coach("why", "posts.csv").out


def test_a_young_post_is_too_early(coach: Coach, tmp_path: Path) -> None:
    rows = [f"p{n},2026-11-{n + 1:02d}T09:00Z,2026-11-21T12:00Z,Rye {n},{900 + n}" for n in range(21)]
    put(tmp_path / "posts.csv", "post_id,posted_at,metrics_at,caption,views\n" + "\n".join(rows) + "\n")
    out = coach("why", "posts.csv", "-q", "--post", "p20").out
    assert "Too early: this post is less than a day old." in out


def test_a_period_is_looked_at_whole_beside_all_posts_before(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "Content.csv", posts(40, failing=8))
    assert answered(coach, "Content.csv")["accounts"][0]["causes"] == ["nothing_unusual"]
    [account] = answered(coach, "Content.csv", "--last", "28d")["accounts"]
    assert len(account["newest"]) == 12
    assert account["causes"] == ["post_got_fewer"]
    [then] = answered(coach, "Content.csv", "--until", "2026-11-03")["accounts"]
    assert [then["causes"], len(then["newest"])] == [["post_got_fewer"], 5]
    [before] = answered(coach, "Content.csv", "--until", "2026-10-31")["accounts"]
    assert before["causes"] == ["nothing_unusual"]


def test_an_account_whose_posts_stopped_is_named(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        content_row(f"2026-09-{n + 1:02d}T09:00", f"2026-09-{n + 1:02d}", "2026-10-25", f"Rye {n}", low=n)
        for n in range(30)
    ]
    put(tmp_path / "a" / "Content.csv", content(rows))
    put(tmp_path / "b" / "Content.csv", posts(25, handle="miller", seed=6))
    page = shown(coach, monkeypatch, "a")
    assert page[1] == "No new post since 2026-09-30."
    assert "You usually post every day, and your files go up to 2026-10-25." in " ".join(page)
    [account] = answered(coach, "a")["accounts"]
    assert account["causes"] == ["no_new_posts"]
    assert account["silence"] == {"since": "2026-09-30", "until": "2026-10-25", "usual_days": 1}
    both = answered(coach, "a", "b")["accounts"]
    assert [(one["account"], one["causes"][0]) for one in both] == [
        ("baker", "no_new_posts"),
        ("miller", "nothing_unusual"),
    ]
    assert both[0]["silence"]["until"] == "2026-11-22", "the newest day of all files"
    assert "no new post since 2026-09-30" in coach("why", "a", "b", "-q").out
    assert answered(coach, "a", "--until", "2026-10-10")["accounts"][0]["silence"] is None, "ten days are no long time"
    assert answered(coach, "a", "--post", "2026-09-20")["accounts"][0]["causes"] == ["nothing_unusual"]


def test_a_gap_that_is_usual_for_the_account_is_no_end_of_its_posts(coach: Coach, tmp_path: Path) -> None:
    days = pd.date_range("2025-01-01", periods=30, freq="21D")
    rows = [f"p{n},{day:%Y-%m-%d},2026-10-20,Rye,{2000 + 50 * (n % 7)}" for n, day in enumerate(days)]
    put(tmp_path / "posts.csv", "post_id,posted_at,metrics_at,caption,views\n" + "\n".join(rows) + "\n")
    assert f"{days[-1]:%Y-%m-%d}" == "2026-09-02"
    assert answered(coach, "posts.csv")["accounts"][0]["silence"] is None


def sheet(views: list[float]) -> str:
    """Posts every other day, of which nobody says when they were counted."""
    days = pd.date_range("2026-08-01", periods=len(views), freq="2D").strftime("%Y-%m-%d")
    rows = [f"p{n},{day},Rye {n},{got:.0f}" for n, (day, got) in enumerate(zip(days, views, strict=True))]
    return "post_id,posted_at,caption,views\n" + "\n".join(rows) + "\n"


def test_a_post_without_a_single_view_is_no_unknown_one(coach: Coach, tmp_path: Path) -> None:
    views = (2000 * np.exp(np.random.default_rng(1).normal(0, 0.5, 40))).tolist()
    put(tmp_path / "posts.csv", sheet([*views[:-2], 0, views[-1]]))
    [account] = answered(coach, "posts.csv")["accounts"]
    assert account["causes"] == ["post_got_fewer"]
    assert [account["explained"][0][name] for name in ("post_id", "views", "age_days")] == ["p38", 0, None]
    assert "0 views; expected " in coach("why", "posts.csv", "-q").out


def test_posts_of_which_none_has_a_view_tell_nothing(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "posts.csv", sheet([0] * 40))
    assert answered(coach, "posts.csv")["accounts"][0]["causes"] == ["too_few_posts"]


def test_a_hit_is_no_matter_of_a_shadowban(coach: Coach, tmp_path: Path) -> None:
    views = (2000 * np.exp(np.random.default_rng(1).normal(0, 0.5, 40))).tolist()
    put(tmp_path / "posts.csv", sheet([*views[:-2], 900_000, views[-1]]))
    out = coach("why", "posts.csv", "-q").out
    assert "1 of your 5 newest posts got far more views than expected." in out
    assert "almost none of your posts gets more" in out
    assert "shadowban" not in out


def test_of_the_first_posts_there_is_nothing_to_expect(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "posts.csv", sheet([0 if n == 2 else 2000.0 + n for n in range(30)]))
    assert headline(coach, "posts.csv", "--post", "p2") == "Cannot tell: too few posts came before this one."


def headline(coach: Coach, *arguments: str) -> str:
    return coach("why", *arguments, "-q").out.splitlines()[1].strip()


def test_a_post_without_a_place_says_what_is_missing(coach: Coach, tmp_path: Path) -> None:
    rows = [f"p{n},2026-08-{n + 1:02d},2026-11-20,Rye {n},{2000 + n}" for n in range(30)]
    rows[20] = "p20,2026-08-21,2026-11-20,Rye 20,"
    rows[21] = "p21,,2026-11-20,Rye 21,2021"
    rows[22] = "p22,2026-08-23,,Rye 22,2022"
    rows[23] = "p23,2026-08-24,2026-08-22,Rye 23,0"
    put(tmp_path / "posts.csv", "post_id,posted_at,metrics_at,caption,views\n" + "\n".join(rows) + "\n")
    for post, reason in {
        "p20": "the views of this post are not known.",
        "p21": "the date of this post is not known.",
        "p22": "it is not known when the views of this post were counted.",
        "p23": "the views of this post were counted before its date.",
        "p3": "too few posts came before this one.",
    }.items():
        assert headline(coach, "posts.csv", "--post", post) == f"Cannot tell: {reason}"
    assert answered(coach, "posts.csv", "--post", "p23")["accounts"][0]["explained"][0]["missing"] == "later_count"


def test_posts_that_are_not_there_or_not_out(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "Content.csv", posts(25))
    ran = coach("why", "Content.csv", "--post", "xyz")
    assert (ran.code, "--post 'xyz' fits no post" in ran.err) == (2, True)
    ran = coach("why", "Content.csv", "--account", "miller")
    assert (ran.code, "no posts of account 'miller'" in ran.err) == (2, True)
    rows = [f"p{n},2026-11-{n + 1:02d}T09:00Z,published,Rye,900" for n in range(14)]
    rows.append("p99,2026-12-01T09:00Z,planned,Rye,")
    put(tmp_path / "plan.csv", "post_id,posted_at,status,caption,views\n" + "\n".join(rows) + "\n")
    ran = coach("why", "plan.csv", "--post", "p99", "--today", "2026-11-23")
    assert (ran.code, "is not out yet" in ran.err) == (2, True)


def test_a_post_is_named_by_the_end_of_its_id_its_day_or_its_caption(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "posts.csv", sheet([2000.0 + n for n in range(30)]) + "q30,2026-09-28,Wheat\tor rye,1900\n")
    for post, post_id in {"29": "p29", "2026-09-26": "p28", "wheat OR": "q30", "Wheat or…": "q30"}.items():
        assert answered(coach, "posts.csv", "--post", post)["post_id"] == post_id


@pytest.mark.parametrize("command", ["why", "audit", "simulate"])
def test_the_day_of_a_post_is_that_of_its_accounts_clock(coach: Coach, tmp_path: Path, command: str) -> None:
    put(tmp_path / "posts.csv", sheet([2000.0] * 30) + "q30,2026-09-27T21:00:00Z,Wheat,1900\n")

    def named(day: str, zone: str) -> str:
        return coach(command, "posts.csv", "--post", day, "--timezone", zone, "--today", "2026-11-23").err

    assert "fits 2 posts; give the end of the id of one: p29 (2026-09-28 Rye 29), q30 (2026-09-28 Wheat)" in named(
        "2026-09-28", "Pacific/Auckland"
    )
    assert "fits" not in named("2026-09-28", "Europe/Copenhagen")
    assert "fits" not in named("2026-09-27", "Europe/Copenhagen")


def test_a_post_that_is_no_text_fits_none(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "posts.csv", sheet([2000.0] * 5))
    assert "error: --post '\ufffd' fits no post" in coach("audit", "posts.csv", "--post", "\udcff").err


def test_a_post_that_is_unclear_lists_those_that_may_be_meant(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "posts.csv", sheet([2000.0 + n for n in range(30)]) + "q30,2026-09-28,Wheat,1900\n")
    for post, problem in {
        "2026-09-28": "fits 2 posts; give the end of the id of one: p29 (2026-09-28 Rye 29), q30 (2026-09-28 Wheat)",
        "Rye 2": "fits 11 posts; give the end of the id of one: p2 (2026-08-05 Rye 2), ",
        "2026-09-11": "fits no post; give the end of its id, its day (2026-01-31) or how its caption begins, such as: "
        "p21 (2026-09-12 Rye 21), p20 (2026-09-10 Rye 20), ",
        "weat": "begins, such as: q30 (2026-09-28 Wheat)\n",
        "2026-13-45": "begins, such as: q30 (2026-09-28 Wheat), ",
    }.items():
        ran = coach("why", "posts.csv", "--post", post)
        assert (ran.code, problem in ran.err) == (2, True), ran.err


def test_a_post_is_looked_for_in_the_account_that_is_named(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "a" / "Content.csv", posts(25))
    put(tmp_path / "b" / "Content.csv", posts(25, handle="miller", seed=6))
    baker, miller = (set(tc.load(tmp_path / one / "Content.csv").posts["post_id"]) for one in "ab")
    post = min(miller - baker)
    assert answered(coach, "a", "b", "--post", post)["accounts"][0]["account"] == "miller"
    assert answered(coach, "a", "b", "--post", post, "--account", "miller")["post_id"] == post
    ran = coach("why", "a", "b", "--post", post, "--account", "baker")
    assert (ran.code, "fits no post" in ran.err) == (2, True)


def test_what_is_listed_says_what_to_type_for_a_post(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "Content.csv", posts(25))
    [newest] = [line for line in coach("why", "Content.csv", "-q").out.splitlines() if "Rye bread number 24" in line]
    [typed] = [word for word in newest.split() if word.isdigit() and len(word) in {4, 6}]
    assert answered(coach, "Content.csv", "--post", typed)["accounts"][0]["explained"][0]["caption"].startswith(
        "Rye bread number 24"
    )
    put(tmp_path / "Content.csv", posts(40, failing=1))
    page = coach("why", "Content.csv", "-q").out
    typed = page.split("--post ")[1].split()[0]
    assert "number 38" in answered(coach, "Content.csv", "--post", typed)["accounts"][0]["explained"][0]["caption"]


def test_markdown_and_the_python_door_say_the_same(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "Content.csv", posts(40, failing=1))
    text = coach("why", "Content.csv", "-q", "--format", "markdown").out
    answer = tc.why(tc.load(tmp_path / "Content.csv"))
    assert str(answer) == text
    assert text.startswith("# What happened to your posts?")
    assert answer.to_frame()["place"].tolist().count("fewer") == 1


@pytest.mark.parametrize(("world", "least"), [(World(), 0.9), (World(failure=FAILURE), 0.75), (World(drop=DROP), 0.75)])
def test_generated_accounts_get_their_cause_named(world: World, least: float) -> None:
    """A small draw of what benchmarks/why.py prints in full."""
    assert judge([5], 12, world)[0] >= least
