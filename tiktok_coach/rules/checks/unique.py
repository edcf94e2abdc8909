"""unique: no earlier post of the account has the same value in a column, or in several together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import Field

from tiktok_coach.posts import column
from tiktok_coach.rules.kind import CheckKind, Params
from tiktok_coach.rules.outcome import Outcome, all_unknown, answers
from tiktok_coach.rules.subjects import Subjects


class Unique(Params):
    """Texts are compared without case and white space around them; `also` columns must be equal too.

    A text shorter than `min_length` characters says too little to tell a copy.
    """

    also: list[str] = []
    min_length: int = Field(1, ge=0)


def evaluate(subjects: Subjects, field: str, params: Unique) -> Outcome:
    """Fail where an earlier post holds the same; the first of them passes. Unknown where the column is missing."""
    texts = subjects.column(field)
    if texts is None:
        return all_unknown(len(subjects))
    keys = pd.DataFrame({"account": column(subjects.table, "account"), "key": texts.astype("str").str.strip().str.casefold()})
    known = texts.notna() & (keys["key"].str.len() >= params.min_length)
    for name in params.also:
        more = subjects.column(name)
        if more is None:
            return all_unknown(len(subjects))
        keys[name] = more
        known &= more.notna()
    suspects = known & keys.duplicated(keep=False)
    repeated = np.zeros(len(subjects), dtype=bool)
    first = pd.Series("", index=keys.index, dtype="str")
    if suspects.any():
        when = column(subjects.table, "posted_at")[suspects]
        rows = keys[suspects].assign(when=when, label=subjects.labels.reset_index(drop=True)[suspects.to_numpy()].to_numpy())
        rows = rows.sort_values("when", kind="stable", na_position="last")
        groups = rows.groupby([c for c in keys.columns], dropna=False, sort=False)
        again = groups.cumcount() > 0
        repeated[again.index[again]] = True
        first.loc[rows.index] = groups["label"].transform("first")
    ok = pd.Series(~repeated, index=keys.index)
    return Outcome(answers(ok, known), terms={"first": first})


KIND = CheckKind("unique", Unique, evaluate, frozenset({"first"}))
