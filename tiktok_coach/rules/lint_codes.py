"""The codes that are lint's own, which a config names beside those of rules, and which no rule file holds."""

from __future__ import annotations

from pathlib import Path

from tiktok_coach.core.translation import read_rows

_ROWS = read_rows(Path(__file__).with_suffix(".csv"))
# Their names, how bad each is, the names as words, why each is looked for, and where.
NAMES, SEVERITIES, TITLES, WHYS, ABOUT = (
    {row["code"]: row[key] for row in _ROWS} for key in ("name", "severity", "title", "why", "about")
)
