"""What the values of a column can be, by a sample of its texts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial

import numpy as np
import pandas as pd

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import _
from tiktok_coach.io import parse
from tiktok_coach.io.columns.rows import PLATFORMS
from tiktok_coach.io.dates.parse import SERIAL, are_times, has_year
from tiktok_coach.io.dates.written import has_shape
from tiktok_coach.io.files.decoding import FALSE, TRUE

SAMPLE = 400
# This share of the texts must be of a kind for a column to be of that kind.
MOST = 0.7
# So many make the whole column so.
SOME = 0.05
MOST_LOOPS = 3.0
LINKS = r"(?i)^(?:https?://)?(?:www\.|m\.)?(?:tiktokv?\.com/.*/?(?:video|photo|v|t)/|(?:vm|vt)\.tiktok\.com/)"
HANDLE = r"^@?[A-Za-z0-9][\w.]{1,29}$"
# A time of day, or a range of two.
_ONE = r"(?:\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s*[AaPp]\.?[Mm]\.?)?|\d{1,2}\s*[AaPp]\.?[Mm]\.?)"
CLOCK = rf"^{_ONE}(?:\s*(?:[-\u2013]|to)\s*{_ONE})?$"
UNIX = r"^1[3-9]\d{8}(?:\d{3})?(?:\.0)?$"
# A day as two numbers, for which the id of the post tells the year.
SHORT_DAY = r"^\d{1,2}[/-]\d{1,2}$"
LETTERS = r"[^\W\d_]"
# Hashtags are marked as such, or single words in a list.
TAGS = (r"#\w", r"^\s*\[.*\]\s*$", r"^\s*[\w.]+(?:\s*[,;|]\s*[\w.]+)*\s*$")
# A video is no longer than an hour, so that a longer one is in milliseconds.
LONGEST_S, LONGEST_MS = 3600, 3_600_000


@dataclass(frozen=True)
class ColumnProfile:
    """A sample of the texts of a column, and what they can be; `filled_count` is how many cells hold something.

    Bare counts are in thousands or millions where `counted_in` is `K` or `M`.
    """

    texts: pd.Series
    filled_count: int
    counted_in: str | None = None

    def share(self, pattern: str) -> float:
        """The share of texts that a pattern fits."""
        return float(self.texts.str.contains(pattern, regex=True).mean()) if len(self.texts) else 0.0

    def mostly(self, pattern: str) -> bool:
        """Whether a pattern fits most of them."""
        return self.share(pattern) >= MOST

    def _values(self, read: Callable[[pd.Series], parse.Parsed]) -> np.ndarray | None:
        """Those that can be read, where most of them can."""
        parsed = read(self.texts)
        is_most = float((~parsed.bad).mean()) >= MOST
        return parsed.values[~parsed.bad].to_numpy(dtype="float64") if is_most else None

    @cached_property
    def ids(self) -> bool:
        """Whether they are ids of videos, also such as a spreadsheet has ruined."""
        if not self.mostly(r"\d{15}|\d[eE]\+?\d"):
            return False
        are_ids = (parse.upload_times(self.texts).notna(), parse.damaged_ids(self.texts))
        return any(float(where.mean()) >= MOST for where in are_ids)

    @cached_property
    def times(self) -> bool:
        """Whether they are days or times, with their year or in words."""
        if not len(self.texts) or self.ids:
            return False
        plain = self.texts.str.strip()
        dated = plain.map(has_year) | plain.str.contains(UNIX, regex=True)
        if float(dated.mean()) >= MOST:
            return True
        worded = plain[~dated & plain.map(has_shape)]
        if int(dated.sum()) + len(worded) < MOST * len(plain):
            return False
        try:
            known = are_times(list(worded))
        except CoachError:
            return False
        return (int(dated.sum()) + sum(known)) / len(plain) >= MOST

    @property
    def some_times(self) -> bool:
        """Whether a part of them are days or times with their year, as in a plan whose last days are not yet fixed."""
        return bool(len(self.texts)) and float(self.texts.str.strip().map(has_year).mean()) >= SOME

    @cached_property
    def median_count(self) -> float | None:
        """The middle of them as counts; None where they are none: a part of one, a percentage, an id, a time."""
        if self.ids or self.percentages or (self.mostly(UNIX) and self.texts.nunique() > 1):
            return None
        values = self._values(partial(parse.parse_counts, unit=self.counted_in))
        is_whole = values is not None and (values == np.round(values)).mean() >= MOST
        return float(np.median(values)) if values is not None and is_whole else None

    @cached_property
    def percentages(self) -> bool:
        """Whether some of them bear a percent sign, which makes all of them shares."""
        return (
            self.share(r"^\s*[%\u066a]?\s*[\d.,\u0660-\u0669]+\s*[%\u066a]?\s*$") >= MOST
            and self.share("[%\u066a]") >= SOME
        )

    @cached_property
    def numbers(self) -> bool:
        """Whether they are numbers of any kind."""
        return self._values(parse.parse_numbers) is not None

    @cached_property
    def median_s(self) -> float | None:
        """The middle of them as lengths in seconds, or in milliseconds where no video is that long; None where none."""
        values = None if self.ids or self.mostly(UNIX) else self._values(parse.parse_durations)
        return None if values is None else float(np.median(values))

    @cached_property
    def shares(self) -> bool:
        """Whether they are shares: 0-1 or up to 100 percent, or several times that where posts are watched again."""
        values = self._values(parse.parse_shares)
        return values is not None and float(((values >= 0) & (values <= MOST_LOOPS)).mean()) >= MOST

    @cached_property
    def worded(self) -> bool:
        """Whether they are words: neither numbers, nor times, nor addresses."""
        return self.share(LETTERS) >= 0.3 and not (self.times or self.mostly(LINKS) or self.mostly("^https?://"))

    @cached_property
    def platforms(self) -> bool:
        """Whether they are nothing but names of platforms."""
        names = {name.casefold() for name in PLATFORMS}
        return bool(len(self.texts)) and bool(self.texts.str.strip().str.casefold().isin(names).all())

    @cached_property
    def flags(self) -> bool:
        """Whether they are words for yes and no."""
        return self.worded and float(self.texts.str.strip().str.casefold().isin(TRUE | FALSE).mean()) >= MOST

    @property
    def samples(self) -> tuple[str, ...]:
        """Three of them, as they stand."""
        return tuple(dict.fromkeys(self.texts))[:3]


def profile_column(texts: pd.Series, counted_in: str | None = None) -> ColumnProfile:
    """The profile of a column of texts, from a sample spread over all of it."""
    is_filled = ~parse.missing(texts).to_numpy()
    non_empty = texts if is_filled.all() else texts[is_filled]
    non_empty = non_empty if non_empty.dtype == "str" else non_empty.astype("str")
    step = len(non_empty) // SAMPLE
    sample = non_empty.iloc[::step].head(SAMPLE) if step else non_empty
    return ColumnProfile(sample, len(non_empty), counted_in)


_SPECIAL: dict[str, Callable[[ColumnProfile], bool]] = {
    "post_id": lambda column: column.ids,
    "link": lambda column: column.mostly(LINKS),
    "account": lambda column: (
        (column.mostly(HANDLE) and not (column.numbers or column.times or column.platforms))
        or column.mostly(r"tiktok\.com/@")
    ),
    "posted_at": lambda column: column.times or column.mostly(SERIAL) or column.mostly(SHORT_DAY),
    "metrics_at": lambda column: column.times or column.mostly(SERIAL),
    "caption": lambda column: column.worded or column.mostly("#"),
    "hashtags": lambda column: (
        not (column.numbers or column.flags) and any(column.share(pattern) >= 0.5 for pattern in TAGS)
    ),
    "duration_s": lambda column: column.median_s is not None and column.median_s <= LONGEST_MS,
    "language": lambda column: column.mostly(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?$"),
    "region": lambda column: column.mostly(r"^[A-Za-z]{2}$"),
}


def fits(fact: str, column: ColumnProfile) -> bool:
    """Whether the values of a column can be a fact; True where it holds none."""
    if not len(column.texts):
        return True
    if fact in _SPECIAL:
        return _SPECIAL[fact](column)
    spec = COLUMNS[fact]
    if spec.kind == "count":
        return column.median_count is not None
    if spec.kind == "share":
        return column.shares
    if spec.kind == "number":
        return column.median_s is not None if spec.unit == "s" else column.numbers
    return column.worded and not column.flags


def describe(column: ColumnProfile) -> str:
    """What the values of a column look like, in words."""
    if not len(column.texts):
        return _("nothing")
    kinds = (
        (_("links"), column.mostly(LINKS)),
        (_("ids"), column.ids),
        (_("times of day"), column.mostly(CLOCK)),
        (_("times"), column.times),
        (_("percentages"), column.percentages),
        (_("counts"), column.median_count is not None),
        (_("numbers"), column.numbers),
        (_("lengths of time"), column.median_s is not None),
    )
    return next((name for name, holds in kinds if holds), "texts")
