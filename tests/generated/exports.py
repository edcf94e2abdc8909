"""Well-known formats, with columns that the format does not know and others under names of people's own."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from babel.dates import format_skeleton

from tests.generated.columns import locale
from tests.generated.draw import Draw, Post, Says, draw_rows
from tests.generated.files import delimited, json_lines, workbook
from tests.generated.rows import sums

Fields = dict[str, tuple[str, Any]]


def _fact(name: str) -> Any:
    return lambda post: Says(_short(post.facts[name]), post.facts[name], 1e-6)


def _short(value: float) -> Any:
    return int(value) if value == int(value) else value


def _at(pattern: str) -> Any:
    return lambda post: Says(f"{post.at:{pattern}}", post.at.timestamp(), 1)


def _text(name: str) -> Any:
    return lambda post: Says(getattr(post, name), getattr(post, name))


def _unix(post: Post) -> Says:
    return Says(int(post.at.timestamp()), post.at.timestamp(), 1)


def _percent(post: Post) -> Says:
    return Says(f"{post.facts['completion_rate'] * 100:.2f}", post.facts["completion_rate"], 1e-4)


SCRAPER: Fields = {
    "id": ("post_id", _text("post_id")),
    "text": ("caption", _text("caption")),
    "createTimeISO": ("posted_at", _at("%Y-%m-%dT%H:%M:%S.000Z")),
    "diggCount": ("likes", _fact("likes")),
    "shareCount": ("shares", _fact("shares")),
    "playCount": ("views", _fact("views")),
    "commentCount": ("comments", _fact("comments")),
    "collectCount": ("saves", _fact("saves")),
    "webVideoUrl": ("link", _text("link")),
    "videoMeta.duration": ("duration_s", _fact("duration_s")),
    "authorMeta.name": ("account", _text("handle")),
    "musicMeta.musicName": ("sound", _text("sound")),
    "authorMeta.fans": ("followers", _fact("followers")),
}
SUITE: Fields = {
    "Video title": ("caption", _text("caption")),
    "Video link": ("link", _text("link")),
    "Post time": ("posted_at", _at("%Y/%m/%d %H:%M:%S")),
    "Video views": ("views", _fact("views")),
    "Likes": ("likes", _fact("likes")),
    "Comments": ("comments", _fact("comments")),
    "Shares": ("shares", _fact("shares")),
    "Add to Favorites": ("saves", _fact("saves")),
}
METRICOOL: Fields = {
    "Image": ("", lambda _: Says("")),
    "URL": ("", lambda _: Says("")),
    "Title": ("caption", _text("caption")),
    "Date": ("posted_at", _at("%Y-%m-%d %H:%M:%S")),
    "Link": ("link", _text("link")),
    "Type": ("", lambda _: Says("video")),
    "Views": ("views", _fact("views")),
    "Likes": ("likes", _fact("likes")),
    "Comments": ("comments", _fact("comments")),
    "Shares": ("shares", _fact("shares")),
    "Reach": ("reach", _fact("reach")),
    "Duration": ("duration_s", _fact("duration_s")),
    "Engagement": ("", lambda _: Says("1.2")),
    "Full video watched rate": ("completion_rate", _percent),
    "Total time watched seconds": ("total_watch_time_s", _fact("total_watch_time_s")),
    "Avg. time watched seconds": ("average_watch_time_s", _fact("average_watch_time_s")),
}
STUDIO: Fields = {
    "Time": ("", lambda _: Says("November 20")),
    "Video title": ("caption", _text("caption")),
    "Video link": ("link", _text("link")),
    "Post time": ("posted_at", _at("%B %d")),
    "Total likes": ("likes", _fact("likes")),
    "Total comments": ("comments", _fact("comments")),
    "Total shares": ("shares", _fact("shares")),
    "Total views": ("views", _fact("views")),
}
API: Fields = {
    "item_id": ("post_id", _text("post_id")),
    "create_time": ("posted_at", _unix),
    "caption": ("caption", _text("caption")),
    "share_url": ("link", _text("link")),
    "video_duration": ("duration_s", _fact("duration_s")),
    "video_views": ("views", _fact("views")),
    "likes": ("likes", _fact("likes")),
    "comments": ("comments", _fact("comments")),
    "shares": ("shares", _fact("shares")),
    "reach": ("reach", _fact("reach")),
    "average_time_watched": ("average_watch_time_s", _fact("average_watch_time_s")),
}
WEB: Fields = {
    "id": ("post_id", _text("post_id")),
    "desc": ("caption", _text("caption")),
    "createTime": ("posted_at", _unix),
    "author.uniqueId": ("account", _text("handle")),
    "stats.playCount": ("views", _fact("views")),
    "stats.diggCount": ("likes", _fact("likes")),
    "stats.commentCount": ("comments", _fact("comments")),
    "stats.shareCount": ("shares", _fact("shares")),
    "stats.collectCount": ("saves", _fact("saves")),
    "video.duration": ("duration_s", _fact("duration_s")),
    "music.title": ("sound", _text("sound")),
}
YTDLP: Fields = {
    "id": ("post_id", _text("post_id")),
    "description": ("caption", _text("caption")),
    "timestamp": ("posted_at", _unix),
    "duration": ("duration_s", _fact("duration_s")),
    "view_count": ("views", _fact("views")),
    "like_count": ("likes", _fact("likes")),
    "comment_count": ("comments", _fact("comments")),
    "repost_count": ("shares", _fact("shares")),
    "uploader": ("account", _text("handle")),
    "webpage_url": ("link", _text("link")),
    "extractor_key": ("", lambda _: Says("TikTok")),
}
# What people add to a format, or write in place of its own names.
MORE: Fields = {
    "Saves": ("saves", _fact("saves")),
    "New followers": ("new_followers", _fact("new_followers")),
    "Average watch time (s)": ("average_watch_time_s", _fact("average_watch_time_s")),
    "Video length (min)": (
        "duration_s",
        lambda p: Says(f"{p.facts['duration_s'] / 60:.4f}", p.facts["duration_s"], 0.01),
    ),
}
OTHER_NAMES = {
    "caption": "Caption",
    "likes": "Likes",
    "comments": "Comments",
    "posted_at": "Posted at (UTC)",
    "account": "Username",
    "views": "Views",
    "duration_s": "Duration (s)",
}


def _add(draw: Draw, name: str, fields: Fields, *, extra: bool = True) -> None:
    draw.kinds.add(name)
    renamed = set(draw.random.sample([*OTHER_NAMES], k=2)) if extra and draw.chance(0.25) else set()
    for heading, (fact, say) in fields.items():
        own = OTHER_NAMES[fact] if fact in renamed and heading not in OTHER_NAMES.values() else heading
        draw.add(fact or None, own, say, f"{name} {'renamed' if own != heading else 'own columns'}")
    known = {fact for fact, _say in fields.values()}
    for heading in draw.random.sample([*MORE], k=draw.random.randint(0, 2)) if extra else ():
        fact, say = MORE[heading]
        if fact not in known:
            draw.add(fact, heading, say, f"{name} with more")
    if extra and draw.chance(0.3):
        draw.add(None, "Remark", lambda _: Says("bake more"), f"{name} with more")


def scraper_csv(draw: Draw) -> None:
    """A scraper's table."""
    _add(draw, "scraper", SCRAPER)
    draw_rows(draw)
    draw.random.choice([delimited, workbook, json_lines])(draw)


