"""Columns of texts as numbers, shares, lengths of time, flags, and what the ids and links of videos tell.

Whatever cannot be told from one cell is decided from the whole column, never cell by cell. Nothing here opens a file.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import compress, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from tiktok_coach.core.captions import arrow_text
from tiktok_coach.core.schema import COUNTED_IN, NONE_IS_KNOWN, SECONDS, Column
from tiktok_coach.core.translation import _
from tiktok_coach.io.columns.names import words
from tiktok_coach.io.files.decoding import FALSE, MISSING, TRUE
from tiktok_coach.io.marks import Doubt, Languages, bare, decimal_of, factors_of

# Spaces, apostrophes and marks of direction.
_SPACES = re.compile("[\\s'\u2019\u2018\u02bc\u00b4`\u200b-\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]+")
# What other scripts write for the marks of numbers.
_MARKS = str.maketrans("\u066b\u066c\u060c\uff0c\uff0e\uff05\u066a\u2212\uff0d\uff0b\uff1a", ".',,.%%--+:")
_NUMBER = re.compile(r"([+-]?)(\d[\d.,_]*)(e[+-]?\d{1,3})?(\D*)", re.IGNORECASE)
_PREFIX = re.compile(r"([^\d.,+-]+)(\d[\d.,_]*)")
_GROUPS = re.compile(r"\d{1,3}([.,_])\d{3}(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}|\d+")
_DIGITS = "[0-9]{1,15}"
_PLAIN = re.compile(r"[+-]?\d[\d.,]*")
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2}(?:[.,]\d+)?)")
_PRIMES = re.compile("()(?:(\\d+)[\u2032'\u2019])?(?:(\\d+(?:[.,]\\d+)?)(?:\u2033|\"|''|\u2032\u2032|\u201d))?")
_ISO = re.compile(r"P(?:0+D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?", re.IGNORECASE)
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\d,:]+?)[\s,:]*(?=\d|$)")
# From here on TikTok rounds counts to three digits where it rounds, by no more than this share of them.
LARGE, MOST_ROUNDED = 10_000, 0.05
# Above this a float no longer holds every whole number, and no count of people comes near it.
MOST_COUNT = 2**53
# Between these, the ids of posts tell when they were uploaded.
FIRST_UPLOAD, LAST_UPLOAD = np.datetime64("2014-01-01"), np.datetime64("2100-01-01")
# The id and the handle in a link; short links (`vm.tiktok.com/...`) have no id.
LINK = r"(?i)/(?:video|photo|v|item)/(\d{15,20})"
HANDLE = r"(?i)tiktok\.com/@([^/?#\s]+)"


class Parsed(NamedTuple):
    """A column of numbers: `values` (float, NaN where missing), `bad` (a text that is none), of counts `rounded`.

    `is_bare` tells numbers that bear no sign of their unit, `doubt` why the column cannot be read for sure.
    """

    values: pd.Series
    bad: pd.Series
    rounded: pd.Series | None = None
    is_bare: pd.Series | None = None
    doubt: Doubt | None = None


class _Number(NamedTuple):
    """A number as it is written: its sign, its digits with their marks (`_` for a space), an exponent, and a word."""

    sign: str
    digits: str
    exponent: str = ""
    word: str = ""

    @property
    def marks(self) -> list[str]:
        return re.findall("[.,]", self.digits)


def no_languages() -> Languages:
    """The languages of a sheet of which nothing is known."""
    return Languages()


def missing(texts: pd.Series) -> pd.Series:
    """Where a cell says, in one of the usual ways, that it holds nothing."""
    codes, distinct = texts.array.factorize()
    return pd.Series(_nothing(distinct)[codes], index=texts.index)


def _nothing(distinct: Iterable[object]) -> np.ndarray:
    """Which of the distinct texts of a column hold nothing; a missing one, whose code is -1, does."""
    return np.array([*(str(text).strip().casefold() in MISSING for text in distinct), True], dtype=bool)


def _nowhere(texts: pd.Series) -> pd.Series:
    return pd.Series(np.zeros(len(texts), dtype=bool), index=texts.index)


def _among(texts: pd.Series, some: set[str]) -> pd.Series:
    """Where a text is one of `some`, of which there mostly are none."""
    return texts.isin(some) if some else _nowhere(texts)


def _apply(texts: pd.Series, read: Callable[[list[str]], Sequence[float | None]]) -> tuple[pd.Series, pd.Series]:
    """The values of texts, of which `read` takes the distinct ones that are no digits; and where it gives none."""
    # In Arrow and NumPy, since files of one post pay more for making a Series than for all that is done with it.
    codes, distinct = texts.array.factorize()
    forms = arrow_text(distinct)
    values, absent = np.full(len(forms) + 1, np.nan), np.ones(len(forms) + 1, dtype=bool)
    is_plain = pc.match_substring_regex(forms, f"^{_DIGITS}$")
    plain = np.asarray(is_plain, dtype=bool)
    values[:-1][plain], absent[:-1][plain] = forms.filter(is_plain).cast("int64"), False
    if not plain.all():
        others = (~plain).nonzero()[0]
        rest = forms.filter(pc.invert(is_plain)).to_pylist()
        absent[others] = _nothing(rest)[:-1]
        is_filled = ~absent[others]
        values[others[is_filled]] = read(list(compress(rest, is_filled)))
    bad = np.isnan(values) & ~absent
    return pd.Series(values[codes], index=texts.index), pd.Series(bad[codes], index=texts.index)


def numeral(text: str) -> str:
    """A text with the digits 0-9 and ASCII's marks, without spaces and apostrophes; `_` for those within a number.

    >>> numeral("1\u2019234"), numeral("\u0661\u0662\u066b\u0665 %")
    ('1_234', '12.5%')
    """
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text.translate(_MARKS))
    return re.sub(r"(?<=\d)_+(?!\d)|(?<!\d)_+", "", _SPACES.sub("_", text.replace("_", "?")))


def _number(text: str) -> _Number | None:
    plain = numeral(text)
    if match := _NUMBER.fullmatch(plain):
        return _Number(match[1], match[2], match[3] or "", match[4])
    match = _PREFIX.fullmatch(plain)
    return _Number("", match[2], word=match[1]) if match else None


def _decimal_mark(numbers: Iterable[str], *, whole: bool) -> str:
    """Which of `.` and `,` parts whole and fraction in a column: "" where none does, `.,` where both do.

    A mark before anything but three digits does, and so does the last of two different marks. Where every mark stands
    before three digits, it groups the thousands of numbers that are `whole`, and parts others.
    """
    fraction, single, grouped = set[str](), set[str](), set[str]()
    for number in numbers:
        if marks := re.findall("[.,]", number):
            last, tail = marks[-1], re.split("[.,]", number)[-1]
            is_fraction = len(tail) != 3 or number[0] == "0" or "_" in number or len(number) > 7
            if len(set(marks)) == 2 or (len(marks) == 1 and is_fraction):
                fraction.add(last)
            (grouped if len(marks) > 1 else single).add(marks[0])
    if not fraction and not whole:
        fraction = single - grouped
    return "".join(sorted(fraction, reverse=True))


def _float(digits: str, mark: str) -> float | None:
    """A number with a decimal mark; None where its other marks do not group its digits."""
    whole, fraction = digits, ""
    if mark and mark in digits:
        whole, _mark, fraction = digits.rpartition(mark)
    if not _GROUPS.fullmatch(whole) or (fraction and not fraction.isdigit()):
        return None
    return float(f"{re.sub('[.,_]', '', whole)}.{fraction or 0}")


def _two_marks() -> Doubt:
    problem = _("its numbers have fractions behind a point in some cells, and behind a comma in others")
    return Doubt(problem, _("write all of them in one way"))


def parse_counts(
    texts: pd.Series, unit: str | None = None, languages: Callable[[], Languages] = no_languages
) -> Parsed:
    """Counts: `1,234`, `1.234`, `1 234`, `1.2K`, `1,2 K`, `12,5 B`; rounded where a K or an M shows it.

    `unit` is what bare numbers are counted in: `1`, `K` or `M`. A fraction is no count.

    >>> parse_counts(pd.Series(["1.234", "1,2 K", "undefined"])).values.tolist()
    [1234.0, 1200.0, nan]
    """
    times = COUNTED_IN[unit or "1"]
    doubts: list[Doubt] = []
    rounded: set[str] = set()

    def read(distinct: list[str]) -> list[float | None]:
        numbers = [_number(text) for text in distinct]
        named = [number for number in numbers if number is not None and (number.word or number.exponent)]
        plain = [number.digits for number in numbers if number is not None and not (number.word or number.exponent)]
        mark = _decimal_mark(plain, whole=times == 1)
        doubts.extend([_two_marks()] if len(mark) > 1 else [])
        decimals = {mark for number in named for mark in number.marks}
        known = {bare(number.word) for number in named} - {""}
        factors, doubt = factors_of(known, languages, decimals)
        doubts.extend([doubt] if doubt else [])

        def value(number: _Number | None, text: str) -> float | None:
            if number is None:
                return None
            if not number.word and not number.exponent:
                result = _float(number.digits, mark)
                factor: float | None = times
            else:
                factor = factors.get(bare(number.word)) if number.word else 1
                marks = "".join(number.marks)
                result = _scientific(number) if number.exponent or len(marks) > 1 else _float(number.digits, marks)
            if result is None or factor is None or result * factor > MOST_COUNT:
                return None
            if number.word or number.exponent or times != 1:
                rounded.add(text)
                result = float(round(result * factor))
            return (-result if number.sign == "-" else result) if result == round(result) else None

        return [value(number, text) for number, text in zip(numbers, distinct, strict=True)]

    values, bad = _apply(texts, read)
    if times != 1:
        # Those of digits alone were not read one by one.
        is_plain = texts.str.fullmatch(_DIGITS).fillna(value=False).astype(bool)
        values = values.mask(is_plain, values * times)
        return Parsed(values, bad, values.notna(), doubt=next(iter(doubts), None))
    return Parsed(values, bad, _among(texts, rounded), doubt=next(iter(doubts), None))


def parse_numbers(texts: pd.Series, *, whole: bool = False) -> Parsed:
    """Numbers that may have a fraction: `12.5`, `12,5`, `30 fps` is none; of `whole` ones `1.080` is 1080."""
    doubts: list[Doubt] = []

    def read(distinct: list[str]) -> list[float | None]:
        numbers = [_number(text) for text in distinct]
        mark = _decimal_mark((n.digits for n in numbers if n and not n.word and not n.exponent), whole=whole)
        doubts.extend([_two_marks()] if len(mark) > 1 else [])
        return [None if n is None or n.word else _signed(n, mark) for n in numbers]

    values, bad = _apply(texts, read)
    return Parsed(values, bad, doubt=next(iter(doubts), None))


def _signed(number: _Number, mark: str) -> float | None:
    value = _scientific(number) if number.exponent else _float(number.digits, mark)
    return -value if value and number.sign == "-" else value


def _scientific(number: _Number) -> float | None:
    is_one = len(number.marks) < 2 and "_" not in number.digits
    return float(number.digits.replace(",", ".") + number.exponent) if is_one else None


@cache
def _units() -> dict[str, dict[str, str]]:
    """By kind of unit (`lengths`, `counts`, `shares`) words to units, in all languages."""
    content = json.loads(Path(__file__).with_name("units.json").read_text("utf-8"))
    return {
        kind: {_word(name): unit for unit, names in units.items() for name in names.split(" | ")}
        for kind, units in content.items()
    }


def _word(text: str) -> str:
    return "".join(words(text)) or text.strip()


def unit_of_word(kind: str, word: str) -> str | None:
    """The unit that a word or sign stands for, of the `kind` lengths, counts or shares; None where it is none.

    >>> unit_of_word("lengths", "Sek."), unit_of_word("lengths", "dakika"), unit_of_word("shares", "pct")
    ('s', 'min', '%')
    """
    return _units()[kind].get(_word(word))


def parse_durations(
    texts: pd.Series, unit: str | None = None, languages: Callable[[], Languages] = no_languages, *, whole: bool = False
) -> Parsed:
    """Lengths of time in seconds: `0:12`, `1:02:03`, `0h:04m:38s`, `3.4s`, `12,5 s`, `PT58S`, `1′05″`, `12.5`.

    `unit` is that of bare numbers, of `schema.SECONDS`; by `m:ss` clocks of hours and minutes are of minutes and
    seconds. Numbers that are `whole` may group their thousands.
    """
    factor = SECONDS.get(unit or "s", 1.0)
    doubts: list[Doubt] = []
    signed: set[str] = set()

    def read(distinct: list[str]) -> list[float | None]:
        values = [_length(text, is_short=unit == "m:ss") for text in distinct]
        signed.update(text for text, value in zip(distinct, values, strict=True) if value is not None)
        numbers = [_number(text) if value is None else None for text, value in zip(distinct, values, strict=True)]
        digits = [n.digits for n in numbers if n and not n.word and not n.exponent]
        mark = _decimal_mark(digits, whole=whole)
        if whole and not mark and (single := {m for text in digits for m in re.findall("[.,]", text)}):
            # A million of seconds or a fraction: only the language tells.
            marks = {decimal_of(code) for code in languages().codes}
            mark = (single & marks or {""}).pop() if len(marks) == 1 else ""
            doubts.extend([] if len(marks) == 1 else [_grouped(digits)])
        doubts.extend([_two_marks()] if len(mark) > 1 else [])
        bare_values = [None if n is None or n.word else _signed(n, mark) for n in numbers]
        return [
            value
            if value is not None
            else None
            if number is None
            else number
            if factor == 1
            else round(number * factor, 9)
            for value, number in zip(values, bare_values, strict=True)
        ]

    values, bad = _apply(texts, read)
    if factor != 1:
        is_plain = texts.str.fullmatch(_DIGITS).fillna(value=False).astype(bool)
        values = values.mask(is_plain, (values * factor).round(9))
    is_signed = _among(texts, signed)
    return Parsed(values, bad, is_bare=values.notna() & ~is_signed, doubt=next(iter(doubts), None))


def _grouped(digits: Iterable[str]) -> Doubt:
    first = next(text for text in digits if re.search("[.,]", text))
    problem = _("{text!r} may be a thousand or a fraction", text=first)
    return Doubt(problem, _("say the language of the file, such as --file-language {code}", code="en"))


def _length(text: str, *, is_short: bool) -> float | None:
    """The seconds of a text that bears its unit; None for a bare number and what is no length."""
    plain = text.strip()
    if _PLAIN.fullmatch(plain):
        return None
    if not plain.isascii():
        plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain.translate(_MARKS))
    match = next((m for form in (_CLOCK, _ISO, _PRIMES) if (m := form.fullmatch(plain)) and any(m.groups())), None)
    if match:
        hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.groups())
        if is_short and match[1] and not seconds:
            hours, minutes, seconds = 0, hours, minutes
        return hours * 3600 + minutes * 60 + seconds
    parts = _PART.findall(plain)
    if not parts or _PART.sub("", plain).strip():
        return None
    units = [unit_of_word("lengths", word) for _value, word in parts]
    sizes = [SECONDS[unit] for unit in units if unit is not None]
    # Hours stand before minutes, and those before seconds, each once.
    if len(sizes) < len(parts) or any(first <= second for first, second in pairwise(sizes)):
        return None
    amounts = (float(amount.replace(",", ".")) for amount, _word in parts)
    return round(sum(amount * size for amount, size in zip(amounts, sizes, strict=True)), 9)


def parse_shares(texts: pd.Series, unit: str | None = None) -> Parsed:
    """Shares as 0-1: `38%`, `46.13%`, `0.38`; a column with a percent sign or a value above 1 is in percent.

    `unit` says it outright where it is known: `%` or `share`; what bears a sign is in percent all the same.

    >>> [parse_shares(pd.Series(texts)).values.tolist() for texts in (["38", "0.3"], ["0.38", "0.3"])]
    [[0.38, 0.003], [0.38, 0.3]]
    """
    signed: set[str] = set()
    doubts: list[Doubt] = []

    def read(distinct: list[str]) -> list[float | None]:
        numbers = [_number(text) for text in distinct]
        has_sign = [n is not None and bool(n.word) and unit_of_word("shares", n.word) == "%" for n in numbers]
        signed.update(text for text, sign in zip(distinct, has_sign, strict=True) if sign)
        numbers = [n if sign or n is None or not n.word else None for n, sign in zip(numbers, has_sign, strict=True)]
        mark = _decimal_mark((n.digits for n in numbers if n and not n.exponent), whole=False)
        doubts.extend([_two_marks()] if len(mark) > 1 else [])
        return [None if n is None else _signed(n, mark) for n in numbers]

    values, bad = _apply(texts, read)
    is_signed = _among(texts, signed)
    in_percent = unit == "%" if unit else bool(is_signed.any() or (values > 1).any())
    hundredth = (values / 100).round(12)
    shares = hundredth if in_percent else hundredth.where(is_signed, values)
    return Parsed(shares, bad, is_bare=values.notna() & ~is_signed, doubt=next(iter(doubts), None))


def parse_flags(texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Yes and no in several languages as nullable booleans, and where a text is neither."""
    plain = texts.fillna("").str.strip().str.casefold()
    flags = plain.isin(TRUE).astype("boolean").where(plain.isin(TRUE | FALSE))
    return flags, flags.isna() & ~missing(texts)


