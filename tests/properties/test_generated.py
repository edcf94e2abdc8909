"""Sheets and calendars whose every value is known: each value is read right, asked about, or named as left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.generated.draw import Draw
from tests.generated.judge import judge
from tests.generated.sheets import draw_sheet


# More of them, and other ones each time, are drawn by `python -m benchmarks.sheets`.
@pytest.mark.parametrize("seed", range(10))
def test_no_value_is_wrong_in_silence(tmp_path: Path, seed: int) -> None:
    assert judge(draw_sheet(f"test-{seed}"), tmp_path / "drawn").faults == []


@pytest.fixture
def plain() -> Draw:
    """A draw of posts and their plain counts in one CSV file."""
    draws = (draw_sheet(f"plain-{seed}") for seed in range(1000))
    return next(d for d in draws if "api" in d.kinds)


def test_the_judge_finds_a_value_that_is_read_otherwise(tmp_path: Path, plain: Draw) -> None:
    row = next(row for row in plain.rows if row.post)
    views = row.says["views"]
    row.says["views"] = replace(views, value=views.value + 1)
    [fault] = judge(plain, tmp_path / "drawn").faults
    assert fault == f"views {views.cell!r} is read as {views.value}, and is {views.value + 1}"


def test_the_judge_finds_a_post_that_nobody_has_drawn(tmp_path: Path, plain: Draw) -> None:
    del plain.rows[0]
    assert any(fault.startswith("a post too many") for fault in judge(plain, tmp_path / "drawn").faults)
