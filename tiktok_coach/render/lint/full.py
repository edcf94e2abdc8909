"""full: every finding with its line and a caret under the value, how to mend it and, the first time, why it matters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from tiktok_coach.core.translation import _
from tiktok_coach.linter.check import LintResult
from tiktok_coach.plans.places import Place, SheetPlaces
from tiktok_coach.plans.plan import Plan
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.lint.concise import heading
from tiktok_coach.render.lint.style import STYLES, Paint

# What would move the caret from under its value, or play with the terminal, gives way to a sign of the same width.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
LEAD = 8


def render(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:
    """The findings, each in a block."""
    plans = {plan.name: plan for plan in linted.calendar.plans}
    whys = {compiled.code: compiled.rule.why for compiled in linted.rules}
    explained: set[str] = set()
    why, fix, see = (paint(word, "dim") for word in (_("why"), _("fix"), _("see")))
    for finding in linted.findings:
        yield heading(finding, paint) + "\n"
        plan = plans.get(finding.place.file)
        if plan is not None:
            yield from _excerpt(plan, finding.place, paint, STYLES[finding.severity], width)
        if finding.code in whys and finding.code not in explained:
            explained.add(finding.code)
            yield f"    {why} {one_line(whys[finding.code])}\n"
        if finding.fix:
            yield f"    {fix} {one_line(finding.fix)}\n"
        if finding.related is not None:
            yield f"    {see} {one_line(finding.related.file)}:{finding.related.line}:{finding.related.column}\n"
        yield "\n"


def _excerpt(plan: Plan, place: Place, paint: Paint, style: str, width: int) -> Iterator[str]:
    """The line of a place with carets under it, cut to the width round the place."""
    if isinstance(plan.places, SheetPlaces) and not plan.text:
        row = next((row for row in plan.places.sheet.rows if row.line == place.line), None)
        text = row.cells[place.column - 1] if row is not None and place.column <= len(row.cells) else ""
        yield f"    {paint(cell_name(place), 'dim')} {paint('|', 'dim')} {one_line(text, max(width - 16, 20))}\n"
        return
    starts = plan.places.starts
    start = starts[place.line - 1]
    stop = starts[place.line] if place.line < len(starts) else len(plan.text)
    line = _INVISIBLE.sub(" ", plan.text[start:stop].rstrip("\r\n"))
    first = place.column - 1
    last = place.end_column - 1 if place.end_line == place.line else len(line)
    room = max(width - LEAD - len(str(place.line)), 20)
    cut = max(0, min(first - room // 3, len(line) - room)) if len(line) > room else 0
    excerpt = line[cut : cut + room]
    before, under = line[cut:first], line[first : min(max(last, first + 1), cut + room)]
    gutter = " " * len(str(place.line))
    bar = paint("|", "dim")
    dots = "…" if cut else ""
    yield f"  {paint(str(place.line), 'dim')} {bar} {dots}{excerpt}{'…' if cut + room < len(line) else ''}\n"
    yield f"  {gutter} {bar} {' ' * (len(dots) + _cells(before))}{paint('^' * max(_cells(under), 1), style)}\n"


def _cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cell_name(place: Place) -> str:
    """A cell as spreadsheets name it.

    >>> cell_name(Place("plan.xlsx", 7, 28, 7, 29))
    'AB7'
    """
    letters, number = "", place.column
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{place.line}"
