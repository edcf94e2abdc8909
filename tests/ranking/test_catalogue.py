"""The published signals as data: all of them, what every value stands on, the sourced orderings kept."""

from __future__ import annotations

from collections import Counter

import pytest

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.ranking.catalogue import Action, load_signals
from tiktok_coach.rules.load import load_rules, rulebook

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


def test_every_value_says_what_it_stands_on_and_what_is_not_used_has_none() -> None:
    for signal in CATALOGUE.signals:
        assert bool(signal.actions) == signal.code.startswith("S")
    fitted = {a.action for a in CATALOGUE.actions() if a.evidence == "fitted"}
    assert fitted == {"like", "comment", "share", "save"}, "all else is assumed: no outcome holds it"
    assert load_signals(rulebook(), {"like": 3.0}).actions()[3].evidence == "given"


def test_the_fitted_values_keep_together_the_weight_that_was_assumed_for_them() -> None:
    usual, values = CATALOGUE.usual(), CATALOGUE.values()
    together = sum(usual[action] * values[action] for action in ("like", "comment", "share", "save"))
    assert together == pytest.approx(0.06 * 4 + 0.005 * 30 + 0.005 * 40 + 0.008 * 25, rel=0.01)


def test_a_value_without_what_it_stands_on_is_refused() -> None:
    with pytest.raises(ValueError, match="a fitted value has an interval"):
        Action(action="like", value=1, evidence="fitted")
    with pytest.raises(ValueError, match="outside its interval"):
        Action(action="like", value=1, evidence="fitted", interval=(2, 3))


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
