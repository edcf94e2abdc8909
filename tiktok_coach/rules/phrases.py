"""The texts of rules, with their places filled in."""

from __future__ import annotations

import datetime as dt
import string
from typing import Any

import numpy as np

from tiktok_coach.core.translation import _, format_value

# From here on the thousands of a number are set apart.
LONG = 1_000


def terms_in(text: str) -> set[str]:
    """The names of the places that a text fills in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def fill_text(words: str, terms: dict[str, Any]) -> str:
    """A rule's text with its terms filled in; one that is not known leaves an ellipsis."""
    return words.format_map(_Terms(terms))


class _Terms(dict[str, Any]):
    """Terms as texts, made of those alone that a text fills in."""

    def __getitem__(self, name: str) -> str:
        return _Term(shown_term(super().__getitem__(name)) if name in self else "…")


class _Term(str):
    """A term that a text may count things with: `{value:hashtag|hashtags}`."""

    __slots__ = ()

    def __format__(self, words: str) -> str:
        one, _bar, many = words.partition("|")
        return f"{self} {one if self == '1' else many}" if words else str(self)


def shown_term(value: Any) -> str:
    """A term as a text of a rule shows it, with numbers and days as the language writes them."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return "?"
    if isinstance(value, dt.date):
        return format_value(value, "%H:%M" if isinstance(value, dt.datetime) else "%Y-%m-%d")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (int, float, np.number)):
        number = float(value)
        return format_value(value, ",.0f" if number.is_integer() or abs(number) >= LONG else ".4g")
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
