"""future: a time is still to come."""

from __future__ import annotations

import datetime as dt

import numpy as np

from tiktok_coach.core.translation import N_
from tiktok_coach.rules.kind import TIMES, CheckKind, Outcome, Params, Subjects, all_unknown, known_mask, statuses
from tiktok_coach.rules.subjects import DAY, text_equals


class Future(Params):
    """No parameters."""

    @property
    def condition(self) -> str:
        """When a subject passes."""
        return N_("{field} must be still to come")


def evaluate(subjects: Subjects, field: str, params: Future) -> Outcome:  # noqa: ARG001 - the kind's signature
    """Pass where the time is not before now; a day without an hour is past once it is over."""
    times = subjects.column_or_null(field)
    now = subjects.context.now
    if now is None:
        return all_unknown(len(subjects))
    by_day = text_equals(subjects.column_or_null("posted_at_precision"), "day")
    ends = np.where(by_day, times + DAY, times)
    moment = np.datetime64(now.astimezone(dt.UTC).replace(tzinfo=None))
    return Outcome(statuses(ends >= moment, known_mask(times)), times.astype("datetime64[D]"))


NOW = N_("today's date (--today)")
KIND = CheckKind("future", Future, evaluate, fields=TIMES, terms={"value"}, missing_input=lambda *_given: NOW)
