"""Proposes which column is which fact for a sheet whose headings stand over the wrong values."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

import numpy as np

from tiktok_coach.io.columns.names import BARE, Meaning
from tiktok_coach.io.columns.profile import Evidence, fits

# Of the counts of a post, the usual order of size.
BY_SIZE = ("views", "reach", "likes", "saves", "shares", "comments")
_TELLING = 3.0
# How much less a count is liked for each place that it lies from its usual order.
_STEP = 0.15


def proposal(
    spoken: Mapping[str, Sequence[Meaning]], held: Mapping[str, Evidence], settled: Mapping[str, str]
) -> dict[str, str]:
    """The facts that the headings name, each with the column whose values fit it best, all at once.

    Counts cannot be told apart by themselves; they are put in their usual order of size.
    """
    from scipy.optimize import linear_sum_assignment

    facts = list(
        dict.fromkeys(
            m.fact
            for known in spoken.values()
            for m in known[:1]
            if m.fact and m.sure >= BARE and m.fact not in settled
        )
    )
    names = [n for n in held if held[n].held and n not in settled.values()]
    if not facts or not names:
        return {}
    sizes = {n: float(np.median(counts)) for n in names if (counts := held[n].counts) is not None and len(counts)}
    largest_first = sorted(sizes, key=lambda n: -sizes[n])
    ranked = [f for f in BY_SIZE if f in facts]
    worth = np.zeros((len(facts), len(names)))
    for i, fact in enumerate(facts):
        for j, name in enumerate(names):
            if fits(fact, held[name]):
                worth[i, j] = _worth(fact, name, held[name], ranked, largest_first, sizes)
    rows, columns = linear_sum_assignment(-worth)
    return {facts[i]: names[j] for i, j in zip(rows, columns, strict=True) if worth[i, j] > 0}


def _worth(
    fact: str,
    name: str,
    column: Evidence,
    ranked: Sequence[str],
    largest_first: Sequence[str],
    sizes: Mapping[str, float],
) -> float:
    if fact in {"post_id", "link", "posted_at", "metrics_at", "completion_rate"}:
        return _TELLING - (0.5 if fact == "metrics_at" else 0)
    if fact in ranked:
        return 1.5 - _STEP * abs(ranked.index(fact) - largest_first.index(name))
    if fact == "duration_s":
        seconds = column.seconds
        usual = seconds is not None and 3 <= float(np.median(seconds)) <= 600
        # A length has few values, a count many.
        return (1.6 if usual else 0.4) + (0.2 if float(column.texts.nunique()) < 0.5 * len(column.texts) else 0)
    if fact == "caption":
        return 1 + min(1.0, float(column.texts.str.len().mean()) / 100)
    return 1.0 if name not in sizes else 0.5


def as_options(mapping: Mapping[str, str]) -> str:
    """A mapping as options of the command line, ready to paste.

    >>> as_options({"views": "Antal visninger"})
    "--column 'views=Antal visninger'"
    """
    return " ".join(f"--column {shlex.quote(f'{fact}={name}')}" for fact, name in mapping.items())
