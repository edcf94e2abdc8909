"""Tabs of a workbook that are not read: of another platform by their name, hidden, empty, or nothing that is known."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tiktok_coach.core.notices import Notice
from tiktok_coach.core.translation import plural
from tiktok_coach.io.columns.rows import TIKTOK, platform_of
from tiktok_coach.io.files.source_files import SourceFile

# A cell that says that rows are TikTok's, whatever the tab is called.
_OF_TIKTOK = re.compile(r"(?i)tiktok\.com/|^\s*tik\s?tok\s*$")
_X_IN_WORDS = re.compile(r"(?i)\bx-(?=\w)")


def other_platform(tab: SourceFile) -> str | None:
    """The platform after which a tab is named, where it is not TikTok and no cell says so; None for any other file."""
    platform = platform_of(_X_IN_WORDS.sub("x", tab.tab_name)) if tab.tab_name else None
    if platform in {None, TIKTOK} or tab.sheet is None:
        return None
    return None if any(_OF_TIKTOK.search(cell) for row in tab.sheet.rows for cell in row.cells) else platform


def list_tabs(reasons: Mapping[str, str]) -> str:
    """Tabs by name, each with why it is not read."""
    return ", ".join(f"{name!r} ({reason})" for name, reason in reasons.items())


def left_tabs(book: SourceFile, reasons: Mapping[str, str], *, is_warning: bool = False) -> list[Notice]:
    """The one notice that names the tabs of a workbook that are not read; none where all are."""
    if not reasons:
        return []
    text = plural("the tab {tabs} is left out", "the tabs {tabs} are left out", len(reasons), tabs=list_tabs(reasons))
    return [Notice(book.name, text, level="warning" if is_warning else "info")]
