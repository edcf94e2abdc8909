"""sarif: SARIF 2.1.0, with the rules' own words, fixes, and what was silenced and why.

Written as plain objects and held against the official schema in the tests: the published Python models lack what is
needed here (suppressions as a list, notifications of an invocation, the kind of columns).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from tiktok_coach import __version__
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.finding import NAMES, TITLES, WHYS, Finding, Suppressed
from tiktok_coach.plans.places import Place, Places
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.lint.text import Paint
from tiktok_coach.rules.findings import fill_text
from tiktok_coach.rules.load import CompiledRule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PRECISION = {"high": "very-high", "medium": "medium", "low": "low"}


def render_sarif(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """One log with one run."""
    rules = [_rule(compiled) for compiled in linted.rules]
    rules += [_own_rule(code) for code in NAMES]
    places = {rule["id"]: position for position, rule in enumerate(rules)}
    files = {plan.name: plan.places for plan in linted.calendar.plans}
    results = [_result(finding, places, files) for finding in linted.findings]
    results += [_silenced(suppressed, places, files) for suppressed in linted.suppressed]
    driver = {"name": "tiktok-coach", "version": __version__, "semanticVersion": __version__, "rules": rules}
    notifications = [_notification(problem) for problem in linted.problems]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not linted.problems, "toolExecutionNotifications": notifications}],
        "artifacts": [{"location": _artifact(plan.name)} for plan in linted.calendar.plans],
        "results": results,
    }
    yield json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rule(compiled: CompiledRule) -> dict[str, Any]:
    rule = compiled.rule
    sources = "\n".join(f"- {claim.claim} ({claim.name}, {claim.as_of})" for claim in rule.sources)
    assumes = _("\n\nAssumes {assumption}.", assumption=rule.assumption) if rule.assumption else ""
    fix = fill_text(rule.fix, compiled.params.model_dump())
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.words},
        "fullDescription": {"text": rule.why},
        "help": {
            "text": f"{rule.why}\n\n{fix}\n\n{sources}{assumes}",
            "markdown": _(
                "{why}\n\n**Fix**: {fix}\n\n**Sources**\n\n{sources}{assumes}",
                why=rule.why,
                fix=fix,
                sources=sources,
                assumes=assumes,
            ),
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": [compiled.group],
            "precision": _PRECISION[rule.confidence],
            "problem.severity": {"info": "recommendation"}.get(rule.severity, rule.severity),
        },
    }


def _own_rule(code: str) -> dict[str, Any]:
    return {
        "id": code,
        "name": NAMES[code],
        "shortDescription": {"text": _(TITLES[code])},
        "fullDescription": {"text": _(WHYS[code])},
        "help": {"text": _(WHYS[code])},
        "defaultConfiguration": {"level": "warning"},
    }


def _result(finding: Finding, rules: dict[str, int], files: dict[str, Places]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rules[finding.code],
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(finding.place)],
        "partialFingerprints": {"tiktokCoach/v2": finding.fingerprint},
        "properties": {"subject": finding.subject, "confidence": finding.confidence, "fix": finding.fix},
    }
    if finding.related is not None:
        result["relatedLocations"] = [{**_location(finding.related), "id": 1, "message": {"text": _("the other one")}}]
    if finding.autofix is not None:
        at = files[finding.autofix.edits[0].file]
        replacements = [
            {"deletedRegion": _region(at.between(edit.start, edit.end)), "insertedContent": {"text": edit.text}}
            for edit in finding.autofix.edits
        ]
        change = {"artifactLocation": _artifact(finding.autofix.edits[0].file), "replacements": replacements}
        result["fixes"] = [{"description": {"text": finding.fix}, "artifactChanges": [change]}]
    return result


def _silenced(suppressed: Suppressed, rules: dict[str, int], files: dict[str, Places]) -> dict[str, Any]:
    suppression = {"kind": suppressed.kind, **({"justification": suppressed.reason} if suppressed.reason else {})}
    return {**_result(suppressed.finding, rules, files), "suppressions": [suppression]}


def _notification(problem: CoachError) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": "error", "message": {"text": problem.advice}}
    if problem.where:
        region = {"region": {"startLine": problem.line, "startColumn": problem.column or 1}} if problem.line else {}
        notification["locations"] = [{"physicalLocation": {"artifactLocation": _artifact(problem.where), **region}}]
    return notification


def _location(place: Place) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(place.file), "region": _region(place)}}


def _region(place: Place) -> dict[str, int]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _artifact(name: str) -> dict[str, str]:
    return {"uri": quote(name)} if not name.startswith("/") else {"uri": "file://" + quote(name)}
