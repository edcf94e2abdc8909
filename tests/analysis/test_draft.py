"""What is drafted for the days to come."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from tiktok_coach.analysis.draft import draft
from tiktok_coach.analysis.experiment import design
from tiktok_coach.analysis.good_hours import GoodHours
from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.core.errors import CoachError

NOON = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
TODAY = NOON.date()


def test_no_hour_that_is_past_is_drafted() -> None:
    options = AnalysisOptions(now=NOON, timezone="Europe/Copenhagen")
    for start in (TODAY, dt.date(2026, 11, 1)):
        slots = draft(options, count=2, per_day=2, start=start, hours=[12, 18]).slots
        assert [slot.at.isoformat() for slot in slots] == ["2026-11-24T18:00:00+01:00", "2026-11-25T12:00:00+01:00"]


@pytest.mark.parametrize("per_day", [1, 2, 3])
def test_hours_take_turns_and_lie_apart(per_day: int) -> None:
    options = AnalysisOptions(now=NOON, timezone="UTC", today=TODAY)
    slots = draft(options, count=24, per_day=per_day, hours=[0, 9, 12, 18, 21, 23]).slots
    uses = Counter(slot.at.hour for slot in slots)
    assert len(uses) == 6
    assert max(uses.values()) - min(uses.values()) <= 1
    gaps = [(late.at - early.at).total_seconds() / 3600 for early, late in pairwise(slots)]
    assert min(gaps) >= 2


def test_no_experiment_begins_on_a_day_of_which_an_hour_is_past(bakery: Path) -> None:
    options = AnalysisOptions(now=NOON, timezone="Europe/Copenhagen", inputs=(bakery,))
    for hours, first in (([12, 18], "2026-11-25T12:00:00+01:00"), ([18], "2026-11-24T18:00:00+01:00")):
        result = design(
            options,
            rule="T301",
            effect=1.5,
            power=0.8,
            alpha=0.05,
            per_day=len(hours),
            hours=hours,
            start=TODAY,
            seed=0,
        )
        assert result.slots[0].at.isoformat() == first


def test_an_experiment_has_as_many_hours_as_posts_a_day(bakery: Path) -> None:
    options = AnalysisOptions(now=NOON, timezone="Europe/Copenhagen", inputs=(bakery,))
    size = {"rule": "T301", "effect": 1.5, "power": 0.8, "alpha": 0.05, "per_day": 2, "start": TODAY, "seed": 0}
    for hours in ([18], [18, 18]):
        with pytest.raises(CoachError, match="too few for --per-day 2"):
            design(options, hours=hours, **size)  # type: ignore[arg-type]
    days = Counter(slot.at.date() for slot in design(options, hours=None, **size).slots)  # type: ignore[arg-type]
    assert set(days.values()) == {2}


@pytest.mark.parametrize("per_day", [1, 2, 3])
def test_a_day_with_too_few_good_hours_is_filled_up_with_others(
    bakery: Path, monkeypatch: pytest.MonkeyPatch, per_day: int
) -> None:
    one_hour = GoodHours((19,), "your own posts")
    monkeypatch.setattr("tiktok_coach.analysis.draft.good_hours", lambda _analysis: one_hour)
    options = AnalysisOptions(now=NOON, timezone="UTC", inputs=(bakery,))
    drafted = draft(options, count=6, per_day=per_day)
    assert drafted.hours == tuple(sorted([19, 12, 8][:per_day]))
    assert Counter(slot.at.date() for slot in drafted.slots).most_common()[-1][1] == per_day
    assert ("the other hours fill up the day" in drafted.basis) == (per_day > 1)
