"""What people type into a calendar, at random: letters, lines, pasted posts, and what breaks it for a while."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tiktok_coach.core.documents.document import read_yaml
from tiktok_coach.core.errors import CoachError

PIECES = (
    *(" ", "\n", "#", ": ", '"', "'", "- ", "{", "}", "[", "]", "&a ", "*a", "|", "\t", "\r\n", "\u2028", "\x85", "é"),
    *("🍞", "#bagedag ", "#brød #brød ", "  ", "03:30", "2026-12-24 18:30", "# coach: ignore[T401]", "video: {}"),
    *(
        "    privacy: everybody\n",
        "    captoin: a\n",
        "    ad: true\n",
        "  - caption: A new one #rye\n",
        "defaults: {}\n",
    ),
)


def edits(text: str, count: int, seed: int = 1) -> Iterator[str]:
    """The text after each of so many edits; what breaks it is taken back soon, as people do."""
    random, whole, broken_for = Random(seed), text, 0
    for _number in range(count):
        text = edited(text, random)
        yield text
        if is_whole(text):
            whole, broken_for = text, 0
        else:
            broken_for += 1
        if broken_for > random.choice((0, 0, 1, 3)):
            text, broken_for = whole, 0


def is_whole(text: str) -> bool:
    """Whether a text is YAML with a list of posts."""
    try:
        value = read_yaml(text, "plan.yaml").value
    except CoachError:
        return False
    return isinstance(value, dict) and isinstance(value.get("posts"), list)


def edited(text: str, random: Random) -> str:
    """The text after one edit."""
    lines = text.splitlines(keepends=True) or [""]
    at, line = random.randrange(len(text) + 1), random.randrange(len(lines))
    other = random.randrange(len(lines))
    kind = random.choice(("type", "type", "type", "piece", "piece", "delete", "line", "copy", "swap", "letter"))
    if kind == "type":
        return text[:at] + random.choice("abcdefghij klmno\u00e6pq") + text[at:]
    if kind == "piece":
        return text[:at] + random.choice(PIECES) + text[at:]
    if kind == "delete":
        return text[:at] + text[at + random.randint(1, 12) :]
    if kind == "letter":
        return text[:at] + random.choice("0123456789#") + text[at + 1 :]
    if kind == "line":
        del lines[line]
    elif kind == "copy":
        lines[line:line] = lines[other : other + random.randint(1, 6)]
    else:
        lines[line], lines[other] = lines[other], lines[line]
    return "".join(lines)
