"""How to save what TikTok Studio's pages receive, step by step, in each browser's own words."""

from __future__ import annotations

import textwrap
from functools import partial

from tiktok_coach.core.translation import N_, _

_PRESERVE = N_("Tick “Preserve log”")
_SANITIZED = N_(
    "Right-click any line of the list → “Save all as HAR (sanitized)”, which leaves cookies out (older versions: “Save "
    "all as HAR with content”)"
)
_PLAIN = N_("Make a copy with only what is read, and delete the original:")
# Of each browser its name, how to open its tools, to keep what they list and to save it, and what to do with the file.
BROWSERS = {
    "chrome": (
        "Google Chrome",
        N_("Menu ⋮ → More Tools → Developer Tools (Ctrl+Shift+I, on a Mac ⌥⌘I), tab Network"),
        _PRESERVE,
        _SANITIZED,
        _PLAIN,
    ),
    "edge": (
        "Microsoft Edge",
        N_("Menu … → More tools → Developer tools (Ctrl+Shift+I, on a Mac ⌥⌘I), tab Network"),
        _PRESERVE,
        _SANITIZED,
        _PLAIN,
    ),
    "firefox": (
        "Firefox",
        N_("Menu ☰ → More tools → Web Developer Tools (Ctrl+Shift+E, on a Mac ⌥⌘E), tab Network"),
        N_("At the cog ⚙, tick “Persist Logs”"),
        N_("Right-click any line of the list → “Save All As HAR”"),
        N_("Firefox writes your cookies into the file. Make a copy without them, and delete the original:"),
    ),
    "safari": (
        "Safari",
        N_(
            "Settings → Advanced → Show features for web developers; then Develop → Show Web Inspector (⌥⌘I), "
            "tab Network"
        ),
        N_("Tick “Preserve Log”"),
        N_("“Export”, at the upper right of the list"),
        N_("Safari writes your cookies into the file. Make a copy without them, and delete the original:"),
    ),
}


def guide(browser: str, width: int) -> str:
    """The steps for one of BROWSERS as plain text, its lines broken between words."""
    breaks = partial(textwrap.fill, width=width, break_long_words=False, break_on_hyphens=False)
    lines = _text(browser).split("\n")
    # What goes on below a step stands under its words.
    return "\n".join(breaks(line, subsequent_indent="   " if line[:1].isdigit() else "") for line in lines)


def _text(browser: str) -> str:
    name, *steps = BROWSERS[browser]
    open_tools, keep, save, get = map(_, steps)
    return _(
        "How to save what TikTok Studio shows, with {browser}\n\nTikTok Studio shows you watch time, retention and "
        "where viewers come from, for every post; no download has them. Your browser has received them by then, "
        "and can save what it received. Nothing is asked of TikTok that its own pages do not ask.\n\n1. Log in at "
        "https://www.tiktok.com/tiktokstudio\n2. {open}. Leave it open.\n3. {keep}, then reload the page.\n4. Open "
        "https://www.tiktok.com/tiktokstudio/content and scroll down until no more posts come. Only then is the list "
        "whole.\n5. Open https://www.tiktok.com/tiktokstudio/analytics and each of its tabs (Overview, Content, "
        "Viewers, Followers), with the longest period.\n6. Open the analytics of your posts, the most viewed first, "
        "each with its tabs (Overview, Viewers, Engagement). Wait for the curves.\n   Step 9 names those that are "
        "still missing.\n7. {save}.\n8. {get}\n   tiktok-coach capture clean www.tiktok.com.har -o studio.har\n9. See "
        "what is in it, and which posts' pages to open still:\n   tiktok-coach capture check studio.har\n10. Use it "
        "like any export, beside the others:\n   tiktok-coach audit studio.har exports/\n",
        browser=name,
        open=open_tools,
        keep=keep,
        save=save,
        get=get,
    )