def business_suite(draw: Draw) -> None:
    """Business Suite's list of videos, perhaps with a row of sums."""
    _add(draw, "business suite", SUITE)
    draw_rows(draw)
    if draw.chance(0.3):
        sums(draw)
    draw.random.choice([delimited, delimited, workbook])(draw)


def metricool(draw: Draw) -> None:
    """Metricool's list of posts."""
    draw.timezone = "UTC"
    _add(draw, "metricool", METRICOOL)
    draw_rows(draw)
    draw.random.choice([delimited, delimited, workbook])(draw)


def studio(draw: Draw) -> None:
    """Studio's list of posts, with days in the account's language."""

    def say(post: Post) -> Says:
        at = post.at.astimezone(draw.zone)
        text = format_skeleton("MMMMd", at, locale=locale(draw))
        return Says(text, post.at.timestamp(), 86_400, day=at.date())

    fields = STUDIO | {
        "Post time": ("posted_at", say),
        "Time": ("", lambda _: Says(format_skeleton("MMMMd", dt.date(2026, 11, 20), locale=locale(draw)))),
    }
    _add(draw, "studio", fields, extra=draw.chance(0.3))
    draw_rows(draw)
    delimited(draw)
    [body] = draw.files.values()
    draw.files = {"Content.csv": body}


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, value in flat.items():
        inner, *path = name.split(".") if ". " not in name else [name]
        place = record
        for key in path:
            place = place.setdefault(inner, {})
            inner = key
        place[inner] = value
    return record


def api(draw: Draw) -> None:
    """An answer of the Business API."""
    _add(draw, "api", API)
    draw_rows(draw)
    draw.files["videos.json"] = json.dumps({"data": {"videos": [row.cells for row in draw.rows]}}).encode()


def web(draw: Draw) -> None:
    """TikTok's own JSON, of a page or a scraper, with rounded counts beside the exact ones."""
    _add(draw, "web json", WEB)
    draw_rows(draw)
    records = [_nested(row.cells) for row in draw.rows]
    if draw.chance(0.5):
        draw.kinds.add("statsV2 beside stats")
        for record in records:
            stats = record.get("stats", {})
            record["statsV2"] = {name: str(value) for name, value in stats.items()}
            record["stats"] = {n: (v if v < 10_000 else round(v, -3)) for n, v in stats.items()}
    value = records if draw.chance(0.5) else {"itemList": records, "hasMore": False}
    draw.files["items.json"] = json.dumps(value).encode()


def ytdlp(draw: Draw) -> None:
    """A file a post, of which some are of another site."""
    _add(draw, "yt-dlp", YTDLP, extra=False)
    draw_rows(draw)
    for row in draw.rows:
        assert row.post is not None
        draw.files[f"{row.post.post_id}.info.json"] = json.dumps(row.cells).encode()
    if draw.chance(0.4):
        other = dict(draw.rows[0].cells) | {
            "id": "Z1MybpM2m1Q",
            "extractor_key": "Youtube",
            "webpage_url": "https://www.youtube.com/watch?v=Z1MybpM2m1Q",
        }
        draw.files["Z1MybpM2m1Q.info.json"] = json.dumps(other).encode()
        draw.left["Z1MybpM2m1Q"] = "Z1MybpM2m1Q"


FORMATS = (scraper_csv, scraper_csv, business_suite, metricool, studio, api, web, ytdlp)
