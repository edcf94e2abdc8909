"""Draws words and QR codes on pictures, as captions and watermarks of videos look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("zxingcpp", reason="needs the extra media")

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

Drawing = Callable[[Any, float], None]


def ground(width: int = 360, height: int = 640, seed: int = 4) -> np.ndarray:
    """A picture of coloured squares without any text (height x width x 3)."""
    rng, cell = np.random.default_rng(seed), 40
    squares = rng.integers(40, 216, (-(-height // cell), -(-width // cell), 3), dtype=np.uint8)
    return squares.repeat(cell, 0).repeat(cell, 1)[:height, :width]


def write_text(image: Any, text: str, left: float, top: float, size: int) -> None:
    """Write white letters with a black edge, their corner at shares of the picture, `size` pixels high.

    The font has the letters of English alone.
    """
    place = round(left * image.width), round(top * image.height)
    edge = {"stroke_width": max(size // 12, 1), "stroke_fill": "black"}
    ImageDraw.Draw(image).text(place, text, font=ImageFont.load_default(size), fill="white", **edge)


def show_code(image: Any, left: float, top: float) -> None:
    """Put a QR code on a picture."""
    code = zxingcpp.create_barcode("https://example.com/rye", zxingcpp.BarcodeFormat.QRCode).to_image(scale=3)
    image.paste(Image.fromarray(np.array(code)), (round(left * image.width), round(top * image.height)))


def card(image: Any, text: str) -> None:
    """Make the picture a black card with a word in its middle."""
    image.paste((0, 0, 0), (0, 0, image.width, image.height))
    write_text(image, text, 0.3, 0.45, 36)


def drawn(picture: np.ndarray, drawing: Callable[[Any], None]) -> np.ndarray:
    """A picture with what `drawing` puts on it."""
    image = Image.fromarray(np.ascontiguousarray(picture))
    drawing(image)
    return np.array(image)


def over_time(drawing: Drawing, fps: float) -> Callable[[np.ndarray], np.ndarray]:
    """A change of each frame in its order by what `drawing` puts on it at its time."""
    count = iter(range(10_000))

    def change(picture: np.ndarray) -> np.ndarray:
        at = next(count) / fps
        return drawn(picture, lambda image: drawing(image, at))

    return change
