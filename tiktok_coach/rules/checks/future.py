"""future: a time is still to come, and no closer or further away than a scheduler takes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from pydantic import Field

from tiktok_coach.core.translation import N_, plural, plurals
from tiktok_coach.rules.kind import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    TIMES,
    UNKNOWN,
    CheckKind,
    Outcome,
    Params,
    Subjects,
    all_unknown,
    known_mask,
    statuses,
)
from tiktok_coach.rules.subjects import DAY, text_equals

MINUTE = np.timedelta64(1, "m")
UNITS = (
    (DAY, plurals("{count} day", "{count} days")),
    (np.timedelta64(1, "h"), plurals("{count} hour", "{count} hours")),
    (MINUTE, plurals("{count} minute", "{count} minutes")),
)


class Future(Params):
    """With `min_minutes` or `max_days`, a time to come that is so far away at least or at most; one that is over does
    not apply then.
    """

    min_minutes: int | None = Field(None, gt=0)
    max_days: int | None = Field(None, gt=0)

    @property
    def condition(self) -> str:
        """When a subject passes."""
        if self.min_minutes is not None:
            return N_("{field} must be at least {min_minutes:minute|minutes} ahead")
        if self.max_days is not None:
            return N_("{field} must be at most {max_days:day|days} ahead")
        return N_("{field} must be still to come")


def evaluate(subjects: Subjects, field: str, params: Future) -> Outcome:
    """Pass where the time is not before now; a day without an hour is past once it is over.

    Of such a day it is unknown whether it is far enough away, or close enough, where that depends on the hour.
    """
    times = subjects.column_or_null(field)
    now = subjects.context.now
    if now is None:
        return all_unknown(len(subjects))
    by_day = text_equals(subjects.column_or_null("posted_at_precision"), "day")
    ends = np.where(by_day, times + DAY, times)
    moment = np.datetime64(now.astimezone(dt.UTC).replace(tzinfo=None))
    is_over = ends < moment
    if params.min_minutes is None and params.max_days is None:
        return Outcome(statuses(~is_over, known_mask(times)), times.astype("datetime64[D]"))
    fails, passes = np.zeros(len(times), dtype=bool), np.ones(len(times), dtype=bool)
    if params.min_minutes is not None:
        first = moment + params.min_minutes * MINUTE
        # Of a day that has begun, the hour may be over or still to come.
        has_begun = by_day & (times < moment)
        fails, passes = fails | ((ends < first) & ~has_begun), passes & (times >= first)
    if params.max_days is not None:
        last = moment + params.max_days * DAY
        fails, passes = fails | (times > last), passes & (ends <= last)
    status = np.select(
        [~known_mask(times), is_over, fails, passes], [UNKNOWN, NOT_APPLICABLE, FAIL, PASS], UNKNOWN
    ).astype(np.int8)
    terms = {
        "ahead": lambda row: _duration(times[row] - moment),
        "from_day": lambda row: (times[row] - (params.max_days or 0) * DAY).astype("datetime64[D]").item(),
    }
    return Outcome(status, times.astype("datetime64[D]"), terms)


def _duration(time: Any) -> str:
    """A length of time in days, hours or minutes, whichever says it shortly."""
    unit, words = next((one for one in UNITS if time >= 2 * one[0]), UNITS[-1])
    return plural(*words, int(time // unit))


NOW = N_("today's date (--today)")
TERMS = {"value", "ahead", "from_day"}
KIND = CheckKind("future", Future, evaluate, fields=TIMES, terms=TERMS, missing_input=lambda *_given: NOW)
