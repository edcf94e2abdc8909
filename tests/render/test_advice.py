"""Advice in words: what is clear, what may help, and what is of public accounts alone."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from tests.analyses import analysis_of
from tiktok_coach.analysis.audit import audit_account, merge_advice
from tiktok_coach.core.account import Account, Audience
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export
from tiktok_coach.render.advice import lacking_text, short_texts, worth_text
from tiktok_coach.render.screen import first_to_fit
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account_effects import OWN_AND_PUBLIC, PUBLIC
from tiktok_coach.stats.advice import Advice, public_effect
from tiktok_coach.stats.bands import load_bands
from tiktok_coach.stats.public_record import load_public_record

BANDS = {band.id: band for band in load_bands(rulebook())}


def advice(name: str, effect: float, low: float, basis: str = OWN_AND_PUBLIC) -> Advice:
    one = Advice(BANDS[name], True, basis, effect, low, 2 * effect - low, 0.9, 5, 10)
    return replace(one, public=public_effect(load_public_record(rulebook()), one))


def test_what_may_cost_views_too_is_said_to_be_no_more_than_possible() -> None:
    clear, unclear = advice("evening", 1.3, 1.1), advice("evening", 1.3, 0.98)
    assert next(short_texts(clear)) == "30% more views (10–50%). 5 of your 10 posts don't."
    assert next(short_texts(unclear)) == "May help (30% more views, could be chance). 5 of your 10 posts don't."
    assert worth_text(clear).startswith("Together, your own and public posts point to 30% more views")
    assert worth_text(unclear).startswith("May help: together, your own and public posts point to 30% more views")


def test_what_is_clear_comes_before_what_may_be_worth_more() -> None:
    clear, unclear = advice("evening", 1.1, 1.05), advice("question", 1.5, 0.9)
    assert merge_advice([unclear, clear], [], {}) == (clear, unclear)


def test_public_accounts_are_said_to_show_what_they_show_and_not_what_one_more_may() -> None:
    one = advice("question", 1.05, 0.95, PUBLIC)
    assert one.public is not None
    low, high = (round(100 * (bound - 1)) for bound in one.public.interval)
    shown = f"{one.public.effect - 1:.0%} more views ({low}–{high}%)"
    assert next(short_texts(one)) == f"On public accounts {shown}. 5 of your 10 posts don't."
    assert shown in worth_text(one)


def test_one_month_is_not_one_of_one_months() -> None:
    days = pd.date_range("2026-12-01", periods=12, tz="UTC")
    table = pd.DataFrame(
        {"post_id": [f"p{n}" for n in range(12)], "posted_at": days, "caption": "Oven day #rye #bread"}
    )
    planned = conform(table.assign(account="a", status="planned"))
    export = Export(planned, pd.DataFrame(), (Account(handle="a", timezone="UTC"),))
    changes = {change.evaluation.code: change for change in audit_account(analysis_of(export)).changes}
    assert lacking_text(changes["T810"]) == "In the one month that could be checked you don't."


def test_of_an_account_it_is_said_where_it_stands_and_of_its_settings_that_they_are_to_fix() -> None:
    posts = conform(pd.DataFrame({"post_id": ["p"], "account": "a", "views": 1.0, "caption": "Rye"}))
    followers = pd.DataFrame({"account": "a", "date": pd.to_datetime(["2026-10-01"], utc=True), "followers": [3168.0]})
    account = Account(handle="a", goals=("rewards",), type="business")
    export = Export(posts, pd.DataFrame(), (account,), audiences={"a": Audience(followers=followers)})
    changes = {change.evaluation.code: change for change in audit_account(analysis_of(export)).changes}
    assert lacking_text(changes["G005"]) == "You have 3,168 followers; Creator Rewards take 10,000."
    assert lacking_text(changes["G001"]) == "To fix on your account."


def test_where_there_is_no_room_a_whole_sentence_is_left_out() -> None:
    one = advice("evening", 1.3, 1.1)
    for width in range(30, 80):
        (line,) = first_to_fit(short_texts(one), width, 1, indent=3)
        assert re.search(r"\.$", line.plain)
