"""Arrow arrays from and to plain values, by way of their buffers.

Arrow's own conversions import pandas, which takes longer than a whole lint; so texts that are no pandas column are made
and read here instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

TEXT = pa.large_string()
# The first byte of a character that needs four in UTF-8 is at least this one.
FOUR_BYTES = 0xF0
# Texts in a part of an array: enough to be worth a thread, few enough for what is made of them to stay small.
TEXTS_AT_ONCE = 2**16
# Bytes that are compared at once, and an odd number that spreads them over all 64 bits (from SplitMix64).
WORD, MIXING = 8, np.uint64(0xBF58476D1CE4E5B9)

Result = TypeVar("Result")


def text_array(values: Iterable[str | None]) -> pa.Array:
    """Texts as an Arrow array, None as null."""
    texts = list(values)
    valid = np.array([text is not None for text in texts], dtype=bool)
    parts: list[str] = [text or "" for text in texts]
    joined = "".join(parts)
    lengths = map(len, parts) if joined.isascii() else (len(part.encode()) for part in parts)
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(lengths, np.int64, len(texts)), out=offsets[1:])
    bitmap = None if valid.all() else _bits(valid)
    return pa.Array.from_buffers(TEXT, len(texts), [bitmap, pa.py_buffer(offsets), pa.py_buffer(joined.encode())])


def _bits(mask: np.ndarray) -> pa.Buffer:
    return pa.py_buffer(np.packbits(mask, bitorder="little").tobytes())


def mask_array(mask: np.ndarray) -> pa.Array:
    """A boolean mask as an Arrow array."""
    return pa.Array.from_buffers(pa.bool_(), len(mask), [None, _bits(np.asarray(mask, dtype=bool))])


def take(array: pa.Array, rows: np.ndarray) -> pa.Array:
    """The values at these positions."""
    positions = np.ascontiguousarray(rows, dtype=np.int64)
    return array.take(pa.Array.from_buffers(pa.int64(), len(positions), [None, pa.py_buffer(positions)]))


def map_parts(make: Callable[[pa.Array], Result], array: pa.Array) -> list[Result]:
    """What is made of each TEXTS_AT_ONCE values of an array, in order; one thread for each processor."""
    parts = [array.slice(start, TEXTS_AT_ONCE) for start in range(0, max(len(array), 1), TEXTS_AT_ONCE)]
    if len(parts) == 1:
        return [make(array)]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(pa.cpu_count()) as threads:
        results = list(threads.map(make, parts))
    # What threads that have ended leave behind would be kept for others of them.
    pa.default_memory_pool().release_unused()
    return results


def valid_mask(array: pa.Array) -> np.ndarray:
    """Where an array holds a value."""
    return as_bool(pc.is_valid(array)) if array.null_count else np.ones(len(array), dtype=bool)


def as_bool(array: pa.Array) -> np.ndarray:
    """A boolean array, null as False."""
    values = _raw_values(array.cast(pa.int8())).astype(bool)
    return values & valid_mask(array) if array.null_count else values


def as_int64(array: pa.Array, *, nothing: int) -> np.ndarray:
    """Whole numbers of any width as int64, null as `nothing`."""
    values = _raw_values(array).astype(np.int64)
    if array.null_count:
        values[~valid_mask(array)] = nothing
    return values


def as_float64(array: pa.Array) -> np.ndarray:
    """Whole numbers or booleans as float64, null as NaN."""
    values = _raw_values(array.cast(pa.int8()) if pa.types.is_boolean(array.type) else array).astype("float64")
    if array.null_count:
        values[~valid_mask(array)] = np.nan
    return values


def _raw_values(array: pa.Array) -> np.ndarray:
    """Whole numbers as their buffer has them, anything in the place of null."""
    width = array.type.bit_width // 8
    return np.frombuffer(array.buffers()[1] or b"", dtype=f"i{width}", count=len(array), offset=array.offset * width)


def is_in(array: pa.Array, values: Sequence[str]) -> np.ndarray:
    """Where a text is one of `values`."""
    return as_bool(pc.is_in(array, value_set=text_array(values)))


def factorize(array: pa.Array) -> tuple[np.ndarray, list[str]]:
    """Equal texts as equal numbers, -1 for null, and the text of each number."""
    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    return as_int64(coded.indices, nothing=-1), coded.dictionary.to_pylist()


def _offsets(array: pa.Array) -> np.ndarray:
    """Where in its buffer each text of an array begins, and where the last one ends."""
    if not len(array):
        return np.zeros(1, dtype=np.int64)
    every = np.frombuffer(array.buffers()[1], dtype=np.int64)
    return np.asarray(every[array.offset : array.offset + len(array) + 1])


def _body(array: pa.Array) -> np.ndarray:
    """The bytes of all texts of an array, one behind the other."""
    offsets = _offsets(array)
    return np.frombuffer(array.buffers()[2] or b"", dtype=np.uint8)[offsets[0] : offsets[-1]]


def astral_counts(array: pa.Array) -> np.ndarray:
    """How many characters of each text need four bytes in UTF-8, as those need that UTF-16 writes as two units."""
    rows = _rows_at(array, np.flatnonzero(_body(array) >= FOUR_BYTES))
    return np.bincount(rows, minlength=len(array))


def rows_with(array: pa.Array, characters: str) -> np.ndarray:
    """The positions of the texts that have any of some characters, in ascending order, each once.

    It looks at bytes, a tenth of the time of a pattern where the characters are rare.

    >>> rows_with(text_array(["Why?", None, "a", "¿"]), "?¿").tolist()
    [0, 3]
    """
    body = _body(array)
    places = np.concatenate([_places_of(body, character.encode()) for character in characters])
    rows = _rows_at(array, places)
    if len(characters) > 1:
        rows.sort()
    return np.asarray(rows[np.diff(rows, prepend=-1) > 0])


def tails_after(array: pa.Array, mark: str) -> tuple[np.ndarray, pa.Array]:
    """What of each text begins with a mark of one byte and ends before the next one; and the position of its text.

    >>> rows, tails = tails_after(text_array(["a #b#c", None, "#d"]), "#")
    >>> rows.tolist(), tails.to_pylist()
    ([0, 0, 2], ['#b', '#c', '#d'])
    """
    places = _places_of(_body(array), mark.encode())
    rows = _rows_at(array, places)
    if array.null_count:
        is_text = valid_mask(array)[rows]
        places, rows = places[is_text], rows[is_text]
    offsets = _offsets(array)
    # Tails and what is between them, as texts in the bytes that are there.
    bounds = np.empty(2 * len(places), dtype=np.int64)
    bounds[::2] = places + offsets[0]
    bounds[1::2] = offsets[rows + 1]
    bounds[1:-1:2] = np.minimum(bounds[1:-1:2], bounds[2::2])
    pieces = pa.Array.from_buffers(TEXT, max(len(bounds) - 1, 0), [None, pa.py_buffer(bounds), array.buffers()[2]])
    return rows, take(pieces, np.arange(0, len(pieces), 2))


def has_any(array: pa.Array, *words: str) -> bool:
    """Whether any of the texts has any of some words."""
    body = _body(array)
    return any(len(_places_of(body, word.encode())) for word in words)


def _places_of(body: np.ndarray, word: bytes) -> np.ndarray:
    """Where in the bytes of texts a word begins; it may go from one text over to the next."""
    places = np.flatnonzero(body[: max(len(body) - len(word) + 1, 0)] == word[0])
    for position, byte in enumerate(word[1:], start=1):
        places = places[body[places + position] == byte]
    return places


def _rows_at(array: pa.Array, places: np.ndarray) -> np.ndarray:
    """The positions of the texts that have the bytes at some places."""
    offsets = _offsets(array)
    return np.searchsorted(offsets - offsets[0], places, side="right") - 1


def maybe_duplicated(array: pa.Array) -> np.ndarray:
    """Where another text may be the same: wherever one is, and where length, start, middle and end are another's.

    To number many texts that are nearly all their own, each is written anew; this looks at 24 bytes of each instead.
    """
    return maybe_repeated(np.concatenate(map_parts(text_hashes, array)))


def rows_by_code(codes: np.ndarray, count: int) -> list[np.ndarray]:
    """The row numbers, in ascending order, of each code from 0 to `count` - 1.

    >>> [rows.tolist() for rows in rows_by_code(np.array([1, 0, -1, 1]), 3)]
    [[1], [0, 3], []]
    """
    low, high = (codes.min(), codes.max()) if len(codes) else (-1, -1)
    if low == high:
        # Of a single account nothing need be sorted.
        return [np.arange(len(codes) if code == low else 0) for code in range(count)]
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(count + 1)).tolist()
    return [order[start:stop] for start, stop in pairwise(bounds)]


def first_and_last(groups: np.ndarray, keys: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Where in each of `count` groups the least and the largest key stand; -1 for an empty group.

    Of equal keys it is the first place of the least, and the last one of the largest. Nothing is sorted.

    >>> first_and_last(np.array([2, 0, 2, 2]), np.array([5, 1, 3, 5]), 3)
    (array([ 1, -1,  2]), array([ 1, -1,  3]))
    """
    bounds = np.iinfo(np.int64)
    least, largest = np.full(count, bounds.max), np.full(count, bounds.min)
    np.minimum.at(least, groups, keys)
    np.maximum.at(largest, groups, keys)
    first, last = np.full(count, -1), np.full(count, -1)
    places = np.flatnonzero(keys == least[groups])[::-1]
    first[groups[places]] = places
    places = np.flatnonzero(keys == largest[groups])
    last[groups[places]] = places
    return first, last


