"""Lint on a terminal: carets stand under what is meant, lines fit, and words are whole, at every width."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.conftest import Ran
from tests.writing import put
from tiktok_coach.render.lint.excerpt import excerpt, wrap

Coach = Callable[..., Ran]
SIGNS = st.sampled_from(
    ["rye", "brød ", "🍞", "👩‍🍳", "👍🏽", "🇩🇰", "何でしょう", "e\u0301", "\t", "\u200b", "\u202e", " ", "#パン"]
)
TEXTS = st.lists(SIGNS, max_size=60).map("".join)
ROOM = st.sampled_from([54, 74, 94, 114, 154])
PLAN = """\
posts:
  - publish_at: 2026-12-01T18:30:00+01:00
    caption: "🍞 何でしょう👩‍🍳 それはパンです❤️ とても美味しいパンが焼けましたよ #パン #パン そしてもう一度 Rye bread is warm"
    video: {hook_s: 6, intro: true, opening_emotion: neutral, value_shown_s: 9, duration_s: 44, fps: 15, width: 1920, height: 1080}
  - publish_at: 2026-12-02T18:30:00+01:00
    caption: "Rye\tbread\twith\ttabs\t#rye #rye"
"""


def column_of(text: str, part: str) -> int:
    return cell_len(text[: text.index(part)])


@given(TEXTS, TEXTS, ROOM)
@example("x" * 300, "", 54)
@example("🍞" * 90, "何" * 90, 54)
@settings(max_examples=150, deadline=1000)
def test_carets_stand_under_the_value_and_the_excerpt_fits(before: str, after: str, room: int) -> None:
    line = f"{before} «value» {after}"
    first = line.index("«")
    shown, begin, end = excerpt(line, first, first + len("«value»"), room)
    assert cell_len(shown) <= room
    assert (begin, end) == (column_of(shown, "«"), column_of(shown, "»") + 1)


@given(TEXTS, ROOM)
@settings(max_examples=100, deadline=1000)
def test_carets_of_a_value_that_is_too_long_end_with_the_excerpt(value: str, room: int) -> None:
    line = f"caption: «{value}»"
    shown, begin, end = excerpt(line, 9, len(line), room)
    assert begin == 9
    assert begin < end <= cell_len(shown) <= room


@given(TEXTS.filter(str.strip), st.integers(20, 80))
@settings(max_examples=100, deadline=1000)
def test_lines_are_broken_between_words_alone(text: str, width: int) -> None:
    words = text.split()
    lines = list(wrap(" ".join(words), width, "    "))
    assert [word for line in lines for word in line.split(" ") if word] == [w for w in " ".join(words).split(" ") if w]
    assert all(cell_len(line) <= width for line in lines if " " in line.strip())


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
def test_no_line_of_a_lint_is_wider_than_the_terminal(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    put(tmp_path / "plan.yaml", PLAN)
    out = coach("lint", "plan.yaml", "--today", "2026-11-24").out
    assert [line for line in out.splitlines() if cell_len(line) > width] == []
    lines = out.splitlines()
    carets = [place for place, line in enumerate(lines) if re.fullmatch(r" +\| +\^+", line)]
    assert len(carets) >= 8
    for place in carets:
        assert cell_len(lines[place]) <= cell_len(lines[place - 1])
    under = {_under(lines[place - 1], lines[place]) for place in carets}
    assert {"6", "true", "neutral", "9", "44", "15", "#パン", "#rye"} <= under


LONG = (
    "We proofed this dough for three whole days in the cellar below the shop and then baked it on stone in the old oven"
)
TOO_MUCH = {
    'caption: "Which one? #a #b #c #d #e #f #g"': "#f #g",
    'caption: "Which one? #a #b #c #A #d #e #f"': "#f",
    "caption: 'Which one? #a'\n    hashtags: [A, b, c, d, e, ff, gg]": "ff, gg",
    "caption: 'Which one? #a'\n    hashtags: \"#b #c #d #e #f #gg\"": "#f #gg",
    "caption: 'Which one? #a'\n    hashtags: b c d e ff g": "b c d e ff g",
    f"caption: {LONG} until the crust sang to us all day and night": "and night",
    f"caption: >-\n      {LONG}\n      until the crust sang to us all day and night": "and night",
    f"caption: {'🍞' * 80}": "🍞" * 5,
}


@pytest.mark.parametrize(("facts", "too_much"), TOO_MUCH.items())
def test_carets_stand_under_what_is_too_much_alone(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, facts: str, too_much: str
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    put(tmp_path / "plan.yaml", f"posts:\n  - publish_at: 2026-12-01T18:00Z\n    {facts}\n")
    lint = ("lint", "plan.yaml", "--today", "2026-11-24", "--select", "T401", "--select", "T807")
    [(line, carets)] = excerpts(coach(*lint).out.splitlines())
    assert _under(line, carets) == too_much
    # A comment at the value speaks of its part too, wherever that stands.
    key = "hashtags:" if "hashtags:" in facts else "caption:"
    silenced = facts.replace(key, f"# coach: ignore[T] shown so\n    {key}")
    put(tmp_path / "plan.yaml", f"posts:\n  - publish_at: 2026-12-01T18:00Z\n    {silenced}\n")
    assert coach(*lint).out.startswith("No problems in 1 planned post of 1 file; 1 more silenced")


def excerpts(lines: list[str]) -> list[tuple[str, str]]:
    """The lines with carets, each with the line above it."""
    return [(above, line) for above, line in pairwise(lines) if re.fullmatch(r" +\| +\^+", line)]


def _under(line: str, carets: str) -> str:
    """What carets stand under."""
    begin, end = carets.index("^"), len(carets)
    columns = [cell_len(line[:place]) for place in range(len(line) + 1)]
    return line[columns.index(begin) : columns.index(end) if end in columns else len(line)]
