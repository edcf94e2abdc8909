"""How to save what TikTok Studio's pages receive, step by step, in each browser's own words."""

from __future__ import annotations

BROWSERS = ("chrome", "edge", "firefox", "safari")
_OPEN = {
    "chrome": "Menu ⋮ → More Tools → Developer Tools (Ctrl+Shift+I, on a Mac ⌥⌘I), tab Network",
    "edge": "Menu … → More tools → Developer tools (Ctrl+Shift+I, on a Mac ⌥⌘I), tab Network",
    "firefox": "Menu ☰ → More tools → Web Developer Tools (Ctrl+Shift+E, on a Mac ⌥⌘E), tab Network",
    "safari": "Settings → Advanced → Show features for web developers; then Develop → Show Web Inspector (⌥⌘I), tab Network",
}
_KEEP = {
    "chrome": "Tick “Preserve log”",
    "edge": "Tick “Preserve log”",
    "firefox": "At the cog ⚙, tick “Persist Logs”",
    "safari": "Tick “Preserve Log”",
}
_SAVE = {
    "chrome": "Right-click any line of the list → “Save all as HAR (sanitized)”, which leaves cookies out (older versions: “Save all as HAR with content”)",
    "edge": "Right-click any line of the list → “Save all as HAR (sanitized)”, which leaves cookies out (older versions: “Save all as HAR with content”)",
    "firefox": "Right-click any line of the list → “Save All As HAR”",
    "safari": "“Export”, at the upper right of the list",
}
_NAMES = {"chrome": "Google Chrome", "edge": "Microsoft Edge", "firefox": "Firefox", "safari": "Safari"}
_PRIVATE = {
    "firefox": "Firefox writes your cookies into the file. Make a copy without them, and delete the original:",
    "safari": "Safari writes your cookies into the file. Make a copy without them, and delete the original:",
}
_PLAIN = "Make a copy that holds only what is read, and delete the original:"


def guide(browser: str) -> str:
    """The steps for one of BROWSERS, as plain text."""
    return f"""How to save what TikTok Studio shows, with {_NAMES[browser]}

TikTok Studio shows you watch time, retention and where viewers come from, for every post; no download holds them. Your browser
has received them by then, and can save what it received. Nothing is asked of TikTok that its own pages do not ask.

1. Log in at https://www.tiktok.com/tiktokstudio
2. {_OPEN[browser]}. Leave it open.
3. {_KEEP[browser]}, then reload the page.
4. Open https://www.tiktok.com/tiktokstudio/content and scroll down until no more posts come. Only then is the list whole.
5. Open https://www.tiktok.com/tiktokstudio/analytics and each of its tabs (Overview, Content, Viewers, Followers), with the longest period.
6. Open the analytics of your posts, the most viewed first, each with its tabs (Overview, Viewers, Engagement). Wait for the curves.
   Step 9 names those that are still missing.
7. {_SAVE[browser]}.
8. {_PRIVATE.get(browser, _PLAIN)}
   tiktok-coach capture clean www.tiktok.com.har -o studio.har
9. See what it holds, and which posts' pages to open still:
   tiktok-coach capture check studio.har
10. Use it like any export, beside the others:
   tiktok-coach audit studio.har exports/
"""
