"""What must hold of a score, whatever the values assumed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ranking.worlds import CATALOGUE, REFERENCE, account
from tiktok_coach.core.schema import conform
from tiktok_coach.ranking.baseline import ENOUGH_POSTS, fit_baseline
from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.ranking.ranks import rank_posts, rank_stability, weightings
from tiktok_coach.ranking.scoring import LEAST_KNOWN, score, weights
from tiktok_coach.rules.load import rulebook

VALUES = CATALOGUE.values()


def post(**facts: object) -> pd.DataFrame:
    return posts_of(facts)


def posts_of(*rows: Mapping[str, object]) -> pd.DataFrame:
    return conform(pd.DataFrame([{"post_id": f"p{number}", **row} for number, row in enumerate(rows)]))


def points(posts: pd.DataFrame) -> np.ndarray:
    return score(posts, CATALOGUE, REFERENCE).table["signal_score"].to_numpy()


COUNTS = st.fixed_dictionaries(
    {"views": st.integers(1, 10**7), "duration_s": st.floats(3, 600)},
    optional={
        "likes": st.integers(0, 10**6),
        "comments": st.integers(0, 10**5),
        "shares": st.integers(0, 10**5),
        "saves": st.integers(0, 10**5),
        "completion_rate": st.floats(0, 1),
        "average_watch_time_s": st.floats(0, 600),
        "not_interested": st.integers(0, 1000),
        "reports": st.integers(0, 1000),
    },
)


@settings(max_examples=40, deadline=None)
@given(COUNTS, st.sampled_from(["likes", "comments", "shares", "saves"]), st.integers(1, 1000))
def test_more_of_a_good_action_at_equal_views_never_lowers_a_score(
    facts: dict[str, float], action: str, more: int
) -> None:
    facts = {"likes": 0, "comments": 0, "shares": 0, "saves": 0, **facts}
    better = {**facts, action: facts[action] + more}
    before, after = points(posts_of(facts, better))
    assert after >= before - 1e-9


@settings(max_examples=40, deadline=None)
@given(COUNTS, st.sampled_from(["not_interested", "reports"]), st.integers(1, 1000))
def test_more_of_a_bad_action_never_raises_a_score(facts: dict[str, float], action: str, more: int) -> None:
    facts = {"not_interested": 0, "reports": 0, **facts}
    worse = {**facts, action: facts[action] + more}
    before, after = points(posts_of(facts, worse))
    assert after <= before + 1e-9


@settings(max_examples=40, deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_contributions_add_up_and_the_order_of_posts_does_not_matter(
    rows: list[dict[str, float]], random: object
) -> None:
    posts = posts_of(*rows)
    found = score(posts, CATALOGUE, REFERENCE)
    sums = found.contributions.sum(axis=1, skipna=False)
    assert np.allclose(sums, found.table["signal_score"], atol=1e-9, rtol=0, equal_nan=True)
    scored = found.table.dropna(subset="signal_score")
    assert (scored["low"] <= scored["signal_score"] + 1e-6).all()
    assert (scored["signal_score"] <= scored["high"] + 1e-6).all()
    order = random.sample(range(len(posts)), len(posts))  # type: ignore[attr-defined]
    again = score(posts.iloc[order], CATALOGUE, REFERENCE).table
    pd.testing.assert_frame_equal(again.sort_index(), found.table, check_exact=False, atol=1e-9)
    rng = (np.random.default_rng(1), np.random.default_rng(1))
    mixed = score(posts.iloc[order], CATALOGUE, REFERENCE)
    masks = [one.table["signal_score"].notna().to_numpy() for one in (found, mixed)]
    first = rank_stability(found.ratios, masks[0], CATALOGUE, rng[0])
    second = rank_stability(mixed.ratios, masks[1], CATALOGUE, rng[1])
    assert np.array_equal(second["rank_stability"], first["rank_stability"].iloc[order], equal_nan=True)
    account = np.zeros(len(posts), dtype=np.int64)
    ranked, other = (rank_posts(s.table, account, mask) for s, mask in zip((found, mixed), masks, strict=True))
    for name in ("rank", "rank_low", "rank_high", "better_than"):
        assert np.array_equal(
            other[name].to_numpy(dtype="float64", na_value=np.nan),
            ranked[name].iloc[order].to_numpy(dtype="float64", na_value=np.nan),
            equal_nan=True,
        )
    assert (ranked["rank_low"] <= ranked["rank_high"]).all()
    assert (scored["possible_low"] <= scored["low"]).all()
    assert (scored["high"] <= scored["possible_high"]).all()


def test_three_likes_of_ten_views_do_not_beat_two_thousand_of_ten_thousand() -> None:
    few = points(post(views=10, likes=3, comments=0, duration_s=15))
    many = points(post(views=10_000, likes=2000, comments=50, duration_s=15))
    assert few[0] < many[0]


def test_a_planned_post_of_which_nothing_is_known_is_neutral_and_wide() -> None:
    table = score(post(caption="x", status="planned"), CATALOGUE, REFERENCE).table
    assert table["signal_score"].tolist() == pytest.approx([50.0])
    assert table["coverage"].tolist() == [0.0]
    assert table["high"].iloc[0] - table["low"].iloc[0] > 40


@pytest.mark.parametrize("counts", [{}, {"views": 5000}, {"views": 5000, "likes": 300}])
def test_a_published_post_of_which_too_little_is_known_has_no_score(counts: dict[str, int]) -> None:
    found = score(post(caption="x", **counts), CATALOGUE, REFERENCE)
    assert (found.table["coverage"] < LEAST_KNOWN).all()
    assert found.table[["signal_score", "low", "high", "possible_low", "possible_high"]].isna().all(axis=None)
    assert found.contributions.isna().all(axis=None)


def test_a_plain_list_has_a_score_and_a_band_that_says_how_little_it_knows() -> None:
    plain = {"views": 5000, "likes": 300, "comments": 25, "shares": 25, "duration_s": 15}
    known = {"saves": 40, "completion_rate": 0.35, "average_watch_time_s": 4.05, "not_interested": 10, "reports": 0}
    table = score(posts_of(plain, {**plain, **known}), CATALOGUE, REFERENCE).table
    few, many = (table["possible_high"] - table["possible_low"]).tolist()
    assert few > 2 * many


def test_intervals_shrink_as_views_grow() -> None:
    widths = []
    for views in (10, 100, 1000, 10_000, 100_000):
        usual = {a: rates[0] for a, (rates, *_) in REFERENCE.expected_rates(post(views=views, duration_s=15)).items()}
        facts = {
            c: round(usual[a] * views)
            for a, (_, c) in CATALOGUE.measured().items()
            if a not in {"completion", "playtime"}
        }
        table = score(
            post(
                views=views,
                duration_s=15,
                completion_rate=usual["completion"],
                average_watch_time_s=usual["playtime"] * 15,
                **facts,
            ),
            CATALOGUE,
            REFERENCE,
        ).table
        widths.append(table["high"].iloc[0] - table["low"].iloc[0])
    assert widths == sorted(widths, reverse=True)


def test_the_end_of_a_longer_video_counts_more_than_that_of_a_shorter_and_than_a_shared_country() -> None:
    long, short = (
        score(post(views=5000, duration_s=s, completion_rate=0.9), CATALOGUE, REFERENCE) for s in (60.0, 12.0)
    )
    assert long.contributions["S108"].iloc[0] > short.contributions["S108"].iloc[0] > 0
    assert VALUES["completion"] > VALUES["country"]
    for action in ("like", "comment", "share", "save", "completion"):
        assert VALUES[action] > max(VALUES[a] for a in ("language", "country", "device", "category"))


def test_what_is_never_recommended_scores_nothing_and_says_why() -> None:
    posts = posts_of(*2 * [{"views": 10_000, "likes": 2000, "comments": 40}])
    found = score(posts, CATALOGUE, REFERENCE, {"X401": np.array([False, True]), "X403": np.array([False, True])})
    assert found.table["signal_score"].tolist()[1] == 0
    assert found.table["eligible"].tolist() == [True, False]
    assert found.table["reasons"].tolist() == ["", "X401; X403"]
    assert np.allclose(found.contributions.sum(axis=1), found.table["signal_score"], atol=1e-9)


@pytest.mark.slow
def test_intervals_cover_the_truth_of_hundreds_of_accounts_and_scores_rank_better_than_raw_engagement() -> None:
    rng = np.random.default_rng(20)
    inside, ours, raw = [], [], []
    for number in range(240):
        posts, truth = account(rng, 40 if number % 4 == 0 else 8)
        table = score(posts, CATALOGUE, fit_baseline(posts, CATALOGUE)).table
        inside.append(float(((table["low"] <= truth) & (truth <= table["high"])).mean()))
        real = pd.Series(truth).rank()
        ours.append(float(np.corrcoef(real, table["signal_score"].rank())[0, 1]))
        engagement = (posts["likes"] + posts["comments"] + posts["shares"] + posts["saves"]).astype(float) / posts[
            "views"
        ].astype(float)
        raw.append(float(np.corrcoef(real, engagement.rank())[0, 1]))
    assert 0.87 <= float(np.mean(inside)) <= 0.93
    assert float(np.nanmean(ours)) > float(np.nanmean(raw)) + 0.3


def test_an_accounts_own_curve_is_found_and_few_posts_keep_the_assumed_one() -> None:
    posts, _ = account(np.random.default_rng(3), 400)
    steep = REFERENCE.curves["like"].model_copy(update={"rate": 0.12, "reach": -0.2})
    from tiktok_coach.ranking.baseline import Baseline

    posts, _ = account(np.random.default_rng(3), 400, Baseline({**REFERENCE.curves, "like": steep}))
    found = fit_baseline(posts, CATALOGUE).of_account(None)["like"]
    assert found.rate == pytest.approx(0.12, rel=0.15)
    assert found.reach == pytest.approx(-0.2, abs=0.06)
    assert found.posts == 400
    assert fit_baseline(posts.head(ENOUGH_POSTS - 1), CATALOGUE).of_account(None) == REFERENCE.curves


def test_followers_and_earlier_successes_do_not_enter_the_score_of_another_post() -> None:
    posts, _ = account(np.random.default_rng(4), 30)
    viral = conform(pd.DataFrame([{"post_id": "viral", "views": 9_000_000, "likes": 2_000_000, "duration_s": 15.0}]))
    together = conform(pd.concat([posts, viral], ignore_index=True))
    alone = points(posts)
    assert np.array_equal(points(together)[:30], alone)


def test_weightings_are_of_every_profile_and_keep_every_sign() -> None:
    rows = weightings(CATALOGUE, 50, np.random.default_rng(0))
    profiles = [profile.name for profile in CATALOGUE.signal_profiles]
    assert np.array_equal(rows[: len(profiles)], [weights(CATALOGUE, CATALOGUE.values(name)) for name in profiles])
    assert rows.shape == (50, len(CATALOGUE.measured()))
    assert (np.sign(rows) == np.sign(rows[0])).all()
    assert np.array_equal(rows, weightings(CATALOGUE, 50, np.random.default_rng(0)))


def test_a_post_that_leads_in_everything_keeps_its_place_and_a_lone_one_too() -> None:
    rows = [
        {
            "post_id": f"p{n}",
            "views": 10_000,
            "likes": 400 + 300 * n,
            "comments": 30 + 60 * n,
            "shares": 30 + 60 * n,
            "saves": 50 + 90 * n,
        }
        for n in range(3)
    ]
    found = score(conform(pd.DataFrame(rows)), CATALOGUE, REFERENCE)
    everyone = np.ones(3, dtype=bool)
    stable = rank_stability(found.ratios, everyone, CATALOGUE, np.random.default_rng(0))
    assert stable["rank_stability"].tolist() == [1.0, 1.0, 1.0]
    none = ~everyone
    assert rank_stability(found.ratios, none, CATALOGUE, np.random.default_rng(0))["rank_stability"].isna().all()
    assert rank_posts(found.table, np.zeros(3, dtype=np.int64), none)["rank_low"].isna().all()


def bands(*ends: tuple[float, float]) -> pd.DataFrame:
    low, high = np.array(ends, dtype="float64").T
    return pd.DataFrame({"signal_score": (low + high) / 2, "possible_low": low, "possible_high": high})


def test_posts_whose_bands_overlap_are_not_ranked_apart() -> None:
    everyone, account = np.ones(3, dtype=bool), np.zeros(3, dtype=np.int64)
    found = rank_posts(bands((10, 40), (12, 42), (80, 90)), account, everyone)
    assert found["rank"].tolist() == [pd.NA, pd.NA, 1]
    assert found[["rank_low", "rank_high"]].to_numpy().tolist() == [[2, 3], [2, 3], [1, 1]]
    assert found["like_previous"].tolist() == [True, False, False]
    assert found["better_than"].tolist() == [0.0, 0.0, 1.0]
    apart = rank_posts(bands((10, 40), (12, 42), (80, 90)), np.arange(3), everyone)
    assert apart["better_than"].isna().all()
    assert rank_posts(bands((1, 2), (5, 6), (3, 4)), account, everyone)["rank"].tolist() == [3, 1, 2]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted), min_size=1, max_size=12))
def test_the_ranks_of_two_posts_lie_apart_exactly_where_their_bands_do(ends: list[tuple[float, float]]) -> None:
    table = bands(*ends)
    found = rank_posts(table, np.zeros(len(ends), dtype=np.int64), np.ones(len(ends), dtype=bool))
    for one in range(len(ends)):
        assert found["rank_low"][one] - 1 == sum(low > ends[one][1] for low, _ in ends)
        for other in range(len(ends)):
            if ends[one][1] >= ends[other][0] and ends[other][1] >= ends[one][0]:
                assert found["rank_low"][one] <= found["rank_high"][other]
            elif ends[one][0] > ends[other][1]:
                assert found["rank_low"][one] < found["rank_high"][other]


def test_an_account_is_scored_together_with_others_as_it_is_apart() -> None:
    rng = np.random.default_rng(9)
    parts = []
    for number, count in enumerate((40, 60, 8, 120)):
        posts, _ = account(rng, count)
        parts.append(posts.assign(post_id=posts["post_id"] + f"-{number}", account=f"a{number}"))
    together = conform(pd.concat(parts, ignore_index=True))
    joint = score(together, CATALOGUE, fit_baseline(together, CATALOGUE)).table["signal_score"]
    pooled = score(together, CATALOGUE, fit_baseline(together, CATALOGUE, pool=True)).table["signal_score"]
    start = 0
    for part in parts:
        alone = score(part, CATALOGUE, fit_baseline(part, CATALOGUE)).table["signal_score"].to_numpy()
        rows = slice(start, start + len(part))
        assert np.abs(joint.to_numpy()[rows] - alone).max() < 0.01
        start += len(part)
    assert np.abs(joint - pooled).max() > 0.01


def test_own_values_change_scores() -> None:
    other = load_signals(rulebook(), {"like": 40.0})
    # Of a single signal a score is the same whatever its value.
    liked = post(views=10_000, likes=1000, saves=10)
    assert score(liked, other, REFERENCE).table["signal_score"].iloc[0] > points(liked)[0]
