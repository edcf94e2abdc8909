"""Scheduled posts as a plan, which `lint` and `simulate` read."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tiktok_coach.language.words import _
from tiktok_coach.report.draft.calendar import head
from tiktok_coach.report.escaping import json_text
from tiktok_coach.studies.capture import Scheduled


def as_plan(found: Scheduled) -> str:
    """The posts as a YAML plan, their times on the account's own clock."""
    zone = ZoneInfo(found.account.timezone or "UTC")
    lines = head(found.account, _("Scheduled in TikTok Studio."))
    for post in found.posts:
        lines += [
            f'  - id: "{post["post_id"]}"',
            f"    publish_at: {post['posted_at'].astimezone(zone).isoformat()}",
            f"    caption: {json_text(post.get('caption') or '')}",
        ]
        if "duration_s" in post:
            lines.append(f"    video: {{duration_s: {post['duration_s']:g}}}")
    return "\n".join(lines) + "\n"
