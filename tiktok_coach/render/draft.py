"""A drafted calendar as a plan to be filled in, or as events for a calendar program."""

from __future__ import annotations

import datetime as dt

from tiktok_coach.analysis.draft import Draft
from tiktok_coach.core.account import Account
from tiktok_coach.core.translation import _
from tiktok_coach.render.escaping import json_text
from tiktok_coach.rules.checks.active_hours import spans

# What stands in a plan for its author to fill in; the last line ends it.
TO_FILL_IN = ("    caption:", "    hashtags:", "    video: {file: , duration_s: , hook_s: }", "    sound: {name: }\n")
LENGTH = dt.timedelta(minutes=15)


def as_plan(draft: Draft) -> str:
    """The slots as a YAML plan, with keys to be filled in."""
    said = _("Times to post: {spans}, from {basis}.", spans=spans(list(draft.hours)), basis=draft.basis)
    text = "\n".join([*head(draft.account, said), ""])
    for slot in draft.slots:
        text += "\n".join([f"  - id: {slot.name}", f"    publish_at: {slot.at.isoformat()}", *TO_FILL_IN])
    return text


def head(account: Account, text: str) -> list[str]:
    """The first lines of a plan: a word on it, whose it is, and the key of its posts."""
    fields = {
        "handle": f"@{account.handle}" if account.handle else None,
        "goal": list(account.goals) or None,
        "timezone": account.timezone,
        "country": account.country,
        "subcultures": list(account.subcultures) or None,
    }
    pairs = ", ".join(f"{key}: {json_text(value)}" for key, value in fields.items() if value)
    return [
        "# " + _("{said} Check it with: tiktok-coach lint", said=text),
        *([f"account: {{{pairs}}}"] if pairs else []),
        "posts:",
    ]


def as_ics(draft: Draft, now: dt.datetime) -> str:
    """The slots as iCalendar events of a quarter of an hour; the same slots give the same bytes on the same day."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//tiktok-coach//content calendar//EN")
    calendar.add("version", "2.0")
    for slot in draft.slots:
        event = Event()
        event.add("uid", f"{slot.name}@{draft.account.handle or 'tiktok-coach'}")
        event.add("dtstamp", now)
        event.add("dtstart", slot.at.astimezone(dt.UTC))
        event.add("dtend", (slot.at + LENGTH).astimezone(dt.UTC))
        event.add("summary", f"TikTok: {slot.name}")
        event.add("description", _("A time to post, from {basis}.", basis=draft.basis))
        calendar.add_component(event)
    return str(calendar.to_ical().decode("utf-8"))
