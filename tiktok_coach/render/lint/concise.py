"""concise: a line a finding, `file:line:column: code message`."""

from __future__ import annotations

from collections.abc import Iterator

from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.finding import Finding
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.lint.style import STYLES, Paint


def render(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - lines are never cut
    """The findings, a line each."""
    for finding in linted.findings:
        yield heading(finding, paint) + "\n"


def heading(finding: Finding, paint: Paint) -> str:
    """A finding in one line."""
    place = finding.place
    where = paint(one_line(place.file), "bold") + f":{place.line}:{place.column}: "
    mark = " [*]" if finding.autofix is not None else ""
    return f"{where}{paint(finding.code, STYLES[finding.severity])}{paint(mark, 'green')} {one_line(finding.message)}"
