"""unique: no earlier post of the account has the same value in a column, or in several together."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator

from tiktok_coach.core.arrays import as_int64, map_parts, maybe_repeated, take, text_codes, text_hashes
from tiktok_coach.core.copy_names import names_of_sources
from tiktok_coach.core.facts import Array, take_rows
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import N_, _
from tiktok_coach.rules.kind import TEXTS, CheckKind, Outcome, Params, Subjects, all_unknown, known_mask, statuses

# Columns with the names of files, of which some may be copies of others.
FILES = frozenset({"video_file"})


class Unique(Params):
    """Texts are compared without case and white space around them; `also` columns must be equal too.

    A text shorter than `min_length` characters says too little to tell a copy. With `within_days`, only a post of at
    most so many days before counts.
    """

    also: list[str] = []
    min_length: int = Field(1, ge=0)
    within_days: float | None = Field(None, gt=0)

    @field_validator("also")
    @classmethod
    def _are_columns(cls, also: list[str]) -> list[str]:
        for name in also:
            if name not in COLUMNS:
                raise ValueError(_("the posts table has no column {fact!r}", fact=name))
        return also

    @property
    def condition(self) -> str:
        """When a subject passes."""
        if self.also:
            return N_("no other post may have the same {field} and the same {also}")
        if self.within_days is not None:
            return N_("no post of the {within_days:day|days} before may have the same {field}")
        return N_("no other post may have the same {field}")


def evaluate(subjects: Subjects, field: str, params: Unique) -> Outcome:
    """Fail where an earlier post holds the same; the first of them passes. Unknown where the column is missing."""
    texts, others = subjects.column_or_null(field), [subjects.column(name) for name in params.also]
    if any(other is None for other in others):
        return all_unknown(len(subjects))
    compared = names_of_sources(texts) if field in FILES else texts
    is_long, is_repeated = _compare(compared, params.min_length)
    is_known = np.logical_and.reduce([known_mask(texts), is_long, *map(known_mask, others)])
    suspects = (is_known & is_repeated).nonzero()[0]
    same_text = _codes(_plain(take_rows(compared, suspects)))
    is_frequent = np.bincount(same_text)[same_text] > 1
    suspects, same_text = suspects[is_frequent], same_text[is_frequent]
    times = subjects.column_or_null("posted_at")[suspects]
    keys = [same_text, subjects.account_index()[suspects], *(_codes(take_rows(o, suspects)) for o in others)]
    # Of the same content the earliest comes first, and what has no time last.
    order = np.lexsort((suspects, times, *reversed(keys)))
    is_again = np.logical_and.reduce([np.diff(key[order], prepend=-1) == 0 for key in keys])
    rows, when, place = suspects[order], times[order], np.arange(len(order))
    if params.within_days is None:
        first = np.maximum.accumulate(np.where(is_again, 0, place))
    else:
        first = np.maximum(place - 1, 0)
        is_again &= when - when[first] <= np.timedelta64(round(params.within_days * 86_400), "s")
    earlier = np.full(len(subjects), -1, dtype=np.int32)
    earlier[rows[is_again]] = rows[first[is_again]]
    terms = {"first": lambda row: subjects.label(int(earlier[row]))}
    return Outcome(statuses(earlier < 0, is_known), texts, terms, related=earlier)


def missing_input(subjects: Subjects, field: str, params: Unique) -> str | None:  # noqa: ARG001 - the kind's signature
    """What gives the first other column that is not known of any post."""
    return next((COLUMNS[name].supplied_by for name in params.also if subjects.column(name) is None), None)


def _plain(texts: pa.Array) -> pa.Array:
    return pc.utf8_lower(pc.utf8_trim_whitespace(texts))


def _compare(texts: pa.Array, min_length: int) -> tuple[np.ndarray, np.ndarray]:
    """Which texts are long enough, and which may be the same as another."""

    def of_part(part: pa.Array) -> tuple[np.ndarray, np.ndarray]:
        plain = _plain(part)
        # A character has four bytes at most, so that few need be counted.
        size = as_int64(pc.binary_length(plain), nothing=0)
        is_long = size >= 4 * min_length
        rows = np.flatnonzero(~is_long & (size >= min_length))
        is_long[rows] = as_int64(pc.utf8_length(take(plain, rows)), nothing=0) >= min_length
        return is_long, text_hashes(plain)

    is_long, hashes = (np.concatenate(parts) for parts in zip(*map_parts(of_part, texts), strict=True))
    return is_long, maybe_repeated(hashes)


def _codes(array: Array) -> np.ndarray:
    """Equal values as equal numbers; missing ones as 0."""
    if isinstance(array, pa.Array):
        return np.asarray(np.maximum(text_codes(array), 0))
    return np.asarray(np.unique(array, return_inverse=True)[1], dtype=np.int64)


KIND = CheckKind(
    "unique", Unique, evaluate, fields=TEXTS, terms={"first", "value"}, compares=True, missing_input=missing_input
)
