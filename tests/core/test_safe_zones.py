"""Where TikTok covers text: more under longer captions, more of ads, and unknown where the caption would tell."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tiktok_coach.core import safe_zones
from tiktok_coach.core.safe_zones import Box, caption_lines, fills_screen, is_text_covered, safe_zone

FOUR_LINES = "Rye bread " * 20


def strip(pixel: int) -> Box:
    """A line of text 40 pixels high from a pixel of 1920 on, clear of the right."""
    return pixel / 1920, 0.1, (pixel + 40) / 1920, 0.6


@pytest.mark.parametrize(
    ("caption", "lines"),
    [
        (None, 1),
        ("", 1),
        ("x" * 37, 1),
        ("x" * 38, 2),
        ("x" * 111, 3),
        ("x" * 150, 4),
        ("x" * 4000, 4),
        ("パン" * 10, 2),
    ],
)
def test_captions_show_four_lines_at_most(caption: str | None, lines: int) -> None:
    assert caption_lines(caption) == lines


def test_zones_are_those_of_their_guides() -> None:
    of_four = {"organic": (180, 120, 460), "ad": (150, 150, 672)}
    of_one = {"organic": (180, 120, 320), "ad": (150, 150, 440)}
    for post in ("organic", "ad"):
        for lines, zones in ((1, of_one), (4, of_four)):
            zone = safe_zone(lines, is_ad=post == "ad")
            assert (zone.top, zone.right, zone.bottom) == zones[post]


def test_a_longer_caption_covers_more() -> None:
    bottoms = [safe_zone(lines, is_ad=False).bottom for lines in (1, 2, 3, 4)]
    assert bottoms == [320, 367, 413, 460]


def test_text_is_covered_by_what_is_written_under_the_video() -> None:
    above_two_lines = [strip(1920 - 400)]
    assert is_text_covered(above_two_lines, "Rye", is_ad=False) is False
    assert is_text_covered(above_two_lines, FOUR_LINES, is_ad=False) is True
    assert is_text_covered(above_two_lines, "Rye", is_ad=True) is True


def test_without_a_caption_only_what_none_could_change_is_known() -> None:
    assert is_text_covered([strip(1920 - 300)], None, is_ad=False) is True
    assert is_text_covered([strip(1920 - 400)], None, is_ad=False) is None
    assert is_text_covered([strip(1920 - 600)], None, is_ad=False) is False
    assert is_text_covered([], None, is_ad=False) is False


def test_text_at_the_top_or_right_is_covered_from_a_quarter_on() -> None:
    assert is_text_covered([strip(60)], "Rye", is_ad=False) is True
    assert is_text_covered([strip(175)], "Rye", is_ad=False) is False
    assert is_text_covered([(0.4, 0.7, 0.45, 1.0)], "Rye", is_ad=False) is True
    assert is_text_covered([(0.4, 0.5, 0.45, 0.9)], "Rye", is_ad=False) is False


def test_zones_say_their_guide() -> None:
    assert str(safe_zone(2, is_ad=True)) == (
        "the top 150, bottom 517 and right 150 of 1080 x 1920 pixels (an ad, 2 lines of caption; "
        "adfuseai.com and tikadtools.com)"
    )
    with Path(safe_zones.__file__).with_name("safe_zones.csv").open(encoding="utf-8", newline="") as file:
        assert all(row["guide"] and row["url"].startswith("https://") and row["as_of"] for row in csv.DictReader(file))


def test_only_upright_pictures_fill_the_screen() -> None:
    assert fills_screen(1080, 1920)
    assert not fills_screen(1920, 1080)
    assert not fills_screen(None, None)
