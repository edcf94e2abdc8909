"""Which fact of a post a heading speaks of, in any of many languages and in the habits of many tools."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from tiktok_coach.core.errors import closest
from tiktok_coach.core.records import dataclass
from tiktok_coach.io.dates.zone_names import without_zone

# `vocabulary.yaml` in plain words, as tests/io/test_vocabulary.py makes it: making every script plain takes longer than
# reading a calendar.
PLAIN_VOCABULARY = Path(__file__).with_name("vocabulary.json")
# How surely a heading speaks of a fact: in its own words, with words that add nothing, with other words around, by a
# name that may mean other things too, or nearly.
OWN, BARE, WITHIN, WEAK = 1.0, 0.95, 0.6, 0.5
NEARLY = 0.8
# Of two words of five letters, one letter may differ.
LIKENESS, SHORTEST = 85, 5
# Compiled where it is needed: ranges as wide as these take milliseconds.
_SPACELESS = r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]"
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_INDEXED = re.compile(r"[./\[]\d+(?:[./\]]|$)")
# `M5_view_count`, `V2_video_link`: how code books number their columns.
_NUMBERED = re.compile(r"[a-z]{0,2}\d+[a-z]?")
_WORD = re.compile(r"[^\W_]+")
_FIRST_MARK = "\u0300"
_LETTERS = {"ø": "o", "æ": "ae", "đ": "d", "ł": "l", "ı": "i", "œ": "oe", "'": " ", "’": " "}


@dataclass(frozen=True)
class Meaning:
    """A fact that a heading may speak of (None for something that is no fact of ours), and how surely, 0-1."""

    fact: str | None
    confidence: float


@dataclass(frozen=True)
class Vocabulary:
    """What `vocabulary.yaml` says, in plain words.

    `joined` takes names without spaces to their meanings, `groups` are facts with their names, parted by commas. A
    heading with one of `changes` speaks of something else; so does one with any of `of_account`, unless it speaks of
    the account itself. What only unusual headings need is built when one comes.
    """

    joined: dict[str, Meaning]
    groups: Sequence[tuple[str | None, str]]
    noise: frozenset[str]
    changes: frozenset[str]
    of_account: frozenset[str]

    @cached_property
    def entries(self) -> list[tuple[str | None, tuple[str, ...]]]:
        """Facts with the words of each of their names."""
        return [(fact, tuple(name.split(" "))) for fact, group in self.groups for name in group.split(", ")]

    @cached_property
    def bare(self) -> dict[str, Meaning]:
        """Names without spaces and noise."""
        bare: dict[str, Meaning] = {}
        of_fact = {fact: Meaning(fact, BARE) for fact, _names in self.groups}
        for fact, parts in self.entries:
            short = "".join(_without(parts, self.noise))
            if short and (short not in self.joined or self.joined[short].confidence > WEAK):
                bare.setdefault(short, of_fact[fact])
        return bare

    @cached_property
    def phrases(self) -> dict[str, dict[tuple[str, ...], str | None]]:
        """The facts of names as their words, by the first of these."""
        phrases: dict[str, dict[tuple[str, ...], str | None]] = {}
        for fact, parts in self.entries:
            phrases.setdefault(parts[0], {})[parts] = fact
        return phrases

    @cached_property
    def long(self) -> dict[str, Meaning]:
        """Names long enough to be likened to others."""
        return {name: one for name, one in {**self.bare, **self.joined}.items() if len(name) >= SHORTEST}


def words(heading: str) -> tuple[str, ...]:
    """The words of a heading, without case, accents and marks.

    >>> words("stats.playCount"), words("Längd (sek.)"), words("vid_nview")
    (('stats', 'play', 'count'), ('langd', 'sek'), ('vid', 'nview'))
    """
    return tuple(_WORD.findall(_plain(heading)))


def joined_words(texts: Iterable[str]) -> list[str]:
    """The words of each text with nothing between them; all are made plain at once, far faster than one by one."""
    return ["".join(_WORD.findall(line)) for line in _plain("\n".join(texts)).split("\n")]


def _plain(text: str) -> str:
    """A text without case, accents and the marks within words."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\ufeff", "")
    if not text.islower():
        text = _CAMEL.sub(" ", text)
    text = text.casefold()
    for letter, plain in _LETTERS.items():
        text = text.replace(letter, plain)
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    for mark in {c for c in decomposed if c >= _FIRST_MARK}:
        if unicodedata.category(mark) == "Mn":
            decomposed = decomposed.replace(mark, "")
    return unicodedata.normalize("NFC", decomposed)


