"""What a person sees first: an audit and a start fit on one screen, whatever was read, and speak plainly."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.conftest import Ran
from tests.words import banned_words
from tests.writing import content, content_row, put, quoted
from tiktok_coach.render.screen import LINES, tip_bar, wrapped
from tiktok_coach.rules.findings import TipScore

Coach = Callable[..., Ran]
TODAY = ("--today", "2026-11-25")
WIDTHS = (60, 80, 100, 120, 160)
CAPTIONS = (
    "Why does rye take so long? #foodtok #rye",
    "Two loaves, one dough 🥖🥖 and a very long story of how the starter came into this house in the first place #bread",
    "全粒粉のパンを焼きました #パン",
    "Oven day #rye",
)


def plain(path: Path, posts: int, handle: str = "baker") -> Path:
    """A Content.csv as TikTok Studio gives it, with so many posts."""
    first = dt.datetime(2026, 10, 30, 17, 5, 11, tzinfo=dt.UTC)
    rows = []
    for number in range(posts):
        day = first - dt.timedelta(days=2 * number, hours=number % 5)
        views = 900 + 173 * (number * 7 % 23)
        counts = (views // 15, number % 9, number % 4, views)
        rows.append(
            content_row(
                f"{day:%Y-%m-%dT%H:%M:%S}",
                day.date().isoformat(),
                "2026-11-02",
                CAPTIONS[number % len(CAPTIONS)],
                counts=counts,
                low=int.from_bytes(handle.encode()[-4:], "big") % 10**6 * 1000 + number,
                handle=handle,
            )
        )
    return put(path, content(rows))


@pytest.fixture(
    params=["1 post", "5 posts", "25 posts", "181 posts", "12 accounts", "planned", "example", "empty files"]
)
def export(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Exports of every size, a folder each."""
    name, folder = str(request.param), tmp_path / "exports"
    if name == "example":
        bakery: Path = request.getfixturevalue("bakery")
        return bakery
    if name == "12 accounts":
        for number in range(12):
            plain(folder / f"client{number}" / "Content.csv", 5 + number, f"client{number}")
    elif name == "planned":
        put(folder / "posts.csv", "post_id,status,posted_at,caption\np1,planned,2026-12-01T18:00Z,Oven day #rye\n")
    else:
        plain(folder / "Content.csv", 25 if name == "empty files" else int(name.split()[0]))
    if name == "empty files":
        put(folder / "FollowerGender.csv", quoted(("Gender", "Distribution"), []))
        put(folder / "FollowerActivity.csv", quoted(("Date", "Hour", "Active followers"), []))
    return folder


