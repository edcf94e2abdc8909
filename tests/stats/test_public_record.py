"""The public record: what grade a rule gets of it, by its own effect or by that of a band that carries its code."""

from __future__ import annotations

import pytest

from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.stats.bands import Band, load_bands
from tiktok_coach.stats.public_record import CONTRADICTED, Moderator, PublicEffect, load_public_record

RECORD, BANDS = load_public_record(rulebook()), load_bands(rulebook())


def effect(
    mean: float, low: float, high: float, spread: float = 0.05, accounts: int = 100, subject: str = "T101"
) -> PublicEffect:
    return PublicEffect(
        subject=subject,
        outcome="views",
        effect=mean,
        interval=(low, high),
        spread=spread,
        accounts=accounts,
        posts=5000,
        years=(2020, 2026),
        sets=3,
        moderators=(Moderator(by="year", per="a year later", factor=0.8, interval=(0.5, 1.0)),),
    )


@pytest.mark.parametrize(
    ("one", "grade"),
    [
        (effect(1.06, 1.02, 1.10), "supported"),
        (effect(0.90, 0.85, 0.95), "contradicted"),
        (effect(1.01, 0.96, 1.06), "no effect seen"),
        (effect(1.06, 1.02, 1.10, spread=0.4), "differs between accounts"),
        (effect(1.00, 0.96, 1.04, spread=0.4), "differs between accounts"),
        (effect(1.30, 1.20, 1.40, accounts=9), "not tested"),
        # However surely it is known: so little is no effect.
        (effect(0.98, 0.97, 0.99, spread=0.02), "no effect seen"),
        (effect(0.97, 0.963, 0.977, spread=0.02), "no effect seen"),
        (effect(1.03, 1.02, 1.04, spread=0.0), "no effect seen"),
        (effect(0.96, 0.95, 0.97, spread=0.02), "contradicted"),
        (effect(1.04, 1.03, 1.05, spread=0.02), "supported"),
    ],
)
def test_a_grade_needs_a_clear_effect_that_matters_on_most_accounts(one: PublicEffect, grade: str) -> None:
    assert one.grade == grade
    opposite = {"supported": "contradicted", "contradicted": "supported"}
    assert one.inverse.grade == opposite.get(grade, grade), "and the opposite advice gets the opposite grade"


def test_the_inverse_of_an_effect_turns_all_of_it_round() -> None:
    one = effect(0.8, 0.5, 1.0).inverse
    assert (one.effect, one.interval, one.spread) == (1.25, (1.0, 2.0), 0.05)
    assert (one.moderators[0].factor, one.moderators[0].interval) == (1.25, (1.0, 2.0))


def test_a_rule_without_an_effect_of_its_own_takes_that_of_its_band() -> None:
    replies = Band(id="video-reply", field="kind", any_of=("video_reply",), do="", instead="", code="T705")
    close = Band(id="close", field="hours_since_post", below=6, do="", instead="", code="T604", opposite=True)
    effects = (
        effect(1.2, 1.1, 1.3, subject="video-reply"),
        effect(0.8, 0.5, 1.0, subject="close"),
        effect(1.1, 1.05, 1.15, subject="T403"),
    )
    record = RECORD.model_copy(update={"effects": effects})
    record.__dict__.pop("by_subject", None)
    bands = (replies, close, replies.model_copy(update={"code": "T403"}))
    of = {code: record.rule_effect(code, "views", bands) for code in ("T705", "T604", "T403", "T101")}
    assert {code: one and one.effect for code, one in of.items()} == {
        "T705": 1.2,
        "T604": 1.25,
        "T403": 1.1,
        "T101": None,
    }
    assert record.grade("T101", "views", bands) == "not tested"


def test_every_code_of_a_band_is_a_rule_of_its_tip() -> None:
    tips = {rule.code: rule.tip for rule in load_rules([rulebook()])}
    for band in BANDS:
        if band.code is not None:
            assert tips[band.code] == band.tip
            assert RECORD.rule_effect(band.code, "views", BANDS) is not None, band.code


def test_what_public_posts_contradict_is_no_more_than_worth_knowing() -> None:
    severities = {
        rule.code: rule.rule.severity
        for rule in load_rules([rulebook()])
        if RECORD.grade(rule.code, "views", BANDS) == CONTRADICTED
    }
    assert severities == dict.fromkeys(severities, "info")
    assert "T505" in severities


def test_nine_of_ten_accounts_lie_where_mean_and_spread_say() -> None:
    one = effect(1.0, 0.9, 1 / 0.9, spread=0.2)
    low, high = one.account_range
    assert low * high == pytest.approx(1)
    assert high > 1.39, "exp(1.645 x 0.2), and wider by the doubt of the mean"
