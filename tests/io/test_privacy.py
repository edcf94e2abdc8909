"""Files that hold more than posts: nothing of the rest is shown, written or kept, whatever is asked of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.io import pages
from tests.writing import link, put, video_id, zipped

MARK = "Zq7private"
OWN = "Bread of my own"
MOMENTS = [f"2026-06-{day:02d} 16:42:48" for day in range(1, 13)]
# What would make posts of these lists, were they looked at.
TEMPTING = [
    {
        "Date": moment,
        "date": moment,
        "link": link(video_id(moment.replace(" ", "T")), MARK.lower()),
        "id": video_id(moment.replace(" ", "T")),
        "caption": f"{MARK} {moment}",
        "comment": f"{MARK} comment",
        "views": 500 + number,
        "likes": 50 + number,
        "userName": MARK,
        "IP": f"192.0.2.1 {MARK}",
    }
    for number, moment in enumerate([*MOMENTS, *[m.replace("-06-", "-07-") for m in MOMENTS]])
]
PRIVATE = {
    "Direct Message": {"Direct Messages": {"ChatHistory": {f"Chat History with {MARK}:": TEMPTING}}},
    "Comment": {"Comments": {"CommentsList": TEMPTING}},
    "Your Activity": {
        "Watch History": {"VideoList": TEMPTING},
        "Login History": {"LoginHistoryList": TEMPTING},
        "Searches": {"SearchList": [{"Date": MOMENTS[0], "SearchTerm": MARK}]},
    },
    "Likes and Favorites": {"Like List": {"ItemFavoriteList": TEMPTING}},
    "Profile And Settings": {"Profile Info": {"ProfileMap": {"telephoneNumber": MARK, "emailAddress": MARK}}},
    "Some new section": {"New": {"NewList": TEMPTING}},
}
OWN_POSTS = [
    {"Date": m, "Link": "https://example.invalid/1", "Likes": str(12 + i), "Title": f"{OWN} {i}", "Sound": "Oven - Rye"}
    for i, m in enumerate(MOMENTS)
]
ARCHIVES: dict[str, Any] = {
    "whole": PRIVATE | {"Post": {"Posts": {"VideoList": OWN_POSTS}, "Recently Deleted Posts": {"PostList": TEMPTING}}},
    "no posts": PRIVATE | {"Post": {"Posts": {"VideoList": None}}},
    "posts left out": PRIVATE,
    "one section": {"LoginHistoryList": TEMPTING},
}
TEXT_PAGES = {
    "Comments.txt": "".join(f"Date: {m} UTC\nComment: {MARK}, views, likes, caption\n\n" for m in MOMENTS),
    "Direct Messages.txt": f">>> Chat History with {MARK}::\n" + "".join(f"{m} UTC {MARK}: {MARK}\n" for m in MOMENTS),
    "Profile.txt": f"Username: {MARK}\nEmail: {MARK}, id, link, views\n",
}
COMMANDS = [
    *(["columns", "FILE", "--format", form] for form in ("text", "json", "yaml")),
    ["columns", "FILE", "--column", "posted_at=Date", "--column", "caption=comment", "--column", "likes=likes"],
    ["convert", "FILE", "-v"],
    ["convert", "FILE", "-o", "out.json"],
    ["convert", "FILE", "-o", "out.parquet"],
    ["convert", "FILE", "--column", "caption=comment", "--column", "link=link", "-o", "by_hand.csv"],
    *(["audit", "FILE", "-v", "--format", form] for form in ("text", "json")),
    ["--debug", "audit", "FILE", "--strict"],
    ["simulate", "FILE", "--format", "json"],
    ["evidence", "FILE", "--format", "json"],
    ["times", "FILE"],
    ["backtest", "FILE"],
    ["compare", "FILE", "FILE"],
    ["report", "FILE", "-o", "report.html"],
    ["lint", "FILE"],
    ["capture", "check", "FILE"],
    ["start", "."],
]


def walk(coach: Callable[..., Any], folder: Path, file: Path, commands: list[list[str]]) -> str:
    """Everything that commands say and write of a file."""
    said = []
    for command in commands:
        ran = coach(*(str(file) if word == "FILE" else word for word in command))
        said += [ran.out, ran.err]
    for path in [*folder.rglob("*"), *Path(os.environ["XDG_CACHE_HOME"]).rglob("*")]:
        if path.is_file() and path != file:
            said += [path.name, path.read_bytes().decode("latin-1")]
    return "\n".join(said)


@pytest.mark.parametrize("name", ARCHIVES)
def test_of_an_archive_nothing_but_own_posts_comes_out(tmp_path: Path, coach: Callable[..., Any], name: str) -> None:
    commands = COMMANDS if name == "whole" else COMMANDS[:10]
    said = walk(coach, tmp_path, put(tmp_path / "user_data_tiktok.json", ARCHIVES[name]), commands)
    assert MARK.casefold() not in said.casefold()
    assert (OWN in said) == (name == "whole")


def test_an_archive_within_a_zip_is_no_more_open(tmp_path: Path, coach: Callable[..., Any]) -> None:
    body = zipped({"TikTok/user_data_tiktok.json": json.dumps(ARCHIVES["whole"]), **TEXT_PAGES})
    said = walk(coach, tmp_path, put(tmp_path / "TikTok_Data.zip", body), COMMANDS[:7])
    assert MARK.casefold() not in said.casefold()
    assert OWN in said


@pytest.mark.parametrize("name", TEXT_PAGES)
def test_pages_of_an_archive_as_text_are_refused_and_not_shown(
    tmp_path: Path, coach: Callable[..., Any], name: str
) -> None:
    put(tmp_path / name, TEXT_PAGES[name])
    for command in ("columns", "convert"):
        ran = coach(command, name)
        assert ran.code == 2
        assert "ask TikTok for the archive again, as JSON" in ran.err
        assert MARK not in ran.out + ran.err


@pytest.mark.parametrize(
    "value",
    [
        {"friends": [{"name": MARK, "phone": f"{n} {MARK}"} for n in range(30)]},
        [{"date": m, "comment": MARK} for m in MOMENTS],
        {"data": {"history": [{"date": m, "query": MARK} for m in MOMENTS]}},
    ],
)
def test_no_list_of_a_json_file_is_shown_that_is_none_of_posts(
    tmp_path: Path, coach: Callable[..., Any], value: Any
) -> None:
    put(tmp_path / "a.json", value)
    for command in ("columns", "convert", "audit"):
        ran = coach(command, "a.json")
        assert ran.code == 2
        assert MARK not in ran.out + ran.err


def test_of_several_lists_the_posts_are_read_and_not_the_longest(tmp_path: Path, coach: Callable[..., Any]) -> None:
    posts = [{"id": video_id("2026-06-13T16:42:48"), "caption": OWN, "views": 5, "likes": 2}]
    put(tmp_path / "a.json", {"friends": [{"name": MARK, "since": m} for m in MOMENTS], "mine": posts})
    said = coach("columns", "a.json").out + coach("convert", "a.json").out
    assert OWN in said
    assert MARK not in said


def test_of_a_browser_s_save_no_cookie_and_no_comment_of_others_comes_out(
    tmp_path: Path, coach: Callable[..., Any]
) -> None:
    entries = pages.session()
    comments = {"status_code": 0, "comments": [row | {"text": MARK, "digg_count": 3} for row in TEMPTING]}
    entries.append(pages.entry(f"https://www.tiktok.com/api/comment/list/?msToken={MARK}", comments))
    entries[0]["request"]["cookies"] = [{"name": "sessionid", "value": MARK}]
    entries[0]["request"].setdefault("headers", []).append({"name": "cookie", "value": f"sessionid={MARK}"})
    said = walk(coach, tmp_path, put(tmp_path / "page.har", pages.har(entries)), COMMANDS[:11])
    assert MARK not in said
