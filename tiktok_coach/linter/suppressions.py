"""Comments that silence findings: `# coach: ignore[T401] reason`, and which of them silence nothing.

At the end of a line it speaks of what begins on that line, on a line of its own of what begins on the next; where that
line begins a post, it speaks of the whole post. `# coach: ignore-file[T401] reason` speaks of the file.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence, Set
from itertools import chain
from operator import itemgetter
from pathlib import Path

from tiktok_coach.core.documents.document import Document, ListMarks, MapMarks, unpacked
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _
from tiktok_coach.linter.finding import NO_CODE, UNKNOWN_CODE, UNUSED, Finding, Suppressed
from tiktok_coach.plans.load import ContentCalendar
from tiktok_coach.plans.places import DocumentPlaces, Place
from tiktok_coach.plans.plan import Plan
from tiktok_coach.rules.lint_codes import NAMES, SEVERITIES

COMMENT = re.compile(
    r"#[ \t]*coach:[ \t]*ignore(?P<file>-file)?(?:[ \t]*\[(?P<codes>[^\]\r\n]*)\])?[ \t]*(?P<reason>[^\r\n]*)"
)
VERSION = "2"


@dataclass(frozen=True)
class Suppression:
    """One comment: the codes or prefixes that it silences, on which lines (None for the whole file)."""

    place: Place
    codes: tuple[str, ...]
    reason: str
    lines: tuple[int, int] | None


def suppressions_of(plan: Plan) -> list[Suppression]:
    """The comments of a plan that is a document; a sheet has none."""
    places = plan.places
    if not isinstance(places, DocumentPlaces) or "coach:" not in plan.text:
        return []
    texts = text_spans(places.document)
    post_lines = _post_lines(places)
    suppressions = []
    for comment in COMMENT.finditer(plan.text):
        if is_within(texts, comment.start()):
            continue
        place = places.between(comment.start(), comment.start() + len(comment[0].rstrip()))
        line_start = places.document.starts[place.line - 1]
        before = plan.text[line_start : comment.start()].strip()
        if before.startswith("#"):
            # A line that is commented out speaks of nothing.
            continue
        alone = not before
        codes = tuple(code.strip().upper() for code in (comment["codes"] or "").split(",") if code.strip())
        first = place.line + 1 if alone else place.line
        lines = None if comment["file"] else (first, post_lines.get(first, first))
        suppressions.append(Suppression(place, codes, comment["reason"].strip(), lines))
    return suppressions


def text_spans(document: Document) -> list[tuple[int, int]]:
    """Where the texts of a document stand, in their order; within them a # begins no comment."""
    spans = []
    # On a stack, since a long plan has tens of thousands.
    marks = [document.marks]
    while marks:
        mark = marks.pop()
        if isinstance(mark, int):
            _key, start, end = unpacked(mark)
            spans.append((start, end))
        elif isinstance(mark, MapMarks):
            marks.extend(mark.values())
        elif isinstance(mark, ListMarks):
            marks.extend(mark)
    return sorted(spans)


def is_within(spans: Sequence[tuple[int, int]], offset: int) -> bool:
    """Whether what begins at an offset is a part of one of the ordered spans."""
    at = bisect_right(spans, offset, key=itemgetter(0)) - 1
    return at >= 0 and offset < spans[at][1]


def _post_lines(places: DocumentPlaces) -> dict[int, int]:
    """The last line of the post that begins on each line."""
    starts, text = places.document.starts, places.document.text
    spans = (unpacked(mark)[1:] for mark in places.rows)
    trimmed = ((start, start + len(text[start:end].rstrip())) for start, end in spans)
    return {bisect_right(starts, start): bisect_right(starts, end) for start, end in trimmed}


