"""Days without a year, in the language of the account: `25. marts`, `3月25日`, `18 tháng Sáu`.

CLDR's "MMMMd" of every locale (through Babel) is what TikTok Studio writes. The language is decided from the
whole column: it is the one in which every cell is a day.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

# How days are written, to their month and day.
Days = dict[str, tuple[int, int]]
LEAP_YEAR = 2024
MOST = 0.6
# Tried first, the most used of TikTok's interface languages before the rest; the order decides nothing else.
_CODES = (
    "en es pt id vi ja ar de fr da it th tr ko zh ru pl nl sv nb fi el cs ro hu uk he hi ms fil bn fa bg hr sk sr "
    "et lv lt sl ca ur sw km my ta te mr gu kn ml pa ne si lo kk uz az hy ka mn is ga gl eu sq mk bs af am zu jv su"
)
USUAL = tuple(_CODES.split())
# Vietnamese files name the months in words, for which CLDR has numbers.
VIETNAMESE = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
# Languages that name different months with the same word (listopad, srpen, siječanj and their kin).
_RISKY = {"pl": "hr cs uk", "hr": "pl cs sk", "cs": "pl hr sk", "uk": "pl", "sk": "hr cs"}
# The uploaded video may wait on the schedule this long; measured 17 days, TikTok's scheduler allows 30.
LONGEST_SCHEDULE = dt.timedelta(days=31)
_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(text: str) -> str:
    """A day as texts are compared: without case, direction marks and doubled spaces, digits as 0-9."""
    text = unicodedata.normalize("NFC", _MARKS.sub("", text)).casefold()
    text = "".join(str(unicodedata.decimal(c)) if unicodedata.decimal(c, None) is not None else c for c in text)
    text = re.sub(r"[\s\u00a0\u202f]+", " ", text).strip()
    text = re.sub(r"^(\d{1,2})(?:er|st|nd|rd|th|º|ª)\b", r"\1", text)
    return re.sub(r"(?<!\d)0(?=\d)", "", text)


@cache
def days_of(locale: str) -> Days:
    """Every day of a leap year as `locale` writes it, in `plain` form, to (month, day)."""
    from babel import Locale

    parsed = Locale.parse(locale)
    if (pattern := parsed.datetime_skeletons.get("MMMMd")) is None:
        return {}
    months = []
    for month in range(1, 13):
        # No month is the 22nd, so that it can only be the day of this text.
        text = plain(pattern.apply(dt.date(LEAP_YEAR, month, 22), parsed))
        full, alone, short = (
            plain(parsed.months[form][width][month])
            for form, width in (("format", "wide"), ("stand-alone", "wide"), ("format", "abbreviated"))
        )
        others = [text.replace(full, name) for name in (alone, short) if full in text and not name.isdigit()]
        # A spreadsheet that takes the text for a date writes it back as 25-mar.
        forms = [*others, *(f"22-{name.rstrip('.')}" for name in (alone, short))]
        forms += [f"22 tháng {VIETNAMESE[month - 1]}"] if parsed.language == "vi" else []
        months.append((text, *dict.fromkeys(forms)))
    return _days_written(tuple(months))


@cache
def _days_written(months: tuple[tuple[str, ...], ...]) -> Days:
    """The days of months whose 22nd is written so, the usual form first; many locales share them."""
    days: Days = {}
    for month, (usual, *forms) in enumerate(months, 1):
        for day in range(1, monthrange(LEAP_YEAR, month)[1] + 1):
            days[usual.replace("22", str(day))] = month, day
            for form in forms:
                days.setdefault(form.replace("22", str(day)), (month, day))
    return days if len(set(days.values())) == 366 else {}


def locales() -> list[str]:
    """Every locale that CLDR knows, the usual ones first, then other languages, then variants by country and script."""
    from babel.localedata import locale_identifiers

    others = (name for name in locale_identifiers() if name not in USUAL)
    return [*USUAL, *sorted(others, key=lambda name: ("_" in name, name))]


def read_days(
    texts: Iterable[str], where: str, language: str | None = None, likely: Sequence[str] = ()
) -> tuple[Days, str | None]:
    """(month, day) of each distinct text, and the locale in which most cells are days, one of `likely` before others.

    With `language`, in that one alone. A text that is no day in the language of most is left out. Raises CoachError
    where no language reads most texts, or where two languages read them as different days (`25 listopada` is in
    October in Croatian and in November in Polish).
    """
    cells = Counter(texts)
    forms = {text: plain(text) for text in cells}
    if not forms:
        return {}, None
    if language:
        return _read_in(language, forms, cells, where), language
    best, most = "", 0
    index: Days = {}
    for locale in (*known_locales(likely), *locales()):
        days = days_of(locale)
        count = sum(cells[text] for text, form in forms.items() if form in days)
        if count > most:
            best, index, most = locale, days, count
        if most == cells.total() or (locale == USUAL[-1] and most >= MOST * cells.total()):
            break
    reading = {text: index[form] for text, form in forms.items() if form in index}
    if most < MOST * cells.total():
        text = next(text for text in forms if text not in reading)
        problem = _("{text!r} is not a day in any known language", text=text)
        raise CoachError(problem, where=where, hint=_("is this column the day of the post?"))
    if best not in known_locales(likely):
        refuse_other_reading(reading, best, where, lambda text, other: days_of(other).get(plain(text)))
    return reading, best


def known_locales(languages: Iterable[str]) -> list[str]:
    """The locales of some languages, without those that CLDR does not know."""
    known = []
    for language in languages:
        with suppress(CoachError):
            known.append(locale_of(language))
    return known


def locale_of(language: str) -> str:
    """A language as CLDR names its locale. Raises CoachError for one that it does not know."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(language.replace("-", "_")))
    except (UnknownLocaleError, ValueError) as error:
        problem = _("{language!r} is not a known language code", language=language)
        raise CoachError(problem, hint=_("use one such as da or pt_BR")) from error


