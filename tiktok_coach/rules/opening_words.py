"""The words with which videos open, as patterns: each kind of `opening-words.yaml`, by language.

Patterns are RE2's, whose time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tiktok_coach.core import captions
from tiktok_coach.core.arrays import is_in
from tiktok_coach.core.documents.document import read_model
from tiktok_coach.core.facts import known_mask, take_rows, text_at
from tiktok_coach.rules.kind import Subjects
from tiktok_coach.rules.model import Origin, Strict
from tiktok_coach.rules.promotion import text_or

FILE = "opening-words.yaml"
KindName = Literal["greeting", "request", "curiosity"]
NAMES = get_args(KindName)
# Kinds whose words count at the beginning alone.
AT_START = frozenset({"greeting", "request"})
# Languages of which creators mix words into their own.
SHARED = "en"
# Norwegian is one language, in either of its written forms.
_NORWEGIAN = "^n[bn]$"
# Of what is looked at: words with one space between, and a bar where a sentence begins.
_BAR = "|"
_APOSTROPHES, _SENTENCE_ENDS, _OTHERS = "[\u2018\u2019\u02bc`\u00b4]", "[.!?…。！？]+", r"[^\p{L}\p{M}\p{N}'|]+"
_QUESTION, _NUMBER = "[?？؟]", "[0-9]{1,5}"
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?")
# Scripts that part no words begin here.
_UNSPACED = 0x2E80


class OpeningKind(Strict):
    """One kind of words, by language."""

    kind: KindName
    words: dict[str, list[str]]


class OpeningFile(Strict):
    """The data file."""

    source: Origin
    interjections: dict[str, list[str]]
    fillers: dict[str, list[str]]
    kinds: list[OpeningKind] = Field(min_length=1)


@cache
def _load() -> OpeningFile:
    from tiktok_coach.rules.load import rulebook

    return read_model(OpeningFile, rulebook() / FILE)


@cache
def languages_of(kinds: tuple[KindName, ...]) -> frozenset[str]:
    """The languages for which there are words of all of some kinds."""
    return frozenset.intersection(*(frozenset(one.words) for one in _load().kinds if one.kind in kinds))


def word_languages(subjects: Subjects) -> pa.Array:
    """The language of what is said in each post, else of the post or its account; missing where none is known."""
    languages = pc.coalesce(subjects.texts("spoken_language"), text_or(subjects, "language", "account.language"))
    # Of two letters, or three where a language has no others.
    codes = pc.replace_substring_regex(pc.utf8_lower(languages), "[-_].*", "")
    return pc.replace_substring_regex(codes, _NORWEGIAN, "no")


def match_words(texts: pa.Array, languages: pa.Array, kinds: Sequence[KindName]) -> tuple[np.ndarray, np.ndarray]:
    """Which texts have words of some kinds, and of which it is known that they have none where they do not."""
    names, plain = tuple(kinds), plain_words(texts)
    is_asked = "curiosity" in names
    has_words = captions.match_pattern(texts, _QUESTION) == 1 if is_asked else np.zeros(len(texts), dtype=bool)
    for rows, pattern in _searches(texts, languages, names):
        has_words[rows] |= captions.match_pattern(take_rows(plain, rows), pattern) == 1
    return has_words, is_in(languages, sorted(languages_of(names))) & known_mask(texts)


def words_of_texts(texts: pa.Array, languages: pa.Array, kinds: Sequence[KindName]) -> list[str]:
    """The words of some kinds in each text, as it writes them: none where it has none, all where it only asks."""
    names, plain, written = tuple(kinds), plain_words(texts), texts.to_pylist()
    words: list[str] = [""] * len(texts)
    # A pattern takes longer to compile than to match, so that it looks at all texts at once.
    for rows, pattern in _searches(texts, languages, names):
        matches = pc.extract_regex(take_rows(plain, rows), pattern).to_pylist()
        for row, match in zip(rows.tolist(), matches, strict=True):
            if match is not None and not words[row]:
                words[row] = _as_written(written[row], text_at(plain, row) or "", match["before"], match["words"])
    is_question = [bool(text and re.search(_QUESTION, text)) and "curiosity" in names for text in written]
    return [own or (text if asks else "") for own, text, asks in zip(words, written, is_question, strict=True)]


def _searches(texts: pa.Array, languages: pa.Array, names: tuple[KindName, ...]) -> Iterator[tuple[np.ndarray, str]]:
    """The patterns to look for, each with the rows of the texts that are in its language, or in none with a list."""
    listed, known = sorted(languages_of(names)), known_mask(texts)
    groups: list[tuple[tuple[str, ...], np.ndarray]] = [((code,), is_in(languages, [code])) for code in listed]
    for codes, mask in [*groups, ((), ~is_in(languages, listed))]:
        rows = (mask & known).nonzero()[0]
        if len(rows):
            yield from ((rows, pattern) for pattern in _patterns(names, codes))


def plain_words(texts: pa.Array) -> pa.Array:
    """Texts in small letters as words with one space between, and a bar where a sentence begins.

    >>> from tiktok_coach.core.arrays import text_array
    >>> plain_words(text_array(["Hi, guys! It’s me"])).to_pylist()
    ["| hi guys | it's me "]
    """
    plain = pc.replace_substring_regex(pc.utf8_lower(texts), _APOSTROPHES, "'")
    plain = pc.replace_substring_regex(plain, _SENTENCE_ENDS, _BAR)
    plain = pc.replace_substring_regex(plain, _OTHERS, " ")
    plain = pc.replace_substring_regex(plain, r"^[ |]*|[ |]*\|[ |]*", " | ")
    return pc.replace_substring_regex(pc.replace_substring_regex(plain, "^ ", ""), " *$", " ")


def _as_written(text: str, plain: str, before: str, words: str) -> str:
    """Words that a pattern matches in a plain text, as the text itself writes them."""
    start = plain.index(before + words) + len(before)
    skipped, count = (len(_WORD.findall(part)) for part in (plain[:start], words))
    spans = [match.span() for match in _WORD.finditer(re.sub(_APOSTROPHES, "'", text))]
    own = spans[skipped : skipped + count]
    # Where words are parted by nothing, they are a part of one.
    is_whole = len(spans) == len(_WORD.findall(plain)) and own and ord(words.strip()[-1]) < _UNSPACED
    return text[own[0][0] : own[-1][1]] if is_whole else words.replace(_BAR, "").strip()


@cache
def _patterns(kinds: tuple[KindName, ...], codes: tuple[str, ...]) -> tuple[str, ...]:
    """The patterns of some kinds, with `words` and what is `before` them as groups; those of all languages for none.

    `curiosity` has none where no language is named.
    """
    patterns: list[str] = []
    for one in _load().kinds:
        if one.kind not in kinds:
            continue
        if one.kind in AT_START:
            of_language = dict.fromkeys([*codes, SHARED]) if codes else one.words
            words = [word for code in of_language for word in one.words.get(code, ())]
            patterns += _patterns_of(words, rf"^\| {_before(at_start=True)}")
        else:
            words = [word for code in codes for word in one.words.get(code, ())]
            patterns += _patterns_of(
                (word[1:] for word in words if word.startswith("^")), rf"\| {_before(at_start=False)}"
            )
            patterns += _patterns_of((word for word in words if not word.startswith("^")), "")
    return tuple(patterns)


@cache
def _before(*, at_start: bool) -> str:
    """A pattern of what may come before words: interjections, and fillers where the words count at the start alone."""
    file = _load()
    lists = [*file.interjections.values(), *(file.fillers.values() if at_start else ())]
    spaced, unspaced = _by_script(sorted({word for of_language in lists for word in of_language}))
    return rf"(?:(?:{_any_of(spaced)}) (?:\| )?|(?:{_any_of(unspaced)}) ?(?:\| )?){{0,3}}"


def _patterns_of(words: Iterable[str], before: str) -> list[str]:
    """Patterns of words: those of scripts that part words stand where no letter is beside them."""
    spaced, unspaced = _by_script(dict.fromkeys(words))
    patterns = [f"(?P<before>{before or ' '})(?P<words>{_any_of(spaced)}) "] if spaced else []
    return patterns + ([f"(?P<before>{before})(?P<words>{_any_of(unspaced)})"] if unspaced else [])


def _by_script(words: Iterable[str]) -> tuple[list[str], list[str]]:
    """Words of scripts that part words by spaces, and of others."""
    listed = list(words)
    return [w for w in listed if ord(w[-1]) < _UNSPACED], [w for w in listed if ord(w[-1]) >= _UNSPACED]


def _any_of(words: Iterable[str]) -> str:
    # The longest first, so that what is shown is all of it; a mark may stand between words.
    plain = (re.split("[ -]", word.lower()) for word in sorted(words, key=len, reverse=True))
    return "|".join(
        r" (?:\| )?".join(_NUMBER if part == "{n}" else re.escape(part) for part in parts) for parts in plain
    )
