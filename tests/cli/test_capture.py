"""The capture commands as a user meets them, and that no secret of a capture ever leaves it."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran
from tests.io import pages
from tests.io.pages import ONE, SEEN, THREE, TWO
from tests.writing import put, video_id

Coach = Callable[..., Ran]
TODAY = ("--today", "2026-06-25")
SECRET = re.compile(r"[A-Z]+-SECRET")


@pytest.fixture
def session(tmp_path: Path) -> Path:
    return put(tmp_path / "s.har", pages.har(pages.session()))


@pytest.fixture
def leaky(tmp_path: Path) -> Path:
    """A HAR with a secret in every place that one can have, with faults beside them that make messages."""
    entries = pages.session(secrets=True)
    entries += [
        pages.entry(pages.LIST_URL, "<html>BODY-SECRET", secrets=True),
        pages.entry(pages.LIST_URL, {"status_code": 8, "status_msg": "MESSAGE-SECRET"}, secrets=True),
        pages.entry(
            pages.asked_for(ONE),
            {
                **pages.insights(ONE),
                "session": "KEY-SECRET",
                "video_finish_rate_realtime": {"status": 0, "value": "VALUE-SECRET", "token": "WRAPPER-SECRET"},
            },
            secrets=True,
        ),
        pages.entry(
            pages.LIST_URL,
            pages.page(
                [pages.item("ID-SECRET"), pages.item(ONE, secret="ITEM-SECRET", visibility={"a": "NEST-SECRET"})],
                extra={"log": "EXTRA-SECRET"},
            ),
            posted={"token": "FORM-SECRET", "cursor": "CURSOR-SECRET"},
            secrets=True,
        ),
        pages.entry(
            "https://www.tiktok.com/aweme/v2/data/insight/?tz_name=ZONE-SECRET&type_requests=ASK-SECRET",
            pages.insights(TWO),
            secrets=True,
        ),
        pages.other_page("COMMENT-SECRET", secrets=True),
        {"comment": "ENTRY-SECRET", "request": "REQUEST-SECRET", "response": {"content": {"text": "LOOSE-SECRET"}}},
    ]
    entries[0]["startedDateTime"] = "TIME-SECRET"
    entries[1]["response"]["headers"] = [{"name": "set-cookie", "value": "SET-SECRET"}]
    text = pages.har(entries).replace('"title": "TikTok Studio"', '"title": "TITLE-SECRET"')
    return put(tmp_path / "leaky.har", text[:-40] + ' "cut": "CUT-SECRET')


COMMANDS: list[list[str]] = [
    ["audit", "leaky.har", "--verbose", "--posts"],
    ["audit", "leaky.har", "--format", "json"],
    ["audit", "leaky.har", "--format", "markdown"],
    ["audit", "leaky.har", "--strict"],
    ["audit", "leaky.har", "--post", ONE],
    ["convert", "leaky.har"],
    ["convert", "leaky.har", "--snapshots"],
    ["convert", "leaky.har", "--retention", "retention.csv", "-o", "posts.json"],
    ["simulate", "leaky.har", "--viewers", "200", "--runs", "2", "--format", "json"],
    ["simulate", "leaky.har", "--viewers", "0", "--post", ONE],
    ["simulate", "leaky.har", "--viewers", "0", "--format", "csv"],
    ["columns", "leaky.har"],
    ["lint", "leaky.har"],
    ["lint", ".", "--history", "leaky.har"],
    ["plan", "new", "--history", "leaky.har", "--timezone", "Europe/Copenhagen"],
    ["capture", "check", "leaky.har", "--verbose"],
    ["capture", "check", "leaky.har", "--format", "json"],
    ["capture", "clean", "leaky.har", "-o", "clean.har"],
    ["capture", "plan", "leaky.har"],
    ["capture", "clean", "leaky.har", "-o", "clean.txt"],
]


@pytest.mark.parametrize("debug", [False, True], ids=["", "debug"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_secret_reaches_an_output_a_message_or_a_traceback(
    coach: Coach, leaky: Path, tmp_path: Path, command: list[str], debug: bool
) -> None:
    import traceback

    held = leaky.read_text("utf-8")
    assert len(set(SECRET.findall(held))) >= 20
    try:
        ran = coach(*(["--debug"] if debug else []), *command)
        shown = ran.out + ran.err
        assert "fault of tiktok-coach" not in ran.err
    except Exception as error:  # noqa: BLE001 - what --debug lets through is looked at too
        shown = "".join(traceback.format_exception(error)) + "".join(map(str, error.__dict__.values()))
    assert not SECRET.findall(shown)
    for path in tmp_path.rglob("*"):
        if path.is_file() and path != leaky:
            assert not SECRET.findall(path.read_text("utf-8")), path


def test_a_capture_with_cookies_says_so_once_and_a_clean_copy_does_not(coach: Coach, tmp_path: Path) -> None:
    path = put(tmp_path / "s.har", pages.har(pages.session(secrets=True)))
    for command in (
        ["audit", path],
        ["convert", path],
        ["simulate", path, "--viewers", "0"],
        ["capture", "check", path],
    ):
        err = coach(*command, *TODAY).err
        assert err.count("has cookies or tokens") == 1
        assert "`tiktok-coach capture clean`" in err
    assert coach("capture", "clean", path, "-o", "clean.har").code == 0
    assert "cookies" not in coach("audit", "clean.har", *TODAY).err
    wrong = coach("capture", "clean", path, "-o", "clean.json")
    assert (wrong.code, wrong.err) == (2, "error: clean.json: cannot write a capture; end the name in .har\n")
    empty = put(tmp_path / "none.har", pages.har([pages.other_page()]))
    ran = coach("capture", "clean", empty, "-o", "empty.har")
    assert ran.code == 2
    assert "none.har: has none of the answers" in ran.err
    assert not (tmp_path / "empty.har").exists()


def test_check_says_what_is_held_and_names_the_pages_to_open_the_most_viewed_first(
    coach: Coach, tmp_path: Path
) -> None:
    items = [
        pages.item(ONE),
        pages.item(TWO, play_count="700"),
        pages.item(THREE, play_count="9000"),
        pages.item(video_id("2026-06-01T10:00:00"), duration=0),
    ]
    put(tmp_path / "s.har", pages.har([pages.list_entry(pages.page(items)), pages.insight_entry(ONE)]))
    found: dict[str, Any] = json.loads(coach("capture", "check", "s.har", *TODAY, "--format", "json").out)
    assert (found["posts"], found["with_insights"], found["list_is_whole"], found["timezone"]) == (
        4,
        2,
        True,
        "Europe/Copenhagen",
    )
    assert [p["link"] for p in found["to_open"]] == [
        f"https://www.tiktok.com/tiktokstudio/analytics/{p}" for p in (THREE, TWO)
    ]
    assert found["insights"]["video_retention_rate_realtime"] == 1
    assert found["age_hours"] == 14.5
    shown = coach("capture", "check", "s.har", *TODAY).out
    assert "4 published" in shown
    assert "2 of 4 posts with completion, watch time and retention" in shown
    assert shown.index(THREE) < shown.index(TWO)
    assert coach("capture", "check", "s.har", *TODAY, "--top", "1").out.count("tiktokstudio/analytics/") == 1


@pytest.mark.parametrize("browser", ["chrome", "edge", "firefox", "safari"])
def test_the_guide_names_the_pages_and_each_browser_s_own_menu(coach: Coach, browser: str) -> None:
    shown = coach("capture", "guide", "--browser", browser).out
    for part in ("https://www.tiktok.com/tiktokstudio/content", "scroll", "capture clean", "capture check", "Network"):
        assert part in shown
    assert ("Export" if browser == "safari" else "HAR") in shown
    assert (
        coach("capture", "guide", "--browser", "lynx").err
        == "error: --browser 'lynx' is not known; use one of chrome, edge, firefox, safari\n"
    )


def test_scheduled_posts_become_a_plan_that_lint_and_simulate_read(coach: Coach, tmp_path: Path) -> None:
    due = SEEN + dt.timedelta(days=3)
    later = pages.item(video_id("2026-06-20T08:00:00"), desc='Guess "what" #foodtok', post_time=str(pages.unix(due)))
    put(tmp_path / "s.har", pages.har([*pages.session(), pages.list_entry(pages.page([later]))]))
    assert coach("capture", "plan", "s.har", "-o", "plan.yaml").code == 0
    assert "publish_at: 2026-06-27T11:30:00+02:00" in (tmp_path / "plan.yaml").read_text("utf-8")
    linted = json.loads(coach("lint", "plan.yaml", *TODAY, "--format", "json").out)
    assert linted["problems"] == []
    assert {f["file"] for f in linted["findings"]} == {"plan.yaml"}
    scored = json.loads(coach("simulate", "s.har", "--viewers", "0", *TODAY, "--format", "json").out)
    assert later["item_id"] in {p["post_id"] for p in scored["posts"]}
    put(tmp_path / "t.har", pages.har(pages.session()))
    assert "`tiktok-coach capture plan` writes the posts that it schedules as one" in coach("lint", "s.har").err
    assert coach("capture", "plan", "t.har").err == "error: t.har: no post is scheduled in what was captured\n"


def test_convert_writes_the_retention_as_a_table_of_its_own(coach: Coach, session: Path, tmp_path: Path) -> None:
    assert coach("convert", session, "--retention", "r.csv").out == ""
    lines = (tmp_path / "r.csv").read_text("utf-8").splitlines()
    assert lines[0] == "post_id,account,second,share,metrics_at,source"
    assert len(lines) == 1 + 3 * 13
    assert coach("convert", session, "--retention", "r.parquet", "-o", "p.csv").code == 0
    assert (tmp_path / "p.csv").exists()
    assert coach("convert", session, "--retention", "r.txt").code == 2
    columns = coach("convert", "--columns").out
    for name in (
        "retention_3s",
        "largest_drop_s",
        "first_48h_views",
        "views_hour_1",
        "search_terms",
        "viewers_following",
    ):
        assert re.search(rf"^{name} ", columns, re.MULTILINE)


def test_one_post_alone_with_its_curve(coach: Coach, session: Path) -> None:
    shown = coach("audit", session, "--post", ONE[-6:]).out
    assert "T309  fail" in shown
    assert "two in five of those watching leave between second 3 and 5" in shown
    assert "100% │" in shown
    assert coach("audit", session, "--post", "9").err.startswith("error: --post '9' fits ")
    assert coach("audit", session, "--post", ONE, "--format", "json").code == 2


def test_coverage_and_intervals_on_the_bakery(coach: Coach, bakery: Path, tmp_path: Path) -> None:
    import shutil
    import statistics

    downloads = tmp_path / "downloads"
    shutil.copytree(bakery, downloads, ignore=shutil.ignore_patterns("*.har"))

    def widths(folder: Path) -> tuple[float, float]:
        ran = coach("simulate", folder, "--viewers", "0", "--format", "json", "-q", "--today", "2026-11-02")
        posts = [p for p in json.loads(ran.out)["posts"] if p["eligible"]]
        # Where a score could lie, with what is not known; its own interval is of what is known alone.
        wide = statistics.median(p["possible"][1] - p["possible"][0] for p in posts)
        return wide, min(p["coverage"] for p in posts)

    wide, coverage = widths(bakery)
    # No export tells of searches, nor of how diverse the feed is.
    assert coverage >= 0.75
    assert wide <= widths(downloads)[0] - 5
    (downloads / "sidecar.csv").unlink()
    shutil.copy(bakery / "studio_page.har", downloads)
    ran = coach("audit", downloads, "--format", "json", "--status", "fail", "-q", "--today", "2026-11-02")
    # What is said in the first seconds takes subtitles.
    assert json.loads(ran.out)["tips"][2]["coverage"] >= 0.55
