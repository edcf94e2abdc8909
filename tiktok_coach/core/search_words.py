"""Whether a text says the words that people search for, in any language, and the lists of such words.

Case counts for nothing, nor do marks on Latin and Greek letters (`jalapeno` says jalapeño, and `koebenhavn` København)
or the usual endings of numbers and cases (`buns` says bun). A hashtag says the words that it is made of. Scripts
without spaces between words are searched letter by letter. Words that only mean the same are different words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from tiktok_coach.core.records import dataclass

# Shorter words of a phrase, such as "to" and "in", need not be said, where it has longer ones.
SHORTEST = 3
# Words written together may stand within a longer one, such as a hashtag, from so many letters on; so many at most.
LEAST_JOINED, MOST_JOINED = 6, 4
# Of more posts it is not asked which of them say the words.
MOST_POSTS = 20_000
# Endings that one word may have in place of each other, by languages whose words go together, and what must be left.
_NORTHERN = "e s es en er et ens ers ets ar x ene rne erne ernes arna"
_CYRILLIC = "а я ы и у ю е о ь ой ей ом ем ов ев ам ям ах ях ый ий ая ое ые ами ями ого"
ENDINGS = tuple(
    tuple(endings.split(" "))
    for endings in (f" {_NORTHERN}", "a as e an or orna", "o os i", "e i", "y ie ies", f" {_CYRILLIC}")
)
# By ending the numbers of those groups that have it.
BY_ENDING = {
    ending: tuple(number for number, own in enumerate(ENDINGS) if ending in own)
    for endings in ENDINGS
    for ending in endings
}
LONGEST = max(map(len, BY_ENDING))
LEAST_STEM, LONG_ENDING = 3, 3
# Han, kana, Hangul, Thai, Lao, Khmer and Burmese; compiled where it is needed, since ranges as wide take milliseconds.
_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
_CAMEL = re.compile("(?<=[a-zß-öø-ÿ0-9])(?=[A-ZÀ-ÖØ-Þ])")
_SHARE = re.compile(r"\s+(\d{1,3})\s*%$")
_PLAIN = {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ё": "е"}
_PLAIN |= dict.fromkeys("أإآ", "ا")
_DIGRAPHS = {"ø": "oe", "ö": "oe", "ä": "ae", "å": "aa", "ü": "ue"}
# Vowel points of Arabic and Hebrew, which are mostly left out, and what only stretches or joins letters.
_POINTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u200c\u200d]")
_JOINERS = "\u200c\u200d"
_SELECTOR = re.compile("[\ufe00-\ufe0f\u20e3\U000e0100-\U000e01ef]")
_ARTICLE = "ال"


class _Letters(dict[int, str]):
    """For `str.translate`: letters, marks and digits as they are, all else as a space."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        is_kept = unicodedata.category(char)[0] in "LMN" or char in _JOINERS
        # How an emoji is drawn is no letter of the word beside it.
        self[code] = kept = "" if _SELECTOR.match(char) else char if is_kept else " "
        return kept


class _Bare(dict[int, str]):
    """For `str.translate`: letters without their marks, where these are Latin or Greek."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        parts = unicodedata.normalize("NFD", char)
        is_bare = len(parts) > 1 and unicodedata.name(parts[0], "").startswith(("LATIN", "GREEK"))
        self[code] = bare = _PLAIN.get(char) or (parts[0] if is_bare else "" if _POINTS.match(char) else char)
        return bare


_LETTERS, _BARE = _Letters(), _Bare()


def split_words(text: str) -> list[str]:
    """The words of a text in lower case; a hashtag is one of them.

    >>> split_words("Rye #Bread_rolls, 3 for 2!")
    ['rye', 'bread', 'rolls', '3', 'for', '2']
    """
    return list(_words_of(text))


@lru_cache(1 << 12)
def _words_of(text: str) -> tuple[str, ...]:
    words = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS).split()
    return tuple(word for word in words if word.strip(_JOINERS))


def split_list(text: str | None) -> list[str]:
    """The entries of a list such as `rye bread; buns`, each once."""
    entries: dict[tuple[str, ...], str] = {}
    for part in (text or "").split(";"):
        if words := tuple(split_words(part)):
            entries.setdefault(words, " ".join(part.split()))
    return list(entries.values())


def split_terms(text: str | None) -> list[tuple[str, float | None]]:
    """The searches of a column such as `rye bread 24%; buns 9%`, each with its share, None for one without.

    >>> split_terms("rye bread 24%; buns")
    [('rye bread', 0.24), ('buns', None)]
    """
    return list(_terms_of(text))


@lru_cache(1 << 12)
def _terms_of(text: str | None) -> tuple[tuple[str, float | None], ...]:
    terms = []
    for part in split_list(text):
        share = _SHARE.search(part)
        terms.append((_SHARE.sub("", part).strip(), int(share[1]) / 100 if share else None))
    return tuple((term, share) for term, share in terms if term)


@lru_cache(1 << 16)
def _bare(word: str) -> str:
    return word.translate(_BARE)


@lru_cache(1 << 16)
def _keys(word: str) -> frozenset[str]:
    """What two words have in common where they count as one: a form without marks and without an ending."""
    digraphs = "".join(_DIGRAPHS.get(char, char) for char in unicodedata.normalize("NFC", word))
    keys = set()
    for form in {word.translate(_BARE), digraphs.translate(_BARE)}:
        keys.add(form)
        if form.startswith(_ARTICLE) and len(form) > len(_ARTICLE) + 1:
            keys.add(form.removeprefix(_ARTICLE))
        if not form.isalpha():
            continue
        for length in range(LONGEST + 1):
            stem = form[: len(form) - length]
            if len(stem) >= LEAST_STEM + (length >= LONG_ENDING):
                keys |= {f"{number} {stem}" for number in BY_ENDING.get(form[len(stem) :], ())}
    return frozenset(keys)


@lru_cache(1 << 10)
def _variants(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of a text as it is, and where they differ with those of CamelCase apart."""
    variants = (split_words(text), split_words(_CAMEL.sub(" ", text)))
    return tuple(dict.fromkeys(map(tuple, variants)))


