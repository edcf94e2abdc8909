"""What lint found as programs read it: JSON, and what GitHub and GitLab show at the lines of a change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.finding import Finding
from tiktok_coach.render.escaping import attributes, json_text
from tiktok_coach.render.lint.text import SEVERITIES, Paint, counts
from tiktok_coach.rules.findings import supplied_by

SCHEMA_VERSION = "1"
_ANNOTATIONS = {"error": "error", "warning": "warning", "info": "notice"}
_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def finding_facts(finding: Finding) -> dict[str, Any]:
    """A finding as JSON shows it."""
    facts = {
        **attributes(finding, "code name severity confidence"),
        **attributes(finding.place, "file line column end_line end_column"),
        "post_id": finding.post,
        **attributes(finding, "subject message fix value expected fingerprint"),
    }
    if finding.related is not None:
        facts["related"] = attributes(finding.related, "file line column")
    if finding.autofix is not None:
        facts["edits"] = [attributes(edit, "start end text") for edit in finding.autofix.edits]
    return facts


def problem_facts(problem: CoachError) -> dict[str, Any]:
    """A fault of the input as JSON shows it."""
    return {"file": problem.where, **attributes(problem, "line column problem hint")}


def unknown_facts(linted: LintResult) -> list[dict[str, Any]]:
    """The rules that lacked a fact, how often, and what would give it."""
    rules = {c.code: c.rule for c in linted.rules}
    return [
        {"code": code, "count": count, "supplied_by": supplied_by(rules[code].field, rules[code].scope)}
        for code, count in linted.unknown.items()
    ]


def render_json(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """Everything that lint found, as one object in pieces; stable and versioned."""
    severities, plans = Counter(f.severity for f in linted.findings), linted.calendar.plans
    summary = {
        "posts": len(linted.calendar.posts),
        "files": len(plans),
        **{name: severities[name] for name in SEVERITIES},
        "suppressed": len(linted.suppressed),
        "mendable": sum(f.autofix is not None for f in linted.findings),
    }
    head: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "summary": summary,
        "files": [{"name": p.name, "format": p.format, "posts": len(p.posts)} for p in plans],
        "problems": [problem_facts(p) for p in linted.problems],
        "notices": [n.as_dict() for n in linted.calendar.notices],
        "unknown": unknown_facts(linted),
        "suppressed": [
            {**finding_facts(s.finding), "suppressed_by": s.kind, "reason": s.reason} for s in linted.suppressed
        ],
    }
    yield json_text(head, indent=1)[:-2] + ',\n "findings": ['
    for position, finding in enumerate(linted.findings):
        yield (",\n  " if position else "\n  ") + json_text(finding_facts(finding))
    yield "\n ]\n}\n" if linted.findings else "]\n}\n"


def render_jsonl(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """The problems and then the findings, an object a line, each with its `type`."""
    for problem in linted.problems:
        yield json_text({"type": "problem", **problem_facts(problem)}) + "\n"
    for finding in linted.findings:
        yield json_text({"type": "finding", **finding_facts(finding)}) + "\n"


def render_github(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """Workflow commands, which GitHub shows as annotations; they escape `:` and `,` in a property too."""
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
        yield _command(_ANNOTATIONS[finding.severity], at, f"{finding.message}\n{finding.fix}".strip())


def _command(level: str, at: dict[str, str | int | None], message: str) -> str:
    def escape(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    values = {name: escape(str(value)) for name, value in at.items() if value is not None}
    properties = (f"{name}={value.replace(':', '%3A').replace(',', '%2C')}" for name, value in values.items())
    return f"::{level} {','.join(properties)}::{escape(message)}\n"


def render_gitlab(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """A Code Quality report: a list of issues, each with a fingerprint of its own."""
    counts: Counter[str] = Counter()
    issues: list[dict[str, Any]] = []
    for problem in linted.problems:
        where = problem.where or "plan"
        issue = _issue("cannot-be-read", f"{where}: {problem.advice}", f"unread-{len(issues)}-{where}", "blocker")
        issues.append({**issue, "location": {"path": where, "lines": {"begin": problem.line or 1}}})
    for finding in linted.findings:
        counts[finding.fingerprint] += 1
        again = f"-{counts[finding.fingerprint]}" if counts[finding.fingerprint] > 1 else ""
        place, text = finding.place, f"{finding.code} {finding.message}"
        positions = {
            "begin": {"line": place.line, "column": place.column},
            "end": {"line": place.end_line, "column": place.end_column},
        }
        issue = _issue(finding.code, text, finding.fingerprint + again, _SEVERITIES[finding.severity])
        location = {"path": place.file, "lines": {"begin": place.line}, "positions": positions}
        issues.append({**issue, "location": location})
    yield json_text(issues, indent=1) + "\n"


def _issue(name: str, text: str, fingerprint: str, severity: str) -> dict[str, Any]:
    return {"description": text, "check_name": name, "fingerprint": fingerprint, "severity": severity}


def render_statistics_json(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """How often each rule was broken, as a list of objects."""
    yield json_text(counts(linted), indent=1) + "\n"
