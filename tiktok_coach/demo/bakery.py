"""Writes the fictional bakery's files, each in the form in which TikTok, or a creator, would write it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd
from babel.dates import format_skeleton

from tiktok_coach.demo.simulation import DAYS, EXPORTED, HANDLE, WORDS, ZONE, simulate
from tiktok_coach.demo.storyboard import storyboard

BOM = "\ufeff"
BUSINESS_SINCE = pd.Timestamp("2026-02-01", tz="UTC")
TREND_DAYS = DAYS[DAYS.index(dt.date(2026, 7, 1)) :: 14]
LIST_LENGTH = 15
LIST = "https://www.tiktok.com/tiktok/creator/manage/item_list/v1/"
INSIGHT = "https://www.tiktok.com/aweme/v2/data/insight/"
FIRST_PAGE, NEXT_PAGE = 50, 10
HOURS, WEEK = 48, 7
# Share of a post's views that come within its first 48 hours.
EARLY = 0.45
# How watching falls: the rate at which viewers leave in seconds 1 to 3, and what adds to it or takes from it.
LEAVING, LATE_HOOK, INTRO, EMOTION = 0.13, 0.11, 0.10, -0.03
COMPLETION, LENGTH_SLOPE = 0.42, -0.5
COUNTRIES = [{"country_name": c, "country_vv_percent": v} for c, v in (("DK", 0.82), ("SE", 0.07), ("NO", 0.05))]
# Loops count as watching on top of the curve.
LOOPS = 1.15


def write_bakery(folder: Path, seed: int = 7) -> list[Path]:
    """Write every file below `folder` and give their paths; the same seed writes the same bytes."""
    rng = np.random.default_rng(seed)
    posts = simulate(rng)
    overview, viewers, history, active = _overview(rng, posts), _viewers(rng), _follower_history(rng), _active(rng)
    # A generator of its own, so that what stood here before it stays what it was.
    pages = np.random.default_rng([seed, 1])
    period = f"{DAYS[0]}_{int(EXPORTED.timestamp())}_{HANDLE}"
    by_day = zip(DAYS[-7:], active, strict=True)
    activity = [[_danish(day), hour, count] for day, counts in by_day for hour, count in enumerate(counts)]
    followers = {
        "FollowerHistory.csv": history,
        "FollowerActivity.csv": _studio_csv("activity", activity),
        "FollowerGender.csv": _studio_csv("gender", WORDS["genders"]),
        "FollowerTopTerritories.csv": _studio_csv("territory", WORDS["territories"]),
    }
    trends = WORDS["trends"] + "".join(WORDS["trend"].format(day=day) for day in TREND_DAYS)
    files: dict[str, bytes] = {
        "tiktok-coach.yaml": WORDS["config"].encode(),
        **_content_lists(posts),
        f"studio/Overview_{period}.zip": _zip({"Overview.csv": overview}),
        f"studio/Viewers_{period}.zip": _zip({"Viewers.csv": viewers}),
        f"studio/Followers_{HANDLE}.zip": _zip(followers),
        "business_suite_videos.csv": _business_suite(posts),
        "user_data_tiktok.json": _archive(posts),
        "sidecar.csv": _sidecar(rng, posts),
        "trends.yaml": trends.encode(),
        "studio_page.har": studio_page(pages, posts, active, seed),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


def _danish(day: dt.date) -> str:
    return str(format_skeleton("MMMMd", day, locale="da"))


def _csv(header: str, rows: Iterable[Iterable[object]], quoting: int) -> str:
    """CSV with a byte order mark; `header` is the name of its columns in WORDS."""
    stream = io.StringIO(BOM)
    stream.seek(0, io.SEEK_END)
    csv.writer(stream, quoting=quoting, lineterminator="\n").writerows([WORDS[header], *rows])  # type: ignore[arg-type]
    return stream.getvalue()


def _studio_csv(header: str, rows: Iterable[Iterable[object]]) -> bytes:
    """CSV as Studio writes it: every field quoted, no newline at the end."""
    return _csv(header, rows, csv.QUOTE_ALL).removesuffix("\n").encode()


def _zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 10, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _local_day(moment: pd.Timestamp) -> dt.date:
    day: dt.date = moment.tz_convert(ZONE).date()
    return day


def _content_lists(posts: pd.DataFrame) -> dict[str, bytes]:
    """A Content list of the most seen posts, downloaded at the end of every month, and one of the whole year."""
    by_views = posts.sort_values("views", ascending=False, kind="stable")
    files = {}
    for month, inside in by_views.groupby(by_views["posted"].dt.tz_convert(ZONE).dt.strftime("%Y-%m")):
        downloaded_on = min((pd.Period(str(month)) + 1).start_time.date(), EXPORTED.date())
        # As the top lists that cover the month's posts.
        for part, start in enumerate(range(0, len(inside), LIST_LENGTH), 1):
            name = f"studio/{month}/Content{'' if part == 1 else f' {part}'}.csv"
            files[name] = _content_list(inside.iloc[start : start + LIST_LENGTH], downloaded_on)
    year = _content_list(by_views.head(LIST_LENGTH), EXPORTED.date())
    return files | {f"studio/Content_{HANDLE}.zip": _zip({"Content.csv": year})}


def _content_list(posts: pd.DataFrame, downloaded_on: dt.date) -> bytes:
    # Counts of an early download are lower than those of the last one.
    share = 1.0 if downloaded_on == EXPORTED.date() else 0.8
    rows = []
    for row in posts.to_dict("records"):
        counts = [int(row[name] * share) for name in ("likes", "comments", "shares", "views")]
        rows.append([_danish(downloaded_on), row["caption"], _link(row), _danish(_local_day(row["posted"])), *counts])
    return _studio_csv("content", rows)


def _link(post: dict[Any, Any]) -> str:
    return f"https://www.tiktok.com/@{HANDLE}/video/{post['post_id']}"


def _overview(rng: np.random.Generator, posts: pd.DataFrame) -> bytes:
    per_day = posts.groupby(posts["posted"].map(_local_day))["views"].sum()
    rows = []
    for day in DAYS:
        views = int(rng.poisson(900) + per_day.get(day, 0) * 0.4)
        profile_views, likes = rng.poisson(views * 0.01), rng.poisson(views * 0.07)
        comments = int(rng.poisson(views * 0.006)) - int(rng.random() < 0.03) * 9
        rows.append([_danish(day), views, profile_views, likes, comments, rng.poisson(views * 0.008)])
    return _studio_csv("overview", rows)


def _viewers(rng: np.random.Generator) -> bytes:
    rows: list[list[object]] = [[_danish(day), "undefined", "0", "0"] for day in DAYS[:200]]
    for day in DAYS[200:]:
        new, returning = int(rng.poisson(520)), int(rng.poisson(140))
        rows.append([_danish(day), new + returning, new, returning])
    return _studio_csv("viewers", rows)


def _follower_history(rng: np.random.Generator) -> bytes:
    rows: list[list[object]] = []
    followers = 1840
    for number, day in enumerate(DAYS):
        change = int(rng.poisson(4)) - int(rng.random() < 0.3)
        followers += change
        rows.append([_danish(day), *(("undefined", 0) if number < 60 else (followers, change))])
    return _studio_csv("history", rows)


def _active(rng: np.random.Generator) -> list[list[int]]:
    """How many followers were there in each hour of the last seven days."""
    return [[int(rng.poisson(level * 9)) for level in WORDS["active"]] for _day in range(7)]


def _business_suite(posts: pd.DataFrame) -> bytes:
    rows = []
    for row in posts[posts["posted"] >= BUSINESS_SINCE].iloc[::-1].to_dict("records"):
        counts = [row[name] for name in ("views", "likes", "comments", "shares", "saves")]
        rows.append([row["caption"], _link(row), f"{row['posted']:%Y/%m/%d %H:%M:%S}", *counts])
    return _csv("business", rows, csv.QUOTE_MINIMAL).encode()


def _archive(posts: pd.DataFrame) -> bytes:
    newest_first = posts.sort_values("uploaded", ascending=False, kind="stable").to_dict("records")
    videos = [
        WORDS["archive"]
        | {
            "Date": f"{row['uploaded']:%Y-%m-%d %H:%M:%S}",
            "Link": f"https://example.invalid/storage/{number:06d}",
            "Likes": str(row["likes"]),
            "AllowStitches": "Yes" if row["allow_stitch"] else "No",
            "AllowDuets": "Yes" if row["allow_duet"] else "No",
            "Sound": f"{row['sound']} - {row['sound_artist']}",
        }
        for number, row in enumerate(newest_first)
    ]
    return json.dumps({"Post": {"Posts": {"VideoList": videos}}}, ensure_ascii=False, indent=1).encode()


def _sidecar(rng: np.random.Generator, posts: pd.DataFrame) -> bytes:
    """What the baker has noted of three posts in four."""
    table = posts.loc[rng.random(len(posts)) < 0.75, WORDS["sidecar"]]
    # The same film went up twice once; the baker wrote down the same file.
    table.loc[table.index[-1], "video_file"] = table["video_file"].iloc[-9]
    table[WORDS["flags"]] = table[WORDS["flags"]].replace({True: "yes", False: "no"})
    return str(table.to_csv(index=False, lineterminator="\n")).encode()


def studio_page(rng: np.random.Generator, posts: pd.DataFrame, active: list[list[int]], seed: int) -> bytes:
    """A HAR of the list of posts and of every post's insights, as a browser would have saved it, without cookies.
    `active` are followers by hour of the last days; `seed` is that of the storyboards.

    In this world a hook within three seconds holds viewers at second 3, an intro loses them before it, a late hook
    loses them where it comes, and long videos are finished less; pauses and text do what LEAVING_TRUTH says. So a
    method which looks for these can be held against the truth.
    """
    newest_first = posts.sort_values("posted", ascending=False, kind="stable")
    items = [_item(row) for row in newest_first.itertuples()]
    entries: list[dict[str, Any]] = []
    for start, end in pairwise([0, *range(FIRST_PAGE, len(items), NEXT_PAGE), len(items)]):
        size = FIRST_PAGE if start == 0 else NEXT_PAGE
        body = {"status_code": 0, "item_list": items[start:end], "cursor": end, "has_more": end < len(items)}
        query = {"cursor": start, "size": size, "query": {"conditions": []}}
        entries.append(_entry(LIST, body | {"is_limited": False}, len(entries), query))
    hours = [{"insigh_type": "follower_active_history_hours", "days": len(active), "end_days": 1}]
    days = [
        {"status": 0, "value": counts, "date_key": f"{day:%Y%m%d}"}
        for day, counts in zip(DAYS[-len(active) :], active, strict=True)
    ]
    entries.append(_insight_entry(hours, {"status_code": 0, "follower_active_history_hours": days}, len(entries)))
    leaving = {row["post_id"]: storyboard(row, seed).leaving for row in newest_first.to_dict("records")}
    # Of the average second neither more nor fewer leave for it.
    usual = float(np.mean(np.concatenate(list(leaving.values()))))
    for row in newest_first.itertuples():
        body = _insights(rng, row, leaving[row.post_id] / usual)
        requests = [{"insigh_type": name, "aweme_id": row.post_id} for name in body if name != "status_code"]
        entries.append(_insight_entry(requests, body, len(entries)))
    log = {"version": "1.2", "creator": {"name": "tiktok-coach demo", "version": "1"}, "entries": entries}
    return json.dumps({"log": log}, ensure_ascii=False, separators=(",", ":")).encode()


def _insight_entry(requests: list[dict[str, Any]], body: dict[str, Any], number: int) -> dict[str, Any]:
    query = urlencode({"tz_name": ZONE, "type_requests": json.dumps(requests, separators=(",", ":"))})
    return _entry(f"{INSIGHT}?{query}", body, number, None)


def _entry(url: str, body: dict[str, Any], number: int, post_data: dict[str, Any] | None) -> dict[str, Any]:
    moment = EXPORTED + dt.timedelta(seconds=2 * number)
    request: dict[str, Any] = {"method": "POST" if post_data else "GET", "url": url, "headers": [], "cookies": []}
    if post_data:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(post_data)}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    content = {"size": len(text), "mimeType": "application/json", "text": text}
    return {"startedDateTime": moment.isoformat(), "request": request, "response": {"status": 200, "content": content}}


def _item(row: Any) -> dict[str, Any]:
    """One post of the list: counts as texts, the length in milliseconds."""
    counts = {"play": row.views, "like": row.likes, "comment": row.comments, "share": row.shares, "favorite": row.saves}
    return {
        "item_id": row.post_id,
        "desc": row.caption,
        "create_time": str(int(row.uploaded.timestamp())),
        "post_time": str(int(row.posted.timestamp())),
        "schedule_time": "0",
        "duration": int(row.duration_s * 1000),
        **{f"{name}_count": str(n) for name, n in counts.items()},
        "visibility": 1,
        "in_review": False,
        "is_pinned": False,
    }


def _value(value: Any) -> dict[str, Any]:
    return {"is_after_7d": False, "value": {"status": 0, **(value if isinstance(value, dict) else {"value": value})}}


def _key_values(shares: dict[str, float], digits: int) -> list[dict[str, Any]]:
    return [{"key": key, "value": round(float(share), digits)} for key, share in shares.items()]


def _insights(rng: np.random.Generator, row: Any, leaving: np.ndarray) -> dict[str, Any]:
    without_causes = _curve(rng, row)
    finished_count = int(rng.binomial(row.views, without_causes[-1]))
    hazard = -np.diff(np.log(np.maximum(without_causes, 1e-4)))
    curve = np.exp(-np.concatenate([[0.0], np.cumsum(hazard * leaving[: len(hazard)])]))
    finished_share = finished_count / max(int(row.views), 1) * float(curve[-1] / without_causes[-1])
    watch_s = float(np.trapezoid(curve) / (len(curve) - 1) * row.duration_s * LOOPS)
    for_you = float(rng.uniform(0.62, 0.92))
    beside = rng.dirichlet([4, 2, 2, 1]) * (1 - for_you)
    age = (EXPORTED - row.posted.to_pydatetime()).total_seconds() / 3600
    early = int(row.views * EARLY)
    hours = _spread(rng, early, np.exp(-np.arange(HOURS) / 12), int(age))
    days = _spread(rng, int(row.views * 0.75), np.exp(-np.arange(WEEK) / 1.5), int(age / 24))
    female = float(rng.uniform(0.56, 0.7))
    genders = {"female_vv": round(female, 3), "male_vv": round(0.98 - female, 3)}
    ages = dict(zip(("18-24", "25-34", "35-44", "45-54", "55+"), rng.dirichlet([30, 40, 18, 8, 4]), strict=True))
    names = ("play_count", "digg_count", "comment_count", "share_count", "collect_count")
    counts = dict(zip(names, (row.views, row.likes, row.comments, row.shares, row.saves), strict=True))
    traffic = {"For You": for_you, **dict(zip(("Follow", "Personal Profile", "Search", "Sound"), beside, strict=True))}
    own = [word.removeprefix("#") for word in row.caption.split() if word.startswith("#")]
    first = str(rng.choice(own if rng.random() < 0.6 else [*WORDS["searched"], "brød uden gær"]))
    seen = [{"timestamp": str(1000 * n), "value": round(float(share), 4)} for n, share in enumerate(curve)]
    return {
        "status_code": 0,
        "video_info": {
            "aweme_id": row.post_id,
            "desc": row.caption,
            "create_time": int(row.uploaded.timestamp()),
            "video": {"duration": int(row.duration_s * 1000)},
            "statistics": {name: int(n) for name, n in counts.items()},
            "author": {"unique_id": HANDLE},
            "status": {"private_status": 0},
        },
        "realtime_total_video_views": _value(int(row.views)),
        "video_per_duration_realtime": _value(round(watch_s, 2)),
        "video_total_duration_realtime": _value(round(watch_s * row.views)),
        "video_finish_rate_realtime": _value(round(min(finished_share, 1.0), 4)),
        "video_retention_rate_realtime": _value({"list": seen}),
        "video_traffic_source_percent_realtime": _value(_key_values(traffic, 4)),
        "item_search_terms": _value(_key_values({first: 0.21, "bageri odense": 0.08}, 2)),
        "video_new_followers": _value(int(rng.poisson(row.views * 0.002))),
        "total_video_uv": _value(int(row.views * 0.91)),
        "video_vv_history_48_hours": hours,
        "video_vv_history_7d": days,
        "video_viewer_follower_percent_realtime": _value(round(float(rng.uniform(0.05, 0.25)), 3)),
        "video_viewer_age_percent_realtime": _value(_key_values(ages, 3)),
        "video_viewer_gender_percent_realtime": _value(genders),
        "video_viewer_location_percent_realtime": _value({"country_percent_list": COUNTRIES}),
    }


def _curve(rng: np.random.Generator, row: Any) -> np.ndarray:
    """The share that still watches at every second of the video, from 1 at the start."""
    seconds = np.arange(int(row.duration_s) + 1)
    late, strong = row.hook_s > 3, row.opening_emotion != "neutral"
    rate = max(LEAVING + LATE_HOOK * late + INTRO * bool(row.intro) + EMOTION * strong + rng.normal(0, 0.02), 0.03)
    first = float(np.exp(-rng.uniform(0.08, 0.14)))
    third = first * float(np.exp(-2 * rate))
    finish = COMPLETION * (row.duration_s / 15) ** LENGTH_SLOPE * np.exp(-0.25 * late + rng.normal(0, 0.15))
    finish = float(np.clip(finish, 0.02, 0.9 * third))
    after = np.log(third / finish) / max(row.duration_s - 3, 1)
    curve = np.where(
        seconds <= 3, first * np.exp(-rate * np.maximum(seconds - 1, 0)), third * np.exp(-after * (seconds - 3))
    )
    curve[0] = 1.0
    if late and int(row.hook_s) + 1 < len(curve) - 1:
        curve[int(row.hook_s) + 1 :] *= rng.uniform(0.68, 0.85)
    return np.minimum.accumulate(np.clip(curve, 0.0, 1.0))


def _spread(rng: np.random.Generator, total: int, weights: np.ndarray, elapsed: int) -> list[dict[str, int]]:
    """Views parted over hours or days; those that have not come yet are not known."""
    # Not by `multinomial`, which draws other numbers in another version of NumPy.
    places = rng.choice(len(weights), total, p=weights / weights.sum())
    parts = np.bincount(places, minlength=len(weights))
    return [
        {"status": 0, "value": int(n)} if position < elapsed else {"status": 2, "value": 0}
        for position, n in enumerate(parts)
    ]
