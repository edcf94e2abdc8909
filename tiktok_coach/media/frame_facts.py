"""What single pictures say: the words in them, other apps' watermarks, and QR codes.

`photo_facts` is for a photo, `FrameReader` for the frames of a video as they are decoded.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import numpy as np

from tiktok_coach.media.picture import decimated, scaled
from tiktok_coach.media.qr_codes import has_qr_code
from tiktok_coach.media.text_lines import TextLine, can_read, read_lines, words_of
from tiktok_coach.media.watermarks import TextAt, watermarks_of_photo, watermarks_of_video, without_marks

# Pictures are read with no more pixels on their shorter and their longer side.
SHORTER, LONGER = 720, 1280
# When text is read: of the opening at these seconds, then at these shares of the video, and in its last frame.
OPENING_S, SHARES = (0.0, 0.5, 0.95), (0.3, 0.6, 0.85)
# Where the file does not say how long it is, at these seconds.
LATER_S = (3.0, 8.0, 20.0)
# QR codes are looked for so often, in every n-th pixel of at least so many, and in no more than so many frames.
CODES_EVERY_S, CODES_SHORTER, MOST_CODES = 1.0, 540, 60
# No block of BLOCK x BLOCK pixels differs by more (of 255): the picture is the same, and is not read again.
BLOCK, SAME = 8, 16
# Nearly all of a card is of one colour: this share of its blocks is as near to their median.
CARD_SHARE, CARD_NEAR = 0.8, 24


def photo_facts(picture: np.ndarray) -> dict[str, Any]:
    """The facts of a photo (height x width x 3, RGB, 0-255) that its picture tells; what is not known is left out.

    `qr_code` (bool): whether it shows a QR code. `watermark`: other apps whose marks it shows, separated by `; `, or
    `none`. `opening_text`: the words in it, or `none`, for the first photo of a post. The last two need the extra
    `text`, without which they are left out, as `qr_code` is without `zxing-cpp`.
    """
    picture = _shrunk(picture)
    facts: dict[str, Any] = {"qr_code": has_qr_code(picture)}
    lines = None
    # What breaks the models costs what they tell, and no more.
    with suppress(Exception):
        lines = read_lines(picture)
    if lines is not None:
        facts |= {"watermark": watermarks_of_photo(lines), "opening_text": words_of([without_marks(lines)])}
    return {name: value for name, value in facts.items() if value is not None}


def _size(wide: int, high: int, shorter: int, longer: int) -> tuple[int, int]:
    """A width and height that fit within limits for the shorter and the longer side."""
    share = min(1.0, shorter / min(wide, high), longer / max(wide, high))
    return max(round(wide * share), 1), max(round(high * share), 1)


def _shrunk(picture: np.ndarray) -> np.ndarray:
    """A picture with no more pixels than are read."""
    import av

    high, wide = picture.shape[:2]
    size = _size(wide, high, SHORTER, LONGER)
    if size == (wide, high):
        return picture
    return scaled(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24"), *size, "rgb24")


class FrameReader:
    """Reads some frames of a video beside their decoding: `add` takes each, `facts` says what they show."""

    def __init__(self, duration_s: float | None, *, text: bool = True) -> None:
        self.duration_s = duration_s
        later = LATER_S if duration_s is None else [share * duration_s for share in SHARES]
        self._moments = [*OPENING_S, *(at for at in later if at > OPENING_S[-1])] if text and can_read() else []
        self._codes_every_s = max(CODES_EVERY_S, (duration_s or 0.0) / MOST_CODES)
        self._codes_looked_for = 0
        self._has_code: bool | None = None
        self._first_at: float | None = None
        self._last: Any = None
        self._texts: list[Future[TextAt]] = []
        self._executor: ThreadPoolExecutor | None = None
        # What was read last, and of what picture; of the executor's thread alone.
        self._blocks = np.zeros(0)
        self._lines: tuple[TextLine, ...] = ()

    def add(self, frame: Any, at: float) -> None:
        """Take one frame and its time."""
        self._first_at = at if self._first_at is None else self._first_at
        since = at - self._first_at
        self._last = (frame, since)
        if since >= self._codes_looked_for * self._codes_every_s and self._codes_looked_for < MOST_CODES:
            self._codes_looked_for += 1
            if not self._has_code:
                self._has_code = has_qr_code(decimated(frame, CODES_SHORTER))
        if self._moments and since >= self._moments[0]:
            self._moments = [moment for moment in self._moments if moment > since]
            self._read(frame, since)

    def end(self) -> None:
        """Say that no frame follows: where the file does not say how long it is, its frames do."""
        if self.duration_s is None and self._last is not None:
            self.duration_s = self._last[1]

    def facts(self) -> dict[str, Any]:
        """The facts of a Video that the frames so far tell, None where they do not."""
        if self._last is not None and self._texts:
            self._read(*self._last)
        if self._executor is not None:
            self._executor.shutdown()
        # What breaks the models costs what they tell, and no more.
        if not self._texts or any(text.exception() is not None for text in self._texts):
            return {"qr_code": self._has_code}
        texts = [text.result() for text in self._texts]
        opening = [without_marks(text.lines) for text in texts if text.at <= 1.0]
        return {
            "qr_code": self._has_code,
            "watermark": watermarks_of_video(texts, self.duration_s),
            "opening_text": words_of(opening),
        }

    def _read(self, frame: Any, at: float) -> None:
        wide, high = (frame.height, frame.width) if round(frame.rotation / 90) % 2 else (frame.width, frame.height)
        picture = scaled(frame, *_size(wide, high, SHORTER, LONGER), "rgb24")
        if self._executor is None:
            # The models leave the interpreter free.
            self._executor = ThreadPoolExecutor(1)
        self._texts.append(self._executor.submit(self._text_of, picture, at))

    def _text_of(self, picture: np.ndarray, at: float) -> TextAt:
        blocks = _blocks(picture)
        if blocks.shape != self._blocks.shape or np.abs(blocks - self._blocks).max(initial=0.0) > SAME:
            self._blocks, self._lines = blocks, read_lines(picture) or ()
        near = np.abs(blocks - np.median(blocks, axis=(0, 1))).max(axis=2) <= CARD_NEAR
        return TextAt(at, self._lines, is_plain=bool(near.mean() >= CARD_SHARE))


def _blocks(picture: np.ndarray) -> np.ndarray:
    """The mean colour of each block of a picture."""
    high, wide = (size // BLOCK * BLOCK for size in picture.shape[:2])
    blocks = picture[:high, :wide].reshape(high // BLOCK, BLOCK, wide // BLOCK, BLOCK, 3)
    means: np.ndarray = blocks.mean(axis=(1, 3))
    return means
