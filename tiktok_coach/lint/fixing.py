"""Makes mends: edits of files that are proven by reading what they make, so that nothing but the mended value changes."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from tiktok_coach.facts import Array, known, text
from tiktok_coach.ingest.decoding import codec_of
from tiktok_coach.ingest.plans.loading import ContentCalendar
from tiktok_coach.lint.check import Linted
from tiktok_coach.lint.finding import Edit, Mend
from tiktok_coach.lint.mending import APART

# Files by name, as bytes.
Contents = Mapping[str, bytes]
# Far more than any calendar needs: a round mends every value once, and moves one post of each few hours.
ROUNDS = 500
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_OF_TIME = {"posted_at", "posted_at_precision", "clock_change"}


def mended(
    lint: Callable[[Contents], Linted], load: Callable[[Contents], ContentCalendar], read: Callable[[str], bytes]
) -> tuple[Linted, dict[str, bytes], int]:
    """What is left after every mend, the files that change, and how many findings were mended.

    `lint` and `load` take the contents of files that have changed so far; `read` gives a file's own. One mend can make room for
    another, so that it goes on until nothing changes.
    """
    contents: dict[str, bytes] = {}
    done = 0
    for _ in range(ROUNDS):
        linted = lint(contents)
        accepted = _accepted(linted, contents, load, read)
        if not accepted:
            return linted, contents, done
        contents = {**contents, **_edited(linted, accepted, contents, read)}
        done += len(accepted)
    return lint(contents), contents, done


def _accepted(
    linted: Linted, contents: Contents, load: Callable[[Contents], ContentCalendar], read: Callable[[str], bytes]
) -> list[Mend]:
    """The mends that change what they are to change and nothing else; all at once where that holds, else one by one."""
    mends = _apart(linted)
    if not mends or _holds(linted, mends, contents, load, read):
        return mends
    good: list[Mend] = []
    for mend in mends:
        if _holds(linted, [*good, mend], contents, load, read):
            good.append(mend)
    return good


def _apart(linted: Linted) -> list[Mend]:
    """One mend of a value a round, and no two publish times that would come close to each other."""
    chosen: list[Mend] = []
    taken: set[tuple[int, str]] = set()
    times: list[dt.datetime] = []
    for finding in linted.findings:
        mend = finding.mend
        if mend is None or (mend.row, mend.column) in taken:
            continue
        if mend.column == "posted_at":
            if any(abs(mend.value - other) < APART for other in times):
                continue
            times.append(mend.value)
        taken.add((mend.row, mend.column))
        chosen.append(mend)
    return chosen


def _holds(
    linted: Linted,
    mends: Sequence[Mend],
    contents: Contents,
    load: Callable[[Contents], ContentCalendar],
    read: Callable[[str], bytes],
) -> bool:
    changes = _edited(linted, mends, contents, read)
    if {m.edits[0].file for m in mends} - set(changes):
        return False
    after = load({**contents, **changes})
    before = linted.calendar
    if len(after.problems) != len(before.problems) or len(after.posts) != len(before.posts):
        return False
    allowed = {(m.row, m.column) for m in mends} | {
        (m.row, c) for m in mends if m.column == "posted_at" for c in _OF_TIME
    }
    for name in dict.fromkeys([*before.posts.names, *after.posts.names]):
        if name != "account" and _differing(before.posts.filled(name), after.posts.filled(name)) - {
            row for row, column in allowed if column == name
        }:
            return False
    return all(mend.value is None or _value(after, mend) == mend.value for mend in mends)


def _differing(old: Array, new: Array) -> set[int]:
    """The rows in which two columns differ."""
    if isinstance(old, pa.Array):
        return {row for row, (o, n) in enumerate(zip(old.to_pylist(), new.to_pylist(), strict=True)) if o != n}
    both = known(old) | known(new)
    found: list[int] = ((old != new) & both).nonzero()[0].tolist()
    return set(found)


def _value(calendar: ContentCalendar, mend: Mend) -> Any:
    held = calendar.posts.filled(mend.column)
    return text(held, mend.row) if isinstance(held, pa.Array) else held[mend.row].item()


def _edited(
    linted: Linted, mends: Sequence[Mend], contents: Contents, read: Callable[[str], bytes]
) -> dict[str, bytes]:
    """The files that the mends change. One whose bytes its text does not give back is left as it is."""
    edits: dict[str, list[Edit]] = {}
    for mend in mends:
        for edit in mend.edits:
            edits.setdefault(edit.file, []).append(edit)
    texts = {plan.name: plan.text for plan in linted.calendar.plans}
    changed = {}
    for file, of_file in edits.items():
        content = contents.get(file) or read(file)
        codec = codec_of(content)
        mark = content[:2] if codec.startswith("utf-16") else b""
        if mark + texts[file].encode(codec) == content:
            changed[file] = mark + _apply(texts[file], of_file).encode(codec)
    return changed


def _apply(text: str, edits: Sequence[Edit]) -> str:
    parts, at = [], 0
    for edit in sorted(edits, key=lambda e: e.start):
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def diff(name: str, before: bytes, after: bytes) -> Iterator[str]:
    """A unified diff of a file."""
    old, new = (_LINE.findall(content.decode(codec_of(content), "replace")) for content in (before, after))
    for line in difflib.unified_diff(old, new, name, name):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
