"""What an editor offers to do about a finding: mend it, silence it with a comment, explain it; or mend a whole file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.editor.diagnostics import of_finding
from tiktok_coach.editor.positions import Position
from tiktok_coach.editor.project import Linted, OpenFile, Project
from tiktok_coach.io.files.decoding import decode_document
from tiktok_coach.io.files.source_files import JSON
from tiktok_coach.linter.finding import MOVE, Edit, Finding
from tiktok_coach.linter.suppressions import COMMENT, is_within, text_spans
from tiktok_coach.plans.places import DocumentPlaces
from tiktok_coach.rules.lint_codes import NAMES

EXPLAIN = "tiktok-coach.explain"
QUICK_FIX, FIX_ALL = "quickfix", "source.fixAll.tiktok-coach"
KINDS = (QUICK_FIX, FIX_ALL)
_WORD = re.compile(r"[\w-]+")
Action = dict[str, Any]


def actions_at(
    linted: Linted, project: Project, file: OpenFile, start: int, end: int, only: Sequence[str] | None
) -> list[Action]:
    """What can be done about the findings between two offsets, and about the file where that is asked for.

    `only` are the kinds that the editor wants, of which each stands for those below it too; None is all.
    """

    def wants(kind: str) -> bool:
        return only is None or any(kind == wanted or kind.startswith(f"{wanted}.") for wanted in only)

    actions: list[Action] = []
    if wants(QUICK_FIX):
        if start == end:
            # Whoever only puts the cursor there means the line.
            line = file.positions.position(start)["line"]
            start, end = file.positions.line_span(line)
        here = [finding for finding in linted.findings_in(file.name) if _meets(finding, start, end)]
        for problem in linted.problems_in(file.name):
            actions += _of_problem(problem, file, start, end)
        for finding in _with_moves(here, linted, project, file):
            actions += _of_finding(finding, linted, file)
    # Many are the keys at which an editor asks for everything, and few the times when all of a file is to be mended.
    if only is not None and wants(FIX_ALL) and (edits := edits_of_all(project, linted, file)):
        actions.append({"title": _("Fix all problems that can be fixed safely"), "kind": FIX_ALL, **_edit(file, edits)})
    return actions


def edits_of_all(project: Project, linted: Linted, file: OpenFile) -> list[dict[str, Any]]:
    """The edits of a file that `lint --fix` would make."""
    content = project.lint(list(linted.files.values()), fix=True).run.changes.get(file.name)
    if content is None:
        return []
    old, new = file.text.splitlines(keepends=True), decode_document(content, file.name).splitlines(keepends=True)
    edits, starts = [], [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    for kind, first, last, new_first, new_last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            edits.append(_text_edit(file, starts[first], starts[last], "".join(new[new_first:new_last])))
    return edits


def explanation(code: str, linted: Linted) -> str:
    """A rule in a few sentences: what it asks for, why, what to do and who says so; empty for an unknown code."""
    compiled = next((rule for rule in linted.settings.every_rule if rule.code == code), None)
    if compiled is None:
        return ""
    rule, claim = compiled.rule, compiled.rule.sources[0]
    source = _("Source: {name}, {date}.", name=claim.name, date=claim.as_of)
    return f"{rule.title} ({code}). {rule.why} {source}"


def _meets(finding: Finding, start: int, end: int) -> bool:
    place = finding.place
    return place.start is not None and place.end is not None and place.start <= end and start <= place.end


def _with_moves(findings: Sequence[Finding], linted: Linted, project: Project, file: OpenFile) -> list[Finding]:
    """The findings, those on publish times with the mend that moves them, which lint makes where it is asked to."""
    movers = {rule.code for rule in linted.run.linted.rules if rule.rule.fix_kind == MOVE}
    if not any(finding.code in movers for finding in findings):
        return list(findings)
    moved = project.lint(list(linted.files.values()), move_slots=True).findings_in(file.name)
    with_move = {(one.code, one.place.start): one for one in moved if one.code in movers and one.autofix is not None}
    return [with_move.get((finding.code, finding.place.start), finding) for finding in findings]


def _of_finding(finding: Finding, linted: Linted, file: OpenFile) -> Iterator[Action]:
    diagnostics = [of_finding(finding, linted, file)]
    rules = {rule.code: rule.rule for rule in linted.run.linted.rules}
    fix, rule = finding.autofix, rules.get(finding.code)
    if fix is not None and fix.copy is None and all(edit.file == file.name for edit in fix.edits):
        title = rule.do if rule is not None else finding.fix
        if rule is not None and rule.fix_kind == MOVE:
            title = _("Move to {time}", time=fix.edits[0].text.replace("T", " "))
        edits = [_text_edit(file, edit.start, edit.end, edit.text) for edit in fix.edits]
        about = {"kind": QUICK_FIX, "diagnostics": diagnostics, "isPreferred": rule is None or rule.fix_kind != MOVE}
        yield {"title": f"{title} ({finding.code})", **about, **_edit(file, edits)}
    if rule is not None and (edit := silencing(finding, linted, file)) is not None:
        title = _("Silence {code} here", code=finding.code)
        edits = [_text_edit(file, edit.start, edit.end, edit.text)]
        yield {"title": title, "kind": QUICK_FIX, "diagnostics": diagnostics, **_edit(file, edits)}
    if rule is not None or finding.code in NAMES:
        title = _("Explain {code}", code=finding.code)
        command = {"title": title, "command": EXPLAIN, "arguments": [finding.code, file.uri]}
        yield {"title": title, "kind": QUICK_FIX, "diagnostics": diagnostics, "command": command}


def _of_problem(problem: CoachError, file: OpenFile, start: int, end: int) -> Iterator[Action]:
    """The word that was meant in place of the one that a plan has, where the problem's hint names it."""
    before, after = _("did you mean {close}?", close="\0").split("\0")
    hint = problem.hint or ""
    if problem.line is None or not (hint.startswith(before) and hint.endswith(after)):
        return
    meant, at = hint[len(before) : len(hint) - len(after)], file.positions.at(problem.line, problem.column or 1)
    word = _WORD.match(file.text, at)
    # The message speaks of this very word, and of no longer one; the hint of one word, and not of several.
    if word is None or _WORD.fullmatch(meant) is None or not (start <= word.end() and at <= end):
        return
    named = word[0] in re.findall(r"[\w.-]+", problem.problem.replace(f".{word[0]}", f" {word[0]}"))
    if named:
        title = _("Change to {meant}", meant=meant)
        edits = [_text_edit(file, at, word.end(), meant)]
        yield {"title": title, "kind": QUICK_FIX, "isPreferred": True, **_edit(file, edits)}


