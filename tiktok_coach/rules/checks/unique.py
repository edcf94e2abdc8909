"""unique: no earlier post of the account has the same value in a column, or in several together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tiktok_coach import captions
from tiktok_coach.posts import COLUMNS, column
from tiktok_coach.rules.kind import CheckKind, Params
from tiktok_coach.rules.outcome import Outcome, all_unknown, answers
from tiktok_coach.rules.subjects import Subjects


class Unique(Params):
    """Texts are compared without case and white space around them; `also` columns must be equal too.

    A text shorter than `min_length` characters says too little to tell a copy. With `within_days`, only a post of at most so many
    days before counts.
    """

    also: list[str] = []
    min_length: int = Field(1, ge=0)
    within_days: float | None = Field(None, gt=0)


def evaluate(subjects: Subjects, field: str, params: Unique) -> Outcome:
    """Fail where an earlier post holds the same; the first of them passes. Unknown where the column is missing."""
    texts = subjects.column(field)
    others = [subjects.column(name) for name in params.also]
    if texts is None:
        return all_unknown(len(subjects))
    absent = [name for name, other in zip(params.also, others, strict=True) if other is None]
    if absent:
        return all_unknown(len(subjects), COLUMNS[absent[0]].supplied_by)
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(captions.arrow_text(texts)))
    known = texts.notna().to_numpy() & _long_enough(plain, params.min_length)
    text_codes = plain.dictionary_encode().indices.fill_null(0).to_numpy(zero_copy_only=False)
    for other in others:
        known &= other.notna().to_numpy() if other is not None else False
    suspects = (known & (np.bincount(text_codes[known], minlength=text_codes.max() + 1)[text_codes] > 1)).nonzero()[0]
    same = {"text": text_codes[suspects], "account": column(subjects.table, "account").iloc[suspects].array}
    same |= {
        name: other.iloc[suspects].array for name, other in zip(params.also, others, strict=True) if other is not None
    }
    when = column(subjects.table, "posted_at").iloc[suspects].array
    rows = pd.DataFrame({**same, "row": suspects, "when": when}, index=suspects)
    ordered = rows.sort_values("when", kind="stable", na_position="last")
    groups = ordered.groupby(list(same), sort=False, dropna=False)
    earlier = np.full(len(subjects), -1, dtype=np.int64)
    if params.within_days is None:
        first = groups["row"].transform("first")
        later = (first.to_numpy() != ordered["row"].to_numpy()).nonzero()[0]
        earlier[ordered["row"].to_numpy()[later]] = first.to_numpy()[later]
    else:
        before, since = groups["row"].shift(), ordered["when"] - groups["when"].shift()
        near = (since <= pd.Timedelta(days=params.within_days)).to_numpy()
        earlier[ordered["row"].to_numpy()[near]] = before.to_numpy()[near].astype(np.int64)
    return Outcome(
        answers(earlier < 0, known),
        texts,
        {"first": lambda row: subjects.labels.iloc[earlier[row]] if earlier[row] >= 0 else ""},
        related=earlier,
    )


def _long_enough(texts: pa.Array, least: int) -> np.ndarray:
    return np.asarray(pc.greater_equal(pc.utf8_length(texts), least).to_numpy(zero_copy_only=False) == 1)


KIND = CheckKind("unique", Unique, evaluate, frozenset({"first", "value"}))
