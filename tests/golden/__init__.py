"""Golden outputs: what was looked at once and found right. UPDATE_GOLDEN=1 writes them anew, to be looked at again in the diff."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent


def same(name: str, text: str, *, wrapped: bool = True) -> bool:
    """Whether a text is the golden one of that name; without `wrapped`, wherever its lines are broken."""
    path = HERE / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, "utf-8")
    kept = path.read_text("utf-8")
    return text == kept if wrapped else text.split() == kept.split()