class SaidWords:
    """What some texts of one post say together.

    >>> said = SaidWords("Fresh buns", "#RyeBread #rugbrød", None)
    >>> said.says("rye bread"), said.says("Bun"), said.says("rugbrod"), said.says("sourdough")
    (True, True, True, False)
    """

    def __init__(self, *texts: str | None) -> None:
        self._keys: set[str] = set()
        # What is searched for as one word may be written as two.
        self._pairs: set[str] = set()
        words: list[str] = []
        for text in filter(None, texts):
            for own in _variants(text):
                self._keys.update(*map(_keys, own))
                bare = list(map(_bare, own))
                self._pairs.update(first + second for first, second in pairwise(bare))
                words += bare
        self._words = " ".join(words)
        self._letters = "".join(words)

    @classmethod
    def together(cls, parts: Iterable[SaidWords]) -> SaidWords:
        """What several say between them: what these do not say, none of them says."""
        every = [*parts]
        whole = cls()
        whole._keys = set().union(*(one._keys for one in every))
        whole._pairs = set().union(*(one._pairs for one in every))
        whole._words = " ".join(one._words for one in every)
        # A space parts the letters of one text from those of the next.
        whole._letters = " ".join(one._letters for one in every)
        return whole

    def __bool__(self) -> bool:
        return bool(self._letters)

    def says(self, phrase: str) -> bool:
        """Whether every word of a phrase is said, in any order; none says a phrase without any word."""
        return any(map(self._says, _variants(phrase)))

    def _says(self, words: Sequence[str]) -> bool:
        is_short = [len(word) < SHORTEST and word.isascii() and word.isalpha() for word in words]
        needs_short = all(is_short)
        # Whether the first so many words are said, one by one or some of them written together.
        said = [bool(words), *[False] * len(words)]
        for start in (n for n in range(len(words)) if said[n]):
            said[start + 1] |= is_short[start] and not needs_short
            for end in range(start + 1, min(start + MOST_JOINED, len(words)) + 1):
                said[end] = said[end] or self._has("".join(words[start:end]), is_joined=end - start > 1)
        return said[-1]

    def _has(self, word: str, *, is_joined: bool) -> bool:
        bare = _bare(word)
        if re.search(_UNSPACED, word):
            return bare in self._letters
        if len(word) >= LEAST_JOINED and (bare in self._pairs or (is_joined and bare in self._words)):
            return True
        return not self._keys.isdisjoint(_keys(word))


@dataclass(frozen=True)
class SearchedWords:
    """Words that people searched for before they found posts.

    `share` is their mean share of the searches for those posts, None where no share is known; `row` are the positions
    of these.
    """

    words: str
    share: float | None
    rows: tuple[int, ...]

    @property
    def weight(self) -> float:
        """How often they were searched for, to put one before another."""
        return (self.share or 0.0) * len(self.rows)


def pool_searches(searches: Iterable[tuple[int, str | None]], handle: str | None = None) -> list[SearchedWords]:
    """The words that led to several posts, the most frequent first, without the account's own name.

    Parameters
    ----------
    searches : the position of each post, and its searches as in `split_terms`.
    handle : the account's own.
    """
    rows: dict[str, list[int]] = defaultdict(list)
    shares: dict[str, list[float]] = defaultdict(list)
    names: dict[str, str] = {}
    for row, text in searches:
        for term, share in without_handle(split_terms(text), handle):
            key = " ".join(split_words(term))
            names.setdefault(key, term)
            rows[key].append(row)
            if share is not None:
                shares[key].append(share)
    pooled = [
        SearchedWords(name, sum(shares[key]) / len(shares[key]) if shares[key] else None, tuple(rows[key]))
        for key, name in names.items()
    ]
    return sorted(pooled, key=lambda one: (-one.weight, -len(one.rows), one.words))


def without_handle(terms: Iterable[tuple[str, float | None]], handle: str | None) -> Iterator[tuple[str, float | None]]:
    """The searches for anything but the account itself.

    A handle that is one word among others, such as `sourdough` in "sourdough starter", is no search for the account.

    >>> [term for term, _share in without_handle(split_terms("anna bakes; Anna Bakes bread; rye"), "anna.bakes")]
    ['rye']
    """
    own = "".join(split_words(handle or ""))

    def is_own(term: str) -> bool:
        words = split_words(term)
        joined = "".join(words)
        return joined == own or (len(own) >= LEAST_JOINED and own in joined and own not in words)

    return ((term, share) for term, share in terms if not (own and is_own(term)))


def frequent_terms(searches: str | None, handle: str | None, top: int, min_share: float) -> list[str]:
    """The `top` terms of at least `min_share` of the searches that led to a post, without the account's own name."""
    terms = split_terms(searches)[:top]
    return [term for term, share in without_handle(terms, handle) if share is None or share >= min_share]
