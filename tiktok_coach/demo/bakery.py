"""Writes the fictional bakery's files, each in the form in which TikTok, or a creator, would write it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from babel.dates import format_skeleton

from tiktok_coach.demo.simulation import EXPORTED, FIRST_DAY, HANDLE, LAST_DAY, ZONE, simulate
from tiktok_coach.demo.studio_page import studio_page
from tiktok_coach.demo.words import CHALLENGE, SEARCHED, TRENDING_SOUNDS

BOM = "\ufeff"
SIDECAR = [
    "post_id",
    "duration_s",
    "width",
    "height",
    "hook_s",
    "intro",
    "opening_emotion",
    "bpm",
    "effects",
    "native_text",
    "good_light",
    "clear_audio",
    "quick_cuts",
    "kind",
    "sound_trending",
    "sound_original",
    "replied_comments",
    "video_file",
]
CONTENT = [
    "Time",
    "Video title",
    "Video link",
    "Post time",
    "Total likes",
    "Total comments",
    "Total shares",
    "Total views",
]
BUSINESS = ["Video title", "Video link", "Post time", "Video views", "Likes", "Comments", "Shares", "Add to Favorites"]
BUSINESS_SINCE = pd.Timestamp("2026-02-01", tz="UTC")
LIST_LENGTH = 15
CONFIG = """\
# Who the account is; `tiktok-coach audit` finds this file beside the exports.
account:
  handle: "@ovnkrogen"
  type: business
  category: Food & Beverage
  timezone: Europe/Copenhagen
  language: da
  country: DK
  subcultures: [bagedag, foodtok]
  small_business: true
  comments_on_others: true
"""


def write_bakery(folder: Path, seed: int = 7) -> list[Path]:
    """Write every file below `folder` and give their paths; the same seed writes the same bytes."""
    rng = np.random.default_rng(seed)
    posts = simulate(rng)
    # A generator of its own, so that what stood here before it stays what it was.
    pages = np.random.default_rng([seed, 1])
    files: dict[str, bytes] = {
        "tiktok-coach.yaml": CONFIG.encode(),
        **_content_lists(posts),
        f"studio/Overview_{FIRST_DAY}_{int(EXPORTED.timestamp())}_{HANDLE}.zip": _zip(
            {"Overview.csv": _overview(rng, posts)}
        ),
        f"studio/Viewers_{FIRST_DAY}_{int(EXPORTED.timestamp())}_{HANDLE}.zip": _zip({"Viewers.csv": _viewers(rng)}),
        f"studio/Followers_{HANDLE}.zip": _zip(followers := _followers(rng)),
        "business_suite_videos.csv": _business_suite(posts),
        "user_data_tiktok.json": _archive(posts),
        "sidecar.csv": _sidecar(rng, posts),
        "trends.yaml": _trends(),
        "studio_page.har": studio_page(pages, posts, followers["FollowerActivity.csv"]),
    }
    paths = []
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    return paths


def _danish(day: dt.date) -> str:
    return str(format_skeleton("MMMMd", day, locale="da"))


def _studio_csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """CSV as Studio writes it: UTF-8 with a byte order mark, every field quoted, no newline at the end."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return (BOM + stream.getvalue().removesuffix("\n")).encode()


