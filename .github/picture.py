"""Draws the README's picture: the real audit of the bundled bakery, as SVG. Run: python .github/picture.py"""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from pathlib import Path

from rich.console import Console

from tiktok_coach import auditing
from tiktok_coach.cli.inputs import load_rulebook
from tiktok_coach.config import read_config
from tiktok_coach.demo.bakery import write_bakery
from tiktok_coach.ingest.loading import load
from tiktok_coach.ingest.reading import Options
from tiktok_coach.report.terminal import print_audit

LINES = 58

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "bakery"
        write_bakery(folder)
        config = read_config(folder / "tiktok-coach.yaml")
        export = load([folder], Options(today=dt.date(2026, 11, 2), timezone=config.account.timezone))
        export = auditing.settled(export, config.account.account(), None)
        audit = auditing.audit(export, load_rulebook(config, [], [], []))
    full = Console(
        width=104, record=True, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False
    )
    print_audit(audit, full, top=3, every_post=False)
    shown = "\n".join(full.export_text(styles=True).splitlines()[:LINES])
    from rich.text import Text

    picture = Console(
        width=104, record=True, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False
    )
    picture.print(Text.from_ansi(shown))
    picture.save_svg(str(Path(__file__).with_name("audit.svg")), title="tiktok-coach audit bakery", unique_id="audit")
