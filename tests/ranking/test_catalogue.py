"""The published signals as data: all of them, what every value stands on, the sourced orderings kept."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.ranking.catalogue import Profile, load_signals
from tiktok_coach.ranking.scoring import weights
from tiktok_coach.rules.load import load_rules, rulebook

CATALOGUE = load_signals(rulebook())
PROFILES = [profile.name for profile in CATALOGUE.signal_profiles]


def test_every_published_signal_is_there() -> None:
    groups = Counter(s.group for s in CATALOGUE.signals)
    assert groups == {
        "user interactions": 12,
        "video information": 9,
        "device and account settings": 4,
        "never recommended": 6,
        "not used": 2,
    }
    assert len({s.code for s in CATALOGUE.signals}) == 33


def test_every_value_says_what_it_rests_on_and_what_is_not_used_has_none() -> None:
    for signal in CATALOGUE.signals:
        assert bool(signal.actions) == signal.code.startswith("S")
    assert CATALOGUE.evidence("like") == "consensus"
    assert CATALOGUE.evidence("country") == "assumed", "X names no such action"
    fitted = load_signals(rulebook(), {"like": 3.0}, "fitted")
    assert [fitted.evidence(action) for action in ("like", "save", "completion")] == ["given", "fitted", "assumed"]


def test_profiles_of_another_platform_are_on_the_scale_of_the_assumed_values() -> None:
    assumed, x = CATALOGUE.values("assumed"), CATALOGUE.values("x-2026")
    assert x["like"] == assumed["like"]
    assert x["comment"] / x["like"] == pytest.approx(5 / 0.5)
    assert x["not_interested"] / x["like"] == pytest.approx(-43.2 / 0.5)
    assert x["country"] == assumed["country"], "what a profile does not name keeps its assumed value"


@pytest.mark.parametrize("name", ["consensus", *PROFILES])
def test_every_profile_keeps_the_published_signs_and_orderings(name: str) -> None:
    values = load_signals(rulebook(), None, name).values()
    assert all(values[order.stronger] > values[order.weaker] for order in CATALOGUE.orderings)
    assert {action for action, value in values.items() if value < 0} == {"hide", "not_interested", "report"}


def test_the_consensus_lies_between_the_profiles_it_is_made_of() -> None:
    parts = [CATALOGUE.values(name) for name in CATALOGUE.consensus]
    for action, value in CATALOGUE.values().items():
        sizes = [abs(values[action]) for values in parts]
        assert min(sizes) <= abs(value) * (1 + 1e-9)
        assert abs(value) <= max(sizes) * (1 + 1e-9)


@pytest.mark.parametrize("name", ["consensus", "assumed", "x-2026", "x-2023"])
def test_a_plain_list_knows_at_least_a_fifth_of_the_weight(name: str) -> None:
    share = np.abs(weights(load_signals(rulebook(), None, name)))
    plain = [action in {"like", "comment", "share"} for action in CATALOGUE.measured()]
    assert share[plain].sum() / share.sum() >= 0.2


def test_the_fitted_values_keep_together_the_weight_that_was_assumed_for_them() -> None:
    usual = CATALOGUE.usual()
    together = [
        sum(usual[action] * CATALOGUE.values(name)[action] for action in ("like", "comment", "share", "save"))
        for name in ("assumed", "fitted")
    ]
    assert together[0] == pytest.approx(together[1], rel=0.01)


def test_what_no_profile_is_called_and_a_value_outside_its_interval_are_refused() -> None:
    with pytest.raises(CoachError, match="no profile of values is called 'mine'"):
        load_signals(rulebook(), None, "mine")
    source = {"name": "a study", "as_of": "2026"}
    with pytest.raises(ValueError, match="outside its interval"):
        Profile(name="p", claim="c", source=source, values={"like": 1}, intervals={"like": (2, 3)})


def test_watch_time_follows_the_published_medians() -> None:
    curve = next(curve for curve in CATALOGUE.baselines if curve.action == "playtime")
    for seconds, watched in ((7.5, 3.1), (20, 4.1), (45, 6.9), (90, 11.3)):
        assert curve.rate * (seconds / 15) ** curve.length * seconds == pytest.approx(watched, rel=0.15)


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
