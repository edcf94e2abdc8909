"""drop: no more than a share of viewers leaves at once, wherever in the video that is."""

from __future__ import annotations

from pydantic import Field

from tiktok_coach.core.translation import N_, _, format_value
from tiktok_coach.rules.kind import NUMBERS, CheckKind, Outcome, Params, Subjects, known_mask, statuses

# Shares as people say them.
PARTS = {2 / 3: N_("two thirds"), 1 / 2: N_("half"), 2 / 5: N_("two in five"), 1 / 3: N_("a third")}
PARTS |= {1 / 4: N_("a quarter"), 1 / 5: N_("one in five"), 1 / 10: N_("one in ten")}
NEARLY = 0.035
WINDOW_S = 2


class Drop(Params):
    """At most `max` of those watching leave within two seconds."""

    max: float = Field(gt=0, lt=1)

    @property
    def condition(self) -> str:
        """When a subject passes."""
        return N_("{field} must be {max} at most")


def evaluate(subjects: Subjects, field: str, params: Drop) -> Outcome:
    """Pass where no more leave at once; `largest_drop_s` says from which second on they do."""
    losses = subjects.column_or_null(field)
    start = subjects.column_or_null("largest_drop_s")
    terms = {"start": lambda row: f"{start[row]:.0f}", "end": lambda row: f"{start[row] + WINDOW_S:.0f}"}
    terms["part"] = lambda row: in_words(float(losses[row]))
    return Outcome(statuses(losses <= params.max, known_mask(losses)), losses, terms)


def in_words(share: float) -> str:
    """A share as people say it, where it is near one of those; else in percent.

    >>> in_words(0.34), in_words(0.81)
    ('a third', '81%')
    """
    name = next((name for part, name in PARTS.items() if abs(share - part) <= NEARLY), None)
    return _(name) if name else format_value(share, ".0%")


KIND = CheckKind("drop", Drop, evaluate, fields=NUMBERS, terms={"value", "part", "start", "end"}, reads_results=True)
