"""What lint found as people read it: on a terminal, and as Markdown for a comment on a pull request."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

from tiktok_coach.core.translation import _, plural
from tiktok_coach.io.files.source_files import part_tab
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.finding import Finding
from tiktok_coach.plans.places import Place, SheetPlaces
from tiktok_coach.plans.plan import Plan
from tiktok_coach.render.escaping import markdown, one_line
from tiktok_coach.render.lint.limits import COMMENT_LENGTH, SEVERITIES, first_within, most_severe

# Puts a style (as Rich names them) on a text, or leaves it as it is.
Paint = Callable[[str, str], str]
STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
# What would move the caret from under its value, or play with the terminal, gives way to a sign of the same width.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
LEAD = 8
SIGNS = {"error": "🔴", "warning": "🟡", "info": "🔵"}


def plain(text: str, style: str) -> str:  # noqa: ARG001 - a Paint that paints nothing
    """The text as it is."""
    return text


def painted(text: str, style: str) -> str:
    """The text in a style, as terminals show it."""
    from rich.style import Style

    return Style.parse(style).render(text)


def summary(linted: LintResult) -> str:
    """What was found, in a line."""
    posts, files = len(linted.calendar.posts), len({part_tab(plan.name)[0] for plan in linted.calendar.plans})
    planned = _(
        "{posts} of {files}",
        posts=plural("{count:,} planned post", "{count:,} planned posts", posts),
        files=plural("{count:,} file", "{count:,} files", files),
    )
    silenced = _("; {count:,} more silenced", count=len(linted.suppressed)) if linted.suppressed else ""
    unread = ""
    if places := len(linted.problems):
        unread = plural("; {count:,} place could not be read", "; {count:,} places could not be read", places)
    if not linted.findings:
        return _("No findings in {seen}{silenced}{unread}.", seen=planned, silenced=silenced, unread=unread)
    counts = Counter(f.severity for f in linted.findings)
    texts = {
        "error": plural("{count:,} error", "{count:,} errors", counts["error"]),
        "warning": plural("{count:,} warning", "{count:,} warnings", counts["warning"]),
        "info": plural("{count:,} info", "{count:,} infos", counts["info"]),
    }
    text = _(
        "Found {findings} ({severities}) in {seen}{silenced}{unread}.",
        findings=plural("{count:,} finding", "{count:,} findings", len(linted.findings)),
        severities=", ".join(texts[s] for s in SEVERITIES if counts[s]),
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


def render_concise(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - lines are never cut
    """A line a finding: `file:line:column: code message`."""
    for finding in linted.findings:
        yield heading(finding, paint) + "\n"


def heading(finding: Finding, paint: Paint) -> str:
    """A finding in one line."""
    place = finding.place
    where = paint(one_line(place.file), "bold") + f":{place.line}:{place.column}: "
    mark = " [*]" if finding.autofix is not None else ""
    return f"{where}{paint(finding.code, STYLES[finding.severity])}{paint(mark, 'green')} {one_line(finding.message)}"


def render_full(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:
    """Every finding with its line and a caret under the value, how to mend it and, the first time, why it matters."""
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


def counts(linted: LintResult) -> list[dict[str, object]]:
    """A row a rule that was broken, the most frequent first."""
    counts = Counter((f.code, f.name, f.severity) for f in linted.findings)
    mended = Counter(f.code for f in linted.findings if f.autofix is not None)
    return [
        {"code": code, "name": name, "severity": severity, "count": count, "mendable": mended[code]}
        for (code, name, severity), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def render_statistics(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - rows are short
    """A line a rule: how often it was broken, instead of where."""
    rows = counts(linted)
    wide = max((len(str(row["count"])) for row in rows), default=0)
    for row in rows:
        mark = "[*]" if row["mendable"] else "   "
        code = paint(str(row["code"]), STYLES[str(row["severity"])])
        yield f"{row['count']:>{wide}}  {code}  {mark}  {row['severity']:<7}  {row['name']}\n"


def render_markdown(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - no terminal
    """A heading, a table and what could not be read, in pieces; no longer than GitHub takes a comment."""
    yield "### " + _("Content calendar") + f"\n\n{markdown(summary(linted))}\n"
    room = COMMENT_LENGTH
    if linted.problems:
        yield "\n**" + _("Cannot be read") + "**\n\n"
        problems = [f"- {markdown(str(problem))}\n" for problem in linted.problems]
        # Half of the comment is kept for the findings.
        listed = first_within(map(len, problems), room // 2)
        yield from problems[:listed]
        room -= sum(map(len, problems[:listed]))
        yield from _more(len(problems) - listed)
    if not linted.findings:
        return
    heads = ("", _("where"), _("rule"), _("finding"), _("fix"))
    yield "\n| " + " | ".join(heads).lstrip() + " |\n| --- | --- | --- | --- | --- |\n"
    rows = most_severe(
        [_row(finding) for finding in linted.findings],
        [finding.severity for finding in linted.findings],
        lambda rows: first_within(map(len, rows), room),
    )
    yield from rows
    yield from _more(len(linted.findings) - len(rows))


def _more(count: int) -> Iterator[str]:
    if count:
        text = plural(
            "and {count} more; the report of the run has it too",
            "and {count} more; the report of the run has them all",
            count,
        )
        yield f"\n{text}\n"


def _row(finding: Finding) -> str:
    place = finding.place
    where = f"{markdown(place.file)}:{place.line}:{place.column}"
    cells = (SIGNS[finding.severity], where, finding.code, markdown(finding.message), markdown(finding.fix))
    return f"| {' | '.join(cells)} |\n"
