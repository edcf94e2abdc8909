"""Proposes which column is which fact for a sheet whose headings stand over the wrong values."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

import numpy as np

from tiktok_coach.io.columns.names import BARE, Meaning
from tiktok_coach.io.columns.profile import ColumnProfile, fits

# Of the counts of a post, the usual order of size.
BY_SIZE = ("views", "reach", "likes", "saves", "shares", "comments")
_TELLING = 3.0
# How much less a count is liked for each place that it lies from its usual order.
_STEP = 0.15


def proposal(
    candidates: Mapping[str, Sequence[Meaning]], profiles: Mapping[str, ColumnProfile], by_hand: Mapping[str, str]
) -> dict[str, str]:
    """The facts that the headings name, each with the heading of the column whose values fit it best, all at once.

    Counts cannot be told apart by themselves; they are put in their usual order of size.
    """
    from scipy.optimize import linear_sum_assignment

    firsts = [meanings[0] for meanings in candidates.values() if meanings]
    facts = list(dict.fromkeys(m.fact for m in firsts if m.fact and m.confidence >= BARE and m.fact not in by_hand))
    names = [n for n in profiles if profiles[n].filled_count and n not in by_hand.values()]
    if not facts or not names:
        return {}
    sizes = {n: float(np.median(counts)) for n in names if (counts := profiles[n].counts) is not None and len(counts)}
    largest_first = sorted(sizes, key=lambda n: -sizes[n])
    by_size = [f for f in BY_SIZE if f in facts]

    def fit(fact: str, name: str) -> float:
        profile = profiles[name]
        if not fits(fact, profile):
            return 0
        if fact in {"post_id", "link", "posted_at", "metrics_at", "completion_rate"}:
            return _TELLING - (0.5 if fact == "metrics_at" else 0)
        if fact in by_size:
            return 1.5 - _STEP * abs(by_size.index(fact) - largest_first.index(name))
        if fact == "duration_s":
            is_usual = profile.seconds is not None and 3 <= float(np.median(profile.seconds)) <= 600
            # A length has few values, a count many.
            is_repeated = float(profile.texts.nunique()) < 0.5 * len(profile.texts)
            return (1.6 if is_usual else 0.4) + (0.2 if is_repeated else 0)
        if fact == "caption":
            return 1 + min(1.0, float(profile.texts.str.len().mean()) / 100)
        return 1.0 if name not in sizes else 0.5

    worth = np.array([[fit(fact, name) for name in names] for fact in facts])
    rows, columns = linear_sum_assignment(-worth)
    return {facts[i]: names[j] for i, j in zip(rows, columns, strict=True) if worth[i, j] > 0}


def as_options(mapping: Mapping[str, str]) -> str:
    """A mapping as options of the command line, ready to paste.

    >>> as_options({"views": "Antal visninger"})
    "--column 'views=Antal visninger'"
    """
    return " ".join(f"--column {shlex.quote(f'{fact}={name}')}" for fact, name in mapping.items())
