"""Advice on facts: what public accounts let expect, updated by the account's own posts, in both directions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.analyses import analysis_of
from tests.stats.worlds import World, posts_of
from tiktok_coach.analysis.audit import audit_account
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.account import Account
from tiktok_coach.io.reading import Export
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account_effects import OWN_AND_PUBLIC, PUBLIC
from tiktok_coach.stats.advice import Advice, one_a_field, public_effect
from tiktok_coach.stats.bands import hashtag_band, load_bands, public_effects
from tiktok_coach.stats.public_record import load_public_record

RECORD = load_public_record(rulebook())
BANDS = {band.id: band for band in load_bands(rulebook())}


def analysis(posts: pd.DataFrame, account: Account | None = None) -> Analysis:
    account = account or Account(handle="a", timezone="UTC")
    return analysis_of(Export(posts, pd.DataFrame(), (account,)))


def advice_of(posts: pd.DataFrame, account: Account | None = None) -> dict[str, Advice]:
    return {one.id: one for one in analysis(posts, account).advice}


def advice(name: str, *, has: bool = True, effect: float = 1.1) -> Advice:
    band = BANDS[name] if name in BANDS else hashtag_band(name)
    return Advice(band, has, PUBLIC, effect, 1.0, 1.2, 0.9, 5, 10)


def with_tag(posts: pd.DataFrame, tag: str, share: float, factor: float) -> pd.DataFrame:
    tagged = np.random.default_rng(len(tag)).random(len(posts)) < share
    captions = np.where(tagged, posts["caption"] + f" #{tag}", posts["caption"])
    views = (posts["views"].astype(float) * np.where(tagged, factor, 1.0)).round().astype("int64")
    return posts.assign(caption=captions, views=views)


def test_an_account_of_few_posts_is_advised_by_the_public_record_alone() -> None:
    given = advice_of(posts_of(np.random.default_rng(1), World(posts=10), "a"))
    question = given["question"]
    record = RECORD.effect("question", "views")
    assert record is not None
    assert question.basis == PUBLIC
    assert question.effect == pytest.approx(record.effect)
    assert question.low < record.interval[0], "one more account lies wider than the mean of many"
    assert public_effect(RECORD, question) == RECORD.effect("T403", "views"), "shown is what is shown of the rule"


def test_own_posts_turn_the_advice_round_where_they_are_clear() -> None:
    posts = posts_of(np.random.default_rng(2), World(posts=150, spread=0.3), "a")
    afternoon = posts["posted_at"].dt.hour.between(12, 16)
    better = posts.assign(views=(posts["views"] * np.where(afternoon, 3, 1)).astype("int64"))
    worse = posts.assign(views=(posts["views"] * np.where(afternoon, 1, 3)).astype("int64"))
    assert advice_of(better)["afternoon"].basis == OWN_AND_PUBLIC
    assert not {"afternoon"} & set(advice_of(worse))
    assert "not-afternoon" in advice_of(worse)


def test_the_most_worth_comes_first() -> None:
    posts = posts_of(np.random.default_rng(3), World(posts=150, spread=0.3), "a")
    for tag, share, factor in (("rye", 0.3, 2.0), ("bread", 0.2, 0.5)):
        posts = with_tag(posts, tag, share, factor)
    given = advice_of(posts)
    assert {"hashtag:rye", "not-hashtag:bread"} <= set(given)
    worth = [one.worth for one in given.values()]
    assert worth == sorted(worth, reverse=True)


def test_the_hashtag_of_the_accounts_own_community_is_none_to_leave_out() -> None:
    posts = with_tag(posts_of(np.random.default_rng(4), World(posts=150, spread=0.3), "a"), "ryetok", 0.5, 0.4)
    account = Account(handle="a", timezone="UTC")
    assert "not-hashtag:ryetok" in advice_of(posts, account)
    assert "not-hashtag:ryetok" not in advice_of(posts, replace(account, subcultures=("ryetok",)))


def test_nobody_is_advised_to_use_more_hashtags_than_tiktok_takes() -> None:
    posts = posts_of(np.random.default_rng(5), World(posts=100, spread=0.3), "a")
    many = np.random.default_rng(6).random(len(posts)) < 0.5
    captions = np.where(many, posts["caption"] + " #a #b #c #d #e #f", posts["caption"])
    posts = posts.assign(caption=captions, views=(posts["views"] * np.where(many, 4, 1)).astype("int64"))
    assert "not-five-hashtags-or-fewer" not in advice_of(posts)


def test_of_two_pieces_of_advice_on_one_fact_the_first_is_left() -> None:
    short, long, rye, bread = advice("under-12-seconds"), advice("60-seconds-or-longer"), advice("rye"), advice("bread")
    none = advice("any-hashtag", has=False)
    assert one_a_field([short, long]) == [short]
    assert one_a_field([rye, bread, rye]) == [rye, bread]
    assert one_a_field([none, rye]) == [none]
    assert one_a_field([rye, none]) == [rye]
    assert one_a_field([advice("generic-hashtag"), advice("fyp")]) == [advice("generic-hashtag")]


def test_of_a_rule_and_advice_that_the_same_posts_follow_one_is_left() -> None:
    posts = with_tag(posts_of(np.random.default_rng(5), World(posts=200, spread=0.3), "a"), "foodtok", 0.4, 2.0)
    result = audit_account(analysis(posts))
    given = [one.id if isinstance(one, Advice) else one.evaluation.code for one in result.advice]
    assert "T204" in {change.evaluation.code for change in result.changes}
    assert len({"T204", "hashtag:foodtok"} & set(given)) == 1


def test_questions_expect_what_public_accounts_show_and_else_what_is_documented() -> None:
    one = analysis(posts_of(np.random.default_rng(1), World(posts=20), "a"))
    codes, public = one.questions.codes, public_effects(rulebook(), "views")
    mean, doubt = one.questions.priors("views")
    asked, unmeasured = codes.index("T403"), codes.index("T303")
    assert (mean[asked], doubt[asked]) == (public["T403"].log, public["T403"].doubt)
    assert (mean[unmeasured], doubt[unmeasured]) == (0.0, 0.5)
    assert one.questions.priors("completion")[0][unmeasured] == pytest.approx(np.log(1.7)), "a documented lift"
    whole = codes.index("T4")
    assert mean[whole] == public["T4"].log
