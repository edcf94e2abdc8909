"""The words by which captions promote something, as patterns: each sign of `promotion.yaml` in every language.

Patterns are RE2's, whose time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property, partial, reduce
from typing import Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tiktok_coach.core import captions
from tiktok_coach.core.arrays import TEXT, is_in, text_array
from tiktok_coach.core.documents.document import read_yaml, validate
from tiktok_coach.core.facts import text_at
from tiktok_coach.rules.kind import Subjects
from tiktok_coach.rules.model import Origin, Strict

FILE = "promotion.yaml"
SignName = Literal[
    "advert", "partner", "discount", "order", "link", "webshop", "order-in-bio", "website-order", "link-order"
]
# Signs that rules name, and those that only make up others.
NAMES = (*get_args(SignName), "bio", "buying", "website")
_LETTER = r"\p{L}\p{M}\p{N}_"
_BEFORE, _AFTER = rf"(?:^|[^{_LETTER}#＃@.])", rf"(?:$|[^{_LETTER}])"
# Around a word that stands alone at the beginning of a line, or in brackets.
_ALONE = ((r"(?:^|\n)[\s*|/•]*[\[(]?\s*", r"\s*(?:$|[\])*|/:!\n]|\s[–—-]\s)"), (r"[\[(]\s*", r"\s*[\])]"))
# Scripts that part no words begin here.
_UNSPACED = 0x2E80
_QUOTE = "[\"'“”„«‘「]?"
# What stands for a part of a word: a code is written in capitals, or has a number.
_PLACES = {
    "{code}": rf"{_QUOTE}(?-i:[A-Z][A-Z0-9]{{3,}}|[A-Za-z]{{2,}}[0-9]{{1,4}})",
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
        by_edges: dict[tuple[str, str], list[str]] = {}
        for phrase in self._phrases:
            if phrase.startswith("^"):
                for edges in _ALONE:
                    by_edges.setdefault(edges, []).append(_as_pattern(phrase[1:]))
            else:
                left, right = (ord(phrase[at]) < _UNSPACED for at in (0, -1))
                edges = (_BEFORE if left else "", _AFTER if right else "")
                by_edges.setdefault(edges, []).append(_as_pattern(phrase))
        return tuple(f"(?i){before}(?P<words>{'|'.join(words)}){after}" for (before, after), words in by_edges.items())

    def mask(self, subjects: Subjects, texts: pa.Array) -> np.ndarray:
        """Which posts have one of the words in their texts or among their hashtags."""
        is_seen = np.zeros(len(subjects), dtype=bool)
        if self.hashtags:
            is_seen[subjects.hashtags().rows_with(self.hashtags)] = True
        for pattern in self.patterns:
            is_seen |= captions.match_pattern(texts, pattern) == 1
        return is_seen

    def of_post(self, subjects: Subjects, row: int, text: str) -> Iterator[str]:
        """The words of one post, as it writes them, in the order of their kinds."""
        tags = subjects.hashtags()
        own = (tags.words[code] for code in tags.code[tags.row == row].tolist())
        yield from (f"#{tag}" for tag in own if tag in self.hashtags)
        for pattern in self.patterns:
            rest = text
            while match := pc.extract_regex(text_array([rest]), pattern)[0].as_py():
                yield match["words"].strip("\"'“”„«»‘’「」 ")
                # What the words end with may be what begins the next ones.
                rest = rest[rest.index(match["words"]) + len(match["words"]) :]


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

    path = rulebook() / FILE
    return {one.sign: one for one in validate(SignFile, read_yaml(path.read_text("utf-8"), str(path))).signs}


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


def post_languages(subjects: Subjects) -> pa.Array:
    """The language of each post, else of its account; missing where neither says."""
    return text_or(subjects, "language", "account.language")


def text_or(subjects: Subjects, name: str, other: str) -> pa.Array:
    """A text of each subject, else another one; missing where neither is known."""
    columns = (subjects.column(one) for one in (name, other))
    return pc.coalesce(*(pa.nulls(len(subjects), TEXT) if column is None else column for column in columns))


def words_of_post(subjects: Subjects, row: int, text: str, names: Iterable[str]) -> list[str]:
    """The words by which one post shows some signs, each once, as the post writes them."""
    words: dict[str, str] = {}
    language = text_at(post_languages(subjects), row)
    for name in names:
        sign = load_signs()[name]
        if sign.all_of:
            parts = [words_of_post(subjects, row, text, [part]) for part in sign.all_of]
            of_sign = [word for part in parts for word in part[:1]] if all(parts) else []
        else:
            lists = (_words(name), _words(name, language)) if language in sign.spoken else (_words(name),)
            of_sign = [word for listed in lists for word in listed.of_post(subjects, row, text)]
        for word in of_sign:
            words.setdefault(word.casefold(), word)
    return list(words.values())
