"""What TikTok's own words and buttons cover of a full screen: more under a longer caption, and more of an ad.

TikTok publishes no numbers. Those of guides are in `safe_zones.csv`: for a caption of one line, and for one of as many
as are shown. That the edge moves evenly between the two is an assumption, and so is how many characters a line has.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _, plural, read_rows

# The pixels of the picture that guides speak of, and how wide to high a picture is that fills the screen like it.
WIDE, HIGH = 1080, 1920
FULL_SCREEN = (0.53, 0.6)
# A caption shows so many characters to a line; of a longer one so many, in so many lines, then "more".
LINE_CHARACTERS, SHOWN_CHARACTERS, MOST_LINES = 37, 150, 4
# Text is covered where this share of it is.
COVERED_SHARE = 0.25
# Where text is, in shares of the picture's height and width: its top, left, bottom and right.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class SafeZone:
    """So many pixels at the top, right and bottom of 1080 x 1920 are covered, as a guide says.

    `lines` is of the caption, and `is_ad` whether it is for an ad.
    """

    top: int
    right: int
    bottom: int
    lines: int
    is_ad: bool
    guide: str

    def covers(self, box: Box) -> bool:
        """Whether a quarter or more of a text lies outside the safe zone."""
        top, left, bottom, right = box
        high, wide = max(bottom - top, 1e-9), max(right - left, 1e-9)
        clear_high = min(bottom, 1 - self.bottom / HIGH) - max(top, self.top / HIGH)
        clear_wide = min(right, 1 - self.right / WIDE) - left
        clear = max(clear_high, 0.0) / high * (max(clear_wide, 0.0) / wide)
        return 1 - clear >= COVERED_SHARE

    def __str__(self) -> str:
        """The zone as a fix names it, with its guide."""
        lines = plural("{count} line of caption", "{count} lines of caption", self.lines)
        post = _("an ad, {lines}", lines=lines) if self.is_ad else lines
        terms = {"top": self.top, "bottom": self.bottom, "right": self.right, "post": post, "guide": self.guide}
        return _("the top {top}, bottom {bottom} and right {right} of 1080 x 1920 pixels ({post}; {guide})", **terms)


def caption_lines(caption: str | None) -> int:
    """How many lines of a caption are shown: at least one, with the account's name above it."""
    # Letters of Asia and emojis are as wide as two others.
    wide = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in caption or "")
    return min(max(math.ceil(min(wide, SHOWN_CHARACTERS) / LINE_CHARACTERS), 1), MOST_LINES)


@cache
def _guides() -> dict[str, dict[str, str]]:
    return {row["post"]: row for row in read_rows(Path(__file__).with_name("safe_zones.csv"))}


def safe_zone(lines: int, *, is_ad: bool) -> SafeZone:
    """What is covered under so many lines of caption."""
    row = _guides()["ad" if is_ad else "organic"]
    top, right, least, most = (
        int(row[name]) for name in ("top", "right", "bottom_of_one_line", "bottom_of_four_lines")
    )
    bottom = least + round((most - least) * (lines - 1) / (MOST_LINES - 1))
    return SafeZone(top, right, bottom, lines, is_ad, row["guide"])


def fills_screen(width: int | None, height: int | None) -> bool:
    """Whether a picture fills the screen, so that it is known what TikTok shows where."""
    return bool(width and height and FULL_SCREEN[0] <= width / height <= FULL_SCREEN[1])


def is_text_covered(boxes: Sequence[Box], caption: str | None, *, is_ad: bool) -> bool | None:
    """Whether TikTok covers any of some texts; None where that depends on a caption that is not known."""
    fewest, most = (1, MOST_LINES) if caption is None else (caption_lines(caption),) * 2
    if any(map(safe_zone(fewest, is_ad=is_ad).covers, boxes)):
        return True
    return None if any(map(safe_zone(most, is_ad=is_ad).covers, boxes)) else False