def _read_in(language: str, forms: dict[str, str], cells: Counter[str], where: str) -> Days:
    """Days in a language that the user named, whatever stops stand in them."""
    locale = locale_of(language)
    index = {form.replace(".", ""): day for form, day in days_of(locale).items()}
    reading = {text: index[bare] for text, form in forms.items() if (bare := form.replace(".", "")) in index}
    if sum(cells[text] for text in reading) < MOST * cells.total():
        text = next(text for text in forms if text not in reading)
        problem = _("{text!r} is not a day in the language {locale}", text=text, locale=locale)
        raise CoachError(problem, where=where, hint=_("leave --file-language out, or name another"))
    return reading


def refuse_other_reading(
    reading: Mapping[str, object], locale: str, where: str, read: Callable[[str, str], object | None]
) -> None:
    """Raise CoachError where a language with other months of the same names reads all texts, and differently.

    `read` gives what a text is in a language, None where it is nothing.
    """
    for other in _RISKY.get(locale, "").split():
        second = {text: read(text, other) for text in reading}
        if None not in second.values() and second != reading:
            text = next(t for t in reading if reading[t] != second[t])
            problem = _("{text!r} is one day in {locale} and another in {other}", text=text, locale=locale, other=other)
            raise CoachError(problem, where=where, hint=_("say which with --file-language"))


def nearest_on_or_after(day: tuple[int, int], uploaded: dt.datetime) -> dt.datetime | None:
    """`day` (month, day) in the year that puts it nearest on or after the upload, as midnight UTC.

    A day may lie one before the upload's in UTC, where the account's clock is behind. None where no year puts
    the day within the longest schedule, so that day and id contradict each other.
    """
    earliest = (uploaded - dt.timedelta(days=1)).date()
    for year in (earliest.year, earliest.year + 1):
        try:
            printed = dt.date(year, *day)
        except ValueError:
            continue
        if earliest <= printed <= (uploaded + LONGEST_SCHEDULE).date():
            return dt.datetime(printed.year, printed.month, printed.day, tzinfo=dt.UTC)
    return None
