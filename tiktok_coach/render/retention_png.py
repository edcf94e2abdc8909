"""How long viewers stay with one post as a picture to send: its curve, what its video has, and moments of it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from tiktok_coach.analysis.retention import PostRetention, Retention
from tiktok_coach.core.translation import format_value
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.labels import label_of
from tiktok_coach.render.pages.charts import second_marks
from tiktok_coach.render.retention_post import Pictures, band_of, fall_text, headline, legend_text, summary_text
from tiktok_coach.render.retention_rows import Row, row_names, rows_of
from tiktok_coach.stats.account_effects import HELPS, HURTS

if TYPE_CHECKING:
    from PIL import ImageFont

# In pixels: of the whole, of the curve, and of a row below it; a picture of a moment is so wide.
WIDE, MARGIN, CURVE, ROW, MOMENT = 1080, 48, 420, 40, 216
# Lines are drawn so many times as large, and then made smaller, so that they are smooth.
TIMES = 2
TITLE, TEXT, SMALL = 34, 27, 22
PAPER, INK, FAINT, LINE = "#ffffff", "#1a1d21", "#565c65", "#d5d9df"
CURVE_INK, BAND, MARK, BAR = "#0b6e69", "#d7ece9", "#a6192e", "#9aa3ae"
COLOURS = {HURTS: "#a6192e", HELPS: "#0b6b2e"}
# Fonts that systems have, of which the first is taken; what comes with Pillow knows letters of ASCII alone.
FONTS = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "arial.ttf")
PLAIN = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "–": "-", "…": "...", "ß": "ss"})
# A number is not parted from its unit.
UNBROKEN = re.compile(r"(\d) (s\b|sek\.|%)")
# A letter that no font has.
NO_LETTER = "\U0010fffe"


def retention_png(result: Retention, post: PostRetention, pictures: Pictures) -> bytes:
    """The picture of a post as a PNG file. It takes the extra `media`."""
    sheet = _Sheet()
    sheet.words(one_line(label_of(result.export.posts, post.row)), TITLE, most=2)
    sheet.down += 8
    sheet.words(headline(post), TEXT)
    sheet.words(summary_text(post), TEXT, FAINT)
    sheet.down += 40
    left = MARGIN + max(sheet.wide(name, SMALL) for name in [*row_names(), format_value(1, ".0%")]) + 16
    _curve(sheet, result, post, left)
    rows = list(rows_of(result, post))
    for row in rows:
        _row(sheet, row, len(post.watching.left), left)
    sheet.down += 12
    sheet.words(legend_text(rows, has_band=len(band_of(result, post)) > 1), SMALL, FAINT)
    sheet.down += 24
    _moments(sheet, post, pictures)
    return sheet.png()


def _curve(sheet: _Sheet, result: Retention, post: PostRetention, left: int) -> None:
    """The curve on its axis, where half of the account's other posts lie, and a mark at each fall."""
    seconds, top = len(post.watching.left), sheet.down
    wide, bottom = WIDE - MARGIN - left, top + CURVE
    places = left + np.arange(seconds + 1) / seconds * wide

    def height(shares: np.ndarray) -> np.ndarray:
        return np.asarray(bottom - np.clip(shares, 0, 1) * CURVE)

    band = band_of(result, post)
    band = band[band.index <= seconds]
    if len(band) > 1:
        across = left + band.index.to_numpy() / seconds * wide
        low, high = (height(band[name].to_numpy()) for name in ("low", "high"))
        sheet.area(np.concatenate([across, across[::-1]]), np.concatenate([high, low[::-1]]), BAND)
    for share in (0, 0.5, 1):
        level = bottom - share * CURVE
        sheet.line(np.array([left, WIDE - MARGIN]), np.array([level, level]), LINE)
        sheet.text(format_value(share, ".0%"), left - 12, level, SMALL, FAINT, "rm")
    shares = height(post.watching.shares)
    sheet.line(places, shares, CURVE_INK, 5)
    for number, fall in enumerate(post.falls, 1):
        pair = slice(fall.second, fall.second + 2)
        sheet.line(places[pair], shares[pair], MARK, 7)
        sheet.badge(number, float(places[pair].mean()) + 4, float(shares[pair].mean()) - 32)
    for second in second_marks(seconds, 10):
        label = format_value(second, "d") + (" s" if second == 0 else "")
        sheet.text(label, left + second / seconds * wide, bottom + 10, SMALL, FAINT, "mt" if second else "lt")
    sheet.down = bottom + 48


def _row(sheet: _Sheet, row: Row, seconds: int, left: int) -> None:
    """What a post has of one thing, under the seconds in which it has it."""
    wide, middle, colour = WIDE - MARGIN - left, sheet.down + ROW // 2, COLOURS.get(row.verdict, BAR)
    sheet.text(row.name, left - 16, middle, SMALL, FAINT, "rm")
    for at in row.ticks:
        sheet.box(left + at / seconds * wide - 2, middle - 13, left + at / seconds * wide + 2, middle + 13, colour)
    for start, end in row.spans:
        sheet.box(left + start / seconds * wide + 1, middle - 8, left + end / seconds * wide - 1, middle + 8, colour)
    sheet.down += ROW


