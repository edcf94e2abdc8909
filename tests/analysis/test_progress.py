"""Progress names the stage that runs, and how far it is where that can be counted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.writing import content, content_row, put, zipped
from tiktok_coach.analysis.audit import audit
from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.analysis.simulate import Question, simulate
from tiktok_coach.linter.run import LintOptions, run_lint

NOW = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
POSTS = content([content_row(f"2026-06-{day}T16:42:48", f"2026-06-{day}", "2026-06-30", low=day) for day in (12, 13)])
OVERVIEW = "Date,Video Views,Profile Views,Likes,Comments,Shares\nJune 12,5,1,1,0,0\n"


def test_reading_counts_the_files_of_folders_and_of_archives(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POSTS)
    put(tmp_path / "e" / "notes.docx", "no export")
    put(tmp_path / "e" / ".hidden" / "Content.csv", POSTS)
    put(tmp_path / "e" / "more.zip", zipped({"Overview.csv": OVERVIEW, "picture.png": b"x"}))
    stages: list[str] = []
    audit(AnalysisOptions(NOW, (tmp_path / "e",)), stages.append)
    assert stages == ["reading 1 of 2: e/Content.csv", "reading 2 of 2: e/more.zip:Overview.csv", "checking 2 posts"]


def test_an_archive_in_an_archive_is_counted_as_it_is_met(tmp_path: Path) -> None:
    inner = zipped({"Content.csv": POSTS, "Overview.csv": OVERVIEW})
    stages: list[str] = []
    audit(AnalysisOptions(NOW, (put(tmp_path / "all.zip", zipped({"inner.zip": inner})),)), stages.append)
    assert [stage.partition(":")[0] for stage in stages] == ["reading 1 of 1", "reading 2 of 2", "checking 2 posts"]


def test_a_simulation_counts_its_runs(tmp_path: Path) -> None:
    stages: list[str] = []
    export = put(tmp_path / "Content.csv", POSTS)
    plan = put(tmp_path / "plan.yaml", "caption: Rye bread\n")
    options = AnalysisOptions(NOW, (plan,), history=(export,))
    simulate(options, Question(viewers=50, runs=2), stages.append)
    assert stages[-3:] == ["reading 1 of 1: Content.csv", "simulating: run 1 of 2", "simulating: run 2 of 2"]


def test_a_lint_counts_its_plans_and_posts(tmp_path: Path) -> None:
    put(tmp_path / "plans" / "a.yaml", "posts: [{caption: Rye}, {caption: Bread}]\n")
    put(tmp_path / "plans" / "b.yaml", "caption: Buns\n")
    stages: list[str] = []
    run_lint(AnalysisOptions(NOW, (tmp_path / "plans",)), LintOptions(), stages.append)
    assert [stage.rpartition("/")[2] for stage in stages] == ["a.yaml", "b.yaml", "checking 3 planned posts"]
    assert stages[1].startswith("reading 2 of 2: ")
