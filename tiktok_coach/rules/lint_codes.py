"""The codes that are lint's own, which a config names beside those of rules, and which no rule file holds."""

from __future__ import annotations

from pathlib import Path

from tiktok_coach.core.translation import read_rows

_ROWS = read_rows(Path(__file__).with_suffix(".csv"))
# Their names, these as words, and why each is looked for.
NAMES, TITLES, WHYS = ({row["code"]: row[key] for row in _ROWS} for key in ("name", "title", "why"))
