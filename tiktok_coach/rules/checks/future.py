"""future: a time is still to come."""

from __future__ import annotations

import pandas as pd

from tiktok_coach.posts import column
from tiktok_coach.rules.kind import CheckKind, Params
from tiktok_coach.rules.outcome import Outcome, all_unknown, answers
from tiktok_coach.rules.subjects import Subjects


class Future(Params):
    """No parameters."""


def evaluate(subjects: Subjects, field: str, params: Future) -> Outcome:  # noqa: ARG001 - the kind's signature
    """Pass where the time is not before now; a day without an hour is past once it is over."""
    times = subjects.column(field)
    now = subjects.context.now
    if times is None or now is None:
        return all_unknown(len(subjects), None if times is None else "today's date (--today)")
    by_day = (column(subjects.table, "posted_at_precision") == "day").to_numpy(dtype=bool)
    ends = times.mask(by_day, times + pd.Timedelta(days=1))
    return Outcome(answers(ends >= now, times.notna()), times.dt.strftime("%Y-%m-%d"))


KIND = CheckKind("future", Future, evaluate, frozenset({"value"}))
