"""future: a time is still to come."""

from __future__ import annotations

import datetime as dt

import numpy as np

from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.translation import N_
from tiktok_coach.rules.kind import TIMES, CheckKind, Params
from tiktok_coach.rules.outcome import Outcome, all_unknown, statuses
from tiktok_coach.rules.subjects import DAY, Subjects, text_equals


class Future(Params):
    """No parameters."""


def evaluate(subjects: Subjects, field: str, params: Future) -> Outcome:  # noqa: ARG001 - the kind's signature
    """Pass where the time is not before now; a day without an hour is past once it is over."""
    times = subjects.column(field)
    now = subjects.context.now
    if times is None or now is None:
        return all_unknown(len(subjects))
    by_day = text_equals(subjects.column_or_null("posted_at_precision"), "day")
    ends = np.where(by_day, times + DAY, times)
    moment = np.datetime64(now.astimezone(dt.UTC).replace(tzinfo=None))
    return Outcome(statuses(ends >= moment, known_mask(times)), times.astype("datetime64[D]"))


def missing_input(subjects: Subjects, field: str, params: Future) -> str | None:  # noqa: ARG001 - the kind's signature
    """The present day, where the time itself is known."""
    return None if subjects.column(field) is None else N_("today's date (--today)")


KIND = CheckKind(
    name="future",
    params=Future,
    evaluate=evaluate,
    fields=TIMES,
    terms=frozenset({"value"}),
    missing_input=missing_input,
)
