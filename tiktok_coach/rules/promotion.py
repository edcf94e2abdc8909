"""The words by which captions promote something, as patterns: each sign of `promotion.yaml` in every language.

Patterns are RE2's, whose time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property, lru_cache, partial, reduce
from typing import Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tiktok_coach.core import captions
from tiktok_coach.core.arrays import TEXT, is_in, text_array
from tiktok_coach.core.documents.document import read_model
from tiktok_coach.core.facts import text_at
from tiktok_coach.rules.kind import Subjects
from tiktok_coach.rules.model import Origin, Strict

FILE = "promotion.yaml"
SignName = Literal[
    "advert", "partner", "discount", "order", "link", "webshop", "order-in-bio", "website-order", "link-order"
]
# Words that say that AI was used, which promote nothing.
AI = "ai"
# Signs that rules name, and those that only make up others or have a check of their own.
NAMES = (*get_args(SignName), "bio", "buying", "website", AI)
_LETTER = r"\p{L}\p{M}\p{N}_"
_BEFORE, _AFTER = rf"(?:^|[^{_LETTER}#＃@.])", rf"(?:$|[^{_LETTER}])"
# Around a word that stands alone at the beginning of a line, or in brackets.
_ALONE = ((r"(?:^|\n)[\s*|/•]*[\[(]?\s*", r"\s*(?:$|[\])*|/:!\n]|\s[–—-]\s)"), (r"[\[(]\s*", r"\s*[\])]"))
# Scripts that part no words begin here.
_UNSPACED = 0x2E80
_QUOTE = "[\"'“”„«‘「]?"
# What stands for a part of a word: a code is written in capitals, has a number, or is in quotes.
_PLACES = {
    "{code}": (
        rf"(?:{_QUOTE}(?-i:[A-Z][A-Z0-9]{{3,}}|[A-Za-z]{{2,}}[0-9]{{1,4}})"
        r"|[\"'“”„«‘「]\s*[\p{L}\p{N}-]+\s*[\"'“”»’」])"
    ),
    "{code10}": rf"{_QUOTE}(?-i:[A-Za-z]{{2,}}[0-9]{{1,4}})",
    "{percent}": r"[0-9]{1,2}\s?%",
    "{brand}": r"@[\w.]+",
    "{site}": r"[a-z0-9][a-z0-9-]{2,}",
    "{address}": (
        r"(?:https?://\S+|www\.\S+|[a-z0-9][a-z0-9-]+\.(?:com|net|org|shop|store|eu|dk|fr|nl|pl|co\.uk|com\.br|co\.kr)"
        r"(?:/\S*)?)"
    ),
    "…": r"[^\n]{0,40}?",
    " ": r"\s+",
}
_PLACE = re.compile("|".join(map(re.escape, _PLACES)))
# What a text surely holds where such a place is filled.
_SIGNS = {"{percent}": ("%",), "{brand}": ("@",), "{address}": (".", "/")}
# Of so many texts it takes longer to compile the patterns of all phrases than to see which phrases can be in them.
FEW = 3_000


class Sign(Strict):
    """One sign: its words by language, those that count in posts of their language alone, or the signs it needs."""

    sign: str
    words: dict[str, list[str]] = Field({})
    spoken: dict[str, list[str]] = Field({})
    all_of: list[str] = Field([])


class SignFile(Strict):
    """The data file."""

    source: Origin
    signs: list[Sign]


class Words:
    """Some words as hashtags and patterns.

    Parameters
    ----------
    words : as the data file writes them.
    """

    def __init__(self, words: Iterable[str]) -> None:
        listed = tuple(words)
        self.hashtags = frozenset(word[1:].casefold() for word in listed if word.startswith("#"))
        self._phrases = [word for word in listed if not word.startswith("#")]

    @cached_property
    def patterns(self) -> tuple[str, ...]:
        """RE2 patterns of the phrases, with the words themselves as a group of that name."""
        return _patterns_of(tuple(self._phrases))

    def patterns_for(self, texts: Sequence[str | None] | None) -> tuple[str, ...]:
        """The patterns, of a few texts without the phrases that none of these can hold; None is many."""
        if texts is None or len(texts) > FEW:
            return self.patterns
        possible = frozenset[str]().union(*(_phrases_possible_in(text) for text in set(texts) if text))
        return _patterns_of(tuple(phrase for phrase in self._phrases if phrase in possible))

    def mask(self, subjects: Subjects, texts: pa.Array) -> np.ndarray:
        """Which posts have one of the words in their texts or among their hashtags."""
        is_seen = np.zeros(len(subjects), dtype=bool)
        if self.hashtags:
            is_seen[subjects.hashtags().rows_with(self.hashtags)] = True
        for pattern in self.patterns_for(texts.to_pylist() if len(texts) <= FEW else None):
            is_seen |= captions.match_pattern(texts, pattern) == 1
        return is_seen

    def of_posts(self, subjects: Subjects, texts: Mapping[int, str]) -> dict[int, list[str]]:
        """The words of some posts, given by their rows, as they write them: hashtags first."""
        words: dict[int, list[str]] = {row: [] for row in texts}
        if self.hashtags:
            tags = subjects.hashtags()
            for row, tag in tags.filter(np.isin(tags.row, list(texts))).pairs():
                if tag in self.hashtags:
                    words[row].append(f"#{tag}")
        for pattern in self.patterns_for([*texts.values()]):
            rest = dict(texts)
            # A pattern takes longer to compile than to match, so that it looks at all posts at once.
            while rest:
                matches = pc.extract_regex(text_array(rest.values()), pattern).to_pylist()
                seen = {row: match["words"] for row, match in zip(rest, matches, strict=True) if match}
                for row, word in seen.items():
                    words[row].append(word.strip("\"'“”„«»‘’「」 "))
                rest = {row: rest[row][rest[row].index(word) + len(word) :] for row, word in seen.items()}
        return words


@lru_cache(maxsize=512)
def _patterns_of(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """RE2 patterns of phrases, one for all that begin and end alike."""
    by_edges: dict[tuple[str, str], list[str]] = {}
    for phrase in phrases:
        if phrase.startswith("^"):
            for edges in _ALONE:
                by_edges.setdefault(edges, []).append(phrase[1:])
        else:
            left, right = (ord(phrase[at]) < _UNSPACED for at in (0, -1))
            edges = (_BEFORE if left else "", _AFTER if right else "")
            by_edges.setdefault(edges, []).append(phrase)
    return tuple(f"(?i){before}(?P<words>{_any_of(own)}){after}" for (before, after), own in by_edges.items())


@cache
def _signs_needed(phrase: str) -> tuple[tuple[str, ...], ...]:
    """What a text holds, in any case, that holds a phrase: one of each of these, the longest first."""
    words = {part.casefold() for part in _PLACE.split(phrase.removeprefix("^"))} - {""}
    places = {_SIGNS[place] for place in _PLACE.findall(phrase) if place in _SIGNS}
    return (*((word,) for word in sorted(words, key=len, reverse=True)), *sorted(places))


@cache
def _phrases() -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    """Every phrase, with what it needs."""
    signs = load_signs().values()
    words = (word for sign in signs for by_language in (sign.words, sign.spoken) for word in by_language.values())
    phrases = dict.fromkeys(word for listed in words for word in listed if not word.startswith("#"))
    return tuple((phrase, _signs_needed(phrase)) for phrase in phrases)


@lru_cache(maxsize=8192)
def _phrases_possible_in(text: str) -> frozenset[str]:
    """The phrases that a text may hold; kept, as an editor asks anew after every key."""
    folded = text.casefold()
    return frozenset(
        phrase for phrase, needed in _phrases() if all(any(sign in folded for sign in signs) for signs in needed)
    )


def _any_of(phrases: Iterable[str]) -> str:
    """Phrases as one RE2 pattern; those that end with the same place share it, as RE2 takes no very large pattern."""
    heads: dict[str, list[str]] = {}
    for phrase in phrases:
        tail = next((place for place in _PLACES if place.startswith("{") and phrase.endswith(place)), "")
        heads.setdefault(tail, []).append(_as_pattern(phrase.removesuffix(tail)))
    return "|".join(f"(?:{'|'.join(own)}){_PLACES[tail]}" if tail else "|".join(own) for tail, own in heads.items())


def _as_pattern(phrase: str) -> str:
    """A phrase as an RE2 pattern, with its places filled in."""
    parts, end = [], 0
    for match in _PLACE.finditer(phrase):
        parts += [re.escape(phrase[end : match.start()]), _PLACES[match[0]]]
        end = match.end()
    return "".join([*parts, re.escape(phrase[end:])])


@cache
def load_signs() -> dict[str, Sign]:
    """The signs by name."""
    from tiktok_coach.rules.load import rulebook

    return {one.sign: one for one in read_model(SignFile, rulebook() / FILE).signs}


@cache
def _words(name: str, language: str | None = None) -> Words:
    """The words of a sign: those of every language, or those that count in posts of one language alone."""
    sign = load_signs()[name]
    if language is not None:
        return Words(sign.spoken.get(language, ()))
    return Words(dict.fromkeys(word for words in sign.words.values() for word in words))


def sign_mask(subjects: Subjects, texts: pa.Array, names: Iterable[str]) -> np.ndarray:
    """Which posts show one of some signs in their texts and hashtags."""
    masks = [subjects.cached(("sign", name), partial(_one_mask, subjects, texts, name)) for name in names]
    return np.asarray(reduce(np.logical_or, masks, np.zeros(len(subjects), dtype=bool)))


def _one_mask(subjects: Subjects, texts: pa.Array, name: str) -> np.ndarray:
    sign = load_signs()[name]
    if sign.all_of:
        parts = (sign_mask(subjects, texts, [part]) for part in sign.all_of)
        return np.asarray(reduce(np.logical_and, parts, np.ones(len(subjects), dtype=bool)))
    is_seen = _words(name).mask(subjects, texts)
    if sign.spoken:
        spoken = post_languages(subjects)
        for language in sign.spoken:
            own = is_in(spoken, [language])
            if own.any():
                is_seen |= own & _words(name, language).mask(subjects, texts)
    return is_seen


def says_ai(subjects: Subjects) -> np.ndarray:
    """Which posts say in their caption, their hashtags or the words of their first second that AI was used."""

    def compute() -> np.ndarray:
        texts = [pc.fill_null(subjects.texts(name), "") for name in ("shown_caption", "opening_text")]
        return _words(AI).mask(subjects, pc.binary_join_element_wise(*texts, pa.scalar("\n", TEXT)))

    return subjects.cached(("says", AI), compute)


def post_languages(subjects: Subjects) -> pa.Array:
    """The language of each post, else of its account, as two letters; missing where neither says."""
    return pc.utf8_slice_codeunits(pc.utf8_lower(text_or(subjects, "language", "account.language")), 0, 2)


def text_or(subjects: Subjects, name: str, other: str) -> pa.Array:
    """A text of each subject, else another one; missing where neither is known."""
    return pc.coalesce(subjects.texts(name), subjects.texts(other))


def words_of_posts(subjects: Subjects, texts: pa.Array, rows: Sequence[int], names: Iterable[str]) -> list[list[str]]:
    """The words by which each of some posts shows some signs, each once, as the post writes them."""
    words: dict[int, dict[str, str]] = {row: {} for row in rows}
    for name in names:
        is_seen = sign_mask(subjects, texts, [name])
        own = [row for row in rows if is_seen[row]]
        for row, of_sign in zip(own, _words_of_sign(subjects, texts, own, name), strict=True):
            for word in of_sign:
                words[row].setdefault(word.casefold(), word)
    # A word within another says no more.
    return [
        [word for key, word in of_post.items() if not any(key in other for other in of_post if other != key)]
        for of_post in words.values()
    ]


def _words_of_sign(subjects: Subjects, texts: pa.Array, rows: Sequence[int], name: str) -> list[list[str]]:
    sign = load_signs()[name]
    if not rows:
        return []
    if sign.all_of:
        parts = (words_of_posts(subjects, texts, rows, [part]) for part in sign.all_of)
        return [[word for part in of_post for word in part[:1]] for of_post in zip(*parts, strict=True)]
    captions_of_rows = {row: text_at(texts, row) or "" for row in rows}
    words = _words(name).of_posts(subjects, captions_of_rows)
    languages = post_languages(subjects)
    for language in sign.spoken:
        own = {row: text for row, text in captions_of_rows.items() if text_at(languages, row) == language}
        if own:
            for row, further in _words(name, language).of_posts(subjects, own).items():
                words[row] += further
    return list(words.values())
