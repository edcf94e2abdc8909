"""Checks over posts, days and accounts; scores over what is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kruskal

from tiktok_coach.core import arrays
from tiktok_coach.core.account import Account, Audience
from tiktok_coach.core.notices import IN_FULL_LIST
from tiktok_coach.core.schema import conform
from tiktok_coach.rules.checks.active_hours import hours_differ, spans
from tiktok_coach.rules.evaluate import Evaluation, evaluate
from tiktok_coach.rules.examples import example_posts
from tiktok_coach.rules.findings import findings, opportunities, post_scores, tip_scores
from tiktok_coach.rules.kind import NAMES
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.rules.subjects import Context, no_hours

RULES = {r.code: r for r in load_rules([rulebook()])}
COPENHAGEN = Account(handle="baker", timezone="Europe/Copenhagen", country="DK")


def run(code: str, posts: pd.DataFrame, context: Context | None = None) -> Evaluation:
    [evaluation] = evaluate([RULES[code]], posts, context or Context())
    return evaluation


def answers(code: str, posts: pd.DataFrame, context: Context | None = None) -> list[str]:
    return [NAMES[s] for s in run(code, posts, context).status]


def test_a_caption_of_76_emoji_is_counted_in_utf16_units() -> None:
    posts = example_posts([{"caption": "🍞" * 75}, {"caption": "🍞" * 76}])
    assert answers("T401", posts) == ["pass", "fail"]
    [finding] = findings(run("T401", posts), [1])
    assert finding["message"] == "caption has 152 characters; only about the first 150 show"
    assert finding["fix"] == "Cut 2 characters."
    assert finding["value"] == 152
    assert finding["expected"] == {"min": 0, "max": 150, "unit": "utf16"} or finding["expected"]["max"] == 150


def test_hashtags_beside_the_caption_count_in_its_length_once() -> None:
    posts = example_posts(
        [
            {"caption": "x" * 140 + " #rye", "hashtags": "#rye"},
            {"caption": "x" * 140 + " #rye", "hashtags": "#rye #bread"},
        ]
    )
    assert answers("T401", posts) == ["pass", "fail"]


def test_hashtags_of_every_script_and_glued_ones_are_counted() -> None:
    posts = example_posts([{"caption": "#fyp#ΚορέαΟρθοδοξία #パン %23tag ＃五 #हिन्दी"}])
    assert answers("T807", posts) == ["fail"]
    assert answers("T806", posts) == ["pass"]


def test_each_account_has_its_own_clock() -> None:
    posts = example_posts([{"account": a, "posted_at": "2026-03-04T18:10:00Z"} for a in ("baker", "miller", "nobody")])
    activity = pd.DataFrame({"hour": range(24), "active_followers": [50 if 19 <= h <= 21 else h for h in range(24)]})
    context = Context(
        (COPENHAGEN, Account(handle="miller", timezone="America/New_York"), Account(handle="nobody")),
        {"baker": Audience(activity=activity), "miller": Audience(activity=activity)},
    )
    assert answers("T601", posts, context) == ["pass", "fail", "unknown"]
    told = [f["message"] for f in findings(run("T601", posts, context), [0, 1, 2])]
    assert told[0] == "19:10 is an hour when your audience is active (by your followers' activity)"
    assert told[2].startswith("not known; FollowerActivity.csv")


def test_without_activity_the_accounts_own_results_tell_the_hours() -> None:
    rows = [
        {"posted_at": f"2026-03-{day:02d}T{hour:02d}:10:00Z", "views": 1000 if hour in {17, 18} else 10}
        for day in range(1, 6)
        for hour in range(7, 20)
    ]
    posts = example_posts(rows)
    context = Context((Account(timezone="UTC"),), best_hours=lambda *_: [18, 17])
    evaluation = run("T601", posts, context)
    assert evaluation.status.max() <= 1
    message = "07:10 is outside the hours when your audience is most active: 17-19 (by the views of your posts)"
    assert next(findings(evaluation, [1]))["message"] == message
    assert set(answers("T601", posts, replace(context, best_hours=no_hours))) == {"unknown"}
    assert set(answers("T601", posts.head(20), context)) == {"unknown"}
    assert set(answers("T601", posts.drop(columns="views"), context)) == {"unknown"}
    few_hours = posts[posts["posted_at"].dt.hour.isin([17, 18])]
    assert set(answers("T601", pd.concat([few_hours] * 5, ignore_index=True), context)) == {"unknown"}


def test_hours_are_not_named_from_noise() -> None:
    verdicts = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        views = [np.round(np.exp(rng.normal(7, 1, size))) for size in rng.integers(3, 9, 10)]
        verdicts.append(hours_differ(views))
        assert verdicts[-1] == (kruskal(*views).pvalue <= 0.05)
    assert np.mean(verdicts) < 0.08
    assert not hours_differ([np.full(4, 7.0)] * 10)
    rows = [
        {"posted_at": f"2026-03-{1 + n // 9:02d}T{7 + n % 9:02d}:10:00Z", "views": int(1000 * rng.random())}
        for n in range(81)
    ]
    context = Context((Account(timezone="UTC"),), best_hours=lambda *_: [18, 17])
    assert set(answers("T601", example_posts(rows), context)) == {"unknown"}


def test_spans_of_hours() -> None:
    assert spans([0, 1, 2, 23]) == "00-03, 23-24"


def test_posts_a_day_are_counted_on_the_accounts_calendar_without_cut_days() -> None:
    moments = [
        "2026-03-01T10:00:00Z",
        *[f"2026-03-02T{h}:30:00Z" for h in (19, 20, 21, 22, 23)],
        "2026-03-05T10:00:00Z",
    ]
    posts = example_posts([{"posted_at": m, "account": "baker"} for m in moments])
    evaluation = run("T603", posts, Context((COPENHAGEN,)))
    assert evaluation.subjects.labels.to_pylist() == ["2026-03-02", "2026-03-03", "2026-03-04"]
    assert evaluation.subjects.column_or_null("posts").tolist() == [4.0, 1.0, 0.0]
    assert [NAMES[s] for s in evaluation.status] == ["pass", "pass", "fail"]
    assert next(findings(evaluation, [1]))["subject"] == "2026-03-04"


def test_posts_a_day_are_unknown_from_a_top_list_alone() -> None:
    posts = example_posts([{"posted_at": f"2026-03-0{d}"} for d in (1, 2, 3)])
    utc = Context((Account(timezone="UTC"),))
    assert answers("T602", posts, utc) == ["pass"]
    for in_full_list, status in ((False, "unknown"), (True, "pass")):
        assert answers("T602", posts.assign(**{IN_FULL_LIST: in_full_list}), utc) == [status]


def test_a_distance_is_said_from_when_the_post_before_goes_out_on_its_accounts_clock() -> None:
    rows = [
        {"post_id": "plan-1", "status": "planned", "account": "baker", "posted_at": f"2026-12-0{day}T{hour}:00:00Z"}
        for day, hour in ((1, "23"), (8, "17"), (8, "18"))
    ]

    def messages(code: str, *accounts: Account) -> list[str]:
        return [f["message"] for f in findings(run(code, example_posts(rows), Context(accounts)), [1])]

    gap, close = "6.8 days after {}; leave no more than 3", "only 1 hour after {}; leave at least 2"
    assert messages("T605", COPENHAGEN) == [gap.format("the post of 2026-12-02")]
    assert messages("T604", COPENHAGEN) == [close.format("the post of 2026-12-08 18:00")]
    # Without a timezone it is that of Greenwich, as everywhere.
    assert messages("T605") == [gap.format("the post of 2026-12-01")]


@pytest.mark.parametrize(
    ("code", "seconds", "message"),
    [
        ("T605", 3 * 86_400 + 1_500, "3.1 days after the post of 2026-12-01; leave no more than 3"),
        ("T605", 3 * 86_400 + 1, "3.1 days after the post of 2026-12-01; leave no more than 3"),
        ("T605", 5 * 86_400 + 22_000, "5.3 days after the post of 2026-12-01; leave no more than 3"),
        ("T604", 7_199, "only 1.9 hours after the post of 2026-12-01 10:00; leave at least 2"),
        ("T604", 3_960, "only 1.1 hours after the post of 2026-12-01 10:00; leave at least 2"),
    ],
)
def test_a_distance_beyond_the_bound_is_said_as_one(code: str, seconds: int, message: str) -> None:
    first = pd.Timestamp("2026-12-01T10:00:00Z")
    times = (first, first + pd.Timedelta(seconds=seconds))
    posts = example_posts([{"status": "planned", "posted_at": time.isoformat()} for time in times])
    assert [f["message"] for f in findings(run(code, posts, Context((Account(timezone="UTC"),))), [1])] == [message]


@pytest.mark.parametrize(
    ("now", "gap", "days"),
    [
        # Three days and less since the newest published post: the gap and its days are known.
        ("2026-11-03", ["fail", "fail"], ["pass", "unknown", "unknown", "fail", "fail", "pass"]),
        ("2026-11-05", ["unknown", "fail"], ["pass", "unknown", "unknown", "unknown", "unknown", "pass"]),
    ],
)
def test_what_went_out_since_an_old_export_is_not_known(now: str, gap: list[str], days: list[str]) -> None:
    rows = [{"status": "published", "posted_at": f"2026-10-{day}T10:00:00Z"} for day in (30, 31)]
    rows += [{"status": "planned", "posted_at": f"2026-11-{day}T10:00:00Z"} for day in ("05", "12")]
    moment = pd.Timestamp(now, tz="UTC").to_pydatetime()
    context = Context((Account(timezone="UTC"),), now=moment)
    # The second planned post has the first one before it, of which all is known.
    assert answers("T605", example_posts(rows), context)[2:] == gap
    assert answers("T603", example_posts(rows), context)[: len(days)] == days
    assert answers("T605", example_posts(rows))[2:] == ["fail", "fail"]


def test_the_first_of_two_equal_posts_passes_whatever_the_order_of_rows() -> None:
    rows = [
        {"post_id": "late", "video_file": "A.mp4", "posted_at": "2026-03-02"},
        {"post_id": "early", "video_file": " a.mp4", "posted_at": "2026-03-01"},
    ]
    for order in (rows, rows[::-1]):
        posts = example_posts(order)
        told = {f["post_id"]: f for f in findings(run("E001", posts), [0, 1])}
        assert told["early"]["status"] == "pass"
        assert told["late"]["message"] == "the same video as early"


@given(
    st.lists(
        st.sampled_from(
            [
                "The same recipe of rye bread",
                "the SAME recipe of rye bread ",
                "Another bread, no rye",
                "ÆBLE 🍞 with rye and rye 🍞",
            ]
        ),
        min_size=1,
        max_size=9,
    ),
    st.integers(1, 4),
)
def test_a_copy_is_found_however_far_behind_its_first(texts: list[str], at_once: int) -> None:
    posts = example_posts(
        [{"caption": t, "duration_s": 12, "posted_at": f"2026-01-{n + 1:02d}"} for n, t in enumerate(texts)]
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "TEXTS_AT_ONCE", at_once)
        found = answers("E002", posts)
    plain = [t.strip().lower() for t in texts]
    assert found == ["fail" if t in plain[:n] else "pass" for n, t in enumerate(plain)]


def test_a_rule_for_one_kind_of_post_does_not_apply_to_another() -> None:
    posts = example_posts([{"kind": "photo", "hook_s": 9}, {"link": "https://www.tiktok.com/@a/video/1", "hook_s": 9}])
    assert answers("T301", posts) == ["not_applicable", "fail"]
    assert answers("P003", posts) == ["unknown", "not_applicable"]
    told = list(findings(run("T301", posts), [3]))
    assert told[0]["message"] == "does not apply to this post"
    assert told[0]["fix"] is None


def test_the_list_of_another_time_says_nothing() -> None:
    trends = {"as_of": "2026-03-01", "hashtags": ["rye"]}
    from tiktok_coach.rules.examples import example_parts

    for day, answer in (
        ("2026-02-20", "unknown"),
        ("2026-02-23", "pass"),
        ("2026-03-15", "pass"),
        ("2026-03-16", "unknown"),
    ):
        posts, context = example_parts({"post": {"caption": "#rye", "posted_at": day}, "trends": trends})
        assert answers("T802", posts, context) == [answer], day


def test_scores_are_weighted_means_over_what_is_known() -> None:
    posts = example_posts([{"caption": "Why?", "hook_s": 1}, {"caption": "#a", "hook_s": 9}, {"hook_s": None}])
    rules = [RULES[c] for c in ("T401", "T402", "T403", "T301")]
    evaluations = evaluate(rules, posts, Context())
    three, four = tip_scores(evaluations)
    assert three.score == 50.0
    assert three.coverage == pytest.approx(2 / 3)
    # 3 of weight pass both, 2 of weight pass one of two, 2 of weight pass one of two.
    assert four.score == pytest.approx(100 * (3 * 1 + 2 * 0.5 + 2 * 0.5) / 7)
    assert four.counts == {"pass": 4, "fail": 2, "unknown": 3, "not_applicable": 0}
    each = post_scores(evaluations, 3)
    assert each["score"].tolist()[:2] == [100.0, pytest.approx(100 * 3 / 10)]
    assert np.isnan(each["score"].iloc[2])
    assert each["coverage"].tolist() == [1.0, 1.0, 0.0]
    assert each["failed"].tolist() == [0, 3, 0]


def test_the_most_valuable_change_comes_first() -> None:
    posts = example_posts([{"caption": "x" * 200, "hook_s": 1, "comments": 0}])
    changes = opportunities(evaluate([RULES[c] for c in ("T401", "T403", "T406", "T301")], posts, Context()))
    assert [c.evaluation.code for c in changes] == ["T401", "T403", "T406"]
    assert changes[0].gain == pytest.approx(100 * 3 / 6)


def test_nothing_known_is_no_score() -> None:
    [tip] = tip_scores(evaluate([RULES["T301"]], example_posts([{"views": 1}]), Context()))
    assert tip.score is None
    assert tip.coverage == 0.0
    assert opportunities(evaluate([RULES["T301"]], example_posts([{"views": 1}]), Context())) == []


POST = st.fixed_dictionaries(
    {},
    optional={
        "caption": st.text(max_size=200),
        "hook_s": st.floats(0, 60),
        "duration_s": st.floats(0, 600),
        "views": st.integers(0, 10**9),
        "comments": st.integers(0, 50),
        "replied_comments": st.integers(0, 50),
        "kind": st.sampled_from(["original", "duet", "photo"]),
        "intro": st.booleans(),
        "video_file": st.sampled_from(["a", "b"]),
        "posted_at": st.sampled_from(["2026-03-01", "2026-03-02T10:00:00Z"]),
    },
)


@settings(max_examples=40, deadline=None)
@given(st.lists(POST, min_size=1, max_size=6), st.randoms())
def test_every_rule_gives_one_of_four_answers_whatever_the_order_of_posts(
    rows: list[dict[str, object]], random: object
) -> None:
    posts = example_posts([{**row, "post_id": f"p{n}"} for n, row in enumerate(rows)])
    shuffled = posts.sample(frac=1, random_state=random.randrange(2**32)).reset_index(drop=True)  # type: ignore[attr-defined]
    context = Context((Account(timezone="UTC"),))
    rules = list(RULES.values())
    for one, other in zip(evaluate(rules, posts, context), evaluate(rules, shuffled, context), strict=True):
        assert set(one.status.tolist()) <= {0, 1, 2, 3}
        if one.compiled.rule.scope == "post" and one.code not in {"E001", "E002"}:
            mine = dict(zip(one.subjects.labels.to_pylist(), one.status, strict=True))
            theirs = dict(zip(other.subjects.labels.to_pylist(), other.status, strict=True))
            assert mine == theirs
        else:
            assert sorted(one.status) == sorted(other.status)


@settings(max_examples=30, deadline=None)
@given(st.lists(POST, min_size=1, max_size=4))
def test_a_missing_fact_never_makes_a_post_pass_or_fail(rows: list[dict[str, object]]) -> None:
    posts = example_posts(rows)
    for code, field in (("T301", "hook_s"), ("T504", "duration_s"), ("T302", "intro"), ("T806", "caption")):
        for row, status in zip(rows, run(code, posts).status, strict=True):
            if field not in row:
                assert NAMES[status] in {"unknown", "not_applicable"}


def test_conform_leaves_out_wholly_missing_columns_and_keeps_types() -> None:
    posts = conform(pd.DataFrame({"views": [1, None], "post_id": ["a", "b"], "bpm": [None, None]}))
    assert list(posts.columns) == ["post_id", "views"]
    assert str(posts["views"].dtype) == "Int64"


def test_the_rulebook_is_found_beside_the_package() -> None:
    assert (rulebook() / "platform.yaml").is_file()
    assert isinstance(rulebook(), Path)


@pytest.mark.parametrize(("status", "hour"), [("planned", "19:00"), ("published", "07:00")])
def test_a_planned_post_takes_the_active_hour_at_which_own_posts_clearly_did_better(status: str, hour: str) -> None:
    active = [7, 8, 12, 16, 17, 18, 19, 20]
    activity = pd.DataFrame({"hour": range(24), "active_followers": [90 if h in active else 3 for h in range(24)]})

    def own_hours(handle: str | None, least: int, posts: int) -> list[int]:
        assert (handle, least, posts) == ("baker", 0, 0)
        # The first one is clearly better, and none of the followers' hours.
        return [22, 19]

    audiences = {"baker": Audience(activity=activity)}
    context = Context((Account(handle="baker", timezone="UTC"),), audiences, best_hours=own_hours)
    rows = [{"status": status, "account": "baker", "posted_at": "2026-12-01T03:10:00Z"}]
    [finding] = findings(run("T601", example_posts(rows), context), [1])
    assert finding["fix"].startswith(f"Post at {hour}, ")
