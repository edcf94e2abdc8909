"""Hours to post at: what the rule on active hours asks for, what `times` shows and what is drafted agree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.analyses import analysis_of, settings
from tests.stats.test_times import ZONE, posts
from tiktok_coach.analysis.good_hours import good_hours, hours_apart
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.times import times_of_account
from tiktok_coach.core.account import Account
from tiktok_coach.io.reading import Export
from tiktok_coach.linter.beside import Beside
from tiktok_coach.linter.run import LintOptions, run_lint
from tiktok_coach.rules.kind import FAIL, PASS, UNKNOWN
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.stats.posting_times import HOURS

[ACTIVE_HOURS] = [rule for rule in load_rules([rulebook()]) if rule.code == "T601"]


def account(seed: int, evening: float) -> Analysis:
    """An account with 150 posts, of which those of 18 to 20 o'clock are better by `evening` on the logarithm."""
    table = posts(np.random.default_rng(seed), 150, evening=evening, hours=(8, 10, 12, 14, 16, 17, 18, 19, 20, 21))
    return analysis_of(Export(table, pd.DataFrame({"post_id": table["post_id"]}), (Account("a", timezone=ZONE),)))


@pytest.mark.parametrize("evening", [0.0, 0.25, 0.8])
def test_the_rule_names_hours_only_where_times_calls_one_clear_and_fails_no_post_of_such_an_hour(
    evening: float,
) -> None:
    verdicts = []
    for seed in range(12):
        analysis = account(seed, evening)
        times = times_of_account(analysis)
        [answer] = analysis.evaluate([ACTIVE_HOURS])
        is_named = bool((answer.status != UNKNOWN).any())
        clear = {slot % HOURS for slot in times.best(7 * HOURS)}
        assert not is_named or times.is_clear
        hour = analysis.posts.at.hour
        assert not (np.isin(hour, list(clear)) & (answer.status == FAIL)).any()
        assert (not clear) or set(good_hours(analysis).hours) <= clear
        verdicts.append(is_named)
        if is_named:
            assert set(hour[answer.status == PASS]) >= clear & {*hour}
    assert sum(verdicts) <= 2 if evening == 0 else sum(verdicts) >= 10 * (evening > 0.5)


def test_a_plan_is_linted_by_the_hours_at_which_published_posts_clearly_did_better(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    times = "".join(f"  - {{id: p{hour}, publish_at: 2026-12-01 {hour}:00}}\n" for hour in ("03", "19"))
    plan.write_text(f"account: {{handle: a, timezone: {ZONE}}}\nposts:\n{times}", "utf-8")
    options = replace(settings().options, inputs=(plan,), select=("T601",))
    for evening, late in ((0.8, ["p03"]), (0.0, [])):
        result = run_lint(options, LintOptions(), beside=Beside(account(1, evening).export)).linted
        assert [finding.post for finding in result.findings] == late


@pytest.mark.parametrize(
    ("hours", "count", "chosen"),
    [
        ([19], 2, [19, 12]),
        ([18, 19, 20], 1, [18]),
        ([18, 19, 21], 2, [18, 21]),
        ([], 3, [18, 12, 8]),
        ([23, 1], 2, [23, 18]),
    ],
)
def test_hours_of_a_day_lie_apart_and_good_ones_come_first(hours: list[int], count: int, chosen: list[int]) -> None:
    assert hours_apart(hours, count, apart=3) == chosen