@cache
def vocabulary(*, of_plans: bool = False) -> Vocabulary:
    """The bundled vocabulary; that `of_plans` also knows what calendars of planned posts have besides."""
    content: dict[str, Any] = json.loads(PLAIN_VOCABULARY.read_text("utf-8"))
    facts = content["facts"]
    weak = [(fact, entry["weak"]) for fact, entry in facts.items() if "weak" in entry]
    groups: list[tuple[str | None, str]] = [(None, group) for group in content["other"]]
    groups += [(fact, entry["names"]) for fact, entry in facts.items()]
    if of_plans:
        groups += [(None if role == "other" else role, names) for role, names in content["plans"].items()]
    joined: dict[str, Meaning] = {}
    for sureness, named in ((WEAK, weak), (OWN, groups)):
        for fact, names in named:
            joined |= dict.fromkeys(names.replace(" ", "").split(","), Meaning(fact, sureness))
    noise, changes, of_account = (
        frozenset(content[key].replace(",", "").split(" ")) for key in ("noise", "changes", "of_account")
    )
    return Vocabulary(joined, groups, noise, changes, changes | of_account)


def _without(parts: tuple[str, ...], noise: frozenset[str]) -> tuple[str, ...]:
    # Most names have nothing to be left out.
    if noise.isdisjoint(parts) and "".join(parts).isalpha():
        return parts
    return tuple(p for p in parts if p not in noise and (p.isalpha() or not _NUMBERED.fullmatch(p)))


# Left out by themselves too: in `TikTok Post`, `post` is a name rather than a word that adds nothing.
PLATFORM = frozenset({"tiktok", "tik", "tok", "tt"})


@lru_cache(maxsize=8192)
def meanings(heading: str, *, of_plans: bool = False) -> tuple[Meaning, ...]:
    """What a heading may speak of, the surest first; empty where it says nothing that is known.

    With `of_plans` as headings of planned posts mean it: a fact may then be a role of `plans` in the vocabulary too.

    >>> [[m.fact for m in meanings(h)] for h in ("Anzahl Aufrufe", "authorMeta.fans", "V16_conflict")]
    [['views'], ['followers'], []]
    """
    heading = without_zone(heading)
    parts = words(heading)
    if not parts or _INDEXED.search(heading):
        return ()
    names = vocabulary(of_plans=of_plans)
    short = "".join(_without(parts, names.noise))
    whole = "".join(parts)
    shorter = ("".join(_without(parts, noise)) for noise in (frozenset(), PLATFORM))
    forms = dict.fromkeys((whole, *shorter, short), BARE) | {whole: OWN}
    known = [(names.joined[form], most) for form, most in forms.items() if form in names.joined]
    matches = [Meaning(meaning.fact, min(meaning.confidence, most)) for meaning, most in known]
    # Nothing more can stand in one word that is a name.
    is_whole = len(parts) == 1 and bool(matches) and (whole.isascii() or not re.search(_SPACELESS, whole))
    if not is_whole and not _is_sure(matches) and short in names.bare:
        matches.append(names.bare[short])
    if not is_whole and not _is_sure(matches):
        matches += _within(parts, names) or ([] if matches else _near(short, names))
    best: dict[str | None, Meaning] = {}
    for meaning in sorted(matches, key=lambda m: -m.confidence):
        best.setdefault(meaning.fact, meaning)
    return tuple(best.values())


def is_name(heading: str, *, of_plans: bool = False) -> bool:
    """Whether a heading is, but for words that add nothing, a name in the vocabulary: far cheaper than `meanings`."""
    names, parts = vocabulary(of_plans=of_plans), words(heading)
    return "".join(parts) in names.joined or "".join(_without(parts, names.noise)) in names.bare


def _is_spaceless(text: str) -> bool:
    return not text.isascii() and re.search(_SPACELESS, text) is not None


def _is_sure(matches: Iterable[Meaning]) -> bool:
    return any(m.confidence >= BARE for m in matches)


def _within(parts: tuple[str, ...], names: Vocabulary) -> list[Meaning]:
    """The longest name that stands within a heading, where no other word of it changes what it says."""
    joined = "".join(parts)
    is_spaceless = not joined.isascii() and re.search(_SPACELESS, joined) is not None
    matches: list[tuple[int, Meaning]] = []
    if is_spaceless:
        for [name], fact in (item for group in names.phrases.values() for item in group.items() if len(item[0]) == 1):
            if name in joined and _is_spaceless(name) and not re.search("率|平均", joined.replace(name, "")):
                matches.append((len(name), Meaning(fact, WITHIN)))
    for start, first in enumerate(parts):
        for phrase, fact in names.phrases.get(first, {}).items():
            end = start + len(phrase)
            if parts[start:end] == phrase and not (is_spaceless and len(phrase) == 1):
                rest = {*parts[:start], *parts[end:]} - names.noise
                changes = names.changes if fact in ("followers", "account") else names.of_account
                if len(rest) <= 2 and not rest & changes:
                    matches.append((sum(map(len, phrase)), Meaning(fact, WITHIN if rest else BARE)))
    longest = max((size for size, _ in matches), default=0)
    return list(dict.fromkeys(meaning for size, meaning in matches if size == longest))


def _near(joined: str, names: Vocabulary) -> list[Meaning]:
    """Names that are written almost like a heading."""
    if len(joined) < SHORTEST:
        return []
    return [
        Meaning(names.long[name].fact, NEARLY * score / 100)
        for name, score in closest(joined, names.long, least=LIKENESS, most=3)
        if names.long[name].confidence >= BARE
    ]
