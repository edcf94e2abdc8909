"""Views expected of planned posts, as an editor asks for them: the same as a simulation beside the history says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np

from tests.editor.calendar import calendar
from tests.writing import read
from tiktok_coach.analysis.planned_views import planned_views
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import AnalysisOptions, resolve_settings
from tiktok_coach.analysis.simulate import Question, simulate_account
from tiktok_coach.core.account import Account
from tiktok_coach.core.facts import facts_from_frame

NOW = dt.datetime(2026, 11, 28, 9, tzinfo=dt.UTC)


def test_they_are_those_of_a_simulation(bakery: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(calendar(9), "utf-8")
    settings = resolve_settings(AnalysisOptions(now=NOW, inputs=(plan,)))
    history = read(bakery, timezone="Europe/Copenhagen")
    planned = Analysis.load((plan,), settings, with_planned=True)
    expected = simulate_account(planned, Question(viewers=0), history).expected
    own = planned_views(history, facts_from_frame(planned.export.posts), planned.export.accounts)
    assert list(own) == list(range(9))
    for name in ("views", "low", "high", "posts"):
        values = np.array([getattr(one, name) for one in own.values()])
        assert np.allclose(values, expected[name].to_numpy(dtype="float64")), name


def test_an_account_of_no_published_post_lets_expect_nothing(bakery: Path) -> None:
    history = read(bakery, timezone="Europe/Copenhagen")
    planned = facts_from_frame(history.posts.head(3).assign(account="somebody", status="planned"))
    assert planned_views(history, planned, (Account(handle="somebody"),)) == {}
