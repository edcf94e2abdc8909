"""github: workflow commands, which GitHub shows as annotations at the lines of a pull request.

The escapes are those of the workflow commands' own reference: in a property, `:` and `,` too.
"""

from __future__ import annotations

from collections.abc import Iterator

from tiktok_coach.core.translation import _
from tiktok_coach.linter.check import LintResult
from tiktok_coach.render.lint.style import Paint

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def render(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """A command a problem and a finding."""
    for problem in linted.problems:
        at = {"file": problem.where, "line": problem.line, "col": problem.column, "title": _("cannot be read")}
        yield _command("error", at, problem.advice)
    for finding in linted.findings:
        place = finding.place
        at = {
            "file": place.file,
            "line": place.line,
            "endLine": place.end_line,
            "col": place.column,
            # GitHub takes columns of one line alone.
            "endColumn": place.end_column if place.end_line == place.line else None,
            "title": f"{finding.code} {finding.name}",
        }
        yield _command(_LEVELS[finding.severity], at, f"{finding.message}\n{finding.fix}".strip())


def _command(level: str, at: dict[str, str | int | None], message: str) -> str:
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in at.items() if value is not None)
    return f"::{level} {properties}::{_text(message)}\n"


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
