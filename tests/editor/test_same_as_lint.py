"""Whatever is typed, an editor shows what `lint` says of the same text once it is saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.editor.calendar import calendar
from tests.editor.conftest import NOW
from tests.editor.edits import edits, is_whole
from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.editor.diagnostics import SEVERITIES, diagnostics_of
from tiktok_coach.editor.project import OpenFile, Project
from tiktok_coach.linter.run import LintOptions, run_lint

Shown = tuple[str | None, int, str, int, int]


def in_editor(project: Project, path: Path, text: str, version: int) -> list[Shown]:
    """What the editor shows: code, severity, message, and where it begins, counted from 1."""
    # In this encoding a position counts characters, as lint does.
    file = OpenFile(path.as_uri(), path, version, text, "utf-32")
    shown = diagnostics_of(project.lint([file]), file)
    return sorted(map(_of_diagnostic, shown), key=repr)


def _of_diagnostic(one: dict[str, Any]) -> Shown:
    start = one["range"]["start"]
    return one.get("code"), one["severity"], one["message"], start["line"] + 1, start["character"] + 1


def by_lint(project: Project, path: Path, text: str) -> list[Shown]:
    """What `lint` says of the folder, as its JSON has it."""
    path.write_bytes(text.encode())
    options = AnalysisOptions(now=NOW, inputs=(project.root,))
    linted = run_lint(options, LintOptions(allow_empty=True), beside=project.beside).linted
    name = OpenFile(path.as_uri(), path, 0, "").name
    shown: list[Shown] = []
    for finding in linted.findings:
        if finding.place.file == name:
            message = f"{finding.message}\n{finding.fix}" if finding.fix else finding.message
            place = finding.place
            shown.append((finding.code, SEVERITIES[finding.severity], message, place.line, place.column))
    shown += [(None, 1, one.advice, one.line or 1, one.column or 1) for one in linted.problems if one.where == name]
    # That a file is no plan any more is of interest in a folder of plans, and in an editor's of anything not.
    is_plan = name in {plan.name for plan in linted.calendar.plans}
    notices = linted.calendar.notices if is_plan else ()
    warnings = [one for one in notices if (one.source, one.level) == (name, "warning")]
    return sorted([*shown, *((None, 2, one.text, one.line or 1, 1) for one in warnings)], key=repr)


def check(project: Project, text: str, count: int, seed: int) -> tuple[int, int]:
    """How many texts were compared, and how many of them could be read."""
    path, compared, readable = project.root / "plan.yaml", 0, 0
    for version, edited in enumerate(edits(text, count, seed), 1):
        in_lint = by_lint(project, path, edited)
        assert in_editor(project, path, edited, version) == in_lint, f"edit {version} of seed {seed}"
        compared += 1
        readable += is_whole(edited)
    return compared, readable


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_editor_shows_what_lint_says_of_every_text(project: Project, seed: int) -> None:
    compared, readable = check(project, calendar(12, seed), 30, seed)
    assert compared == 30
    assert 10 <= readable < 30


def test_published_posts_beside_the_plan_count_as_in_lint(project: Project, bakery: Path) -> None:
    (project.root / "tiktok-coach.yaml").write_text(f"lint: {{history: [{bakery}]}}\n")
    assert project.read_history()
    compared, _readable = check(project, calendar(12), 10, 4)
    assert compared == 10


@pytest.mark.slow
def test_a_thousand_edits_of_two_hundred_posts(project: Project, bakery: Path) -> None:
    (project.root / "tiktok-coach.yaml").write_text(f"lint: {{history: [{bakery}]}}\n")
    project.read_history()
    compared, readable = check(project, calendar(200), 1_000, 5)
    assert compared == 1_000
    assert 300 < readable < 1_000


def test_other_plans_of_the_folder_count_as_in_lint(project: Project) -> None:
    text = calendar(6)
    (project.root / "sub").mkdir()
    (project.root / "sub" / "other.yaml").write_text(text.replace("bake-", "other-"))
    (project.root / "notes.yaml").write_text("nothing: of a plan\n")
    (project.root / "calendar.csv").write_text("Date,Caption,Platform\n2026-12-02 18:30,Rye #rye,TikTok\n")
    assert project.read_folder()
    compared, _readable = check(project, text, 10, 6)
    assert compared == 10


def test_a_baseline_hides_in_the_editor_what_it_hides_in_lint(project: Project) -> None:
    text = calendar(10)
    path = project.root / "plan.yaml"
    path.write_text(text)
    from tiktok_coach.linter.suppressions import as_baseline

    assert project.read_folder()
    known = project.lint([]).findings
    assert known
    (project.root / "baseline.json").write_text(as_baseline(known))
    (project.root / "tiktok-coach.yaml").write_text("lint: {baseline: baseline.json}\n")
    assert in_editor(project, path, text, 1) == []


def test_a_plan_of_another_account_than_the_published_posts_is_linted(project: Project, bakery: Path) -> None:
    (project.root / "tiktok-coach.yaml").write_text(f"lint: {{history: [{bakery}]}}\n")
    project.read_history()
    text = calendar(3).replace("@ovnkrogen", "@somebody").replace("17:15", "03:15").replace("18:30", "03:30")
    compared, _readable = check(project, text, 1, 1)
    assert compared == 1
