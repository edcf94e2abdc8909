"""Fixes name something concrete of the post or the account that fails: words, hashtags, hours, seconds, a shape."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiktok_coach.core.account import Account, Audience
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.examples import example_posts
from tiktok_coach.rules.findings import findings
from tiktok_coach.rules.kind import FAIL
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.rules.subjects import Context
from tiktok_coach.rules.suggestions import GENERAL, shorten
from tiktok_coach.stats.bands import load_bands

RULES = {r.code: r for r in load_rules([rulebook()])}


def fixes(code: str, rows: list[dict[str, object]], context: Context | None = None) -> list[str]:
    [evaluation] = evaluate([RULES[code]], example_posts(rows), context or Context())
    return [finding["fix"] for finding in findings(evaluation, [FAIL])]


def test_hashtags_come_from_the_accounts_own_most_viewed_posts() -> None:
    winners = [{"caption": "Rye #surdej #fyp", "views": 9000 + n} for n in range(4)]
    others = [{"caption": "Rye #brød", "views": 100 + n} for n in range(12)]
    assert fixes("T806", [*winners, *others, {"caption": "Rye", "views": 90}]) == [
        "Add one to five that fit, such as #surdej."
    ]


def test_an_account_of_few_posts_has_no_hashtags_of_its_own_to_name() -> None:
    assert fixes("T806", [{"caption": "Rye #surdej", "views": 9000}] * 3 + [{"caption": "Rye", "views": 90}]) == [
        "Add one to five that fit."
    ]


def test_hashtags_of_another_account_are_not_named() -> None:
    rows = [{"account": "a", "caption": "Rye #surdej", "views": 9000 + n} for n in range(20)]
    context = Context((Account(handle="a"), Account(handle="b")))
    assert fixes("T806", [*rows, {"account": "b", "caption": "Rye", "views": 1}], context) == [
        "Add one to five that fit."
    ]


def test_general_hashtags_are_those_of_the_facts() -> None:
    [band] = [band for band in load_bands(rulebook()) if band.id == "generic-hashtag"]
    assert set(band.any_of) == GENERAL


@pytest.mark.parametrize(
    ("seconds", "fix"),
    [
        (42, "Cut 27 s, or keep the length that has worked for you."),
        (15.04, "Cut 0.1 s, or keep the length that has worked for you."),
        (9, "Add 3 s, or keep the length that has worked for you."),
    ],
)
def test_a_video_of_the_wrong_length_is_told_the_seconds_to_cut_or_to_add(seconds: float, fix: str) -> None:
    assert fixes("T504", [{"duration_s": seconds}]) == [fix]


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [
        (1920, 1080, "horizontal (16:9)"),
        (1080, 1080, "square (1:1)"),
        (1080, 1350, "upright, but too wide (4:5)"),
        (2000, 1000, "horizontal (2.00:1)"),
        (900, 2000, "upright, but not 9:16 (7.2:16)"),
    ],
)
def test_a_picture_is_named_by_its_shape(width: int, height: int, shape: str) -> None:
    [evaluation] = evaluate([RULES["T506"]], example_posts([{"width": width, "height": height}]), Context())
    [finding] = findings(evaluation, [FAIL])
    assert finding["message"] == f"the video is {shape}: film upright (9:16)"


def test_posts_of_one_day_are_moved_to_distinct_active_hours() -> None:
    activity = pd.DataFrame({"hour": range(24), "active_followers": [90 if 15 <= h <= 22 else h for h in range(24)]})
    context = Context((Account(timezone="UTC"),), {"": Audience(activity=activity)})
    times = ["15:05", "02:00", "03:00", "23:30"]
    shown = fixes("T601", [{"posted_at": f"2026-03-04T{time}:00Z"} for time in times], context)
    # 15 is taken by the post that is in time.
    assert [fix.split(",")[0] for fix in shown] == ["Post at 16:00", "Post at 17:00", "Post at 22:00"]


def test_a_caption_is_cut_after_a_sentence_and_keeps_its_hashtags() -> None:
    assert shorten("We baked it. Then it sang to us for an hour. #rye #bread", 32) == "We baked it. #rye #bread"


def test_a_caption_of_one_sentence_is_cut_after_a_word() -> None:
    assert shorten("We proofed this dough for three whole days", 30) == "We proofed this dough for…"


def test_a_caption_without_spaces_is_not_cut() -> None:
    assert shorten("🍞" * 90, 150) == ""


WORDS = st.lists(st.sampled_from(["rye", "brød", "#rye", "何でしょう", "🍞🍞", "oven.", "why?", "\n"]), max_size=40)


@given(WORDS, st.integers(5, 90))
@settings(max_examples=150, deadline=1000)
def test_a_caption_that_is_cut_fits_and_has_no_word_of_its_own(words: list[str], limit: int) -> None:
    text = " ".join(words)
    short = shorten(text, limit)
    assert len(short.encode("utf-16-le")) // 2 <= limit
    assert set(short.replace("…", " ").split()) <= set(text.split())
