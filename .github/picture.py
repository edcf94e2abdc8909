"""Draws the README's pictures from real output: the audit of the bundled bakery, its report in Chromium, a lint. Run: python .github/picture.py"""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.text import Text

from tiktok_coach.demo.bakery import write_bakery
from tiktok_coach.files.opening import SourceFile
from tiktok_coach.lint.study import Wishes, study
from tiktok_coach.report.audit.terminal import print_audit
from tiktok_coach.report.lint.full import render
from tiktok_coach.report.lint.style import painted, summary
from tiktok_coach.report.site.gathering import gathered
from tiktok_coach.report.site.html import report_html
from tiktok_coach.report.site.printing import browser
from tiktok_coach.request.asked import Asked
from tiktok_coach.studies.audit import audit

LINES = 58
WIDTH = 104
NOW = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
PLAN = """\
account: {handle: "@mybakery", timezone: Europe/Copenhagen, subcultures: [foodtok]}
posts:
  - id: brunsviger
    publish_at: 2027-03-28 02:30
    caption: "Can you guess the secret ingredient? #foodtok #brunsviger #FoodTok"
    video: {file: brunsviger.mp4, duration_s: 14.2, width: 1920, height: 1080, hook_s: 5.5}
"""


def console() -> Console:
    """A console whose output is kept."""
    return Console(
        width=WIDTH, record=True, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False
    )


def save(shown: str, name: str, title: str) -> None:
    """The text, with its colours, as a picture beside this file."""
    picture = console()
    picture.print(Text.from_ansi(shown))
    picture.save_svg(str(Path(__file__).with_name(f"{name}.svg")), title=title, unique_id=name)


def audit_text() -> str:
    """The first lines of the bakery's audit."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "bakery"
        write_bakery(folder)
        found = audit(Asked(NOW, (folder,)))
    full = console()
    print_audit(found, full, top=3, every_post=False)
    return "\n".join(full.export_text(styles=True).splitlines()[:LINES])


def lint_text() -> str:
    """The lint of a small plan."""
    asked = Asked(NOW, ignore=("T204", "T202"))
    linted = study(asked, Wishes((SourceFile("plan.yaml", content=PLAN.encode()),))).linted
    return "".join(render(linted, painted, WIDTH)) + summary(linted)


def report_picture(path: Path) -> None:
    """The first screens of the bakery's report, as Chromium shows them."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        folder, page = Path(place) / "bakery", Path(place) / "report.html"
        write_bakery(folder)
        page.write_text(report_html(gathered(Asked(NOW, (folder,))), title=None, logo=None, now=NOW), "utf-8")
        opened = driver.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
        window = opened.new_page(viewport={"width": 1000, "height": 1400})
        window.goto(page.as_uri())
        window.screenshot(path=str(path))
        opened.close()


if __name__ == "__main__":
    report_picture(Path(__file__).with_name("report.png"))
    save(audit_text(), "audit", "tiktok-coach audit bakery")
    save(lint_text(), "lint", "tiktok-coach lint plan.yaml")
