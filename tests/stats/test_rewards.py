"""At most how many views the Creator Rewards Program counts, and how far an account is from its conditions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyses import analysis_of
from tests.conftest import Ran
from tiktok_coach.analysis.rewards import Bar, Rewards, rewards
from tiktok_coach.core.account import Account, Audience
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export
from tiktok_coach.render.rewards import bar_text, rewards_facts, views_texts
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.kind import NAMES
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.rules.subjects import Context
from tiktok_coach.stats.rewards import counting_mask, load_programme, qualified_views

Coach = Callable[..., Ran]
PROGRAMME = load_programme(rulebook())
SHARES = st.floats(0, 1).map(lambda share: round(share, 4))
VIEWS = st.integers(0, 10**9)


def posts(**columns: object) -> pd.DataFrame:
    count = max(len(values) for values in columns.values() if isinstance(values, list))
    return conform(pd.DataFrame({"post_id": [f"p{n}" for n in range(count)], **columns}))


def captured(views: float, for_you: float, staying: float, **columns: object) -> pd.DataFrame:
    shares = {"traffic_for_you": [for_you], "retention_5s": [staying]}
    return posts(views=[views], **shares, **{name: [value] for name, value in columns.items()})


def test_views_times_the_share_from_for_you_times_the_share_that_stays() -> None:
    bound = qualified_views(captured(10_000, 0.843, 0.512))
    assert bound.value[0] == pytest.approx(10_000 * 0.843 * 0.512)
    assert bound.low[0] == pytest.approx(10_000 * 0.8425 * 0.5115)
    assert bound.high[0] == pytest.approx(10_000 * 0.8435 * 0.5125)
    assert bound.ceiling[0] == pytest.approx(10_000 * 0.5125)


def test_what_a_source_rounds_leaves_more_open() -> None:
    exact, rounded = (qualified_views(captured(12_300, 0.84, 0.51, counts_rounded=is_so)) for is_so in (False, True))
    assert rounded.value[0] == exact.value[0]
    assert rounded.low[0] < exact.low[0] < exact.high[0] < rounded.high[0]


def test_no_more_views_count_than_people_were_reached() -> None:
    bound = qualified_views(captured(10_000, 0.9, 0.9, reach=500))
    assert bound.value[0] == bound.high[0] == bound.ceiling[0] == 500


@given(VIEWS, SHARES, SHARES, st.none() | VIEWS, st.booleans())
def test_never_more_than_the_views_and_always_in_order(
    views: int, for_you: float, staying: float, reach: int | None, is_rounded: bool
) -> None:
    bound = qualified_views(captured(views, for_you, staying, reach=reach, counts_rounded=is_rounded))
    low, value, high, ceiling = (float(part[0]) for part in (bound.low, bound.value, bound.high, bound.ceiling))
    assert 0 <= low <= value <= high <= ceiling * (1 + 1e-12)
    assert value <= views * (1 + 1e-12)


@given(VIEWS, SHARES, SHARES, st.integers(0, 2), st.floats(0, 1))
def test_more_views_or_higher_shares_never_count_for_less(
    views: int, for_you: float, staying: float, which: int, more: float
) -> None:
    before = [float(views), for_you, staying]
    after = list(before)
    after[which] = before[which] + (round(more * 1000) if which == 0 else round(more * (1 - before[which]), 4))
    one, other = (qualified_views(captured(*values)) for values in (before, after))
    assert one.value[0] <= other.value[0] + 1e-6


@pytest.mark.parametrize("missing", ["views", "traffic_for_you", "retention_5s"])
def test_without_one_of_them_nothing_is_known(missing: str) -> None:
    columns: dict[str, object] = {"views": [100], "traffic_for_you": [0.9], "retention_5s": [0.5], "reach": [90]}
    bound = qualified_views(posts(**{**columns, missing: [None]}))
    assert all(np.isnan(part[0]) for part in (bound.value, bound.low, bound.high, bound.ceiling))


@pytest.mark.parametrize(
    ("post", "counts"),
    [
        ({"duration_s": 60.0}, 1.0),
        ({"duration_s": 59.9}, 0.0),
        ({}, np.nan),
        ({"duration_s": 90.0, "kind": "original"}, 1.0),
        ({"duration_s": 90.0, "kind": "video_reply"}, 1.0),
        ({"duration_s": 90.0, "kind": "duet"}, 0.0),
        ({"duration_s": 90.0, "kind": "stitch"}, 0.0),
        ({"kind": "photo"}, 0.0),
        ({"duration_s": 90.0, "disclosure": "own"}, 1.0),
        ({"duration_s": 90.0, "disclosure": "paid"}, 0.0),
        ({"duration_s": 90.0, "ad": True}, 0.0),
        ({"duration_s": 90.0, "repost": True}, 0.0),
        ({"duration_s": 90.0, "status": "planned"}, 0.0),
    ],
)
def test_which_posts_may_count(post: dict[str, object], counts: float) -> None:
    mask = counting_mask(posts(views=[10], **{name: [value] for name, value in post.items()}), PROGRAMME)
    np.testing.assert_array_equal(mask, [counts])


def by_day(until: str, days: int, **columns: float) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.date_range(end=until, periods=days, tz="UTC"), **columns})


def of(table: pd.DataFrame, account: Account, audience: Audience | None = None) -> Rewards:
    table = table.assign(account=pd.array([account.handle] * len(table), dtype="str"))
    return rewards(analysis_of(Export(table, table.iloc[:0], (account,), {"baker": audience} if audience else {})))


def bar(result: Rewards, name: str) -> Bar:
    return next(one for one in result.bars if one.name == name)


def test_a_personal_account_with_enough_followers_and_views_meets_what_can_be_known() -> None:
    audience = Audience(
        overview=by_day("2026-10-31", 40, views=4_000), followers=by_day("2026-10-31", 40, followers=12_000, change=1)
    )
    result = of(posts(views=[10]), Account("baker", type="personal", country="de", owner_age=30), audience)
    assert {one.name: one.is_met for one in result.bars} == {
        "account_type": True,
        "age": True,
        "followers": True,
        "views": True,
        "country": True,
    }
    assert bar(result, "views").value == 120_000
    assert "120,000 of 100,000 up to 2026-10-31" in bar_text(bar(result, "views"), PROGRAMME)


def test_what_is_not_met_says_how_far_it_is() -> None:
    audience = Audience(
        overview=by_day("2026-10-31", 30, views=71_000 / 30),
        followers=by_day("2026-10-31", 3, followers=3_168, change=1),
    )
    result = of(posts(views=[10]), Account("baker", type="business", country="DK"), audience)
    assert [one.is_met for one in result.bars] == [False, None, False, False, None]
    assert bar_text(bar(result, "views"), PROGRAMME) == ("100,000 views in 30 days: 71,000 of 100,000 up to 2026-10-31")
    assert "3,168 of 10,000" in bar_text(bar(result, "followers"), PROGRAMME)
    assert "for DK TikTok Studio tells" in bar_text(bar(result, "country"), PROGRAMME)


def test_a_table_of_fewer_days_gives_views_at_least() -> None:
    audience = Audience(overview=by_day("2026-10-31", 7, views=2_000))
    few = bar(of(posts(views=[10]), Account("baker"), audience), "views")
    assert (few.value, few.is_met, few.is_least) == (14_000, None, True)
    audience = Audience(overview=by_day("2026-10-31", 7, views=20_000))
    assert bar(of(posts(views=[10]), Account("baker"), audience), "views").is_met


def test_the_conditions_and_the_rules_say_the_same_of_a_day_that_is_there_twice() -> None:
    overview, followers = by_day("2026-10-31", 30, views=3_400), by_day("2026-10-31", 2, followers=10_100)
    again = pd.DataFrame({"date": overview["date"].iloc[-1:], "views": [2_000], "followers": [9_900]})
    audience = Audience(
        overview=pd.concat([overview, again], ignore_index=True).drop(columns="followers"),
        followers=pd.concat([followers, again], ignore_index=True).drop(columns="views").assign(change=1),
    )
    table = posts(views=[10], account=["baker"])
    result = of(table, Account("baker"), audience)
    context = Context((Account("baker", goals=("rewards",)),), {"baker": audience})
    rules = [rule for rule in load_rules([rulebook()]) if rule.code in {"G005", "G006"}]
    followers_rule, views_rule = evaluate(rules, table, context)
    assert (bar(result, "followers").value, followers_rule.outcome.value) == (9_900, [9_900])
    assert (bar(result, "views").value, views_rule.outcome.value) == (100_600, [100_600])
    assert [bar(result, name).is_met for name in ("followers", "views")] == [False, True]
    assert [NAMES[rule.status[0]] for rule in (followers_rule, views_rule)] == ["fail", "pass"]


def test_without_a_table_views_are_at_least_those_of_the_posts_of_the_last_days() -> None:
    table = posts(
        views=[500, 70_000],
        posted_at=pd.to_datetime(["2026-10-20", "2026-08-01"], utc=True).tolist(),
        metrics_at=pd.to_datetime(["2026-11-01"] * 2, utc=True).tolist(),
    )
    result = of(table, Account("baker"))
    views = bar(result, "views")
    assert (views.value, views.is_met, views.is_least) == (500, None, True)
    assert "at least 500 of 100,000" in bar_text(views, PROGRAMME)


def test_nothing_known_is_nothing_not_met() -> None:
    result = of(posts(views=[None]), Account("baker"))
    assert {one.is_met for one in result.bars} == {None}
    assert list(result.counting()) == []
    assert result.unknown_length == 1
    assert "Of 1 post the length is not known: it may count too." in list(views_texts(result, posts(views=[None])))


def test_the_posts_that_count_most_come_first_and_those_of_which_it_is_not_known_last() -> None:
    shares = {"traffic_for_you": [None, 0.5, 0.9, None], "retention_5s": [0.5, 0.5, 0.5, 0.5]}
    result = of(posts(views=[10, 100, 100, 90], duration_s=[60.0] * 4, **shares), Account("baker"))
    assert [one.row for one in result.counting()] == [2, 1, 3, 0]
    assert result.measured == 2
    assert result.total("qualified") == pytest.approx(70)


def test_every_post_that_may_count_is_in_json_and_the_sum_says_that_it_is_at_most() -> None:
    table = posts(
        views=[1_000, 5_000, 9_000],
        duration_s=[70.0, 80.0, 20.0],
        traffic_for_you=[0.8, None, 0.9],
        retention_5s=[0.5, None, 0.9],
    )
    result = of(table, Account("baker"))
    facts = rewards_facts(result, table)
    assert [one["post_id"] for one in facts["counting"]] == ["p0", "p1"]
    assert [one["at_most"] for one in facts["counting"]] == [pytest.approx(400), None]
    assert facts["qualified_views"]["posts"] == 1
    text = " ".join(views_texts(result, table))
    assert "2 of your 3 posts may count" in text
    assert "At most about 400 qualified views on 1 of them" in text
    assert "What a view earns is not public" in text


def test_the_conditions_are_those_of_the_rules_for_the_goal() -> None:
    limits = {
        rule.code: rule.params.all_values for rule in load_rules([rulebook()]) if rule.code in {"G002", "G005", "G006"}
    }
    assert limits["G002"]["min"] == PROGRAMME.least_length_s
    assert limits["G005"]["min"] == PROGRAMME.followers
    assert limits["G006"]["min"] == PROGRAMME.views


def test_it_is_in_the_whole_page_of_who_is_after_it(coach: Coach, bakery: Path) -> None:
    heading = "Creator Rewards: 3 of 5 conditions not met"
    assert heading not in coach("audit", bakery, "--full").out
    assert heading in coach("audit", bakery, "--full", "--goal", "rewards").out
    assert coach("audit", bakery, "--show", "rewards").out.count("\n") <= 16
