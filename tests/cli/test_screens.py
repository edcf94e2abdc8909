"""What the studies print by default: an answer first, in everyday words, on one screen, at every width."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.conftest import Ran
from tests.words import banned_words
from tests.writing import content, content_row, put

Coach = Callable[..., Ran]
STUDIES = {
    "backtest": ("backtest",),
    "evidence": ("evidence",),
    "experiment": ("experiment", "design", "--rule", "T403"),
    "simulate": ("simulate", "--viewers", "50", "--runs", "2"),
    "times": ("times",),
}
# What else is printed by default, without the inputs that the studies end with.
OTHERS = {
    "audit": ("audit", "{inputs}"),
    "capture guide": ("capture", "guide"),
    "compare": ("compare", "{inputs}", "--before", "2026-02-01"),
    "lint": ("lint", "plan.yaml", "--history", "{inputs}"),
    "plan": ("plan", "new", "--history", "{inputs}", "--timezone", "Europe/Copenhagen"),
    "rule": ("rule", "T403"),
    "rules": ("rules",),
    "start": ("start", "{inputs}"),
    "tips": ("tips", "{inputs}"),
    "why": ("why", "{inputs}"),
}
# A line of a plan is as long as it is.
YAML = re.compile(r"^(?:# |\s*- |account:)")
PLAN = """\
account: {handle: "@baker", timezone: Europe/Copenhagen, subcultures: [foodtok]}
posts:
  - publish_at: 2026-12-01 03:30
    caption: "Can you guess the flour in this loaf? #foodtok #FoodTok"
    video: {file: loaf.mp4, duration_s: 4, width: 1920, height: 1080, hook_s: 5.5}
"""
CAPTIONS = ("Rye bread #baking", "Can you guess the flour? #sourdough", "Cinnamon buns in 15 seconds #fyp")


def plain_posts(folder: Path, count: int) -> Path:
    """Studio's Content.csv of so many posts, and nothing else."""
    rows = [
        content_row(
            f"2026-{1 + n // 14:02d}-{1 + 2 * (n % 14):02d}T{(7, 12, 18, 20)[n % 4]:02d}:30:10",
            f"2026-{1 + n // 14:02d}-{1 + 2 * (n % 14):02d}",
            "2026-11-20",
            CAPTIONS[n % 3],
            counts=(20 + 7 * (n % 5), n % 4, n % 3, 300 + 97 * (n % 7)),
            low=n + 1,
        )
        for n in range(count)
    ]
    return put(folder / "Content.csv", content(rows))


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("study", STUDIES)
def test_an_answer_fits_one_screen_in_everyday_words(
    coach: Coach, bakery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, study: str, language: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for inputs in (bakery, plain_posts(tmp_path, 25)):
        command = (*STUDIES[study], inputs, "--timezone", "UTC", "--today", "2026-11-23", "--lang", language, "-q")
        shown = coach(*command)
        assert shown.code == 0, shown.err
        lines = shown.out.splitlines()
        assert len(lines) <= 40
        assert max(cell_len(line.rstrip()) for line in lines) <= 80
        assert lines[1].rstrip()
        assert banned_words(shown.out, language) == []


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("command", OTHERS)
def test_every_default_output_speaks_in_everyday_words_within_the_width(
    coach: Coach, bakery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, language: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    put(tmp_path / "plan.yaml", PLAN)
    shutil.copytree(bakery, tmp_path / "bakery")
    plain_posts(tmp_path / "plain", 25)
    for inputs in ("bakery", "plain"):
        words = [word.format(inputs=inputs) for word in OTHERS[command]]
        shown = coach(*words, "--lang", language)
        assert shown.code in {0, 1}, shown.err
        assert max(cell_len(line.rstrip()) for line in shown.out.splitlines() if not YAML.search(line)) <= 80
        assert banned_words(shown.out + shown.err, language) == []
        if command in ("audit", "start"):
            assert len(shown.out.splitlines()) <= 30


def test_the_week_is_whole_on_a_narrow_terminal(coach: Coach, bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for width, head in (
        ("60", "00  02  04  06  08  10  12  14  16  18  20  22"),
        ("80", " ".join(f"{h:02d}" for h in range(24))),
    ):
        monkeypatch.setenv("COLUMNS", width)
        shown = coach("times", bakery, "--today", "2026-11-23", "-q").out
        assert head in shown
        assert shown.count("[") == 6, "five best hours and the legend"


@pytest.mark.parametrize("width", [60, 80, 110, 160])
@pytest.mark.parametrize("study", STUDIES)
def test_every_width_has_room_for_all_of_a_line(
    coach: Coach, bakery: Path, monkeypatch: pytest.MonkeyPatch, study: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    # The longer words of Danish matter where there is least room.
    for more in ((), ("--lang", "da")) if width == 60 else ((),):
        ran = coach(*STUDIES[study], bakery, "--today", "2026-11-23", "-q", *more)
        assert ran.code == 0, ran.err
        assert max(cell_len(line.rstrip()) for line in ran.out.splitlines()) <= width
