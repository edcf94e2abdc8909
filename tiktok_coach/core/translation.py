"""Texts in the language that is spoken, with numbers and days written as that language writes them.

A text is English in the code: `_("{posts:,} posts fail", posts=1200)` looks it up in the catalogue and fills it in.
What is made before a language is known, such as a constant, is marked with `N_` and looked up with `_` when shown.
"""

from __future__ import annotations

import csv
import datetime as dt
import gettext
import locale
import os
import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from tiktok_coach.core.records import dataclass

__all__ = ["N_", "_", "fill", "format_value", "plural", "plurals", "short_number", "weekday_names"]
# Days as English shows them, sorted as they stand; other languages have their own.
WEEKDAY, DAY, MONTH, HOUR = "%a", "%Y-%m-%d", "%Y-%m", "%H:%M"
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CATALOGUES = Path(__file__).resolve().parent / "locale"
DOMAIN = "tiktok_coach"
ENGLISH = "en"
# The variables that gettext looks at, in its order.
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def _(text: str, /, **terms: Any) -> str:
    """A text in the language that is spoken, with its places filled in.

    >>> _("{posts:,} posts", posts=1200)
    '1,200 posts'
    """
    translation = current_speech().catalogue.gettext(text) if text else text
    return fill(translation, **terms) if terms else translation


def plural(one: str, many: str, count: int, /, **terms: Any) -> str:
    """One of two texts by a count, which both may show as `{count}`; a language may have more forms, or one.

    >>> plural("{count} post", "{count:,} posts", 1), plural("{count} post", "{count:,} posts", 2000)
    ('1 post', '2,000 posts')
    """
    return fill(current_speech().catalogue.ngettext(one, many, count), count=count, **terms)


def plurals(one: str, many: str, /) -> tuple[str, str]:
    """Two texts for `plural` as they are, marked for the catalogue."""
    return one, many


def N_(text: str, /) -> str:  # noqa: N802 - the name by which gettext's tools know it
    """A text as it is, marked for the catalogue."""
    return text


def read_rows(table: Path) -> list[dict[str, str]]:
    """The rows of a CSV table of the package by its headings; its texts are in the catalogues too."""
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fill(template: str, /, **terms: Any) -> str:
    """A template that needs no translation with its places filled in as the language writes numbers and days.

    >>> fill("×{effect:.2f} ({low:.0%})", effect=1.5, low=0.25)
    '×1.50 (25%)'
    """
    return template.format(**terms) if language() == ENGLISH else _LOCAL.vformat(template, (), terms)


def format_value(value: Any, spec: str = "") -> str:
    """A number or a day by a format such as `,.0f` or `%Y-%m-%d`, as the language writes it."""
    return format(value, spec) if language() == ENGLISH else _LOCAL.format_field(value, spec)


def weekday_names() -> tuple[str, ...]:
    """Short names of the days of the week, from Monday on."""
    if language() == ENGLISH:
        return WEEK
    from babel.dates import get_day_names

    names = get_day_names("abbreviated", "stand-alone", locale=language())
    return tuple(str(names[day]).rstrip(".") for day in range(7))


def short_number(value: float) -> str:
    """A number as an axis names it, such as 20M, 5k, 100 or 0.5.

    Languages but English write thousands out, as their short form may be a letter that is read as hours or tons.
    """
    if language() != ENGLISH and 1e3 <= value < 1e6:
        return format_value(value, ",.0f")
    if language() != ENGLISH and value >= 1e6:
        from babel.numbers import format_compact_decimal

        return str(format_compact_decimal(value, locale=language(), fraction_digits=1))
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return format_value(value, "g")


class _Local(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, (dt.date, dt.time)) and format_spec:
            return _day(value, format_spec)
        text = format(value, format_spec)
        if isinstance(value, (bool, str)) or not hasattr(value, "__float__"):
            return text
        return text.translate(_marks(language()))


_LOCAL = _Local()


@cache
def _marks(code: str) -> dict[int, str]:
    """What stands for the decimal point, the comma between thousands and the sign of per cent."""
    from babel import Locale
    from babel.numbers import get_decimal_symbol, get_group_symbol

    percent = str(Locale.parse(code).percent_formats[None].pattern).replace("#,##0", "")
    return str.maketrans({".": get_decimal_symbol(code), ",": get_group_symbol(code), "%": percent})


def _day(value: dt.date | dt.time, spec: str) -> str:
    from babel.dates import format_date, format_skeleton, format_time

    if isinstance(value, dt.time):
        return str(format_time(value, "short", locale=language()))
    parts = []
    if WEEKDAY in spec:
        parts.append(weekday_names()[value.weekday()])
    if DAY in spec:
        parts.append(format_date(value, "medium", locale=language()))
    elif MONTH in spec:
        parts.append(format_skeleton("yMMM", value, locale=language()))
    if HOUR in spec and isinstance(value, dt.datetime):
        parts.append(format_time(value.time(), "short", locale=language()))
    return " ".join(parts) if parts else format(value, spec)


@dataclass(frozen=True)
class Speech:
    """A language and its catalogue; `outright` says that the user asked for it, so that no config changes it."""

    language: str
    catalogue: gettext.NullTranslations
    outright: bool = False


_SPEECH: ContextVar[Speech | None] = ContextVar("speech", default=None)


@cache
def languages() -> tuple[str, ...]:
    """The languages that can be spoken: English, and every one with a catalogue."""
    return (ENGLISH, *sorted(path.parent.parent.name for path in CATALOGUES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def current_speech() -> Speech:
    """What is spoken now."""
    return _SPEECH.get() or _speech(environment_language(os.environ))


def language() -> str:
    """The language that is spoken now, such as `en` or `da`."""
    return current_speech().language


def set_language(code: str | None) -> None:
    """Speak one of `languages()` from now on, whatever a config says; None is the environment's, or a config's."""
    _SPEECH.set(replace(_speech(code or environment_language(os.environ)), outright=code is not None))


def prefer_language(code: str) -> None:
    """Speak one of `languages()` from now on, unless one was asked for outright."""
    if not current_speech().outright:
        _SPEECH.set(_speech(code))


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """Speak a language for a while."""
    token = _SPEECH.set(replace(_speech(code), outright=True))
    try:
        yield
    finally:
        _SPEECH.reset(token)


def environment_language(environment: Mapping[str, str]) -> str:
    """The first language of the environment that has a catalogue; where variables name none, the system's (Windows)."""
    names = next((environment[name] for name in VARIABLES if environment.get(name)), None)
    if names is None:
        names = locale.normalize((locale.getlocale()[0] or ENGLISH).partition("_")[0])
    return _first_spoken(names)


@cache
def _first_spoken(names: str) -> str:
    """The first of names with `:` between that has a catalogue; every text that is shown asks for it."""
    codes = (name.replace("-", "_").partition("_")[0].partition(".")[0].casefold() for name in names.split(":"))
    return next((code for code in codes if code in languages()), ENGLISH)


@cache
def _speech(code: str) -> Speech:
    return Speech(code, gettext.translation(DOMAIN, CATALOGUES, [code], fallback=code == ENGLISH))
