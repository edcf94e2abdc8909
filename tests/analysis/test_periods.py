"""The posts of a period are judged; what is usual and what a change is worth is learned from all up to its end."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.analyses import settings
from tests.stats.worlds import World, accounts_of
from tiktok_coach.analysis.audit import audit_account
from tiktok_coach.analysis.evidence import evidence_of_account
from tiktok_coach.analysis.session import Analysis, by_account
from tiktok_coach.analysis.simulate import Question, simulate_account
from tiktok_coach.core.account import Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export
from tiktok_coach.stats.advice import Advice

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def export(days: list[str], accounts: tuple[str, ...] = ("baker",), **columns: object) -> Export:
    """Posts that went out at these times (UTC), by turns of these accounts."""
    count = len(days)
    table = pd.DataFrame({"post_id": [f"p{n}" for n in range(count)], "views": 1000, "likes": 50})
    table["account"] = pd.Series([accounts[n % len(accounts)] for n in range(count)], dtype="str")
    table["posted_at"] = pd.to_datetime(pd.Series(days, dtype="str"), utc=True, format="mixed")
    table = table.assign(posted_at_precision="second", metrics_at=pd.Timestamp("2026-11-01", tz="UTC"), **columns)
    return Export(conform(table), pd.DataFrame({"post_id": pd.Series(dtype="str")}), tuple(map(Account, accounts)))


def in_period(some: Export, **options: object) -> Analysis:
    its = settings()
    chosen = replace(its.options, now=NOW, **options)
    return Analysis(some, its.with_changes(options=chosen)).in_period()


def ids(analysis: Analysis) -> list[str]:
    return analysis.export.posts["post_id"].tolist()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_without_options_everything_is_studied() -> None:
    some = in_period(export(["2026-06-01", "2026-06-02"]))
    assert len(ids(some)) == 2
    assert some.history is some
    assert some.period is None


def test_days_are_the_account_s_own_and_both_ends_are_in() -> None:
    times = ["2026-05-31 21:59", "2026-05-31 22:00", "2026-06-30 21:59", "2026-06-30 22:00"]
    some = export(times)
    some = replace(some, accounts=(Account("baker", timezone="Europe/Copenhagen"),))
    assert ids(in_period(some, since=day("2026-06-01"), until=day("2026-06-30"))) == ["p1", "p2"]


def test_nothing_after_the_last_day_is_known_but_everything_before_it_is_learned_from() -> None:
    some = in_period(
        export(["2026-05-01", "2026-06-01", "2026-07-01"]), since=day("2026-06-01"), until=day("2026-06-30")
    )
    assert ids(some) == ["p1"]
    assert ids(some.history) == ["p0", "p1"]
    assert some.overview.posts.value == 1
    assert some.overview.posts.before == 1


def test_until_alone_is_the_account_as_it_was_then() -> None:
    some = in_period(export(["2026-05-01", "2026-06-01", "2026-07-01"]), until=day("2026-06-14"))
    assert ids(some) == ["p0", "p1"]
    assert some.overview.period.until == day("2026-06-14")


def test_a_period_without_posts_is_refused_and_says_of_when_they_are() -> None:
    with pytest.raises(CoachError, match="@baker: no post since 2026-07-01") as error:
        in_period(export(["2026-05-01", "2026-07-01"]), since=day("2026-08-01"), until=day("2026-08-31"))
    assert error.value.hint == "without a period the newest posts are shown"
    with pytest.raises(CoachError, match="no posts up to 2026-04-30"):
        in_period(export(["2026-05-01"]), until=day("2026-04-30"))


def test_an_account_without_posts_in_the_period_is_left_out_with_a_notice_and_the_most_active_comes_first() -> None:
    days = ["2026-06-20", "2026-01-01", "2026-01-02", "2026-06-21", "2026-01-03", "2026-06-22", "2026-06-23"]
    some = in_period(export(days, ("quiet", "miller", "baker")), since=day("2026-06-21"))
    assert [account.handle for account in some.export.accounts] == ["quiet", "baker"]
    assert [n.text for n in some.export.notices] == ["@miller has no posts then, and is left out"]
    only = in_period(export(days, ("quiet", "miller", "baker")), since=day("2026-06-22"), until=day("2026-06-22"))
    assert [account.handle for account in only.history.export.accounts] == ["baker"]


def test_posts_without_a_date_are_of_no_period_which_is_said() -> None:
    some = export(["2026-06-20", "2026-06-21"])
    posts = some.posts.assign(posted_at=some.posts["posted_at"].where([True, False]))
    result = in_period(replace(some, posts=posts), since=day("2026-06-01"))
    assert ids(result) == ["p0"]
    assert [n.text for n in result.export.notices] == ["1 post without a date is left out"]


def test_planned_posts_stay_where_no_last_day_is_given() -> None:
    some = export(["2026-06-20", "2026-12-24"], status=["published", "planned"])
    assert ids(in_period(some, last="1y")) == ["p0", "p1"]
    assert ids(in_period(some, last="1y", until=day("2026-11-30"))) == ["p0"]


def test_a_post_is_judged_beside_those_before_the_period() -> None:
    """The same caption as a post of May is a repetition in June too."""
    captions = ["Rye bread from this morning, still warm"] * 2 + ["How a sourdough is fed on Sundays"]
    some = export(["2026-05-01", "2026-06-10", "2026-06-11"], caption=captions, duration_s=14.0)
    whole, june = in_period(some), in_period(some, since=day("2026-06-01"))
    rules = [rule for rule in whole.settings.every_rule if rule.rule.scope == "post"]
    for all_, of_june in zip(whole.evaluate(rules), june.evaluate(rules), strict=True):
        assert of_june.status.tolist() == all_.status[1:].tolist(), all_.code
        assert len(of_june.subjects) == 2


def test_the_account_as_a_whole_is_judged_by_the_period_alone() -> None:
    captions = ["Rye #bread", "Rye #bread", "Rye #cake"]
    some = in_period(export(["2026-05-01", "2026-05-02", "2026-06-10"], caption=captions), since=day("2026-06-01"))
    rule = next(rule for rule in some.settings.every_rule if rule.code == "T203")
    [answer] = some.evaluate([rule])
    assert answer.subjects.column("top_hashtag_share") == [1.0]


def world(accounts: int) -> Export:
    """Accounts of 60 posts with all their counts, the newest of November."""
    posts = accounts_of(np.random.default_rng(3), [World()] * accounts)
    handles = sorted(posts["account"].unique())
    return Export(posts, posts.iloc[:0], tuple(Account(handle, timezone="UTC") for handle in handles))


def test_each_account_of_a_period_is_as_it_is_by_itself() -> None:
    whole, since = world(3), day("2026-07-01")
    result = by_account(in_period(whole, since=since), audit_account)
    assert len(result.summaries) == 3
    for summary, answer in zip(result.summaries, result.answers(result.summaries), strict=True):
        own = Analysis(whole, settings()).for_account(summary.account.handle).export
        alone = audit_account(in_period(own, since=since))
        assert answer.scores["score"].tolist() == pytest.approx(alone.scores["score"].tolist(), nan_ok=True)
        assert [c.evaluation.code for c in answer.changes] == [c.evaluation.code for c in alone.changes]
        assert [(a.id, a.failing) for a in answer.advice if isinstance(a, Advice)] == [
            (a.id, a.failing) for a in alone.advice if isinstance(a, Advice)
        ]


def test_what_a_change_is_worth_is_learned_from_all_posts_and_counted_on_the_period_s() -> None:
    rng = np.random.default_rng(5)
    days = [str(day("2026-01-01") + dt.timedelta(days=n)) for n in range(200)]
    asks = rng.random(200) < 0.5
    asks[190:] = False
    views = np.round(np.exp(rng.normal(7, 0.3, 200) + np.where(asks, 0.8, 0)))
    caption = [f"Loaf {n}{'?' if ask else '.'}" for n, ask in enumerate(asks)]
    some = export(days, caption=caption).posts.assign(views=views)
    whole = replace(export(days), posts=conform(some))
    advice = {one.id: one for one in in_period(whole, since=day(days[190])).advice}
    of_all = {one.id: one for one in in_period(whole).advice}
    assert (advice["question"].failing, advice["question"].known) == (10, 10)
    assert advice["question"].effect == of_all["question"].effect
    # An own study of the period looks at its posts alone.
    assert evidence_of_account(in_period(whole, since=day(days[190]))).posts == 10


def test_posts_are_scored_by_what_is_usual_of_the_account_before_the_period_too() -> None:
    whole = world(1)
    part = simulate_account(in_period(whole, since=day("2026-10-01")), Question(viewers=0))
    every = simulate_account(in_period(whole), Question(viewers=0)).table.set_index(whole.posts["post_id"])
    assert 0 < len(part.posts) < part.history_posts == 60
    assert part.table["signal_score"].tolist() == pytest.approx(
        every.loc[part.posts["post_id"], "signal_score"].tolist()
    )
