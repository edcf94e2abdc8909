"""In which unit a column holds its fact: by its heading, the signs beside its numbers, and the numbers themselves."""

from __future__ import annotations

from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import N_
from tiktok_coach.io.columns.profile import LONGEST_S, ColumnProfile

UNIT_NAMES = {
    "s": N_("seconds"),
    "ms": N_("milliseconds"),
    "min": N_("minutes"),
    "h": N_("hours"),
    "%": N_("percent"),
    "share": N_("shares of 1"),
}


def infer_unit(fact: str, profile: ColumnProfile) -> str | None:
    """The unit of a column's bare numbers, of `schema.units_of` its fact; None where it tells none, or has none."""
    if COLUMNS[fact].unit != "s" or fact == "total_watch_time_s":
        return None
    return "ms" if (profile.median_s or 0) > LONGEST_S else None
