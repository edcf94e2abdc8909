"""Which libraries are installed that some facts of videos and photos need."""

from __future__ import annotations

from importlib.util import find_spec

from tiktok_coach.media.text_lines import can_read

# A letter for each: credentials, codes. Text has one of its own, as it needs its models too.
LETTERS, TEXT = {"c2pa": "c", "zxingcpp": "q"}, "t"


def libraries() -> str:
    """A letter for each library that is installed: what was kept without one is measured anew with it."""
    letters = "".join(letter for name, letter in LETTERS.items() if find_spec(name) is not None)
    return f"{letters}{TEXT}" if can_read() else letters
