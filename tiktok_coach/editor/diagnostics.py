"""What lint finds, as an editor shows it at the lines of a text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pygls.uris import from_fs_path

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.translation import _
from tiktok_coach.editor.positions import Range
from tiktok_coach.editor.project import Linted, OpenFile
from tiktok_coach.linter.finding import UNUSED, Finding
from tiktok_coach.plans.places import Place

SOURCE = "tiktok-coach"
# As the protocol numbers them.
SEVERITIES = {"error": 1, "warning": 2, "info": 3}
UNNECESSARY = 1
# Plain objects, as a calendar of thousands of posts has thousands of these at every stop of the keys.
Diagnostic = dict[str, Any]


def diagnostics_of(linted: Linted, file: OpenFile) -> list[Diagnostic]:
    """Everything that lint says of one open file, in the order of its lines."""
    shown = [_of_problem(problem, file) for problem in linted.problems_in(file.name)]
    shown += [_of_notice(notice, file) for notice in linted.notices_in(file.name)]
    return shown + [of_finding(finding, linted, file) for finding in linted.findings_in(file.name)]


def of_finding(finding: Finding, linted: Linted, file: OpenFile) -> Diagnostic:
    """A finding in an open file, at its place."""
    diagnostic: Diagnostic = {
        "range": file.positions.of(finding.place),
        "severity": SEVERITIES[finding.severity],
        "code": finding.code,
        "source": SOURCE,
        "message": f"{finding.message}\n{finding.fix}" if finding.fix else finding.message,
    }
    if finding.code in linted.links:
        diagnostic["codeDescription"] = {"href": linted.links[finding.code]}
    if finding.code == UNUSED:
        diagnostic["tags"] = [UNNECESSARY]
    if finding.related is not None and (related := _location(finding.related, linted, file)) is not None:
        diagnostic["relatedInformation"] = [{"location": related, "message": _("the other post")}]
    return diagnostic


def of_error(error: CoachError, file: OpenFile) -> list[Diagnostic]:
    """What keeps lint from running: the faults of a file itself, such as a config; else, at its beginning, of which."""
    own = [_of_problem(one, file) for one in (error, *error.others) if one.where == file.name]
    text = _("nothing is checked until this is mended: {error}", error=error.lines[0])
    return own or ([_of_problem(CoachError(text, where=file.name), file)] if file.speaks_of_posts else [])


def _of_problem(problem: CoachError, file: OpenFile) -> Diagnostic:
    span = _to_line_end(file, problem.line or 1, problem.column or 1)
    return {"range": span, "severity": SEVERITIES["error"], "source": SOURCE, "message": problem.advice}


def _of_notice(notice: Notice, file: OpenFile) -> Diagnostic:
    span = _to_line_end(file, notice.line or 1, 1)
    return {"range": span, "severity": SEVERITIES["warning"], "source": SOURCE, "message": notice.text}


def _to_line_end(file: OpenFile, line: int, column: int) -> Range:
    """From a line and a column to the end of the line, as what cannot be read has no end of its own."""
    positions = file.positions
    start = positions.at(line, column)
    end = positions.line_span(min(line, len(positions.starts)) - 1)[1]
    return positions.range(start, max(start, end))


def _location(place: Place, linted: Linted, file: OpenFile) -> dict[str, Any] | None:
    """Where a place of any plan is, as the editor of a file counts; None in a workbook."""
    positions = linted.positions_in(place.file, file.encoding)
    if positions is None:
        return None
    other = linted.files.get(place.file)
    uri = other.uri if other is not None else from_fs_path(str(Path(place.file).absolute()))
    return {"uri": uri, "range": positions.of(place)}
