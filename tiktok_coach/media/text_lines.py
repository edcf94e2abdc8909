"""The words that are written in a picture, by RapidOCR and the models in its package; needs the extra `text`.

The models read Latin letters, Chinese, Japanese and Greek. Of other scripts they give nothing or nonsense, of which
they are not sure; of Vietnamese they leave out letters, and are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from tiktok_coach.core.records import dataclass

# A line of which the models are this sure is taken as it is read.
SURE = 0.9
# Text is looked for in pictures whose longer side has so many pixels, and read in the picture as it is.
LONGER_SIDE = 960
# One line of these has so many letters or digits, and is so many times as wide as high; what is less may be no text.
LEAST_LETTERS, LEAST_UNSURE_LETTERS, LEAST_LONG = 2, 3, 1.5
# An unsure line matters where it is at least this share of the height of the highest sure one.
MATTERS = 0.5
# Texts that are so much alike (0-100) are the same line in two pictures.
ALIKE = 85
SCRIPTS = frozenset({"LATIN", "GREEK", "CJK", "HIRAGANA", "KATAKANA", "FULLWIDTH", "HALFWIDTH", "MODIFIER"})
# These stand in hardly any text but Vietnamese, most of whose other letters the models do not know.
VIETNAMESE = frozenset("ơưđƠƯĐ")
# Languages of other scripts, by ISO 639 code.
UNREAD_LANGUAGES = frozenset(
    {"am", "ar", "as", "be", "bg", "bn", "ckb", "dv", "fa", "gu", "he", "hi", "hy", "ka", "kk", "km", "kn", "ko", "ky"}
    | {"lo", "mk", "ml", "mn", "mr", "my", "ne", "or", "pa", "ps", "ru", "si", "sr", "ta", "te", "tg", "th", "uk", "ur"}
    | {"vi", "yi"}
)


@dataclass(frozen=True)
class TextLine:
    """One line of text: how sure its reading is (0-1), and where it is, in shares of the picture's height and width."""

    text: str
    score: float
    top: float
    left: float
    bottom: float
    right: float

    @property
    def is_sure(self) -> bool:
        """Whether the line says what `text` is."""
        return self.score >= SURE and _letters(self.text) >= LEAST_LETTERS

    @property
    def height(self) -> float:
        """The height as a share of the picture's."""
        return self.bottom - self.top

    def covers(self, other: TextLine) -> bool:
        """Whether half or more of another line lies within this one."""
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        wide = min(self.right, other.right) - max(self.left, other.left)
        area = (other.bottom - other.top) * (other.right - other.left)
        return high > 0 and wide > 0 and high * wide >= 0.5 * area


def can_read() -> bool:
    """Whether the extra `text` is installed, with its models."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def read_lines(picture: np.ndarray) -> tuple[TextLine, ...] | None:
    """The lines of text in a picture (height x width x 3, RGB, 0-255) from top to bottom; None without the extra."""
    reader = _reader()
    if reader is None:
        return None
    high, wide = picture.shape[:2]
    # The models are trained on pictures in the order blue, green, red.
    result = reader(np.ascontiguousarray(picture[:, :, ::-1]))
    if result.boxes is None or not result.txts:
        return ()
    lines = []
    for text, score, corners in zip(result.txts, result.scores, np.asarray(result.boxes, dtype="float64"), strict=True):
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        box = (top / high, left / wide, bottom / high, right / wide)
        line = TextLine(text.strip(), float(score), *(round(float(np.clip(edge, 0, 1)), 4) for edge in box))
        is_long = (right - left) >= LEAST_LONG * (bottom - top)
        if line.is_sure or (is_long and _letters(line.text) >= LEAST_UNSURE_LETTERS):
            lines.append(line)
    return tuple(sorted(lines, key=lambda line: (line.top, line.left)))


@cache
def _reader() -> Any:
    """The reader, loaded once a process when it is first needed; None where it is not installed."""
    if not can_read():
        return None
    import onnxruntime
    import rapidocr

    # With the paths of the models nothing is ever downloaded.
    models = Path(rapidocr.__file__).parent / "models"
    find, read = (next(iter(sorted(models.glob(f"*_{task}_*.onnx"))), None) for task in ("det", "rec"))
    if find is None or read is None:
        return None
    onnxruntime.set_default_logger_severity(4)
    onnxruntime.disable_telemetry_events()
    return rapidocr.RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.text_score": 0.0,
            "Global.log_level": "critical",
            "Det.model_path": str(find),
            "Det.limit_type": "max",
            "Det.limit_side_len": LONGER_SIDE,
            "Rec.model_path": str(read),
            # Other videos have the other cores.
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)


def words_of(pictures: Sequence[Sequence[TextLine]]) -> str | None:
    """The words of pictures that follow one another, each line once; `none` where there are none.

    None where that is not known: a line as large as the others cannot be read, or they are in a script that is not read
    well.
    """
    lines: list[TextLine] = []
    for line in (line for picture in pictures for line in picture if line.is_sure):
        _merge(lines, line)
    highest = max((line.height for line in lines), default=0.0)
    unsure = (line for picture in pictures for line in picture if not line.is_sure)
    if any(not any(sure.covers(line) for sure in lines) for line in unsure if line.height >= MATTERS * highest):
        return None
    words = " ".join(line.text for line in lines)
    return None if VIETNAMESE.intersection(words) else words or "none"


def _merge(lines: list[TextLine], line: TextLine) -> None:
    """Add a line where none says the same; of two that do, the longer is kept, else the surer."""
    from rapidfuzz.fuzz import ratio

    new = _packed(line.text)
    for position, other in enumerate(lines):
        old = _packed(other.text)
        if old in new and len(old) < len(new):
            lines[position] = line
            return
        if new in old or ratio(old, new) >= ALIKE:
            lines[position] = max(other, line, key=lambda one: one.score)
            return
    lines.append(line)


def _packed(text: str) -> str:
    """A text without what readings of one line differ in: case and spaces."""
    return "".join(text.casefold().split())


def is_readable(caption: str | None, language: str | None) -> bool:
    """Whether words in the pictures of a post can be read, as far as its caption and its account's language tell."""
    if language is not None and language.split("-")[0].lower() in UNREAD_LANGUAGES:
        return False
    return all(map(_is_read, filter(str.isalpha, caption or "")))


def _is_read(letter: str) -> bool:
    # Latin Extended Additional is Vietnamese, but for a capital ß.
    return unicodedata.name(letter, "").split(" ")[0] in SCRIPTS and not ("Ḁ" <= letter <= "ỿ" and letter != "ẞ")
