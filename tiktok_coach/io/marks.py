"""The marks of large numbers in all languages: `12,5 B` is 12.5 thousand in Turkish and 12.5 billion in English.

CLDR (through Babel) knows how each language shortens numbers. It is asked only for marks that are not known everywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.io.columns.names import words

# The languages of TikTok's interface, of sheets whose own language does not tell a mark.
_CODES = (
    "en da nb sv de nl fr es pt it pl tr id ms vi fil th ja ko zh zh_Hant ar fa he el ru uk cs sk hu ro bg hr sr fi et "
    "lv lt sl hi bn ta te mr ur my km en_IN"
)
LANGUAGES = tuple(_CODES.split())
# Marks that people write whatever their language.
EVERYWHERE = {
    mark: factor
    for factor, marks in {
        1e3: "k tsd tys тыс rb 천 千",
        1e4: "万 萬 만",
        1e5: "lakh lakhs lac lacs l",
        1e6: "m mio mln mn jt",
        1e7: "cr crore crores",
        1e8: "億 亿 억",
        1e9: "b bn bln mrd mlrd",
    }.items()
    for mark in marks.split()
}
# Of those the ones that mean another number in some language: any other is read without asking CLDR.
CONTESTED = {"m": {"id"}, "b": {"tr", "es", "hu"}, "bn": {"fr", "sv"}, "bln": {"it", "nl", "pl"}}
# No post has been watched more often, so that a mark which makes it so means another number.
MOST_VIEWS = 2e10
_SCRIPTS = {
    "ja": "[\u3040-\u30ff]",
    "ko": "[\uac00-\ud7a3]",
    "th": "[\u0e00-\u0e7f]",
    "el": "[\u0370-\u03ff]",
    "he": "[\u0590-\u05ff]",
    "hi": "[\u0900-\u097f]",
}


class Doubt(NamedTuple):
    """Why values cannot be read for sure, and what the user can say to settle it."""

    problem: str
    hint: str


class Languages(NamedTuple):
    """The languages that a sheet can be in, and whether the user says so."""

    codes: tuple[str, ...] = ()
    by_hand: bool = False


@cache
def _words() -> dict[str, frozenset[str]]:
    content = json.loads(Path(__file__).with_name("columns").joinpath("languages.json").read_text("utf-8"))
    return {code: frozenset(words(text)) for code, text in content.items()}


@cache
def languages_of(headings: tuple[str, ...], by_hand: str | None, of_account: str | None = None) -> Languages:
    """The languages of a sheet: what the user says, else those that know most words of its headings.

    That of the account may be the language of numbers below English headings, or such as say nothing.
    """
    if by_hand:
        return Languages((by_hand,), by_hand=True)
    codes = _codes_of(headings)
    is_open = of_account is not None and codes in {(), ("en",)} and of_account != "en"
    return Languages((*codes, of_account) if is_open and of_account else codes)


def _codes_of(headings: tuple[str, ...]) -> tuple[str, ...]:
    """The languages that know most words of headings."""
    text = " ".join(headings)
    for code, letters in _SCRIPTS.items():
        if re.search(letters, text):
            return (code,)
    if re.search("[\u4e00-\u9fff]", text):
        return ("zh", "zh_Hant", "ja")
    if re.search("[\u0600-\u06ff]", text):
        return ("fa",) if re.search("[پچژگکی]", text) else ("ar",)
    if re.search("[\u0400-\u04ff]", text):
        return ("uk",) if re.search("[іїєґ]", text.casefold()) else ("ru", "bg", "sr")
    each = [frozenset(words(heading)) for heading in headings]
    english = _words()["en"]

    def count(known: frozenset[str]) -> int:
        return sum(not known.isdisjoint(one) for one in each)

    # Words that English has too say little: `likes` and `shares` stand in sheets of every language.
    foreign = {code: count(known - english) for code, known in _words().items() if code != "en"}
    most = max(foreign.values())
    codes = tuple(code for code, number in foreign.items() if number == most and most)
    known_there = frozenset().union(*(_words()[code] for code in codes))
    return (*codes, *(["en"] if count(english - known_there) > most else []))


def bare(mark: str) -> str:
    """A mark as marks are compared: without case, spaces and stops."""
    return re.sub(r"[\W_]+", "", mark).casefold()


@cache
def _marks(language: str) -> Mapping[str, float]:
    """The marks of a language to their factors, without those that stand for several."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError) as error:
        problem = _("{language!r} is not a known language code", language=language)
        raise CoachError(problem, hint=_("leave --file-language out, or name another")) from error
    factors: dict[str, set[float]] = {}
    for width in ("short", "long"):
        for forms in (locale.compact_decimal_formats.get(width) or {}).values():
            for magnitude, form in forms.items():
                pattern = form.pattern.split(";")[0]
                if (zeros := re.search("0+", pattern)) and (mark := bare(pattern.replace(zeros[0], "", 1))):
                    factors.setdefault(mark, set()).add(int(magnitude) / 10 ** (len(zeros[0]) - 1))
    return {mark: min(every) for mark, every in factors.items() if len(every) == 1}