def apply(
    findings: Sequence[Finding], calendar: ContentCalendar, ran: Set[str], known: Set[str]
) -> tuple[list[Finding], list[Suppressed]]:
    """The findings that no comment silences, with those on the comments themselves, and the silenced ones.

    `ran` are the codes of the rules that ran, `known` those of all rules: a comment on a rule that did not run is not
    called unused.
    """
    by_file = {plan.name: suppressions_of(plan) for plan in calendar.plans}
    used: set[Suppression] = set()
    reported: list[Finding] = []
    silenced: list[Suppressed] = []
    for finding in findings:
        of_code = [s for s in by_file.get(finding.place.file, ()) if finding.code.startswith(s.codes)]
        # A comment speaks of a whole value, of which a part may be at fault some lines below.
        lines = {place.line for place in (finding.place, finding.whole) if place is not None}
        covering = [s for s in of_code if s.lines is None or any(s.lines[0] <= line <= s.lines[1] for line in lines)]
        used.update(covering)
        if covering:
            silenced.append(Suppressed(finding, "inSource", covering[0].reason))
        else:
            reported.append(finding)
    for suppression in chain.from_iterable(by_file.values()):
        reported += _about(suppression, ran, known, used=suppression in used)
    return reported, silenced


def _about(suppression: Suppression, ran: Set[str], known: Set[str], *, used: bool) -> list[Finding]:
    """What is wrong with a comment itself."""
    codes = suppression.codes
    strange = [code for code in codes if not any(k.startswith(code) for k in known)]
    if not codes:
        code, message = NO_CODE, _("the comment names no rule")
        fix = _("Name the codes: # coach: ignore[T401] reason")
    elif strange:
        code, message = UNKNOWN_CODE, _("no rule's code begins with {names}", names=", ".join(strange))
        fix = _("`tiktok-coach rules` lists the codes.")
    elif used or not all(any(r.startswith(code) for r in ran) for code in codes):
        return []
    else:
        code, message = UNUSED, _("{names} silences nothing here", names=", ".join(codes))
        fix = _("Take the comment out.")
    place = suppression.place
    value = ", ".join(codes) or None
    return [Finding(code, NAMES[code], SEVERITIES[code], "high", message, fix, place, place.file, value=value)]


def as_baseline(findings: Sequence[Finding]) -> str:
    """The findings as a baseline file, in an order that does not change from run to run."""
    counts = Counter((f.place.file, f.code, f.subject, f.fingerprint) for f in findings)
    rows = [
        {"file": file, "code": code, "subject": subject, "fingerprint": fingerprint, "count": count}
        for (file, code, subject, fingerprint), count in sorted(counts.items())
    ]
    body = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{"schema_version": "{VERSION}", "findings": [\n  {body}\n]}}\n'


def is_baseline(path: Path) -> bool:
    """Whether a file is a baseline, of any version."""
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(value, dict) and value.keys() == {"schema_version", "findings"}


def read_baseline(path: Path) -> Counter[str]:
    """How often each fingerprint is known. Raises CoachError for a file that is not a baseline."""
    try:
        value = json.loads(path.read_text("utf-8"))
        known = Counter({str(row["fingerprint"]): int(row["count"]) for row in value["findings"]})
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = _("no such baseline") if isinstance(error, FileNotFoundError) else _("is not a baseline")
        raise CoachError(problem, where=str(path), hint=_("write one with --write-baseline")) from error
    if value.get("schema_version") != VERSION:
        problem, hint = _("is a baseline of another version"), _("write it again with --write-baseline")
        raise CoachError(problem, where=str(path), hint=hint)
    return known


def without_known(findings: Sequence[Finding], known: Counter[str]) -> tuple[list[Finding], list[Suppressed], int]:
    """The new findings, the known ones, and how many that the baseline knows are gone."""
    remaining = known.copy()
    new: list[Finding] = []
    old: list[Suppressed] = []
    for finding in findings:
        if remaining[finding.fingerprint] > 0:
            remaining[finding.fingerprint] -= 1
            old.append(Suppressed(finding, "external", _("known to the baseline")))
        else:
            new.append(finding)
    return new, old, sum(remaining.values())
