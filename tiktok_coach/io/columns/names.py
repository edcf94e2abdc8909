"""Which fact of a post a heading speaks of, in any of many languages and in the habits of many tools."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tiktok_coach.core.documents.document import read_yaml

VOCABULARY = Path(__file__).parent / "vocabulary.yaml"
# How surely a heading speaks of a fact: in its own words, with words that add nothing, by a name that may mean other things too,
# with other words around, or nearly.
OWN, BARE, WITHIN, WEAK = 1.0, 0.95, 0.6, 0.5
NEARLY = 0.8
# Of two words of five letters, one letter may differ.
LIKENESS, SHORTEST = 85, 5
# With one of these, a heading speaks of something else than its other words say.
_CHANGES = frozenset(
    [
        "rate",
        "ratio",
        "per",
        "pct",
        "percent",
        "percentage",
        "average",
        "avg",
        "mean",
        "median",
        "max",
        "min",
        "growth",
        "change",
        "diff",
        "delta",
        "previous",
        "prior",
        "first",
        "last",
        "new",
        "daily",
        "weekly",
        "monthly",
        "rank",
        "score",
        "text",
        "url",
        "allowed",
        "enabled",
        "disabled",
        "top",
        "list",
        "is",
        "has",
        "type",
        "status",
        "match",
        "gender",
        "expected",
        "predicted",
        "goal",
        "target",
        "gns",
        "gennemsnit",
        "gennemsnitlig",
        "durchschnitt",
        "moyen",
        "moyenne",
        "promedio",
        "media",
        "médio",
        "média",
        "medio",
        "średni",
        "średnia",
        "ortalama",
        "rata",
        "taux",
        "tasa",
        "taxa",
        "tasso",
        "wskaźnik",
        "oran",
        "oranı",
        "tỷ",
        "trung",
        "gjennomsnitt",
        "genomsnitt",
        "gemiddelde",
        "keskimäärin",
        "μέσος",
        "ποσοστό",
    ]
)
# So it does with one of these, unless it speaks of the account itself.
_OF_ACCOUNT = frozenset(["user", "author", "account", "creator", "channel", "profile"])
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_INDEXED = re.compile(r"[./\[]\d+(?:[./\]]|$)")
# `M5_view_count`, `V2_video_link`: how code books number their columns.
_NUMBERED = re.compile(r"[a-z]{0,2}\d+[a-z]?")
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ł": "l", "ı": "i", "œ": "oe", "'": " ", "’": " "})


@dataclass(frozen=True)
class Meaning:
    """A fact that a heading may speak of (None for something that is no fact of ours), and how surely, 0-1."""

    fact: str | None
    sure: float


@dataclass(frozen=True)
class Vocabulary:
    """Names as they are compared, written together, with the facts that they mean; `bare` are those without noise."""

    own: dict[str, Meaning]
    bare: dict[str, Meaning]
    phrases: dict[tuple[str, ...], str | None]
    noise: frozenset[str]


def words(heading: str) -> tuple[str, ...]:
    """The words of a heading, without case, accents and marks.

    >>> words("stats.playCount"), words("Längd (sek.)"), words("vid_nview")
    (('stats', 'play', 'count'), ('langd', 'sek'), ('vid', 'nview'))
    """
    plain = unicodedata.normalize("NFKC", heading).replace("\ufeff", "")
    parted = _CAMEL.sub(" ", plain).casefold().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", parted) if unicodedata.category(c) != "Mn")
    return tuple(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", bare)))


@cache
def vocabulary() -> Vocabulary:
    """What the bundled vocabulary says."""
    said = read_yaml(VOCABULARY.read_text("utf-8"), VOCABULARY.name).value
    noise = frozenset(w for text in said["noise"] for w in words(text))
    own: dict[str, Meaning] = {}
    bare: dict[str, Meaning] = {}
    phrases: dict[tuple[str, ...], str | None] = {}
    weak = {"".join(words(n)): fact for fact, entry in said["facts"].items() for n in entry.get("weak", ())}
    own |= {name: Meaning(fact, WEAK) for name, fact in weak.items()}
    named = [(fact, name) for fact, entry in said["facts"].items() for name in entry["names"]]
    others: list[tuple[str | None, str]] = [(None, name) for group in said["other"] for name in group]
    for fact, name in [*others, *named]:
        parts = words(name)
        own["".join(parts)] = Meaning(fact, OWN)
        short = "".join(_without(parts, noise))
        if short and short not in weak:
            bare.setdefault(short, Meaning(fact, BARE))
        phrases[parts] = fact
    return Vocabulary(own, bare, phrases, noise)


def _without(parts: Iterable[str], noise: frozenset[str]) -> tuple[str, ...]:
    return tuple(p for p in parts if p not in noise and not _NUMBERED.fullmatch(p))


def meanings(heading: str) -> list[Meaning]:
    """What a heading may speak of, the surest first; empty where it says nothing that is known.

    >>> [m.fact for m in meanings("Anzahl Aufrufe")], [m.fact for m in meanings("authorMeta.fans")], meanings("V16_conflict")
    (['views'], ['followers'], [])
    """
    parts = words(heading)
    if not parts or _INDEXED.search(heading):
        return []
    known = vocabulary()
    unnumbered, short = _without(parts, frozenset()), _without(parts, known.noise)
    found: list[Meaning] = []
    if (exact := known.own.get("".join(parts))) is not None:
        found.append(exact)
    fewer = [own for part in (unnumbered, short) if (own := known.own.get("".join(part))) is not None]
    found += [Meaning(own.fact, min(own.sure, BARE)) for own in fewer]
    if not any(m.sure >= BARE for m in found) and (bare := known.bare.get("".join(short))) is not None:
        found.append(bare)
    if not any(m.sure >= BARE for m in found):
        found += _within(parts, known) or ([] if found else _near("".join(short), known))
    best: dict[str | None, Meaning] = {}
    for meaning in sorted(found, key=lambda m: -m.sure):
        best.setdefault(meaning.fact, meaning)
    return list(best.values())


def _within(parts: tuple[str, ...], known: Vocabulary) -> list[Meaning]:
    """The longest name that stands within a heading, where no other word of it changes what it says."""
    joined = "".join(parts)
    spaceless = _SPACELESS.search(joined) is not None
    found: list[tuple[int, Meaning]] = []
    for phrase, fact in known.phrases.items():
        if spaceless and len(phrase) == 1:
            name = phrase[0]
            if _SPACELESS.search(name) and name in joined and not re.search("率|平均", joined.replace(name, "")):
                found.append((len(name), Meaning(fact, WITHIN)))
            continue
        size = len(phrase)
        for start in range(len(parts) - size + 1):
            if parts[start : start + size] == phrase:
                rest = {*parts[:start], *parts[start + size :]} - known.noise
                changes = _CHANGES if fact in ("followers", "account") else _CHANGES | _OF_ACCOUNT
                if len(rest) <= 2 and not rest & changes:
                    found.append((sum(map(len, phrase)), Meaning(fact, WITHIN if rest else BARE)))
    if not found:
        return []
    longest = max(size for size, _ in found)
    return list(dict.fromkeys(meaning for size, meaning in found if size == longest))


def _near(joined: str, known: Vocabulary) -> list[Meaning]:
    """Names that are written almost like a heading."""
    from rapidfuzz import fuzz, process

    if len(joined) < SHORTEST:
        return []
    names = [name for name in (*known.own, *known.bare) if len(name) >= SHORTEST]
    near = process.extract(joined, names, scorer=fuzz.ratio, score_cutoff=LIKENESS, limit=3)
    spoken = {**known.bare, **known.own}
    return [Meaning(spoken[name].fact, NEARLY * score / 100) for name, score, _ in near if spoken[name].sure >= BARE]