@cache
def decimal_of(language: str) -> str:
    """The mark between whole and fraction in a language."""
    from babel import Locale
    from babel.numbers import get_decimal_symbol

    symbol = get_decimal_symbol(Locale.parse(language.replace("-", "_")), numbering_system="latn")
    return symbol if symbol in ".," else "."


def factors_of(
    marks: Collection[str], sheet_languages: Callable[[], Languages], decimals: Collection[str]
) -> tuple[dict[str, float], Doubt | None]:
    """What each of the marks in a column stands for, and the doubt where one may stand for several numbers.

    `marks` are `bare`; one that no language has is left out, of one in doubt the smallest number stands. `decimals` are
    the decimal marks beside them.
    """
    factors = {mark: EVERYWHERE[mark] for mark in marks if mark in EVERYWHERE and mark not in CONTESTED}
    doubt = None
    for mark in [mark for mark in marks if mark not in factors]:
        readings = _readings(mark, marks, sheet_languages(), decimals)
        if len(set(readings.values())) > 1:
            codes = {factor: code for code, factor in reversed(readings.items())}
            meant = ", ".join(f"{factor:,.0f} ({code})" for factor, code in sorted(codes.items()))
            problem = _("{mark!r} may mean {meant}", mark=mark.upper() if len(mark) == 1 else mark, meant=meant)
            hint = _("say the language of the file, such as --file-language {code}", code=min(codes.items())[1])
            doubt = Doubt(problem, hint)
        if readings:
            factors[mark] = min(readings.values())
    return factors, doubt


def _readings(mark: str, marks: Collection[str], languages: Languages, decimals: Collection[str]) -> dict[str, float]:
    """By language what a mark can stand for in a sheet."""
    common = EVERYWHERE.get(mark)
    rivals = CONTESTED.get(mark, set())
    if common is not None and rivals.isdisjoint(languages.codes) and (languages.codes or "," not in decimals):
        # English marks behind a decimal comma are another language's, where one has them both.
        is_foreign = "," in decimals and languages.codes == ("en",) and not languages.by_hand
        return {"en": common} | (_explained(mark, common) if is_foreign else {})
    own = _everywhere(mark, languages.codes)
    if common is None or (own and (languages.by_hand or {*own.values()} == {common})):
        return own or _everywhere(mark)
    if own or languages.codes:
        return _own_or_common(mark, own, common, marks, decimals) if own else {"en": common}
    return {"en": common} | _explained(mark, common)


def _own_or_common(
    mark: str, own: Mapping[str, float], common: float, marks: Collection[str], decimals: Collection[str]
) -> dict[str, float]:
    """What a mark stands for that is one thing in the sheet's language and another in English: the others tell."""
    beside = [other for other in marks if other != mark]
    if any(other in EVERYWHERE and not any(other in _marks(code) for code in own) for other in beside):
        return {"en": common}
    is_own = any(other not in _marks("en") and any(other in _marks(code) for code in own) for other in beside)
    # What is written as the language writes it, and the smaller number of the two, is the language's.
    is_written_so = all({decimal_of(code)}.issuperset(decimals) for code in own)
    return dict(own) if is_own or (is_written_so and max(own.values()) < common) else {**own, "en": common}


def _explained(mark: str, common: float) -> dict[str, float]:
    """Languages with a decimal comma that write a mark for a smaller number; none where others mean the same."""
    readings = {code: factor for code, factor in _everywhere(mark).items() if decimal_of(code) == ","}
    return {} if common in readings.values() else {c: f for c, f in readings.items() if f < common}


def _everywhere(mark: str, codes: Iterable[str] = LANGUAGES) -> dict[str, float]:
    """By language what a mark stands for, as far as a post can have so many views."""
    return {c: factor for c in codes if (factor := _marks(c).get(mark)) is not None and factor < MOST_VIEWS}
