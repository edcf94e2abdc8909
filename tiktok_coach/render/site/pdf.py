"""The report as a PDF, printed by Chromium where that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.render.output import atomic_file

BROWSERS = "chromium chromium-browser google-chrome google-chrome-stable chrome msedge microsoft-edge"
# Where Windows and macOS keep them, which is on no search path.
WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
MACOS = ("Google Chrome", "Chromium", "Microsoft Edge")
SECONDS = 120.0


def browser() -> str | None:
    """Where Chromium, or a browser made of it, is; None where there is none."""
    places: list[Path] = []
    if sys.platform == "win32":
        folders = [Path(os.environ[name]) for name in WINDOWS_FOLDERS if name in os.environ]
        places = [folder / program for folder in folders for program in WINDOWS]
    elif sys.platform == "darwin":
        places = [Path("/Applications") / f"{name}.app/Contents/MacOS/{name}" for name in MACOS]
    programs = (path for name in BROWSERS.split() if (path := shutil.which(name)))
    return next(programs, None) or next((str(place) for place in places if place.is_file()), None)


def needed() -> str:
    """Where the browser is. Raises CoachError without one."""
    program = browser()
    if program is None:
        raise CoachError(
            _("a PDF is printed by Chromium, which is not installed"),
            hint=_("install it, or write .html and print that"),
        )
    return program


def print_pdf(page: str, path: Path) -> None:
    """Print a page of HTML to a PDF. Raises CoachError without a browser, or where it fails."""
    program = needed()
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "report.html", Path(folder) / "report.pdf"
        source.write_text(page, "utf-8")
        options = ["--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"]
        command = [program, *options, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            # Chromium refuses its sandbox to root; the page runs one script, whose text it names itself.
            command.append("--no-sandbox")
        try:
            subprocess.run([*command, source.as_uri()], check=True, capture_output=True, timeout=SECONDS)  # noqa: S603 - a browser that the system names, and a file made here
        except (OSError, subprocess.SubprocessError) as error:
            raise CoachError(_("the browser could not print the report"), where=program) from error
        if not target.is_file():
            raise CoachError(_("the browser printed no report"), where=program)
        with atomic_file(path) as partial:
            partial.write_bytes(target.read_bytes())