def silencing(finding: Finding, linted: Linted, file: OpenFile) -> Edit | None:
    """The comment that silences a finding at its line, or above where the line ends within a text; None where no
    comment can stand, as in JSON and sheets.
    """
    plan = linted.plans[file.name][0] if file.name in linted.plans else None
    if plan is None or not isinstance(plan.places, DocumentPlaces) or file.path.suffix.lower() in JSON:
        return None
    texts, line_number = text_spans(plan.places.document), (finding.whole or finding.place).line - 1
    start, end = file.positions.line_span(line_number)
    if (known := _codes_end(plan.text, start, end, texts)) is not None:
        return Edit(file.name, known, known, f", {finding.code}")
    if not is_within(texts, end):
        return Edit(file.name, end, end, f"   # coach: ignore[{finding.code}]")
    line = file.text[start:end]
    indent = line[: len(line) - len(line.lstrip())]
    above, stop = file.positions.line_span(line_number - 1) if line_number else (0, 0)
    known = _codes_end(plan.text, above, stop, texts) if file.text[above:stop].lstrip().startswith("#") else None
    if known is not None:
        return Edit(file.name, known, known, f", {finding.code}")
    # Above a post a comment speaks of the whole post, and within a text there is no place for one.
    if line.lstrip().startswith("- ") or is_within(texts, start):
        return None
    return Edit(file.name, start, start, f"{indent}# coach: ignore[{finding.code}]\n")


def _codes_end(text: str, start: int, end: int, texts: Sequence[tuple[int, int]]) -> int | None:
    """Where a further code goes in the comment of a line that silences some already."""
    for comment in COMMENT.finditer(text, start, end):
        if comment["codes"] is not None and not comment["file"] and not is_within(texts, comment.start()):
            return comment.end("codes")
    return None


def _text_edit(file: OpenFile, start: int, end: int, text: str) -> dict[str, Any]:
    span: dict[str, Position] = file.positions.range(start, end)
    return {"range": span, "newText": text}


def _edit(file: OpenFile, edits: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"edit": {"changes": {file.uri: list(edits)}}}
