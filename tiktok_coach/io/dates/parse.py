"""Full dates and times as exports write them; the order of day and month is decided from the whole column."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.timezones import parse_timezone
from tiktok_coach.core.translation import _
from tiktok_coach.io.dates.zone_names import EARLIEST, LATEST, QUARTER_HOUR, is_in_season, offset_of, zone_of

if TYPE_CHECKING:
    import pandas as pd

    from tiktok_coach.io.dates.written import Clock, Written

COMPACT = re.compile(r"^(?:19|20)\d{6}$")
PARTED = re.compile(r"^(\d{1,4})\s?[/.\-年]\s?(\d{1,2})\s?[/.\-月]\s?(\d{1,4})日?\.?(?:[,T ]+(.*))?$")
_TIME = re.compile(
    r"^(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?\s*(Z|UTC|GMT|\+\d{2}:?\d{2})?$", re.IGNORECASE
)
# Three numbers with marks between, also behind other words.
_LATER = re.compile(r"\d\s?[/.\-年년]\s?\d{1,2}\s?[/.\-月월]\s?\d")
LONGEST_DATE = 70
# No post is of another century, nor was one made before there were phones that film.
FIRST_YEAR, LAST_YEAR = 2000, 2100
# `18:30-07:00` may be a range, where no seconds stand before the dash.
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
    r"|[T ][0-9]{2}:[0-9]{2}(?:Z|\+[0-9]{2}:?[0-9]{2})?|T[0-9]{2}:[0-9]{2}-[0-9]{2}:?[0-9]{2})"
)
_UNIX = re.compile(r"^\d{10}(?:\.\d+)?$|^\d{13}$")
# What a spreadsheet keeps of a day: how many days it lies after this one.
SERIAL = r"^[3-6]\d{4}(?:[.,]\d+)?$"
_SERIAL, _SERIAL_ZERO = re.compile(SERIAL), dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet has no timezone
_IN_WORDS = re.compile(r"[^\W\d_]{2}")
LEAP_YEAR = 2024
_SHORT_DAY_AND_CLOCK = re.compile(r"^(\d{1,2})[./\-](\d{1,2})\.?(?:,?\s+(\D*\d{1,2}.*))?$")
_SHORT_DAY = re.compile(r"^(\d{1,2})[./\-](\d{1,2})\.?$")
# So many texts of a column tell its language, and so many languages may stand in one.
PROBES, LANGUAGES = 8, 3


@dataclass(eq=False, repr=False)
class UndecidedOrderError(CoachError):
    """A column whose dates may be read in two orders, such as `text`; another file, or the user, may tell which."""

    text: str = ""


def has_year(text: str) -> bool:
    """Whether a text is a date in numbers, year and all."""
    return bool(COMPACT.match(text) or PARTED.match(text))


def date_in_order(text: str, order: str) -> dt.date | None:
    """The day that the three numbers of a text name in an order; None where they name none.

    A year of four digits in front outweighs the order; one of two digits is of this century.

    >>> date_in_order("24/12/24", "dmy"), date_in_order("2024-9-9", "dmy")
    (datetime.date(2024, 12, 24), datetime.date(2024, 9, 9))
    """
    if (numbers := _numbers(text)) is None:
        return None
    first, second, third = numbers
    places = {"dmy": (third, second, first), "mdy": (third, first, second), "ymd": (first, second, third)}
    year, month, day = places["ymd" if len(first) > 2 else order]
    if len(year) == 1:
        return None
    try:
        return dt.date(int(year) + (2000 if len(year) <= 2 else 0), int(month), int(day))
    except ValueError:
        return None


def _numbers(text: str) -> tuple[str, ...] | None:
    """The three numbers of a date, wherever it stands in a text; None where it holds none."""
    if match := PARTED.match(text):
        return match.group(1, 2, 3)
    if len(text) > LONGEST_DATE or not _LATER.search(text):
        return None
    from tiktok_coach.io.dates.written import numeric

    later = numeric(text)
    return later and later.group(1, 2, 3)


def infer_order(texts: Sequence[str]) -> str | None:
    """The order that a column shows by itself: None where it holds no such dates, or where two orders fit."""
    possible = _possible_orders(_undecided([text.strip() for text in texts]))
    return possible[0] if len(possible) == 1 else None


def _undecided(texts: Sequence[str]) -> list[str]:
    """The dates whose year does not stand first, each once."""
    distinct = (text for text in dict.fromkeys(texts) if not text[:4].isdigit())
    return [text for text in distinct if (numbers := _numbers(text)) and len(numbers[0]) <= 2]


def _possible_orders(texts: Sequence[str]) -> list[str]:
    """The orders in which every text is a day; the year stands last in both."""
    return [order for order in ("dmy", "mdy") if all(date_in_order(text, order) for text in texts)]


def decide_order(texts: Sequence[str], where: str, order: str | None) -> str:
    """The order of the dates of a column; `order` says it outright.

    Raises CoachError where no one order fits all, and UndecidedOrderError where two do.
    """
    if order:
        return order
    numeric = _undecided(texts)
    days = {text: (date_in_order(text, "dmy"), date_in_order(text, "mdy")) for text in numeric}
    possible = _possible_orders(numeric)
    if all(day_first and day_first == month_first for day_first, month_first in days.values()):
        return "dmy"
    if len(possible) == 2:
        if "." in numeric[0].split(" ")[0]:
            return "dmy"
        # Rows of a daily file follow each other day by day.
        possible = [name for name in possible if _a_day_apart(texts, name)]
        if len(possible) != 1:
            text = next(text for text, (day_first, month_first) in days.items() if day_first != month_first)
            problem = _("{text!r} may be day-first or month-first, and no other date in the column helps", text=text)
            hint = _("say which with --date-order dmy or --date-order mdy")
            raise UndecidedOrderError(problem, where=where, hint=hint, text=text)
    if possible:
        _refuse_short_years(numeric, where)
        return possible[0]
    if all(date_in_order(text, "ymd") for text in numeric):
        return "ymd"
    dmy = next((text for text, (day_first, month_first) in days.items() if day_first and not month_first), None)
    mdy = next((text for text, (day_first, month_first) in days.items() if month_first and not day_first), None)
    if dmy and mdy:
        problem = _("dates are day-first in {dmy!r} and month-first in {mdy!r}", dmy=dmy, mdy=mdy)
        raise CoachError(problem, where=where, hint=_("give them one order"))
    return "mdy" if mdy else "dmy"


def _refuse_short_years(texts: Sequence[str], where: str) -> None:
    """Raise UndecidedOrderError where years of two digits may stand first, since they change less than what is last."""
    numbers = [numbers for text in texts if (numbers := _numbers(text)) and date_in_order(text, "ymd")]
    if len(numbers) == len(texts) and len({n[0] for n in numbers}) < len({n[2] for n in numbers}):
        problem = _("{text!r} may start with its day or with its year", text=texts[0])
        hint = _("say which with --date-order dmy or --date-order ymd")
        raise UndecidedOrderError(problem, where=where, hint=hint, text=texts[0])


def _a_day_apart(texts: Sequence[str], order: str) -> bool:
    days = [day for text in texts if (day := date_in_order(text, order))]
    steps = [abs((after - before).days) for before, after in pairwise(days)]
    return len(steps) > 3 and steps.count(1) >= 0.8 * len(steps)


@dataclass(frozen=True)
class Times:
    """A column of times: `at` (UTC), `has_hour` (False where only a day is given), `bad` (a text that is no time).

    `clock` says how an hour was placed: `offset` (it states its own), `local` (by the timezone), `gap` (the clocks
    skip it, read as if they had not yet changed) or `overlap` (it comes twice, read as the first). A text is `undated`
    that is a day, and nothing tells its year.
    """

    at: pd.Series
    has_hour: pd.Series
    bad: pd.Series
    clock: pd.Series
    undated: pd.Series


# How far a post published at once may lie from its upload.
AT_ONCE = dt.timedelta(minutes=5)
# A moment in UTC, whether it has an hour, and how that was placed.
Moment = tuple[dt.datetime, bool, str | None]


def is_unambiguous(at: dt.datetime) -> bool:
    """Whether a time on a clock is there once: the clocks neither skip nor repeat it.

    >>> [is_unambiguous(dt.datetime(2026, 3, day, 2, tzinfo=parse_timezone("Europe/Copenhagen"))) for day in (28, 29)]
    [True, False]
    """
    return at.utcoffset() == at.replace(fold=1).utcoffset()


def parse_times(
    texts: pd.Series,
    where: str,
    *,
    order: str | None = None,
    timezone: str | dt.tzinfo = "UTC",
    languages: Sequence[str] = (),
    uploaded: pd.Series | None = None,
) -> Times:
    """Times in any of the usual forms; a text without an offset is in `timezone`.

    `order` is `dmy`, `mdy` or `ymd`; without it, the column decides. `languages` are tried before the others that CLDR
    knows. A day without a year is the nearest on or after its upload, in `uploaded`. Raises CoachError where order,
    language or offsets may be read in two ways.
    """
    import pandas as pd

    from tiktok_coach.io.parse import missing

    is_missing = missing(texts)
    present = texts[~is_missing]
    uploads = uploaded.reindex(present.index) if uploaded is not None else None
    column = _Column([str(text) for text in present], where, order, timezone, languages, uploads)
    by_row = dict(zip(present.index, column.moments(), strict=True))
    moments = [by_row.get(row) or (None, False, None) for row in texts.index]
    at = times_of([moment[0] for moment in moments], texts.index)
    has_hour = pd.Series([moment[1] for moment in moments], index=texts.index, dtype=bool)
    clock = pd.Series([moment[2] for moment in moments], index=texts.index, dtype="str")
    undated = at.isna() & texts.isin(column.yearless)
    return Times(at, has_hour, at.isna() & ~is_missing & ~undated, clock, undated)


def read_times(
    texts: Sequence[str],
    where: str,
    *,
    order: str | None = None,
    timezone: str | dt.tzinfo = "UTC",
    languages: Sequence[str] = (),
) -> list[Moment | None]:
    """Times as `parse_times` reads them, None for a text that is no time."""
    return _Column(texts, where, order, timezone, languages).moments()


def read_coming_times(
    texts: Sequence[str],
    where: str,
    *,
    after: dt.date,
    order: str | None = None,
    timezone: str | dt.tzinfo = "UTC",
    languages: Sequence[str] = (),
) -> tuple[list[Moment | None], list[str]]:
    """Times of what is planned, as `read_times` reads them, and those of the texts that lack a year.

    A day without a year is the next one `after` a day. Raises UndecidedOrderError where day and month may be either.
    """
    short = {text: match for text in dict.fromkeys(texts) if (match := _SHORT_DAY_AND_CLOCK.match(text.strip()))}
    if short:
        days = [f"{match[1]}/{match[2]}/{LEAP_YEAR}" for match in short.values()]
        order = order or infer_order([*days, *(text for text in texts if text not in short)])
        if order is None:
            text = next(iter(short))
            problem = _("{text!r} may be day-first or month-first, and no other date in the column helps", text=text)
            hint = _("say which with --date-order dmy or --date-order mdy")
            raise UndecidedOrderError(problem, where=where, hint=hint, text=text)
    dated = {}
    for text, match in short.items():
        month, day = (match[1], match[2]) if order == "mdy" else (match[2], match[1])
        if (date := _next_after(int(month), int(day), after)) is not None:
            dated[text] = f"{date.isoformat()} {match[3]}".strip()
    column = _Column([dated.get(text, text) for text in texts], where, order, timezone, languages)
    moments = column.moments()
    lacking_year = [text for text in texts if text in dated or text in column.yearless]
    for row, text in enumerate(texts):
        if (written := column.yearless.get(text)) is not None:
            date = _next_after(written.month, written.day, after)
            dated_text = None if date is None else written._replace(year=date.year)
            moments[row] = None if dated_text is None else _placed(dated_text, column.local, is_range=True)
    return moments, lacking_year


def _next_after(month: int, day: int, after: dt.date) -> dt.date | None:
    for year in range(after.year, after.year + 9):
        with suppress(ValueError):
            if (date := dt.date(year, month, day)) >= after:
                return date
    return None


def are_times(texts: Sequence[str]) -> list[bool]:
    """Which texts are days or times, with their year or without."""
    column = _Column(texts, "", "dmy", "UTC", (), is_glance=True)
    return [moment is not None or text in column.yearless for text, moment in zip(texts, column.moments(), strict=True)]


class _Column:
    """The times of a column, each distinct text read once; what one text leaves open, the others decide."""

    def __init__(
        self,
        texts: Sequence[str],
        where: str,
        order: str | None,
        timezone: str | dt.tzinfo,
        languages: Sequence[str],
        uploads: pd.Series | None = None,
        *,
        is_glance: bool = False,
    ) -> None:
        self.texts, self.where, self._uploads = texts, where, uploads
        self.local = parse_timezone(timezone) if isinstance(timezone, str) else timezone
        self.by_hand = order
        self.order = decide_order([t.strip() for t in texts], where, order)
        plain: dict[str, Moment | None] = {t: _read(t.strip(), self.local, self.order) for t in dict.fromkeys(texts)}
        unread = [text for text, moment in plain.items() if moment is None]
        written = _read_written(unread, languages, self.order, where, is_glance=is_glance) if unread else {}
        self.yearless = {text: day for text, day in written.items() if day.year is None}
        self.yearless |= self._short_days(unread)
        full = {text: day for text, day in written.items() if day.year is not None}
        is_range = self._are_ranges(full, plain) if not is_glance else True
        plain |= {text: _placed(day, self.local, is_range=is_range) for text, day in full.items()}
        # A year such as 1 or 9999 is a slip, and days between it and the others would be endless.
        self.plain = {t: m for t, m in plain.items() if m is not None and FIRST_YEAR <= m[0].year < LAST_YEAR}

    @cached_property
    def uploads(self) -> list[dt.datetime | None] | None:
        """When the post of each text was uploaded, where that is known of any."""
        if self._uploads is None or not self._uploads.notna().any():
            return None
        return [
            at.to_pydatetime() if known else None
            for at, known in zip(self._uploads, self._uploads.notna(), strict=True)
        ]

    def moments(self) -> list[Moment | None]:
        """The time of each text of the column; None where it is none, or where its year is not known."""
        if not self.yearless or self.uploads is None:
            return [self.plain.get(text) for text in self.texts]
        rows = zip(self.texts, self.uploads, strict=True)
        return [self._dated(self.yearless[t], up) if t in self.yearless and up else self.plain.get(t) for t, up in rows]

    def _dated(self, day: Written, upload: dt.datetime) -> Moment | None:
        from tiktok_coach.io.dates.month_days import nearest_on_or_after

        date = nearest_on_or_after((day.month, day.day), upload)
        return None if date is None else _placed(day._replace(year=date.year), self.local, is_range=True)

    def _short_days(self, texts: Iterable[str]) -> dict[str, Written]:
        """Days as two numbers, in the order that puts more of them near their uploads."""
        matches = {text: match for text in texts if (match := _SHORT_DAY.match(text.strip()))}
        if not matches:
            return {}
        from tiktok_coach.io.dates.month_days import nearest_on_or_after
        from tiktok_coach.io.dates.written import Written

        readings: dict[str, dict[str, Written]] = {"dmy": {}, "mdy": {}}
        for text, match in matches.items():
            for order, (day, month) in {"dmy": (match[1], match[2]), "mdy": (match[2], match[1])}.items():
                if int(month) in range(1, 13) and int(day) in range(1, 32):
                    with suppress(ValueError):
                        dt.date(LEAP_YEAR, int(month), int(day))
                        readings[order][text] = Written(None, int(month), int(day))
        rows = list(zip(self.texts, self.uploads or [None] * len(self.texts), strict=True))

        def fit(order: str) -> int:
            days = readings[order]
            return sum(
                1 if upload is None else nearest_on_or_after(days[text][1:3], upload) is not None
                for text, upload in rows
                if text in days
            )

        fits = {order: fit(order) for order in readings}
        if self.by_hand in readings:
            return readings[self.by_hand]
        best = max(fits, key=lambda order: fits[order])
        return readings[best] if fits["dmy"] != fits["mdy"] else dict.fromkeys(matches, Written(None, 0, 0))

    def _are_ranges(self, written: Mapping[str, Written], plain: Mapping[str, Moment | None]) -> bool:
        """Whether what stands behind a dash is the end of a range rather than an offset, in the column as a whole."""
        tails = {text: day.clock for text, day in written.items() if day.clock is not None and day.clock.tail}
        kinds = {text: _tail_kinds(clock) for text, clock in tails.items()}
        certain = {kind for of_text in kinds.values() if len(of_text) == 1 for kind in of_text}
        if not tails or len(certain) == 1:
            return certain != {"offset"}
        stated = {moment[2] == "offset" for moment in plain.values() if moment is not None and moment[1]}
        if not certain and (len(stated) == 1 or len({clock.tail for clock in tails.values()}) > LANGUAGES):
            return stated != {True}
        text = next(text for text, kind in kinds.items() if len(kind) > 1 or certain)
        if not certain and self.uploads is not None:
            at = {t: _placed(written[t], self.local, is_range=False) for t in tails}
            rows = zip(self.texts, self.uploads, strict=True)
            return not any(up and (m := at.get(t)) and abs(m[0] - up) < AT_ONCE for t, up in rows)
        problem = _("{text!r} may be a time with an offset, or a range of times", text=text)
        hint = _("write the range with spaces (18:30 - 19:00), or the offset without a colon (-0700)")
        raise CoachError(problem, where=self.where, hint=hint)


def _tail_kinds(clock: Clock) -> set[str]:
    """What may stand behind the dash: an `offset`, or the end of a `range` that is later than its start."""
    hour, _colon, minute = str(clock.tail)[1:].partition(":")
    end = int(hour) * 60 + int(minute or 0)
    is_offset = offset_of(str(clock.tail)) is not None
    is_range = not is_offset or clock.time.hour * 60 + clock.time.minute < end <= 24 * 60
    return {name for name, may_be in (("range", is_range), ("offset", is_offset)) if may_be}


def _read_written(
    texts: Sequence[str], languages: Sequence[str], order: str, where: str, *, is_glance: bool
) -> dict[str, Written]:
    """Those texts that are days in words, or in other forms of numbers, in the language in which most of them are."""
    from tiktok_coach.io.dates.month_days import USUAL, known_locales, refuse_other_reading
    from tiktok_coach.io.dates.written import has_shape, read_written

    left = [text for text in texts if has_shape(text)]
    if not left or (is_glance and len(left) < len(texts) / 2):
        return {}
    read: dict[str, Written] = {}
    for locale in (*known_locales(languages), "en"):
        days = {text: day for text in left if (day := read_written(text, locale, order)) is not None}
        read |= days
        left = [text for text in left if text not in days and _IN_WORDS.search(text)]
    for _round in range(LANGUAGES):
        if not left:
            break
        probes = left[:: max(1, len(left) // PROBES)][:PROBES]
        counts: dict[str, int] = {}
        for locale in USUAL:
            counts[locale] = sum(read_written(text, locale, order) is not None for text in probes)
            if counts[locale] == len(probes):
                break
        best = max(counts, key=lambda locale: counts[locale])
        if not counts[best]:
            break
        days = {text: day for text in left if (day := read_written(text, best, order)) is not None}
        if not is_glance:
            refuse_other_reading(days, best, where, lambda text, locale: read_written(text, locale, order))
        read |= days
        left = [text for text in left if text not in days]
    return read


def times_of(moments: Sequence[dt.datetime | None], index: pd.Index) -> pd.Series:
    """Moments as a column of times in UTC, None as missing."""
    import pandas as pd

    return pd.Series(list(moments), index=index, dtype="datetime64[us, UTC]")


def _read(text: str, local: dt.tzinfo, order: str) -> Moment | None:
    """A time in one of the forms that programs write; None for any other text."""
    try:
        if _ISO.fullmatch(text):
            return _in_zone(dt.datetime.fromisoformat(text), local)
        if _UNIX.match(text):
            seconds = float(text) / (1000 if len(text) == 13 else 1)
            return dt.datetime.fromtimestamp(seconds, dt.UTC), True, "offset"
        if COMPACT.match(text):
            return _day_alone(dt.date(int(text[:4]), int(text[4:6]), int(text[6:])))
        if parts := PARTED.match(text):
            day = date_in_order(text, order)
            return None if day is None else _with_clock(day, (parts[4] or "").strip(), local)
        if _SERIAL.match(text):
            days = float(text.replace(",", "."))
            moment = _SERIAL_ZERO + dt.timedelta(seconds=round(days * 86400))
            return _day_alone(moment.date()) if days.is_integer() else _in_zone(moment, local)
        return None
    except (ValueError, OverflowError, OSError):
        return None


def _with_clock(day: dt.date, clock: str, local: dt.tzinfo) -> Moment | None:
    if not clock:
        return _day_alone(day)
    match = _TIME.match(clock)
    if not match:
        return None
    hour, minute, second, half, offset = match.groups()
    hours = int(hour)
    if half:
        if hours > 12:
            return None
        hours = hours % 12 + (12 if half.lower().startswith("p") else 0)
    zone = offset if offset and offset[0] in "+-" else "Z" if offset else ""
    return _in_zone(dt.datetime.fromisoformat(f"{day}T{hours:02}:{minute}:{second or '00'}{zone}"), local)


def _day_alone(day: dt.date) -> Moment:
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC), False, None


def _in_zone(moment: dt.datetime, local: dt.tzinfo) -> Moment | None:
    """A time in UTC: by its own offset, or a local clock's with what a change of the clocks makes of it.

    None for an offset that no clock on earth has.
    """
    if (offset := moment.utcoffset()) is not None:
        is_possible = EARLIEST <= offset <= LATEST and not offset % QUARTER_HOUR
        return (moment.astimezone(dt.UTC), True, "offset") if is_possible else None
    first, second = (moment.replace(tzinfo=local, fold=fold) for fold in (0, 1))
    at, clock = first.astimezone(dt.UTC), "local"
    if first.utcoffset() != second.utcoffset():
        clock = "overlap" if at.astimezone(local).replace(tzinfo=None) == moment else "gap"
    return at, True, clock


def _placed(day: Written, local: dt.tzinfo, *, is_range: bool) -> Moment | None:
    """A written day and clock as a moment."""
    try:
        date = dt.date(day.year or 0, day.month, day.day)
        if day.clock is None:
            return _day_alone(date)
        moment, zone = dt.datetime.combine(date, day.clock.time), day.clock.zone
        if day.clock.tail and not is_range:
            zone = day.clock.tail
        if zone is None:
            return _in_zone(moment, local)
        named = zone_of(zone)
        if named is None or not is_in_season(zone, moment.replace(tzinfo=named)):
            return None
        placed = _in_zone(moment, named)
        return placed and (placed[0], True, "offset" if placed[2] == "local" else placed[2])
    except (ValueError, OverflowError):
        return None


def parse_day(text: str, option: str) -> dt.date:
    """A date given as an option, `YYYY-MM-DD`. Raises CoachError otherwise."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        problem = _("{option} {text!r} is not a date", option=option, text=text)
        raise CoachError(problem, hint=_("write it as YYYY-MM-DD")) from error
