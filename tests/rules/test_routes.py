"""The limits of each way to publish: just inside passes, just outside fails, and another route does not care."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from tiktok_coach.core.account import Account
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.examples import example_posts
from tiktok_coach.rules.kind import FAIL, NAMES
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.rules.subjects import Context

RULES = {rule.code: rule for rule in load_rules([rulebook()])}
NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
API, OWN = ("api", "business_api"), ("app", "studio")


def answer(code: str, account: Account | None = None, **post: Any) -> str:
    context = Context((account or Account(),), now=NOW)
    [evaluation] = evaluate([RULES[code]], example_posts([{"status": "planned", **post}]), context)
    [status] = evaluation.status
    return NAMES[status]


def sized(length: int) -> dict[str, Any]:
    return {"caption": "a" * length}


LIMITS = [
    ("P002", sized(2200), sized(2201)),
    ("P003", {"kind": "photo", "title": "a" * 90}, {"kind": "photo", "title": "a" * 91}),
    ("P004", {"kind": "photo", **sized(4000)}, {"kind": "photo", **sized(4001)}),
    ("P008", {"fps": 23}, {"fps": 22}),
    ("P008", {"fps": 60}, {"fps": 61}),
    ("P009", {"width": 360, "height": 640}, {"width": 359, "height": 640}),
    ("P010", {"file_size_mb": 4096}, {"file_size_mb": 4097}),
    ("P011", {"container": "webm"}, {"container": "mkv"}),
    ("P012", {"codec": "vp9"}, {"codec": "av1"}),
    ("P015", {"duration_s": 600}, {"duration_s": 600.1}),
    ("P016", {"width": 4096, "height": 2304}, {"width": 4097, "height": 2304}),
]


@pytest.mark.parametrize(("code", "inside", "outside"), LIMITS)
@pytest.mark.parametrize("via", API)
def test_the_api_refuses_what_is_outside(code: str, inside: dict[str, Any], outside: dict[str, Any], via: str) -> None:
    assert answer(code, via=via, **inside) == "pass"
    assert answer(code, via=via, **outside) == "fail"


@pytest.mark.parametrize(("code", "inside", "outside"), LIMITS)
@pytest.mark.parametrize("via", OWN)
def test_what_only_the_api_refuses_is_no_matter_elsewhere(
    code: str, inside: dict[str, Any], outside: dict[str, Any], via: str
) -> None:
    assert {answer(code, via=via, **inside), answer(code, via=via, **outside)} == {"not_applicable"}


@pytest.mark.parametrize(("seconds", "expected"), [(2.9, "fail"), (3, "pass")])
@pytest.mark.parametrize("via", [*API, *OWN, None])
def test_every_route_refuses_what_is_too_short(seconds: float, expected: str, via: str | None) -> None:
    assert answer("P006", via=via, duration_s=seconds) == expected


@pytest.mark.parametrize(("photos", "expected"), [(35, "pass"), (36, "fail")])
@pytest.mark.parametrize("via", [*API, *OWN, None])
def test_every_route_takes_35_photos(photos: int, expected: str, via: str | None) -> None:
    assert answer("P013", via=via, kind="photo", photos=photos) == expected


@pytest.mark.parametrize(("code", "post"), [("P015", {"duration_s": 700}), ("P016", {"width": 4320, "height": 7680})])
def test_a_post_that_names_no_route_is_not_held_to_the_limits_of_one(code: str, post: dict[str, Any]) -> None:
    assert answer(code, **post) == "not_applicable"


def test_the_app_takes_a_longer_caption_than_the_api() -> None:
    assert answer("P001", via="app", **sized(4001)) == "fail"
    assert answer("P001", via="api", **sized(4001)) == "not_applicable"
    assert answer("P002", via="app", **sized(4001)) == "not_applicable"


@pytest.mark.parametrize(("seconds", "expected"), [(180, "pass"), (180.1, "fail")])
def test_no_video_is_longer_than_its_account_may_post(seconds: float, expected: str) -> None:
    assert answer("P017", Account(max_video_s=180), duration_s=seconds) == expected
    assert answer("P017", duration_s=seconds) == "unknown"


@pytest.mark.parametrize(
    ("code", "ahead", "expected"),
    [
        ("P018", dt.timedelta(minutes=14), "fail"),
        ("P018", dt.timedelta(minutes=16), "pass"),
        ("P018", dt.timedelta(days=-1), "not_applicable"),
        ("P019", dt.timedelta(days=9), "pass"),
        ("P019", dt.timedelta(days=11), "fail"),
    ],
)
def test_tiktok_studio_schedules_neither_too_close_nor_too_far(code: str, ahead: dt.timedelta, expected: str) -> None:
    time = (NOW + ahead).isoformat()
    assert answer(code, via="studio", posted_at=time) == expected
    assert answer(code, via="api", posted_at=time) == answer(code, posted_at=time) == "not_applicable"


def test_a_day_without_an_hour_is_judged_where_every_hour_of_it_agrees() -> None:
    days = {"2026-06-10": "pass", "2026-06-11": "unknown", "2026-06-12": "fail"}
    assert {day: answer("P019", via="studio", posted_at=day) for day in days} == days


def test_a_rule_names_only_codes_that_tiktok_documents() -> None:
    """Fail reasons of content-posting-api-reference-get-video-status and errors of -direct-post at developers.tiktok.com."""
    documented = {f"{part}_check_failed" for part in ("file_format", "duration", "frame_rate", "picture_size")}
    documented |= {"spam_risk_too_many_posts", "spam_risk_too_many_pending_share", "privacy_level_option_mismatch"}
    codes = {rule.rule.error_code for rule in RULES.values()} - {None}
    assert codes
    assert codes <= documented


@pytest.mark.parametrize(("code", "draft", "most"), [("P023", True, 5), ("P024", None, 15)], ids=["drafts", "posts"])
def test_of_too_many_posts_within_a_day_the_last_ones_fail(code: str, draft: bool | None, most: int) -> None:
    def statuses(count: int, apart: dt.timedelta, via: str = "api") -> list[str]:
        posts = [
            {"status": "planned", "via": via, "as_draft": draft, "posted_at": (NOW + number * apart).isoformat()}
            for number in range(count)
        ]
        [evaluation] = evaluate([RULES[code]], example_posts(posts), Context(now=NOW))
        return [NAMES[status] for status in evaluation.status]

    minute = dt.timedelta(minutes=1)
    assert statuses(most + 2, minute) == ["pass"] * most + ["fail"] * 2
    assert statuses(most + 2, dt.timedelta(days=1) / most) == ["pass"] * (most + 2)
    assert set(statuses(most + 2, minute, via="app")) == {"not_applicable"}


def test_posts_of_a_day_are_counted_over_every_route_that_the_rule_keeps_and_drafts_are_not() -> None:
    def failing(code: str, *posts: dict[str, Any]) -> list[int]:
        rows = [
            {"status": "planned", "posted_at": (NOW + dt.timedelta(minutes=n)).isoformat(), **post}
            for n, post in enumerate(posts)
        ]
        [evaluation] = evaluate([RULES[code]], example_posts(rows), Context(now=NOW))
        return np.flatnonzero(evaluation.status == FAIL).tolist()

    either = [{"via": API[n % 2], "as_draft": False if n % 3 else None} for n in range(16)]
    assert failing("P024", *either) == [15]
    assert failing("P024", *either[:10], *[{"via": "api", "as_draft": True}] * 6, {"via": "app"}) == []
    assert failing("P023", *either, *[{"via": "api", "as_draft": True}] * 6) == [21]
