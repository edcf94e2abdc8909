"""json: everything that lint found, as one object; stable and versioned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tiktok_coach.linter.check import LintResult
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.lint.style import SEVERITIES, Paint, finding_facts, problem_facts, unknown_facts

SCHEMA_VERSION = "1"


def render(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """One object, in pieces."""
    counts = Counter(f.severity for f in linted.findings)
    summary = {
        "posts": len(linted.calendar.posts),
        "files": len(linted.calendar.plans),
        **{name: counts[name] for name in SEVERITIES},
        "suppressed": len(linted.suppressed),
        "mendable": sum(f.autofix is not None for f in linted.findings),
    }
    head: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "summary": summary,
        "files": [{"name": p.name, "format": p.format, "posts": len(p.posts)} for p in linted.calendar.plans],
        "problems": [problem_facts(p) for p in linted.problems],
        "notices": [n.as_dict() for n in linted.notices],
        "unknown": unknown_facts(linted),
        "suppressed": [
            {**finding_facts(s.finding), "suppressed_by": s.kind, "reason": s.reason} for s in linted.suppressed
        ],
    }
    yield json_text(head, indent=1)[:-2] + ',\n "findings": ['
    for position, finding in enumerate(linted.findings):
        yield (",\n  " if position else "\n  ") + json_text(finding_facts(finding))
    yield "\n ]\n}\n" if linted.findings else "]\n}\n"
