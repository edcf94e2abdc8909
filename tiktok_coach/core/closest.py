"""Which known name is written almost like a name that is not known."""

from __future__ import annotations

from collections.abc import Iterable

from tiktok_coach.core.translation import _


def closest(name: str, known: Iterable[str], *, least: float = 60, most: int = 1) -> list[tuple[str, float]]:
    """The known names most like `name`, best first, each with its likeness (0-100, at least `least`).

    >>> closest("hock_s", ["views", "hook_s"])[0][0]
    'hook_s'
    """
    from rapidfuzz import fuzz, process

    matches = process.extract(name, list(known), scorer=fuzz.ratio, score_cutoff=least, limit=most)
    return [(match, score) for match, score, _position in matches]


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A hint at the closest of the known names; None where none is like it."""
    matches = closest(name, known)
    return _("did you mean {close}?", close=matches[0][0]) if matches else None
