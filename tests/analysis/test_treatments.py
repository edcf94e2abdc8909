"""What an experiment tries, what shows its effect, and which posts did it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.analyses import analysis_of, settings
from tiktok_coach.analysis import treatments
from tiktok_coach.analysis.experiment import analyze_experiment
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.treatments import event_treatments, find_treatment
from tiktok_coach.core.account import Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export
from tiktok_coach.media.facts import ProbeResult, Video
from tiktok_coach.rules.kind import FAIL, PASS, UNKNOWN
from tiktok_coach.stats.moments import EVENTS
from tiktok_coach.stats.trials import FOLLOW, LEAVE, calendar

RULES = settings().every_rule
ZONE = "Europe/Copenhagen"


def posts(count: int, **columns: object) -> Analysis:
    days = pd.date_range("2026-01-01T10:00:00", periods=count, tz="UTC")
    table = {"post_id": [f"p{n}" for n in range(count)], "account": "a", "posted_at": days, "views": 100.0}
    counted = {"posted_at_precision": "second", "metrics_at": pd.Timestamp("2026-11-01", tz="UTC")}
    export = Export(
        conform(pd.DataFrame({**table, **counted, **columns})), pd.DataFrame(), (Account(handle="a", timezone=ZONE),)
    )
    return analysis_of(export)


@pytest.fixture
def videos(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Gives posts, by row, videos of ten seconds with text in some of them."""

    def give(*texts: int | None) -> None:
        tracks = {row: None if n is None else (1.0,) * n + (0.0,) * (10 - n) for row, n in enumerate(texts)}
        results = {
            row: ProbeResult(Path(f"{row}.mp4"), Video(f"{row}.mp4", duration_s=10.0, text_by_second=track))
            for row, track in tracks.items()
        }
        monkeypatch.setattr(treatments, "videos_of", lambda _analysis: results)

    return give


def test_each_event_is_tried_both_ways_and_a_rule_by_its_code() -> None:
    assert len(event_treatments()) == 2 * len(EVENTS)
    pause = find_treatment(RULES, "not-pause")
    assert (pause.do, pause.has, pause.rules) == ("Cut out pauses", False, [])
    assert find_treatment(RULES, "pause").do == "Leave pauses in your speech"
    assert find_treatment(RULES, "T301").rules != []


def test_what_is_neither_is_refused_with_names_of_both() -> None:
    with pytest.raises(CoachError, match="is no rule") as refused:
        find_treatment(RULES, "silence")
    assert "T301" in str(refused.value.hint)
    assert "not-pause" in str(refused.value.hint)


def test_completion_shows_the_effect_on_videos_where_twelve_posts_tell_it_else_views_do() -> None:
    text = find_treatment(RULES, "text")
    assert text.outcome(posts(12, completion_rate=0.4)) == "completion"
    assert text.outcome(posts(12, completion_rate=[0.4] * 11 + [np.nan])) == "views"
    assert find_treatment(RULES, "T301").outcome(posts(12, completion_rate=0.4)) == "views"


def test_videos_with_more_or_less_than_the_middle_one_did_as_planned(videos: Callable[..., None]) -> None:
    videos(0, 2, 5, 8, None)
    analysis = posts(6)
    more = [FAIL, FAIL, PASS, PASS, UNKNOWN, UNKNOWN]
    assert find_treatment(RULES, "text").status(analysis).tolist() == more
    swapped = {PASS: FAIL, FAIL: PASS, UNKNOWN: UNKNOWN}
    assert find_treatment(RULES, "not-text").status(analysis).tolist() == [swapped[one] for one in more]


def test_a_video_as_the_middle_one_tells_only_where_all_or_none_of_it_has_it(videos: Callable[..., None]) -> None:
    text = find_treatment(RULES, "text")
    videos(0, 0, 0)
    assert text.status(posts(3)).tolist() == [FAIL] * 3
    videos(10, 10, 10)
    assert text.status(posts(3)).tolist() == [PASS] * 3
    videos(1, 4, 7)
    assert text.status(posts(3)).tolist() == [FAIL, UNKNOWN, PASS]


def test_without_videos_nobody_knows_who_did_as_planned() -> None:
    assert find_treatment(RULES, "text").status(posts(2)).tolist() == [UNKNOWN, UNKNOWN]


def test_an_experiment_on_completion_is_read_by_completion() -> None:
    rng = np.random.default_rng(2)
    slots = calendar(28, [18], 1, dt.date(2026, 3, 1), ZONE, rng)
    arms = np.array([slot.arm for slot in slots])
    at = pd.to_datetime([slot.at for slot in slots], utc=True).as_unit("us")
    rate = 0.3 * np.exp(0.3 * (arms == FOLLOW) + rng.normal(0, 0.2, len(slots)))
    # Views would say the opposite.
    analysis = posts(len(slots), posted_at=at, completion_rate=rate, views=1000.0 * (1 + (arms == LEAVE)))
    planned = pd.DataFrame(
        {
            "post_id": [f"plan-{n}" for n in range(len(slots))],
            "posted_at": at,
            "trial_rule": "not-pause",
            "trial_arm": arms,
            "trial_pair": [slot.pair for slot in slots],
            "trial_effect": 1.3,
            "trial_spread": 0.35,
            "trial_outcome": "completion",
        }
    )
    pauses = find_treatment(RULES, "not-pause")
    read = analyze_experiment(planned, analysis, pauses, rng)
    assert read.result is not None
    assert (read.outcome, read.followed) == ("completion", None)
    assert read.result.low < np.exp(0.3) < read.result.high
    by_views = analyze_experiment(planned.drop(columns="trial_outcome"), analysis, pauses, rng)
    assert by_views.result is not None
    assert by_views.result.effect < 1
    unknown = replace(analysis.export, posts=analysis.export.posts.assign(completion_rate=np.nan))
    nothing = analyze_experiment(planned, analysis_of(unknown), pauses, rng)
    assert set(nothing.pairs["why"]) == {"a post is younger than a day, or how long it was watched is not known"}