def parse_column(
    texts: pd.Series, spec: Column, unit: str | None = None, languages: Callable[[], Languages] = no_languages
) -> Parsed:
    """A column's values in its own type, where a text could not be read, and where a count is rounded.

    `unit` is that of bare numbers where it is known: one of `units_of` the column. `languages` are those of its sheet.
    """
    if spec.kind == "count":
        counts = parse_counts(texts, unit, languages)
        return counts._replace(values=counts.values.astype("Int64"))
    if spec.kind == "share":
        return parse_shares(texts, unit)
    if spec.kind == "number":
        if spec.unit == "s":
            return parse_durations(texts, unit, languages, whole=spec.name == "total_watch_time_s")
        return parse_numbers(texts, whole=spec.unit == "px")
    if spec.kind == "flag":
        return Parsed(*parse_flags(texts))
    if spec.name in {"caption", "title"}:
        return Parsed(texts, _nowhere(texts))
    if spec.choices:
        plain = texts.str.strip().str.casefold().str.replace(r"[\s-]+", "_", regex=True)
        bad = ~missing(texts) & ~plain.isin(spec.choices)
        return Parsed(plain.where(plain.isin(spec.choices)), bad)
    absent = missing(texts)
    if spec.kind == "label":
        return Parsed(texts.where(~absent), _nowhere(texts))
    plain = texts.str.strip()
    if spec.name in NONE_IS_KNOWN:
        # A sheet that asks whether there is one is answered with no.
        plain = plain.mask(plain.str.casefold().isin(FALSE), "none")
        absent &= plain.fillna("").str.casefold() != "none"
    return Parsed(plain.where(~absent) if absent.any() else plain, _nowhere(texts))


