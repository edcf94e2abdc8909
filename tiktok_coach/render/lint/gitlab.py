"""gitlab: a Code Quality report, which GitLab shows in a merge request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tiktok_coach.linter.check import LintResult
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.lint.style import Paint

_LEVELS = {"error": "major", "warning": "minor", "info": "info"}


def render(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """One list of issues; each has a fingerprint of its own, as GitLab wants it."""
    counts: Counter[str] = Counter()
    issues: list[dict[str, Any]] = []
    for problem in linted.problems:
        where = problem.where or "plan"
        text = f"{where}: {problem.advice}"
        issues.append(
            _issue("cannot-be-read", text, f"unread-{len(issues)}-{where}", "blocker", where, problem.line or 1)
        )
    for finding in linted.findings:
        counts[finding.fingerprint] += 1
        again = f"-{counts[finding.fingerprint]}" if counts[finding.fingerprint] > 1 else ""
        place = finding.place
        issue = _issue(
            finding.code,
            f"{finding.code} {finding.message}",
            finding.fingerprint + again,
            _LEVELS[finding.severity],
            place.file,
            place.line,
        )
        issue["location"]["positions"] = {
            "begin": {"line": place.line, "column": place.column},
            "end": {"line": place.end_line, "column": place.end_column},
        }
        issues.append(issue)
    yield json_text(issues, indent=1) + "\n"


def _issue(name: str, text: str, fingerprint: str, severity: str, file: str, line: int) -> dict[str, Any]:
    return {
        "description": text,
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": file, "lines": {"begin": line}},
    }
