"""Scheduled posts as a plan, which `lint` and `simulate` read."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tiktok_coach.analysis.capture import Scheduled
from tiktok_coach.core.translation import _
from tiktok_coach.render.draft.calendar import head
from tiktok_coach.render.escaping import json_text


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
