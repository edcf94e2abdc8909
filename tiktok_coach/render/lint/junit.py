"""junit: a test suite a file and a test case a post, which fails with its findings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite
from junitparser.junitparser import FinalResult

from tiktok_coach.core.facts import text_at
from tiktok_coach.core.translation import _
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.finding import Finding
from tiktok_coach.render.lint.text import Paint

# What XML 1.0 cannot hold.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """One XML document."""
    by_case: dict[tuple[str, str], list[Finding]] = {}
    ids = linted.calendar.posts.column_or_null("post_id")
    for position, plan in enumerate(linted.calendar.plans):
        for row in (linted.calendar.plan_of == position).nonzero()[0].tolist():
            by_case[plan.name, text_at(ids, row) or ""] = []
    for finding in linted.findings:
        by_case.setdefault((finding.place.file, finding.subject), []).append(finding)
    report = JUnitXml("tiktok-coach")
    suites: dict[str, TestSuite] = {}

    def add(file: str, subject: str, results: list[FinalResult]) -> None:
        case = TestCase(_text(subject), _text(file))
        case.result = results
        suites.setdefault(file, TestSuite(_text(file))).add_testcase(case)

    for problem in linted.problems:
        name = _("line {line}", line=problem.line) if problem.line else "read"
        add(problem.where or "plan", name, [Error(_text(problem.advice), "unreadable")])
    for (file, subject), findings in by_case.items():
        add(file, subject, [_failure(finding) for finding in findings])
    for suite in suites.values():
        report.add_testsuite(suite)
    report.update_statistics()  # type: ignore[no-untyped-call]
    yield report.tostring().decode("utf-8") + "\n"  # type: ignore[no-untyped-call]


def _failure(finding: Finding) -> Failure:
    place = finding.place
    failure = Failure(_text(f"{finding.code} {finding.message}"), finding.severity)
    failure.text = _text(f"{place.file}:{place.line}:{place.column}: {finding.code} {finding.message}\n{finding.fix}")
    return failure


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
