"""What a capture holds: a page and JSON; and its scheduled posts as a plan, which `lint` and `simulate` read."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from rich.text import Text

from tiktok_coach.analysis.capture import METRICS, SCHEMA_VERSION, CaptureCheck, ScheduledPosts
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.render.draft import head
from tiktok_coach.render.escaping import attributes, json_text, one_line
from tiktok_coach.render.pages.page import Facts, Inline, Page, Part, Table, TextColumn, Words, columns, line

FRESH = dt.timedelta(days=2)


def check_json(check: CaptureCheck, now: dt.datetime) -> str:
    """What captures hold as one JSON text."""
    newest = check.newest
    value = {
        "schema_version": SCHEMA_VERSION,
        "files": list(check.files),
        "accounts": list(check.handles),
        "timezone": check.timezone,
        "list_is_whole": check.whole,
        "posts": len(check.posts),
        "with_insights": len(check.posts) - len(check.to_open),
        **attributes(check, "planned left_out"),
        "insights": check.keys,
        "account_insights": list(check.account_keys),
        "oldest": check.oldest.isoformat() if check.oldest else None,
        "newest": newest.isoformat() if newest else None,
        "age_hours": round((now - newest) / dt.timedelta(hours=1), 1) if newest else None,
        "to_open": [attributes(post, "post_id link views missing") for post in check.to_open],
        "notices": [n.as_dict() for n in check.notices],
    }
    return json_text(value, indent=1) + "\n"


def check_page(check: CaptureCheck, now: dt.datetime, *, top: int) -> Page:
    """What captures hold, and which pages to open still."""
    title = ", ".join(f"@{one_line(h)}" for h in check.handles) or _("an account that no answer names")
    count, watched = len(check.posts), len(check.posts) - len(check.to_open)
    watching = plural(
        "{watched} of {count} post with completion, watch time and retention",
        "{watched} of {count} posts with completion, watch time and retention",
        count,
        watched=watched,
    )
    published = _("{count:,} published", count=count)
    others = [_("{planned} scheduled", planned=check.planned)] if check.planned else []
    if check.left_out:
        others.append(_("{left_out} private, in review or deleted", left_out=check.left_out))
    account = ", ".join(check.account_keys) or _("none; open the tabs of Analytics")
    listed = (_("whole"), "green") if check.whole else (_("not whole; scroll to its end and save again"), "yellow")
    if check.whole is None:
        listed = (_("not captured; open Posts and scroll to the end"), "yellow")
    rows = {
        _("posts"): Text(f"{published}; {', '.join(others)}" if others else published),
        _("list"): Text(*listed),
        _("watching"): Text(watching, style="green" if watched and watched == count else "yellow"),
        _("insights"): Text(_keys(check)),
        _("account"): Text(account, style="" if check.account_keys else "yellow"),
        _("taken"): Text(_taken(check, now)),
        **({_("timezone"): Text(check.timezone)} if check.timezone else {}),
    }
    parts: list[Part] = [Facts("", [[Text(name, style="dim"), text] for name, text in rows.items()], tight=True)]
    if check.to_open:
        parts += [line(""), _to_open(check, top)]
        if (rest := len(check.to_open) - top) > 0:
            more = _("and {rest} more; --top {count} lists them all", rest=rest, count=len(check.to_open))
            parts.append(Words(more, faint=True, tight=True))
    return Page(Text(title, style="bold"), parts)


def _keys(check: CaptureCheck) -> str:
    if not check.keys:
        return _("none; open the analytics of your posts")
    others = [(key, count) for key, count in check.keys.items() if key not in METRICS]
    names = (f"{key.removeprefix('video_').removesuffix('_realtime')} ({count})" for key, count in others)
    return ", ".join(names) or _("none beside those")


def _taken(check: CaptureCheck, now: dt.datetime) -> str:
    if check.newest is None or check.oldest is None:
        return _("at a time that the file does not say")
    age = now - check.newest
    at = _("{newest:%Y-%m-%d %H:%M} UTC", newest=check.newest)
    hours = max(age, dt.timedelta()) / dt.timedelta(hours=1)
    since = (
        plural("{count} day ago", "{count} days ago", age.days)
        if age >= FRESH
        else plural("{count} hour ago", "{count} hours ago", round(hours))
    )
    begun = _(", begun {oldest:%Y-%m-%d}", oldest=check.oldest) if check.oldest.date() != check.newest.date() else ""
    return f"{at}, {since}{begun}"


def _to_open(check: CaptureCheck, top: int) -> Table:
    rows: list[list[Inline]] = []
    for post in check.to_open[:top]:
        views = "–" if post.views is None else format_value(post.views, ",")
        day = fill("{posted_at:%Y-%m-%d} ", posted_at=post.posted_at) if post.posted_at else ""
        rows.append([views, Text(post.link), Text(day + one_line(post.caption, 40))])
    least = max(len(post.link) for post in check.to_open)
    heads = columns(N_("views"), TextColumn(N_("page"), least=least), TextColumn(N_("post")))
    return Table(_("Pages to open still, the most viewed first"), heads, rows)


def scheduled_plan(check: ScheduledPosts) -> str:
    """The posts as a YAML plan, their times on the account's own clock."""
    zone = ZoneInfo(check.account.timezone or "UTC")
    lines = head(check.account, _("Scheduled in TikTok Studio."))
    for post in check.posts:
        lines += [
            f'  - id: "{post["post_id"]}"',
            f"    publish_at: {post['posted_at'].astimezone(zone).isoformat()}",
            f"    caption: {json_text(post.get('caption') or '')}",
        ]
        if "duration_s" in post:
            lines.append(f"    video: {{duration_s: {post['duration_s']:g}}}")
    return "\n".join(lines) + "\n"
