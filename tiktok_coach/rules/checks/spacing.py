"""spacing: a post is neither too close to the account's post before it nor too long after it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from tiktok_coach.posts import column
from tiktok_coach.rules.kind import CheckKind, Params
from tiktok_coach.rules.outcome import PASS, UNKNOWN, Outcome, all_unknown
from tiktok_coach.rules.periods import handles_of
from tiktok_coach.rules.subjects import Subjects

HOUR, DAY = pd.Timedelta(hours=1), pd.Timedelta(days=1)


class Spacing(Params):
    """At least `min_hours` after the post before, or at most `max_days` after it."""

    min_hours: float | None = Field(None, gt=0)
    max_days: float | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _one_bound(self) -> Spacing:
        if (self.min_hours is None) == (self.max_days is None):
            raise ValueError("name either min_hours or max_days")
        return self


def evaluate(subjects: Subjects, field: str, params: Spacing) -> Outcome:
    """Pass where the distance to the post before is within the bound, and for an account's first post.

    Hours need the times of both posts; days need only their days. Unknown where those are not known.
    """
    times = subjects.column(field)
    if times is None:
        return all_unknown(len(subjects))
    hourly = (column(subjects.table, "posted_at_precision") == "second").to_numpy(dtype=bool)
    usable = times.notna().to_numpy() & (hourly if params.min_hours is not None else True)
    handles = handles_of(subjects.table, subjects.context)
    table = pd.DataFrame({"row": np.arange(len(subjects)), "when": times.array, "account": handles.array})[usable]
    ordered = table.sort_values("when", kind="stable")
    before = ordered.groupby("account", sort=False)[["row", "when"]].shift()
    apart = ordered["when"] - before["when"]
    bound = params.min_hours * HOUR if params.min_hours is not None else (params.max_days or 0) * DAY
    wrong = (apart < bound if params.min_hours is not None else apart > bound).to_numpy(dtype=bool)
    rows = ordered["row"].to_numpy()
    status = np.full(len(subjects), UNKNOWN, dtype=np.int8)
    status[rows] = PASS + wrong
    earlier = np.full(len(subjects), -1, dtype=np.int64)
    earlier[rows[wrong]] = before["row"].to_numpy()[wrong].astype(np.int64)
    value = np.full(len(subjects), np.nan)
    value[rows] = (apart.dt.total_seconds() / (3600 if params.min_hours is not None else 86_400)).round(1)
    return Outcome(
        status,
        pd.Series(value),
        {"first": lambda row: subjects.labels.iloc[earlier[row]] if earlier[row] >= 0 else ""},
        lacking="a publish time with its hour, and the timezone" if params.min_hours is not None else None,
        related=earlier,
    )


KIND = CheckKind("spacing", Spacing, evaluate, frozenset({"value", "first"}))