@pytest.mark.parametrize("language", ["en", "da"])
def test_an_audit_fits_on_a_screen_and_speaks_plainly(
    coach: Coach, export: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ran = coach("--lang", language, "audit", export, "-q", *TODAY)
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert 3 <= len(lines) <= LINES
    assert max(map(cell_len, lines)) <= 80
    assert banned_words(ran.out, language) == []


def test_no_line_is_wider_than_the_terminal(coach: Coach, export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in WIDTHS:
        monkeypatch.setenv("COLUMNS", str(width))
        lines = coach("audit", export, "-q", *TODAY).out.splitlines()
        assert max(map(cell_len, lines)) <= width
        assert len(lines) <= LINES


def test_a_start_is_one_screen_too(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    plain(tmp_path / "mine" / "Content.csv", 25)
    lines = coach("start", "mine", *TODAY).out.splitlines()
    assert len(lines) <= LINES
    assert max(map(cell_len, lines)) <= 80
    assert lines[-2:] == ["Next: tiktok-coach report mine -o report.html", "All of it: tiktok-coach audit mine --full"]


def test_a_plain_download_says_what_to_do_where_and_what_it_is_worth(coach: Coach, tmp_path: Path) -> None:
    plain(tmp_path / "Content.csv", 25)
    out = coach("audit", "Content.csv", "-q", *TODAY).out
    assert out.startswith("@baker  25 posts  2026-09-12 to 2026-10-30\n28 days to 2026-11-02: ")
    views = [
        int(count.replace(",", "")) for count in re.findall(r"^(?:Most viewed| +)  ([\d,]+)  2026", out, re.MULTILINE)
    ]
    assert views == sorted(views, reverse=True)
    assert max(views) == 900 + 173 * 22
    assert re.search(r"^1\. \S.*\n   \d+ of your 25 posts don't\.(.*\n)+?   As here: 2026", out, re.MULTILINE)
    assert len(re.findall(r"^[1-9] [A-Z]\w+.* (?:█|▒|·)+ +[a-z ]+$", out, re.MULTILINE)) == 9
    assert "More would tell: what TikTok Studio's pages show (tiktok-coach capture guide)" in out


def test_the_rest_is_a_flag_away_and_each_part_has_a_name(coach: Coach, tmp_path: Path) -> None:
    plain(tmp_path / "Content.csv", 25)
    full = coach("audit", "Content.csv", "-q", "--full", *TODAY).out
    headings = {"changes": "Do next", "posts": "Most viewed", "tips": "The nine tips", "missing": "What more"}
    for name, heading in headings.items():
        shown = coach("audit", "Content.csv", "-q", "--show", name, *TODAY).out
        assert heading in full
        assert [other for other in headings.values() if other in shown] == [heading]
    both = coach("audit", "Content.csv", "-q", "--show", "missing,changes", *TODAY).out
    assert both.index("What more") < both.index("Do next")
    refused = coach("audit", "Content.csv", "--show", "tip")
    assert (refused.code, refused.out) == (2, "")
    assert "--show 'tip' is not known; use one of tips, changes, posts, missing" in refused.err


def test_a_file_that_is_empty_is_no_change(coach: Coach, tmp_path: Path) -> None:
    plain(tmp_path / "e" / "Content.csv", 25)
    put(tmp_path / "e" / "FollowerGender.csv", quoted(("Gender", "Distribution"), []))
    out = coach("audit", "e", "-q", "--top", "50", *TODAY).out
    assert "T103" not in out
    for shown in (out, coach("audit", "e", "-q", "--show", "missing", *TODAY).out):
        assert "TikTok fills them from 100 followers on." in " ".join(shown.split())


@pytest.mark.parametrize(
    ("score", "coverage", "bar"),
    [
        (None, 0.0, "··········"),
        (100.0, 0.05, "█·········"),
        (100.0, 1.0, "██████████"),
        (0.0, 0.02, "▒·········"),
        (50.0, 1.0, "█████▒▒▒▒▒"),
        (98.0, 1.0, "█████████▒"),
        (50.0, 0.4, "██▒▒······"),
    ],
)
def test_a_bar_is_as_full_as_what_is_known(score: float | None, coverage: float, bar: str) -> None:
    assert tip_bar(TipScore(4, "4", "Caption", score, coverage, {}), 10).plain == bar
    assert tip_bar(TipScore(4, "4", "Caption", score, coverage, {}), 0).plain == ""


def test_a_handle_with_a_control_code_is_harmless_in_the_next_command(coach: Coach, tmp_path: Path) -> None:
    rows = "".join(
        f"{handle}{n},{handle},2026-06-{n + 1:02d},{100 + n}\n" for handle in ("a\x13b", "c") for n in range(9)
    )
    put(tmp_path / "two.csv", f"post_id,account,posted_at,views\n{rows}")
    out = coach("audit", "two.csv", "-q", *TODAY).out
    assert "Next: tiktok-coach audit two.csv --account " in out
    assert "\x13" not in out


def test_words_are_never_cut() -> None:
    text = "Rye bread with a very long crust, baked on a stone"
    for width in range(12, 60):
        lines = [line.plain for line in wrapped(text, width, 2)]
        assert all(cell_len(line) <= width for line in lines)
        words = re.findall(r"\w+", text)
        assert all(word in words for line in lines for word in re.findall(r"\w+", line))


def test_the_example_has_its_numbers_beside_the_period_before_and_public_posts(coach: Coach, bakery: Path) -> None:
    text = " ".join(coach("audit", bakery, "-q").out.split())
    assert re.search(r"[\d.]+% likes per view \(-0\.\d pp\), more than \d+% of similar public posts", text)
    assert re.search(r"followers \(\+\d+\)", text)
    assert re.search(r"More would tell: a file of your own notes for more posts \(\d+ checks", text)


def test_the_next_commands_are_of_the_account_and_the_period_that_were_chosen(coach: Coach, tmp_path: Path) -> None:
    plain(tmp_path / "two" / "one" / "Content.csv", 25)
    plain(tmp_path / "two" / "other" / "Content.csv", 25, "miller")
    out = coach("audit", "two", "--account", "miller", "--last", "3m", "-q", *TODAY).out
    assert "\nNext: tiktok-coach report two --account miller --last 3m -o report.html\n" in out
    assert out.endswith("\nAll of it: tiktok-coach audit two --account miller --last 3m --full\n")
    assert coach("audit", "two", "--last", "3m", "-q", *TODAY).out.count(" two --last 3m --account ") == 1


def test_the_timezone_of_hours_is_said_where_nobody_gave_it(coach: Coach, bakery: Path) -> None:
    told = "Hours are those of Europe/Copenhagen; --timezone changes that."
    assert told in coach("audit", bakery, "-q").out
    assert told not in coach("audit", bakery, "-q", "--timezone", "Europe/Copenhagen").out
    assert told not in coach("audit", bakery, "-q", "--top", "1").out, "the first is not about hours"
    assert "(Europe/Copenhagen; --timezone changes it)" in " ".join(coach("times", bakery, "-q").out.split())


def test_an_account_that_went_silent_is_said_to_have(coach: Coach, tmp_path: Path) -> None:
    rows = "".join(f"p{n},baker,2026-06-{n + 1:02d},{100 + n},2026-09-01\n" for n in range(12))
    put(tmp_path / "one.csv", f"post_id,account,posted_at,views,metrics_at\n{rows}")
    assert "\nNo new post since 2026-06-12.\n" in coach("audit", "one.csv", "-q", *TODAY).out


def test_a_tip_is_graded_by_its_rules_on_the_screen_and_in_tips_alike(coach: Coach, tmp_path: Path) -> None:
    plain(tmp_path / "Content.csv", 25)
    graded = {one["tip"]: one for one in json.loads(coach("tips", "--json").out)["tips"]}
    assert graded[7]["grade"] == "supported in part"
    assert "supported" in {rule["grade"] for rule in graded[7]["rules"]}
    out = coach("audit", "Content.csv", "-q", *TODAY).out
    for number, tip in graded.items():
        assert re.search(rf"^{number} [A-Z].*  {tip['grade']}$", out, re.MULTILINE)


def test_posts_that_are_planned_alone_go_to_lint_next(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "p" / "posts.csv", "post_id,status,posted_at,caption\np1,planned,2026-12-01T18:00Z,Oven day\n")
    out = coach("audit", "p", "--until", "2026-12-31", "-q", *TODAY).out
    assert "\nNext: tiktok-coach lint p\n" in out
    assert "For instance" not in out
