"""Languages as files of subtitles name them: `da`, `dan`, `da-DK`, `eng-US`."""

from __future__ import annotations

import re
from functools import cache

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")

_NORWEGIAN = frozenset({"nb", "nn"})


def language_code(tag: str) -> str | None:
    """The ISO 639 code, of two letters where there is one, of a language tag; None for what is no language.

    Norwegian is one language, in whichever of its forms it is written.

    >>> language_code("eng-US"), language_code("da"), language_code("nob-NO"), language_code("me")
    ('en', 'da', 'no', None)
    """
    return _code(re.split("[-_]", tag)[0].lower()) if _TAG.fullmatch(tag) else None


@cache
def _code(name: str) -> str | None:
    from babel.core import get_global
    from babel.localedata import locale_identifiers

    alias = get_global("language_aliases").get(name, name)
    alias = "no" if alias in _NORWEGIAN else alias
    return alias if alias in _languages(tuple(locale_identifiers())) else None


@cache
def _languages(locales: tuple[str, ...]) -> frozenset[str]:
    return frozenset(locale.partition("_")[0] for locale in locales)
