"""Which language is spoken: the one asked for, else the config's, else the environment's, else English."""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

CATALOGUES = Path(__file__).resolve().parent / "locale"
DOMAIN = "tiktok_coach"
ENGLISH = "en"
# The variables that gettext looks at, in its order.
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True)
class Speech:
    """A language and its catalogue; `outright` says that the user asked for it, so that no config changes it."""

    language: str
    catalogue: gettext.NullTranslations
    outright: bool = False


_SPEECH: ContextVar[Speech | None] = ContextVar("speech", default=None)


def languages() -> tuple[str, ...]:
    """The languages that can be spoken: English, and every one with a catalogue.

    >>> "da" in languages()
    True
    """
    return (ENGLISH, *sorted(path.parent.parent.name for path in CATALOGUES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def current_speech() -> Speech:
    """What is spoken now."""
    return _SPEECH.get() or _speech(environment_language(os.environ))


def language() -> str:
    """The language that is spoken now, such as `en` or `da`."""
    return current_speech().language


def set_language(code: str | None) -> None:
    """Speak one of `languages()` from now on, whatever a config says; None is the environment's, or a config's."""
    speech = _speech(code or environment_language(os.environ))
    _SPEECH.set(replace(speech, outright=code is not None))


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
    """The first language of the environment that has a catalogue; where variables name none, the system's (Windows).

    >>> environment_language({"LANG": "da_DK.UTF-8"}), environment_language({"LC_ALL": "C", "LANG": "da_DK"})
    ('da', 'en')
    """
    names = next((environment[name] for name in VARIABLES if environment.get(name)), None)
    if names is None:
        names = locale.normalize((locale.getlocale()[0] or ENGLISH).partition("_")[0])
    for name in names.split(":"):
        code = name.replace("-", "_").partition("_")[0].partition(".")[0].casefold()
        if code == ENGLISH or _file(code).is_file():
            return code
    return ENGLISH


def _file(code: str) -> Path:
    return CATALOGUES / code / "LC_MESSAGES" / f"{DOMAIN}.mo"


@cache
def _speech(code: str) -> Speech:
    if code == ENGLISH:
        return Speech(ENGLISH, gettext.NullTranslations())
    with _file(code).open("rb") as file:
        return Speech(code, gettext.GNUTranslations(file))
