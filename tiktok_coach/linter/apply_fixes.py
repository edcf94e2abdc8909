"""Applies fixes: edits of files, proven by reading what they make, so that nothing but the value changes."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import pyarrow as pa

from tiktok_coach.core.facts import known_mask, value_at
from tiktok_coach.io.files.decoding import codec_of
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.finding import Copy, Edit, Fix
from tiktok_coach.linter.fixes import changed
from tiktok_coach.plans.load import ContentCalendar

# Files by name, as bytes; what makes a calendar of those that changed, and what gives a file's own.
Contents = Mapping[str, bytes]
Load = Callable[[Contents], ContentCalendar]
Read = Callable[[str], bytes]
# Far more than any calendar needs: a round mends every value once, and moves one post of each few hours.
ROUNDS = 500
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_OF_TIME = {"posted_at", "posted_at_precision", "clock_change"}


def apply_fixes(
    lint: Callable[[ContentCalendar], LintResult],
    load: Load,
    read: Read,
    may_copy: Callable[[Copy], bool] = lambda _copy: False,
) -> tuple[LintResult, dict[str, bytes], list[Fix], int]:
    """What is left after every fix, the files that change, the fixes that were made, and how many findings they fixed.

    `load` takes the contents of files that have changed so far; `read` gives a file's own. One fix can make room for
    another, so that it goes on until nothing changes. Fixes that need a copy of a file are made where it `may_copy`.
    """
    contents: dict[str, bytes] = {}
    calendar = load(contents)
    done: list[Fix] = []
    count = 0
    for _ in range(ROUNDS):
        linted = lint(calendar)
        accepted = fixes = _apart(linted, may_copy)
        applied = _applied(calendar, fixes, contents, load, read) if fixes else None
        if applied is None:
            # Not all at once: one by one.
            accepted, applied = [], (contents, calendar)
            for fix in fixes:
                if (more := _applied(calendar, [*accepted, fix], contents, load, read)) is not None:
                    accepted, applied = [*accepted, fix], more
        if not accepted:
            return linted, contents, done, count
        contents, calendar = applied
        done += accepted
        # One copy of a video may be what several rules ask for.
        count += sum(finding.autofix in accepted for finding in linted.findings)
    return lint(calendar), contents, done, count


def _apart(linted: LintResult, may_copy: Callable[[Copy], bool]) -> list[Fix]:
    """One fix of a value a round, and no two publish times that would come close to each other."""
    fixes: list[Fix] = []
    fixed_values: set[tuple[int, str]] = set()
    times: list[dt.datetime] = []
    for finding in linted.findings:
        fix = finding.autofix
        if fix is None or (fix.row, fix.column) in fixed_values or (fix.copy is not None and not may_copy(fix.copy)):
            continue
        if fix.column == "posted_at":
            if any(abs(fix.value - other) < linted.apart for other in times):
                continue
            times.append(fix.value)
        fixed_values.add((fix.row, fix.column))
        fixes.append(fix)
    return fixes


def _applied(
    before: ContentCalendar, fixes: Sequence[Fix], contents: Contents, load: Load, read: Read
) -> tuple[dict[str, bytes], ContentCalendar] | None:
    """The files and the calendar that fixes make; None where they change anything else, or not what they are to."""
    changes = _edited(before, fixes, contents, read)
    if {fix.edits[0].file for fix in fixes} - set(changes):
        return None
    applied = {**contents, **changes}
    after = load(applied)
    if len(after.problems) != len(before.problems) or len(after.posts) != len(before.posts):
        return None
    allowed: dict[str, set[int]] = {}
    for fix in fixes:
        # Of a copy nothing is measured yet.
        new_facts = {"measured", *before.measured, *after.measured} if fix.copy is not None else set()
        for name in _OF_TIME if fix.column == "posted_at" else {fix.column, *new_facts}:
            allowed.setdefault(name, set()).add(fix.row)
    for name in {*before.posts.names, *after.posts.names} - {"account"}:
        old, new = before.posts.column_or_null(name), after.posts.column_or_null(name)
        if isinstance(old, pa.Array):
            pairs = enumerate(zip(old.tolist(), new.tolist(), strict=True))
            differing = {row for row, (value, new_value) in pairs if value != new_value}
        else:
            differing = {*((old != new) & (known_mask(old) | known_mask(new))).nonzero()[0].tolist()}
        if differing - allowed.get(name, set()):
            return None
    values = ((fix.value, value_at(after.posts.column_or_null(fix.column), fix.row)) for fix in fixes)
    return (applied, after) if all(fixed is None or value == fixed for fixed, value in values) else None


def _edited(calendar: ContentCalendar, fixes: Sequence[Fix], contents: Contents, read: Read) -> dict[str, bytes]:
    """The files that fixes change. One whose bytes its text does not give back is left as it is."""
    edits: dict[str, list[Edit]] = {}
    for fix in fixes:
        for edit in fix.edits:
            edits.setdefault(edit.file, []).append(edit)
    texts = {plan.name: plan.text for plan in calendar.plans}
    written = {}
    for file, of_file in edits.items():
        content = contents.get(file) or read(file)
        codec = codec_of(content)
        mark = content[:2] if codec.startswith("utf-16") else b""
        if mark + texts[file].encode(codec) == content:
            written[file] = mark + changed(texts[file], sorted(of_file, key=lambda e: e.start)).encode(codec)
    return written


def diff(name: str, before: bytes, after: bytes) -> Iterator[str]:
    """A unified diff of a file."""
    old, new = (_LINE.findall(content.decode(codec_of(content), "replace")) for content in (before, after))
    for line in difflib.unified_diff(old, new, name, name):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