def is_coarse(counts: pd.Series) -> pd.Series:
    """Where counts of a thousand or more have no more than three digits that are not zero at their end."""
    values = counts.to_numpy(dtype="float64", na_value=np.nan)
    return pd.Series((values >= 1000) & (_last_digit(values) * 1000 > values), index=counts.index)


def rounds(counts: pd.Series, exact: pd.Series, marked: pd.Series | None = None) -> pd.Series:
    """Where counts are a rounded form of others, row by row; `marked` are those that say so themselves (`402.5K`).

    >>> rounds(pd.Series([1800000.0, 22600.0, 259.0, 5000.0]), pd.Series([1776621.0, 22609.0, 260.0, 9000.0])).tolist()
    [True, True, False, False]
    """
    short, long = (values.to_numpy(dtype="float64", na_value=np.nan) for values in (counts, exact))
    apart = np.abs(short - long)
    is_near = (apart > 0) & (apart < _last_digit(short)) & (apart <= MOST_ROUNDED * long)
    is_short = is_coarse(counts) if marked is None else is_coarse(counts) | marked
    return pd.Series(is_short.to_numpy() & is_near, index=counts.index)


def _last_digit(values: np.ndarray) -> np.ndarray:
    """What the last digit of each count that is not zero stands for: 100,000 in 1,800,000; 10**15 for none."""
    steps = np.ones(len(values))
    for power in range(1, 16):
        even = values % 10**power == 0
        if not even.any():
            break
        steps[even] = 10.0**power
    return steps


