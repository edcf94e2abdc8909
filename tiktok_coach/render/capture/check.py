"""What a capture holds: on a terminal, and as JSON."""

from __future__ import annotations

import datetime as dt

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tiktok_coach.analysis.capture import SCHEMA_VERSION, WANTED, Checked
from tiktok_coach.core.translation import _, fill, format_value
from tiktok_coach.render.escaping import json_text, one_line

FRESH = dt.timedelta(days=2)


def as_json(found: Checked, now: dt.datetime) -> str:
    """What captures hold as one JSON text."""
    value = {
        "schema_version": SCHEMA_VERSION,
        "files": list(found.files),
        "accounts": list(found.handles),
        "timezone": found.timezone,
        "list_is_whole": found.whole,
        "posts": len(found.posts),
        "with_insights": len(found.posts) - len(found.to_open),
        "planned": found.planned,
        "left_out": found.left_out,
        "insights": found.keys,
        "account_insights": list(found.account_keys),
        "oldest": found.oldest.isoformat() if found.oldest else None,
        "newest": found.newest.isoformat() if found.newest else None,
        "age_hours": round((now - found.newest) / dt.timedelta(hours=1), 1) if found.newest else None,
        "to_open": [
            {"post_id": p.post_id, "link": p.link, "views": p.views, "missing": list(p.missing)} for p in found.to_open
        ],
        "notices": [n.as_dict() for n in found.notices],
    }
    return json_text(value, indent=1) + "\n"


def print_check(found: Checked, console: Console, now: dt.datetime, *, top: int) -> None:
    """Print what captures hold, and which pages to open still."""
    named = ", ".join(f"@{one_line(h)}" for h in found.handles) or _("an account that no answer names")
    console.print(Text(f"{named}", style="bold"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    watched = len(found.posts) - len(found.to_open)
    table.add_row(_("posts"), Text(_posts(found)))
    table.add_row(_("list"), Text(*_list(found)))
    table.add_row(
        _("watching"),
        Text(
            _(
                "{watched} of {count} posts with completion, watch time and retention",
                watched=watched,
                count=len(found.posts),
            ),
            style=_colour(watched, len(found.posts)),
        ),
    )
    table.add_row(_("insights"), Text(_keys(found)))
    table.add_row(
        _("account"),
        Text(
            ", ".join(found.account_keys) or _("none; open the tabs of Analytics"),
            style="" if found.account_keys else "yellow",
        ),
    )
    table.add_row(_("taken"), Text(_taken(found, now)))
    if found.timezone:
        table.add_row(_("timezone"), Text(found.timezone))
    console.print(table)
    if found.to_open:
        console.print()
        console.print(Text(_("Pages to open still, the most viewed first"), style="bold"))
        console.print(_to_open(found, top))
        rest = len(found.to_open) - top
        if rest > 0:
            console.print(
                Text(
                    _("and {rest} more; --top {count} lists them all", rest=rest, count=len(found.to_open)), style="dim"
                )
            )


def _posts(found: Checked) -> str:
    beside = [
        _("{planned} scheduled", planned=found.planned) if found.planned else "",
        _("{left_out} private, in review or deleted", left_out=found.left_out) if found.left_out else "",
    ]
    more = ", ".join(part for part in beside if part)
    return _("{count:,} published", count=len(found.posts)) + (f"; {more}" if more else "")


def _list(found: Checked) -> tuple[str, str]:
    if found.whole is None:
        return _("not captured; open Posts and scroll to the end"), "yellow"
    return (_("whole"), "green") if found.whole else (_("not whole; scroll to its end and save again"), "yellow")


def _colour(part: int, whole: int) -> str:
    return "green" if whole and part == whole else "yellow"


def _keys(found: Checked) -> str:
    if not found.keys:
        return _("none; open the analytics of your posts")
    others = {key: n for key, n in found.keys.items() if key not in WANTED}
    return ", ".join(f"{key.removeprefix('video_').removesuffix('_realtime')} ({n})" for key, n in others.items()) or _(
        "none beside those"
    )


def _taken(found: Checked, now: dt.datetime) -> str:
    if found.newest is None or found.oldest is None:
        return _("at a time that the file does not say")
    age = now - found.newest
    told = _("{newest:%Y-%m-%d %H:%M} UTC", newest=found.newest)
    since = (
        _("{days} days ago", days=age.days)
        if age >= FRESH
        else _("{hours:.0f} hours ago", hours=max(age, dt.timedelta()) / dt.timedelta(hours=1))
    )
    begun = _(", begun {oldest:%Y-%m-%d}", oldest=found.oldest) if found.oldest.date() != found.newest.date() else ""
    return f"{told}, {since}{begun}"


def _to_open(found: Checked, top: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(_("views"), justify="right", no_wrap=True)
    table.add_column(_("page"), no_wrap=True, min_width=max(len(post.link) for post in found.to_open))
    table.add_column(_("post"), no_wrap=True, overflow="ellipsis")
    for post in found.to_open[:top]:
        views = "–" if post.views is None else format_value(post.views, ",")
        day = fill("{posted_at:%Y-%m-%d} ", posted_at=post.posted_at) if post.posted_at else ""
        table.add_row(views, Text(post.link), Text(day + one_line(post.caption, 40)))
    return table
