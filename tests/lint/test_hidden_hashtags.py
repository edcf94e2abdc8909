"""A hashtag that YAML takes for a comment is one warning, which --fix mends, and nothing is said of what it hides."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran
from tests.writing import put

Coach = Callable[..., Ran]
TODAY = ("--today", "2026-11-24")
POST = "posts:\n  - publish_at: 2026-12-01 18:00\n    {}\n"


def findings(coach: Coach, text: str, *options: str, name: str = "p.yaml") -> list[dict[str, Any]]:
    put(Path(name), text)
    found: list[dict[str, Any]] = json.loads(coach("lint", name, *TODAY, *options, "--format", "json").out)["findings"]
    return found


@pytest.mark.parametrize(
    ("line", "column", "mended"),
    [
        ("caption: Ny dag #bagedag #foodtok", 21, 'caption: "Ny dag #bagedag #foodtok"'),
        ("caption: #foodtok brød", 14, 'caption: "#foodtok brød"'),
        ("hashtags: #foodtok #rugbrød", 15, 'hashtags: "#foodtok #rugbrød"'),
        ("title: Brød #foodtok", 17, 'title: "Brød #foodtok"'),
        ("Caption: Brød #foodtok", 19, 'Caption: "Brød #foodtok"'),
        ('caption: Det "bedste" #brød', 27, "caption: 'Det \"bedste\" #brød'"),
        ('caption: It\'s "rye" #rye', 25, "caption: 'It''s \"rye\" #rye'"),
        ("caption: a\\b #rye", 18, "caption: 'a\\b #rye'"),
        ("caption: Rye #rye # to be checked", 18, 'caption: "Rye #rye" # to be checked'),
        ("caption: Rye #rye  # coach: ignore[T403] x", 18, 'caption: "Rye #rye"  # coach: ignore[T403] x'),
        ("caption: Rye #rye\r", 18, 'caption: "Rye #rye"\r'),
    ],
)
def test_one_warning_at_the_comment_with_a_fix(
    coach: Coach, tmp_path: Path, line: str, column: int, mended: str
) -> None:
    [finding] = [f for f in findings(coach, POST.format(line)) if f["code"] == "L004"]
    assert (finding["line"], finding["column"], finding["severity"]) == (3, column, "warning")
    assert finding["message"].startswith("# begins a comment here: put the ")
    coach("lint", "p.yaml", *TODAY, "--fix", "--select", "L004")
    assert (tmp_path / "p.yaml").read_bytes().decode() == POST.format(mended)
    assert findings(coach, POST.format(mended), "--select", "L004") == []


@pytest.mark.parametrize(
    "line",
    [
        "caption: Rye # what is said",
        "caption: Rye #coach: ignore[T403] x",
        "caption: Rye#rye",
        'caption: "Rye" #rye',
        "caption: 'Rye #rye'",
        "caption: |  #rye\n      Rye #rye",
        "hashtags: [rye] #rye",
        "hashtags: #rye\n      - rye",
        "notes: Rye #rye",
        "caption: >-\n      caption: Rye #rye",
    ],
)
def test_other_comments_are_comments(coach: Coach, line: str) -> None:
    assert [f for f in findings(coach, POST.format(line), "--select", "L") if f["code"] == "L004"] == []


def test_front_matter_is_looked_at_and_json_and_text_are_not(coach: Coach) -> None:
    post = "---\npublish_at: 2026-12-01 18:00\ncaption: Rye #rye\n---\ncaption: Rye #rye\n"
    [finding] = findings(coach, post, "--select", "L004", name="p.md")
    assert finding["line"] == 3
    assert findings(coach, '{"posts": [{"caption": "Rye #rye"}]}', "--select", "L004", name="p.json") == []


def test_what_follows_from_the_missing_hashtags_is_not_said_of_that_post(coach: Coach) -> None:
    account = "account: {handle: baker, timezone: UTC, subcultures: [bagedag], small_business: true}\n"
    text = account + (
        "posts:\n  - id: hidden\n    caption: Ny dag i bageriet #bagedag\n"
        "  - id: listed\n    caption: Is this rye?\n    hashtags: #bagedag\n"
        "  - id: plain\n    caption: Rye\n"
    )
    shadows = {"T202", "T204", "T403", "T805", "T806"}
    codes: dict[str, set[str]] = {}
    for finding in findings(coach, text):
        codes.setdefault(finding["post_id"], set()).add(finding["code"])
    assert codes["plain"] >= shadows
    assert "L004" in codes["hidden"] & codes["listed"]
    assert not (codes["hidden"] | codes["listed"]) & shadows
    # Where nobody speaks of the comment, what follows from it is said.
    ignored = findings(coach, text, "--ignore", "L004")
    assert {f["code"] for f in ignored if f["post_id"] == "hidden"} >= shadows


def test_too_much_is_said_beside_the_comment(coach: Coach) -> None:
    text = POST.format("caption: " + "Rye " * 40 + "#rye")
    assert {f["code"] for f in findings(coach, text)} >= {"L004", "T401"}


def test_long_lines_take_no_long_time(coach: Coach) -> None:
    # Of a look that grows with the square of the spaces this would take minutes.
    line = "caption: Rye" + " " * 100_000 + "#rye" + " " * 100_000 + "x" + " #" * 50_000
    assert [f["code"] for f in findings(coach, POST.format(line), "--select", "L004")] == ["L004"]
