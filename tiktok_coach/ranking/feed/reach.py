"""The reach of posts over many runs of a feed: a distribution, not a forecast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.core.translation import N_, _
from tiktok_coach.ranking.feed.calibration import Check, Levels, in_views
from tiktok_coach.ranking.feed.simulation import Feed

VIEWS, SHARE = "views", N_("share of viewers")


@dataclass(frozen=True)
class Reach:
    """Reach of each post over all runs.

    `table` has median, low and high (90%), their unit (views, or the share of viewers where an account has too few
    posts) and for_you_share; `stages` the chance to pass each stage; `why` says what ended it.
    """

    table: pd.DataFrame
    stages: pd.DataFrame
    why: list[str]
    checks: tuple[Check, ...] = ()


def run_feed(
    feed: Feed,
    runs: int,
    eligible: np.ndarray,
    account: np.ndarray,
    levels: Levels,
    rng: np.random.Generator,
    progress: Callable[[int], None] = lambda _: None,
) -> Reach:
    """Run the feed `runs` times; posts that are not eligible reach followers alone."""
    count = len(eligible)
    reached, followers, views = (np.zeros((runs, count)) for _ in range(3))
    passed = np.zeros((levels.holds.shape[1], count))
    holds = levels.holds[account]
    for number in range(runs):
        run = next(feed.runs(rng))
        passed_in_run = run.passed(holds, eligible)
        reached[number] = run.viewer_count(passed_in_run, eligible)
        followers[number] = run.followers
        views[number] = in_views(levels, run, passed_in_run, eligible, account, rng)
        passed += passed_in_run.T
        progress(number + 1)
    everyone, passed = reached + followers, passed / runs
    counted = ~np.isnan(views).any(axis=0)
    low, median, high = np.quantile(np.where(counted, views, everyone / feed.count), [0.05, 0.5, 0.95], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(everyone.sum(axis=0) > 0, reached.sum(axis=0) / everyone.sum(axis=0), np.nan)
    table = pd.DataFrame({"median": median, "low": low, "high": high, "for_you_share": share})
    table["unit"] = np.where(counted, VIEWS, SHARE)
    stages = pd.DataFrame(passed.T, columns=[f"beyond_{n}" for n in range(1, len(passed) + 1)])
    return Reach(
        table, stages, [_why(passed[:, post], bool(eligible[post])) for post in range(count)], tuple(levels.checks)
    )


def _why(passed: np.ndarray, eligible: bool) -> str:  # noqa: FBT001 - said of one post
    """Where most runs end, in words."""
    if not eligible:
        return _("never recommended: seen in Following alone")
    stopped = -np.diff(np.concatenate([[1.0], passed[:-1], [0.0]]))
    stage = int(np.argmax(stopped)) + 1
    if stage == len(passed):
        return _("held up through every pool in {stopped:.0%} of runs", stopped=stopped[-1])
    terms = {"stopped": stopped[stage - 1], "stage": stage}
    return _("most often ({stopped:.0%} of runs) did not hold what pool {stage} asks", **terms)


def summary(reach: Reach, row: int) -> Mapping[str, object]:
    """One post's reach as JSON shows it."""
    row_of_post = reach.table.iloc[row]
    share = row_of_post["for_you_share"]
    return {
        "unit": str(row_of_post["unit"]),
        "median": float(row_of_post["median"]),
        "interval": [float(row_of_post["low"]), float(row_of_post["high"])],
        "for_you_share": None if np.isnan(share) else float(share),
        "beyond_stage": [float(p) for p in reach.stages.iloc[row]],
        "why": reach.why[row],
    }
