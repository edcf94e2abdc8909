"""jsonl: a JSON object a line, each with its `type`: finding or problem."""

from __future__ import annotations

from collections.abc import Iterator

from tiktok_coach.linter.check import LintResult
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.lint.style import Paint, finding_facts, problem_facts


def render(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """The problems and then the findings, a line each."""
    for problem in linted.problems:
        yield json_text({"type": "problem", **problem_facts(problem)}) + "\n"
    for finding in linted.findings:
        yield json_text({"type": "finding", **finding_facts(finding)}) + "\n"
