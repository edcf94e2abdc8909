"""Words and colours that the formats of lint share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tiktok_coach.errors import CoachError
from tiktok_coach.lint.check import Linted
from tiktok_coach.lint.finding import Finding
from tiktok_coach.rules.findings import supplied_by

# Puts a style (as Rich names them) on a text, or leaves it as it is.
Paint = Callable[[str, str], str]

SEVERITIES = ("error", "warning", "info")
STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def plain(text: str, style: str) -> str:  # noqa: ARG001 - a Paint that paints nothing
    """The text as it is."""
    return text


def painted(text: str, style: str) -> str:
    """The text in a style, as terminals show it."""
    from rich.style import Style

    return Style.parse(style).render(text)


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(2, "post")
    '2 posts'
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def by_severity(findings: tuple[Finding, ...]) -> str:
    """How many findings of each severity there are, the worst first."""
    counts = Counter(f.severity for f in findings)
    return ", ".join(counted(counts[s], s) for s in SEVERITIES if counts[s])


def summary(linted: Linted) -> str:
    """What was found, in a line."""
    posts, files = len(linted.calendar.posts), len(linted.calendar.plans)
    seen = f"{counted(posts, 'planned post')} of {counted(files, 'file')}"
    silenced = f"; {len(linted.suppressed):,} more silenced" if linted.suppressed else ""
    unread = f"; {counted(len(linted.problems), 'place')} could not be read" if linted.problems else ""
    if not linted.findings:
        return f"No findings in {seen}{silenced}{unread}."
    mended = sum(f.mend is not None for f in linted.findings)
    fixes = f" {mended} can be mended with --fix." if mended else ""
    return f"Found {counted(len(linted.findings), 'finding')} ({by_severity(linted.findings)}) in {seen}{silenced}{unread}.{fixes}"


def closing(linted: Linted, paint: Paint) -> Iterator[str]:
    """What stands under the findings where people read them."""
    yield summary(linted) + "\n"
    if linted.unknown:
        told = f"{counted(len(linted.unknown), 'rule')} could not judge some of them for want of a fact; --verbose names the facts."
        yield paint(told, "dim") + "\n"


def finding_facts(finding: Finding) -> dict[str, Any]:
    """A finding as JSON shows it."""
    place = finding.place
    facts: dict[str, Any] = {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "post_id": finding.post,
        "subject": finding.subject,
        "message": finding.message,
        "fix": finding.fix,
        "value": finding.value,
        "expected": finding.expected,
        "fingerprint": finding.fingerprint,
    }
    if finding.related is not None:
        other = finding.related
        facts["related"] = {"file": other.file, "line": other.line, "column": other.column}
    if finding.mend is not None:
        facts["edits"] = [{"start": e.start, "end": e.end, "text": e.text} for e in finding.mend.edits]
    return facts


def problem_facts(problem: CoachError) -> dict[str, Any]:
    """A fault of the input as JSON shows it."""
    return {
        "file": problem.where,
        "line": problem.line,
        "column": problem.column,
        "problem": problem.problem,
        "hint": problem.hint,
    }


def unknown_facts(linted: Linted) -> list[dict[str, Any]]:
    """The rules that lacked a fact, how often, and what would give it."""
    rules = {c.code: c.rule for c in linted.rules}
    return [
        {"code": code, "count": count, "supplied_by": supplied_by(rules[code].field, rules[code].scope)}
        for code, count in linted.unknown.items()
    ]
