"""Draws the README's picture anew: the first part of the audit of the bundled example.

Run: python benchmarks/pictures.py
"""

from __future__ import annotations

import datetime as dt
import io
import os
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tiktok_coach.demo.bakery import write_bakery
from tiktok_coach.report.audit.terminal import print_audit
from tiktok_coach.request.asked import Asked
from tiktok_coach.studies.audit import audit

WIDTH = 104
END = "Best posts"
PICTURE = Path(__file__).parents[1] / ".github" / "audit.svg"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_bakery(Path(folder) / "bakery")
        os.chdir(folder)
        found = audit(Asked(now=dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC), inputs=(Path("bakery"),)))
        written = io.StringIO()
        print_audit(
            found,
            Console(file=written, width=WIDTH, force_terminal=True, color_system="truecolor"),
            top=3,
            every_post=False,
        )
    shown = Console(record=True, width=WIDTH, file=io.StringIO())
    for line in written.getvalue().split(END)[0].rstrip().splitlines()[:-1]:
        shown.print(Text.from_ansi(line), soft_wrap=True)
    PICTURE.write_text(shown.export_svg(title="tiktok-coach audit bakery"), "utf-8")


if __name__ == "__main__":
    main()
