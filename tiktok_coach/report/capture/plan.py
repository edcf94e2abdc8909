"""Scheduled posts as a plan, which `lint` and `simulate` read."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tiktok_coach.report.escaping import json_text
from tiktok_coach.studies.capture import Scheduled


def as_plan(found: Scheduled) -> str:
    """The posts as a YAML plan, their times on the account's own clock."""
    account = found.account
    told = {"handle": f"@{account.handle}" if account.handle else None, "timezone": account.timezone}
    held = ", ".join(f"{key}: {json_text(value)}" for key, value in told.items() if value)
    zone = ZoneInfo(account.timezone or "UTC")
    lines = ["# Scheduled in TikTok Studio. Check it with: tiktok-coach lint"]
    lines += [f"account: {{{held}}}"] if held else []
    lines.append("posts:")
    for post in found.posts:
        lines += [
            f'  - id: "{post["post_id"]}"',
            f"    publish_at: {post['posted_at'].astimezone(zone).isoformat()}",
            f"    caption: {json_text(post.get('caption') or '')}",
        ]
        if "duration_s" in post:
            lines.append(f"    video: {{duration_s: {post['duration_s']:g}}}")
    return "\n".join(lines) + "\n"
