"""Everything is worked out once: a report evaluates every rule, builds the subjects and fits each model once."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.analyses import analysis_of
from tests.stats.worlds import World, accounts_of
from tests.writing import read
from tiktok_coach.analysis.audit import audit_account
from tiktok_coach.analysis.evidence import evidence_of_account
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.simulate import Question, simulate_account
from tiktok_coach.analysis.times import times_of_account
from tiktok_coach.core.account import Account
from tiktok_coach.io.reading import Export
from tiktok_coach.stats.account_effects import thin


def count_calls(
    monkeypatch: pytest.MonkeyPatch, module: str, name: str, calls: Counter[str], key: Callable[..., str]
) -> None:
    """Counts the calls of a function wherever it was imported to."""
    original = getattr(sys.modules[module], name)

    def counting(*args: Any, **kwargs: Any) -> Any:
        calls[key(*args, **kwargs)] += 1
        return original(*args, **kwargs)

    for other in [m for n, m in sys.modules.items() if n.startswith("tiktok_coach")]:
        if getattr(other, name, None) is original:
            monkeypatch.setattr(other, name, counting)


def studies(analysis: Analysis) -> None:
    """What a report asks of an account."""
    audit_account(analysis)
    simulate_account(analysis, Question(viewers=0))
    evidence_of_account(analysis)
    times_of_account(analysis)


def test_one_report_works_everything_out_once(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = read(bakery, timezone="Europe/Copenhagen")
    calls: Counter[str] = Counter()
    evaluated = "tiktok_coach.rules.evaluate"
    count_calls(monkeypatch, evaluated, "_evaluated", calls, lambda compiled, subjects: f"rule {compiled.code}")
    for module, name in (
        ("tiktok_coach.rules.subjects", "post_subjects"),
        ("tiktok_coach.stats.outcomes", "covariates_of"),
        ("tiktok_coach.stats.posting_times", "slot_residuals"),
        ("tiktok_coach.ranking.baseline", "fit_baseline"),
        ("tiktok_coach.ranking.outlook", "forecast"),
    ):
        count_calls(monkeypatch, module, name, calls, lambda *_, name=name, **__: name)
    count_calls(
        monkeypatch,
        "tiktok_coach.stats.account_effects",
        "fit_effects",
        calls,
        lambda outcome, at, questions, *_, **__: (
            f"effects on {outcome.name}, tips {bool(questions.tip.all())}, facts {questions.is_separate}"
        ),
    )
    count_calls(
        monkeypatch,
        "tiktok_coach.stats.posting_times",
        "fit_week",
        calls,
        lambda residuals, slot, active, rng: f"posting times, activity {active is not None}",
    )
    studies(analysis_of(export))
    assert {name: count for name, count in calls.items() if count != 1} == {}
    assert sum(name.startswith("rule ") for name in calls) > 70
    assert calls["post_subjects"] == 1
    assert calls["posting times, activity True"] == 1


def several(posts: pd.DataFrame) -> Export:
    names = sorted(posts["account"].unique())
    return Export(posts, pd.DataFrame({"post_id": posts["post_id"]}), tuple(Account(n, timezone="UTC") for n in names))


@pytest.fixture(scope="module")
def three() -> Export:
    worlds = [World(posts=60, effects={"hook": 0.5}), World(posts=40), World(posts=25)]
    return several(accounts_of(np.random.default_rng(3), worlds))


def alone(export: Export, handle: str) -> Analysis:
    posts = export.posts[export.posts["account"] == handle].reset_index(drop=True)
    accounts = tuple(a for a in export.accounts if a.handle == handle)
    return analysis_of(replace(export, posts=posts, accounts=accounts))


def test_a_slice_has_the_numbers_of_its_account_alone(three: Export) -> None:
    whole = analysis_of(three)
    for account in three.accounts:
        part, own = whole.for_account(account.handle), alone(three, str(account.handle))
        pd.testing.assert_frame_equal(part.scores, own.scores)
        pd.testing.assert_frame_equal(part.view_effects, own.view_effects)
        one, other = audit_account(part), audit_account(own)
        assert one.tips == other.tips
        assert [c.expected for c in one.changes] == [c.expected for c in other.changes]
        pd.testing.assert_frame_equal(
            evidence_of_account(part).effects, evidence_of_account(own).effects, check_dtype=False
        )


def test_a_table_of_accounts_and_the_page_of_each_evaluate_every_rule_once(
    three: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Counter[str] = Counter()
    count_calls(
        monkeypatch, "tiktok_coach.rules.evaluate", "_evaluated", calls, lambda compiled, subjects: compiled.code
    )
    whole = analysis_of(three)
    assert len(whole.summaries) == 3
    for one in whole.summaries:
        audit_account(whole.for_account(one.account.handle))
    assert set(calls.values()) == {1}


def test_every_account_tells_what_its_rules_do_however_many_posts_there_are_in_all(
    three: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond 20,000 posts every other account was left out of the table, and not of its own page."""
    import tiktok_coach.analysis.session as session

    monkeypatch.setattr(session, "thin", lambda account: thin(account, 30))
    whole = analysis_of(three)
    table = {one.account.handle: one for one in whole.summaries}
    assert set(whole.view_effects["account"].dropna()) == set(table)
    for handle, one in table.items():
        own = alone(three, str(handle))
        assert [c.evaluation.code for c in one.changes] == [c.evaluation.code for c in audit_account(own).changes]
        joint = whole.view_effects[whole.view_effects["account"] == handle].set_index("code")["estimate"]
        pd.testing.assert_series_equal(joint, own.view_effects.set_index("code")["estimate"])


def test_hours_are_told_from_the_posts_that_effects_are_told_from(
    three: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond 20,000 posts an audit fitted the week to all, in twice the time and memory."""
    import tiktok_coach.analysis.session as session

    monkeypatch.setattr(session, "thin", lambda account: thin(account, 30))
    residuals, slot = alone(three, str(three.accounts[0].handle)).slot_residuals
    assert 12 <= len(residuals) == len(slot) <= 30


def test_of_very_many_accounts_those_on_a_screen_alone_are_fitted_with_the_numbers_of_all(
    three: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tiktok_coach.analysis.session as session

    expected = [[change.expected for change in one.changes] for one in analysis_of(three).summaries]
    monkeypatch.setattr(session, "MANY_ACCOUNTS", 2)
    calls: Counter[str] = Counter()
    count_calls(monkeypatch, "tiktok_coach.stats.account_effects", "_fit", calls, lambda *of: "fit")
    summaries = analysis_of(three).summaries
    assert not calls
    assert [change.expected for change in summaries[0].changes] == expected[0]
    assert calls["fit"] == 1
    assert [[change.expected for change in one.changes] for one in summaries] == expected


def test_the_configs_values_of_signals_count_everywhere(three: Export) -> None:
    own = analysis_of(three)
    config = own.settings.config.model_copy(update={"signal_values": {"like": 20.0}})
    other = Analysis(three, replace(own.settings, config=config))
    assert not np.allclose(
        own.signal_scores.table["signal_score"], other.signal_scores.table["signal_score"], equal_nan=True
    )
    assert own.catalogue.values() != other.catalogue.values()
