"""Exports that were read before: the same answer as reading gives, and never that of other files."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Ran
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import use_language
from tiktok_coach.io import cache as module
from tiktok_coach.io.cache import ExportCache, export_cache, load_cached
from tiktok_coach.io.load import load
from tiktok_coach.io.reading import Export, ReadOptions

pytestmark = pytest.mark.export_cache
OPTIONS = ReadOptions(today=dt.date(2026, 11, 2))
POSTS = "post_id,account,caption,posted_at,views\n7300000000000000001,rye,Bread,2026-10-01T10:00:00Z,{views}\n"


@pytest.fixture
def store(tmp_path: Path) -> ExportCache:
    return ExportCache(tmp_path / "kept")


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.csv"
    path.write_text(POSTS.format(views=100))
    return path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one whenever files are really read."""
    counted: list[int] = []

    def counting_load(*arguments: object, **more: object) -> Export:
        counted.append(1)
        return load(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("tiktok_coach.io.load.load", counting_load)
    return counted


def same(one: Export, other: Export) -> bool:
    def equal(a: object, b: object) -> bool:
        if isinstance(a, pd.DataFrame) and isinstance(b, pd.DataFrame):
            pd.testing.assert_frame_equal(a, b)
            return True
        if isinstance(a, dict) and isinstance(b, dict):
            return a.keys() == b.keys() and all(
                equal(vars(a[k]).get(n), vars(b[k]).get(n)) for k in a for n in vars(a[k])
            )
        return a is b is None or bool(a == b)

    names = [field.name for field in fields(Export) if field.name != "trends"]
    return all(equal(getattr(one, name), getattr(other, name)) for name in names)


def test_the_second_read_gives_what_the_first_gave_and_reads_nothing(
    store: ExportCache, bakery: Path, reads: list[int]
) -> None:
    first = load_cached(store, [bakery / "studio" / "2026-06"], OPTIONS)
    second = load_cached(store, [bakery / "studio" / "2026-06"], OPTIONS)
    assert same(first, second)
    assert len(reads) == 1


def test_other_content_is_read_and_the_old_is_known_when_it_comes_back(
    store: ExportCache, posts: Path, reads: list[int]
) -> None:
    views = []
    for value in (100, 250, 100):
        posts.write_text(POSTS.format(views=value))
        views.append(int(load_cached(store, [posts], OPTIONS).posts["views"].iloc[0]))
    assert views == [100, 250, 100]
    assert len(reads) == 2


def test_another_way_to_read_another_language_and_another_name_are_read(
    store: ExportCache, posts: Path, reads: list[int]
) -> None:
    load_cached(store, [posts], OPTIONS)
    load_cached(store, [posts], replace(OPTIONS, timezone="Europe/Copenhagen"))
    load_cached(store, [posts], OPTIONS, strict=True)
    with use_language("da"):
        load_cached(store, [posts], OPTIONS)
    load_cached(store, [posts.rename(posts.with_name("other.csv"))], OPTIONS)
    assert len(reads) == 5


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    store: ExportCache, posts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow_load(*arguments: object, **more: object) -> Export:
        posts.write_text(POSTS.format(views=250))
        return load(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("tiktok_coach.io.load.load", slow_load)
    load_cached(store, [posts], OPTIONS)
    assert store.files() == {}


def test_what_fails_fails_again(store: ExportCache, tmp_path: Path) -> None:
    (tmp_path / "nothing.csv").write_text("a,b\n1,2\n")
    for _time in range(2):
        with pytest.raises(CoachError):
            load_cached(store, [tmp_path / "nothing.csv"], OPTIONS)
    assert store.files() == {}


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows keeps a user's folders by itself")
def test_what_others_might_have_written_is_not_trusted(store: ExportCache, posts: Path, reads: list[int]) -> None:
    load_cached(store, [posts], OPTIONS)
    [path] = store.files()
    assert path.stat().st_mode & 0o077 == 0
    path.chmod(0o622)
    load_cached(store, [posts], OPTIONS)
    store.folder.chmod(0o777)
    load_cached(store, [posts], OPTIONS)
    assert len(reads) == 3


def test_a_file_that_was_cut_off_is_read_again(store: ExportCache, posts: Path, reads: list[int]) -> None:
    load_cached(store, [posts], OPTIONS)
    [path] = store.files()
    path.write_bytes(path.read_bytes()[:100])
    load_cached(store, [posts], OPTIONS)
    load_cached(store, [posts], OPTIONS)
    assert len(reads) == 2


def test_the_cache_keeps_within_its_bound_and_lets_go_of_what_was_used_longest_ago(tmp_path: Path, posts: Path) -> None:
    store = ExportCache(tmp_path / "kept")
    load_cached(store, [posts], OPTIONS)
    [first] = store.files()
    os.utime(first, (0, 0))
    small = ExportCache(store.folder, most_bytes=int(1.5 * first.stat().st_size))
    posts.write_text(POSTS.format(views=250))
    load_cached(small, [posts], OPTIONS)
    [second] = small.files()
    assert second != first


def test_large_inputs_and_a_folder_that_cannot_be_written_are_simply_read(
    tmp_path: Path, posts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    blocked = ExportCache(tmp_path / "file" / "kept")
    assert len(load_cached(blocked, [posts], OPTIONS).posts) == 1
    store = ExportCache(tmp_path / "kept")
    monkeypatch.setattr(module, "LARGEST_INPUT", 10)
    assert len(load_cached(store, [posts], OPTIONS).posts) == 1
    assert store.files() == {}


def test_nothing_of_an_archives_private_branches_is_kept(store: ExportCache, tmp_path: Path) -> None:
    secret = "pastry-secret"
    post = {
        "Date": "2026-10-01 10:00:00",
        "Link": "https://www.tiktok.com/@rye/video/7300000000000000001",
        "Likes": "5",
    }
    archive = {
        "Direct Message": {"Direct Messages": {"ChatHistory": {"Chat History with a:": [{"Content": secret}]}}},
        "Your Activity": {"Watch History": {"VideoList": [{"Date": "2026-10-01 10:00:00", "Link": secret}]}},
        "Comment": {"Comments": {"CommentsList": [{"date": "2026-10-01 10:00:00", "comment": secret}]}},
        "Profile And Settings": {"Profile Info": {"ProfileMap": {"userName": "rye", "emailAddress": secret}}},
        "Post": {"Posts": {"VideoList": [post]}},
    }
    (tmp_path / "user_data_tiktok.json").write_text(json.dumps(archive))
    load_cached(store, [tmp_path / "user_data_tiktok.json"], OPTIONS)
    [path] = store.files()
    assert secret.encode() not in path.read_bytes()


@pytest.mark.parametrize("arguments", [["audit"], ["evidence"], ["simulate", "--viewers", "0"], ["times"]])
def test_commands_print_the_same_with_and_without_the_cache(
    coach: Callable[..., Ran], bakery: Path, arguments: list[str]
) -> None:
    command, *more = arguments
    runs = [
        coach(command, bakery / "studio" / "2026-06", *more, "--format", "json", "--today", "2026-11-02", *cached)
        for cached in ([], [], ["--no-cache"])
    ]
    assert runs[0] == runs[1] == runs[2]
    assert len(export_cache().files()) == 1


def test_the_cache_is_shown_and_cleared(coach: Callable[..., Ran], posts: Path) -> None:
    coach("audit", posts, "--no-cache")
    assert json.loads(coach("cache", "show", "--format", "json").out)["exports"] == 0
    coach("audit", posts)
    shown = coach("cache", "show")
    assert shown.out.startswith("1 export, 0.0 MB, in ")
    assert "deleted 1 export from" in coach("cache", "clear").out
    assert coach("cache", "show").out.startswith("0 exports")
