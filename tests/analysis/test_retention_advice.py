"""What an audit advises on what viewers do while they watch: both ways, at most two, after clear gains in views."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from tests.analyses import analysis_of
from tests.render.test_advice import advice
from tests.stats.retention import retention_of
from tiktok_coach.analysis.audit import audit_account, merge_advice
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.event_tips import load_event_tips
from tiktok_coach.stats.retention_advice import RetentionAdvice, advise_on_watching

PAUSES = retention_of({"pause": 2.5, "text": 0.5})


def test_what_goes_along_with_leaving_is_to_be_less_and_with_staying_more() -> None:
    both = {one.id: one for one in PAUSES.advice}
    assert set(both) == {"not-pause", "text"}
    pause, text = both["not-pause"], both["text"]
    assert (pause.has, text.has) == (False, True)
    assert (pause.tip.do(has=pause.has), text.tip.do(has=text.has)) == ("Cut out pauses", "Keep text on the screen")
    assert pause.worth.share_then < pause.worth.share_now
    assert text.worth.share_then > text.worth.share_now


def test_that_worth_most_watch_time_comes_first_and_no_more_than_two() -> None:
    many = retention_of({"pause": 3.0, "text": 0.4, "motion": 2.5, "speech": 0.5})
    gains = [one.worth.watch_time_gain[0] for one in many.advice]
    assert len(many.worth) > 2 == len(gains)
    assert gains == sorted(gains, reverse=True)


def test_where_nothing_is_clear_or_nothing_worth_a_fiftieth_of_the_watch_time_there_is_none() -> None:
    assert retention_of({}, posts=20).advice == ()
    small = {
        name: replace(one, watch_time_gain=(0.019 * one.watch_time_now_s, 0.0, 0.1))
        for name, one in PAUSES.worth.items()
    }
    assert advise_on_watching(load_event_tips(rulebook()), PAUSES.effects, small) == []


def test_it_comes_after_clear_gains_in_views_and_before_unclear_ones() -> None:
    clear, unclear = advice("evening", 1.1, 1.05), advice("question", 1.5, 0.9)
    assert merge_advice([unclear, clear], [], {}, watching=PAUSES.advice) == (clear, *PAUSES.advice, unclear)


@pytest.mark.parametrize(
    ("goals", "goal"),
    [(("reach",), "reach"), (("sales", "rewards"), "rewards"), (("rewards", "reach"), "rewards"), (("sales",), None)],
)
def test_it_serves_reach_and_rewards(goals: tuple[str, ...], goal: str | None) -> None:
    given = merge_advice([], [], {}, goals=goals, watching=PAUSES.advice)
    assert [one.goal for one in given] == [goal, goal]


def test_what_creator_rewards_ask_for_comes_first_of_that_goal() -> None:
    short = Export(
        conform(pd.DataFrame({"post_id": ["p"], "account": "a", "views": 9.0, "duration_s": 20.0})),
        pd.DataFrame(),
        (Account(handle="a", goals=("rewards",)),),
    )
    changes = audit_account(analysis_of(short)).changes
    given = merge_advice([], changes, {}, goals=("rewards",), watching=PAUSES.advice)
    assert [one.id if isinstance(one, RetentionAdvice) else one.goal for one in given][-3:] == [
        "rewards",
        *(one.id for one in PAUSES.advice),
    ]


def test_a_rule_that_speaks_of_the_same_is_not_said_twice() -> None:
    (cut,) = retention_of({"cut": 0.4}).advice
    export = Export(
        conform(pd.DataFrame({"post_id": ["p", "q"], "account": "a", "views": 9.0, "quick_cuts": False})),
        pd.DataFrame(),
        (Account(handle="a"),),
    )
    audit = audit_account(analysis_of(export))
    assert "T503" in {change.evaluation.code for change in audit.changes}
    given = merge_advice([], audit.changes, {}, watching=[cut])
    assert [one.id for one in given if isinstance(one, RetentionAdvice)] == ["cut"]
    assert not [one for one in given if not isinstance(one, RetentionAdvice) and one.evaluation.code == "T503"]
    assert (cut.asks_same, replace(cut, has=False).asks_same) == (True, False)
