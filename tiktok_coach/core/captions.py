"""What follows from a caption alone: its length as TikTok counts it, its hashtags and mentions, whether it asks.

Texts are Arrow arrays, or whatever Arrow makes one of, such as a pandas column. Patterns are RE2's, whose time is
linear in the text, so that no caption can hang the tool.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_coach.core.arrays import (
    as_float64,
    as_int64,
    astral_counts,
    has_any,
    map_parts,
    rows_with,
    tails_after,
    take,
    text_array,
    valid_mask,
)
from tiktok_coach.core.records import dataclass

if TYPE_CHECKING:
    import pandas as pd

# Letters, marks and digits of every script, with the joiners that Persian and Indic words need inside.
WORD = r"[\p{L}\p{M}\p{N}_\x{200C}\x{200D}]"
QUESTION_MARKS = "?？؟⸮՞፧"
# `;` is the question mark of Greek, which has another that looks like it, and a semicolon elsewhere.
GREEK_MARKS = ";\N{GREEK QUESTION MARK}"
GREEK_QUESTION = rf"\p{{Greek}}\s*[{GREEK_MARKS}]"


def arrow_text(texts: Any) -> pa.Array:
    """Texts as an Arrow array, missing ones as null."""
    if isinstance(texts, list):
        return text_array(texts)
    array = texts if isinstance(texts, pa.Array) else pa.array(texts, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array if pa.types.is_large_string(array.type) else array.cast(pa.large_string())


def match_pattern(texts: Any, pattern: str) -> np.ndarray:
    """Whether each text contains RE2 `pattern`: 1.0 or 0.0, NaN for a missing text."""
    array = arrow_text(texts)
    if array.null_count == len(array):
        return np.full(len(array), np.nan)
    return np.concatenate(map_parts(lambda part: as_float64(pc.match_substring_regex(part, pattern)), array))


def utf16_length(texts: Any) -> np.ndarray:
    """Length in UTF-16 code units, the measure of TikTok's own limits (an emoji counts two or more).

    Source: developers.tiktok.com, Content Posting API.

    >>> utf16_length(["æble", "🍞", None]).tolist()
    [4.0, 2.0, nan]
    """
    parts = map_parts(lambda part: as_float64(pc.utf8_length(part)) + astral_counts(part), arrow_text(texts))
    return np.concatenate(parts)


def character_length(texts: Any) -> np.ndarray:
    """Length in Unicode code points."""
    return as_float64(pc.utf8_length(arrow_text(texts)))


def mention_count(texts: Any) -> np.ndarray:
    """How many accounts each caption mentions."""
    return as_float64(pc.count_substring_regex(arrow_text(texts), r"(?:^|[^\w.])@[\w.]+"))


def asks_question(texts: Any) -> np.ndarray:
    """Whether each caption asks a question, in any script: 1.0 or 0.0, NaN for a missing text.

    >>> asks_question(["Why?", "Rye; bun", "Γιατί;", None]).tolist()
    [1.0, 0.0, 1.0, nan]
    """
    return np.concatenate(map_parts(_asks_question, arrow_text(texts)))


def _asks_question(array: pa.Array) -> np.ndarray:
    asks = np.zeros(len(array))
    asks[rows_with(array, QUESTION_MARKS)] = 1.0
    rows = rows_with(array, GREEK_MARKS)
    asks[rows] = np.fmax(asks[rows], as_float64(pc.match_substring_regex(take(array, rows), GREEK_QUESTION)))
    asks[~valid_mask(array)] = np.nan
    return asks


@dataclass(frozen=True)
class Hashtags:
    """Hashtags of posts, in order: the position of the post of each, and of its word in `words` (lower case, no #)."""

    row: np.ndarray
    code: np.ndarray
    words: Sequence[str]

    def __len__(self) -> int:
        return len(self.row)

    @cached_property
    def repeats(self) -> np.ndarray:
        """Which of them repeat an earlier one of the same post."""
        keys = self.row.astype(np.int64) * max(len(self.words), 1) + self.code
        order = np.argsort(keys, kind="stable").astype(np.int32)
        keys = keys[order]
        again = np.zeros(len(keys), dtype=bool)
        again[order[1:]] = keys[1:] == keys[:-1]
        return again

    def pairs(self) -> list[tuple[int, str]]:
        """The position of the post and the word of each."""
        return list(zip(self.row.tolist(), (self.words[code] for code in self.code.tolist()), strict=True))

    def filter(self, mask: np.ndarray) -> Hashtags:
        """Those for which a mask holds."""
        return Hashtags(self.row[mask], self.code[mask], self.words)

    def per_post(self, count: int) -> np.ndarray:
        """How many each of `count` posts has."""
        return np.bincount(self.row, minlength=count).astype("float64")

    def rows_with(self, words: Iterable[str]) -> np.ndarray:
        """The posts that have one of the words, each as often as it has one."""
        listed = set(words)
        is_listed = np.fromiter((word in listed for word in self.words), dtype=bool, count=len(self.words))
        return np.asarray(self.row[is_listed[self.code]])

    def set_ids(self, count: int) -> np.ndarray:
        """A number for the set of words of each of `count` posts, 0 for none; no post may have one word twice."""
        order = np.lexsort((self.code, self.row))
        row, code = self.row[order], self.code[order]
        place = np.arange(len(row)) - np.searchsorted(row, row, side="left")
        ids = np.zeros(count, dtype=np.int64)
        used = 0
        for position in range(int(place.max(initial=-1)) + 1):
            at = place == position
            pairs = ids[row[at]] * len(self.words) + code[at]
            _, inverse = np.unique(pairs, return_inverse=True)
            ids[row[at]] = used + 1 + inverse
            used += 1 + int(inverse.max())
        return ids

    def by_post(self, count: int) -> list[list[str]]:
        """The words of each of `count` posts."""
        words: list[list[str]] = [[] for _ in range(count)]
        for row, word in self.pairs():
            words[row].append(word)
        return words


NO_HASHTAGS = Hashtags(np.array([], dtype=np.int32), np.array([], dtype=np.int32), ())


def hashtags_in(texts: Any) -> Hashtags:
    """Every hashtag of every text, repeats too.

    Hashtags glued together (`#a#b`) are parted, the full-width ＃ and an escaped `%23` count as #.

    >>> found = hashtags_in(["Ny #Brød#Kage!", "none", "%23rugbrød"])
    >>> found.row.tolist(), [found.words[code] for code in found.code]
    ([0, 0, 2], ['brød', 'kage', 'rugbrød'])
    """
    array = arrow_text(texts)
    if array.null_count == len(array):
        return NO_HASHTAGS
    hash_counts, tags = zip(*map_parts(_tags_in, array), strict=True)
    # Parts number their words each by itself.
    coded = pa.chunked_array(tags).unify_dictionaries()
    code = np.concatenate([as_int64(part.indices, nothing=-1) for part in coded.chunks]).astype(np.int32)
    is_tag = code >= 0
    if not is_tag.any():
        return NO_HASHTAGS
    counts = np.concatenate(hash_counts)
    row = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return Hashtags(row[is_tag], code[is_tag], coded.chunk(0).dictionary.to_pylist())


def _tags_in(array: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """How many # each text has, and the word after each of them (lower case, coded; null where there is none)."""
    # To look for what is rare takes less than to write every text anew.
    if has_any(array, "＃", "%23"):
        array = pc.replace_substring(pc.replace_substring(array, "＃", "#"), "%23", "#")
    rows, tails = tails_after(array, "#")
    tag = pc.struct_field(pc.extract_regex(tails, f"^#(?P<tag>{WORD}+)"), "tag")
    return np.bincount(rows, minlength=len(array)), pc.utf8_lower(tag).dictionary_encode()


def merge_hashtags(*tables: Hashtags) -> Hashtags:
    """The hashtags of several texts of the same posts, each counted once for a post, in the order of the tables."""
    tables = tuple(table for table in tables if len(table))
    if not tables:
        return NO_HASHTAGS
    merged = tables[0]
    if len(tables) > 1:
        positions: dict[str, int] = {}
        codes = []
        for table in tables:
            mapped = np.array([positions.setdefault(word, len(positions)) for word in table.words], dtype=np.int32)
            codes.append(mapped[table.code])
        rows = np.concatenate([table.row for table in tables])
        order = np.argsort(rows, kind="stable")
        merged = Hashtags(rows[order], np.concatenate(codes)[order], list(positions))
    return merged.filter(~merged.repeats)


def caption_with_hashtags(captions: Any, beside: Any) -> pa.Array:
    """Captions followed by those hashtags given beside them that they do not hold: what the posts will show."""
    caption, tags = arrow_text(captions), arrow_text(beside)
    added = hashtags_in(tags)
    if not len(added):
        return caption
    known = set(hashtags_in(caption).pairs())
    tails: dict[int, str] = {}
    for row, word in dict.fromkeys(added.pairs()):
        if (row, word) not in known:
            tails[row] = f"{tails.get(row, '')} #{word}"
    if not tails:
        return caption
    behind = text_array(tails.get(row, "") for row in range(len(caption)))
    return pc.binary_join_element_wise(caption, behind, text_array([""] * len(caption)))


def join_tags(tags: Iterable[str]) -> str:
    """Tags as one text, `#a #b`."""
    return " ".join(f"#{tag.lstrip('#')}" for tag in tags)


def post_hashtags(posts: pd.DataFrame) -> list[list[str]]:
    """Every hashtag of every post, of the caption and beside it, each once."""
    parts = (hashtags_in(posts[name]) for name in ("caption", "hashtags") if name in posts.columns)
    return merge_hashtags(*parts).by_post(len(posts))


def derived_columns(posts: pd.DataFrame) -> pd.DataFrame:
    """The derived text columns: caption_utf16, hashtags (all of them), hashtag_count, mention_count, asks_question."""
    import pandas as pd

    from tiktok_coach.core.schema import column

    caption, beside = column(posts, "caption"), column(posts, "hashtags")
    tags = post_hashtags(posts)
    known = (caption.notna() | beside.notna()).tolist()
    counts = [len(words) if is_known else None for words, is_known in zip(tags, known, strict=True)]
    columns = {
        "caption_utf16": utf16_length(caption_with_hashtags(caption, beside)),
        "hashtags": pd.array([join_tags(words) if words else None for words in tags], dtype="str"),
        "hashtag_count": pd.array(counts, dtype="Int64"),
        "mention_count": pd.array(mention_count(caption)).astype("Int64"),
        "asks_question": pd.array(asks_question(caption)).astype("boolean"),
    }
    return pd.DataFrame(columns, index=posts.index)
