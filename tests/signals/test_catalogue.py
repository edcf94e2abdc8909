"""The published signals as data: all of them, every value marked as assumed, the sourced orderings kept."""

from __future__ import annotations

from collections import Counter

import pytest

from tiktok_coach.errors import CoachError
from tiktok_coach.posts.schema import COLUMNS
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.signals.catalogue import load_signals

CATALOGUE = load_signals(rulebook())


def test_every_published_signal_is_there() -> None:
    groups = Counter(s.group for s in CATALOGUE.signals)
    assert groups == {
        "user interactions": 10,
        "video information": 5,
        "device and account settings": 4,
        "never recommended": 4,
        "not used": 2,
    }
    assert len({s.code for s in CATALOGUE.signals}) == 25


def test_every_value_is_marked_as_an_assumption_and_what_is_not_used_has_none() -> None:
    for signal in CATALOGUE.signals:
        assert bool(signal.actions) == signal.assumption == signal.code.startswith("S")


def test_columns_and_rules_that_measure_a_signal_exist() -> None:
    rules = {r.code for r in load_rules([rulebook()])}
    for signal in CATALOGUE.signals:
        assert {a.column for a in signal.actions if a.column} <= set(COLUMNS)
        assert set(signal.rules) <= rules


def test_own_values_must_respect_the_sourced_orderings() -> None:
    assert load_signals(rulebook(), {"like": 3.0}).values()["like"] == 3.0
    with pytest.raises(CoachError, match="the value of completion must be above that of country"):
        load_signals(rulebook(), {"country": 9.0})
    with pytest.raises(CoachError, match="S107 is negative, but report has the value 1"):
        load_signals(rulebook(), {"report": 1.0})
    with pytest.raises(CoachError, match="no signal has the action 'clap'"):
        load_signals(rulebook(), {"clap": 1.0})
