"""Numbers as exports and people write them: grouped, abbreviated, in percent, as a length of time.

Whatever cannot be told from one cell is decided from the whole column, never cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

MISSING = frozenset({"", "-", "--", "—", "–", "n/a", "na", "nan", "undefined", "null", "none", "n/d", "#n/a"})
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
_COUNT = re.compile(r"^([+-]?)(\d[\d.,]*)([kmb]|mil|mio|tsd|rb|jt|tr|万|萬|億|천|만)?\.?$", re.IGNORECASE)
_FACTORS = {
    "k": 1e3,
    "tsd": 1e3,
    "mil": 1e3,
    "rb": 1e3,
    "천": 1e3,
    "m": 1e6,
    "mio": 1e6,
    "jt": 1e6,
    "tr": 1e6,
    "b": 1e9,
    "万": 1e4,
    "萬": 1e4,
    "만": 1e4,
    "億": 1e8,
}
_UNITS = re.compile(
    r"^(?:(\d+)\s*h)?:?\s*(?:(\d+)\s*m(?:in)?)?:?\s*(?:(\d+(?:[.,]\d+)?)\s*s(?:ec|ek)?\.?)?$", re.IGNORECASE
)
_CLOCK = re.compile(r"^(?:(\d+):)?(\d+):(\d{1,2}(?:[.,]\d+)?)$")
_PLAIN = re.compile(r"^[+-]?\d[\d.,]*$")
# Above this a float no longer holds every whole number, and no count of people comes near it.
MOST_COUNT = 2**53
TRUE = frozenset({"yes", "true", "1", "y", "on", "ja", "oui", "si", "sí", "sim", "tak", "да", "はい", "evet"})
FALSE = frozenset({"no", "false", "0", "n", "off", "nej", "nein", "non", "não", "nao", "nie", "нет", "いいえ", "hayır"})


@dataclass(frozen=True)
class Parsed:
    """A column of numbers: `values` (float, NaN where missing), `bad` (a text that is no number), `rounded`."""

    values: pd.Series
    bad: pd.Series
    rounded: pd.Series


def missing(texts: pd.Series) -> pd.Series:
    """Where a cell says, in one of the usual ways, that it holds nothing."""
    import pandas as pd

    codes, distinct = pd.factorize(texts)
    return pd.Series(_nothing(distinct)[codes], index=texts.index)


def _nothing(distinct: Iterable[object]) -> np.ndarray:
    """Which of the distinct texts of a column hold nothing; a missing one, whose code is -1, does."""
    return np.array([*(str(text).strip().casefold() in MISSING for text in distinct), True], dtype=bool)


def _apply(texts: pd.Series, read: object) -> Parsed:
    """Read each distinct text once."""
    import pandas as pd

    codes, distinct = pd.factorize(texts)
    read_one = read  # a function of one text, giving (value, rounded) or None
    results = [read_one(str(text)) for text in distinct]  # type: ignore[operator]
    values = np.array([r[0] if r else np.nan for r in results] + [np.nan], dtype="float64")
    rounded = np.array([bool(r and r[1]) for r in results] + [False], dtype=bool)
    absent = _nothing(distinct)[codes]
    picked = pd.Series(np.where(absent, np.nan, values[codes]), index=texts.index)
    bad = pd.Series(~absent & np.isnan(picked.to_numpy()), index=texts.index)
    return Parsed(picked, bad, pd.Series(rounded[codes] & ~absent, index=texts.index))


def decimal_mark(texts: pd.Series, *, whole: bool) -> str:
    """Which of `.` and `,` parts whole and fraction in a column.

    A mark before anything but three digits parts a fraction, and so does the last of two different marks.
    Of a column in which every mark stands before three digits, `whole` says that its numbers are whole, so that
    the mark groups thousands.
    """
    import pandas as pd

    fraction = {".": False, ",": False}
    grouped = {".": False, ",": False}
    for text in pd.unique(texts.dropna()):
        number = _SPACES.sub("", str(text)).rstrip("%sSkKmM")
        marks = [c for c in number if c in ".,"]
        if not marks:
            continue
        last, tail = marks[-1], re.split(r"[.,]", number)[-1]
        if len(set(marks)) == 2 or (len(marks) == 1 and (len(tail) != 3 or number.startswith("0"))):
            fraction[last] = True
        if len(marks) > 1:
            grouped[marks[0]] = True
    if fraction[","] and not fraction["."]:
        return ","
    if fraction["."]:
        return "."
    if grouped["."]:
        return ","
    if grouped[","] or not whole:
        return "."
    return "none"


def parse_counts(texts: pd.Series) -> Parsed:
    """Counts: `1,234`, `1.234`, `1 234`, `1.2K`, `1,2 K`, `304.9K`; rounded where a K or an M shows it.

    >>> import pandas as pd
    >>> parse_counts(pd.Series(["1.234", "1,2 K", "undefined"])).values.tolist()
    [1234.0, 1200.0, nan]
    """
    plain = texts[~texts.fillna("").str.contains(r"[A-Za-z万萬億천만]", regex=True)]
    mark = decimal_mark(plain, whole=True)

    def read(text: str) -> tuple[float, bool] | None:
        found = _COUNT.match(_SPACES.sub("", text))
        if not found:
            return None
        sign, digits, suffix = found.groups()
        if suffix:
            if len(re.findall("[.,]", digits)) > 1:
                return None
            value: float | None = float(digits.replace(",", ".")) * _FACTORS[suffix.casefold()]
        else:
            value = _float(digits, mark)
        if value is None or value > MOST_COUNT:
            return None
        return round(value) * (-1 if sign == "-" else 1) if suffix else (-value if sign == "-" else value), bool(suffix)

    return _apply(texts, read)


def _float(digits: str, mark: str) -> float | None:
    other = {".": ",", ",": "."}.get(mark)
    if mark == "none":
        number = digits.replace(".", "").replace(",", "")
    else:
        number = digits.replace(other or "", "").replace(mark, ".")
    try:
        return float(number)
    except ValueError:
        return None


def parse_numbers(texts: pd.Series) -> Parsed:
    """Numbers that may have a fraction: `12.5`, `12,5`, `30 fps` is none."""
    mark = decimal_mark(texts, whole=False)

    def read(text: str) -> tuple[float, bool] | None:
        number = _SPACES.sub("", text)
        value = _float(number.lstrip("+-"), mark) if _PLAIN.match(number) else _scientific(number)
        return None if value is None else (-value if number.startswith("-") else value, False)

    return _apply(texts, read)


def _scientific(number: str) -> float | None:
    return float(number) if re.match(r"^[+-]?\d+(\.\d+)?e[+-]?\d{1,3}$", number, re.IGNORECASE) else None


def parse_durations(texts: pd.Series) -> Parsed:
    """Lengths of time in seconds: `0:12`, `1:02:03`, `0h:04m:38s`, `3.4s`, `12,5 s`, `12.5`.

    >>> import pandas as pd
    >>> parse_durations(pd.Series(["0h:04m:38s", "01:05", "12,5 s"])).values.tolist()
    [278.0, 65.0, 12.5]
    """

    def read(text: str) -> tuple[float, bool] | None:
        stripped = text.strip()
        if clock := _CLOCK.match(stripped):
            hours, minutes, seconds = clock.groups()
            return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", ".")), False
        if stripped and (units := _UNITS.match(stripped)) and any(units.groups()):
            hours, minutes, seconds = units.groups()
            return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float((seconds or "0").replace(",", ".")), False
        number = _SPACES.sub("", stripped)
        if not _PLAIN.match(number) or len(re.findall("[.,]", number)) > 1:
            scientific = _scientific(number)
            return None if scientific is None else (scientific, False)
        return float(number.replace(",", ".")), False

    return _apply(texts, read)


def parse_shares(texts: pd.Series, *, percent: bool | None = None) -> Parsed:
    """Shares as 0-1: `38%`, `46.13%`, `0.38`; a column with a percent sign or a value above 1 is in percent.

    `percent` says it outright where the source is known; what bears a sign is in percent all the same, as a spreadsheet
    shows shares.

    >>> import pandas as pd
    >>> parse_shares(pd.Series(["38%", "0.3%"])).values.tolist()
    [0.38, 0.003]
    >>> parse_shares(pd.Series(["38", "0.3"])).values.tolist()
    [0.38, 0.003]
    >>> parse_shares(pd.Series(["0.38", "0.003"])).values.tolist()
    [0.38, 0.003]
    >>> parse_shares(pd.Series(["38 %", "0.3"]), percent=False).values.tolist()
    [0.38, 0.3]
    """
    signed = texts.fillna("").str.contains("[%٪]", regex=True)
    numbers = parse_numbers(texts.str.replace("[%٪]", "", regex=True))
    if percent is None:
        percent = bool(signed.any() or (numbers.values > 1).any())
    hundredth = (numbers.values / 100).round(12)
    return Parsed(hundredth if percent else hundredth.where(signed, numbers.values), numbers.bad, numbers.rounded)


def parse_flags(texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Yes and no in several languages as nullable booleans, and where a text is neither."""
    import pandas as pd

    plain = texts.fillna("").str.strip().str.casefold()
    flags = pd.Series(pd.NA, index=texts.index, dtype="boolean")
    flags[plain.isin(TRUE)] = True
    flags[plain.isin(FALSE)] = False
    return flags, flags.isna() & ~missing(texts)