def _zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, (2026, 11, 1, 10, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return stream.getvalue()


def _local_day(moment: pd.Timestamp) -> dt.date:
    day: dt.date = moment.tz_convert(ZONE).date()
    return day


def _content_lists(posts: pd.DataFrame) -> dict[str, bytes]:
    """A Content list of the most seen posts, downloaded at the end of every month, and one of the whole year."""
    files = {}
    days = posts["posted"].map(_local_day)
    for year, month in sorted({(d.year, d.month) for d in days}):
        inside = posts[[(d.year, d.month) == (year, month) for d in days]].sort_values(
            "views", ascending=False, kind="stable"
        )
        downloaded_on = min(dt.date(year + month // 12, month % 12 + 1, 1), EXPORTED.date())
        # As the top lists that cover the month's posts.
        for part, start in enumerate(range(0, len(inside), LIST_LENGTH), 1):
            # Counts of an early download are lower than those of the last one.
            share = 1.0 if downloaded_on == EXPORTED.date() else 0.8
            rows = [
                _content_row(row, downloaded_on, share) for row in inside.iloc[start : start + LIST_LENGTH].itertuples()
            ]
            name = f"studio/{year}-{month:02d}/Content{'' if part == 1 else f' {part}'}.csv"
            files[name] = _studio_csv(CONTENT, rows)
    top = posts.nlargest(LIST_LENGTH, "views")
    files[f"studio/Content_{HANDLE}.zip"] = _zip(
        {"Content.csv": _studio_csv(CONTENT, [_content_row(r, EXPORTED.date(), 1.0) for r in top.itertuples()])}
    )
    return files


def _content_row(row: object, downloaded_on: dt.date, share: float) -> list[object]:
    counts = [int(getattr(row, name) * share) for name in ("likes", "comments", "shares", "views")]
    link = f"https://www.tiktok.com/@{HANDLE}/video/{row.post_id}"  # type: ignore[attr-defined]
    return [_danish(downloaded_on), row.caption, link, _danish(_local_day(row.posted)), *counts]  # type: ignore[attr-defined]


def _days() -> list[dt.date]:
    return [FIRST_DAY + dt.timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]


def _overview(rng: np.random.Generator, posts: pd.DataFrame) -> bytes:
    per_day = posts.groupby(posts["posted"].map(_local_day))["views"].sum()
    rows = []
    for day in _days():
        views = int(rng.poisson(900) + per_day.get(day, 0) * 0.4)
        profile_views, likes = rng.poisson(views * 0.01), rng.poisson(views * 0.07)
        comments = int(rng.poisson(views * 0.006)) - int(rng.random() < 0.03) * 9
        rows.append([_danish(day), views, profile_views, likes, comments, rng.poisson(views * 0.008)])
    return _studio_csv(("Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares"), rows)


def _viewers(rng: np.random.Generator) -> bytes:
    days = _days()
    rows: list[list[object]] = [[_danish(day), "undefined", "0", "0"] for day in days[:200]]
    for day in days[200:]:
        new, returning = int(rng.poisson(520)), int(rng.poisson(140))
        rows.append([_danish(day), new + returning, new, returning])
    return _studio_csv(("Date", "Total Viewers", "New Viewers", "Returning Viewers"), rows)


def _followers(rng: np.random.Generator) -> dict[str, bytes]:
    history: list[list[object]] = []
    followers = 1840
    for number, day in enumerate(_days()):
        change = int(rng.poisson(4)) - int(rng.random() < 0.3)
        followers += change
        history.append([_danish(day), "undefined" if number < 60 else followers, 0 if number < 60 else change])
    shape = [2, 1, 1, 1, 2, 6, 14, 20, 17, 12, 11, 15, 18, 14, 12, 16, 22, 31, 38, 44, 46, 37, 20, 8]
    activity = [
        [_danish(LAST_DAY - dt.timedelta(days=6 - back)), hour, int(rng.poisson(level * 9))]
        for back in range(7)
        for hour, level in enumerate(shape)
    ]
    return {
        "FollowerHistory.csv": _studio_csv(("Date", "Followers", "Difference in followers from previous day"), history),
        "FollowerActivity.csv": _studio_csv(("Date", "Hour", "Active followers"), activity),
        "FollowerGender.csv": _studio_csv(
            ("Gender", "Distribution"), [["Female", "0.64"], ["Male", "0.33"], ["Other", "0.03"]]
        ),
        "FollowerTopTerritories.csv": _studio_csv(
            ("Top territories", "Distribution"),
            [["DK", "0.81"], ["SE", "0.07"], ["NO", "0.05"], ["DE", "0.03"], ["Others", "0.04"]],
        ),
    }


def _business_suite(posts: pd.DataFrame) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(BUSINESS)
    for row in posts[posts["posted"] >= BUSINESS_SINCE].iloc[::-1].itertuples():
        moment: pd.Timestamp = row.posted  # type: ignore[assignment]
        link = f"https://www.tiktok.com/@{HANDLE}/video/{row.post_id}"
        counts = (row.views, row.likes, row.comments, row.shares, row.saves)
        writer.writerow([row.caption, link, f"{moment:%Y/%m/%d %H:%M:%S}", *counts])
    return (BOM + stream.getvalue()).encode()


def _archive(posts: pd.DataFrame) -> bytes:
    answer = {True: "Yes", False: "No"}
    videos = [
        {
            "Date": f"{row.uploaded:%Y-%m-%d %H:%M:%S}",
            "Link": f"https://example.invalid/storage/{number:06d}",
            "Likes": str(row.likes),
            "WhoCanView": "Public",
            "AllowComments": "Yes",
            "AllowStitches": answer[bool(row.allow_stitch)],
            "AllowDuets": answer[bool(row.allow_duet)],
            "AllowStickers": "Yes",
            "AllowSharingToStory": "Yes",
            "ContentDisclosure": "No",
            "AIGeneratedContent": "No",
            "Sound": f"{row.sound} - {row.sound_artist}",
            "Location": "",
            "Title": "N/A",
            "AlternateText": "",
            "CoverImage": "",
        }
        for number, row in enumerate(posts.sort_values("uploaded", ascending=False, kind="stable").itertuples())
    ]
    return json.dumps({"Post": {"Posts": {"VideoList": videos}}}, ensure_ascii=False, indent=1).encode()


def _sidecar(rng: np.random.Generator, posts: pd.DataFrame) -> bytes:
    """What the baker has noted of three posts in four."""
    rows = posts[rng.random(len(posts)) < 0.75]
    table = rows[SIDECAR].copy()
    # The same film went up twice once; the baker wrote down the same file.
    table.iloc[-1, table.columns.get_loc("video_file")] = table["video_file"].iloc[-9]  # type: ignore[index]
    for name in ("intro", "native_text", "good_light", "clear_audio", "quick_cuts", "sound_trending", "sound_original"):
        table[name] = table[name].map({True: "yes", False: "no"})
    return str(table.to_csv(index=False, lineterminator="\n")).encode()


TRENDS = f"""\
  - as_of: {{day}}
    region: DK
    window_days: 7
    source: TikTok Creative Center, noted by hand
    hashtags: [hygge, sensommer, bagedag]
    challenges: [{CHALLENGE}]
    searches: [{", ".join(SEARCHED)}]
    sounds: [{", ".join(TRENDING_SOUNDS)}]
    audience_sounds: [Kitchen Waltz]
    effects: [zoom]
"""


def _trends() -> bytes:
    first = dt.date(2026, 7, 1)
    days = [first + dt.timedelta(days=n) for n in range(0, (LAST_DAY - first).days + 1, 14)]
    head = "# What was popular, noted every second week from TikTok's own lists.\nlists:\n"
    return (head + "".join(TRENDS.format(day=day) for day in days)).encode()