def maybe_repeated(hashes: np.ndarray) -> np.ndarray:
    """Where another of some hashes (uint64) is the same, and of a million in some hundred other places.

    Half of each is looked at, which takes half the time to sort.
    """
    halves = (hashes >> np.uint64(32)).astype(np.uint32)
    repeats = _repeats(halves)
    # Of those that share their first bits with a repeated one, which are few, it is worth to look for it.
    starts = np.zeros(2**16, dtype=bool)
    starts[repeats >> 16] = True
    rows = np.flatnonzero(starts[halves >> 16])
    result = np.zeros(len(hashes), dtype=bool)
    result[rows] = np.isin(halves[rows], repeats)
    return result


def duplicated_mask(numbers: np.ndarray) -> np.ndarray:
    """Where another number is the same."""
    repeats = _repeats(numbers)
    if not len(repeats):
        return np.zeros(len(numbers), dtype=bool)
    places = np.searchsorted(repeats, numbers)
    np.minimum(places, len(repeats) - 1, out=places)
    return np.asarray(repeats[places] == numbers)


def _repeats(numbers: np.ndarray) -> np.ndarray:
    """The numbers that are there more than once, in order, each as often as it repeats."""
    ordered = np.sort(numbers)
    return np.asarray(ordered[1:][ordered[1:] == ordered[:-1]])


def text_hashes(array: pa.Array) -> np.ndarray:
    """A number for each text (uint64) made of its length, start, middle and end; 0 for the shortest and for null."""
    offsets, body = _offsets(array), array.buffers()[2]
    length = np.diff(offsets)
    # All of them as a rule, of which none need be picked out.
    long = slice(None) if length.min(initial=0) >= WORD else length >= WORD
    marks = np.zeros(len(array), dtype=np.uint64)
    if not isinstance(long, slice) and not long.any():
        return marks
    words = np.ndarray(len(body) - WORD + 1, dtype=np.uint64, buffer=body, strides=(1,))
    start, spare = offsets[:-1][long], length[long] - WORD
    mixed = spare.astype(np.uint64)
    for at in (start, start + spare // 2, start + spare):
        mixed = (mixed ^ words[at]) * MIXING
        mixed ^= mixed >> np.uint64(29)
    marks[long] = mixed
    return marks


def text_codes(array: pa.Array) -> np.ndarray:
    """Equal texts as equal numbers, -1 for null."""
    return as_int64(array.dictionary_encode().indices, nothing=-1)
