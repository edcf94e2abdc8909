"""Advice on what viewers do while they watch, in words: what was seen, what it may be worth, and that it need not be why."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.render.test_advice import advice
from tests.stats.retention import retention_of
from tiktok_coach.core.translation import use_language
from tiktok_coach.render.advice import advice_facts, code_of, do_text, lacking_text, short_texts, worth_text
from tiktok_coach.render.moments import NAMES, PLACES, SECONDS, event_name, experiment_text, place_text, seconds_text
from tiktok_coach.render.retention_advice import cause_text, later_texts
from tiktok_coach.render.retention_advice import worth_text as retention_worth_text
from tiktok_coach.stats.moments import EVENTS

PAUSES = retention_of({"pause": 2.5, "text": 0.5})
BY_ID = {one.id: one for one in PAUSES.advice}


def test_every_event_has_words() -> None:
    assert set(NAMES) == set(SECONDS) == set(PLACES) == set(EVENTS)
    assert (event_name("no cut for long"), place_text("pause")) == ("no cut for 5 s", "where nobody speaks")
    assert seconds_text("cut") == "in the second after a cut"


def test_it_is_said_what_viewers_do_and_what_the_best_quarter_of_videos_would_be_worth() -> None:
    pause, text = BY_ID["not-pause"], BY_ID["text"]
    assert (do_text(pause), do_text(text)) == ("Cut out pauses", "Keep text on the screen")
    assert re.fullmatch(
        r"In pauses in speech 2\.\d times as many viewers leave \(\d\.\d–\d(\.\d)?\), in \d+ videos\.",
        lacking_text(pause),
    )
    assert re.match(r"In seconds with text on the screen \d\d% fewer viewers leave \(\d\d–\d\d%\)", lacking_text(text))
    number = r"\d+\.\d"
    assert re.fullmatch(
        rf"With as little of that as your best quarter of videos, viewers would watch {number} s instead of {number} "
        rf"\({number}–{number}\)\. \d\d% instead of \d\d% would watch to the end\.",
        worth_text(pause),
    )
    assert worth_text(text).startswith("With as much of that as")


def test_that_it_only_goes_along_is_said_once_and_how_to_know_each_time() -> None:
    first, second = PAUSES.advice
    texts = [cause_text(one, PAUSES.advice) for one in (first, second)]
    assert texts == ["It goes along with that, and need not be why.", ""]
    assert (
        experiment_text(second.id, "a b")
        == f"An experiment tells: tiktok-coach experiment design a b --rule {second.id}"
    )
    assert all(text.startswith("Goes along with") for one in PAUSES.advice for text in short_texts(one))


def test_a_gain_in_completion_that_does_not_show_is_not_named() -> None:
    pause = BY_ID["not-pause"].worth
    same = replace(pause, completion_gain=(0.001, 0.0, 0.002), completion_now=0.36)
    assert "to the end" not in retention_worth_text(same, has=False)
    assert retention_worth_text(pause, has=False) == worth_text(BY_ID["not-pause"])


def test_what_comes_after_the_first_is_said_in_a_line() -> None:
    on_views, both = advice("evening", 1.1, 1.05), PAUSES.advice
    names = ", ".join(do_text(one)[0].lower() + do_text(one)[1:] for one in both)
    texts = list(later_texts([on_views, *both], 1))
    assert texts[:2] == [
        f"So that viewers stay: {names}. Why: tiktok-coach retention",
        f"So that viewers stay: {names}.",
    ]
    assert texts[-1] == f"So that viewers stay: {do_text(both[0])[0].lower()}{do_text(both[0])[1:]}."
    # What is among the first is said there, and what is nowhere is not said.
    assert list(later_texts([on_views, *both], 2)) == list(later_texts([on_views], 1)) == []


def test_json_has_no_effect_on_views_but_what_is_known_of_watching() -> None:
    facts = advice_facts(BY_ID["not-pause"])
    assert (facts["basis"], facts["effect"], facts["lacking"], facts["where"]) == ("retention", None, None, None)
    watching = facts["watching"]
    assert watching["event"] == "pause"
    assert watching["leaving"]["interval"][0] < watching["leaving"]["effect"] < watching["leaving"]["interval"][1]
    assert watching["watch_time_s"]["now"] < watching["watch_time_s"]["then"]
    assert watching["share"]["then"] < watching["share"]["now"]


def test_posts_of_a_rule_that_asks_for_the_opposite_follow_no_advice() -> None:
    (less,) = [one for one in retention_of({"cut": 2.5}).advice if one.tip.event == "cut"]
    assert (do_text(less), code_of(less), advice_facts(less)["code"]) == ("Let shots run longer", "T503", None)


def test_it_is_said_in_danish() -> None:
    with use_language("da"):
        assert do_text(BY_ID["not-pause"]) == "Klip pauserne ud"
        assert "seere falder fra" in lacking_text(BY_ID["not-pause"])
