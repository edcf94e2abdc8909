"""markdown: for a comment on a pull request, within the length that GitHub takes."""

from __future__ import annotations

from collections.abc import Iterator

from tiktok_coach.core.translation import _
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.finding import Finding
from tiktok_coach.render.escaping import markdown
from tiktok_coach.render.lint.style import Paint, summary

LONGEST = 60_000
SIGNS = {"error": "🔴", "warning": "🟡", "info": "🔵"}


def render(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """A heading, a table and what could not be read, in pieces."""
    yield "### " + _("Content calendar") + f"\n\n{markdown(summary(linted))}\n"
    if linted.problems:
        yield "\n**" + _("Cannot be read") + "**\n\n"
        for problem in linted.problems:
            yield f"- {markdown(str(problem))}\n"
    if not linted.findings:
        return
    heads = ("", _("where"), _("rule"), _("finding"), _("fix"))
    yield "\n| " + " | ".join(heads).lstrip() + " |\n| --- | --- | --- | --- | --- |\n"
    used = 0
    for position, finding in enumerate(linted.findings):
        row = _row(finding)
        used += len(row)
        if used > LONGEST:
            rest = len(linted.findings) - position
            yield "\n" + _("and {count} more; the report of the run has them all", count=rest) + "\n"
            return
        yield row


def _row(finding: Finding) -> str:
    place = finding.place
    where = f"{markdown(place.file)}:{place.line}:{place.column}"
    cells = (SIGNS[finding.severity], where, finding.code, markdown(finding.message), markdown(finding.fix))
    return f"| {' | '.join(cells)} |\n"
