"""What lint found as people read it: on a terminal, and as Markdown for a comment on a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.io.files.source_files import part_tab
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.finding import Finding
from tiktok_coach.plans.places import Place, SheetPlaces
from tiktok_coach.plans.plan import Plan
from tiktok_coach.render.escaping import markdown, one_line
from tiktok_coach.render.lint.excerpt import cells, excerpt, wrap
from tiktok_coach.render.lint.limits import COMMENT_LENGTH, SEVERITIES, first_within, most_severe

# Puts a style (as Rich names them) on a text, or leaves it as it is.
Paint = Callable[[str, str], str]
STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
# Columns of an excerpt beside its line's number and text; a narrower terminal than so many breaks lines.
LEAD, NARROWEST = 5, 40
WORDS = {"error": N_("error"), "warning": N_("warning"), "info": N_("hint")}
SIGNS = {"error": "🔴", "warning": "🟡", "info": "🔵"}


def plain(text: str, style: str) -> str:  # noqa: ARG001 - a Paint that paints nothing
    """The text as it is."""
    return text


def painted(text: str, style: str) -> str:
    """The text in a style, as terminals show it."""
    from rich.style import Style

    return Style.parse(style).render(text)


def summary(linted: LintResult) -> str:
    """The answer in a line: how many problems there are, and how many of them --fix corrects."""
    if not linted.calendar.plans:
        return _("No plan was read.")
    posts, files = len(linted.calendar.posts), len({part_tab(plan.name)[0] for plan in linted.calendar.plans})
    planned = _(
        "{posts} of {files}",
        posts=plural("{count:,} planned post", "{count:,} planned posts", posts),
        files=plural("{count:,} file", "{count:,} files", files),
    )
    if files and not (posts or linted.findings or linted.problems):
        return plural(
            "No posts are planned yet in {count:,} file.", "No posts are planned yet in {count:,} files.", files
        )
    more = []
    captions = linted.calendar.posts.column_or_null("caption").tolist()
    if silent := sum(not (caption or "").strip() for caption in captions):
        more.append(plural("{count:,} has no caption yet", "{count:,} have no caption yet", silent))
    if linted.suppressed:
        more.append(_("{count:,} more silenced", count=len(linted.suppressed)))
    if places := len(linted.problems):
        more.append(plural("{count:,} place could not be read", "{count:,} places could not be read", places))
    rest = "".join(f"; {text}" for text in more)
    if not linted.findings:
        return _("No problems in {posts}{rest}.", posts=planned, rest=rest)
    counts = Counter(f.severity for f in linted.findings)
    texts = {
        "error": plural("{count:,} error", "{count:,} errors", counts["error"]),
        "warning": plural("{count:,} warning", "{count:,} warnings", counts["warning"]),
        "info": plural("{count:,} hint", "{count:,} hints", counts["info"]),
    }
    text = _(
        "{problems} in {posts}: {severities}{rest}.",
        problems=plural("{count:,} problem", "{count:,} problems", len(linted.findings)),
        severities=", ".join(texts[s] for s in SEVERITIES if counts[s]),
        posts=planned,
        rest=rest,
    )
    corrected = sum(f.autofix is not None for f in linted.findings)
    return text + (plural(" --fix corrects {count}.", " --fix corrects {count}.", corrected) if corrected else "")


def answer(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:
    """What people read first: the summary, then what is expected of the videos."""
    yield from (paint(line, "bold") + "\n" for line in wrap(summary(linted), width))
    if not linted.curves:
        return
    from tiktok_coach.render.expected_curve import expected_text

    for row, curve in linted.curves.items():
        place = linted.calendar.place(row, "video_file")
        text = f"{one_line(place.file)}:{place.line}: {expected_text(curve)}"
        yield from (f"{line}\n" for line in wrap(text, width, "    "))


def render_concise(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - lines are never cut
    """A line a finding: `file:line:column: code message (severity)`."""
    for finding in linted.findings:
        yield heading(finding, paint) + "\n"


def heading(finding: Finding, paint: Paint) -> str:
    """A finding in one line."""
    place = finding.place
    where = paint(one_line(place.file), "bold") + f":{place.line}:{place.column}: "
    mark = " [*]" if finding.autofix is not None else ""
    code, severity = (paint(text, STYLES[finding.severity]) for text in (finding.code, _(WORDS[finding.severity])))
    return f"{where}{code}{paint(mark, 'green')} {one_line(finding.message)} ({severity})"


def render_text(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:
    """Every finding with its line and carets under the value, how to correct it and, the first time, why it matters."""
    plans = {plan.name: plan for plan in linted.calendar.plans}
    whys = {compiled.code: compiled.rule.why for compiled in linted.rules}
    explained: set[str] = set()
    width, shown = max(width - 1, NARROWEST), None
    for position, finding in enumerate(linted.findings):
        yield "\n" if position else ""
        yield from _full_heading(finding, paint, width)
        plan = plans.get(finding.place.file)
        # What was shown just above needs no second look.
        if plan is not None and finding.place != shown:
            yield from _excerpt(plan, finding.place, paint, STYLES[finding.severity], width)
            shown = finding.place
        if finding.code in whys and finding.code not in explained:
            explained.add(finding.code)
            yield from _labelled(_("why"), one_line(whys[finding.code]), paint, width)
        if finding.fix:
            yield from _labelled(_("fix"), one_line(finding.fix), paint, width)
        if finding.error_code is not None:
            text = _("TikTok would answer {error_code}", error_code=finding.error_code)
            yield from _labelled(_("API"), text, paint, width)
        if finding.related is not None:
            other = finding.related
            yield from _labelled(_("see"), f"{one_line(other.file)}:{other.line}:{other.column}", paint, width)


def _full_heading(finding: Finding, paint: Paint, width: int) -> Iterator[str]:
    """Where and what in bold, the severity and the code small at the end."""
    place = finding.place
    where = f"{one_line(place.file)}:{place.line}:{place.column}:"
    code = f"{_(WORDS[finding.severity])} {finding.code}{', --fix' if finding.autofix is not None else ''}"
    lines = list(wrap(one_line(finding.message), width, "    ", cells(where) + 1))
    used = cells(lines[-1]) + (cells(where) + 1 if len(lines) == 1 else 0)
    yield f"{where} {paint(lines[0], 'bold')}"
    yield from (f"\n{paint(line, 'bold')}" for line in lines[1:])
    yield (" " if used + cells(code) + 3 <= width else "\n    ") + paint(f"({code})", STYLES[finding.severity]) + "\n"


def _labelled(label: str, text: str, paint: Paint, width: int) -> Iterator[str]:
    """A text behind its label, in lines that are indented as far."""
    indent = " " * (5 + cells(label))
    lines = wrap(text, width, indent, len(indent))
    yield f"    {paint(label, 'dim')} {next(lines)}\n"
    yield from (f"{line}\n" for line in lines)


def _excerpt(plan: Plan, place: Place, paint: Paint, style: str, width: int) -> Iterator[str]:
    """The line of a place with carets under it, cut to the width round the place."""
    if isinstance(plan.places, SheetPlaces) and not plan.text:
        row = next((row for row in plan.places.sheet.rows if row.line == place.line), None)
        text = one_line(row.cells[place.column - 1] if row is not None and place.column <= len(row.cells) else "")
        name = cell_name(place)
        text, _begin, _end = excerpt(text, 0, 0, width - len(name) - 7)
        yield f"    {paint(name, 'dim')} {paint('|', 'dim')} {text}\n"
        return
    starts = plan.places.starts
    start = starts[place.line - 1]
    stop = starts[place.line] if place.line < len(starts) else len(plan.text)
    line = plan.text[start:stop].rstrip("\r\n")
    last = place.end_column - 1 if place.end_line == place.line else len(line)
    number = str(place.line)
    text, begin, end = excerpt(line, place.column - 1, last, width - LEAD - len(number))
    bar = paint("|", "dim")
    yield f"  {paint(number, 'dim')} {bar} {text}\n"
    yield f"  {' ' * len(number)} {bar} {' ' * begin}{paint('^' * (end - begin), style)}\n"


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
    corrected = Counter(f.code for f in linted.findings if f.autofix is not None)
    titles = linted.titles
    return [
        {
            "code": code,
            "name": name,
            "title": titles[code],
            "severity": severity,
            "count": count,
            "mendable": corrected[code],
        }
        for (code, name, severity), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def render_statistics(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - rows are short
    """A line a rule: how often it was broken, instead of where."""
    rows = counts(linted)
    wide = max((len(str(row["count"])) for row in rows), default=0)
    for row in rows:
        mark = "[*]" if row["mendable"] else "   "
        code = paint(str(row["code"]), STYLES[str(row["severity"])])
        yield f"{row['count']:>{wide}}  {code}  {mark}  {row['severity']:<7}  {row['title']}\n"


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
    heads = ("", _("where"), _("rule"), _("problem"), _("fix"))
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
