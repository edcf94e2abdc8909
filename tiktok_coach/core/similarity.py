"""How alike two videos are by the prints that the posts table has of their pictures and their sounds.

A print of pictures is hexadecimal digits: the signs of the lowest frequencies (COEFFICIENTS each way, row by row) of
MOMENTS frames, and behind a `-` those of what moves, if anything does. One of sound is a word of BANDS bits each 0.1 s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from tiktok_coach.core.records import dataclass

T = TypeVar("T")
COEFFICIENTS, MOMENTS = 8, 8
BANDS, LEAST_WORDS = 16, 40
# Shares of bits that may differ. Copies that are encoded again, scaled, cropped by 4%, framed or mirrored differ in
# 0-11% of what moves, takes of one scene in 16-50%; where nothing moves only the picture tells, so it must be closer.
PICTURE, MOVEMENT, STILL = 0.25, 0.13, 0.1
# Copies of a sound differ in 0-28% of bits, other sounds in 32-50%; they may begin so many tenths of a second apart.
SOUND, LAG = 0.27, 10
# Rows that are compared at once, so that memory stays bounded.
BLOCK = 512


@dataclass(frozen=True)
class Copies:
    """For each print the place of the first one before it that it copies, -1 for none; and whether it is mirrored."""

    first: np.ndarray
    mirrored: np.ndarray


def bits_as_text(bits: np.ndarray) -> str:
    """Bits as hexadecimal digits."""
    return np.packbits(bits.astype(bool)).tobytes().hex()


def _signs(text: str) -> np.ndarray:
    """Bits from hexadecimal digits, as -1 and 1."""
    return np.unpackbits(np.frombuffer(bytes.fromhex(text), dtype=np.uint8)).astype(np.float32) * 2 - 1


def _pictures(text: str) -> tuple[np.ndarray, np.ndarray] | None:
    """The signs of a print of pictures, and of what moves in them (zeros for nothing); None for no such print."""
    size = MOMENTS * COEFFICIENTS**2
    try:
        still, _, moving = text.partition("-")
        parts = _signs(still), _signs(moving) if moving else np.zeros(size, dtype=np.float32)
    except ValueError:
        return None
    if any(len(part) != size for part in parts):
        return None
    for part in parts:
        # The mean of a picture is no sign of it.
        part.reshape(MOMENTS, -1)[:, 0] = 0
    return parts


def find_picture_copies(prints: Sequence[str | None]) -> Copies:
    """Which of the prints of pictures, in the order of their posts, copy an earlier one; None copies none."""
    copies, rows, parts = _valid_prints(prints, _pictures)
    if len(rows) < 2:
        return copies
    pictures, movements = (np.stack([part[position] for part in parts]) for position in (0, 1))
    still = np.asarray(~movements.any(axis=1))
    flip = np.tile(np.where(np.arange(COEFFICIENTS) % 2, -1, 1), COEFFICIENTS * MOMENTS).astype(np.float32)
    size = MOMENTS * (COEFFICIENTS**2 - 1)
    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        both_still = still[block, None] & still[None]
        masks = []
        for turn in (1, flip):
            picture, movement = ((1 - (signs[block] * turn) @ signs.T / size) / 2 for signs in (pictures, movements))
            masks.append(np.where(both_still, picture <= STILL, (picture <= PICTURE) & (movement <= MOVEMENT)))
        _set_earliest(copies, rows, start, *masks)
    return copies


def find_sound_copies(prints: Sequence[str | None]) -> np.ndarray:
    """For each print of sound the place of the first one before it that has the same sound, -1 for none."""
    copies, rows, words = _valid_prints(prints, _sound)
    if len(rows) < 2:
        return copies.first
    longest = max(map(len, words))
    signs = np.zeros((len(rows), longest, BANDS), dtype=np.float32)
    for row, own_words in enumerate(words):
        signs[row, : len(own_words)] = own_words
    has_word = (signs[:, :, 0] != 0).astype(np.float32)
    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        is_same = np.zeros((len(signs[block]), len(rows)), dtype=bool)
        for lag in range(-LAG, LAG + 1):
            one, other = slice(max(lag, 0), longest + min(lag, 0)), slice(max(-lag, 0), longest - max(lag, 0))
            shared = has_word[block, one] @ has_word[:, other].T
            same = signs[block, one].reshape(len(is_same), -1) @ signs[:, other].reshape(len(rows), -1).T
            with np.errstate(divide="ignore", invalid="ignore"):
                is_same |= (shared >= LEAST_WORDS) & ((1 - same / (shared * BANDS)) / 2 <= SOUND)
        _set_earliest(copies, rows, start, is_same, np.zeros_like(is_same))
    return copies.first


def _valid_prints(prints: Sequence[str | None], read: Callable[[str], T | None]) -> tuple[Copies, np.ndarray, list[T]]:
    """No copies yet, the positions of the prints that can be read, and what they say."""
    values = [read(text) if text else None for text in prints]
    rows = np.array([row for row, value in enumerate(values) if value is not None], dtype=np.intp)
    copies = Copies(np.full(len(prints), -1, dtype=np.intp), np.zeros(len(prints), dtype=bool))
    return copies, rows, [value for value in values if value is not None]


def is_same_sound(one: str | None, other: str | None) -> bool | None:
    """Whether two prints are of the same sound; None where either is missing."""
    return None if one is None or other is None else bool(find_sound_copies([one, other])[1] == 0)


def _sound(text: str) -> np.ndarray | None:
    """The words of a print of sound, as -1 and 1; None for what is no such print."""
    try:
        signs = _signs(text)
    except ValueError:
        return None
    return signs.reshape(-1, BANDS) if len(signs) and not len(signs) % BANDS else None


def _set_earliest(copies: Copies, rows: np.ndarray, start: int, plain: np.ndarray, mirrored: np.ndarray) -> None:
    """Set for each row of a block the first row before it that it is a copy of, as it is or mirrored."""
    is_earlier = np.arange(len(rows))[None] < np.arange(start, start + len(plain))[:, None]
    either = (plain | mirrored) & is_earlier
    copy = np.flatnonzero(either.any(axis=1))
    first = either.argmax(axis=1)[copy]
    copies.first[rows[start + copy]] = rows[first]
    copies.mirrored[rows[start + copy]] = ~plain[copy, first]
