"""How to save what TikTok Studio's pages receive, step by step, in each browser's own words."""

from __future__ import annotations

from tiktok_coach.core.translation import N_, _

BROWSERS = ("chrome", "edge", "firefox", "safari")
_OPEN = {
    "chrome": N_("Menu ⋮ → More Tools → Developer Tools (Ctrl+Shift+I, on a Mac ⌥⌘I), tab Network"),
    "edge": N_("Menu … → More tools → Developer tools (Ctrl+Shift+I, on a Mac ⌥⌘I), tab Network"),
    "firefox": N_("Menu ☰ → More tools → Web Developer Tools (Ctrl+Shift+E, on a Mac ⌥⌘E), tab Network"),
    "safari": N_(
        "Settings → Advanced → Show features for web developers; then Develop → Show Web Inspector (⌥⌘I), tab Network"
    ),
}
_KEEP = {
    "chrome": N_("Tick “Preserve log”"),
    "edge": N_("Tick “Preserve log”"),
    "firefox": N_("At the cog ⚙, tick “Persist Logs”"),
    "safari": N_("Tick “Preserve Log”"),
}
_SAVE = {
    "chrome": N_(
        "Right-click any line of the list → “Save all as HAR (sanitized)”, which leaves cookies out (older versions: "
        "“Save all as HAR with content”)"
    ),
    "edge": N_(
        "Right-click any line of the list → “Save all as HAR (sanitized)”, which leaves cookies out (older versions: "
        "“Save all as HAR with content”)"
    ),
    "firefox": N_("Right-click any line of the list → “Save All As HAR”"),
    "safari": N_("“Export”, at the upper right of the list"),
}
_NAMES = {"chrome": "Google Chrome", "edge": "Microsoft Edge", "firefox": "Firefox", "safari": "Safari"}
_PRIVATE = {
    "firefox": N_("Firefox writes your cookies into the file. Make a copy without them, and delete the original:"),
    "safari": N_("Safari writes your cookies into the file. Make a copy without them, and delete the original:"),
}
_PLAIN = N_("Make a copy that holds only what is read, and delete the original:")


def guide(browser: str) -> str:
    """The steps for one of BROWSERS, as plain text."""
    return _(
        "How to save what TikTok Studio shows, with {browser}\n\nTikTok Studio shows you watch time, retention "
        "and where "
        "viewers come from, for every post; no download holds them. Your browser\nhas received them by then, and can "
        "save what it received. Nothing is asked of TikTok that its own pages do not ask.\n\n1. Log in at "
        "https://www.tiktok.com/tiktokstudio\n2. {open}. Leave it open.\n3. {keep}, then reload the page.\n4. Open "
        "https://www.tiktok.com/tiktokstudio/content and scroll down until no more posts come. Only then is the list "
        "whole.\n5. Open https://www.tiktok.com/tiktokstudio/analytics and each of its tabs (Overview, Content, "
        "Viewers, Followers), with the longest period.\n6. Open the analytics of your posts, the most viewed first, "
        "each with its tabs (Overview, Viewers, Engagement). Wait for the curves.\n   Step 9 names those that "
        "are still "
        "missing.\n7. {save}.\n8. {get}\n   tiktok-coach capture clean www.tiktok.com.har -o studio.har\n9. "
        "See what it "
        "holds, and which posts' pages to open still:\n   tiktok-coach capture check studio.har\n10. Use it like any "
        "export, beside the others:\n   tiktok-coach audit studio.har exports/\n",
        browser=_NAMES[browser],
        open=_(_OPEN[browser]),
        keep=_(_KEEP[browser]),
        save=_(_SAVE[browser]),
        get=_(_PRIVATE.get(browser, _PLAIN)),
    )
