"""How alike two videos are by the prints that the posts table keeps of their pictures and their sounds.

A print of pictures is hexadecimal digits: the signs of the lowest frequencies (COEFFICIENTS each way, row by row) of MOMENTS frames, and behind a
`-` those of what moves in them; a video in which nothing moves has no second part. A print of sound is a word of BANDS bits for every tenth of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

COEFFICIENTS, MOMENTS = 8, 8
BANDS, LEAST_WORDS = 16, 40
# Shares of bits that may differ. Copies that are encoded again, scaled, cropped by 4%, framed or mirrored differ in 0-11% of what moves, takes of one scene in 16-50%;
# where nothing moves only the picture tells, so it must be closer.
PICTURE, MOVEMENT, STILL = 0.25, 0.13, 0.1
# Copies of a sound differ in 0-28% of bits, other sounds in 32-50%; they may begin so many tenths of a second apart.
SOUND, LAG = 0.27, 10
# Rows that are compared at once, so that memory stays bounded.
BLOCK = 512


@dataclass(frozen=True)
class Copies:
    """For each of several prints the place of the first one before it that it is a copy of, -1 for none; and whether it is mirrored."""

    first: np.ndarray
    mirrored: np.ndarray


def bits_as_text(bits: np.ndarray) -> str:
    """Bits as hexadecimal digits."""
    return np.packbits(bits.astype(bool)).tobytes().hex()


def _signs(text: str) -> np.ndarray:
    """Bits from hexadecimal digits, as -1 and 1."""
    return np.unpackbits(np.frombuffer(bytes.fromhex(text), dtype=np.uint8)).astype(np.float32) * 2 - 1


def _pictures(text: str) -> tuple[np.ndarray, np.ndarray] | None:
    """The signs of a print of pictures, and of what moves in them (zeros for nothing); None for what is no such print."""
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
    """Which of the prints of pictures, in the order of their posts, show what an earlier one shows; what is None or no print is alike to none."""
    read = [_pictures(text) if text else None for text in prints]
    rows = np.array([row for row, parts in enumerate(read) if parts is not None], dtype=np.intp)
    found = Copies(np.full(len(prints), -1, dtype=np.intp), np.zeros(len(prints), dtype=bool))
    if len(rows) < 2:
        return found
    seen, moved = (np.stack([parts[part] for parts in read if parts is not None]) for part in (0, 1))
    still = np.asarray(~moved.any(axis=1))
    flip = np.tile(np.where(np.arange(COEFFICIENTS) % 2, -1, 1), COEFFICIENTS * MOMENTS).astype(np.float32)
    told = MOMENTS * (COEFFICIENTS**2 - 1)
    for start in range(0, len(rows), BLOCK):
        these = slice(start, start + BLOCK)
        alike = []
        for turn in (1, flip):
            picture, movement = ((1 - (part[these] * turn) @ part.T / told) / 2 for part in (seen, moved))
            both = still[these, None] & still[None]
            alike.append(np.where(both, picture <= STILL, (picture <= PICTURE) & (movement <= MOVEMENT)))
        _earliest(found, rows, start, alike[0], alike[1])
    return found


def find_sound_copies(prints: Sequence[str | None]) -> np.ndarray:
    """For each print of sound the place of the first one before it that has the same sound, -1 for none."""
    read = [_sound(text) if text else None for text in prints]
    rows = np.array([row for row, words in enumerate(read) if words is not None], dtype=np.intp)
    found = Copies(np.full(len(prints), -1, dtype=np.intp), np.zeros(len(prints), dtype=bool))
    if len(rows) < 2:
        return found.first
    longest = max(len(words) for words in read if words is not None)
    held = np.zeros((len(rows), longest, BANDS), dtype=np.float32)
    for row, words in enumerate(words for words in read if words is not None):
        held[row, : len(words)] = words
    there = held[:, :, 0] != 0
    for start in range(0, len(rows), BLOCK):
        these = slice(start, start + BLOCK)
        alike = np.zeros((len(held[these]), len(rows)), dtype=bool)
        for lag in range(-LAG, LAG + 1):
            mine, theirs = slice(max(lag, 0), longest + min(lag, 0)), slice(max(-lag, 0), longest - max(lag, 0))
            shared = there[these, mine].astype(np.float32) @ there[:, theirs].astype(np.float32).T
            same = held[these, mine].reshape(len(alike), -1) @ held[:, theirs].reshape(len(rows), -1).T
            with np.errstate(divide="ignore", invalid="ignore"):
                alike |= (shared >= LEAST_WORDS) & ((1 - same / (shared * BANDS)) / 2 <= SOUND)
        _earliest(found, rows, start, alike, np.zeros_like(alike))
    return found.first


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


def _earliest(found: Copies, rows: np.ndarray, start: int, plain: np.ndarray, turned: np.ndarray) -> None:
    """Note of each row of a block the first row before it that it is alike to, as it is or mirrored."""
    before = np.arange(len(rows))[None] < np.arange(start, start + len(plain))[:, None]
    either = (plain | turned) & before
    some = either.any(axis=1)
    first = either.argmax(axis=1)
    block = rows[start : start + len(plain)]
    found.first[block[some]] = rows[first[some]]
    found.mirrored[block[some]] = ~plain[some.nonzero()[0], first[some]]
