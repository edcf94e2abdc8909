"""One day or time as people write it: in numbers or in words, with a clock, a range, a timezone, in any language.

The names of months, days and halves of the day are CLDR's, through Babel.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache
from typing import NamedTuple

from tiktok_coach.io.dates.zone_names import date_words, zone_of

LONGEST = 70
# Full dates in numbers, the year first or last, wherever they stand in a text.
NUMERIC = re.compile(
    r"(?<![\d:./])(\d{1,4})\s?[/.\-年년]\s?(\d{1,2})\s?[/.\-月월]\s?(\d{1,4})(?![\d:])\s?[日일号]?\.?", re.IGNORECASE
)
_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\u0300-\u036f]")
_LETTER = r"[^\W\d_]"
# Thai calendars count years from the Buddha.
BUDDHIST = 543
_HANDLE = re.compile(r"@?[A-Za-z][\w.]*")
# `3d ago` is no third of August, which Spanish and Italian shorten so.
_RELATIVE = re.compile(r"\d\s?(?:s|m|h|d|w|y|mo|yr|sec|min|hr|second|minute|hour|day|week|month|year)s?\.? ago\b")
# Behind these a bare number is an hour.
_AT = {"kl", "klo", "at", "um", "alle", "ore"}
_DASH = r"[-\u2010-\u2015~→]|->"
# `de` is morning in Hungarian and `of` in Spanish, so that each language has its own halves of the day; English ones
# are known everywhere. One Latin letter says too little.
_ENGLISH_HALVES = {
    "am": False,
    "a.m": False,
    "a": False,
    "pm": True,
    "p.m": True,
    "p": True,
    "a. m": False,
    "p. m": True,
}


class Clock(NamedTuple):
    """A time of day: `tail` is what may be an offset or the end of a range (`-07:00`), `zone` the timezone named."""

    time: dt.time
    zone: str | None = None
    tail: str | None = None


class Written(NamedTuple):
    """A day, and a time of day where one is written; `year` is None where it is not."""

    year: int | None
    month: int
    day: int
    clock: Clock | None = None


class Names(NamedTuple):
    """The words of a language: `months` to their numbers, days of the week, small words that its dates hold, halves of
    the day (whether they are the second), and patterns of names and of clocks.
    """

    months: dict[str, int]
    weekdays: frozenset[str]
    others: frozenset[str]
    names: re.Pattern[str]
    halves: dict[str, bool]
    clock: re.Pattern[str]
    is_buddhist: bool


def tidy(text: str) -> str:
    """A text as dates are compared: without case, accents, direction marks and doubled spaces, digits as 0-9."""
    text = unicodedata.normalize("NFKD", text).casefold().replace("ı", "i")
    text = unicodedata.normalize("NFC", _MARKS.sub("", text))
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(c)) if unicodedata.decimal(c, None) is not None else c for c in text)
    return re.sub(r"\s+", " ", text).strip()


@cache
def names_of(locale: str) -> Names:
    """The words of a locale, in `tidy` form and without a stop behind them."""
    from babel import Locale

    from tiktok_coach.io.dates.month_days import LEAP_YEAR, VIETNAMESE

    parsed = Locale.parse(locale)
    widths = [(form, width) for form in ("format", "stand-alone") for width in ("wide", "abbreviated")]
    months = {_bare(parsed.months[f][w][m]): m for f, w in reversed(widths) for m in range(1, 13)}
    months = {name: month for name, month in months.items() if not name.isdigit()}
    # A month as it stands within a date, which may add to its name.
    others = set()
    forms = [(month, *form) for month in range(1, 13) for form in (("long", "wide"), ("medium", "abbreviated"))]
    for month, form, width in forms:
        name = _bare(parsed.months["format"][width][month])
        text = tidy(parsed.date_formats[form].apply(dt.date(LEAP_YEAR, month, 22), parsed))
        for word in re.findall(rf"{_LETTER}[^\s\d.,]*", text):
            if name in word and not name.isdigit():
                months[word] = month
            else:
                others |= set(re.findall(rf"{_LETTER}+", word))
    if parsed.language == "vi":
        months |= {tidy(f"tháng {name}"): month for month, name in enumerate(VIETNAMESE, 1)}
    weekdays = frozenset(_bare(name) for f, w in widths for name in parsed.days[f][w].values())
    halves = {
        _bare(name): half == "pm"
        for of_form in parsed.day_periods.values()
        for of_width in of_form.values()
        for half, name in of_width.items()
        if half in ("am", "pm") and (len(name) > 1 or not name.isascii())
    }
    halves |= _ENGLISH_HALVES
    return Names(
        months,
        weekdays,
        frozenset(others - months.keys()),
        _names_pattern({*months, *weekdays}),
        halves,
        _clock_pattern(halves),
        is_buddhist=parsed.language == "th",
    )


def _bare(name: str) -> str:
    return tidy(name).rstrip(".")


def _any_of(names: set[str]) -> str:
    """Any of some names, the longest first, each with or without the stop of an abbreviation."""
    return "|".join(re.escape(name) + r"\.?" for name in sorted(names, key=lambda n: (-len(n), n)))


def _names_pattern(names: set[str]) -> re.Pattern[str]:
    alone = rf"(?<!{_LETTER})(?:{_any_of(names)})(?!{_LETTER}|\d\d?(?!\d))"
    among_others = _any_of({name for name in names if _is_spaceless(name)})
    return re.compile(f"{alone}|(?:{among_others})" if among_others else alone)


def _is_spaceless(name: str) -> bool:
    """Whether names of this script (Thai, Lao, Burmese, Khmer, Chinese and Japanese) stand without spaces."""
    return re.search("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u9fff\uac00-\ud7af]", name) is not None


def _clock_pattern(halves: dict[str, bool]) -> re.Pattern[str]:
    """A time of day, or two with a dash or a word between, and the offset or timezone behind it."""
    half = rf"(?:{_any_of(set(halves))})(?!\.?{_LETTER})"
    ahead = rf"(?<!{_LETTER})(?:{_any_of({name for name in halves if len(name) > 1 or not name.isascii()})})"
    to = rf"(?:{_DASH}|(?:{'|'.join(date_words()['to'].split())})(?!{_LETTER}))"

    def clock(n: int) -> str:
        minutes = rf"(?:[:.]|\s?[h時时点點시u]\s?)(?P<minute{n}>\d{{2}})"
        seconds = rf"(?:(?:[:.]|[分분]\s?)(?P<second{n}>\d{{2}})(?:[.,]\d+)?)?(?:\s?[分분秒초])?(?!\d)"
        sign = rf"\s?(?P<sign{n}>uhr|hrs?|h|u|時|时|点|點|시)(?!{_LETTER})"
        hour = rf"(?P<hour{n}>\d{{1,2}})(?:{minutes}{seconds}|{sign})?(?:\s?(?:uhr|hrs?|h|น)(?!{_LETTER}))?\.?"
        return rf"(?:(?P<before{n}>{ahead})\s?)?{hour}(?:\s?(?P<after{n}>{half}))?"

    offset = r"[+\-\u2212]\d{1,2}(?::?\d{2})?(?![\d:.])"
    # Behind a space a dash parts two times, unless four digits follow.
    apart = r"\s(?P<apart>\+\d{1,2}(?::?\d{2})?(?![\d:.])|-\d{4}(?!\d))"
    tail = rf"(?:(?(minute1)(?P<tail>{offset})(?!\s?{half})|(?!))|{apart})"
    utc, names = rf"\(?(?:utc|gmt)(?:\s?{offset})?\)?", rf"\(?{_zones()}\)?(?!{_LETTER})"
    zone = rf"{utc}|\({offset}\)|z(?!{_LETTER})|\(?[a-z]+/[a-z_/]+\)?|{names}"
    end = rf"\s?{to}\s?{clock(2)}(?:\s?(?P<late_zone>{zone}))?"
    return re.compile(rf"(?<![\d:./\-+]){clock(1)}{tail}?(?:\s?(?P<zone>{zone}))?(?:{end})?(?![\d:])")


@cache
def _zones() -> str:
    return "(?:" + "|".join(name for name in date_words()["zones"] if len(name) > 1) + ")"


@cache
def _around() -> frozenset[str]:
    words = date_words()
    return frozenset(word for text in (words["around"], words["to"]) for word in re.findall(rf"{_LETTER}+", tidy(text)))


def has_shape(text: str) -> bool:
    """Whether a text may be a day in words, by its length, its numbers and how few words stand in it."""
    # What holds a hashtag is a caption, and a word that ends in figures a handle: no language need be asked for them.
    is_short = len(text) <= LONGEST and "#" not in text and not _HANDLE.fullmatch(text)
    return is_short and any(map(str.isdigit, text)) and len(re.findall(rf"{_LETTER}+", text)) <= 9


def read_written(text: str, locale: str, order: str) -> Written | None:
    """What a text says in a language; of a range its start. None where it says no day, or more than one thing.

    >>> read_written("5 de marzo de 2026 18:30", "es", "dmy")
    Written(year=2026, month=3, day=5, clock=Clock(time=datetime.time(18, 30), zone=None, tail=None))
    """
    names, plain = names_of(locale), tidy(text)
    if _RELATIVE.search(plain):
        return None
    if (whole := _read(plain, names, order)) is not None:
        return whole
    return _start_of_range(plain, names, order)


def _start_of_range(text: str, names: Names, order: str) -> Written | None:
    """The start of two days, of which the first may leave to the second what both share."""
    to = "|".join(date_words()["to"].split())
    for match in re.finditer(rf"\s(?:{_DASH}|{to})\s|[→\u2013\u2014~]", text):
        first, second = text[: match.start()].strip(), _read(text[match.end() :].strip(), names, order)
        if second is None:
            continue
        if (start := _read(first, names, order)) is None:
            if not re.fullmatch(r"\d{1,2}\.?", first):
                continue
            start = second._replace(day=int(first.rstrip(".")), clock=None)
        if start.year is None and second.year is not None:
            is_over_new_year = (start.month, start.day) > (second.month, second.day)
            start = start._replace(year=second.year - is_over_new_year)
        return start
    return None


def _read(text: str, names: Names, order: str) -> Written | None:
    clock, rest = None, text
    if (in_numbers := numeric(text)) is not None:
        # The date first, since its numbers might be those of a clock.
        rest = text[: in_numbers.start()] + " " + text[in_numbers.end() :]
        rest = re.sub(r"^[\s,;t]+(?=\d)", " ", rest)
    for match in names.clock.finditer(rest):
        if (clock := _clock(match, rest, names, is_alone=in_numbers is not None)) is not None:
            rest = rest[: match.start()] + " " + rest[match.end() :]
            break
    if in_numbers is not None:
        day = date_in(in_numbers.group(1, 2, 3), order, names)
        is_bare = not re.search(r"\d", rest) and _is_around(names.names.sub(" ", rest), names)
        return day._replace(clock=clock) if day is not None and is_bare else None
    day = _day_in_words(rest, names)
    return day and day._replace(clock=clock)


def numeric(text: str) -> re.Match[str] | None:
    """The full date in numbers that a text holds; three short numbers with stops may be a clock unless they lead."""
    for match in NUMERIC.finditer(text):
        is_short = max(map(len, match.group(1, 2, 3))) <= 2
        if not (is_short and match.start() and "." in match[0]) and not (len(match[1]) == 3 or len(match[3]) == 3):
            return match
    return None


def date_in(numbers: tuple[str, ...], order: str, names: Names | None = None) -> Written | None:
    """Three numbers as a day in an order; a year of four digits outweighs it, one of two is of this century."""
    first, second, third = numbers
    places = {"dmy": (third, second, first), "mdy": (third, first, second), "ymd": (first, second, third)}
    year, month, day = map(int, places["ymd" if len(first) > 2 else order])
    length = len(places["ymd" if len(first) > 2 else order][0])
    if length == 1:
        return None
    if names is not None and names.is_buddhist and year > 2400:
        year -= BUDDHIST
    try:
        date = dt.date(year + (2000 if length == 2 else 0), month, day)
    except ValueError:
        return None
    return Written(date.year, date.month, date.day)


def _is_around(text: str, names: Names) -> bool:
    """Whether nothing stands in a text but the small words that stand around dates."""
    return all(word in _around() or word in names.others for word in re.findall(rf"{_LETTER}+", text))


def _clock(match: re.Match[str], text: str, names: Names, *, is_alone: bool) -> Clock | None:
    """A time of day; a bare number is one only where it cannot be anything else."""
    ahead = re.search(rf"({_LETTER}+)\.?\s*$", text[: match.start()])
    is_named = any(match[name] for name in ("before1", "after1", "sign1", "minute1"))
    is_named |= bool(match["hour2"] and any(match[name] for name in ("before2", "after2", "minute2")))
    hour, minute, second = _hour(match, names), int(match["minute1"] or 0), int(match["second1"] or 0)
    if not (is_named or is_alone or (ahead and ahead[1] in _AT)) or not (hour < 24 and minute < 60 and second < 60):
        return None
    time, tail, zone = (
        dt.time(hour, minute, second),
        match["tail"] or match["apart"],
        match["zone"] or match["late_zone"],
    )
    if tail and re.fullmatch(r"[-\u2212]\d{1,2}(?::\d{2})?", tail) and not match["second1"]:
        return Clock(time, zone, tail)
    zone = tail or zone
    return Clock(time, zone) if zone is None or zone_of(zone) is not None else None


def _hour(match: re.Match[str], names: Names) -> int:
    """The hour from 0 to 23, in the half of the day that it names; more where it is none."""
    hour = int(match["hour1"])
    first, second = match["before1"] or match["after1"], match["before2"] or match["after2"]
    if first is not None:
        is_later = names.halves[first.rstrip(".")]
        return hour % 12 + 12 * is_later if hour <= 12 else hour if is_later else 24
    if second is not None and match["hour2"]:
        # `6-7 pm` is in the evening, `11-1 pm` starts before noon.
        is_later = names.halves[second.rstrip(".")]
        return hour % 12 + 12 * (is_later if hour % 12 <= int(match["hour2"]) % 12 else not is_later)
    return hour


def _day_in_words(text: str, names: Names) -> Written | None:
    matches = list(names.names.finditer(text))
    rest = names.names.sub(" ", text)
    words = [match[0].rstrip(".") for match in matches]
    months = [word for word in words if word in names.months]
    # `mar` is a day of the week beside another month.
    certain = [word for word in months if word not in names.weekdays] or months[:1]
    if len(certain) != 1 or any(word not in names.weekdays for word in words if word != certain[0]):
        return None
    month, place = names.months[certain[0]], next(m for m in matches if m[0].rstrip(".") == certain[0]).start()
    short_year = re.fullmatch(
        r"\D{0,12}\d{1,2}[\s\-./]+(\d{2})\D?", text[:place] + " " + text[place + len(certain[0]) :]
    )
    rest = re.sub(rf"(?<=\d)(?:st|nd|rd|th|er|ere|re|e|o|a|º|ª|'a)(?!{_LETTER})", "", rest)
    if not _is_around(rest, names):
        return None
    # Of days with a dash between them, the first.
    rest = re.sub(rf"(\d{{1,2}})\.?\s?(?:{_DASH})\s?\d{{1,2}}(?!\d)", r"\1", rest) if not short_year else rest
    numbers = re.findall(r"\d+", rest)
    years = [int(n) for n in numbers if len(n) == 4]
    days = [int(n) for n in numbers if len(n) <= 2]
    if short_year and len(days) == 2 and not years:
        years, days = [2000 + days[1]], days[:1]
    if len(days) != 1 or len(years) > 1 or len(years) + len(days) != len(numbers):
        return None
    year = years[0] - (BUDDHIST if names.is_buddhist and years[0] > 2400 else 0) if years else None
    try:
        dt.date(year or 2024, month, days[0])
    except ValueError:
        return None
    return Written(year, month, days[0])
