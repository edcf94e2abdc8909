"""Two sides held against each other: what was changed is found, what only looks changed is not called so."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.analyses import analysis_of
from tests.stats.worlds import World, posts_of
from tiktok_coach.analysis.compare import compare_inputs, compare_periods, compare_with_before, weekly
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.account import Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export
from tiktok_coach.stats.effects import welch_test

HALF = dt.date(2026, 6, 1)


def export_of(posts: pd.DataFrame, handle: str = "a") -> Analysis:
    return analysis_of(Export(posts, posts.iloc[:0], (Account(handle=handle, timezone="UTC"),)))


def told(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index("what")


def test_an_account_that_does_not_change_shows_hardly_a_difference() -> None:
    called, tested = 0, 0
    for seed in range(15):
        table = compare_periods(
            export_of(posts_of(np.random.default_rng(seed), World(posts=80), "a")), HALF
        ).differences
        called, tested = called + int(table["beyond_chance"].sum()), tested + int(table["p"].notna().sum())
    assert tested > 150
    assert called / tested <= 0.03


def test_what_was_changed_is_found_with_its_size() -> None:
    posts = posts_of(np.random.default_rng(1), World(posts=200, growth=0.0), "a")
    later = (posts["posted_at"].dt.date >= HALF).to_numpy(dtype=bool)
    posts["views"] = (posts["views"] * np.where(later, 2.5, 1.0)).round().astype("Int64")
    posts["hook_s"] = np.where(later, 1.5, 6.0)
    found = told(compare_periods(export_of(posts), HALF).differences)
    assert found.loc["views", "beyond_chance"]
    assert found.loc["views", "low"] <= 2.5 <= found.loc["views", "high"]
    assert found.loc["hook", "difference"] == pytest.approx(-4.5)
    assert not found.loc["caption length", "beyond_chance"]


def test_posts_that_are_only_older_are_no_difference() -> None:
    posts = posts_of(np.random.default_rng(2), World(posts=200, growth=0.8, spread=0.4), "a")
    found = told(compare_periods(export_of(posts), HALF).differences)
    assert found.loc["views", "before"] > 1.5 * found.loc["views", "after"], "the older ones had more time"
    assert not found.loc["views", "beyond_chance"]


def test_a_fact_that_only_one_side_tells_makes_no_tip_different() -> None:
    posts = posts_of(np.random.default_rng(3), World(posts=120), "a")
    later = (posts["posted_at"].dt.date >= HALF).to_numpy(dtype=bool)
    # Only the later posts have a word on the intro, and every one has an intro.
    posts["intro"] = pd.Series(np.where(later, True, None), dtype="boolean")
    found = told(compare_periods(export_of(conform(posts)), HALF).differences)
    assert not found.loc[[what for what in found.index if what.startswith("tip 3")], "beyond_chance"].any()


def last(posts: pd.DataFrame, span: str) -> Analysis:
    """The newest posts of an account, so far back."""
    whole = export_of(posts)
    options = replace(whole.settings.options, last=span)
    return Analysis(whole.export, whole.settings.with_changes(options=options)).in_period()


def test_a_period_stands_beside_the_one_before_and_nothing_older_counts() -> None:
    posts = posts_of(np.random.default_rng(8), World(posts=200), "a")
    result = compare_with_before(last(posts, "28d"))
    assert (result.before.name, result.after.name) == ("2026-09-07 to 2026-10-04", "2026-10-05 to 2026-11-01")
    days = posts["posted_at"].dt.date
    assert result.after.posts == int((days >= dt.date(2026, 10, 5)).sum())
    assert result.before.posts == int(((days >= dt.date(2026, 9, 7)) & (days < dt.date(2026, 10, 5))).sum())


def test_of_two_short_periods_age_is_allowed_for_by_what_public_posts_show() -> None:
    """The posts before are all older; by these alone nobody could tell their age from a change."""
    clear, sizes = 0, []
    for seed in range(20):
        posts = posts_of(np.random.default_rng(seed), World(posts=200, growth=0.2, spread=0.4), "a")
        later = (posts["posted_at"].dt.date >= dt.date(2026, 10, 5)).to_numpy(dtype=bool)
        posts["views"] = (posts["views"] * np.where(later, 2.5, 1.0)).round().astype("Int64")
        views = told(compare_with_before(last(posts, "28d")).differences).loc["views"]
        clear += int(views["low"] > 1)
        sizes.append(views["difference"])
        assert views["change"] == pytest.approx(views["after"] / views["before"] - 1)
    assert np.median(sizes) == pytest.approx(2.5, rel=0.15)
    assert clear >= 18


def test_a_period_without_posts_before_it_cannot_be_compared() -> None:
    posts = posts_of(np.random.default_rng(9), World(posts=40), "a")
    with pytest.raises(CoachError, match="to compare with"):
        compare_with_before(last(posts, "2y"))


def test_two_inputs_and_their_mirror_image() -> None:
    one = export_of(posts_of(np.random.default_rng(4), World(posts=60), "ours"), "ours")
    other = export_of(posts_of(np.random.default_rng(5), World(posts=60, effects={"hook": 0.5}), "theirs"), "theirs")
    there, back = (told(compare_inputs(*pair, ["x", "y"]).differences) for pair in ((one, other), (other, one)))
    assert compare_inputs(one, other, ["x", "y"]).before.name == "@ours"
    np.testing.assert_allclose(there.loc["views", "difference"], 1 / back.loc["views", "difference"], rtol=1e-6)
    np.testing.assert_allclose(there.loc["hashtags", "difference"], -back.loc["hashtags", "difference"], atol=1e-9)
    assert there["p"].dropna().round(9).tolist() == back["p"].dropna().round(9).tolist()


@pytest.mark.parametrize("count", [2, 4])
def test_few_posts_are_said_to_be_few(count: int) -> None:
    posts = posts_of(np.random.default_rng(6), World(posts=40), "a")
    late = posts[posts["posted_at"].dt.date >= HALF].head(count)
    table = compare_periods(
        export_of(pd.concat([posts[posts["posted_at"].dt.date < HALF], late], ignore_index=True)), HALF
    ).differences
    assert not table["beyond_chance"].any()
    assert told(table).loc["views", ["difference", "low", "high"]].isna().all()


def test_a_day_that_parts_nothing_is_refused() -> None:
    with pytest.raises(CoachError, match="leaves one side without posts"):
        compare_periods(export_of(posts_of(np.random.default_rng(7), World(posts=20), "a")), dt.date(2020, 1, 1))


def test_weeks_are_counted_from_the_first_post_and_only_whole_ones() -> None:
    assert weekly(np.array([0.0, 0.5, 6.9, 7.1, 13.9, 15.0])).tolist() == [3.0, 2.0]
    assert weekly(np.array([np.nan])).tolist() == []


def test_a_side_that_hardly_varies_is_compared_without_a_word() -> None:
    same = np.full(12, 0.5) + np.arange(12) * 1e-17
    gap, low, high, p = welch_test(same, np.random.default_rng(3).normal(0.7, 0.05, 12))
    assert low < gap < high
    assert p < 0.01
    assert np.isnan(welch_test(same, same)[3])
