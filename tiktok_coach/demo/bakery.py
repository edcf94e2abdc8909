"""Writes the fictional bakery's files, each in the form in which TikTok, or a creator, would write it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from babel.dates import format_skeleton

from tiktok_coach.demo.simulation import DAYS, EXPORTED, HANDLE, WORDS, ZONE, simulate
from tiktok_coach.demo.studio_page import studio_page

BOM = "\ufeff"
BUSINESS_SINCE = pd.Timestamp("2026-02-01", tz="UTC")
TREND_DAYS = DAYS[DAYS.index(dt.date(2026, 7, 1)) :: 14]
LIST_LENGTH = 15


def write_bakery(folder: Path, seed: int = 7) -> list[Path]:
    """Write every file below `folder` and give their paths; the same seed writes the same bytes."""
    rng = np.random.default_rng(seed)
    posts = simulate(rng)
    overview, viewers, history, active = _overview(rng, posts), _viewers(rng), _follower_history(rng), _active(rng)
    # A generator of its own, so that what stood here before it stays what it was.
    pages = np.random.default_rng([seed, 1])
    period = f"{DAYS[0]}_{int(EXPORTED.timestamp())}_{HANDLE}"
    followers = {
        "FollowerHistory.csv": history,
        "FollowerActivity.csv": _studio_csv(
            "activity",
            (
                [_danish(day), hour, n]
                for day, counts in zip(DAYS[-7:], active, strict=True)
                for hour, n in enumerate(counts)
            ),
        ),
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
        "studio_page.har": studio_page(pages, posts, active),
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
