"""unique: no earlier post of the account has the same value in a column, or in several together."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator

from tiktok_coach.core.arrays import as_int64, duplicated_mask, map_parts, text_codes, text_hashes
from tiktok_coach.core.facts import Array, known_mask, take_rows
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import _
from tiktok_coach.rules.kind import TEXTS, CheckKind, Params
from tiktok_coach.rules.outcome import Outcome, all_unknown, statuses
from tiktok_coach.rules.subjects import Subjects


class Unique(Params):
    """Texts are compared without case and white space around them; `also` columns must be equal too.

    A text shorter than `min_length` characters says too little to tell a copy. With `within_days`, only a post of at most so many
    days before counts.
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


def evaluate(subjects: Subjects, field: str, params: Unique) -> Outcome:
    """Fail where an earlier post holds the same; the first of them passes. Unknown where the column is missing."""
    texts = subjects.column(field)
    others = [subjects.column(name) for name in params.also]
    if texts is None:
        return all_unknown(len(subjects))
    if any(other is None for other in others):
        return all_unknown(len(subjects))
    long, repeated = _looked_at(texts, params.min_length)
    told = known_mask(texts) & long
    for other in others:
        told &= known_mask(other)
    suspects = (told & repeated).nonzero()[0]
    same_text = _codes(_plain(take_rows(texts, suspects)))
    often = np.bincount(same_text)[same_text] > 1
    suspects, same_text = suspects[often], same_text[often]
    times = subjects.column_or_null("posted_at")[suspects]
    keys = [same_text, subjects.account_index()[suspects], *(_codes(take_rows(o, suspects)) for o in others)]
    # Of the same content the earliest comes first, and what has no time last.
    order = np.lexsort((suspects, times, *reversed(keys)))
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for key in keys:
        same &= key[order][1:] == key[order][:-1]
    again = np.r_[False, same] if len(order) else same
    rows, when = suspects[order], times[order]
    earlier = np.full(len(subjects), -1, dtype=np.int64)
    if params.within_days is None:
        heads = np.maximum.accumulate(np.where(again, 0, np.arange(len(order))))
        earlier[rows[again]] = rows[heads[again]]
    else:
        before = np.maximum(np.arange(len(order)) - 1, 0)
        near = again & (when - when[before] <= np.timedelta64(round(params.within_days * 86_400), "s"))
        earlier[rows[near]] = rows[before[near]]
    return Outcome(
        statuses(earlier < 0, told),
        texts,
        {"first": lambda row: subjects.label(int(earlier[row])) if earlier[row] >= 0 else ""},
        related=earlier,
    )


def _plain(texts: pa.Array) -> pa.Array:
    return pc.utf8_lower(pc.utf8_trim_whitespace(texts))


def _looked_at(texts: pa.Array, min_length: int) -> tuple[np.ndarray, np.ndarray]:
    """Which texts are long enough, and which may be the same as another."""
    looked = map_parts(lambda part: _of_part(_plain(part), min_length), texts)
    long, marks = zip(*looked, strict=True)
    return np.concatenate(long), duplicated_mask(np.concatenate(marks))


def _of_part(plain: pa.Array, min_length: int) -> tuple[np.ndarray, np.ndarray]:
    return as_int64(pc.utf8_length(plain), nothing=0) >= min_length, text_hashes(plain)


def _codes(array: Array) -> np.ndarray:
    """Equal values as equal numbers; missing ones as 0."""
    if isinstance(array, pa.Array):
        return np.asarray(np.maximum(text_codes(array), 0))
    return np.asarray(np.unique(array, return_inverse=True)[1], dtype=np.int64)


def missing_input(subjects: Subjects, field: str, params: Unique) -> str | None:
    """What gives the first other column that is not known of any post."""
    if subjects.column(field) is None:
        return None
    return next((COLUMNS[name].supplied_by for name in params.also if subjects.column(name) is None), None)


KIND = CheckKind(
    name="unique",
    params=Unique,
    evaluate=evaluate,
    fields=TEXTS,
    terms=frozenset({"first", "value"}),
    compares=True,
    missing_input=missing_input,
)
