"""Fixes name something concrete of the post or the account that fails: words, hashtags, hours, seconds, a shape."""

from __future__ import annotations

import re

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


def test_covered_text_is_moved_out_of_the_zone_of_its_caption_by_a_guide_that_is_named() -> None:
    assert fixes("P014", [{"text_covered": True, "caption": "Rye"}, {"text_covered": True, "ad": True}]) == [
        (
            "Move the text inwards, out of the top 180, bottom 320 and right 120 of 1080 x 1920 pixels (1 line of caption; "
            "socaptions.com)."
        ),
        (
            "Move the text inwards, out of the top 150, bottom 440 and right 150 of 1080 x 1920 pixels (an ad, 1 line of "
            "caption; adfuseai.com and tikadtools.com)."
        ),
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


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("We bake 2.5 kg of rye bread here every day. Come by", "We bake 2.5 kg of rye bread…"),
        ("Vi åbner butikken kl. 18 i dag, og brødet er varmt", "Vi åbner butikken kl. 18 i dag…"),
        ("We baked it with @anna.b and it sang to us. Rye", "We baked it with @anna.b and…"),
        ("The dough is on www.rye.example/a.b now. Come by", "The dough is on…"),
        ("We baked this with Dr. Rye of the Bakers. Come by", "We baked this with Dr. Rye of…"),
        ("Vi holder åbent d. 2. December og alle dage efter", "Vi holder åbent d. 2. December…"),
        ("We baked it all night... and then it sang to us", "We baked it all night... and…"),
        ("“We baked it all night.” And then it sang to us", "“We baked it all night.”"),
        ("We baked it all night! And then it sang to us", "We baked it all night!"),
        (
            "何時間もパンを焼きました。それから歌を歌いました。とても長い間です",
            "何時間もパンを焼きました。それから歌を歌いました。",
        ),
    ],
)
def test_a_caption_is_cut_after_what_ends_a_sentence_alone(text: str, short: str) -> None:
    assert shorten(text, 31) == short


def test_a_caption_of_one_sentence_is_cut_after_a_word() -> None:
    assert shorten("We proofed this dough for three whole days", 30) == "We proofed this dough for…"


def test_a_caption_without_spaces_is_not_cut() -> None:
    assert shorten("🍞" * 90, 150) == ""


PLAIN_WORDS = ["rye", "brød", "#rye", "何でしょう", "🍞🍞", "oven.", "Why?", "\n", "-", "Rye,", "“bread.”", "…"]
WORDS_WITH_DOTS = ["2.5", "10.000,5", "kl.", "bl.a.", "18.", "@a.b", "#a.b", "https://rye.example/a?b=1."]
BODY = st.lists(st.sampled_from(PLAIN_WORDS + WORDS_WITH_DOTS), max_size=40)
TAGS = st.lists(st.sampled_from(["#rye", "#brød", "#何"]), max_size=4)


@given(BODY, TAGS, st.integers(5, 90))
@settings(max_examples=300, deadline=1000)
def test_a_caption_that_is_cut_fits_and_is_its_own_beginning_up_to_a_space_with_the_first_of_its_last_hashtags(
    body: list[str], tags: list[str], limit: int
) -> None:
    text = " ".join([*body, "baked", *tags])
    short = shorten(text, limit)
    assert len(short.encode("utf-16-le")) // 2 <= limit
    kept = next(n for n in range(len(tags), -1, -1) if short.endswith("".join(f" {tag}" for tag in tags[:n])))
    beginning = short.removesuffix("".join(f" {tag}" for tag in tags[:kept])).removesuffix("…")
    assert text.startswith(beginning)
    assert re.match(r"[\s.,;:!?…–-]*(\s|$)", text.removeprefix(beginning)) or not short


@pytest.mark.parametrize("part", ["#a ", "ab ", "Ab. ", "a, ", "#a b "])
def test_a_caption_without_end_is_cut_without_reading_it_again_for_each_word(part: str) -> None:
    # A plan may hold anything, and an editor waits: at a time for each pair of words this would take an hour.
    for text in (f"Hi {part * 60_000}x", f"Hi {part * 60_000}"):
        assert len(shorten(text, 150)) <= 150
