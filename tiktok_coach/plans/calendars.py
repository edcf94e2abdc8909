"""Content calendars that schedulers and people keep as tables: which headings tell one, and what its columns are.

Headings are compared without case. Rows for other platforms, and rows that are out already, are left out and counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tiktok_coach.plans.keys import columns_by_key

HANDLED = "tiktok"
# Words of a status column that say that a post is out, or never will be.
OUT = {"published", "posted", "live", "done", "cancelled", "canceled", "skipped"}
OUT |= {"udgivet", "veröffentlicht", "publicado", "publié"}
# A sheet with any of these holds results and is no plan.
RESULTS = {"views", "total views", "video views", "likes", "total likes", "playcount", "diggcount", "view_count"}


@dataclass(frozen=True)
class CalendarKind:
    """One kind of calendar. `columns` takes a column of the posts table to the heading that holds it.

    `required` headings tell the kind; `clock` holds the time where the day stands apart from it; `platforms` names the
    networks of a row, `ticked` is a column that is true for TikTok; `status` says whether the row is out. One that is
    not `is_certain` has headings that an export of posts may have as well.
    """

    name: str
    required: tuple[str, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    clock: str | None = None
    platforms: str | None = None
    ticked: str | None = None
    status: str | None = None
    is_certain: bool = True


SCHEDULERS = (
    CalendarKind(
        "metricool calendar",
        ("text", "date", "time", "draft", "tiktok", "picture url 1"),
        {"caption": "text", "posted_at": "date", "video_file": "picture url 1"},
        clock="time",
        ticked="tiktok",
    ),
    CalendarKind(
        "publer calendar",
        ("date - intl. format or prompt", "text", "media url(s) - separated by comma"),
        {
            "caption": "text",
            "posted_at": "date - intl. format or prompt",
            "video_file": "media url(s) - separated by comma",
            "title": "title - for the video, pin, pdf ..",
        },
    ),
    CalendarKind(
        "ayrshare calendar",
        ("post", "platforms", "mediaurls", "scheduledate"),
        {"caption": "post", "posted_at": "scheduledate", "video_file": "mediaurls"},
        platforms="platforms",
    ),
    CalendarKind(
        "tokportal calendar",
        ("name", "video_type", "video_url", "description", "target_publish_start_date"),
        {
            "post_id": "name",
            "caption": "description",
            "posted_at": "target_publish_start_date",
            "video_file": "video_url",
            "sound": "tiktok_sound_url",
        },
    ),
    CalendarKind(
        "buffer calendar",
        ("text", "image url", "tags", "posting time"),
        {"caption": "text", "posted_at": "posting time"},
    ),
)

# What people call a column in a calendar of their own, the plainest name first, `|` between.
_BY_HAND = {
    "caption": "caption|full caption|post caption|copy|post copy|text|tekst|beschreibung|légende|texto",
    "posted_at": "date|publish date|post date|posting date|scheduled date|dato|datum|fecha|date de publication|data",
    "clock": "time|post_time|post time|publish time|posting time|publish_time|tid|uhrzeit|hora|heure|tidspunkt",
    "hashtags": "hashtags|hashtag",
    "platforms": "platform|platforms|channel|network",
    "status": "status|state",
    "video_file": "media file|video file|video_file|file|asset",
    "duration_s": "duration|length|duration_s",
    "sound": "sound|audio|music",
    "post_id": "id|post id",
}


def recognised(headings: list[str]) -> CalendarKind | None:
    """The kind of calendar whose headings these are; None where they are of none."""
    names = set(headings)
    if names & RESULTS:
        return None
    kind = next((c for c in SCHEDULERS if names.issuperset(c.required)), None)
    return kind or _own(headings) or _by_hand(names)


def _own(headings: list[str]) -> CalendarKind | None:
    """The tool's own calendar: keys of a planned post, dotted or plain, with `publish_at` among them."""
    if "publish_at" not in headings:
        return None
    keys = {key.casefold(): column.name for key, column in columns_by_key().items()}
    columns: dict[str, str] = {}
    for name in headings:
        if name in keys:
            columns.setdefault(keys[name], name)
    return CalendarKind("calendar", ("publish_at",), columns, status="status" if "status" in headings else None)


def _by_hand(names: set[str]) -> CalendarKind | None:
    headings = {
        fact: next((n for n in candidates.split("|") if n in names), None) for fact, candidates in _BY_HAND.items()
    }
    if headings["caption"] is None or headings["posted_at"] is None:
        return None
    facts = {fact: name for fact, name in headings.items() if name and fact not in {"clock", "platforms", "status"}}
    return CalendarKind(
        "calendar kept by hand",
        (headings["caption"], headings["posted_at"]),
        facts,
        clock=headings["clock"],
        platforms=headings["platforms"],
        status=headings["status"],
        is_certain=False,
    )
