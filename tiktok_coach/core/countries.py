"""Countries by the names that people give them, in any language, as ISO 3166 codes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from tiktok_coach.core.errors import CoachError, did_you_mean
from tiktok_coach.core.translation import _, language

# What is less alike is another name, not a slip of the pen.
_LIKE = 80


def country_code(text: str) -> str:
    """The ISO 3166 code of a country by its name, or by the code. Raises CoachError for another text.

    >>> [country_code(text) for text in ("Danmark", "dk", "Japan", "UK")]
    ['DK', 'DK', 'JP', 'GB']
    """
    plain = plain_name(text)
    if plain.upper() in _codes():
        return plain.upper()
    code = next((names[plain] for names in map(_countries_in, languages()) if plain in names), None)
    if code is None:
        hint = did_you_mean(text.strip(), [*_written_in(language()), *_written_in("en")], least=_LIKE)
        hint = hint or _("name it, or give its code of two letters, such as DK")
        raise CoachError(_("{text!r} is no country that I know", text=text), hint=hint)
    return code


def languages() -> Iterator[str]:
    """The user's language, English, and all others."""
    from babel import localedata

    others = sorted(name for name in localedata.locale_identifiers() if "_" not in name)
    yield from dict.fromkeys([language(), "en", *others])


def plain_name(text: str) -> str:
    """A name without differences of case, space and accents."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("_", " "))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


@cache
def _codes() -> frozenset[str]:
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8").splitlines()
    return frozenset(line[:2] for line in lines if line and not line.startswith("#"))


@cache
def _written_in(name: str) -> dict[str, str]:
    """The codes of countries by their names in a language, as they are written."""
    from babel import Locale

    territories = Locale.parse(name).territories
    return {territories[code]: code for code in sorted(_codes()) if code in territories}


@cache
def _countries_in(name: str) -> dict[str, str]:
    return {plain_name(text): code for text, code in _written_in(name).items()}
