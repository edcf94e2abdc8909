"""What lint found as programs read it: JSON, SARIF, JUnit, and what GitHub and GitLab show at the lines of a change."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from tiktok_coach import __version__
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.facts import text_at
from tiktok_coach.core.translation import _
from tiktok_coach.io.files.source_files import part_tab
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.finding import Finding, Suppressed
from tiktok_coach.plans.places import Place, Places
from tiktok_coach.render.escaping import attributes, json_text
from tiktok_coach.render.lint import limits
from tiktok_coach.render.lint.limits import SEVERITIES, Report
from tiktok_coach.render.lint.text import Paint, counts
from tiktok_coach.rules.lint_codes import NAMES, TITLES, WHYS
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.rules.model import Claim
from tiktok_coach.rules.phrases import fill_text

SCHEMA_VERSION = "1"
_ANNOTATIONS = {"error": "error", "warning": "warning", "info": "notice"}
_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
# What XML 1.0 cannot hold, and control codes that it discourages and a terminal obeys.
# Compiled where it is needed, since ranges as wide as these take milliseconds.
_NO_XML = "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_PRECISION = {"high": "very-high", "medium": "medium", "low": "low"}


def finding_facts(finding: Finding) -> dict[str, Any]:
    """A finding as JSON shows it."""
    facts = {
        **attributes(finding, "code name severity confidence"),
        **attributes(finding.place, "file line column end_line end_column"),
        "post_id": finding.post,
        **attributes(finding, "subject message fix value expected fingerprint"),
    }
    if finding.error_code is not None:
        facts["error_code"] = finding.error_code
    if finding.related is not None:
        facts["related"] = attributes(finding.related, "file line column")
    if finding.autofix is not None and finding.autofix.copy is not None:
        # The edits are of use with the file alone, which --fix writes.
        facts["copy"] = {"from": finding.autofix.copy.source.name, "to": finding.autofix.copy.target.name}
    elif finding.autofix is not None:
        facts["edits"] = [attributes(edit, "start end text") for edit in finding.autofix.edits]
    return facts


def problem_facts(problem: CoachError) -> dict[str, Any]:
    """A fault of the input as JSON shows it."""
    return {"file": problem.where, **attributes(problem, "line column problem hint")}


def unknown_facts(linted: LintResult) -> list[dict[str, Any]]:
    """The rules that lacked a fact, how often, and what would give it."""
    return [
        {"code": code, "count": count, "supplied_by": linted.provided_by[code]}
        for code, count in linted.unknown.items()
    ]


def curve_facts(linted: LintResult) -> Iterator[dict[str, Any]]:
    """The foretold curve of each planned post whose video is there."""
    if not linted.curves:
        return
    from tiktok_coach.render.expected_curve import expected_curve_facts

    ids = linted.calendar.posts.column_or_null("post_id")
    for row, curve in linted.curves.items():
        place = linted.calendar.place(row, "video_file")
        yield {"post_id": text_at(ids, row), **attributes(place, "file line"), **expected_curve_facts(curve)}


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
    if linted.curves:
        head["retention"] = list(curve_facts(linted))
    yield json_text(head, indent=1)[:-2] + ',\n "findings": ['
    for position, finding in enumerate(linted.findings):
        yield (",\n  " if position else "\n  ") + json_text(finding_facts(finding))
    yield "\n ]\n}\n" if linted.findings else "]\n}\n"


def render_jsonl(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """The problems, then the findings and the foretold curves, an object a line, each with its `type`."""
    for problem in linted.problems:
        yield json_text({"type": "problem", **problem_facts(problem)}) + "\n"
    for finding in linted.findings:
        yield json_text({"type": "finding", **finding_facts(finding)}) + "\n"
    for curve in curve_facts(linted):
        yield json_text({"type": "retention", **curve}) + "\n"


def render_github(linted: LintResult, paint: Paint, width: int) -> Report:  # noqa: ARG001 - no terminal
    """Workflow commands, which GitHub shows as annotations; they escape `:` and `,` in a property too.

    GitHub keeps all of them in the log, and annotates with the first of each severity.
    """
    lines: list[str] = []
    titles = linted.titles
    for problem in linted.problems:
        file, tab = part_tab(problem.where or "")
        at = {"file": file or None, "line": problem.line, "col": problem.column, "title": _("cannot be read")}
        lines.append(_command("error", at, _in_tab(tab, problem.advice)))
    for finding in sorted(linted.findings, key=lambda finding: SEVERITIES.index(finding.severity)):
        place = finding.place
        file, tab = part_tab(place.file)
        at = {
            "file": file,
            "line": place.line,
            "endLine": place.end_line,
            "col": place.column,
            # GitHub takes columns of one line alone.
            "endColumn": place.end_column if place.end_line == place.line else None,
            "title": limits.cut_at(f"{titles[finding.code]} ({finding.code})", limits.ANNOTATION_TITLE),
        }
        message = _in_tab(tab, f"{finding.message}\n{finding.fix}".strip())
        lines.append(_command(_ANNOTATIONS[finding.severity], at, message))
    severities = Counter(f.severity for f in linted.findings) + Counter(["error"] * len(linted.problems))
    more = sum(max(count - limits.ANNOTATIONS, 0) for count in severities.values())
    return Report(lines, limits.counted("github", more, limits.ANNOTATIONS_NOT_SHOWN, shown=limits.ANNOTATIONS))


def _in_tab(tab: str | None, message: str) -> str:
    """A message with the tab of which it speaks, for programs that know places in files alone."""
    return message if tab is None else f"{tab}: {message}"


def _command(level: str, at: dict[str, str | int | None], message: str) -> str:
    def escape(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    values = {name: escape(str(value)) for name, value in at.items() if value is not None}
    properties = (f"{name}={value.replace(':', '%3A').replace(',', '%2C')}" for name, value in values.items())
    text = escape(limits.cut_at(message, limits.ANNOTATION_MESSAGE))
    return f"::{level} {','.join(properties)}::{text}\n"


def render_gitlab(linted: LintResult, paint: Paint, width: int) -> Report:  # noqa: ARG001 - no terminal
    """A Code Quality report: a list of issues, each with its own fingerprint; the most severe that GitLab takes."""
    counts: Counter[str] = Counter()
    issues: list[dict[str, Any]] = []
    for problem in linted.problems:
        where = problem.where or "plan"
        issue = _issue("cannot-be-read", f"{where}: {problem.advice}", f"unread-{len(issues)}-{where}", "blocker")
        issues.append({**issue, "location": {"path": part_tab(where)[0], "lines": {"begin": problem.line or 1}}})
    for finding in linted.findings:
        counts[finding.fingerprint] += 1
        again = f"-{counts[finding.fingerprint]}" if counts[finding.fingerprint] > 1 else ""
        place, (file, tab) = finding.place, part_tab(finding.place.file)
        text = _in_tab(tab, f"{finding.code} {finding.message}")
        positions = {
            "begin": {"line": place.line, "column": place.column},
            "end": {"line": place.end_line, "column": place.end_column},
        }
        issue = _issue(finding.code, text, finding.fingerprint + again, _SEVERITIES[finding.severity])
        location = {"path": file, "lines": {"begin": place.line}, "positions": positions}
        issues.append({**issue, "location": location})
    severities = ["error"] * len(linted.problems) + [finding.severity for finding in linted.findings]
    kept = limits.most_severe([json_text(issue) for issue in issues], severities, _fit_code_quality)
    notices = limits.counted("gitlab", len(issues) - len(kept), limits.LEFT_OUT, kept=len(kept), taker="GitLab")
    return Report(["[" + ",".join("\n " + text for text in kept) + "\n]\n"], notices)


def _fit_code_quality(texts: Sequence[str]) -> int:
    # Between two issues stand a comma, a line's end and a space.
    return limits.first_within((len(text.encode()) + 3 for text in texts), limits.CODE_QUALITY_SIZE - limits.ROOM)


def _issue(name: str, text: str, fingerprint: str, severity: str) -> dict[str, Any]:
    return {"description": text, "check_name": name, "fingerprint": fingerprint, "severity": severity}


def render_statistics_json(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """How often each rule was broken, as a list of objects."""
    yield json_text(counts(linted), indent=1) + "\n"


def render_sarif(linted: LintResult, paint: Paint, width: int) -> Report:  # noqa: ARG001 - no terminal
    """SARIF 2.1.0: one log with one run, with the rules' own words, fixes, and what was silenced and why.

    Plain objects, held against the official schema in the tests: the published models lack what is needed here
    (suppressions as a list, notifications of an invocation, the kind of columns). Where GitHub would refuse it all,
    what is silenced and then the least severe findings are left out, and a notification counts them.
    """
    rules = [_rule(compiled) for compiled in linted.rules]
    rules += [_own_rule(code) for code in NAMES]
    places = {rule["id"]: position for position, rule in enumerate(rules)}
    files = {plan.name: plan.places for plan in linted.calendar.plans}
    files_on_disk = dict.fromkeys(part_tab(name)[0] for name in files)
    results = [_result(finding, places, files) for finding in linted.findings]
    results += [_silenced(suppressed, places, files) for suppressed in linted.suppressed]
    severities = [finding.severity for finding in linted.findings] + [SEVERITIES[-1]] * len(linted.suppressed)
    driver = {"name": "tiktok-coach", "version": __version__, "semanticVersion": __version__, "rules": rules}
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not linted.problems,
                "toolExecutionNotifications": [_notification(problem) for problem in linted.problems],
            }
        ],
        "artifacts": [{"location": _artifact(file)} for file in files_on_disk],
    }
    room = limits.SARIF_GZIPPED - limits.ROOM - len(zlib.compress(json_text(run).encode()))

    def fit(texts: Sequence[str]) -> int:
        return limits.first_gzipped(texts[: limits.SARIF_RESULTS], room)

    kept = limits.most_severe([json_text(result) for result in results], severities, fit)
    notices = limits.counted("sarif", len(results) - len(kept), limits.LEFT_OUT, kept=len(kept), taker="GitHub")
    shown = limits.SARIF_RESULTS_SHOWN
    notices += limits.counted("sarif", len(kept) - shown, limits.ALERTS_NOT_SHOWN, shown=shown)
    run["invocations"][0]["toolExecutionNotifications"] += [
        {"level": "warning", "message": {"text": notice.text}} for notice in notices
    ]
    log = json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run | {"results": []}]}, indent=1)
    before, after = log.rsplit("[]", 1)
    return Report([before, "[" + ",".join("\n    " + text for text in kept) + "\n   ]", after, "\n"], notices)


def _rule(compiled: CompiledRule) -> dict[str, Any]:
    rule = compiled.rule
    sources = "\n".join(map(_source_line, rule.statements))
    assumes = _("\n\nAssumes {assumption}.", assumption=rule.assumption) if rule.assumption else ""
    fix = fill_text(rule.fix, compiled.params.model_dump())
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
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
            **({"error_code": rule.error_code} if rule.error_code else {}),
        },
    }


def _source_line(claim: Claim) -> str:
    """A claim with its source, date and address, as an item of a list."""
    return f"- {claim.claim} ({', '.join(filter(None, (claim.name, claim.as_of, claim.url)))})"


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
    if finding.error_code is not None:
        result["properties"]["error_code"] = finding.error_code
    if finding.related is not None:
        result["relatedLocations"] = [{**_location(finding.related), "id": 1, "message": {"text": _("the other one")}}]
    if finding.autofix is not None and finding.autofix.copy is None:
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
    file, tab = part_tab(problem.where or "")
    notification: dict[str, Any] = {"level": "error", "message": {"text": _in_tab(tab, problem.advice)}}
    if file:
        region = {"region": {"startLine": problem.line, "startColumn": problem.column or 1}} if problem.line else {}
        notification["locations"] = [{"physicalLocation": {"artifactLocation": _artifact(file), **region}}]
    return notification


def _location(place: Place) -> dict[str, Any]:
    file, tab = part_tab(place.file)
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": _artifact(file), "region": _region(place)}}
    return location if tab is None else location | {"logicalLocations": [{"name": tab, "kind": "member"}]}


def _region(place: Place) -> dict[str, int]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _artifact(name: str) -> dict[str, str]:
    return {"uri": quote(name)} if not name.startswith("/") else {"uri": "file://" + quote(name)}


def render_junit(linted: LintResult, paint: Paint, width: int) -> Report:  # noqa: ARG001 - no terminal
    """One XML document: a test suite a file and a test case a post, which fails with its findings.

    Where GitLab would refuse it all, posts without findings and then those with the least severe ones are left out.
    """
    from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite
    from junitparser.junitparser import FinalResult

    by_case: dict[tuple[str, str], list[FinalResult]] = {}
    severities: dict[tuple[str, str], str] = {}
    for problem in linted.problems:
        name = _("line {line}", line=problem.line) if problem.line else "read"
        case = problem.where or "plan", name
        by_case.setdefault(case, []).append(Error(_in_xml(problem.advice), "unreadable"))
        severities[case] = SEVERITIES[0]
    ids = linted.calendar.posts.column_or_null("post_id")
    for position, plan in enumerate(linted.calendar.plans):
        for row in (linted.calendar.plan_of == position).nonzero()[0].tolist():
            by_case.setdefault((plan.name, text_at(ids, row) or ""), [])
    for finding in linted.findings:
        place, text, case = finding.place, f"{finding.code} {finding.message}", (finding.place.file, finding.subject)
        failure = Failure(_in_xml(text), finding.severity)
        failure.text = _in_xml(f"{place.file}:{place.line}:{place.column}: {text}\n{finding.fix}")
        by_case.setdefault(case, []).append(failure)
        severities[case] = min(severities.get(case, finding.severity), finding.severity, key=SEVERITIES.index)

    def case_of(file: str, subject: str) -> TestCase:
        case = TestCase(_in_xml(subject), _in_xml(file))
        case.result = by_case[file, subject]
        return case

    def fit(cases: Sequence[tuple[str, TestCase]]) -> int:
        sizes = [len(case.tostring()) for _, case in cases]  # type: ignore[no-untyped-call]
        # An element, its attributes and its text are an object each.
        objects = [3 + 4 * len(case.result) for _, case in cases]
        by_size = limits.first_within(sizes, limits.JUNIT_SIZE - limits.ROOM)
        return min(by_size, limits.first_within(objects, limits.JUNIT_OBJECTS - limits.ROOM), limits.JUNIT_CASES)

    cases = [(file, case_of(file, subject)) for file, subject in by_case]
    kept = limits.most_severe(cases, [severities.get(case, SEVERITIES[-1]) for case in by_case], fit)
    notices = limits.counted("junit", len(cases) - len(kept), limits.POSTS_LEFT_OUT, kept=len(kept))
    suites: dict[str, TestSuite] = {}
    for file, kept_case in kept:
        suites.setdefault(file, TestSuite(_in_xml(file))).append(kept_case)  # type: ignore[no-untyped-call]
    report = JUnitXml("tiktok-coach")
    for suite in suites.values():
        for notice in notices:
            suite.add_property("warning", notice.text)
        report.add_testsuite(suite)
    report.update_statistics()  # type: ignore[no-untyped-call]
    return Report([report.tostring().decode("utf-8"), "\n"], notices)  # type: ignore[no-untyped-call]


def _in_xml(text: str) -> str:
    return re.sub(_NO_XML, "\ufffd", text)
