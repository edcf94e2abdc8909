"""How commands name standard input and standard output in place of a file."""

from __future__ import annotations

from pathlib import Path

DASH = Path("-")
