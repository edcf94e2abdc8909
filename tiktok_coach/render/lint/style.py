"""Words and colours that the formats of lint share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.finding import Finding
from tiktok_coach.rules.findings import supplied_by

# Puts a style (as Rich names them) on a text, or leaves it as it is.
Paint = Callable[[str, str], str]

SEVERITIES = (N_("error"), N_("warning"), N_("info"))
STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def plain(text: str, style: str) -> str:  # noqa: ARG001 - a Paint that paints nothing
    """The text as it is."""
    return text


def painted(text: str, style: str) -> str:
    """The text in a style, as terminals show it."""
    from rich.style import Style

    return Style.parse(style).render(text)


def by_severity(findings: tuple[Finding, ...]) -> str:
    """How many findings of each severity there are, the worst first."""
    counts = Counter(f.severity for f in findings)
    texts = {
        "error": plural("{count:,} error", "{count:,} errors", counts["error"]),
        "warning": plural("{count:,} warning", "{count:,} warnings", counts["warning"]),
        "info": plural("{count:,} info", "{count:,} infos", counts["info"]),
    }
    return ", ".join(texts[s] for s in SEVERITIES if counts[s])


def summary(linted: LintResult) -> str:
    """What was found, in a line."""
    posts, files = len(linted.calendar.posts), len(linted.calendar.plans)
    planned = _(
        "{posts} of {files}",
        posts=plural("{count:,} planned post", "{count:,} planned posts", posts),
        files=plural("{count:,} file", "{count:,} files", files),
    )
    silenced = _("; {count:,} more silenced", count=len(linted.suppressed)) if linted.suppressed else ""
    places = len(linted.problems)
    unread = (
        plural("; {count:,} place could not be read", "; {count:,} places could not be read", places) if places else ""
    )
    if not linted.findings:
        return _("No findings in {seen}{silenced}{unread}.", seen=planned, silenced=silenced, unread=unread)
    text = _(
        "Found {findings} ({severities}) in {seen}{silenced}{unread}.",
        findings=plural("{count:,} finding", "{count:,} findings", len(linted.findings)),
        severities=by_severity(linted.findings),
        seen=planned,
        silenced=silenced,
        unread=unread,
    )
    mended = sum(f.autofix is not None for f in linted.findings)
    return text + (_(" {mended} can be mended with --fix.", mended=mended) if mended else "")


def closing(linted: LintResult, paint: Paint) -> Iterator[str]:
    """What stands under the findings where people read them."""
    yield summary(linted) + "\n"
    if linted.unknown:
        hint = plural(
            "{count:,} rule could not judge some of them for want of a fact; --verbose names the facts.",
            "{count:,} rules could not judge some of them for want of a fact; --verbose names the facts.",
            len(linted.unknown),
        )
        yield paint(hint, "dim") + "\n"


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
    if finding.autofix is not None:
        facts["edits"] = [{"start": e.start, "end": e.end, "text": e.text} for e in finding.autofix.edits]
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


def unknown_facts(linted: LintResult) -> list[dict[str, Any]]:
    """The rules that lacked a fact, how often, and what would give it."""
    rules = {c.code: c.rule for c in linted.rules}
    return [
        {"code": code, "count": count, "supplied_by": supplied_by(rules[code].field, rules[code].scope)}
        for code, count in linted.unknown.items()
    ]
