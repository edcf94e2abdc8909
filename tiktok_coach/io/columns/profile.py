"""What the values of a column can be, by a sample of its texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import _
from tiktok_coach.io.dates.parse import has_year, read_times
from tiktok_coach.io.parse import (
    damaged_ids,
    missing,
    parse_counts,
    parse_durations,
    parse_numbers,
    parse_shares,
    upload_times,
)

SAMPLE = 400
# This share of the texts must be of a kind for a column to be of that kind.
MOST = 0.7
LINKS = r"(?i)^(?:https?://)?(?:www\.|m\.)?(?:tiktok\.com/.*/?(?:video|photo|v|t)/|(?:vm|vt)\.tiktok\.com/)"
HANDLE = r"^@?[A-Za-z0-9][\w.]{1,29}$"
CLOCK = r"^\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AaPp]\.?[Mm]\.?)?$"
UNIX = r"^1[3-9]\d{8}(?:\d{3})?(?:\.0)?$"
LETTERS = re.compile(r"[^\W\d_]")
# A video is no longer than an hour, so that a longer one is in milliseconds.
LONGEST_S = 3600
LONGEST_MS = LONGEST_S * 1000


@dataclass(frozen=True)
class ColumnProfile:
    """A sample of the texts of a column, and what they can be; `filled_count` is how many cells hold something."""

    texts: pd.Series
    filled_count: int

    def share(self, pattern: str) -> float:
        """The share of texts that a pattern fits."""
        return float(self.texts.str.contains(pattern, regex=True).mean()) if len(self.texts) else 0.0

    @cached_property
    def ids(self) -> bool:
        """Whether they are ids of videos, also such as a spreadsheet has ruined."""
        if not len(self.texts):
            return False
        uploaded = upload_times(self.texts)
        return float(uploaded.notna().mean()) >= MOST or bool(damaged_ids(self.texts).mean() >= MOST)

    @cached_property
    def links(self) -> bool:
        """Whether they are addresses of posts."""
        return self.share(LINKS) >= MOST

    @cached_property
    def clocks(self) -> bool:
        """Whether they are times of day alone."""
        return self.share(CLOCK) >= MOST

    @cached_property
    def times(self) -> bool:
        """Whether they are days or times with their year."""
        if not len(self.texts) or self.ids:
            return False
        plain = self.texts.str.strip()
        dated = plain.map(has_year) | plain.str.contains(UNIX, regex=True)
        if float(dated.mean()) >= MOST:
            return True
        spelt = plain.str.contains(r"\d{4}", regex=True) & plain.str.contains(LETTERS.pattern, regex=True)
        worded = plain[~dated & spelt & plain.str.len().lt(40)]
        try:
            read = read_times(list(worded), "", order="dmy")
        except CoachError:
            return False
        return (int(dated.sum()) + sum(r is not None for r in read)) / len(plain) >= MOST

    @cached_property
    def unix(self) -> bool:
        """Whether they are seconds since 1970."""
        return self.share(UNIX) >= MOST

    @cached_property
    def counts(self) -> np.ndarray | None:
        """Them as counts; None where they are none: a part of one, an id, a time."""
        if not len(self.texts) or self.ids or (self.unix and self.texts.nunique() > 1):
            return None
        parsed = parse_counts(self.texts)
        values = parsed.values[~parsed.bad].to_numpy(dtype="float64")
        whole = bool(len(values)) and float((values == np.round(values)).mean()) >= MOST
        return values if whole and float((~parsed.bad).mean()) >= MOST else None

    @cached_property
    def numbers(self) -> bool:
        """Whether they are numbers of any kind."""
        return bool(len(self.texts)) and float((~parse_numbers(self.texts).bad).mean()) >= MOST

    @cached_property
    def seconds(self) -> np.ndarray | None:
        """Them as lengths in seconds, or in milliseconds where no video is that long; None where they are none."""
        if not len(self.texts) or self.ids or self.unix:
            return None
        parsed = parse_durations(self.texts)
        values = parsed.values[~parsed.bad].to_numpy(dtype="float64")
        return values if float((~parsed.bad).mean()) >= MOST else None

    @cached_property
    def milliseconds(self) -> bool:
        """Whether lengths are in milliseconds."""
        values = self.seconds
        return values is not None and len(values) > 0 and float(np.median(values)) > LONGEST_S

    @cached_property
    def shares(self) -> bool:
        """Whether they are shares: 0-1, or up to 100 percent."""
        if not len(self.texts):
            return False
        parsed = parse_shares(self.texts)
        values = parsed.values[~parsed.bad].dropna()
        return float((~parsed.bad).mean()) >= MOST and bool(((values >= 0) & (values <= 1)).mean() >= MOST)

    @cached_property
    def worded(self) -> bool:
        """Whether they are words: neither numbers, nor times, nor addresses."""
        return self.share(LETTERS.pattern) >= 0.3 and not (self.times or self.links or self.share("^https?://") >= MOST)

    @cached_property
    def handles(self) -> bool:
        """Whether they may be handles of accounts."""
        return self.share(HANDLE) >= MOST and not self.numbers and not self.times

    @cached_property
    def tags(self) -> bool:
        """Whether they are hashtags: marked as such, or single words in a list."""
        marked = self.share(r"#\w")
        listed = self.share(r"^\s*\[.*\]\s*$")
        lined = self.share(r"^\s*[\w.]+(?:\s*[,;|]\s*[\w.]+)*\s*$")
        return not self.numbers and max(marked, listed, lined) >= 0.5

    @property
    def samples(self) -> tuple[str, ...]:
        """Three of them, as they stand."""
        return tuple(dict.fromkeys(self.texts))[:3]


def profile_column(texts: pd.Series) -> ColumnProfile:
    """The profile of a column of texts, from a sample spread over all of it."""
    non_empty = texts[~missing(texts)].astype("str")
    step = max(1, len(non_empty) // SAMPLE)
    return ColumnProfile(non_empty.iloc[::step].head(SAMPLE), len(non_empty))


def _length(column: ColumnProfile) -> bool:
    values = column.seconds
    return values is not None and bool(len(values)) and float(np.median(values)) <= LONGEST_MS


_SPECIAL: dict[str, Callable[[ColumnProfile], bool]] = {
    "post_id": lambda column: column.ids,
    "link": lambda column: column.links,
    "account": lambda column: column.handles or column.share(r"tiktok\.com/@") >= MOST,
    "posted_at": lambda column: column.times,
    "metrics_at": lambda column: column.times,
    "caption": lambda column: column.worded or column.share("#") >= MOST,
    "sound": lambda column: column.worded,
    "sound_artist": lambda column: column.worded,
    "hashtags": lambda column: column.tags,
    "duration_s": _length,
    "language": lambda column: column.share(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?$") >= MOST,
    "region": lambda column: column.share(r"^[A-Za-z]{2}$") >= MOST,
}


def fits(fact: str, column: ColumnProfile) -> bool:
    """Whether the values of a column can be a fact; True where it holds none."""
    if not len(column.texts):
        return True
    if fact in _SPECIAL:
        return _SPECIAL[fact](column)
    spec = COLUMNS[fact]
    if spec.kind == "count":
        return column.counts is not None
    if spec.kind == "share":
        return column.shares
    if spec.kind == "number":
        return column.seconds is not None if spec.unit == "s" else column.numbers
    return column.worded


def describe(column: ColumnProfile) -> str:
    """What the values of a column look like, in words."""
    if not len(column.texts):
        return _("nothing")
    kinds = (
        (_("links"), column.links),
        (_("ids"), column.ids),
        (_("times of day"), column.clocks),
        (_("times"), column.times),
        (_("counts"), column.counts is not None),
        (_("numbers"), column.numbers),
        (_("lengths of time"), column.seconds is not None),
    )
    return next((name for name, holds in kinds if holds), "texts")
