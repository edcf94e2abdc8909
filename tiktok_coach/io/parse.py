"""Columns of texts as numbers, shares, lengths of time, flags, and what the ids and links of videos tell.

Whatever cannot be told from one cell is decided from the whole column, never cell by cell. Nothing here opens a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from tiktok_coach.core.schema import SECONDS, Column
from tiktok_coach.io.files.decoding import FALSE, MISSING, TRUE

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
_COUNT = re.compile(r"^([+-]?)(\d[\d.,]*)([kmb]|mil|mio|tsd|rb|jt|tr|万|萬|億|천|만)?\.?$", re.IGNORECASE)
_SUFFIXES = {1e3: "k tsd mil rb 천", 1e4: "万 萬 만", 1e6: "m mio jt tr", 1e8: "億", 1e9: "b"}
_FACTORS = {suffix: factor for factor, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
_UNITS = re.compile(r"(?i)^(?:(\d+)\s*h)?:?\s*(?:(\d+)\s*m(?:in)?)?:?\s*(?:(\d+(?:[.,]\d+)?)\s*s(?:ec|ek)?\.?)?$")
_CLOCK = re.compile(r"^(?:(\d+):)?(\d+):(\d{1,2}(?:[.,]\d+)?)$")
_PLAIN = re.compile(r"^[+-]?\d[\d.,]*$")
# Above this a float no longer holds every whole number, and no count of people comes near it.
MOST_COUNT = 2**53
# The id and the handle in a link; short links (`vm.tiktok.com/...`) have no id.
LINK = r"(?i)/(?:video|photo|v|item)/(\d{15,20})"
HANDLE = r"(?i)tiktok\.com/@([^/?#\s]+)"


class Parsed(NamedTuple):
    """A column of numbers: `values` (float, NaN where missing), `bad` (a text that is none), of counts `rounded`."""

    values: pd.Series
    bad: pd.Series
    rounded: pd.Series | None = None


def missing(texts: pd.Series) -> pd.Series:
    """Where a cell says, in one of the usual ways, that it holds nothing."""
    codes, distinct = pd.factorize(texts)
    return pd.Series(_nothing(distinct)[codes], index=texts.index)


def _nothing(distinct: Iterable[object]) -> np.ndarray:
    """Which of the distinct texts of a column hold nothing; a missing one, whose code is -1, does."""
    return np.array([*(str(text).strip().casefold() in MISSING for text in distinct), True], dtype=bool)


def _apply(texts: pd.Series, read: Callable[[str], float | None]) -> Parsed:
    """Each distinct text read once."""
    codes, distinct = pd.factorize(texts)
    numbers = np.array([*(read(str(text)) for text in distinct), None], dtype="float64")[codes]
    absent = _nothing(distinct)[codes]
    values = pd.Series(np.where(absent, np.nan, numbers), index=texts.index)
    return Parsed(values, values.isna() & ~absent)


def decimal_mark(texts: pd.Series, *, whole: bool) -> str:
    """Which of `.` and `,` parts whole and fraction in a column.

    A mark before anything but three digits does, and so does the last of two different marks. Where every mark stands
    before three digits, it groups the thousands of numbers that are `whole`.
    """
    fraction, grouped = set(), set()
    for text in pd.unique(texts.dropna()):
        number = _SPACES.sub("", str(text)).rstrip("%sSkKmM")
        marks, tail = re.findall("[.,]", number), re.split("[.,]", number)[-1]
        if len(set(marks)) == 2 or (len(marks) == 1 and (len(tail) != 3 or number.startswith("0"))):
            fraction.add(marks[-1])
        if len(marks) > 1:
            grouped.add(marks[0])
    if fraction:
        return "." if "." in fraction else ","
    return "," if "." in grouped else "." if grouped or not whole else "none"


def parse_counts(texts: pd.Series) -> Parsed:
    """Counts: `1,234`, `1.234`, `1 234`, `1.2K`, `1,2 K`, `304.9K`; rounded where a K or an M shows it.

    >>> parse_counts(pd.Series(["1.234", "1,2 K", "undefined"])).values.tolist()
    [1234.0, 1200.0, nan]
    """
    is_abbreviated = texts.fillna("").str.contains(r"[A-Za-z万萬億천만]", regex=True)
    mark = decimal_mark(texts[~is_abbreviated], whole=True)

    def read(text: str) -> float | None:
        match = _COUNT.match(_SPACES.sub("", text))
        if match is None or (match[3] and len(re.findall("[.,]", match[2])) > 1):
            return None
        sign, digits, suffix = match.groups()
        value = float(digits.replace(",", ".")) * _FACTORS[suffix.casefold()] if suffix else _float(digits, mark)
        if value is None or value > MOST_COUNT:
            return None
        value = round(value) if suffix else value
        return -value if sign == "-" else value

    parsed = _apply(texts, read)
    return Parsed(parsed.values, parsed.bad, is_abbreviated & parsed.values.notna())


def _float(digits: str, mark: str) -> float | None:
    grouping = {".": ",", ",": "."}.get(mark, ".,")
    number = digits.translate(str.maketrans("", "", grouping)).replace(mark, ".")
    try:
        return float(number)
    except ValueError:
        return None


def parse_numbers(texts: pd.Series) -> Parsed:
    """Numbers that may have a fraction: `12.5`, `12,5`, `30 fps` is none."""
    mark = decimal_mark(texts, whole=False)

    def read(text: str) -> float | None:
        number = _SPACES.sub("", text)
        if not _PLAIN.match(number):
            return _scientific(number)
        value = _float(number.lstrip("+-"), mark)
        return -value if value and number.startswith("-") else value

    return _apply(texts, read)


def _scientific(number: str) -> float | None:
    return float(number) if re.match(r"^[+-]?\d+(\.\d+)?e[+-]?\d{1,3}$", number, re.IGNORECASE) else None


def parse_durations(texts: pd.Series, unit: str | None = None) -> Parsed:
    """Lengths of time in seconds: `0:12`, `1:02:03`, `0h:04m:38s`, `3.4s`, `12,5 s`, `12.5`; bare numbers in `unit`."""
    factor = SECONDS[unit or "s"]

    def read(text: str) -> float | None:
        stripped = text.strip()
        match = _CLOCK.match(stripped) or _UNITS.match(stripped)
        if match and any(match.groups()):
            hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.groups())
            return hours * 3600 + minutes * 60 + seconds
        number = _SPACES.sub("", stripped)
        if _PLAIN.match(number) and len(re.findall("[.,]", number)) <= 1:
            return _scaled(float(number.replace(",", ".")), factor)
        bare = _scientific(number)
        return None if bare is None else _scaled(bare, factor)

    return _apply(texts, read)


def _scaled(value: float, factor: float) -> float:
    return value if factor == 1 else round(value * factor, 9)


def parse_shares(texts: pd.Series, unit: str | None = None) -> Parsed:
    """Shares as 0-1: `38%`, `46.13%`, `0.38`; a column with a percent sign or a value above 1 is in percent.

    `unit` says it outright where it is known: `%` or `share`; what bears a sign is in percent all the same.

    >>> [parse_shares(pd.Series(texts)).values.tolist() for texts in (["38", "0.3"], ["0.38", "0.3"])]
    [[0.38, 0.003], [0.38, 0.3]]
    """
    has_sign = texts.fillna("").str.contains("[%٪]", regex=True)
    numbers = parse_numbers(texts.str.replace("[%٪]", "", regex=True))
    percent = unit == "%" if unit else bool(has_sign.any() or (numbers.values > 1).any())
    hundredth = (numbers.values / 100).round(12)
    return Parsed(hundredth if percent else hundredth.where(has_sign, numbers.values), numbers.bad)


def parse_flags(texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Yes and no in several languages as nullable booleans, and where a text is neither."""
    plain = texts.fillna("").str.strip().str.casefold()
    flags = plain.isin(TRUE).astype("boolean").where(plain.isin(TRUE | FALSE))
    return flags, flags.isna() & ~missing(texts)