def _moments(sheet: _Sheet, post: PostRetention, pictures: Pictures) -> None:
    """Pictures of moments side by side, with what happens in these and in the other seconds to their right."""
    top, left = sheet.down, MARGIN
    for place, picture in pictures:
        sheet.picture(picture, left, top)
        sheet.badge(place + 1, left + 30, top + 30)
        left += MOMENT + 20
    bottom = top + max((picture.shape[0] for _place, picture in pictures), default=0)
    for number, fall in enumerate(post.falls, 1):
        sheet.badge(number, left + 20, sheet.down + 18)
        sheet.words(fall_text(fall), TEXT, left=left + 52)
        sheet.down += 14
    sheet.down = max(sheet.down, bottom)


class _Sheet:
    """A sheet that grows downwards: `down` is how far it is filled."""

    def __init__(self) -> None:
        self.down = MARGIN
        self._steps: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self._pictures: list[tuple[np.ndarray, int, int]] = []

    def _draw(self, name: str, *places: Any, **how: Any) -> None:
        self._steps.append((name, places, how))

    def wide(self, text: str, size: int) -> int:
        """How wide a text is."""
        return round(_font(size).getlength(_known(text, size)) / TIMES)

    def words(self, text: str, size: int, colour: str = INK, *, left: int = MARGIN, most: int = 5) -> None:
        """A paragraph, its lines broken between words, and within one that is wider than a line."""
        lines: list[str] = []
        room = WIDE - MARGIN - left
        for word in UNBROKEN.sub("\\1\u00a0\\2", text).split(" "):
            if lines and self.wide(f"{lines[-1]} {word}", size) <= room:
                lines[-1] += f" {word}"
            else:
                lines += self._parts(word, size, room)
        if len(lines) > most:
            lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
        for line in lines:
            self.text(line, left, self.down, size, colour, "la")
            self.down += round(size * 1.35)

    def _parts(self, word: str, size: int, room: int) -> list[str]:
        """A word in parts of which each has room in a line."""
        parts = [""]
        for letter in word:
            if parts[-1] and self.wide(parts[-1] + letter, size) > room:
                parts.append("")
            parts[-1] += letter
        return parts

    def text(self, text: str, left: float, top: float, size: int, colour: str, anchor: str) -> None:
        """A line of text at a place."""
        place = (left * TIMES, top * TIMES)
        self._draw("text", place, _known(text, size), fill=colour, font=_font(size), anchor=anchor)

    def line(self, across: np.ndarray, down: np.ndarray, colour: str, wide: int = 2) -> None:
        """A line through points."""
        points = [(float(x) * TIMES, float(y) * TIMES) for x, y in zip(across, down, strict=True)]
        self._draw("line", points, fill=colour, width=wide * TIMES, joint="curve")

    def area(self, across: np.ndarray, down: np.ndarray, colour: str) -> None:
        """An area within points."""
        points = [(float(x) * TIMES, float(y) * TIMES) for x, y in zip(across, down, strict=True)]
        self._draw("polygon", points, fill=colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """A box, of at least two pixels."""
        corners = (left * TIMES, top * TIMES, max(right, left + 2) * TIMES, bottom * TIMES)
        self._draw("rounded_rectangle", corners, radius=4 * TIMES, fill=colour)

    def badge(self, number: int, across: float, down: float) -> None:
        """A number in a disc."""
        edges = ((across - 18) * TIMES, (down - 18) * TIMES, (across + 18) * TIMES, (down + 18) * TIMES)
        self._draw("ellipse", edges, fill=MARK)
        self.text(format_value(number, "d"), across, down, SMALL, PAPER, "mm")

    def picture(self, picture: np.ndarray, left: int, top: int) -> None:
        """A picture (height x width x 3, 0-255), as large as it is."""
        self._pictures.append((picture, left, top))

    def png(self) -> bytes:
        """All that was drawn as a PNG file."""
        from PIL import Image, ImageDraw

        size = (WIDE, self.down + MARGIN)
        large = Image.new("RGB", (size[0] * TIMES, size[1] * TIMES), PAPER)
        draw = ImageDraw.Draw(large)
        for picture, left, top in self._pictures:
            image = Image.fromarray(picture)
            large.paste(image.resize((image.width * TIMES, image.height * TIMES)), (left * TIMES, top * TIMES))
        for name, places, how in self._steps:
            getattr(draw, name)(*places, **how)
        file = BytesIO()
        large.resize(size, Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
        return file.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """A font of the system, or else the one that comes with Pillow."""
    from contextlib import suppress

    from PIL import ImageFont

    for name in FONTS:
        with suppress(OSError):
            return ImageFont.truetype(name, size * TIMES)
    return ImageFont.load_default(size * TIMES)  # type: ignore[return-value]


def _known(text: str, size: int) -> str:
    """A text in letters that the font has: others without their accents, or left out."""
    font = _font(size)
    return " ".join(filter(None, "".join(_letter(letter, font) for letter in text).split(" ")))


def _letter(letter: str, font: ImageFont.FreeTypeFont) -> str:
    if _is_known(letter, font):
        return letter
    return unicodedata.normalize("NFKD", letter.translate(PLAIN)).encode("ascii", "ignore").decode()


@cache
def _is_known(letter: str, font: ImageFont.FreeTypeFont) -> bool:
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask(NO_LETTER))
