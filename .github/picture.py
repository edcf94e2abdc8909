"""Draws the pictures of the documentation from real output: the audit of the bundled bakery, its report in Chromium, a lint. Run: python .github/picture.py"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
LINES = 58
WIDTH = 104
TODAY = ("--today", "2026-11-02")
# One with a pause that costs many viewers.
POST = "7535"
PLAN = """\
account: {handle: "@mybakery", timezone: Europe/Copenhagen, subcultures: [foodtok]}
posts:
  - id: brunsviger
    publish_at: 2027-03-28 02:30
    caption: "Can you guess the secret ingredient? #foodtok #brunsviger #FoodTok"
    video: {file: brunsviger.mp4, duration_s: 14.2, width: 1920, height: 1080, hook_s: 5.5}
"""


def printed(folder: Path, *words: str) -> str:
    """What a command prints in a folder on a terminal with colours."""
    terminal = {"FORCE_COLOR": "1", "COLORTERM": "truecolor", "TERM": "xterm-256color", "COLUMNS": str(WIDTH)}
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | terminal
    command = [sys.executable, "-m", "tiktok_coach", "--lang", "en", *words]
    return subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, check=True).stdout.decode()


def drawn(shown: str, name: str, title: str) -> str:
    """A text with its colours as an SVG."""
    picture = Console(width=WIDTH, record=True, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    picture.print(Text.from_ansi("\n".join(shown.splitlines()[:LINES])))
    return picture.export_svg(title=title, unique_id=name)


def texts(folder: Path) -> dict[str, str]:
    """The pictures of texts: what stands at the head of an audit of the bakery, and a lint of a small plan."""
    printed(folder, "demo", "bakery")
    (folder / "plan.yaml").write_text(PLAN, "utf-8")
    audit = printed(folder, "audit", "bakery", "--top", "3", "-q", *TODAY)
    lint = printed(folder, "lint", "plan.yaml", "--ignore", "T204", "--ignore", "T202", "--exit-zero", *TODAY)
    return {
        "audit.svg": drawn(audit, "audit", "tiktok-coach audit bakery"),
        "lint.svg": drawn(lint, "lint", "tiktok-coach lint plan.yaml"),
    }


def report(folder: Path) -> bytes:
    """The first screens of the bakery's report, as Chromium shows them."""
    from playwright.sync_api import sync_playwright

    from tiktok_coach.render.site.pdf import browser

    printed(folder, "report", "bakery", "-o", "report.html", *TODAY)
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
        window = opened.new_page(viewport={"width": 1000, "height": 1400})
        window.goto((folder / "report.html").as_uri())
        picture = window.screenshot()
        opened.close()
    return picture


def post(folder: Path) -> bytes:
    """How long viewers stay with one post of the bakery, as `retention` draws it."""
    printed(folder, "demo", "filmed", "--videos")
    printed(folder, "retention", "filmed", "--media", "filmed/videos", "--post", POST, "-o", "post.png", *TODAY)
    return (folder / "post.png").read_bytes()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for name, text in texts(Path(place)).items():
            (PICTURES / name).write_text(text, "utf-8")
        (PICTURES / "report.png").write_bytes(report(Path(place)))
        (PICTURES / "retention.png").write_bytes(post(Path(place)))