def parse_column(texts: pd.Series, spec: Column, unit: str | None = None) -> Parsed:
    """A column's values in its own type, where a text could not be read, and where a count is rounded.

    `unit` is that of bare numbers where it is known: one of `units_of` the column.
    """
    if spec.kind == "count":
        counts, bad, rounded = parse_counts(texts)
        return Parsed(counts.round().astype("Int64"), bad, rounded)
    if spec.kind == "share":
        return parse_shares(texts, unit)
    if spec.kind == "number":
        return parse_durations(texts, unit) if spec.unit == "s" else parse_numbers(texts)
    if spec.kind == "flag":
        return Parsed(*parse_flags(texts))
    if spec.name in {"caption", "title"}:
        return Parsed(texts, texts.isna() & False)
    if spec.choices:
        plain = texts.str.strip().str.casefold().str.replace(r"[\s-]+", "_", regex=True)
        bad = ~missing(texts) & ~plain.isin(spec.choices)
        return Parsed(plain.where(plain.isin(spec.choices)), bad)
    absent = missing(texts)
    if spec.kind == "label":
        return Parsed(texts.where(~absent).astype("category"), absent & False)
    if spec.name == "effects":
        absent &= texts.fillna("").str.strip().str.casefold() != "none"
    return Parsed(texts.str.strip().where(~absent), absent & False)


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
    numeric = ids.fillna("").str.fullmatch(r"\d{15,19}").to_numpy(dtype=bool)
    values = ids.where(numeric, "0").astype("uint64").to_numpy()
    seconds = (values >> np.uint64(32)).astype("int64")
    times = pd.Series(pd.to_datetime(seconds, unit="s", utc=True).as_unit("us"), index=ids.index)
    is_possible = numeric & times.between("2014-01-01", "2100-01-01", inclusive="left")
    return times.where(is_possible).astype("datetime64[us, UTC]")