def looks_rounded(counts: pd.Series) -> bool:
    """Whether all large counts of a column are as short as rounded ones, and so many that no chance made them so."""
    values = counts.to_numpy(dtype="float64", na_value=np.nan)
    large = values[values >= LARGE]
    # Each digit that is zero for want of a better one would be so by itself once in ten times.
    is_likely = bool((np.floor(np.log10(large)) - 2).sum() >= 4)
    return is_likely and bool((_last_digit(large) * 1000 > large).all())


def damaged_ids(ids: pd.Series) -> pd.Series:
    """Where a spreadsheet has turned an id into `7.65092E+18`, or has rounded it to 15 digits and zeros.

    One id in ten thousand ends in four zeros by itself, so zeros count only where most ids of the column end so.
    """
    texts = ids.fillna("")
    rounded = texts.str.fullmatch(r"\d{15}0{3,5}")
    most = bool(rounded.sum() * 2 > (texts != "").sum())
    return texts.str.fullmatch(r"\s*\d(?:[.,]\d+)?[eE]\+?\d+\s*") | (rounded & most)


def upload_times(ids: pd.Series) -> pd.Series:
    """Time of the upload: the upper 32 bits of the 64-bit id are Unix seconds, UTC.

    Missing where the id is no TikTok id, or its time lies outside 2014-2100.

    >>> upload_times(pd.Series(["7650921463263792402", "at-1"])).dt.strftime("%F %T").tolist()
    ['2026-06-13 16:42:48', nan]
    """
    texts = arrow_text(ids)
    is_numeric = pc.fill_null(pc.match_substring_regex(texts, r"^\d{15,19}$"), fill_value=False)
    seconds = np.zeros(len(texts), dtype="int64")
    seconds[np.asarray(is_numeric, dtype=bool)] = np.asarray(texts.filter(is_numeric).cast("uint64")) >> np.uint64(32)
    times = seconds.astype("datetime64[s]").astype("datetime64[us]")
    times[(times < FIRST_UPLOAD) | (times >= LAST_UPLOAD)] = np.datetime64("NaT")
    return pd.Series(times, index=ids.index).dt.tz_localize("UTC")
