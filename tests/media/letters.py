"""Letters to put on pictures: five wide, seven high, drawn larger and softer as captions of videos are."""

from __future__ import annotations

import numpy as np

GLYPHS = {
    "A": "01110 10001 10001 11111 10001 10001 10001",
    "B": "11110 10001 10001 11110 10001 10001 11110",
    "D": "11110 10001 10001 10001 10001 10001 11110",
    "E": "11111 10000 10000 11110 10000 10000 11111",
    "I": "01110 00100 00100 00100 00100 00100 01110",
    "K": "10001 10010 10100 11000 10100 10010 10001",
    "N": "10001 11001 10101 10011 10001 10001 10001",
    "O": "01110 10001 10001 10001 10001 10001 01110",
    "R": "11110 10001 10001 11110 10100 10010 10001",
    "S": "01111 10000 10000 01110 00001 00001 11110",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    "Y": "10001 10001 01010 00100 00100 00100 00100",
    " ": "00000 00000 00000 00000 00000 00000 00000",
}


def lettered(text: str, size: int) -> np.ndarray:
    """How much of each pixel the letters of a text cover (height x width, 0-1); `size` pixels to a dot."""
    rows = [[[int(dot) for dot in line] + [0] for line in GLYPHS[letter].split()] for letter in text]
    dots = np.concatenate([np.array(glyph) for glyph in rows], axis=1)
    return np.kron(dots, np.ones((size, size)))


def written(
    picture: np.ndarray, text: str, top: float, left: float, size: int, ink: int = 255, edge: int | None = 0
) -> np.ndarray:
    """A picture with text on it, its corner at shares of height and width, outlined where `edge` is a colour."""
    letters = lettered(text, size)
    height, width = letters.shape
    picture = picture.copy()
    row, column = round(top * picture.shape[0]), round(left * picture.shape[1])
    width = min(width, picture.shape[1] - column)
    place = picture[row : row + height, column : column + width]
    cover = letters[: place.shape[0], :width, None]
    if edge is not None:
        about = np.zeros_like(cover)
        for down, across in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            about = np.maximum(about, np.roll(cover, (down, across), axis=(0, 1)))
        place[:] = np.where(about > 0, edge, place)
    place[:] = np.where(cover > 0, ink, place)
    return picture
